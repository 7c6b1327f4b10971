"""Where a body that is recorded at a division lies on a day: divisions end, and others follow them.

Whoever was at 海门市 (320684, until 2020) is at 海门区 (320614) afterwards. A division that was split says nothing of which
part a body lies in; such a body stays where it was recorded.
"""

from collections.abc import Iterable
from datetime import date

from django.db.models import Count, Q, QuerySet
from django.utils import timezone

from .models import Region


def regions_within(code: str, on: date) -> list[int]:
    """The numbers of the divisions whose bodies lie in a division, or below it, on a day.

    `code` is of six, four or two digits; one that no division has any more on that day stands for what followed it.
    """
    region = _on_the_day(list(Region.objects.with_code(code)), on)
    if region is None:
        return []
    subtree = Q(path__startswith=region.path)
    standing = set(_ids(Region.objects.valid(on).filter(subtree)))
    found = set(standing)
    others = [(Region.objects.filter(valid_to__lte=on.year), "successors")]
    if on.year < timezone.localdate().year:  # today none begins later
        others.append((Region.objects.filter(valid_from__gt=on.year), "predecessors"))
    for rows_of_other_years, name in others:
        found |= _followed(standing, rows_of_other_years, name)
        # Split or without an heir: nothing says that their bodies lie elsewhere.
        found |= set(_ids(rows_of_other_years.filter(subtree).annotate(heirs=Count(name)).exclude(heirs=1)))
    return sorted(found)


def _on_the_day(rows: list[Region], on: date) -> Region | None:
    """Of the divisions that a code has meant, the one of the day; else what its last one became, as far as that is sure."""
    region = next((one for one in rows if _holds(one, on)), rows[0] if rows else None)
    while region is not None and not _holds(region, on):
        heirs = list(region.successors.all()[:2])
        if len(heirs) != 1:
            break
        region = heirs[0]
    return region


def _holds(region: Region, on: date) -> bool:
    return (region.valid_from or 0) <= on.year and (region.valid_to is None or region.valid_to > on.year)


def _followed(start: Iterable[int], others: QuerySet, name: str) -> set[int]:
    """Divisions of other years whose only way to the day's divisions leads to one of `start`."""
    found: set[int] = set()
    edge = set(start)
    alone = others.annotate(heirs=Count(name)).filter(heirs=1)
    while edge:
        edge = set(_ids(alone.filter(**{f"{name}__among": sorted(edge)}))) - found
        found |= edge
    return found


def _ids(regions: QuerySet) -> Iterable[int]:
    return regions.order_by().values_list("pk", flat=True)
