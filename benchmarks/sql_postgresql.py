"""The best SQL we can write by hand for a results page on PostgreSQL: hits materialised once, GROUPING SETS over them."""

from typing import Any

from . import asked as by_hand
from .answers import Answer, counted
from .asked import Asked
from .sql_sqlite import LABELS, rows, used

COLUMNS = (
    "level", "nature", "kind", "year", "status", "prefix", "region_id", "department_id", "ics_fields", "ccs_fields",
)  # fmt: skip


def match(asked: Asked) -> None:
    """The hits of the words, as PostgreSQL takes them."""
    if asked.query.terms:
        text = " & ".join(f"'{term.token}'{':*' if term.prefix else ''}" for term in asked.query.terms)
        asked.need("s.id IN (SELECT standard_id FROM catalog_search WHERE tokens @@ %s::tsquery)", text)


def overview(asked: Asked) -> tuple[str, list[Any]]:
    """A grouping by each facet in one pass over the hits; the facets the planner can hash all at once."""
    names = ", ".join(COLUMNS)
    sets = ", ".join(f"({name})" for name in COLUMNS)
    text = f"""
        WITH hits AS MATERIALIZED (
            SELECT s.level, s.nature, s.kind, s.year, {by_hand.status(asked.on)} AS status, s.prefix, s.region_id,
                   s.department_id, s.ics_fields, s.ccs_fields
            FROM catalog_standard s WHERE {" AND ".join(asked.where)})
        SELECT GROUPING({names}), {names}, count(*) FROM hits GROUP BY GROUPING SETS ({sets}, ())"""
    return text, list(asked.values)


def page(asked: Asked) -> tuple[str, list[Any]]:
    """The ids of the first twenty: narrow rows are sorted, whole ones are looked up later."""
    order, values = by_hand.order(asked, by_hand.status(asked.on))
    where = " AND ".join(asked.where)
    return f"SELECT s.id FROM catalog_standard s WHERE {where} ORDER BY {order} LIMIT 20", [*asked.values, *values]


def answer(cursor: Any, asked: Asked) -> Answer:
    """Count, facets and the first twenty rows."""
    match(asked)
    cursor.execute(*overview(asked))
    groups, count = [], 0
    for which, *values, number in cursor.fetchall():
        if which == 2 ** len(COLUMNS) - 1:
            count = number
            continue
        at = next(at for at in range(len(COLUMNS)) if not which >> (len(COLUMNS) - 1 - at) & 1)
        groups.append(((COLUMNS[at],), (values[at],), number))
    cursor.execute(*page(asked))
    ids = [pk for (pk,) in cursor.fetchall()]
    cursor.execute(rows(asked, "array_agg"), (ids + [None] * 20)[:20])
    found = cursor.fetchall()
    counts = counted(groups)
    cursor.execute(LABELS_HERE, used(counts))
    return Answer(count, ids, counts, found, cursor.fetchall())


LABELS_HERE = LABELS.replace("'organization', id,", "'organization', id::text,").replace(
    "SELECT value FROM json_each(%s)", "SELECT value::bigint FROM jsonb_array_elements_text(%s::jsonb)"
)
