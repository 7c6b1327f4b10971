"""Changes of accounts in words, and what the trail's roles and divisions are called."""

from collections.abc import Collection, Mapping
from typing import Any

from django.utils.translation import gettext as _

from records.history import Line, Office, labels_of, shown

from .models import Grant, Region, Role


def names_of_offices(offices: Collection[Office]) -> dict[Office, str]:
    """What people call a role for a division, by the trail's words, in one query."""
    paths = {path for _role, path in offices if path}
    rows = Region.objects.filter(path__in=paths).order_by("valid_from") if paths else ()
    names = {row.path: row.name for row in rows}
    roles = {str(value): str(label) for value, label in Role.choices}
    return {
        (role, path): " · ".join(filter(None, (names.get(path, path), roles.get(role, role)))) for role, path in offices
    }


def tell_account(name: str, before: Any, after: Any) -> list[Line] | None:
    """What became of an account's roles, sessions and keys."""
    if name.startswith("grant "):
        if after is None:
            return [Line(_("role"), said=_("%(what)s taken back") % {"what": before})]
        return [Line(_("role"), said=_("%(what)s given") % {"what": _said(after)})]
    if name == "password":
        return [Line(_("password"), said=_("changed"))]
    labels = {"sessions_ended": _("sessions"), "tokens": _("API tokens"), "revoked": _("revoked")}
    return [Line(labels[name], shown(before), shown(after))] if name in labels else None


def _said(given: Mapping[str, Any]) -> str:
    """A grant as it was given: role, place, days."""
    roles, labels = {str(value): str(label) for value, label in Role.choices}, labels_of(Grant)
    parts = [roles.get(given.get("role", ""), given.get("role", "")), given.get("region"), given.get("organization")]
    days = [f"{labels[name]} {given[name]}" for name in ("starts_on", "ends_on") if given.get(name)]
    return " · ".join(filter(None, [*parts, *days]))
