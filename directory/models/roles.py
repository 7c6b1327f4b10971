"""What an account can be."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Role(models.TextChoices):
    """What an account can be; the names of the permission matrix (docs/permissions.md)."""

    ENTERPRISE = "enterprise", _("enterprise")
    STAFF = "staff", _("market-supervision staff")
    CATALOGUER = "cataloguer", _("cataloguer")
    SECRETARIAT = "secretariat", _("committee secretariat")
    EXPERT = "expert", _("expert")
    AUDITOR = "auditor", _("auditor")
    SYSTEM_ADMIN = "system_admin", _("system administrator")
    SECURITY_ADMIN = "security_admin", _("security administrator")


# Roles that are held for a division, and those that are held for an organization.
OF_A_DIVISION = (Role.STAFF, Role.CATALOGUER)
OF_AN_ORGANIZATION = (Role.ENTERPRISE, Role.SECRETARIAT)
# Kept apart from business and from each other (等保三级: 系统管理、安全管理、审计管理 三权分立).
ADMINISTRATIVE = (Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN, Role.AUDITOR)
# Those who work for the bureau and enter the back-office.
OFFICE = (Role.STAFF, Role.CATALOGUER, *ADMINISTRATIVE)
