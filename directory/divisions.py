"""Administrative divisions of China with their years, and which division followed which.

The table is the one `python-stdnum` carries (`stdnum/cn/loc.dat`, made from the change tables of
GB/T 2260 and its successors). What is wrong or too old there is set right in
`reference/division_corrections.csv`; what cannot be derived from it stands in
`reference/division_successions.csv`. Both are ours.
"""

import csv
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from pathlib import Path
from typing import Literal

from stdnum import numdb

Level = Literal["province", "prefecture", "county"]

REFERENCE = Path(__file__).parent / "reference"

# Headings of the printed table that stand where a division would stand.
HEADINGS = frozenset({"市辖区", "市区", "县", "市", "省直辖县级行政单位", "省直辖行政单位", "自治区直辖县级行政单位"})

# A province cut out of another one: (new, year) -> old.
CUT_OUT = {("46", 1988): "44", ("50", 1997): "51"}

PEOPLES = (
    "蒙古|回|藏|维吾尔|苗|彝|壮|布依|朝鲜|满|侗|瑶|白|土家|哈尼|哈萨克|傣|黎|傈僳|佤|畲|拉祜|水|东乡|纳西|景颇|"
    "柯尔克孜|土|达斡尔|仫佬|羌|布朗|撒拉|毛南|毛难|仡佬|锡伯|阿昌|普米|塔吉克|怒|鄂温克|德昂|崩龙|保安|裕固|京|"
    "独龙|鄂伦春|各"
)
STEM = re.compile(rf"(.{{2,}}?)(?:(?:{PEOPLES})族)*(?:自治)?(?:州|县|旗|市|区|地区|盟|特区|林区|新区)?")
ENTRY = re.compile(r"(?:\[(\d*)-(\d*)\])?([^\[\],]+)")


@dataclass(frozen=True, slots=True)
class Division:
    """One name of one code. The years are those of the change; the table knows no days.

    `valid_from` None: from before the table began (about 1980). `valid_to`: the year in which it
    ended, which is the year in which what came after it began; None: still valid.
    """

    code: str
    name: str
    level: Level
    parent: str | None
    valid_from: int | None
    valid_to: int | None


@dataclass(frozen=True, slots=True)
class Succession:
    """What became of a division: (code, valid_from) of the old row and of the new one."""

    old_code: str
    old_from: int | None
    new_code: str
    new_from: int | None
    year: int
    note: str


Kin = Mapping[tuple[str, Level, str], Sequence[Division]]


def divisions() -> list[Division]:
    """Every division there was or is, unique on (code, valid_from), ordered by both."""
    rows = [row for row in _corrected(_package_rows()) if row.name not in HEADINGS]
    codes = {row.code for row in rows}
    placed = [replace(row, parent=_parent_code(row.code, codes)) for row in rows]
    return sorted(placed, key=lambda row: (row.code, row.valid_from or 0))


def parent_of(division: Division, rows: Mapping[str, Sequence[Division]]) -> Division | None:
    """The row of the parent's code that held when the division did; the nearest one if none held.

    `rows` are the divisions by code, each in order of years.
    """
    if division.parent is None:
        return None
    candidates = rows[division.parent]
    overlapping = [row for row in candidates if _overlap(row, division)]
    return overlapping[-1] if overlapping else candidates[-1]


def successions() -> list[Succession]:
    """Every succession that follows from the table with certainty, and those written by hand.

    Derived: a code that went on under another name, and a division that ended in the year in which
    the only one of the same name stem began in the same province. A county that became a
    prefecture, and a merger, are not derivable.
    """
    rows = divisions()
    kin = _kin(rows)
    by_hand = list(_written_successions(rows))
    written = {(link.old_code, link.old_from) for link in by_hand}
    derived = [*_moved(rows, kin), *_renamed(rows, kin)]
    found = [link for link in derived if (link.old_code, link.old_from) not in written]
    return sorted([*by_hand, *found], key=lambda link: (link.year, link.old_code, link.new_code))


def _package_rows() -> Iterator[Division]:
    for _, province, _, _, children in numdb.get("cn/loc").prefixes:
        for _, rest, _, properties, _ in children:
            yield from _entries(province + rest, properties["county"])


def _entries(code: str, text: str) -> Iterator[Division]:
    """Rows of one line: `[1983-1990]城区,[1991-2019]崇川区`.

    Where one name follows another, the table gives the last full year of the first; everywhere
    else, the year of the change. We give the year of the change throughout.
    """
    entries = [
        Division(code, name, _level(code), None, int(start) if start else None, int(end) if end else None)
        for start, end, name in ENTRY.findall(text)
    ]
    following = [*entries[1:], None]
    for entry, then in zip(entries, following, strict=True):
        if entry.valid_from and entry.valid_to and entry.valid_from > entry.valid_to:
            continue  # a name older than the code: it never held
        if then and then.valid_from and entry.valid_to == then.valid_from - 1:
            entry = replace(entry, valid_to=then.valid_from)
        yield entry


def _corrected(rows: Iterable[Division]) -> Iterator[Division]:
    """The rows with our corrections. Raises ValueError when one no longer meets its row."""
    corrections = {(line["code"], line["package_name"]): line for line in _read("division_corrections.csv")}
    for row in rows:
        line = corrections.pop((row.code, row.name), None)
        if line is None:
            yield row
        elif line["name"]:
            yield _from_line(line)
    for (code, package_name), line in corrections.items():
        if package_name:
            raise ValueError(f"division_corrections.csv: {code} {package_name} is not in the package")
        yield _from_line(line)


def _from_line(line: Mapping[str, str]) -> Division:
    code = line["code"]
    return Division(code, line["name"], _level(code), None, _year(line["valid_from"]), _year(line["valid_to"]))


def _written_successions(rows: Sequence[Division]) -> Iterator[Succession]:
    """Our own list. Raises ValueError when a line meets no row of the table."""
    for line in _read("division_successions.csv"):
        year = int(line["year"])
        old = [row for row in rows if row.code == line["old_code"] and row.valid_to == year]
        new = [row for row in rows if row.code == line["new_code"] and _holds_after(row, year)]
        if len(old) != 1 or len(new) != 1:
            raise ValueError(f"division_successions.csv: {line} meets {len(old)} and {len(new)} rows")
        yield _link(old[0], new[0], year, line["note"])


def _moved(rows: Sequence[Division], kin: Kin) -> Iterator[Succession]:
    """Old and new under different codes: 海门市 320684 → 海门区 320614 in 2020."""
    renamed_in = {(old.code, old.valid_to) for old, new in pairwise(rows) if old.code == new.code}
    for old in rows:
        heirs = [row for row in _others(old, kin) if row.valid_from == old.valid_to]
        if old.valid_to is None or len(heirs) != 1:
            continue
        rivals = [row for row in _others(heirs[0], kin) if row.valid_to == old.valid_to]
        # 庐山区 became 濂溪区 under its own code in the year in which 庐山市 was made of another county.
        same_place = old.name == heirs[0].name or (old.code, old.valid_to) not in renamed_in
        # A county-level city that "became" a county was in truth divided (绍兴市 1983, 金华市 1985).
        divided = old.name[-1] == "市" and heirs[0].name[-1] == "县"
        if rivals == [old] and same_place and not divided:
            yield _link(old, heirs[0], old.valid_to, "同名换代码")


def _renamed(rows: Sequence[Division], kin: Kin) -> Iterator[Succession]:
    """One code, another name: 桥东区 130502 → 襄都区 in 2020.

    Not where the code passed to another place: the old name goes on, or the new one came from,
    elsewhere in those years (332421 was 洞头县, then 兰溪县).
    """
    for old, new in pairwise(rows):
        if old.code != new.code or old.valid_to is None or old.valid_to != new.valid_from:
            continue
        went = any(_near(row.valid_from, old.valid_to) for row in _others(old, kin))
        came = any(_near(row.valid_to, old.valid_to) for row in _others(new, kin))
        if not went and not came:
            yield _link(old, new, old.valid_to, "同代码更名")


def _kin(rows: Iterable[Division]) -> Kin:
    """The rows by territory, level and name stem. A province cut out of another shares its territory."""
    kin: defaultdict[tuple[str, Level, str], list[Division]] = defaultdict(list)
    for row in rows:
        for territory in _territories(row):
            kin[territory, row.level, _stem(row.name)].append(row)
    return kin


def _others(row: Division, kin: Kin) -> list[Division]:
    """Rows of other codes that may be the same place by name. A district counts in its own city only."""
    stem = _stem(row.name)
    namesakes = [other for place in _territories(row) for other in kin.get((place, row.level, stem), ())]
    return [other for other in dict.fromkeys(namesakes) if other.code != row.code and _may_be_same(row, other)]


def _may_be_same(row: Division, other: Division) -> bool:
    both_districts = row.level == "county" and row.name[-1] == other.name[-1] == "区"
    same_city = row.code[:4] == other.code[:4] or row.code[:2] != other.code[:2]
    return same_city or not both_districts


def _territories(row: Division) -> list[str]:
    province = row.code[:2]
    return [province, *(old for new, old in CUT_OUT.items() if new == (province, row.valid_from))]


def _stem(name: str) -> str:
    match = STEM.fullmatch(name)
    return match.group(1) if match else name


def _link(old: Division, new: Division, year: int, note: str) -> Succession:
    return Succession(old.code, old.valid_from, new.code, new.valid_from, year, note)


def _near(year: int | None, other: int) -> bool:
    return year is not None and abs(year - other) <= 2


def _holds_after(row: Division, year: int) -> bool:
    return (row.valid_from or 0) <= year and (row.valid_to is None or row.valid_to > year)


def _overlap(row: Division, other: Division) -> bool:
    starts_in_time = other.valid_to is None or (row.valid_from or 0) <= other.valid_to
    ends_in_time = row.valid_to is None or (other.valid_from or 0) <= row.valid_to
    return starts_in_time and ends_in_time


def _parent_code(code: str, codes: Iterable[str]) -> str | None:
    province, prefecture = f"{code[:2]}0000", f"{code[:4]}00"
    if code == province:
        return None
    return prefecture if code != prefecture and prefecture in codes else province


def _level(code: str) -> Level:
    if code.endswith("0000"):
        return "province"
    return "prefecture" if code.endswith("00") else "county"


def _year(text: str) -> int | None:
    return int(text) if text else None


def _read(name: str) -> list[dict[str, str]]:
    with (REFERENCE / name).open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))
