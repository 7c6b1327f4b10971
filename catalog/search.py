"""Finding standards by words: the one door to the search index.

SQLite keeps the tokens in an FTS5 table, PostgreSQL in a tsvector; both hold the same tokens and give the
same hits. A visitor's text never reaches MATCH or tsquery but as quoted tokens.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import date
from typing import Any

from django.db import connection
from django.db.models import Case, IntegerField, Q, QuerySet, Value, When
from django.db.models.expressions import RawSQL

from directory.models import Organization

from . import tokens
from .models.status import in_force_q
from .tokens import Query, Term

TABLE = "catalog_search"
COPY = f"COPY {TABLE} (standard_id, tokens) FROM STDIN"
MANY = 500  # standards, from which on sorting them together pays


def matching(standards: QuerySet, query: Query) -> QuerySet:
    """The standards that have every term and every phrase of a query."""
    if query.terms:
        standards = standards.filter(pk__in=_matching_ids(query.terms))
    for phrase in query.phrases:
        standards = standards.filter(
            Q(title_fold__contains=phrase) | Q(title_en__icontains=phrase) | Q(department__name__icontains=phrase)
        )
    return standards


def _matching_ids(terms: Iterable[Term]) -> RawSQL:
    if connection.vendor == "postgresql":
        return RawSQL(f"SELECT standard_id FROM {TABLE} WHERE tokens @@ %s::tsquery", [_tsquery(terms)])  # noqa: S608, S611
    return RawSQL(f"SELECT rowid FROM {TABLE} WHERE {TABLE} MATCH %s", [_fts5(terms)])  # noqa: S608, S611


def _tsquery(terms: Iterable[Term]) -> str:
    return " & ".join("'" + _plain(term.token) + "'" + (":*" if term.prefix else "") for term in terms)


def _fts5(terms: Iterable[Term]) -> str:
    return " AND ".join('"' + _plain(term.token) + '"' + ("*" if term.prefix else "") for term in terms)


def _plain(token: str) -> str:
    """Tokens hold letters and digits only; what quotes could end is taken out all the same."""
    return token.replace("'", "").replace('"', "").replace("\\", "")


def relevance(query: Query, on: date) -> list:
    """What hits are sorted by: the number asked for, how the words stand in the title, then what is in force."""
    order: list = []
    if query.number:
        number = query.number
        order.append(
            _rank(
                [
                    Q(number_fold=number) | Q(serial_fold=number),
                    Q(number_fold__startswith=number + "y") | Q(serial_fold__startswith=number + "y"),
                    Q(number_fold__startswith=number + "x") | Q(serial_fold__startswith=number + "x"),
                    Q(number_fold__startswith=number) | Q(serial_fold__startswith=number),
                ]
            )
        )
    if words := (*query.words, *query.phrases):
        in_title = Q()
        for word in words:
            in_title &= Q(title_fold__contains=word)
        first = words[0]
        order.append(_rank([Q(title_fold=first), Q(title_fold__startswith=first), in_title]))
    return [*order, _rank([in_force_q(on)])]


def _rank(conditions: list[Q]) -> Case:
    whens = [When(condition, then=Value(rank)) for rank, condition in enumerate(conditions)]
    return Case(*whens, default=Value(len(conditions)), output_field=IntegerField())


def tokens_of(standard: Any, department: str) -> set[str]:
    """Everything by which a standard is found: number, titles, department, issuing body."""
    text = " ".join((standard.title, standard.title_en, department, standard.body))
    return (
        tokens.index_tokens(text)
        | tokens.pinyin_initials(standard.title)
        | {standard.number_fold, standard.serial_fold}
    )


def index(standards: Collection, departments: Mapping[int, str] | None = None) -> None:
    """Write standards into the index, anew where they stand in it; voided ones leave it.

    `departments` are the names by id, where the caller has them at hand.
    """
    if departments is None:
        named = {standard.department_id for standard in standards}
        departments = dict(Organization.objects.filter(pk__in=named - {None}).values_list("pk", "name"))
    entries = (
        (standard.pk, sorted(tokens_of(standard, departments.get(standard.department_id, ""))))
        for standard in standards
        if not standard.voided_at
    )
    ids = [standard.pk for standard in standards]
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(f"DELETE FROM {TABLE} WHERE standard_id = ANY(%s::bigint[])", [ids])  # noqa: S608
            with _sorted_at_once(cursor, len(ids)), cursor.cursor.copy(COPY) as copy:
                for pk, words in entries:
                    copy.write_row((pk, _tsvector(words)))
        else:
            cursor.executemany(f"DELETE FROM {TABLE} WHERE rowid = %s", [(pk,) for pk in ids])  # noqa: S608
            cursor.executemany(
                f"INSERT INTO {TABLE} (rowid, tokens) VALUES (%s, %s)",  # noqa: S608
                [(pk, " ".join(words)) for pk, words in entries],
            )


@contextmanager
def _sorted_at_once(cursor: Any, count: int) -> Iterator[None]:
    """Let PostgreSQL sort the words of many standards into its index together: in a third of the time."""
    if count < MANY:
        yield
        return
    cursor.execute("SET LOCAL gin_pending_list_limit = '64MB'")
    yield
    cursor.execute(f"SELECT gin_clean_pending_list('{TABLE}_tokens')")


def _tsvector(words: Iterable[str]) -> str:
    """Lexemes without positions, as PostgreSQL reads them."""
    return " ".join(f"'{_plain(word)}'" for word in words)
