"""Fixtures for files that are made on the spot, and for measuring what a hostile one costs."""

import json
import os
import struct
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

import pytest

ROOT = Path(__file__).resolve().parents[2]

_DRIVER = """
import json, resource, sys, time
sys.path.insert(0, sys.argv[1])
from tabular.errors import TableError
from tabular.limits import Limits
from tabular.reading import read_table
started, code, rows = time.monotonic(), "", 0
try:
    with read_table(sys.argv[2], limits=Limits(**json.loads(sys.argv[3]))) as reader:
        for row in reader:
            rows += 1
except TableError as error:
    code = error.code
seconds = time.monotonic() - started
# ru_maxrss of a process counts what its parent held when it was started, so our own peak comes from /proc.
own = next(int(line.split()[1]) for line in open("/proc/self/status") if line.startswith("VmHWM"))
peak = own + resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
print(json.dumps([code, rows, seconds, peak / 1024]))
"""


class Cost(NamedTuple):
    """`megabytes` is the peak RSS of the reading process and its child together."""

    code: str
    rows: int
    seconds: float
    megabytes: float


@pytest.fixture
def cost_of_reading():
    """Read a file in a fresh process; keyword arguments raise or lower single upload limits."""

    def read(path, **limits):
        done = subprocess.run(
            [sys.executable, "-c", _DRIVER, str(ROOT), str(path), json.dumps(limits)],
            capture_output=True,
            text=True,
            check=True,
        )
        return Cost(*json.loads(done.stdout))

    return read


@pytest.fixture(scope="session")
def real_data():
    """The collected files beside the repository; none of them may be committed."""
    data = Path(os.environ.get("STANDARDS_HUB_DATA") or ROOT.parent / "shared" / "data")
    if not data.is_dir():
        pytest.skip(f"no collected data at {data} (set STANDARDS_HUB_DATA)")
    return data


@pytest.fixture
def xls(tmp_path):
    """Write an xls file: xls("清单", [["编号"], [1.0]])."""

    def write(sheet, rows):
        path = tmp_path / "book.xls"
        path.write_bytes(_container(_workbook(sheet, rows)))
        return path

    return write


@pytest.fixture
def file(tmp_path):
    """Write a file: file("a.csv", "text") or file("a.csv", b"bytes")."""

    def write(name, content):
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    return write


# A smallest xls file ([MS-XLS] BIFF8 in a [MS-CFB] container); no installed library writes one.
_FREE, _END, _FAT = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD
_SECTOR = 512


def _record(kind, data=b""):
    return struct.pack("<HH", kind, len(data)) + data


def _begin(kind):
    return _record(0x0809, struct.pack("<4H2L", 0x0600, kind, 0x0DBB, 0x07CC, 0, 6))


def _cell(row, column, value):
    place = struct.pack("<3H", row, column, 0)
    if isinstance(value, str):
        return _record(0x0204, place + struct.pack("<HB", len(value), 1) + value.encode("utf-16-le"))
    return _record(0x0203, place + struct.pack("<d", value))


def _workbook(sheet, rows):
    head = _begin(0x0005) + _record(0x0042, struct.pack("<H", 1200))
    name = struct.pack("<4B", 0, 0, len(sheet), 1) + sheet.encode("utf-16-le")
    start = len(head) + len(_record(0x0085, b"1234" + name)) + len(_record(0x000A))
    cells = b"".join(
        _cell(row, column, value)
        for row, values in enumerate(rows)
        for column, value in enumerate(values)
        if value is not None
    )
    globals_ = head + _record(0x0085, struct.pack("<L", start) + name) + _record(0x000A)
    return globals_ + _begin(0x0010) + cells + _record(0x000A)


def _container(stream):
    count = max(8, -(-len(stream) // _SECTOR))  # below 4,096 bytes it would be a mini stream
    table = [_FAT, _END, *range(3, count + 2), _END]  # sector 0 the table, 1 the directory, then the stream
    table += [_FREE] * (128 - len(table))
    header = struct.pack("<8s16s5H6s9L", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"", 0x3E, 3, 0xFFFE, 9, 6, b"",
                         0, 1, 1, 0, 4096, _END, 0, _END, 0)  # fmt: skip
    header += struct.pack("<109L", 0, *[_FREE] * 108)
    directory = _entry("Root Entry", 5, 1, _END, 0) + _entry("Workbook", 2, _FREE, 2, count * _SECTOR)
    directory += _entry("", 0, _FREE, 0, 0) * 2
    return header + struct.pack("<128L", *table) + directory + stream.ljust(count * _SECTOR, b"\0")


def _entry(name, kind, child, start, size):
    raw = (name + "\0").encode("utf-16-le") if name else b""
    return struct.pack("<64sH2B3L16sL2QLQ", raw, len(raw), kind, 1, _FREE, _FREE, child, b"", 0, 0, 0, start, size)
