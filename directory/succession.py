"""Under which division a record is shown and counted on a day: that of its own day, or what has become of it since.

A division that ended is followed to its only successor, and on, until one is valid on the day asked for. Where it was
split among several nobody can say to which of them a record belongs: it stays with the old division, and says so.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date

from django.utils import timezone

from .models import Region


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a record of `region` stands: `now` is `region` itself where nothing followed. `split` names several heirs."""

    region: Region
    now: Region
    split: tuple[Region, ...] = ()

    @property
    def is_ended(self) -> bool:
        """Whether it stays with a division that is there no longer."""
        return bool(self.split) or (self.now.valid_to is not None and self.now.valid_to <= timezone.localdate().year)


def standing_of(region: Region, on: date | None = None) -> Standing:
    """What became of a division by a day (today unless told otherwise)."""
    year = (on or timezone.localdate()).year
    now, heirs = _follow(region, year, lambda one: _begun(one.successors.order_by("code", "valid_from"), year))
    return Standing(region, now, tuple(heirs))


def successor_on(region: Region, on: date | None = None) -> Region:
    """The division under which a record of `region` is shown on a day; `region` itself where nothing followed for certain."""
    return standing_of(region, on).now


def counted_under(on: date | None = None) -> dict[int, int]:
    """Every division's key → the key of that under which its records are counted on a day, in two queries."""
    year = (on or timezone.localdate()).year
    regions = {one.pk: one for one in Region.objects.all()}
    heirs: dict[int, list[Region]] = {}
    for old, new in Region.successors.through.objects.values_list("from_region_id", "to_region_id"):
        heirs.setdefault(old, []).append(regions[new])
    return {pk: _follow(one, year, lambda at: _begun(heirs.get(at.pk, ()), year))[0].pk for pk, one in regions.items()}


def _begun(heirs: Iterable[Region], year: int) -> list[Region]:
    return [one for one in heirs if (one.valid_from or 0) <= year]


def _follow(start: Region, year: int, heirs_of: Callable[[Region], list[Region]]) -> tuple[Region, Iterable[Region]]:
    """The last division of a chain, and its heirs where they are several. A circle ends where it would begin anew."""
    now, seen = start, {start.pk}
    while now.valid_to is not None and now.valid_to <= year:
        heirs = heirs_of(now)
        if len(heirs) != 1:
            return now, heirs
        if heirs[0].pk in seen:
            break
        now = heirs[0]
        seen.add(now.pk)
    return now, ()
