"""Runs of whole numbers as inclusive pairs `(low, high)`, ascending: which ids are there, and which are not."""

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence

Range = tuple[int, int]


def runs(ids: Iterable[int]) -> list[Range]:
    """Ascending ids as the fewest ranges."""
    found: list[Range] = []
    for pk in ids:
        if found and found[-1][1] == pk - 1:
            found[-1] = (found[-1][0], pk)
        else:
            found.append((pk, pk))
    return found


def holes(low: int, high: int, ids: Iterable[int]) -> list[Range]:
    """What is missing of `low` to `high`, where the ids are ascending and lie within."""
    missing: list[Range] = []
    for pk in ids:
        if pk > low:
            missing.append((low, pk - 1))
        low = pk + 1
    if low <= high:
        missing.append((low, high))
    return missing


def without(ranges: Iterable[Range], ids: Sequence[int]) -> list[Range]:
    """The ranges less the ids (ascending)."""
    left: list[Range] = []
    for low, high in ranges:
        first, last = bisect_right(ids, low - 1), bisect_right(ids, high)
        left += holes(low, high, ids[first:last])
    return left


def outside(ranges: Iterable[Range], allowed: Sequence[Range]) -> Iterator[int]:
    """The first id of each range that does not lie within one of the allowed ones."""
    starts = [low for low, _high in allowed]
    for low, high in ranges:
        while low <= high:
            at = bisect_right(starts, low) - 1
            if at < 0 or allowed[at][1] < low:
                yield low
                break
            low = allowed[at][1] + 1


def covers(ranges: Sequence[Range], pk: int) -> bool:
    return next(outside([(pk, pk)], ranges), None) is None
