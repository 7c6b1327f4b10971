"""As of which day the catalogue's data stand: shown on every page and in every export."""

from datetime import date

from django.db import connection
from django.db.models import Max
from django.utils import timezone

from .models import Standard

OF_SOURCES = "(SELECT max(as_of) FROM records_importbatch WHERE kind = 'standards' AND state = 'applied' AND is_example = {example})"
# Two steps into the index `batch_latest`; grouping would go through every batch.
LATEST = f"SELECT {OF_SOURCES.format(example='FALSE')}, {OF_SOURCES.format(example='TRUE')}"


def data_as_of() -> date:
    """The latest own day of a source that was taken over, or else of the last change made by hand."""
    # By hand, because every page asks: Django takes longer to write it than the database to answer.
    with connection.cursor() as cursor:
        cursor.execute(LATEST)
        real, example = cursor.fetchone()
    if day := real or example:
        return date.fromisoformat(day) if isinstance(day, str) else day
    changed = Standard.objects.aggregate(latest=Max("updated_at"))["latest"]
    return timezone.localdate(changed) if changed else timezone.localdate()
