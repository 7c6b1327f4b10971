"""Under which division a record is shown and counted on a day: that of its own day, or what has become of it since.

A division that ended is followed to its only successor, and on, until one is valid on the day asked for. Where it was
split among several nobody can say to which of them a record belongs: it stays with the old division, and says so.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
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
    """Every division's key → the key of that under which its records are counted on a day, in two queries.

    One that begins later is followed back in the same way: a body recorded today lay in what its division was made of.
    """
    year = (on or timezone.localdate()).year
    rows = Region.objects.order_by().values_list("pk", "valid_from", "valid_to")
    chains = _Chains(year, {pk: (begins or 0, ends) for pk, begins, ends in rows})
    for old, new in Region.successors.through.objects.values_list("from_region_id", "to_region_id"):
        chains.heirs[old].append(new)
        chains.forebears[new].append(old)
    return {pk: chains.place_of(pk) for pk in chains.years}


def regions_within(code: str, on: date | None = None) -> set[int]:
    """The keys of the divisions of which records are counted in a division, or below it, on a day.

    `code` is of six, four or two digits; one that no division has any more on that day stands for what followed it.
    """
    paths = dict(Region.objects.order_by().values_list("pk", "path"))
    counted, meant = counted_under(on), list(Region.objects.with_code(code).values_list("pk", flat=True))
    if not meant:
        return set()
    region = next((pk for pk in meant if counted[pk] == pk), counted[meant[0]])
    return {pk for pk, now in counted.items() if paths[now].startswith(paths[region])}


@dataclass(frozen=True, slots=True)
class _Chains:
    """What each division followed and was followed by; `years` has its first year (0: unknown) and the year it ended."""

    year: int
    years: dict[int, tuple[int, int | None]]
    heirs: defaultdict[int, list[int]] = field(default_factory=lambda: defaultdict(list))
    forebears: defaultdict[int, list[int]] = field(default_factory=lambda: defaultdict(list))

    def place_of(self, pk: int) -> int:
        now, seen, steps = pk, {pk}, self.heirs if self.years[pk][0] <= self.year else self.forebears
        while not self._holds(now):
            following = [
                one for one in steps.get(now, ()) if steps is self.forebears or self.years[one][0] <= self.year
            ]
            if len(following) != 1 or following[0] in seen:
                break
            now = following[0]
            seen.add(now)
        return now

    def _holds(self, pk: int) -> bool:
        begins, ends = self.years[pk]
        return begins <= self.year and (ends is None or ends > self.year)


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
