"""xlsx and xls sheets as rows. Runs in the child process: calamine aborts on some files."""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

from python_calamine import (
    CalamineError,
    CalamineSheet,
    CalamineWorkbook,
    PasswordError,
    SheetTypeEnum,
    SheetVisibleEnum,
)

from tabular.archives import check_archive
from tabular.errors import FileRefused
from tabular.limits import Limits
from tabular.rows import HEADER_WITHIN, Cell, Oversized, RawRow, trimmed

_EXACT = 1 << 53


def read_workbook(path: Path, *, kind: str, sheet: str | None, limits: Limits) -> Iterator[dict[str, Any] | RawRow]:
    """First what the sheet is (`sheet`, `sheets`, `width`), then its rows, numbered, without blank ones.

    Without a `sheet` name the first visible one that is not empty is read. Whole numbers are ints.
    A workbook that calamine may not survive is announced by a `hint`, the error that explains its death.
    """
    if kind == "xlsx" and check_archive(path, limits) > limits.rows + HEADER_WITHIN:
        yield {"hint": "too_many_rows", "params": {"limit": limits.rows}}
    try:
        workbook = _open(path, kind)
        names = [
            item.name
            for item in workbook.sheets_metadata
            if item.typ == SheetTypeEnum.WorkSheet and item.visible == SheetVisibleEnum.Visible
        ]
        found = _pick(workbook, names, sheet)
        _check_height(found, limits)
    except PasswordError as error:
        raise FileRefused("password_protected") from error
    except CalamineError as error:
        raise FileRefused("damaged_file") from error
    yield {"sheet": found.name, "sheets": names, "width": found.end[1] + 1 if found.end else 0}
    yield from _rows(found, limits)


def _open(path: Path, kind: str) -> CalamineWorkbook:
    # calamine believes the name; an upload's may end in anything.
    if path.suffix.lower() in (f".{kind}", ".upload", ""):
        return CalamineWorkbook.from_path(path)
    with path.open("rb") as file:
        return CalamineWorkbook.from_filelike(file)


def _pick(workbook: CalamineWorkbook, names: list[str], sheet: str | None) -> CalamineSheet:
    if sheet is not None:
        if sheet not in workbook.sheet_names:
            raise FileRefused("unknown_sheet", where=sheet, sheet=sheet)
        return workbook.get_sheet_by_name(sheet)
    for name in names:
        found = workbook.get_sheet_by_name(name)
        if found.height:
            return found
    raise FileRefused("empty_file")


def _check_height(sheet: CalamineSheet, limits: Limits) -> None:
    allowed = limits.rows + HEADER_WITHIN
    if sheet.height > allowed and sum(1 for row in sheet.iter_rows() if any(cell != "" for cell in row)) > allowed:
        raise FileRefused("too_many_rows", limit=limits.rows)


def _rows(sheet: CalamineSheet, limits: Limits) -> Iterator[RawRow]:
    # iter_rows starts at row 1 of the sheet, but at the first column used.
    before: list[Cell | Oversized] = [None] * (sheet.start[1] if sheet.start else 0)
    for number, values in enumerate(sheet.iter_rows(), 1):
        cells = trimmed([_plain(value, limits.cell_chars) for value in values])
        if cells:
            yield number, before + cells


def _plain(value: object, cell_chars: int) -> Cell | Oversized:
    if isinstance(value, str):
        return (value if len(value) <= cell_chars else Oversized(len(value))) if value else None
    if isinstance(value, float) and value.is_integer() and abs(value) < _EXACT:
        return int(value)
    if isinstance(value, time):
        return value.isoformat()
    if isinstance(value, timedelta):
        return str(value)
    return value if isinstance(value, bool | int | float | date | datetime) else None
