"""The best SQL we can write by hand for a results page on PostgreSQL: one pass for count and facets, one for the page.

Tried and not faster: GROUPING SETS by every column or by the two facet words over the hits, materialised or not.
What helps most is the planner's belief that reading out of order is cheap, as it is from memory.
"""

from typing import Any

from . import asked as by_hand
from .answers import Answer, counted
from .asked import Asked
from .sql_sqlite import FIRST, LABELS, MAIN, MORE, page, rows, status_groups, used, words

LABELS_HERE = LABELS.replace("'organization', id,", "'organization', id::text,").replace(
    "SELECT value FROM json_each(%s)", "SELECT value::bigint FROM jsonb_array_elements_text(%s::jsonb)"
)


def match(asked: Asked) -> None:
    """The hits of the words, as PostgreSQL takes them."""
    if asked.query.terms:
        text = " & ".join(f"'{term.token}'{':*' if term.prefix else ''}" for term in asked.query.terms)
        asked.need("s.id IN (SELECT standard_id FROM catalog_search WHERE tokens @@ %s::tsquery)", text)


def overview(asked: Asked) -> tuple[str, list[Any]]:
    """The count and all facets in one pass without sorting: the characters of the hits' words, and their statuses."""
    text = f"""
        SELECT count(*), string_agg(chr(({FIRST} + s.facet_main_id)::int), ''),
               string_agg(chr(({FIRST} + s.facet_more_id)::int), ''), string_agg({by_hand.status(asked.on)}, E'\\n')
        FROM catalog_standard s WHERE {" AND ".join(asked.where)}"""
    return text, list(asked.values)


def answer(cursor: Any, asked: Asked) -> Answer:
    """Count, facets and the first twenty rows."""
    match(asked)
    cursor.execute("SET random_page_cost = 1.1")
    try:
        return _answer(cursor, asked)
    finally:
        cursor.execute("RESET random_page_cost")


def _answer(cursor: Any, asked: Asked) -> Answer:
    cursor.execute(*overview(asked))
    count, main, more, statuses = cursor.fetchone()
    groups = words(cursor, main, MAIN) + words(cursor, more, MORE) + status_groups(statuses)
    counts = counted(groups)
    if not count:
        return Answer(0, [], counts)
    cursor.execute(*page(asked))
    ids = [pk for (pk,) in cursor.fetchall()]
    cursor.execute(rows(asked, "array_agg"), (ids + [None] * 20)[:20])
    found = cursor.fetchall()
    cursor.execute(LABELS_HERE, used(counts))
    return Answer(count, ids, counts, found, cursor.fetchall())
