"""What the digest of an event is over: all of its columns as canonical JSON, the same on both databases.

The id stands beside the digest, not in it, so that an event that was moved to another id is known again. A column that is
blank or NULL is left out, so that a column added later does not break the seals of the events before it.
"""

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import orjson
from django.db import connection, models

from .models import Event

SIZE = 16  # bytes of a digest that are kept
PAGE = 5000
FIELDS = [field for field in Event._meta.concrete_fields if not field.primary_key]
NAMES = [str(field.column) for field in FIELDS]
JSON = [at for at, field in enumerate(FIELDS) if isinstance(field, models.JSONField)]
TIMES = [at for at, field in enumerate(FIELDS) if isinstance(field, models.DateTimeField)]

Entry = tuple[int, bytes]


def event_digests(low: int | None, high: int | None, algorithm: str, limit: int | None = None) -> Iterator[Entry]:
    """Pairs of id and digest in order of id, from `low` to `high` (None: no bound), at most `limit` of them.

    Read page by page, each in a query of its own: however many there are, memory stays the same and nobody waits.
    """
    digest = _digester(algorithm)
    while limit is None or limit > 0:
        size = PAGE if limit is None else min(PAGE, limit)
        rows = _rows(low, high, size)
        for pk, *values in rows:
            yield pk, digest(values)
        if len(rows) < size:
            return
        low = rows[-1][0] + 1
        if limit is not None:
            limit -= size


def _rows(low: int | None, high: int | None, size: int) -> list[tuple[Any, ...]]:
    bounds = [("id >= %s", low), ("id <= %s", high)]
    where = " AND ".join(text for text, value in bounds if value is not None) or "TRUE"
    sql = f"SELECT id, {_columns()} FROM records_event WHERE {where} ORDER BY id LIMIT %s"  # noqa: S608
    with connection.cursor() as cursor:
        cursor.execute(sql, [*(value for _text, value in bounds if value is not None), size])
        return cursor.fetchall()


def _columns() -> str:
    """Times and JSON come as text: nothing is parsed that need not be, and what cannot be parsed is read all the same."""
    postgresql = connection.vendor == "postgresql"
    moment = "to_char({} AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS.US')" if postgresql else "CAST({} AS TEXT)"
    named = [connection.ops.quote_name(name) for name in NAMES]
    for at in TIMES:
        named[at] = moment.format(named[at])
    for at in JSON:
        named[at] = f"CAST({named[at]} AS TEXT)"
    return ", ".join(named)


def _digester(algorithm: str) -> Any:
    """A function from the values of `NAMES` to their digest; the algorithm is looked up once."""
    empty = hashlib.new(algorithm)

    def digest(values: Sequence[Any]) -> bytes:
        state = empty.copy()
        state.update(canonical(values))
        return state.digest()[:SIZE]

    return digest


def canonical(values: Sequence[Any]) -> bytes:
    """The columns of an event, in the order of `NAMES`, as bytes."""
    said = {name: value for name, value in zip(NAMES, values, strict=True) if value is not None and value != ""}
    for at in TIMES:
        # SQLite writes no fraction where it is nought.
        said[NAMES[at]] = str(values[at]).ljust(20, ".").ljust(26, "0")
    try:
        for at in JSON:
            said[NAMES[at]] = orjson.loads(values[at])
        return orjson.dumps(said, option=orjson.OPT_SORT_KEYS)
    except (TypeError, ValueError):  # nothing of ours: a value of another type, or JSON that is none
        return repr(sorted(said.items())).encode(errors="backslashreplace")


def pack(entries: Iterable[Entry]) -> bytes:
    """Entries as a seal keeps them: 8 bytes of id, then the digest."""
    return b"".join(pk.to_bytes(8, "big", signed=True) + digest for pk, digest in entries)
