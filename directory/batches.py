"""Which import batches an account reads and which it carries on (rows 37 and 38 of the matrix)."""

from typing import Any

from django.db.models import QuerySet

from records.models import ImportBatch

from .access import may_audit, paths_of
from .models import Role


def batches_visible_to(user: Any) -> QuerySet[ImportBatch]:
    """The auditor reads all; staff and cataloguers those of their divisions and below, and their own."""
    if may_audit(user):
        return ImportBatch.objects.all()
    return ImportBatch.objects.within(paths_of(user, Role.STAFF, Role.CATALOGUER), user)


def batches_editable_by(user: Any) -> QuerySet[ImportBatch]:
    """Those that a cataloguer may apply, put away or revert."""
    return ImportBatch.objects.within(paths_of(user, Role.CATALOGUER), user)
