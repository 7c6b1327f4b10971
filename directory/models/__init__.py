"""Who and where: accounts, divisions, organizations."""

from .accounts import ApiToken, User
from .organizations import Organization
from .regions import Region, RegionQuerySet, full_code
from .signing import EarlierPassword, SignInTries, UserSession, idle_limit

__all__ = [
    "ApiToken",
    "EarlierPassword",
    "Organization",
    "Region",
    "RegionQuerySet",
    "SignInTries",
    "User",
    "UserSession",
    "full_code",
    "idle_limit",
]
