"""What a results page says, in a form in which the product's answer and the hand-written one can be compared."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

Counts = dict[str, Counter]


@dataclass(slots=True)
class Answer:
    """Hits, the ids of the first twenty, counts by column; what else the page shows is fetched but not compared."""

    count: int
    ids: list[int]
    counts: Counts
    rows: Sequence[Sequence[Any]] = ()
    labels: Sequence[Sequence[Any]] = ()


def counted(groups: Iterable[tuple[Sequence[str], Sequence[Any], int]]) -> Counts:
    """Counts by column from groups of several columns: (names, values, how many)."""
    counts: Counts = {}
    for names, values, count in groups:
        for name, value in zip(names, values, strict=False):
            counts.setdefault(name, Counter())[value] += count
    return counts


def facets_of(counts: Counts, paths: dict[int, str], departments: dict[int, str]) -> dict[str, dict[str, int]]:
    """Counts by facet value, as the product's facets have them."""
    facets = {name: _texts(counts.get(name, {})) for name in ("level", "nature", "kind", "status", "year", "prefix")}
    facets["department"] = _texts({departments[pk]: n for pk, n in counts.get("department_id", {}).items() if pk})
    for name in ("ics", "ccs"):
        facets[name] = _spread(counts.get(f"{name}_fields", {}), ",")
    regions: Counter = Counter()
    for pk, count in counts.get("region_id", {}).items():
        if pk:
            regions[paths[pk]] += count
    facets["region"] = _spread(regions, "/")
    return facets


def _texts(counter: Any) -> dict[str, int]:
    return {str(value): count for value, count in counter.items() if value not in (None, "")}


def _spread(counter: Any, separator: str) -> dict[str, int]:
    spread: Counter = Counter()
    for value, count in counter.items():
        for part in filter(None, (value or "").split(separator)):
            spread[part] += count
    return dict(spread)
