"""What the catalogue brings up to date when organizations change: the facets and the index of the standards they answer for."""

from collections.abc import Collection

from directory.transferring import MOVED, RENAMED
from records.bulk import update_columns

from . import search
from .facet_words import take_words
from .models import Standard

FACETS = ["facet_main_id", "facet_more_id"]
CHUNK = 2000


def standards_moved(ids: Collection[int]) -> None:
    """Standards whose competent department is another organization now."""
    for standards in _chunks(list(ids)):
        take_words(standards)
        update_columns(Standard, FACETS, ((one.pk, [getattr(one, name) for name in FACETS]) for one in standards))
        search.index(standards)


def departments_renamed(ids: Collection[int]) -> None:
    """A department's name is part of what its standards are found by."""
    kept = Standard.objects.filter(department__among=list(ids), voided_at__isnull=True)
    for standards in _chunks(list(kept.order_by("pk").values_list("pk", flat=True))):
        search.index(standards)


def _chunks(ids: list[int]):
    for start in range(0, len(ids), CHUNK):
        yield list(Standard.objects.filter(pk__among=ids[start : start + CHUNK]))


MOVED[Standard._meta.label_lower] = standards_moved
RENAMED.append(departments_renamed)
