"""Who may do what. Pages, API, admin, imports and commands ask here; the answer follows from grants alone.

`docs/permissions.md` holds the matrix; `tests/permissions/` walks it over every address.
"""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from django.contrib.auth.backends import ModelBackend
from django.db.models import Q
from rest_framework.permissions import SAFE_METHODS, BasePermission

from records.paths import under_any

from .models.regions import Region
from .models.roles import Role

if TYPE_CHECKING:
    from .models import Grant

CATALOGUE = ("standard", "contribution", "standardrelation", "prefix", "classification", "qualityflag")


def _may(app: str, verbs: str, names: str) -> frozenset[str]:
    """Django's names for some verbs on some models: `_may("directory", "view add", "user grant")`."""
    return frozenset(f"{app}.{verb}_{name}" for name in names.split() for verb in verbs.split())


BODIES = "organization organizationname organizationmerge industry"
# Registers of committees: what an account may do with which record, the register itself says.
COMMITTEES = (
    "committee committeemirror committeeterm committeemember committeeassessment secretariatseat"
    " compositionrule termrule gradescale grade"
)
READING = (
    _may("catalog", "view", " ".join(CATALOGUE) + " care")
    | _may("directory", "view", f"region policydocument {BODIES}")
    | _may("directory", "view", COMMITTEES)
)
# The history of what lies within one's scope; without it one sees one's own actions (row 33 of the matrix).
HISTORY = _may("records", "view", "history")
# What each role may do in the back-office (row 47 of the matrix), as Django names it.
PERMISSIONS: dict[str, frozenset[str]] = {
    Role.STAFF: READING
    | HISTORY
    | _may("directory", "add change", "organization organizationname policydocument")
    | _may("directory", "add change", COMMITTEES),
    Role.CATALOGUER: READING
    | HISTORY
    | _may("catalog", "add change", " ".join(CATALOGUE) + " care")
    | _may("records", "view", "importbatch importprofile")
    | _may("records", "change", "importprofile")
    | _may("directory", "add change", "policydocument"),
    Role.SYSTEM_ADMIN: _may("directory", "view add change", "user")
    | _may("directory", "view add delete", "apitoken")
    | _may("directory", "view", "grant organization")
    | _may("directory", "view change", "region"),
    Role.SECURITY_ADMIN: _may("directory", "view", "user region organization")
    | _may("directory", "view add change", "grant"),
    Role.AUDITOR: READING
    | _may("records", "view", "importbatch importprofile event")
    | _may("directory", "view", "user grant apitoken"),
}


class GrantBackend(ModelBackend):
    """Django's questions about permissions, answered from today's grants; `directory.signin` adds the passwords."""

    def get_all_permissions(self, user_obj, obj=None):
        return {perm for role in roles_of(user_obj) for perm in PERMISSIONS.get(role, ())}

    def has_perm(self, user_obj, perm, obj=None):
        return perm in self.get_all_permissions(user_obj)

    def has_module_perms(self, user_obj, app_label):
        return any(perm.startswith(f"{app_label}.") for perm in self.get_all_permissions(user_obj))


def grants_of(user, *roles: str) -> "list[Grant]":
    """The grants an account holds today, of some roles or of any; none for the public or a closed account."""
    if not (user and user.is_authenticated and user.is_active):
        return []
    return [grant for grant in user.current_grants if not roles or grant.role in roles]


def roles_of(user) -> set[str]:
    return {grant.role for grant in grants_of(user)}


def may_enter_back_office(user) -> bool:
    return bool(roles_of(user) & PERMISSIONS.keys())


def may_catalogue(user) -> bool:
    """Whether an account keeps the catalogue: edits standards, imports files, settles quality flags."""
    return bool(grants_of(user, Role.CATALOGUER))


def may_oversee(user) -> bool:
    """Whether an account reads what the keeping of the catalogue leaves: import batches, data-quality flags."""
    return bool(grants_of(user, Role.STAFF, Role.CATALOGUER, Role.AUDITOR))


def may_audit(user) -> bool:
    """Whether an account reads the trail, and everything else without changing it."""
    return bool(grants_of(user, Role.AUDITOR))


def may_see_registrations(user) -> bool:
    """Whether an account sees enterprises that registered themselves: staff to decide, the auditor to read."""
    return bool(grants_of(user, Role.STAFF, Role.AUDITOR))


def may_keep_accounts(user) -> bool:
    """Whether an account gives others one-time passwords and hands over their work (`User.objects.kept_by`)."""
    return any(grant.role == Role.SYSTEM_ADMIN or grant.keeps_accounts for grant in grants_of(user))


def paths_of(user, *roles: str) -> list[str]:
    """The divisions for which an account holds one of some roles, as separator paths."""
    return [grant.region.path for grant in grants_of(user, *roles) if grant.region]


def paths_above_county(user, *roles: str) -> list[str]:
    """Those of them that are a city's or a province's. The division says its level: 110101, of a city that is a province,
    stands as high as 320600."""
    grants = grants_of(user, *roles)
    return [grant.region.path for grant in grants if grant.region and grant.region.level != Region.Level.COUNTY]


def is_within(user, region: Region | None) -> bool:
    """Whether a division is one of those an account works for; what has none is everybody's."""
    return region is None or region.path.startswith(tuple(paths_of(user, Role.STAFF, Role.CATALOGUER)))


def is_kept_by(user, region: Region | None) -> bool:
    """Whether an account keeps what belongs to a division; what has none is every cataloguer's."""
    paths = tuple(paths_of(user, Role.CATALOGUER))
    return bool(paths) and (region is None or region.path.startswith(paths))


def placed_below(paths: Iterable[str], place: str) -> Q:
    """Rows whose division (`place` leads to it) lies in one of some subtrees; none without a path.

    The divisions are found once for a query; by a join each row would be asked for its path.
    """
    return Q(**{f"{place}__in": Region.objects.filter(under_any(paths, "path")).values("pk")})


class AuditorReads(BasePermission):
    """The trail's rule (rows 34 and 35 of the matrix): the auditor reads, nobody writes."""

    def has_permission(self, request, view) -> bool:
        return request.method in SAFE_METHODS and may_audit(request.user)


class ReadAllWriteCataloguer(BasePermission):
    """The API's rule: everybody reads the published catalogue, cataloguers write."""

    def has_permission(self, request, view) -> bool:
        return request.method in SAFE_METHODS or may_catalogue(request.user)
