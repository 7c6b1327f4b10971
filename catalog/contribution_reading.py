"""Reading one row of a file of contributions: which standard, which names at which places in which roles.

Two shapes: a row for a standard with columns of drafting units (甲公司、乙研究院、丙中心), or a row for one contribution with its
unit, rank and role. Nothing here touches the database.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from directory.organization_names import name_key
from records.columns import Field
from records.importing import Note, SourceRow
from tabular.text import clean_text, has_forbidden_characters, show_forbidden_characters

from .drafters import LONGEST_NAME, read_drafters
from .drafting_roles import DRAFTING, role_class
from .numbers import NotAStandardNumber, StandardNumber, parse
from .reading import BAD_NUMBER, FORBIDDEN, NO_NUMBER, TOO_LONG

FIELDS = (
    Field("number", _("number"), ("标准编号", "标准号", "编号", "std_code", "number", "standard", "standard_number", "标准代号")),
    Field(
        "units",
        _("drafting units"),
        ("起草单位", "主要起草单位", "起草单位名单", "编制单位", "主要编制单位", "制定单位", "完成单位", "drafters", "drafting_units", "units"),
    ),
    Field(
        "lead_units",
        _("units responsible for drafting"),
        ("负责起草单位", "牵头起草单位", "牵头单位", "主编单位", "主导单位", "lead_units"),
    ),
    Field(
        "other_units",
        _("units that took part in drafting"),
        ("参加起草单位", "参与起草单位", "参编单位", "参与单位", "other_units"),
    ),
    Field("unit", _("unit (one a row)"), ("单位名称", "单位", "企业名称", "机构名称", "组织名称", "unit", "organization", "printed_name")),
    Field("rank", _("rank"), ("排名", "位次", "名次", "排序", "顺序", "起草单位排名", "起草单位排序", "序位", "rank")),
    Field("role", _("printed role"), ("角色", "起草方式", "参与方式", "参与形式", "单位角色", "印刷角色", "printed_role", "role")),
    Field("document", _("document of the evidence"), ("依据文件", "证明文件", "证明材料", "佐证材料", "依据", "document")),
    Field("evidence", _("evidence"), ("原文", "前言原文", "证据", "evidence")),
    Field("recognition", _("document of the recognition"), ("认定文件", "认定文号", "recognition", "recognition_document")),
)  # fmt: skip
# What the headings of columns say of the roles of the names in them.
ROLE_OF_COLUMN = {"lead_units": "负责起草单位", "units": "", "other_units": "参加起草单位"}
NOTHING = frozenset({"", "无", "-", "/", "—", "——", "暂无", "不详"})
LONGEST = {"role": 60, "document": 200, "recognition": 200, "evidence": 5000}

NO_UNIT = gettext_noop("The row names no drafting unit")
NO_YEAR = gettext_noop("{number} has no year; contributions are those of one edition")
SEVERAL = gettext_noop("{text} holds several names; give each a row of its own, or use the column of drafting units")
RANK_BESIDE_SEVERAL = gettext_noop("One rank stands beside {count} names")
NOT_A_RANK = gettext_noop("{text} is not a place in a list (1, 2, 3 …)")
TWICE = gettext_noop("{name} stands twice in the list")
INCOMPLETE = gettext_noop("The list itself says that it names only some (等)")
UNREAD = {
    "bracket": gettext_noop("{text}: a bracket is not closed, so nobody can say where the name ends"),
    "long": gettext_noop("{text}: too long for a name"),
    "bodies": gettext_noop("{text} may be one body or two; write 、 between two, or correct the name"),
    "comma": gettext_noop("{text}: a comma may lie within or between English names; write ; between them"),
    "role": gettext_noop("{text}: a role and a name run into each other; write ： between them"),
}

RANK = re.compile(r"第?\s*(\d{1,4}|[一二三四五六七八九十]{1,3})\s*(?:位|名|完成单位|起草单位|/\s*\d{1,4})?")
DIGITS = {char: at for at, char in enumerate("〇一二三四五六七八九")}


@dataclass(frozen=True, slots=True)
class Named:
    """One name of a row: as printed, its key, role as printed and in its class, its place."""

    name: str
    key: str
    printed_role: str
    role: str
    rank: int | None

    @property
    def identity(self) -> tuple[str, bool]:
        """What makes it the same contribution as one on record: the name, among the drafters or beside them."""
        return self.key, self.role in DRAFTING


@dataclass(slots=True)
class ContributionReading:
    """What one row says. `is_list` tells a standard's list from a single contribution."""

    number: StandardNumber | None = None
    named: list[Named] = field(default_factory=list)
    is_list: bool = True
    said: dict[str, str] = field(default_factory=dict)  # evidence, document, recognition
    problems: list[Note] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)


def read_contributions(row: SourceRow, prefixes: Mapping[str, str]) -> ContributionReading:
    """Read one row. Problems refuse it whole; notes only remark on it."""
    reading = ContributionReading()
    # Lines of a cell separate names; everything else is tidied as everywhere.
    cells = {name: _cell(value) for name, value in row.cells.items()}
    cells = {name: "" if text in NOTHING else text for name, text in cells.items()}
    _refuse_damaged(cells, reading)
    if reading.problems:
        return reading
    _read_number(cells.get("number", ""), prefixes, reading)
    if cells.get("unit"):
        _read_single(cells, reading)
    else:
        _read_lists(cells, reading)
    reading.said = {name: text for name in ("evidence", "document", "recognition") if (text := cells.get(name))}
    _refuse_twice(reading)
    if not reading.named and not reading.problems:
        reading.problems.append(Note(NO_UNIT, field="units" if "units" in row.cells else "unit"))
    return reading


def _cell(value: object) -> str:
    if value is None:
        return ""
    if type(value) is str and "\n" not in value and "\r" not in value:
        return clean_text(value)
    return "\n".join(text for line in str(value).splitlines() if (text := clean_text(line)))


def _refuse_damaged(cells: Mapping[str, str], reading: ContributionReading) -> None:
    for name, text in cells.items():
        if has_forbidden_characters(text.replace("\n", " ")):
            shown = {"text": show_forbidden_characters(text)[:80]}
            reading.problems.append(Note(FORBIDDEN, shown, name))
        if (limit := LONGEST.get(name)) and len(text) > limit:
            reading.problems.append(Note(TOO_LONG, {"length": len(text), "limit": limit}, name))


def _read_number(text: str, prefixes: Mapping[str, str], reading: ContributionReading) -> None:
    if not text:
        reading.problems.append(Note(NO_NUMBER, field="number"))
        return
    try:
        number = parse(text, prefixes)
    except NotAStandardNumber as refusal:
        reading.problems.append(Note(BAD_NUMBER, {"text": text[:80], "reason": refusal.reason}, "number"))
        return
    reading.number = number
    if number.year is None:
        reading.problems.append(Note(NO_YEAR, {"number": str(number)}, "number"))


def _read_single(cells: Mapping[str, str], reading: ContributionReading) -> None:
    """A row of one contribution. Its rank is what its column says, nothing where it says nothing."""
    reading.is_list = False
    text, role = cells["unit"].replace("\n", " "), cells.get("role", "")
    read = read_drafters(text)
    if len(read.drafters) + len(read.unread) > 1:
        reading.problems.append(Note(SEVERAL, {"text": text[:80]}, "unit"))
    elif len(text) > LONGEST_NAME:
        reading.problems.append(Note(UNREAD["long"], {"text": text[:80]}, "unit"))
    else:
        reading.named.append(Named(text, name_key(text), role, role_class(role), _rank(cells, reading)))


def _read_lists(cells: Mapping[str, str], reading: ContributionReading) -> None:
    """The lists of a standard, whose places run on from one column to the next."""
    said = cells.get("role", "")
    for column, heading in ROLE_OF_COLUMN.items():
        read = read_drafters(cells.get(column, ""))
        for piece in read.unread:
            reading.problems.append(Note(UNREAD[piece.why], {"text": piece.text[:80]}, column))
        if read.is_incomplete:
            reading.notes.append(Note(INCOMPLETE, field=column))
        for drafter in read.drafters:
            printed_role = (drafter.role or said or heading)[:60]
            role = role_class(printed_role)
            place = 1 + sum(one.rank is not None for one in reading.named) if role in DRAFTING else None
            reading.named.append(Named(drafter.name, name_key(drafter.name), printed_role, role, place))
    if not cells.get("rank") or not reading.named:
        return
    rank = _rank(cells, reading)
    if len(reading.named) > 1:
        reading.problems.append(Note(RANK_BESIDE_SEVERAL, {"count": len(reading.named)}, "rank"))
        return
    one = reading.named[0]
    reading.named = [Named(one.name, one.key, one.printed_role, one.role, rank)]
    reading.is_list = False


def _rank(cells: Mapping[str, str], reading: ContributionReading) -> int | None:
    text = cells.get("rank", "")
    if not text:
        return None
    match = RANK.fullmatch(text.removesuffix(".0"))
    rank = _whole(match[1]) if match else 0
    if not rank:
        reading.problems.append(Note(NOT_A_RANK, {"text": text[:80]}, "rank"))
    return rank or None


def _whole(text: str) -> int:
    """12, 三, 十二 as numbers; 0 where the characters make none."""
    if text.isascii():
        return int(text)
    tens, ten, ones = text.partition("十")
    if any(char not in DIGITS for char in tens + ones) or len(tens) > 1 or len(ones) > 1:
        return 0
    return (DIGITS[tens] if tens else bool(ten)) * (10 if ten else 1) + (DIGITS[ones] if ones else 0)


def _refuse_twice(reading: ContributionReading) -> None:
    seen: set[tuple[str, bool]] = set()
    for one in reading.named:
        if one.identity in seen:
            reading.problems.append(Note(TWICE, {"name": one.name[:80]}, "units"))
        seen.add(one.identity)


def names_of(readings: Sequence[ContributionReading]) -> set[str]:
    """The printed names that have to be resolved."""
    return {one.name for reading in readings for one in reading.named if not reading.problems}
