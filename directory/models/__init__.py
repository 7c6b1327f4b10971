"""Who and where: accounts, divisions, organizations."""

from .accounts import ApiToken, User
from .grants import Grant
from .organizations import Organization, check_credit_code
from .policies import PolicyDocument
from .regions import Region, RegionQuerySet, full_code
from .registrations import Registration
from .roles import Role
from .searches import SavedSearch
from .second_factor import RecoveryCode, SecondFactor
from .signing import EarlierPassword, SignInTries, UserSession, idle_limit

__all__ = [
    "ApiToken",
    "EarlierPassword",
    "Grant",
    "Organization",
    "PolicyDocument",
    "RecoveryCode",
    "Region",
    "RegionQuerySet",
    "Registration",
    "Role",
    "SavedSearch",
    "SecondFactor",
    "SignInTries",
    "User",
    "UserSession",
    "check_credit_code",
    "full_code",
    "idle_limit",
]
