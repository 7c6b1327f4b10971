"""Tables as files: csv, JSON lines and xlsx, each in constant memory, none of them able to run a formula."""

import csv
import io
import json
import math
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Literal

from rustpy_xlsxwriter import Format, write_worksheets

from tabular.dates import PartialDate
from tabular.delimited import guard

_BLOCK_CHARS = 1 << 16
# Excel's own limits.
_CELL_CHARS = 32_767
_EXACT = 1 << 53
_NOT_IN_SHEET_NAMES = re.compile(r"[\[\]:*?/\\'\x00-\x1f]+")
NOTES_SHEET = "说明"

Record = Mapping[str, object]


@dataclass(frozen=True)
class Column:
    """`key` finds the value in a row, `label` is printed above it; `width` is in characters."""

    key: str
    label: str
    kind: Literal["text", "date", "number"] = "text"
    width: float = 16


def write_csv(columns: Sequence[Column], rows: Iterable[Record]) -> Iterator[bytes]:
    """UTF-8 with BOM and CRLF, in blocks. What a spreadsheet would run as a formula gets an apostrophe.

    `tabular.reading` takes exactly that apostrophe off again, so a round trip changes no text.
    """
    buffer = io.StringIO()
    writer = csv.writer(buffer)
    buffer.write("\ufeff")
    writer.writerow([guard(column.label) for column in columns])
    keys = [column.key for column in columns]
    for row in rows:
        writer.writerow([guard(_printed(row.get(key))) for key in keys])
        if buffer.tell() > _BLOCK_CHARS:
            yield buffer.getvalue().encode()
            buffer.seek(0)
            buffer.truncate()
    yield buffer.getvalue().encode()


def write_jsonl(rows: Iterable[Record]) -> Iterator[bytes]:
    """One object a line, UTF-8; dates are ISO 8601, to the precision they are known."""
    for row in rows:
        plain = {key: _printed(value) if isinstance(value, date | PartialDate) else value for key, value in row.items()}
        yield json.dumps(plain, ensure_ascii=False, separators=(",", ":"), default=str).encode() + b"\n"


def write_xlsx(
    path: str | Path,
    columns: Sequence[Column],
    rows: Iterable[Record],
    *,
    title: str,
    notes: Sequence[str] = (),
) -> None:
    """One sheet named after `title`, and one called 说明 with the lines of `notes`, if any.

    Days are real dates (yyyy-mm-dd), months and years text, numbers numbers, everything else text:
    never a formula, never a link. A text beyond Excel's 32,767 characters is cut visibly. Labels must differ.
    """
    if len({column.label for column in columns}) != len(columns):
        raise ValueError("Two columns have the same label")
    name = sheet_name(title)
    sheets: list[tuple[str, Iterable[dict[str, object]]]] = [(name, _records(columns, rows))]
    if notes:
        sheets.append((NOTES_SHEET, [{title[:_CELL_CHARS]: note} for note in notes]))
    write_worksheets(
        sheets,
        str(path),
        freeze_panes={name: {"row": 1, "col": 0}},
        datetime_format="yyyy-mm-dd",
        autofilter={name: True},
        header_format={"general": Format().set_bold().set_background_color("#D9E2F3")},
        column_widths={name: [column.width for column in columns], NOTES_SHEET: [100.0]},
    )


def sheet_name(title: str) -> str:
    """A title as Excel allows it on a sheet: at most 31 characters, none of []:*?/\\', and not 说明."""
    name = _NOT_IN_SHEET_NAMES.sub(" ", title).strip()[:31].strip()
    return "数据" if name in ("", NOTES_SHEET) or name.lower() == "history" else name


def _records(columns: Sequence[Column], rows: Iterable[Record]) -> Iterator[dict[str, object]]:
    plan = [(column.label, column.key, _CONVERTERS[column.kind]) for column in columns]
    empty = True
    for row in rows:
        empty = False
        # Nearly every cell is a short text, which no converter changes.
        yield {
            label: value if type(value := row.get(key)) is str and len(value) < _CELL_CHARS else convert(value)
            for label, key, convert in plan
        }
    if empty:  # the library takes the header from the first row
        yield {column.label: None for column in columns}


def _printed(value: object) -> str:
    if type(value) is str:
        return value
    if value is None:
        return ""
    # A PartialDate knows how far it is known; a date-time prints without the T.
    return str(value)


def _as_text(value: object) -> str | None:
    if value is None:
        return None
    text = value if type(value) is str else str(value)
    return text if len(text) <= _CELL_CHARS else f"{text[: _CELL_CHARS - 20]}⟨… +{len(text) - _CELL_CHARS + 20}⟩"


def _as_date(value: object) -> date | str | None:
    if isinstance(value, PartialDate):
        return value.start if value.precision == "day" else str(value)
    return value if isinstance(value, date) else _as_text(value)


def _as_number(value: object) -> int | float | str | None:
    if isinstance(value, Decimal):
        value = int(value) if value == value.to_integral_value() else float(value)
    if isinstance(value, int):
        return value if abs(value) < _EXACT else str(value)
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    return _as_text(value)


_CONVERTERS: dict[str, Callable[[object], object]] = {
    "text": _as_text,
    "date": _as_date,
    "number": _as_number,
}
