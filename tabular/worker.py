"""The child process: does one job under hard limits and writes JSON lines to its standard output.

`tabular.child` starts it and reads what it writes.
"""

import json
import sys
from datetime import date, datetime
from importlib import import_module
from pathlib import Path
from typing import Any

from tabular.errors import TableError
from tabular.limits import Limits
from tabular.rows import Oversized

# Imported by name, because openpyxl alone takes longer to import than most files take to read.
JOBS = {
    "workbook": ("tabular.workbooks", "read_workbook"),
    "json": ("tabular.jsonrows", "read_json"),
    "mark_workbook": ("tabular.marking", "mark_workbook"),
    "mark_json": ("tabular.marking", "mark_json"),
}


def main(argument: str) -> None:
    """Do a job and write each of its answers, then `{"end": true}` or `{"error": code, …}`."""
    job = json.loads(argument)
    try:
        module, name = JOBS[job["do"]]
        do = getattr(import_module(module), name)
        limits = Limits(**job["limits"])
        _limit_resources(limits, job["may_write"])
        for answer in do(Path(job["path"]), limits=limits, **job["options"]):
            _write(answer)
        _write({"end": True})
    except TableError as error:
        _write({"error": error.code, "where": error.where, "params": error.params})
    except MemoryError:
        _write({"error": "too_much_memory"})
    except BrokenPipeError:
        sys.exit(1)
    # A panic in calamine arrives as a BaseException of its own.
    except BaseException:
        _write({"error": "damaged_file"})


def _limit_resources(limits: Limits, may_write: int) -> None:
    try:
        import resource  # missing on Windows: only the isolation of a crash remains there
    except ImportError:
        return
    resource.setrlimit(resource.RLIMIT_AS, (limits.memory_bytes, limits.memory_bytes))
    resource.setrlimit(resource.RLIMIT_CPU, (limits.seconds, limits.seconds))
    resource.setrlimit(resource.RLIMIT_FSIZE, (may_write, may_write))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _write(value: Any) -> None:
    line = json.dumps(value, ensure_ascii=False, separators=(",", ":"), default=_encode)
    sys.stdout.buffer.write(line.encode("utf-8", "surrogatepass") + b"\n")
    if isinstance(value, dict):
        sys.stdout.buffer.flush()


def _encode(value: object) -> dict[str, str | int]:
    if isinstance(value, datetime):
        return {"t": value.isoformat()}
    if isinstance(value, date):
        return {"d": value.isoformat()}
    if isinstance(value, Oversized):
        return {"o": value.chars}
    raise TypeError(type(value).__name__)
