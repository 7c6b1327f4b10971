"""Who and where: accounts, divisions, organizations."""

from .accounts import ApiToken, User
from .organizations import Organization
from .regions import Region, RegionQuerySet, full_code

__all__ = ["ApiToken", "Organization", "Region", "RegionQuerySet", "User", "full_code"]
