"""The best SQL we can write by hand for a results page on SQLite: one pass for count and facets, one for the page.

Tried and slower on 141,000 hits: a statement per grouping (the hits are looked up again each time), hits materialised
once and grouped three times, one grouping by all columns (nearly as many groups as rows), an aggregate function in
Python, joining the search table first.
"""

import json
from collections import Counter
from collections.abc import Sequence
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
    """The count and all facets in one pass without sorting: the characters of the hits' words, and their statuses."""
    text = f"""
        SELECT count(*), group_concat(char({FIRST} + s.facet_main_id), ''),
               group_concat(char({FIRST} + s.facet_more_id), ''), group_concat({by_hand.status(asked.on)}, char(10))
        FROM catalog_standard s WHERE {" AND ".join(asked.where)}"""
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
    count, main, more, statuses = cursor.fetchone()
    groups = words(cursor, main, MAIN) + words(cursor, more, MORE) + status_groups(statuses)
    counts = counted(groups)
    if not count:
        return Answer(0, [], counts)
    cursor.execute(*page(asked))
    ids = [pk for (pk,) in cursor.fetchall()]
    cursor.execute(rows(asked, "json_group_array"), (ids + [None] * 20)[:20])
    found = cursor.fetchall()
    cursor.execute(LABELS, used(counts))
    return Answer(count, ids, counts, found, cursor.fetchall())


FIRST = 0x10000
TABLE: dict[int, str] = {}
MAIN = ("level", "nature", "kind", "year", "prefix")
MORE = ("region_id", "department_id", "ics_fields", "ccs_fields")


def words(cursor: Any, joined: str | None, names: Sequence[str]) -> list[tuple[Sequence[str], list[Any], int]]:
    """Groups from the characters of facet words; keys of other tables become numbers again."""
    counter = Counter(joined or "")
    if not TABLE:  # words never change: read once a process, as the product does
        cursor.execute("SELECT id, word FROM catalog_facetword")
        TABLE.update(cursor.fetchall())
    groups = ((TABLE[ord(character) - FIRST], count) for character, count in counter.items())
    return [(names, [_key(n, v) for n, v in zip(names, word.split("|"), strict=True)], c) for word, c in groups]


def status_groups(joined: str | None) -> list[tuple[Sequence[str], list[Any], int]]:
    return [(("status",), [word], count) for word, count in Counter(joined.split("\n") if joined else ()).items()]


def _key(name: str, value: str) -> Any:
    return (int(value) if value else None) if name.endswith("_id") else value


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
               s.withdrawn_precision, s.replaced_on, s.replaced_precision, s.is_example,
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
