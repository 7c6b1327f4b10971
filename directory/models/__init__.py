"""Who and where: accounts, divisions, organizations."""

from .accounts import ApiToken, User
from .grants import Grant
from .organizations import Organization
from .regions import Region, RegionQuerySet, full_code
from .roles import Role
from .second_factor import RecoveryCode, SecondFactor
from .signing import EarlierPassword, SignInTries, UserSession, idle_limit

__all__ = [
    "ApiToken",
    "EarlierPassword",
    "Grant",
    "Organization",
    "RecoveryCode",
    "Region",
    "RegionQuerySet",
    "Role",
    "SecondFactor",
    "SignInTries",
    "User",
    "UserSession",
    "full_code",
    "idle_limit",
]
