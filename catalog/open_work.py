"""What of a cataloguer's work is open when he leaves: previews that he has neither applied nor put away."""

from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from directory.access import may_catalogue, paths_of
from directory.handover import OpenWork, register_open_work
from directory.models import Role
from records.models import ImportBatch


def _previews() -> QuerySet:
    return ImportBatch.objects.filter(kind="standards", state=ImportBatch.State.PREVIEWED)


def _reached(rows: QuerySet, user: Any) -> QuerySet:
    """A cataloguer of the batch's division, or of one above it."""
    if not may_catalogue(user):
        return rows.none()
    return rows.filter(pk__in=ImportBatch.objects.within(paths_of(user, Role.CATALOGUER), user).values("pk"))


register_open_work(OpenWork("previews", _("previews of imports"), ImportBatch, "previewed_by", _previews, _reached))
