"""What a query asks, for the hand-written SQL: the conditions and the order, in plain SQL for either engine.

Kept as good as we can write it on the product's own schema; `searching.py` checks that it finds the same.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.http import QueryDict

from catalog.filters import StandardFilter
from catalog.tokens import Query
from directory.models import full_code


@dataclass(slots=True)
class Asked:
    """The parts of one statement: values travel beside the text, but for days, which are ours."""

    vendor: str
    on: date
    query: Query
    given: Mapping[str, Any]
    where: list[str] = field(default_factory=list)
    values: list[Any] = field(default_factory=list)

    def need(self, condition: str, *values: Any) -> None:
        self.where.append(condition)
        self.values += values


def read(parameters: Mapping[str, str], vendor: str) -> Asked:
    """Read a query with the product's own form, which costs no database time."""
    view = StandardFilter(as_request(parameters))
    if not view.is_valid():
        raise ValueError(view.errors)
    asked = Asked(vendor, view.on_day, view.query, view.form.cleaned_data)
    asked.need("s.voided_at IS NULL")
    for name in ("level", "nature", "kind"):
        if chosen := asked.given.get(name):
            asked.need(f"s.{name} IN ({_marks(chosen)})", *chosen)
    if chosen := asked.given.get("status"):
        asked.need(f"{status(asked.on)} IN ({_marks(chosen)})", *chosen)
    if years := asked.given.get("year"):
        asked.need("s.year BETWEEN %s AND %s", *years)
    _need_classes(asked)
    _need_origin(asked)
    for phrase in asked.query.phrases:
        asked.need(f"({found(vendor, 's.title_fold')} OR {found(vendor, 'lower(s.title_en)')})", phrase, phrase)
    return asked


def as_request(parameters: Mapping[str, str]) -> QueryDict:
    """Parameters as a request has them."""
    data = QueryDict(mutable=True)
    data.update(parameters)
    return data


def _marks(values: Any) -> str:
    return ", ".join(["%s"] * len(values))


def _need_classes(asked: Asked) -> None:
    links = (
        "s.id IN (SELECT l.standard_id FROM catalog_standard_classifications l"
        " JOIN catalog_classification c ON c.id = l.classification_id WHERE {})"
    )
    if code := asked.given.get("ics"):
        condition = "c.scheme = 'ics' AND (c.code = %s OR c.code LIKE %s)"
        asked.need(links.format(condition), code, code + ".%")
    if code := asked.given.get("ccs"):
        asked.need(links.format("c.scheme = 'ccs' AND c.code LIKE %s"), code.upper() + "%")


def _need_origin(asked: Asked) -> None:
    if code := asked.given.get("region"):
        tree = (
            "s.region_id IN (SELECT r.id FROM directory_region r JOIN directory_region top"
            " ON r.path LIKE top.path || %s WHERE top.code = %s)"
        )
        asked.need(tree, "%", full_code(code))
    if name := asked.given.get("department"):
        asked.need("s.department_id = (SELECT id FROM directory_organization WHERE name = %s)", name)
    if prefix := asked.given.get("prefix"):
        if "/" in prefix:
            asked.need("s.number LIKE %s", prefix + " %")
        else:
            asked.need("s.prefix = %s", prefix)


def found(vendor: str, column: str) -> str:
    """Whether a text stands in a column, letter for letter."""
    return f"strpos({column}, %s) > 0" if vendor == "postgresql" else f"instr({column}, %s) > 0"


def status(on: date) -> str:
    """The rule of `catalog.lifecycle`, by hand."""
    day, month, year = (f"'{one}'" for one in (on, on.replace(day=1), on.replace(month=1, day=1)))
    claimed = "(s.withdrawal_claimed_on IS NOT NULL AND s.withdrawn_on IS NULL AND s.replaced_on IS NULL)"

    def inside(name: str) -> str:
        known = f"s.{name}_precision = 'month' AND s.{name}_on = {month}"
        return f"({known} OR s.{name}_precision = 'year' AND s.{name}_on = {year})"

    def over(name: str) -> str:
        return (
            f"(s.{name}_on < {year} OR s.{name}_on <= {day} AND s.{name}_precision = 'day'"
            f" OR s.{name}_on < {month} AND s.{name}_precision = 'month')"
        )

    return f"""CASE
        WHEN s.suspended_on <= {day} AND (s.resumed_on IS NULL OR s.resumed_on > {day}) THEN 'suspended'
        WHEN {over("replaced")} AND (s.withdrawn_on IS NULL OR s.withdrawn_on >= s.replaced_on) THEN 'replaced'
        WHEN {over("withdrawn")} OR ({claimed} AND s.withdrawal_claimed_on <= {day}) THEN 'withdrawn'
        WHEN s.published_on > {day} THEN 'planned'
        WHEN s.implemented_on IS NULL THEN 'unknown'
        WHEN s.implemented_on > {day} THEN
            CASE WHEN s.published_on IS NULL AND s.year > {on.year} THEN 'planned' ELSE 'upcoming' END
        WHEN {claimed} OR {inside("implemented")} OR {inside("withdrawn")} OR {inside("replaced")} THEN 'unknown'
        ELSE 'in_force' END"""


def order(asked: Asked, status_column: str = "status") -> tuple[str, list[Any]]:
    """The order of hits and its values; `status_column` names a computed status."""
    name = asked.given.get("ordering") or "relevance"
    if name != "relevance":
        column, down = name.lstrip("-"), name.startswith("-")
        if column == "number":
            return ("s.sort_key DESC, s.id DESC" if down else "s.sort_key, s.id"), []
        return f"s.{column} {'DESC' if down else 'ASC'} NULLS LAST, s.sort_key, s.id", []
    if not asked.query:
        return "s.sort_key, s.id", []
    parts, values = [], []
    for text, more in (_by_number(asked), _by_title(asked)):
        if text:
            parts.append(text)
            values += more
    in_force = f"CASE WHEN {status_column} = 'in_force' THEN 0 ELSE 1 END"
    last = "DESC NULLS LAST" if asked.vendor == "postgresql" else "DESC"
    return ", ".join([*parts, in_force, f"s.year {last}", "s.sort_key", "s.id"]), values


def _by_number(asked: Asked) -> tuple[str, list[str]]:
    number = asked.query.number
    if not number:
        return "", []
    either = "s.number_fold LIKE %s OR s.serial_fold LIKE %s"
    text = (
        "CASE WHEN s.number_fold = %s OR s.serial_fold = %s THEN 0"
        f" WHEN {either} THEN 1 WHEN {either} THEN 2 WHEN {either} THEN 3 ELSE 4 END"
    )
    values = [number, f"{number}y%", f"{number}x%", f"{number}%"]
    return text, [value for value in values for _twice in range(2)]


def _by_title(asked: Asked) -> tuple[str, list[str]]:
    words = (*asked.query.words, *asked.query.phrases)
    if not words:
        return "", []
    inside = " AND ".join([found(asked.vendor, "s.title_fold")] * len(words))
    begins = "starts_with(s.title_fold, %s)" if asked.vendor == "postgresql" else "instr(s.title_fold, %s) = 1"
    text = f"CASE WHEN s.title_fold = %s THEN 0 WHEN {begins} THEN 1 WHEN {inside} THEN 2 ELSE 3 END"
    return text, [words[0], words[0], *words]
