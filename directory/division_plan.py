"""What a newer table of divisions changes: the divisions as they stand, the table's lines, and what would become of them.

A division is known by its code and the year in which it began. A line with a beginning of its own means that very
division. In a table of one year's divisions, without beginnings, a line means the division that stands under its code:
under another name it goes over into a new one from that year, and what the table of a province no longer names has ended. Pure.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise

from .divisions import Division, parent_of

Key = tuple[str, int | None]
KINDS = ("new", "renamed", "ended", "moved", "succeeded", "unchanged")


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the table. `heirs` are codes; `above` is the code of the division above, blank where its own code says it."""

    number: int
    code: str
    name: str
    valid_from: int | None = None
    valid_to: int | None = None
    above: str = ""
    heirs: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Known:
    """A division as it stands or will stand; `above` and `heirs` are keys."""

    code: str
    name: str
    valid_from: int | None
    valid_to: int | None
    above: Key | None = None
    heirs: frozenset[Key] = frozenset()

    @property
    def key(self) -> Key:
        return self.code, self.valid_from

    @property
    def level(self) -> str:
        return "province" if self.code.endswith("0000") else "prefecture" if self.code.endswith("00") else "county"

    def holds_after(self, year: int | None) -> bool:
        return self.valid_to is None or (year is not None and self.valid_to > year)


@dataclass(slots=True)
class Plan:
    """What was, what will be, and a line's number with each reason why it cannot."""

    before: dict[Key, Known]
    after: dict[Key, Known]
    problems: list[tuple[int, str, dict[str, object]]] = field(default_factory=list)

    def kind_of(self, key: Key) -> str:
        """How a division is told in the difference, by its most telling change."""
        old, new = self.before.get(key), self.after[key]
        if old is None:
            return "new"
        if old.name != new.name:
            return "renamed"
        if old.valid_to != new.valid_to:
            return "renamed" if self._goes_on(new) else "ended"
        if old.above != new.above:
            return "moved"
        return "succeeded" if old.heirs != new.heirs else "unchanged"

    def _goes_on(self, ended: Known) -> bool:
        """Whether it goes on under its own code from the year in which it ended."""
        return ended.valid_to is not None and (ended.code, ended.valid_to) in ended.heirs

    def by_kind(self) -> dict[str, list[Key]]:
        found: dict[str, list[Key]] = {kind: [] for kind in KINDS}
        for key in sorted(self.after, key=lambda one: (one[0], one[1] or 0)):
            found[self.kind_of(key)].append(key)
        return found


def plan_table(before: dict[Key, Known], lines: Sequence[Line], *, year: int | None, has_years: bool) -> Plan:
    """Work out what a table changes. `has_years`: its lines name the years in which their divisions began."""
    plan = Plan(before, dict(before))
    standing = {one.code: one for one in before.values() if one.valid_to is None}
    for line in lines:
        _place(plan, line, standing.get(line.code), year, has_years)
    if year is not None and not has_years:
        _end_the_absent(plan, lines, year)
    _join_heirs(plan, lines, standing, year, has_years)
    _place_above(plan, lines, has_years)
    _refuse_overlaps(plan, lines)
    return plan


def _place(plan: Plan, line: Line, stands: Known | None, year: int | None, has_years: bool) -> None:
    """One line's own division: corrected, ended, gone over into a new one, or new."""
    if has_years:
        own = plan.before.get((line.code, line.valid_from))
        fresh = own or Known(line.code, line.name, line.valid_from, line.valid_to)
        made = replace(fresh, name=line.name, valid_to=line.valid_to)
        plan.after[made.key] = made
    elif stands is not None and (line.valid_to is not None or line.name == stands.name or stands.valid_from == year):
        plan.after[stands.key] = replace(stands, name=line.name, valid_to=line.valid_to)
    elif line.valid_to is not None:
        ended = [one for one in plan.before.values() if one.code == line.code and one.valid_to == line.valid_to]
        if not ended or ended[0].name != line.name:
            plan.problems.append((line.number, "ended_unknown", {"code": line.code, "name": line.name}))
    elif year is None:
        plan.problems.append((line.number, "needs_year", {"code": line.code, "name": line.name}))
    else:
        made = Known(line.code, line.name, year, None)
        plan.after[made.key] = made
        if stands is not None:
            plan.after[stands.key] = replace(stands, valid_to=year, heirs=stands.heirs | {made.key})


def _end_the_absent(plan: Plan, lines: Sequence[Line], year: int) -> None:
    """What stood in a province of the table and is not in it has ended."""
    provinces, named = {line.code[:2] for line in lines}, {line.code for line in lines}
    for key, one in plan.before.items():
        if one.valid_to is None and one.code[:2] in provinces and one.code not in named:
            plan.after[key] = replace(plan.after[key], valid_to=year)


def _join_heirs(
    plan: Plan, lines: Sequence[Line], standing: dict[str, Known], year: int | None, has_years: bool
) -> None:
    for line in lines:
        own = (line.code, line.valid_from) if has_years else _last_ended(plan, line, standing)
        for code in line.heirs:
            ended = plan.after[own].valid_to if own in plan.after else None
            heir = next((one.key for one in plan.after.values() if one.code == code and _follows(one, ended)), None)
            if own is None or ended is None or heir is None:
                plan.problems.append((line.number, "no_heir", {"code": line.code, "heir": code}))
            else:
                plan.after[own] = replace(plan.after[own], heirs=plan.after[own].heirs | {heir})


def _last_ended(plan: Plan, line: Line, standing: dict[str, Known]) -> Key | None:
    if line.code in standing:
        return standing[line.code].key
    ended = [one.key for one in plan.after.values() if one.code == line.code and one.valid_to == line.valid_to]
    return ended[0] if ended else None


def _follows(heir: Known, year: int | None) -> bool:
    return year is not None and (heir.valid_from or 0) <= year and heir.holds_after(year)


def _place_above(plan: Plan, lines: Sequence[Line], has_years: bool) -> None:
    """Each new division under that of its code's beginning; each standing one under a standing one."""
    by_code: dict[str, list[Known]] = {}
    for one in sorted(plan.after.values(), key=lambda one: (one.code, one.valid_from or 0)):
        by_code.setdefault(one.code, []).append(one)
    asked = {(line.code, line.valid_from if has_years else None): line for line in lines if line.above}
    for key, one in list(plan.after.items()):
        line = asked.get(key if has_years else (one.code, None)) if one.valid_to is None or has_years else None
        above = _above(plan, one, by_code, line)
        if above is None and one.level != "province":
            plan.problems.append((line.number if line else 0, "no_above", {"code": one.code, "name": one.name}))
        plan.after[key] = replace(one, above=above)


def _refuse_overlaps(plan: Plan, lines: Sequence[Line]) -> None:
    """A code means one division at a time."""
    numbers = {line.code: line.number for line in lines}
    rows = sorted(plan.after.values(), key=lambda one: (one.code, one.valid_from or 0))
    for one, then in pairwise(rows):
        changed = plan.before.get(one.key) != one or plan.before.get(then.key) != then
        if one.code == then.code and changed and not _ends_before(one, then):
            names: dict[str, object] = {"code": one.code, "name": one.name, "other": then.name}
            plan.problems.append((numbers.get(one.code, 0), "overlap", names))


def _ends_before(one: Known, then: Known) -> bool:
    return one.valid_to is not None and then.valid_from is not None and one.valid_to <= then.valid_from


def _above(plan: Plan, one: Known, by_code: dict[str, list[Known]], line: Line | None) -> Key | None:
    if one.level == "province":
        return None
    before = plan.before.get(one.key)
    if line is None and before and before.above:
        stands = plan.after[before.above].valid_to is None or one.valid_to is not None
        if stands:
            return before.above
    codes = [line.above] if line else [before.above[0]] if before and before.above else []
    for code in [*codes, *([] if line else [one.code[:4] + "00", one.code[:2] + "0000"])]:
        rows = [row for row in by_code.get(code, ()) if one.valid_to is not None or row.valid_to is None]
        if code != one.code and rows:
            return _nearest(one, code, rows).key
    return None


def _nearest(one: Known, code: str, rows: Iterable[Known]) -> Known:
    """The row of a code that held when the division did."""
    rows = list(rows)
    own = Division(one.code, one.name, "county", code, one.valid_from, one.valid_to)
    there = [Division(row.code, row.name, "prefecture", None, row.valid_from, row.valid_to) for row in rows]
    found = parent_of(own, {code: there})
    return rows[there.index(found)] if found else rows[-1]
