"""Separator paths: `/320000/320600/` holds the codes from the province down, so that a subtree is one beginning."""

from collections.abc import Iterable
from functools import reduce
from operator import or_
from typing import Any

from django.db.models import CharField, Lookup, Q

PROVINCE_DEPTH = 2  # strokes in `/320000/`
STROKE, AFTER_STROKE = "/", "0"  # neighbours in the order of code points


def is_province(path: str) -> bool:
    return path.count(STROKE) == PROVINCE_DEPTH


def under_any(paths: Iterable[str], column: str) -> Q:
    """Rows whose path (in `column`) is one of these or below it; none without a path."""
    return reduce(or_, (Q(**{f"{column}__under": path}) for path in paths), Q(pk__in=[]))


@CharField.register_lookup
class Under(Lookup):
    """`path__under="/320000/"`: a subtree by the column's index. Raises `ValueError` for what ends in no stroke.

    SQLite uses no index for LIKE and orders by code points; PostgreSQL orders by its locale and has an index for LIKE.
    """

    lookup_name = "under"
    prepare_rhs = False

    def __init__(self, lhs: Any, rhs: str) -> None:
        if not rhs.endswith(STROKE):
            raise ValueError(f"no separator path: {rhs!r}")
        super().__init__(lhs, rhs)

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, list[Any]]:
        column, params = self.process_lhs(compiler, connection)
        end = self.rhs.removesuffix(STROKE) + AFTER_STROKE
        return f"({column} >= %s AND {column} < %s)", [*params, self.rhs, *params, end]

    def as_postgresql(self, compiler: Any, connection: Any) -> tuple[str, list[Any]]:
        column, params = self.process_lhs(compiler, connection)
        return f"{column} LIKE %s", [*params, connection.ops.prep_for_like_query(self.rhs) + "%"]
