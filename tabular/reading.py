"""One way to read a table from a file, whatever its format: names first, then rows, lazily."""

from collections.abc import Collection, Iterator
from itertools import chain, islice
from pathlib import Path
from types import TracebackType
from typing import Any, NamedTuple, Self, cast

from tabular.blocks import read_blocks
from tabular.child import Child
from tabular.delimited import guess_delimiter, read_delimited
from tabular.errors import FileRefused, RowRefused
from tabular.limits import UPLOAD_LIMITS, Limits
from tabular.rows import (
    HEADER_WITHIN,
    Cell,
    Oversized,
    RawRow,
    Row,
    cell_address,
    column_letter,
    find_header,
    trimmed,
    unique_names,
)
from tabular.sniffing import check_size, find_format

GRIDS = frozenset(["csv", "tsv", "xlsx", "xls"])


class _Source(NamedTuple):
    """Where rows come from: for a grid they include the header, for records the columns are known."""

    head: dict[str, Any]
    rows: Iterator[RawRow]
    child: Child | None = None


class TableReader:
    """A table being read. Iterate it once; as a context manager it ends the child process early.

    columns         names as printed, stripped; a second 名称 is 名称#2; "" where a column has none
    column_letters  A, B, … for each column
    header_row      the header's row in the file; None for JSON and blocks
    format          csv tsv xlsx xls json jsonl blocks
    encoding        utf-8, utf-8-sig, utf-16, gb18030; None for workbooks
    sheet, sheets   the sheet read and all visible ones; None and [] for other formats
    meta            scalar members around a JSON list, such as `updated`
    """

    def __init__(self, path: Path, *, format: str, encoding: str | None, limits: Limits, source: _Source) -> None:
        self.path, self.format, self.encoding, self.limits = path, format, encoding, limits
        self._head = source.head
        self.sheet: str | None = source.head.get("sheet")
        self.sheets: list[str] = source.head.get("sheets", [])
        self.meta: dict[str, Any] = source.head.get("meta", {})
        self.delimiter: str | None = source.head.get("delimiter")
        self.header_row: int | None = None
        self.columns: list[str] = []
        self._child = source.child
        self._rows = source.rows

    @property
    def column_letters(self) -> list[str]:
        return [column_letter(index) for index in range(len(self.columns))]

    def address(self, row: int, column_index: int) -> str:
        """Where a cell is, in the words of the format: `C17` in a grid, `17.title` in records."""
        if self.format in GRIDS:
            return cell_address(row, column_index)
        return f"{row}.{self.columns[column_index]}"

    def take_header(self, known_names: Collection[str]) -> None:
        """Name the columns: from the head, or from the header row found among the first rows."""
        if "columns" in self._head:
            self.columns = list(self._head["columns"])
            return
        first = list(islice(self._rows, HEADER_WITHIN))
        grid = [[None if isinstance(cell, Oversized) else cell for cell in cells] for _, cells in first]
        index = find_header(grid, known_names)
        if index is None:
            raise FileRefused("no_header" if first else "empty_file")
        self.header_row = first[index][0]
        header = trimmed(grid[index])
        self._check_width(self.header_row, len(header))
        # A sheet may hold remarks beside the table: those columns have no name.
        width = min(self._head.get("width", 0), self.limits.columns)
        self.columns = unique_names(header + [None] * (width - len(header)))
        self._rows = chain(first[index + 1 :], self._rows)

    def __iter__(self) -> Iterator[Row]:
        try:
            for count, (number, cells) in enumerate(self._rows, 1):
                if count > self.limits.rows:
                    raise FileRefused("too_many_rows", limit=self.limits.rows)
                yield self._row(number, cells)
        finally:
            self.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """End the child process or close the file."""
        if self._child:
            self._child.close()
        self._rows = iter(())

    def _row(self, number: int, cells: list[Cell | Oversized]) -> Row:
        errors: list[RowRefused] = []
        width, longest = len(self.columns), self.limits.cell_chars
        if len(cells) > width:
            errors += self._check_extra(number, len(trimmed(cells)))
            del cells[width:]
        for index, cell in enumerate(cells):
            size = len(cell) if type(cell) is str else cell.chars if type(cell) is Oversized else 0
            if size > longest:
                where = self.address(number, index)
                errors.append(RowRefused("cell_too_long", where=where, cell=where, count=size, limit=longest))
                cells[index] = None
        cells.extend([None] * (width - len(cells)))
        return Row(number, cast("list[Cell]", cells), tuple(errors))

    def _check_extra(self, number: int, count: int) -> list[RowRefused]:
        self._check_width(number, count)
        if count <= len(self.columns):
            return []
        return [RowRefused("extra_cells", where=str(number), row=number, count=count, limit=len(self.columns))]

    def _check_width(self, number: int, count: int) -> None:
        if count > self.limits.columns:
            raise FileRefused("too_many_columns", where=str(number), row=number, count=count, limit=self.limits.columns)


def read_table(
    path: str | Path,
    *,
    limits: Limits = UPLOAD_LIMITS,
    kind: str | None = None,
    encoding: str | None = None,
    name: str | None = None,
    sheet: str | None = None,
    known_names: Collection[str] = (),
) -> TableReader:
    """Open a table for reading; see TableReader for what it offers.

    `kind` (csv tsv xlsx xls json jsonl blocks) and `name`, the user's own file name where `path` is a
    temporary one, must agree with the content. `known_names` are the words a header may hold, to find it
    below titles. Raises FileRefused, here or while iterating.
    """
    path = Path(path)
    check_size(path, limits)
    format_, encoding, lines = find_format(path, name=name or path.name, kind=kind, encoding=encoding)
    if format_ in ("xlsx", "xls"):
        source = _from_child("workbook", path, limits, {"kind": format_, "sheet": sheet})
    elif format_ in ("json", "jsonl"):
        source = _from_child("json", path, limits, {"kind": format_, "encoding": encoding})
    elif format_ == "blocks":
        source = _from_blocks(path, str(encoding), limits)
    else:
        source = _from_delimited(path, format_, str(encoding), limits, lines)
    reader = TableReader(path, format=format_, encoding=encoding, limits=limits, source=source)
    try:
        reader.take_header(known_names)
    except BaseException:
        reader.close()
        raise
    return reader


def _from_child(do: str, path: Path, limits: Limits, options: dict[str, Any]) -> _Source:
    child = Child(do, path, limits=limits, options=options)
    answers = child.answers()
    try:
        head = next(answers)
    except BaseException:
        child.close()
        raise
    return _Source(head, ((number, cells) for number, cells in answers), child)


def _from_blocks(path: Path, encoding: str, limits: Limits) -> _Source:
    names: dict[str, None] = {}
    for count, (number, block) in enumerate(read_blocks(path, encoding=encoding, limits=limits), 1):
        names |= dict.fromkeys(block)
        if len(names) > limits.columns:
            raise FileRefused("too_many_columns", where=str(number), row=number, count=len(names), limit=limits.columns)
        if count > limits.rows:
            raise FileRefused("too_many_rows", limit=limits.rows)
    blocks = read_blocks(path, encoding=encoding, limits=limits)
    return _Source(
        {"columns": list(names)},
        ((number, [block.get(name) or None for name in names]) for number, block in blocks),
    )


def _from_delimited(path: Path, format_: str, encoding: str, limits: Limits, lines: int) -> _Source:
    with path.open(encoding=encoding, newline="") as file:
        delimiter = "\t" if format_ == "tsv" else guess_delimiter(file.read(1 << 16))

    def rows() -> Iterator[RawRow]:
        return read_delimited(path, encoding=encoding, delimiter=delimiter, limits=limits)

    # Refuse before the first row is used, not after the last one allowed.
    allowed = limits.rows + HEADER_WITHIN
    if lines > allowed and sum(1 for _ in islice(rows(), allowed + 1)) > allowed:
        raise FileRefused("too_many_rows", limit=limits.rows)
    return _Source({"delimiter": delimiter}, rows())
