"""The best SQL we can write by hand for a results page on SQLite: one pass for facets, count and page.

Tried and slower on 141,000 hits: a statement per grouping (the hits are looked up again each time), one grouping by
all columns (nearly as many groups as rows), an aggregate function in Python, joining the search table first.
"""

import json
from typing import Any

from . import asked as by_hand
from .answers import Answer, Counts, counted
from .asked import Asked


def match(asked: Asked) -> None:
    """The hits of the words, as SQLite takes them."""
    if asked.query.terms:
        text = " AND ".join(f'"{term.token}"{"*" if term.prefix else ""}' for term in asked.query.terms)
        asked.need("s.id IN (SELECT rowid FROM catalog_search WHERE catalog_search MATCH %s)", text)


def overview(asked: Asked) -> tuple[str, list[Any]]:
    """Three groupings and the first twenty in one statement over hits that are looked up once."""
    order, values = by_hand.order(asked, by_hand.status(asked.on))
    text = f"""
        WITH hits AS MATERIALIZED (
            SELECT s.level, s.nature, s.kind, s.year, {by_hand.status(asked.on)} AS status, s.prefix, s.region_id,
                   s.department_id, s.ics_fields, s.ccs_fields
            FROM catalog_standard s WHERE {" AND ".join(asked.where)})
        SELECT 1, level, nature, kind, year, status, count(*) FROM hits GROUP BY level, nature, kind, year, status
        UNION ALL SELECT 2, prefix, region_id, department_id, 0, 0, count(*) FROM hits
            GROUP BY prefix, region_id, department_id
        UNION ALL SELECT 3, ics_fields, ccs_fields, 0, 0, 0, count(*) FROM hits GROUP BY ics_fields, ccs_fields
        UNION ALL SELECT * FROM (SELECT 4, s.id, 0, 0, 0, 0, 0
            FROM catalog_standard s WHERE {" AND ".join(asked.where)} ORDER BY {order} LIMIT 20)"""
    return text, [*asked.values, *asked.values, *values]


GROUPS = {
    1: ("level", "nature", "kind", "year", "status"),
    2: ("prefix", "region_id", "department_id"),
    3: ("ics_fields", "ccs_fields"),
}


def answer(cursor: Any, asked: Asked) -> Answer:
    """Count, facets and the first twenty rows."""
    match(asked)
    cursor.execute(*overview(asked))
    table = cursor.fetchall()
    counts = counted((GROUPS[kind], values, values[-1]) for kind, *values in table if kind != 4)
    ids = [values[0] for kind, *values in table if kind == 4]
    count = sum(values[-1] for kind, *values in table if kind == 1)
    cursor.execute(rows(asked, "json_group_array"), (ids + [None] * 20)[:20])
    found = cursor.fetchall()
    cursor.execute(LABELS, used(counts))
    return Answer(count, ids, counts, found, cursor.fetchall())


def used(counts: Counts) -> list[str]:
    """What names are needed for: departments and regions, as JSON lists of their ids."""
    return [
        json.dumps([pk for pk in counts.get(name, ()) if pk is not None]) for name in ("department_id", "region_id")
    ]


def rows(asked: Asked, collect: str) -> str:
    """The twenty rows with their codes and relations, by their ids."""
    marks = ", ".join(["%s"] * 20)
    return f"""
        SELECT s.id, s.slug, s.number, s.title, s.title_en, s.level, s.nature, s.kind, {by_hand.status(asked.on)},
               s.published_on, s.published_precision, s.implemented_on, s.implemented_precision, s.withdrawn_on,
               s.replaced_on, s.is_example,
               (SELECT code FROM directory_region r WHERE r.id = s.region_id),
               (SELECT name FROM directory_organization o WHERE o.id = s.department_id),
               (SELECT {collect}(c.code) FROM catalog_standard_classifications l
                JOIN catalog_classification c ON c.id = l.classification_id WHERE l.standard_id = s.id),
               (SELECT {collect}(r.target_number) FROM catalog_standardrelation r
                WHERE r.source_id = s.id AND r.voided_at IS NULL AND r.kind IN ('replaces', 'partly_replaces')),
               (SELECT {collect}(r.source_number) FROM catalog_standardrelation r
                WHERE r.target_id = s.id AND r.voided_at IS NULL AND r.kind IN ('replaces', 'partly_replaces'))
        FROM catalog_standard s WHERE s.id IN ({marks})"""


LABELS = """
    SELECT 'class', code, name, name_en FROM catalog_classification WHERE parent_id IS NULL
    UNION ALL SELECT 'prefix', code, name, name_en FROM catalog_prefix
    UNION ALL SELECT 'organization', id, name, name_en FROM directory_organization
        WHERE id IN (SELECT value FROM json_each(%s))
    UNION ALL SELECT 'region', code, name, path FROM directory_region WHERE id IN (SELECT value FROM json_each(%s))"""
