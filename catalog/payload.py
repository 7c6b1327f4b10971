"""A standard as lists show it: the same row for API, page and export, in a constant number of queries."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone

from records.bulk import Prepared
from tabular.dates import KNOWN

from .levels import Status
from .lifecycle import End, LifeDays, earlier, end_as_told, status_on, was_known
from .models import Standard, StandardRelation

LIFE = tuple(LifeDays.__dataclass_fields__)
COLUMNS = (
    "id",
    "slug",
    "number",
    "title",
    "title_en",
    "level",
    "nature",
    "kind",
    "published_precision",
    "is_example",
    *LIFE,
)
NAMES = (*COLUMNS, "region_code", "department_name")
Row = dict[str, Any]
STATED = StandardRelation.objects.filter(voided_at__isnull=True)
NEWER_DAYS = (
    "source__published_precision",
    "source__published_on",
    "source__implemented_on",
    "source__resumed_on",
)
WIDE = Prepared(
    lambda ids: (
        Standard.objects.order_by().filter(pk__among=ids).values_list(*COLUMNS, "region__code", "department__name")
    )
)
CODES = Prepared(
    lambda ids: (
        Standard.classifications.through.objects.filter(standard__among=ids)
        .order_by("classification__code")
        .values_list("standard_id", "classification__scheme", "classification__code")
    )
)
OLDER = Prepared(
    lambda ids: (
        STATED.filter(source__among=ids, kind="replaces", inferred=False)
        .order_by("target_number")
        .values_list("source_id", "target_number")
    )
)
NEWER = Prepared(
    lambda ids: (
        STATED.filter(target__among=ids, kind__in=("replaces", "partly_replaces"))
        .order_by("source_number")
        .values_list("target_id", "kind", "inferred", "source_number", *NEWER_DAYS)
    )
)


def payload(standards: QuerySet, on: date, base: str = "", *, with_id: bool = False) -> list[Row]:
    """Rows for a page of standards in their order; six queries, however many rows.

    `base` is what `url` begins with. Dates are ISO text, shortened to what is known (`2014-04`).
    The ids come first and alone: what is sorted is narrow, and only the page's own rows are read in full.
    """
    return payload_of(standards.values_list("pk", flat=True), on, base, with_id=with_id)


def payload_of(ids: Iterable[int], on: date, base: str = "", *, with_id: bool = False) -> list[Row]:
    """The same rows for standards by their numbers, in their order; five queries."""
    ids = list(ids)
    by_id = {row[0]: dict(zip(NAMES, map(_day_or_value, row, NAMES), strict=True)) for row in WIDE.rows(ids)}
    rows = [by_id[pk] for pk in ids if pk in by_id]
    ids = [row["id"] for row in rows]
    codes = _codes(ids)
    older, newer = relation_ends(ids, on)
    is_past = on < timezone.localdate()
    shown = [_row(row, on, base, codes[row["id"]], older[row["id"]], newer[row["id"]], is_past=is_past) for row in rows]
    if with_id:
        for pk, row in zip(ids, shown, strict=True):
            row["id"] = pk
    return shown


def _day_or_value(value: Any, name: str) -> Any:
    """A column as Python has it: SQLite keeps days as text, booleans as numbers."""
    if name.endswith("_on"):
        return date.fromisoformat(value) if type(value) is str else value
    return bool(value) if name == "is_example" else value


def _codes(ids: list[int]) -> dict[int, dict[str, list[str]]]:
    found: dict[int, dict[str, list[str]]] = defaultdict(lambda: {"ics": [], "ccs": []})
    for pk, scheme, code in CODES.rows(ids):
        found[pk][scheme].append(code)
    return found


class Ends:
    """What a standard replaces or is replaced by: numbers in full, whether in part, and whether only inferred.

    On a past day `numbers` are those that were known then, `begins` the days on which these begin, and `undated` those
    of which nothing says when they came.
    """

    __slots__ = ("begins", "inferred", "numbers", "partly", "undated")

    def __init__(self) -> None:
        self.numbers: list[str] = []
        self.undated: list[tuple[str, bool]] = []
        self.begins: set[date | None] = set()
        self.partly = False
        self.inferred = False

    def add(self, number: str, inferred: bool) -> None:
        self.numbers.append(number)
        self.inferred |= inferred


def relation_ends(ids: list[int], on: date) -> tuple[dict[int, Ends], dict[int, Ends]]:
    """For each standard what it replaces, and what replaces it; an index serves each direction."""
    older: dict[int, Ends] = defaultdict(Ends)
    newer: dict[int, Ends] = defaultdict(Ends)
    for source, number in OLDER.rows(ids):
        older[source].numbers.append(number)
    is_past = on < timezone.localdate()
    for target, kind, inferred, number, precision, *days in NEWER.rows(ids):
        published, begins, resumed = (date.fromisoformat(one) if type(one) is str else one for one in days)
        if kind == "partly_replaces":
            newer[target].partly |= begins is not None and begins <= on
        elif not is_past or was_known((published, precision), begins, on):
            newer[target].add(number, bool(inferred))
            newer[target].begins |= {begins, resumed}
        elif not (published or begins):
            newer[target].undated.append((number, bool(inferred)))
    return older, newer


def told(newer: Ends, replaced: End, withdrawn: End, status: str, on: date, *, is_past: bool) -> End:
    """The end of which a list tells; of a past day it and `newer` are left with what was known then."""
    if not is_past:
        return earlier(replaced, withdrawn)
    if status in (Status.REPLACED, Status.WITHDRAWN) and newer.undated:
        # What ended it was known by then.
        for number, inferred in newer.undated:
            newer.add(number, inferred)
        newer.numbers.sort()
    return end_as_told(replaced, withdrawn, on, announced=replaced[0] in newer.begins)


def _row(row: Row, on: date, base: str, codes: dict[str, list[str]], older: Ends, newer: Ends, *, is_past: bool) -> Row:
    # For one page the rule in Python costs less than putting the same rule in SQL together.
    status = status_on(LifeDays(**{name: row[name] for name in LIFE}), on)
    replaced = (row["replaced_on"], row["replaced_precision"])
    ends, precision = told(
        newer, replaced, (row["withdrawn_on"], row["withdrawn_precision"]), status, on, is_past=is_past
    )
    shown: Row = {
        "number": row["number"],
        "title": row["title"],
        "title_en": row["title_en"],
        "level": row["level"],
        "nature": row["nature"],
        "kind": row["kind"],
        "status": status,
        "published_on": _day(row, "published"),
        "implemented_on": _day(row, "implemented"),
        "withdrawn_on": _day(row, "withdrawn"),
        "replaced_by": newer.numbers,
        "replaces": older.numbers,
        "ics": codes["ics"],
        "ccs": codes["ccs"],
        "region": row["region_code"],
        "department": row["department_name"],
        "url": f"{base}{row['slug']}/",
        "slug": row["slug"],
        "is_example": row["is_example"],
    }
    if ends:
        shown["ends_on"] = ends.isoformat()[: KNOWN[precision]]
        if status == Status.IN_FORCE:
            shown["days_left"] = (ends - on).days
    if newer.partly and status == Status.IN_FORCE:
        shown["partly_replaced"] = True
    if newer.inferred:
        shown["inferred"] = True
    return shown


def _day(row: Row, name: str) -> str | None:
    day = row[f"{name}_on"]
    return day.isoformat()[: KNOWN[row[f"{name}_precision"]]] if day else None
