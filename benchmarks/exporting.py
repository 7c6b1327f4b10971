"""The XLSX export of the whole catalogue, against the library's own loop over the same rows (run by `Engine.measure`).

Three ways, one child process each, because memory never given back would count for the next: the product's export; the
library fed by one cursor with the best statement we can write for the same cells, and nothing between; the library
fed with rows that are ready in memory, which is what writing alone takes.
"""

import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

from .engines import MB, hand_over, start_django

start_django()

from django.db import connection  # noqa: E402
from django.utils import timezone  # noqa: E402
from rustpy_xlsxwriter import write_worksheets  # noqa: E402

from catalog.columns import columns  # noqa: E402
from catalog.exports import export_response, table_rows  # noqa: E402
from catalog.levels import Kind, Level, Nature, Status  # noqa: E402
from catalog.models import Standard  # noqa: E402

from . import asked as by_hand  # noqa: E402

PREPARED = 1000


class Memory(threading.Thread):
    """Watches how much memory of its own the process holds, MB: SQLite's mapped file is the system's, not ours."""

    def __init__(self) -> None:
        super().__init__(daemon=True)
        self.before = self.peak = self._now()
        self.start()

    def run(self) -> None:
        while True:
            self.peak = max(self.peak, self._now())
            time.sleep(0.02)

    def _now(self) -> float:
        status = Path("/proc/self/status").read_text()
        return int(status.partition("RssAnon:")[2].split()[0]) * 1024 / MB


def export(count: int) -> dict[str, Any]:
    """The product's own response, read to its end."""
    standards = Standard.objects.visible_to(None).order_by("sort_key", "id")[:count]
    for chunk in export_response(standards.all()[:PREPARED], timezone.localdate(), "xlsx"):
        del chunk  # everything imported and warm
    memory, start, cpu = Memory(), time.perf_counter(), time.process_time()
    size = sum(len(chunk) for chunk in export_response(standards, timezone.localdate(), "xlsx"))
    return _result(memory, start, cpu) | {"bytes": size}


def statement(count: int) -> str:
    """All cells of the export by one statement, in the order of `columns`; the remark's parts come last."""
    join = "group_concat" if connection.vendor == "sqlite" else "string_agg"

    def joined(column: str, table: str, where: str) -> str:
        return f"(SELECT {join}(x, '、') FROM (SELECT {column} AS x FROM {table} WHERE {where} ORDER BY 1) t)"

    def codes(scheme: str) -> str:
        # CROSS JOIN keeps SQLite from beginning with all codes of the scheme.
        links = "catalog_standard_classifications l CROSS JOIN catalog_classification c"
        where = f"l.standard_id = s.id AND c.id = l.classification_id AND c.scheme = '{scheme}'"
        return joined("c.code", links, where)

    def known(name: str) -> str:
        return f"s.{name}_on, s.{name}_precision"

    replacing = "r.kind = 'replaces' AND r.voided_at IS NULL"
    relation = "catalog_standardrelation r"
    newer = joined("r.source_number", relation, f"r.target_id = s.id AND {replacing}")
    older = joined("r.target_number", relation, f"r.source_id = s.id AND {replacing} AND NOT r.inferred")
    inferred = f"EXISTS (SELECT 1 FROM {relation} WHERE r.target_id = s.id AND {replacing} AND r.inferred)"
    return f"""
        SELECT s.number, s.title, s.title_en, s.level, s.nature, s.kind, {by_hand.status(timezone.localdate())},
            {known("published")}, {known("implemented")}, {known("replaced")}, {known("withdrawn")},
            {newer}, {older}, {codes("ics")}, {codes("ccs")}, g.code, o.name, s.is_example, {inferred}
        FROM catalog_standard s LEFT JOIN directory_region g ON g.id = s.region_id
            LEFT JOIN directory_organization o ON o.id = s.department_id
        WHERE s.voided_at IS NULL ORDER BY s.sort_key, s.id LIMIT {count}"""


def cursor_rows(count: int) -> Iterator[dict[str, Any]]:
    """The statement's rows as the library takes them: the same words and days as the product's export."""
    labels = [str(column.label) for column in columns()]
    words = {str(value): str(label) for kind in (Level, Nature, Kind, Status) for value, label in kind.choices}

    def day(value: Any, precision: str) -> Any:
        if value is None or precision == "day":
            return date.fromisoformat(value) if isinstance(value, str) else value
        return str(value)[: {"month": 7, "year": 4}[precision]]

    with connection.chunked_cursor() as cursor:
        cursor.execute(statement(count))
        while rows := cursor.fetchmany(2000):
            for row in rows:
                ends = [one for one in ((row[11], row[12]), (row[13], row[14])) if one[0]]
                end = day(*min(ends)) if ends else None
                remark = "、".join(word for applies, word in ((row[21], "示例"), (row[22], "推定")) if applies)
                shown = [*row[:3], *(words[one] for one in row[3:7]), day(row[7], row[8]), day(row[9], row[10]), end]
                yield dict(zip(labels, [*shown, *row[15:21], remark], strict=True))


def cursor(count: int) -> dict[str, Any]:
    """The library fed by one bare cursor."""
    for _row in cursor_rows(PREPARED):
        pass
    memory, start, cpu = Memory(), time.perf_counter(), time.process_time()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "rows.xlsx"
        write_worksheets([("rows", cursor_rows(count))], str(path), datetime_format="yyyy-mm-dd")
        size = path.stat().st_size
    return _result(memory, start, cpu) | {"bytes": size}


def library(count: int) -> dict[str, Any]:
    """The library fed with rows that are ready: the product's first thousand, over and over."""
    standards = Standard.objects.visible_to(None).order_by("sort_key", "id")[:PREPARED]
    labels = {column.key: str(column.label) for column in columns()}
    ready = [{labels[key]: value for key, value in row.items()} for row in table_rows(standards, timezone.localdate())]
    memory, start, cpu = Memory(), time.perf_counter(), time.process_time()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "rows.xlsx"
        rows = (ready[at % len(ready)] for at in range(count))
        write_worksheets([("rows", rows)], str(path), datetime_format="yyyy-mm-dd")
        size = path.stat().st_size
    return _result(memory, start, cpu) | {"bytes": size}


def _result(memory: Memory, start: float, cpu: float) -> dict[str, Any]:
    wall, own = time.perf_counter() - start, time.process_time() - cpu
    return {"seconds": wall, "cpu": own, "growth": memory.peak - memory.before, "columns": len(columns())}


if __name__ == "__main__":
    hand_over({"export": export, "cursor": cursor, "library": library}[sys.argv[1]](int(sys.argv[2])))
