"""The second place that keeps every seal: a file to which lines are appended, best where the database's host cannot reach.

One JSON object a line. A crash in the middle of a line leaves a torn one, which is passed over; its seal is written again.
"""

import os
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

import orjson
from django.conf import settings

Line = dict[str, Any]
BLOCK = 1 << 16


def append(lines: Iterable[Line]) -> None:
    """Write lines and wait until the disk has them."""
    path = Path(settings.TRAIL_COPY)
    path.parent.mkdir(parents=True, exist_ok=True)
    is_new = not path.exists()
    text = b"".join(orjson.dumps(line, option=orjson.OPT_SORT_KEYS) + b"\n" for line in lines)
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    with os.fdopen(descriptor, "wb") as stream:
        stream.write((b"\n" if _is_torn(path) else b"") + text)
        stream.flush()
        os.fsync(stream.fileno())
    if is_new:
        _sync_folder(path.parent)


def _is_torn(path: Path) -> bool:
    with path.open("rb") as stream:
        if not stream.seek(0, os.SEEK_END):
            return False
        stream.seek(-1, os.SEEK_END)
        return stream.read(1) != b"\n"


def _sync_folder(folder: Path) -> None:
    """A new file's name is safe once its folder is."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def lines() -> Iterator[tuple[int, Line | None]]:
    """Every line with its number from 1; None for what is no JSON object."""
    path = Path(settings.TRAIL_COPY)
    if not path.exists():
        return
    with path.open("rb") as stream:
        for number, text in enumerate(stream, start=1):
            if text.strip():
                yield number, _parsed(text)


def _parsed(text: bytes) -> Line | None:
    try:
        line = orjson.loads(text)
    except ValueError:
        return None
    return line if isinstance(line, dict) else None


def last_line(is_ours: Callable[[Line], bool]) -> Line | None:
    """The last line that is ours, read from the end: the file grows for years."""
    path = Path(settings.TRAIL_COPY)
    if not path.exists():
        return None
    size, length = path.stat().st_size, BLOCK
    with path.open("rb") as stream:
        while True:
            stream.seek(max(0, size - length))
            texts = stream.read().splitlines()
            # The first may have lost its beginning, unless the file begins there.
            for text in reversed(texts if length >= size else texts[1:]):
                if (line := _parsed(text)) and is_ours(line):
                    return line
            if length >= size:
                return None
            length *= 4
