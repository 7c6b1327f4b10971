"""Many rows at once, where the ORM's own way costs more than the rows.

`bulk_create` binds every value by itself and, on SQLite, 999 of them a statement; here one prepared statement
serves all rows, on PostgreSQL a COPY. Measured in `benchmarks/`.
"""

from collections.abc import Iterable, Sequence
from typing import Any

from django.db import connection, models, transaction


def insert(rows: Iterable[models.Model]) -> None:
    """Insert new instances of one model and give them their keys. Raises `django.db.IntegrityError`."""
    rows = list(rows)
    if not rows:
        return
    model = type(rows[0])
    with transaction.atomic():
        for row, pk in zip(rows, _new_ids(model, len(rows)), strict=True):
            row.pk = pk
            row._state.adding = False
        fields = [field for field in model._meta.concrete_fields if field.column]
        values = ([_prepared(field, row) for field in fields] for row in rows)
        _write(model, [str(field.column) for field in fields], values)


def _prepared(field: models.Field, row: models.Model) -> Any:
    return field.get_db_prep_save(getattr(row, field.attname), connection)


def _new_ids(model: type[models.Model], count: int) -> Sequence[int]:
    """Keys nobody else gets: from the sequence; on SQLite the transaction holds the only writer's lock."""
    table = model._meta.db_table
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            sql = "SELECT nextval(pg_get_serial_sequence(%s, 'id')) FROM generate_series(1, %s)"
            cursor.execute(sql, [connection.ops.quote_name(table), count])
            return [pk for (pk,) in cursor.fetchall()]
        cursor.execute("SELECT seq FROM sqlite_sequence WHERE name = %s", [table])
        last = (cursor.fetchone() or (0,))[0]
        return range(last + 1, last + 1 + count)


def _write(model: type[models.Model], columns: Sequence[str], values: Iterable[list[Any]]) -> None:
    quote = connection.ops.quote_name
    table, names = quote(model._meta.db_table), ", ".join(map(quote, columns))
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            with connection.wrap_database_errors, cursor.cursor.copy(f"COPY {table} ({names}) FROM STDIN") as copy:
                for row in values:
                    copy.write_row(row)
        else:
            marks = ", ".join(["%s"] * len(columns))
            cursor.executemany(f"INSERT INTO {table} ({names}) VALUES ({marks})", list(values))  # noqa: S608


def update_column(model: type[models.Model], name: str, values: Iterable[tuple[int, Any]]) -> None:
    """Set one column of many rows: pairs of primary key and value, one prepared statement for all."""
    update_columns(model, [name], ((pk, (value,)) for pk, value in values))


def _column(model: type[models.Model], name: str) -> models.Field:
    field = model._meta.get_field(name)
    assert isinstance(field, models.Field)
    return field


def update_columns(
    model: type[models.Model], names: Sequence[str], values: Iterable[tuple[int, Sequence[Any]]]
) -> None:
    """Set some columns of many rows: pairs of primary key and the values in the order of `names`."""
    fields = [_column(model, name) for name in names]
    quote = connection.ops.quote_name
    sets = ", ".join(f"{quote(str(field.column))} = %s" for field in fields)
    sql = f"UPDATE {quote(model._meta.db_table)} SET {sets} WHERE id = %s"  # noqa: S608
    rows = [
        [*(field.get_db_prep_save(value, connection) for field, value in zip(fields, row, strict=True)), pk]
        for pk, row in values
    ]
    if rows:
        with connection.cursor() as cursor:
            cursor.executemany(sql, rows)
