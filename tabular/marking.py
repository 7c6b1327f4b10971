"""Writes the rejected rows of workbooks and JSON. Runs in the child process, under its limits."""

import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import openpyxl
from openpyxl.cell.cell import Cell
from openpyxl.styles import Font, PatternFill
from openpyxl.worksheet.worksheet import Worksheet

from tabular.archives import check_archive
from tabular.errors import FileRefused
from tabular.jsonrows import load_document, load_lines
from tabular.keeping import load_rows
from tabular.limits import Limits
from tabular.rows import Oversized
from tabular.text import show_forbidden_characters
from tabular.workbooks import read_workbook

# number, indexes of the rejected cells (None: the row as a whole), reason
Reject = tuple[int, Sequence[int | None], str]

_REJECTED = PatternFill("solid", start_color="FFC7CE")
_REASON = Font(color="9C0006")


def mark_json(
    path: Path, *, kind: str, encoding: str, rejects: Sequence[Reject], out: str, header: str, limits: Limits
) -> Iterator[dict[str, Any]]:
    """The rejected objects with a member `header`, in the shape they came in."""
    reasons = {number: reason for number, _, reason in rejects}
    with Path(out).open("w", encoding="utf-8") as file:
        if kind == "jsonl":
            for number, record in load_lines(path, encoding, limits):
                if number in reasons:
                    file.write(json.dumps(record | {header: reasons[number]}, ensure_ascii=False) + "\n")
        else:
            document, key = load_document(path, encoding)
            records = document if key is None else document[key]
            kept = [record | {header: reasons[number]} for number, record in enumerate(records, 1) if number in reasons]
            json.dump(kept if key is None else document | {key: kept}, file, ensure_ascii=False, indent=2)
    yield {"written": len(reasons)}


def mark_workbook(
    path: Path,
    *,
    kind: str,
    sheet: str,
    header_row: int,
    reason_column: int,
    rejects: Sequence[Reject],
    out: str,
    header: str,
    limits: Limits,
    values_only: bool,
) -> Iterator[dict[str, Any]]:
    """The sheet down to `header_row` and its rejected rows, with the reason in `reason_column` (from 0)."""
    rows = {number: number for number in range(1, header_row + 1)}
    rows |= {number: header_row + place for place, (number, _, _) in enumerate(rejects, 1)}
    if values_only:
        book, table = _values(path, kind, sheet, rows, limits)
    else:
        check_archive(path, limits)
        book = load_rows(path, sheet=sheet, rows=rows, header_row=header_row)
        table = book[sheet]
        _move_rows(table, rows)
    _write(table, header_row, reason_column, header)
    for number, indexes, reason in rejects:
        for index in indexes:
            if index is not None:
                table.cell(rows[number], index + 1).fill = _REJECTED
        _write(table, rows[number], reason_column, reason).font = _REASON
    table.column_dimensions[table.cell(1, reason_column + 1).column_letter].width = 60
    book.save(out)
    yield {"written": len(rejects)}


def _write(table: Worksheet, row: int, column: int, text: str) -> Cell:
    cell: Cell = table.cell(row, column + 1)
    cell.value = text
    cell.data_type = "s"  # or a reason that begins with = would become a formula
    return cell


def _move_rows(table: Worksheet, rows: dict[int, int]) -> None:
    """Move each row to its new place, with its height; what points at old places goes."""
    cells = table._cells
    heights = {rows[row]: line.height for row, line in table.row_dimensions.items() if row in rows and line.height}
    for (row, _), cell in cells.items():
        cell.row = rows[row]
    table._cells = {(rows[row], column): cell for (row, column), cell in cells.items()}
    table.row_dimensions.clear()
    for row, height in heights.items():
        table.row_dimensions[row].height = height
    table._charts, table._images = [], []
    table.tables.clear()
    table.auto_filter.ref = None


def _values(
    path: Path, kind: str, sheet: str, rows: dict[int, int], limits: Limits
) -> tuple[openpyxl.Workbook, Worksheet]:
    """A new workbook with the values of the rows that stay."""
    book = openpyxl.Workbook()
    table = book.active
    table.title = sheet
    for answer in read_workbook(path, kind=kind, sheet=sheet, limits=limits):
        if isinstance(answer, dict) or answer[0] not in rows:
            continue
        number, cells = answer
        for column, value in enumerate(cells):
            if isinstance(value, Oversized):
                raise FileRefused("cannot_annotate")
            if isinstance(value, str):
                _write(table, rows[number], column, show_forbidden_characters(value))
            elif value is not None:
                table.cell(rows[number], column + 1).value = value
    return book, table
