"""What a table is made of: rows of typed cells, column letters, and the row that holds the names."""

import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple, TypeVar

from tabular.errors import RowRefused
from tabular.text import clean_text

Cell = str | int | float | date | datetime | bool | None
_T = TypeVar("_T")

# A header stands among the first rows that are not blank; titles, units and notes may stand above it.
HEADER_WITHIN = 30


@dataclass(frozen=True, slots=True)
class Oversized:
    """Stands for a text that is too long to be passed on."""

    chars: int


RawRow = tuple[int, list[Cell | Oversized]]


class Row(NamedTuple):
    """One data row. `number` is the user's own: the row or line of the file, the entry of a JSON list (from 1).

    `cells` is as long as the table's columns. A row with `errors` must be refused: the cells that
    they name are None here.
    """

    number: int
    cells: list[Cell]
    errors: tuple[RowRefused, ...] = ()


def column_letter(index: int) -> str:
    """The letter of a column counted from 0: A, B, …, Z, AA."""
    letters = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def cell_address(row: int, column_index: int) -> str:
    """The address as a spreadsheet shows it: row 17, column 2 (from 0) is C17."""
    return f"{column_letter(column_index)}{row}"


_NOT_PART_OF_A_NAME = re.compile(r"[\s*＊:：]+")


def name_key(name: object) -> str:
    """A column name for comparing: no white space, no asterisks or colons, no case."""
    return _NOT_PART_OF_A_NAME.sub("", clean_text(name)).casefold()


def find_header(rows: Sequence[Sequence[Cell]], known_names: Collection[str] = ()) -> int | None:
    """The index of the row that holds the column names.

    The row with most of the caller's known names (at least two, or all its cells); where no row has
    them, the first row with at least two text cells; where the table has one column, its first row.
    """
    keys = {name_key(name) for name in known_names}
    scores = [_known_cells(row, keys) for row in rows]
    best = max(scores, default=0)
    if best:
        return scores.index(best)
    for index, row in enumerate(rows):
        if sum(1 for cell in row if isinstance(cell, str) and cell.strip()) >= 2:
            return index
    one_column = all(sum(1 for cell in row if cell is not None) <= 1 for row in rows)
    return 0 if rows and one_column else None


def unique_names(names: Iterable[object]) -> list[str]:
    """Column names stripped, in order; the second 名称 becomes 名称#2. Blank names stay blank."""
    seen: set[str] = set()
    unique: list[str] = []
    for name in map(clean_text, names):
        candidate, count = name, 1
        while candidate and candidate in seen:
            count += 1
            candidate = f"{name}#{count}"
        seen.add(candidate)
        unique.append(candidate)
    return unique


def trimmed(cells: list[_T]) -> list[_T]:
    """The cells without the blank ones at the end."""
    end = len(cells)
    while end and cells[end - 1] is None:
        end -= 1
    return cells[:end]


def _known_cells(row: Sequence[Cell], keys: set[str]) -> int:
    names = [name_key(cell) for cell in row if isinstance(cell, str) and cell.strip()]
    known = sum(1 for name in names if name in keys)
    return known if known >= 2 or known == len(names) else 0
