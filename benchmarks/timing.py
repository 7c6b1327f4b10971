"""Taking time: of the database alone, of everything else, and what a row of figures comes to."""

import math
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from django.db import connection


class Clock:
    """Wall seconds spent inside the database driver: executing and fetching (SQLite works while it is fetched)."""

    def __init__(self) -> None:
        self.seconds = 0.0
        self.queries = 0

    def run(self, call: Callable, *arguments: Any) -> Any:
        start = time.perf_counter()
        try:
            return call(*arguments)
        finally:
            self.seconds += time.perf_counter() - start


class TimedCursor:
    """A driver's cursor with a clock around what it does."""

    def __init__(self, cursor: Any, clock: Clock) -> None:
        self._cursor = cursor
        self._clock = clock

    def __getattr__(self, name: str) -> Any:
        return getattr(self._cursor, name)

    def execute(self, *arguments: Any) -> Any:
        self._clock.queries += 1
        return self._clock.run(self._cursor.execute, *arguments)

    def fetchone(self) -> Any:
        return self._clock.run(self._cursor.fetchone)

    def fetchmany(self, *arguments: Any) -> Any:
        return self._clock.run(self._cursor.fetchmany, *arguments)

    def fetchall(self) -> Any:
        return self._clock.run(self._cursor.fetchall)

    def __iter__(self) -> Iterator[Any]:
        rows = iter(self._cursor)
        end = object()
        while (row := self._clock.run(next, rows, end)) is not end:
            yield row


@contextmanager
def database_clock() -> Iterator[Clock]:
    """Counts what the connection's cursors cost while it is open."""
    clock, make = Clock(), connection.create_cursor
    connection.create_cursor = lambda name=None: TimedCursor(make(name), clock)
    try:
        yield clock
    finally:
        del connection.create_cursor


def percentile(values: Iterable[float], share: float) -> float:
    """The smallest value that a share (0 to 1) of the values does not exceed."""
    ordered = sorted(values)
    return ordered[max(0, math.ceil(share * len(ordered)) - 1)]


def best(values: Sequence[float]) -> float:
    """The least of repeated measurements of one thing: what is left when nothing else disturbs it."""
    return min(values)


def milliseconds(seconds: float) -> str:
    return f"{seconds * 1000:.1f}"
