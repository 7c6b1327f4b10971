"""Exact counts of a view by each of its facets, however many rows it has.

Rows are counted in three groupings whose columns go together (a prefix has few departments, a CCS class few
ICS fields) and rolled up here, which costs less than one grouping a facet.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, F, QuerySet

from directory.models import Organization, Region

from .levels import Kind, Level, Nature, Status
from .models import Classification, Prefix

GROUPINGS = (
    ("level", "nature", "kind", "year", "status"),
    ("prefix", "region_id", "department_id"),
    ("ics_fields", "ccs_fields"),
)


@dataclass(frozen=True, slots=True)
class FacetValue:
    """One value of a facet: as the filter takes it, as people read it, and how many rows of the view have it."""

    value: str
    label: str
    count: int


Facets = dict[str, list[FacetValue]]


def facet_counts(standards: QuerySet, on: date) -> Facets:
    """For each facet its values, the most frequent first; levels, natures and statuses in their own order."""
    counters: dict[str, Counter] = {}
    plain = standards.order_by()
    for columns in GROUPINGS:
        rows = plain.with_status(on) if "status" in columns else plain
        table = rows.values_list(*columns).annotate(Count("id"))
        counters |= _rolled_up(columns, table)
    return {
        **{name: _choices(counters[name], choices) for name, choices in CHOICES.items()},
        "year": _labelled(_texts(counters["year"]), {}, key=lambda value: -int(value.value)),
        "prefix": _labelled(counters["prefix"], _prefix_names(counters["prefix"])),
        "region": _regions(counters["region_id"]),
        "department": _departments(counters["department_id"]),
        "ics": _labelled(_split(counters["ics_fields"]), _class_names("ics"), key=_by_code),
        "ccs": _labelled(_split(counters["ccs_fields"]), _class_names("ccs"), key=_by_code),
    }


CHOICES = {"status": Status, "level": Level, "nature": Nature, "kind": Kind}


def _rolled_up(columns: tuple[str, ...], table: Iterable[tuple]) -> dict[str, Counter]:
    counters: dict[str, Counter] = {name: Counter() for name in columns}
    for *values, count in table:
        for name, value in zip(columns, values, strict=True):
            counters[name][value] += count
    return counters


def _choices(counter: Counter, choices: Any) -> list[FacetValue]:
    return [FacetValue(str(one), str(one.label), counter[one]) for one in choices if counter[one]]


def _texts(counter: Counter) -> Counter:
    return Counter({str(value): count for value, count in counter.items() if value is not None})


def _split(counter: Counter) -> Counter:
    """`01,13` counts for 01 and for 13."""
    parts: Counter = Counter()
    for value, count in counter.items():
        for part in filter(None, value.split(",")):
            parts[part] += count
    return parts


def _by_count(value: FacetValue) -> tuple:
    return -value.count, value.value


def _by_code(value: FacetValue) -> str:
    return value.value


def _labelled(counter: Counter, labels: Mapping[str, str], key: Any = _by_count) -> list[FacetValue]:
    values = [FacetValue(value, labels.get(value, value), count) for value, count in counter.items() if value]
    return sorted(values, key=key)


def _class_names(scheme: str) -> dict[str, str]:
    return {one.code: str(one) for one in Classification.objects.filter(scheme=scheme, parent=None)}


def _prefix_names(counter: Counter) -> dict[str, str]:
    return {one.code: str(one) for one in Prefix.objects.filter(code__in=[value for value in counter if value])}


def _departments(counter: Counter) -> list[FacetValue]:
    names = Organization.objects.in_bulk([pk for pk in counter if pk])
    values = [FacetValue(names[pk].name, names[pk].name, count) for pk, count in counter.items() if pk]
    return sorted(values, key=_by_count)


def _regions(counter: Counter) -> list[FacetValue]:
    """Each issuing division with all below it, as the filter counts them."""
    rows = Region.objects.in_bulk([pk for pk in counter if pk])
    totals: Counter = Counter()
    for pk, count in counter.items():
        if pk:
            for code in rows[pk].path.strip("/").split("/"):
                totals[code] += count
    latest_last = Region.objects.filter(code__in=list(totals)).order_by(F("valid_from").asc(nulls_first=True))
    names = dict(latest_last.values_list("code", "name"))
    return _labelled(totals, names, key=_by_code)
