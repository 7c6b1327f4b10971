"""Who and where: accounts, divisions, organizations."""

from .accounts import ApiToken, User
from .grants import Grant
from .organizations import Organization, check_credit_code
from .regions import Region, RegionQuerySet, full_code
from .registrations import Registration
from .roles import Role
from .signing import EarlierPassword, SignInTries, UserSession, idle_limit

__all__ = [
    "ApiToken",
    "EarlierPassword",
    "Grant",
    "Organization",
    "Region",
    "RegionQuerySet",
    "Registration",
    "Role",
    "SignInTries",
    "User",
    "UserSession",
    "check_credit_code",
    "full_code",
    "idle_limit",
]
