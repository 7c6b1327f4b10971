"""The XLSX export of the whole catalogue, or the library's own loop over the same rows (run by `Engine.measure`).

One child process each, because memory never given back would count for the second.
"""

import sys
import tempfile
import threading
import time
from pathlib import Path
from typing import Any

from .engines import MB, hand_over, start_django

start_django()

from django.utils import timezone  # noqa: E402
from rustpy_xlsxwriter import write_worksheets  # noqa: E402

from catalog.exports import columns, export_response, table_rows  # noqa: E402
from catalog.models import Standard  # noqa: E402

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
    hand_over({"export": export, "library": library}[sys.argv[1]](int(sys.argv[2])))
