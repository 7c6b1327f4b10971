"""Finding standards by words: the one door to the search index.

`records.word_index` keeps the tokens, the same on both databases.
"""

from collections.abc import Collection, Mapping
from datetime import date
from typing import Any

from django.db.models import Case, IntegerField, Q, QuerySet, Value, When

from directory.models import Organization
from records.word_index import WordIndex
from records.word_tokens import index_tokens, pinyin_initials

from .models.status import in_force_q
from .tokens import Query

TABLE = "catalog_search"
INDEX = WordIndex(TABLE, "standard_id")


def matching(standards: QuerySet, query: Query) -> QuerySet:
    """The standards that have every term and every phrase of a query."""
    if query.terms:
        standards = standards.filter(pk__in=INDEX.matching_ids(query.terms))
    for phrase in query.phrases:
        standards = standards.filter(
            Q(title_fold__contains=phrase) | Q(title_en__icontains=phrase) | Q(department__name__icontains=phrase)
        )
    return standards


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
    return index_tokens(text) | pinyin_initials(standard.title) | {standard.number_fold, standard.serial_fold}


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
    INDEX.write([standard.pk for standard in standards], entries)
