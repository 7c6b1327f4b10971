"""A standard as lists show it: the same row for API, page and export, in a constant number of queries."""

from collections import defaultdict
from datetime import date
from typing import Any

from django.db.models import F, Q, QuerySet

from .levels import Status
from .models import Standard, StandardRelation

COLUMNS = (
    "id",
    "slug",
    "number",
    "title",
    "title_en",
    "level",
    "nature",
    "kind",
    "status",
    "published_on",
    "published_precision",
    "implemented_on",
    "implemented_precision",
    "withdrawn_on",
    "replaced_on",
    "is_example",
)
Row = dict[str, Any]
PRECISION = {"day": 10, "month": 7, "year": 4}


def payload(standards: QuerySet, on: date, base: str = "", *, with_id: bool = False) -> list[Row]:
    """Rows for a page of standards in their order; four queries, however many rows.

    `base` is what `url` begins with. Dates are ISO text, shortened to what is known (`2014-04`).
    """
    joined = {"region_code": F("region__code"), "department_name": F("department__name")}
    rows = list(standards.with_status(on).values(*COLUMNS, **joined))
    ids = [row["id"] for row in rows]
    codes = _codes(ids)
    older, newer = _relations(ids, on)
    shown = [_row(row, on, base, codes[row["id"]], older[row["id"]], newer[row["id"]]) for row in rows]
    if with_id:
        for pk, row in zip(ids, shown, strict=True):
            row["id"] = pk
    return shown


def _codes(ids: list[int]) -> dict[int, dict[str, list[str]]]:
    found: dict[int, dict[str, list[str]]] = defaultdict(lambda: {"ics": [], "ccs": []})
    links = Standard.classifications.through.objects.filter(standard__among=ids).order_by("classification__code")
    for pk, scheme, code in links.values_list("standard_id", "classification__scheme", "classification__code"):
        found[pk][scheme].append(code)
    return found


class Ends:
    """What a standard replaces or is replaced by: numbers in full and in part, and whether only inferred."""

    __slots__ = ("inferred", "numbers", "partly")

    def __init__(self) -> None:
        self.numbers: list[str] = []
        self.partly = False
        self.inferred = False


def _relations(ids: list[int], on: date) -> tuple[dict[int, Ends], dict[int, Ends]]:
    """For each standard what it replaces, and what replaces it."""
    older: dict[int, Ends] = defaultdict(Ends)
    newer: dict[int, Ends] = defaultdict(Ends)
    kinds = ("replaces", "partly_replaces")
    rows = StandardRelation.objects.filter(
        Q(source__among=ids) | Q(target__among=ids), kind__in=kinds, voided_at__isnull=True
    )
    columns = ("source_id", "target_id", "kind", "inferred", "source_number", "target_number", "source__implemented_on")
    table = rows.order_by("source_number", "target_number").values_list(*columns)
    wanted = set(ids)
    for source, target, kind, inferred, number, other, begins in table:
        if source in wanted and kind == "replaces" and not inferred:
            older[source].numbers.append(other)
        if target not in wanted:
            continue
        if kind == "replaces":
            newer[target].numbers.append(number)
            newer[target].inferred |= inferred
        elif begins and begins <= on:
            newer[target].partly = True
    return older, newer


def _row(row: Row, on: date, base: str, codes: dict[str, list[str]], older: Ends, newer: Ends) -> Row:
    shown: Row = {
        "number": row["number"],
        "title": row["title"],
        "title_en": row["title_en"],
        "level": row["level"],
        "nature": row["nature"],
        "kind": row["kind"],
        "status": row["status"],
        "published_on": _day(row, "published"),
        "implemented_on": _day(row, "implemented"),
        "withdrawn_on": _iso(row["withdrawn_on"]),
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
    ends = min((day for day in (row["replaced_on"], row["withdrawn_on"]) if day), default=None)
    if ends:
        shown["ends_on"] = ends.isoformat()
        if row["status"] == Status.IN_FORCE:
            shown["days_left"] = (ends - on).days
    if newer.partly:
        shown["partly_replaced"] = True
    if newer.inferred:
        shown["inferred"] = True
    return shown


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None


def _day(row: Row, name: str) -> str | None:
    day = row[f"{name}_on"]
    return day.isoformat()[: PRECISION[row[f"{name}_precision"]]] if day else None
