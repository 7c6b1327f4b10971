"""The industrial classification (GB/T 4754-2017): the sections that ship with the product, the full table from a file.

A code says its level by its length; the section of a division (大类) is not in its code, and is the one under which it
stands in the standard.
"""

import csv
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from django.db import transaction

from records.columns import Field
from records.mapping import guess_mapping
from records.models import Event
from records.trail import Actor, Change, differences, record_many
from tabular.limits import COMMAND_LIMITS
from tabular.reading import read_table
from tabular.text import clean_text

from .models import Industry

REFERENCE = Path(__file__).parent / "reference"
FIELDS = (
    Field("code", "code", ("code", "代码", "行业代码", "类别代码")),
    Field("name", "name", ("name", "名称", "行业名称", "类别名称", "name_zh")),
    Field("name_en", "English name", ("name_en", "英文名称")),
)
CODE = re.compile(r"[A-T]|\d{2,4}")
# The first and the last division (大类) of each section.
DIVISIONS = {
    "A": (1, 5), "B": (6, 12), "C": (13, 43), "D": (44, 46), "E": (47, 50), "F": (51, 52), "G": (53, 60), "H": (61, 62),
    "I": (63, 65), "J": (66, 69), "K": (70, 70), "L": (71, 72), "M": (73, 75), "N": (76, 79), "O": (80, 82), "P": (83, 83),
    "Q": (84, 85), "R": (86, 90), "S": (91, 96), "T": (97, 97),
}  # fmt: skip
CODE_FIELDS = ("name", "name_en")


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the table. `derived` where it was concluded from the one below it."""

    code: str
    name: str
    name_en: str = ""
    derived: bool = False


def sections() -> list[dict[str, str]]:
    """The twenty sections, by the names of the columns."""
    with (REFERENCE / "industry_sections.csv").open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def section_of(code: str) -> str | None:
    """The section in which a code stands; None where the standard has no such division."""
    if code.isalpha():
        return code
    division = int(code[:2])
    return next((letter for letter, (first, last) in DIVISIONS.items() if first <= division <= last), None)


def read_industries(path: Path) -> tuple[list[Line], list[str]]:
    """The rows of a file, and a line for each that is none. Raises `tabular.errors.FileRefused`.

    A group that is not divided shares its line with its only class in many tables (`0190` stands for 019 and 0190): it is
    added under the same name.
    """
    rows: dict[str, Line] = {}
    rejected = []
    with read_table(path, limits=COMMAND_LIMITS, known_names={word for one in FIELDS for word in one.words}) as table:
        columns = list(table.columns)
        at = {name: columns.index(column) for name, column in guess_mapping(FIELDS, columns).items()}
        for row in table:
            cells = {name: clean_text(row.cells[index] or "") for name, index in at.items()}
            code = cells.get("code", "")
            if fault := _fault(code, cells.get("name", ""), rows):
                rejected.append(f"{path.name}:{row.number}: {code!r} {fault}")
            else:
                rows[code] = Line(code, cells["name"][:100], cells.get("name_en", "")[:200])
    for code, line in list(rows.items()):
        if len(code) == 4 and code.endswith("0") and code[:3] not in rows:
            rows[code[:3]] = Line(code[:3], line.name, line.name_en, derived=True)
    return sorted(rows.values(), key=lambda row: (len(row.code), row.code)), rejected


def _fault(code: str, name: str, rows: Mapping[str, Line]) -> str:
    if not CODE.fullmatch(code):
        return "is no code of GB/T 4754 (A-T, or two to four digits)"
    if section_of(code) is None:
        return "stands in no section of GB/T 4754-2017"
    if not name:
        return "has no name"
    return "stands twice" if code in rows else ""


@transaction.atomic
def load_industries(rows: Sequence[Line], *, by: Actor, dry_run: bool = False) -> dict[str, int]:
    """Add and update industries; a blank never erases, nothing is removed. Returns how many of each."""
    known = {one.code: one for one in Industry.objects.all()}
    counts = {"created": 0, "updated": 0, "unchanged": 0}
    entries = []
    for row in rows:  # sections before divisions, groups before classes
        industry = known.get(row.code) or Industry(code=row.code)
        before = _state(industry) if industry.pk else {}
        for name in CODE_FIELDS:
            setattr(industry, name, getattr(row, name) or getattr(industry, name))
        industry.parent = _above(row.code, known)
        industry.path = f"{industry.parent.path if industry.parent else '/'}{row.code}/"
        changes = differences(before, _state(industry))
        outcome = "created" if not industry.pk else "updated" if changes else "unchanged"
        counts[outcome] += 1
        known[row.code] = industry
        if outcome != "unchanged" and not dry_run:
            action = Event.Action.CREATED if outcome == "created" else Event.Action.UPDATED
            industry.save()
            entries.append(Change(action, Industry._meta.label_lower, industry.pk, str(industry), changes))
    record_many(entries, by=by)
    return counts


def _state(industry: Industry) -> dict[str, str]:
    return {name: getattr(industry, name) for name in ("code", *CODE_FIELDS, "path")}


def _above(code: str, known: Mapping[str, Industry]) -> Industry | None:
    """The nearest industry above that there is: a table may leave a group out."""
    letter = section_of(code)
    above: Iterable[str] = [code[:length] for length in range(len(code) - 1, 1, -1)]
    return next((known[one] for one in (*above, letter or "") if one in known and one != code), None)
