"""Who and where: accounts, divisions, organizations."""

from .accounts import ApiToken, User
from .grants import Grant
from .organizations import Organization
from .regions import Region, RegionQuerySet, full_code
from .roles import Role

__all__ = ["ApiToken", "Grant", "Organization", "Region", "RegionQuerySet", "Role", "User", "full_code"]
