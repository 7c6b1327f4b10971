"""Doing things at once, each in a thread with a database connection of its own, on either database."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from threading import Barrier
from typing import Any

from django.db import connection, connections


@contextmanager
def own_database(folder: Path) -> Iterator[None]:
    """On SQLite, a file with what the test database holds by now, for this thread and those of `at_once`.

    The test database lives in memory, where threads share one cache and cannot wait for each other.
    """
    if connection.vendor != "sqlite":
        yield
        return
    connection.ensure_connection()
    memory = connections["default"]
    connections["default"] = _wrapper_of(folder / "at-once.sqlite3")
    connection.ensure_connection()
    memory.connection.backup(connection.connection)
    try:
        yield
    finally:
        connection.close()
        connections["default"] = memory


def _wrapper_of(path: Path) -> Any:
    made = connections.create_connection("default")
    made.settings_dict = {**made.settings_dict, "NAME": str(path)}
    return made


def at_once(*works: Callable[[], Any]) -> list[Any]:
    """Run each work in a thread, all from the same moment; what each returned, in their order."""
    start = Barrier(len(works))
    name = connection.settings_dict["NAME"]
    in_file = connection.vendor == "sqlite"

    def run(work):
        if in_file:
            connections["default"] = _wrapper_of(Path(name))
        try:
            connection.ensure_connection()
            start.wait(timeout=60)
            return work()
        finally:
            connection.close()

    with ThreadPoolExecutor(len(works)) as pool:
        return list(pool.map(run, works))
