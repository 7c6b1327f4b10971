"""Where a division of one day lay on another: the same place through renaming, new codes and moves."""

from collections.abc import Collection, Iterable
from datetime import date

from .models import Region

LONGEST_CHAIN = 8  # 海门 changed its code twice; nothing changed more often than this


def paths_on(ids: Collection[int], on: date) -> dict[int, str]:
    """The path that each division had on a day: its own where it existed then, else that of the same place.

    A place is followed forward where it has one successor, backward where it has one predecessor; where it was divided or
    made of several the division's own path stands, as nothing says which part is meant.
    """
    rows = {region.pk: region for region in Region.objects.filter(pk__among=ids)}
    paths = {pk: region.path for pk, region in rows.items()}
    standing = set(Region.objects.valid(on).filter(pk__among=ids).values_list("pk", flat=True))
    strangers = {pk: rows[pk] for pk in rows.keys() - standing}
    for forward in (True, False):
        places = {pk: pk for pk, region in strangers.items() if _ahead(region, on) == forward}
        for _step in range(LONGEST_CHAIN):
            places = _step_on(places, forward)
            if not places:
                break
            found = dict(Region.objects.valid(on).filter(pk__among=set(places.values())).values_list("pk", "path"))
            paths |= {pk: found[place] for pk, place in places.items() if place in found}
            places = {pk: place for pk, place in places.items() if place not in found}
    return paths


def _ahead(region: Region, on: date) -> bool:
    """Whether the day lies after the division's time (its heir is asked for), rather than before it."""
    return region.valid_to is not None and region.valid_to <= on.year


def _step_on(places: dict[int, int], forward: bool) -> dict[int, int]:
    """Each place one change further, where that is one place."""
    here, there = ("from_region_id", "to_region_id") if forward else ("to_region_id", "from_region_id")
    links = Region.successors.through.objects.filter(**{f"{here}__in": set(places.values())})
    following: dict[int, list[int]] = {}
    for at, to in links.values_list(here, there):
        following.setdefault(at, []).append(to)
    return {pk: following[place][0] for pk, place in places.items() if len(following.get(place, ())) == 1}


def within(region: Region, ids: Iterable[int], on: date) -> set[int]:
    """Those divisions that lay in a division or below it on a day."""
    return {pk for pk, path in paths_on(set(ids), on).items() if path.startswith(region.path)}
