"""openpyxl, made to load only the rows of a workbook that stay. Runs in the child process."""

from collections.abc import Collection
from pathlib import Path
from typing import Any

import openpyxl
from openpyxl.reader import excel
from openpyxl.utils import range_boundaries
from openpyxl.worksheet._reader import WorksheetReader

# openpyxl makes an object for each cell of a merged area, and a sheet can declare 17 billion of them merged.
_MERGED_CELLS = 10_000

if not openpyxl.DEFUSEDXML:
    raise RuntimeError("defusedxml is missing: openpyxl would expand entity bombs")


def load_rows(path: Path, *, sheet: str, rows: Collection[int], header_row: int) -> openpyxl.Workbook:
    """A workbook whose `sheet` holds only the given rows; below the header nothing is merged, no cell is a link.

    Formulas come as the values that were computed last: without their neighbours they would compute others.
    """

    class Reader(_KeepingReader):
        kept = (sheet, rows, header_row)

    # openpyxl has no way to be given a reader. No other thread runs in the child.
    usual, excel.WorksheetReader = excel.WorksheetReader, Reader
    try:
        return openpyxl.load_workbook(path, data_only=True, keep_links=False)
    finally:
        excel.WorksheetReader = usual


class _KeepingReader(WorksheetReader):
    kept: tuple[str, Collection[int], int]

    def bind_cells(self) -> None:
        sheet, rows, _ = self.kept
        if self.ws.title == sheet:
            self._keep(rows)
        super().bind_cells()

    def bind_merged_cells(self) -> None:
        merged = self.parser.merged_cells
        if merged:
            merged.mergeCell = [area for area in merged.mergeCell if self._may_stay_merged(area.ref)]
        super().bind_merged_cells()

    def bind_hyperlinks(self) -> None:
        """No links: they hold areas that would have to move, and lead out of the file."""

    def _keep(self, rows: Collection[int]) -> None:
        parser = self.parser
        parse_row = parser.parse_row

        def parse_kept_row(element: Any) -> tuple[int, list[Any]]:
            number = int(element.get("r", parser.row_counter + 1))
            if number in rows:
                return parse_row(element)
            parser.row_counter = number
            return number, []

        parser.parse_row = parse_kept_row

    def _may_stay_merged(self, area: str) -> bool:
        left, top, right, bottom = map(int, range_boundaries(area))
        sheet, _, header_row = self.kept
        if self.ws.title == sheet and bottom > header_row:
            return False
        return (right - left + 1) * (bottom - top + 1) <= _MERGED_CELLS
