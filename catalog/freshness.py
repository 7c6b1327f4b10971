"""As of which day the catalogue's data stand: shown on every page and in every export."""

from datetime import date

from django.db.models import Max
from django.utils import timezone

from records.models import ImportBatch

from .models import Standard


def data_as_of() -> date:
    """The latest own day of a source that was taken over, or else of the last change made by hand."""
    applied = ImportBatch.objects.filter(kind="standards", state=ImportBatch.State.APPLIED)
    latest = applied.filter(is_example=False).aggregate(latest=Max("as_of"))["latest"]
    latest = latest or applied.aggregate(latest=Max("as_of"))["latest"]
    if latest:
        return latest
    changed = Standard.objects.aggregate(latest=Max("updated_at"))["latest"]
    return timezone.localdate(changed) if changed else timezone.localdate()
