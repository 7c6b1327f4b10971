"""Many rows at once, where the ORM's own way costs more than the rows.

`bulk_create` binds every value by itself and, on SQLite, 999 of them a statement; here one prepared statement
serves all rows, on PostgreSQL a COPY. Measured in `benchmarks/`.
"""

import gc
import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from functools import lru_cache, partial
from operator import attrgetter
from typing import Any

import orjson
from django.core.exceptions import EmptyResultSet
from django.db import connection, models, transaction


@contextmanager
def rare_collection() -> Iterator[None]:
    """No cyclic garbage collection while very many objects are made and dropped, piece by piece.

    At the usual thresholds the collector takes a quarter of an import's time. What was there before is set aside, so
    that `collect` after each piece looks at that piece only; without it memory grows with the file.
    """
    gc.collect()
    gc.freeze()
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()
        gc.unfreeze()


def collect() -> None:
    """Drop the cycles of the piece that is done, and set aside what outlives it: the next time looks at new objects only."""
    gc.collect()
    gc.freeze()


def insert(rows: Iterable[models.Model]) -> None:
    """Insert new instances of one model and give them their keys. Raises `django.db.IntegrityError`."""
    rows = list(rows)
    if not rows:
        return
    model = type(rows[0])
    fields = _columns(model)
    with transaction.atomic(savepoint=False):
        for row, pk in zip(rows, _new_ids(model, len(rows)), strict=True):
            row.pk = pk
            row._state.adding = False
        _write(model, fields, map(attrgetter(*(field.attname for field in fields)), rows))


def insert_values(model: type[models.Model], names: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Insert rows given as values in the order of `names` (as attributes: `batch_id`); the rest get their default.

    For tables whose instances nobody needs. Raises `django.db.IntegrityError`.
    """
    rows = list(rows)
    if not rows:
        return
    fields = {field.attname: field for field in _columns(model)}
    rest = [field for name, field in fields.items() if name not in names and not field.primary_key]
    constants = tuple(field.get_default() for field in rest)
    columns = [_key(model), *(fields[name] for name in names), *rest]
    with transaction.atomic(savepoint=False):
        ids = _new_ids(model, len(rows))
        _write(model, columns, ((pk, *row, *constants) for pk, row in zip(ids, rows, strict=True)))


def _columns(model: type[models.Model]) -> list[models.Field]:
    return [field for field in model._meta.concrete_fields if field.column]


def _key(model: type[models.Model]) -> models.Field:
    key = model._meta.pk
    assert key is not None
    return key


# Fields whose Python value is what the driver takes; asking each field for each value costs more than the insert.
AS_IT_IS = (models.CharField, models.TextField, models.IntegerField, models.BooleanField, models.ForeignKey)


def _converter(field: models.Field) -> Callable[[Any], Any] | None:
    """What turns a field's value into the driver's; None where it is taken as it is."""
    if isinstance(field, AS_IT_IS):
        return None
    if isinstance(field, models.JSONField):
        return _json
    if isinstance(field, models.DateField) and not isinstance(field, models.DateTimeField):
        return None if connection.vendor == "postgresql" else _iso
    prepare = partial(field.get_db_prep_save, connection=connection)
    # One import writes the same few instants over and over.
    return lru_cache(maxsize=1000)(prepare) if isinstance(field, models.DateTimeField) else prepare


def _json(value: Any) -> str:
    return orjson.dumps(value).decode()


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None


def _new_ids(model: type[models.Model], count: int) -> Sequence[int]:
    """Keys nobody else gets: from the sequence; on SQLite the transaction holds the only writer's lock."""
    table = model._meta.db_table
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            # The sequence is looked up once, not for every key.
            sql = (
                "WITH sequence AS MATERIALIZED (SELECT pg_get_serial_sequence(%s, 'id')::regclass AS name)"
                " SELECT nextval(name) FROM sequence, generate_series(1, %s)"
            )
            cursor.execute(sql, [connection.ops.quote_name(table), count])
            return [pk for (pk,) in cursor.fetchall()]
        cursor.execute("SELECT seq FROM sqlite_sequence WHERE name = %s", [table])
        last = (cursor.fetchone() or (0,))[0]
        return range(last + 1, last + 1 + count)


@models.ForeignObject.register_lookup
@models.Field.register_lookup
class Among(models.Lookup):
    """`key__among=[…]`: like `__in`, but the values travel as one parameter, however many there are."""

    lookup_name = "among"
    prepare_rhs = False

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, Any]:
        left, params = self.process_lhs(compiler, connection)
        values = list(self.rhs)
        if not values:
            raise EmptyResultSet  # nothing to ask
        if connection.vendor == "postgresql":
            kind = "bigint" if type(values[0]) is int else "text"
            return f"{left} = ANY(%s::{kind}[])", [*params, _array(values)]
        return f"{left} IN (SELECT value FROM json_each(%s))", [*params, json.dumps(values)]  # noqa: S608


class Prepared:
    """A query that varies in one list of ids only, put together once for each engine.

    Django takes longer to write such a query than the database to answer it. Rows come as the driver gives them:
    on SQLite days are text and booleans are 0 and 1.
    """

    STAND_IN = 987_654_321

    def __init__(self, build: Callable[[Sequence[int]], models.QuerySet]) -> None:
        self._build = build
        self._made: dict[str, tuple[str, list[Any], int]] = {}

    def _make(self) -> tuple[str, list[Any], int]:
        sql, params = self._build([self.STAND_IN]).query.sql_with_params()
        at = next(at for at, one in enumerate(params) if str(self.STAND_IN) in str(one))
        return sql, list(params), at

    def rows(self, ids: Iterable[int]) -> list[tuple[Any, ...]]:
        values = list(ids)
        if not values:
            return []
        if connection.vendor not in self._made:
            self._made[connection.vendor] = self._make()
        sql, params, at = self._made[connection.vendor]
        given = _array(values) if connection.vendor == "postgresql" else json.dumps(values)
        with connection.cursor() as cursor:
            cursor.execute(sql, [*params[:at], given, *params[at + 1 :]])
            return cursor.fetchall()


def _array(values: Iterable[Any]) -> str:
    """Values as PostgreSQL reads an array; the driver's own way takes ten times as long."""
    return "{" + ",".join(map(_element, values)) + "}"


def _element(value: Any) -> str:
    if type(value) is int:
        return str(value)
    if value is None:
        return "NULL"
    return '"' + str(value).replace("\\", "\\\\").replace('"', '\\"') + '"'


def _write(model: type[models.Model], fields: Sequence[models.Field], rows: Iterable[Sequence[Any]]) -> None:
    quote = connection.ops.quote_name
    table, names = quote(model._meta.db_table), ", ".join(quote(str(field.column)) for field in fields)
    values = _converted(rows, fields)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            with connection.wrap_database_errors, cursor.cursor.copy(f"COPY {table} ({names}) FROM STDIN") as copy:
                for row in values:
                    copy.write_row(row)
        else:
            marks = ", ".join(["%s"] * len(fields))
            cursor.executemany(f"INSERT INTO {table} ({names}) VALUES ({marks})", list(values))  # noqa: S608


def _converted(rows: Iterable[Sequence[Any]], fields: Sequence[models.Field]) -> Iterator[list[Any]]:
    """Rows as the driver binds them."""
    converters = [(at, convert) for at, field in enumerate(fields) if (convert := _converter(field))]
    for row in rows:
        values = list(row)
        for at, convert in converters:
            values[at] = convert(values[at])
        yield values


def update_column(model: type[models.Model], name: str, values: Iterable[tuple[int, Any]]) -> None:
    """Set one column of many rows: pairs of primary key and value, one prepared statement for all."""
    update_columns(model, [name], ((pk, (value,)) for pk, value in values))


def update_columns(
    model: type[models.Model], names: Sequence[str], values: Iterable[tuple[int, Sequence[Any]]]
) -> None:
    """Set some columns of many rows: pairs of primary key and the values in the order of `names`."""
    fields = [_column(model, name) for name in names]
    rows = list(_converted(((*row, pk) for pk, row in values), [*fields, _key(model)]))
    if not rows:
        return
    quote = connection.ops.quote_name
    table, columns = quote(model._meta.db_table), [quote(str(field.column)) for field in fields]
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            marks = ", ".join(f"%s::{_kind(field)}[]" for field in [*fields, _key(model)])
            sets = ", ".join(f"{column} = new.c{at}" for at, column in enumerate(columns))
            named = ", ".join(f"c{at}" for at in range(len(columns)))
            sql = f"UPDATE {table} SET {sets} FROM unnest({marks}) AS new ({named}, pk) WHERE {table}.id = new.pk"  # noqa: S608
            cursor.execute(sql, [_array(column) for column in zip(*rows, strict=True)])
        else:
            sets = ", ".join(f"{column} = %s" for column in columns)
            cursor.executemany(f"UPDATE {table} SET {sets} WHERE id = %s", rows)  # noqa: S608


def _column(model: type[models.Model], name: str) -> models.Field:
    """A field by its name or its attribute (`department`, `department_id`)."""
    return next(field for field in _columns(model) if name in (field.name, field.attname))


def _kind(field: models.Field) -> str:
    """The column's type, as a cast writes it."""
    kind = field.rel_db_type(connection) if field.is_relation or field.primary_key else field.cast_db_type(connection)
    return str(kind)


def gather_statistics(tables: Iterable[type[models.Model]]) -> None:
    """Tell PostgreSQL's planner what tables hold by now, within this transaction too; SQLite plans without."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE " + ", ".join(connection.ops.quote_name(one._meta.db_table) for one in tables))
