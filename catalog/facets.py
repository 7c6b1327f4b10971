"""Exact counts of a view by each of its facets, however many rows it has.

Each row carries what facets count of it as the numbers of two words (`catalog.facet_words`). The database joins a view's
numbers and statuses in one pass, without sorting or grouping, each as one character; they are counted here. Measured
against grouping in the database in docs/performance.md.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
from django.db.models import Aggregate, F, Func, QuerySet, TextField

from directory.models import Organization, Region
from directory.succession import counted_under

from .facet_words import Main, More, table_to
from .levels import Kind, Level, Nature, Status
from .models import Classification, Prefix
from .models.status import status_case

FIRST = 0x10000  # the character of number 0, beyond all that databases treat in a way of their own
# A letter for each status, so that a million of them are a short text.
LETTERS = {status: chr(ord("a") + at) for at, status in enumerate(Status)}


class Joined(Aggregate):
    """The characters of a column, one after the other."""

    function = "string_agg"
    template = "%(function)s(%(expressions)s, '')"
    output_field = TextField()

    def as_sqlite(self, compiler: Any, connection: Any, **context: Any) -> Any:
        return self.as_sql(compiler, connection, function="group_concat", **context)


class Character(Func):
    """The character of a number."""

    function = "chr"
    output_field = TextField()

    def __init__(self, column: str) -> None:
        super().__init__(F(column) + FIRST)

    template = "%(function)s(CAST(%(expressions)s AS integer))"

    def as_sqlite(self, compiler: Any, connection: Any, **context: Any) -> Any:
        return self.as_sql(compiler, connection, function="char", template="%(function)s(%(expressions)s)", **context)


@dataclass(frozen=True, slots=True)
class FacetValue:
    """One value of a facet: as the filter takes it, as people read it, and how many rows of the view have it."""

    value: str
    label: str
    count: int


Facets = dict[str, list[FacetValue]]


def facet_counts(standards: QuerySet, on: date, *, todays_divisions: bool = False) -> Facets:
    """For each facet its values, the most frequent first; levels, natures and statuses in their own order."""
    joined = standards.order_by().aggregate(
        main=Joined(Character("facet_main_id")),
        more=Joined(Character("facet_more_id")),
        status=Joined(status_case(on, LETTERS)),
    )
    main, more = _occurrences(joined["main"]), _occurrences(joined["more"])
    table = table_to(max(len(main), len(more)) - 1)
    counters = {name: Counter(table.count(name, main)) for name in Main._fields}
    counters |= {name: Counter(table.count(name, more)) for name in More._fields}
    counters["status"] = Counter({str(one): (joined["status"] or "").count(LETTERS[one]) for one in Status})
    return {
        **{name: _choices(counters[name], choices) for name, choices in CHOICES.items()},
        "year": _labelled(counters["year"], {}, key=lambda value: -int(value.value)),
        "prefix": _labelled(counters["prefix"], _prefix_names(counters["prefix"])),
        "region": _regions(counters["region"], counted_under() if todays_divisions else {}),
        "department": _departments(counters["department"]),
        "ics": _labelled(_split(counters["ics"]), _class_names("ics"), key=_by_code),
        "ccs": _labelled(_split(counters["ccs"]), _class_names("ccs"), key=_by_code),
    }


CHOICES = {"status": Status, "level": Level, "nature": Nature, "kind": Kind}


def total(facets: Facets) -> int:
    """How many rows the view has: each has one status."""
    return sum(one.count for one in facets["status"])


def _occurrences(characters: str | None) -> np.ndarray:
    """How often each number stands among some characters."""
    numbers = np.frombuffer((characters or "").encode("utf-32-le"), dtype="<u4")
    return np.bincount(numbers - FIRST)


def _choices(counter: Counter, choices: Any) -> list[FacetValue]:
    return [FacetValue(str(one), str(one.label), counter[one]) for one in choices if counter[one]]


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


def _departments(counter: Counter[str]) -> list[FacetValue]:
    names = dict(Organization.objects.filter(pk__in=_ids(counter)).values_list("pk", "name"))
    values = [FacetValue(name, name, counter[str(pk)]) for pk, name in names.items()]
    return sorted(values, key=_by_count)


def _ids(counter: Counter[str]) -> list[int]:
    return [int(value) for value in counter if value]


def _regions(counter: Counter[str], counted: Mapping[int, int]) -> list[FacetValue]:
    """Each issuing division with all below it, as the filter counts them; `counted` maps it to today's."""
    counts: Counter[int] = Counter()
    for pk in _ids(counter):
        counts[counted.get(pk, pk)] += counter[str(pk)]
    totals: Counter[str] = Counter()
    for pk, path in Region.objects.filter(pk__in=list(counts)).values_list("pk", "path"):
        for code in path.strip("/").split("/"):
            totals[code] += counts[pk]
    # The latest name of a code; on both databases a row without a beginning is the earliest.
    rows = Region.objects.filter(code__in=list(totals)).order_by(F("valid_from").asc(nulls_first=True))
    names = dict(rows.values_list("code", "name"))
    return _labelled(totals, names, key=_by_code)
