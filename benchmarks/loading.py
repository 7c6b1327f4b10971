"""Loading the generated catalogue through the product's own command, and measuring that."""

import os
import subprocess
import sys
import time
from typing import Any

from . import generate
from .engines import MB, ROOT, Engine

# What stands in the database before the measured import: the steps of the constant-queries table.
SMALL = (1, 200, 1000)
DAY = "2026-11-01"


def load(engine: Engine, start: int, stop: int) -> dict[str, Any]:
    """Import rows `start` to before `stop`: seconds of wall and of the command's own CPU, rows/s, peak memory in MB."""
    path = generate.write_csv(engine.folder / f"standards-{start}-{stop}.csv", start, stop)
    command = ["import_standards", str(path), "--source", "generated", "--as-of", DAY]
    begin = time.perf_counter()
    process = subprocess.Popen(
        [sys.executable, "manage.py", *command], cwd=ROOT, env=engine.environment, stdout=subprocess.DEVNULL
    )
    _pid, status, usage = os.wait4(process.pid, 0)
    wall = time.perf_counter() - begin
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise RuntimeError(f"import_standards failed with {process.returncode}")
    path.unlink()
    cpu, rows = usage.ru_utime + usage.ru_stime, stop - start
    return {
        "rows": rows,
        "wall": wall,
        "cpu": cpu,
        "rate": rows / wall,
        "cpu_rate": rows / cpu,
        "peak": usage.ru_maxrss * 1024 / MB,
    }


def settle(engine: Engine) -> None:
    """Statistics as a database in use has them: PostgreSQL's own worker would gather them within minutes."""
    engine.measure("settling")
