"""Finding organizations by any part of any of their names: the one door to their index of words."""

from collections import defaultdict
from collections.abc import Collection

from django.db.models import Case, IntegerField, Q, QuerySet, Value, When

from records.word_index import WordIndex
from records.word_tokens import fold, index_tokens, pinyin_initials, text_terms

from .models import Organization, OrganizationName

INDEX = WordIndex("directory_organization_search", "organization_id")


def matching(organizations: QuerySet, text: str) -> QuerySet:
    """The organizations that have every word of a text in their names."""
    terms = list(dict.fromkeys(text_terms(fold(text))))
    if terms:
        return organizations.filter(pk__in=INDEX.matching_ids(terms))
    return organizations.filter(name__contains=text.strip())  # marks alone are asked for as they stand


def relevance(text: str) -> list:
    """What hits are sorted by: how the words stand in the name of today, then the shorter name."""
    words = text.strip()
    ranks = [Q(name=words), Q(name__startswith=words), Q(name__contains=words)]
    whens = [When(condition, then=Value(rank)) for rank, condition in enumerate(ranks)]
    return [Case(*whens, default=Value(len(ranks)), output_field=IntegerField()), "name", "id"]


def tokens_of(names: Collection[str]) -> set[str]:
    """Everything by which an organization is found: its names, and the initials of their characters."""
    text = " ".join(names)
    return index_tokens(text) | pinyin_initials(text)


def index(ids: Collection[int]) -> None:
    """Write organizations into the index, anew where they stand in it; voided and merged ones leave it."""
    pks = list(ids)
    standing = Organization.objects.standing().filter(pk__among=pks)
    names: dict[int, set[str]] = defaultdict(set)
    for pk, name, name_en in standing.values_list("pk", "name", "name_en"):
        names[pk] |= {name, name_en}
    said = OrganizationName.objects.standing().filter(organization__among=list(names))
    for pk, name in said.values_list("organization_id", "name"):
        names[pk].add(name)
    INDEX.write(pks, ((pk, sorted(tokens_of(said))) for pk, said in names.items()))
