"""Loading a newer table of divisions: read it, show what it changes, write it in one transaction."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from records.columns import Field
from records.mapping import guess_mapping
from records.models import Event
from records.trail import Actor, Change, differences, record_many
from tabular.limits import COMMAND_LIMITS
from tabular.reading import read_table
from tabular.rows import Cell, Row
from tabular.text import clean_text

from .division_plan import Key, Known, Line, Plan, plan_table
from .divisions import HEADINGS
from .models import Region, full_code
from .moving import copies_moved

FIELDS = (
    Field("code", "code", ("code", "代码", "区划代码", "行政区划代码")),
    Field("name", "name", ("name", "名称", "区划名称", "单位名称")),
    Field("valid_from", "first year", ("valid_from", "from", "起始年", "启用年份")),
    Field("valid_to", "year in which it ended", ("valid_to", "to", "终止年", "停用年份")),
    Field("above", "code of the division above", ("parent", "上级代码")),
    Field("heirs", "codes of the successors", ("successors", "new_codes", "后继代码", "新代码")),
)
REASONS = {
    "no_columns": gettext_noop("the table needs a column of codes and one of names"),
    "no_code": gettext_noop("{code} is no division code of six digits"),
    "no_name": gettext_noop("{code} has no name, or one of more than 50 characters"),
    "no_year": gettext_noop("{text} is no year"),
    "backwards": gettext_noop("{code} {name} ends before it begins"),
    "twice": gettext_noop("{code} stands in the table twice"),
    "bad_cell": gettext_noop("a cell of this row cannot be read"),
    "needs_year": gettext_noop("{code} {name} is new or renamed; say with --year from which year the table holds"),
    "ended_unknown": gettext_noop("{code} {name} is to end, and no division of this code and name stands"),
    "no_heir": gettext_noop("{code} is followed by {heir}, which does not stand from the year in which {code} ended"),
    "no_above": gettext_noop("{code} {name}: there is no division above it"),
    "overlap": gettext_noop("{code} would mean {name} and {other} at the same time"),
}
YEAR = re.compile(r"(?:19|20)\d\d")


class TableRefused(Exception):
    """Rows that cannot stand: nothing of the table is taken. `reasons` are (row, sentence); row 0 is the whole table."""

    def __init__(self, problems: Iterable[tuple[int, str, Mapping[str, object]]]) -> None:
        self.reasons = [
            (number, _(REASONS[name]).format(**params)) for number, name, params in sorted(problems, key=_row)
        ]
        super().__init__("; ".join(text for _number, text in self.reasons))


@dataclass(frozen=True, slots=True)
class Table:
    """The lines of a file; `skipped` are headings of the printed table, which are no divisions."""

    lines: list[Line]
    has_years: bool
    skipped: int


def read_divisions(path: Path) -> Table:
    """The lines of a csv or xlsx file. Raises `TableRefused`, or `tabular.errors.FileRefused` where it is no table."""
    lines: list[Line] = []
    problems: list[tuple[int, str, dict[str, object]]] = []
    skipped = 0
    with read_table(path, limits=COMMAND_LIMITS, known_names={word for one in FIELDS for word in one.words}) as table:
        columns = list(table.columns)
        at = {name: columns.index(column) for name, column in guess_mapping(FIELDS, columns).items()}
        if not {"code", "name"} <= at.keys():
            raise TableRefused([(0, "no_columns", {})])
        for row in table:
            cells = {name: _text(row.cells[index]) for name, index in at.items()}
            if cells["name"] in HEADINGS:
                skipped += 1
                continue
            faults = _faults(row, cells)
            problems += faults
            if not faults:
                lines.append(_line(row.number, cells))
    has_years = "valid_from" in at
    problems += _twice(lines, has_years)
    if problems:
        raise TableRefused(problems)
    return Table(lines, has_years, skipped)


def _text(cell: Cell) -> str:
    if isinstance(cell, float) and cell.is_integer():
        cell = int(cell)
    return clean_text("" if cell is None else str(cell))


def _faults(row: Row, cells: dict[str, str]) -> list[tuple[int, str, dict[str, object]]]:
    code, name = full_code(cells["code"]), cells["name"]
    years = [text for text in (cells.get("valid_from", ""), cells.get("valid_to", "")) if text]
    found: list[tuple[str, dict[str, object]]] = []
    if row.errors:
        found.append(("bad_cell", {}))
    if not re.fullmatch(r"[1-9]\d{5}", code):
        found.append(("no_code", {"code": cells["code"] or "—"}))
    if not 0 < len(name) <= 50:
        found.append(("no_name", {"code": code}))
    found += [("no_year", {"text": text}) for text in years if not YEAR.fullmatch(text)]
    if not found and len(years) == 2 and years[1] < years[0]:
        found.append(("backwards", {"code": code, "name": name}))
    return [(row.number, reason, params) for reason, params in found]


def _line(number: int, cells: dict[str, str]) -> Line:
    heirs = tuple(full_code(code) for code in re.split(r"[^\d]+", cells.get("heirs", "")) if code)
    start, end = (int(text) if (text := cells.get(name, "")) else None for name in ("valid_from", "valid_to"))
    above = full_code(cells.get("above", ""))
    return Line(number, full_code(cells["code"]), cells["name"], start, end, above, heirs)


def _twice(lines: Sequence[Line], has_years: bool) -> list[tuple[int, str, dict[str, object]]]:
    seen: set[tuple[str, int | None]] = set()
    found: list[tuple[int, str, dict[str, object]]] = []
    for line in lines:
        key = (line.code, line.valid_from if has_years else line.valid_to)
        if key in seen:
            found.append((line.number, "twice", {"code": line.code}))
        seen.add(key)
    return found


def plan_divisions(table: Table, *, year: int | None = None) -> Plan:
    """What a table changes. Raises `TableRefused` where the divisions it would leave cannot stand."""
    plan = plan_table(_known(), table.lines, year=year, has_years=table.has_years)
    if plan.problems:
        raise TableRefused(plan.problems)
    return plan


@transaction.atomic
def load_divisions(table: Table, *, year: int | None = None, by: Actor, reason: str = "") -> Plan:
    """Write what a table changes, all of it or nothing, with one event for each changed division."""
    regions = {(one.code, one.valid_from): one for one in Region.objects.select_for_update().order_by("pk")}
    plan = plan_divisions(table, year=year)
    was = {key: _state(one, plan.before, regions[key].path) for key, one in plan.before.items()}
    paths = _write(plan, regions)
    entries = []
    for key, one in plan.after.items():
        changes = differences(was.get(key, {}), _state(one, plan.after, paths[key]))
        action = Event.Action.UPDATED if key in was else Event.Action.CREATED
        entries.append(Change(action, Region._meta.label_lower, regions[key].pk, str(regions[key]), changes))
    moved = [(was[key]["path"], paths[key]) for key in plan.before if was[key]["path"] != paths[key]]
    record_many([*entries, *copies_moved(moved)], by=by, reason=reason)
    return plan


def _known() -> dict[Key, Known]:
    keys = {pk: (code, start) for pk, code, start in Region.objects.values_list("pk", "code", "valid_from")}
    heirs: dict[int, set[Key]] = {}
    for old, new in Region.successors.through.objects.values_list("from_region_id", "to_region_id"):
        heirs.setdefault(old, set()).add(keys[new])
    found = {}
    for one in Region.objects.all():
        above = keys[one.parent_id] if one.parent_id else None
        known = Known(one.code, one.name, one.valid_from, one.valid_to, above, frozenset(heirs.get(one.pk, ())))
        found[known.key] = known
    return found


def _state(one: Known, table: dict[Key, Known], path: str) -> dict[str, Any]:
    """A division as the trail tells it."""
    above = table[one.above] if one.above else None
    heirs = sorted(f"{table[key].name} {key[0]}" for key in one.heirs)
    years = {"valid_from": one.valid_from, "valid_to": one.valid_to}
    said = {"name": one.name, **years, "parent": f"{above.name} {above.code}" if above else None, "path": path}
    return said | ({"successors": heirs} if heirs else {})


def _write(plan: Plan, regions: dict[Key, Region]) -> dict[Key, str]:
    """Create and change the rows, provinces first; every division's path. New rows are added to `regions`."""
    paths: dict[Key, str] = {}
    levels = list(Region.Level.values)
    for one in sorted(plan.after.values(), key=lambda one: levels.index(one.level)):
        above = regions[one.above] if one.above else None
        paths[one.key] = f"{paths[one.above] if one.above else '/'}{one.code}/"
        row = regions.get(one.key) or Region(code=one.code, level=one.level, valid_from=one.valid_from)
        stood = (row.pk, row.name, row.valid_to, row.parent_id, row.path)
        row.name, row.valid_to, row.parent, row.path = one.name, one.valid_to, above, paths[one.key]
        if stood != (row.pk, row.name, row.valid_to, row.parent_id, row.path) or row.pk is None:
            row.save()
        regions[one.key] = row
    for key, one in plan.after.items():
        before = plan.before[key].heirs if key in plan.before else frozenset()
        if one.heirs - before:
            regions[key].successors.add(*(regions[heir] for heir in one.heirs - before))
    return paths


def _row(problem: tuple[int, str, Any]) -> int:
    return problem[0]
