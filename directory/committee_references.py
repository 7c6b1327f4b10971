"""How people name committees, terms and grades in forms, requests and files."""

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping

from django.db.models import Q

from records.cells import Named, Reference

from .committee_numbers import committee_named
from .models import Committee, CommitteeTerm, Grade

TERM = re.compile(r"^(?P<committee>.+?)[\s·]+(?:第\s*)?(?P<number>\d{1,3}|\d{4}-\d\d-\d\d)\s*届?$")


def _find_committees(texts: Collection[str]) -> Mapping[str, list[Named]]:
    """By number in any spelling, or by the exact name, Chinese or English."""
    keys = {text: number.key for text in texts if (number := committee_named(text))}
    standing = Committee.objects.standing()
    rows = standing.filter(Q(key__among=set(keys.values())) if keys else Q(pk__in=[]))
    rows = rows | standing.filter(Q(name__among=texts) | Q(name_en__among=texts))
    by_key: dict[str, list[Committee]] = defaultdict(list)
    for one in rows:
        for word in {one.key, one.name, one.name_en} - {""}:
            by_key[word].append(one)
    found = {text: by_key.get(keys.get(text, text), []) or by_key.get(text, []) for text in texts}
    return {text: [Named(one.pk, str(one)) for one in many] for text, many in found.items()}


def _shown_committees(keys: Collection[int]) -> Mapping[int, str]:
    return {one.pk: one.label for one in Committee.objects.filter(pk__among=keys)}


def _find_terms(texts: Collection[str]) -> Mapping[str, list[Named]]:
    """A committee and the term's number or first day; a committee alone means its latest term."""
    asked = {text: _term_asked(text) for text in texts}
    committees = _find_committees({name for name, _which in asked.values()})
    ids = {one.pk for many in committees.values() for one in many}
    terms: dict[int, list[CommitteeTerm]] = defaultdict(list)
    standing = CommitteeTerm.objects.standing().filter(committee__among=ids).select_related("committee")
    for term in standing.order_by("-starts_on"):
        terms[term.committee_id].append(term)
    return {
        text: [
            Named(term.pk, str(term))
            for committee in committees.get(name, [])
            for term in _meant(terms[committee.pk], which)
        ]
        for text, (name, which) in asked.items()
    }


def _term_asked(text: str) -> tuple[str, str]:
    if committee_named(text) is None and (match := TERM.match(text)):
        return match["committee"], match["number"]
    match = TERM.match(text)
    # `SAC/TC 76 3` is the third term; in `SAC/TC 76` the last number is the committee's own.
    if match and committee_named(match["committee"]) is not None:
        return match["committee"], match["number"]
    return text, ""


def _meant(terms: list[CommitteeTerm], which: str) -> Iterable[CommitteeTerm]:
    if not which:
        return terms[:1]
    if which.isdecimal():
        return [term for term in terms if term.number == int(which)]
    # As text: what was typed may be a day that no calendar has.
    return [term for term in terms if term.starts_on.isoformat() == which]


def _shown_terms(keys: Collection[int]) -> Mapping[int, str]:
    terms = CommitteeTerm.objects.filter(pk__among=keys).select_related("committee")
    return {term.pk: term_text(term) for term in terms}


def term_text(term: CommitteeTerm) -> str:
    return f"{term.committee.label} {f'第{term.number}届' if term.number else term.starts_on.isoformat()}"


def _find_grades(texts: Collection[str]) -> Mapping[str, list[Named]]:
    """By its scale and name as shown, or by its name alone where only one scale has it."""
    found: dict[str, list[Named]] = defaultdict(list)
    names = {text.rpartition(" · ")[2] for text in texts}
    for grade in Grade.objects.standing().filter(name__among=names).select_related("scale", "scale__region"):
        for word in {grade.name, grade_text(grade)} & set(texts):
            found[word].append(Named(grade.pk, grade_text(grade)))
    return found


def _shown_grades(keys: Collection[int]) -> Mapping[int, str]:
    grades = Grade.objects.filter(pk__among=keys).select_related("scale")
    return {grade.pk: grade_text(grade) for grade in grades}


def grade_text(grade: Grade) -> str:
    """The same in every language, as it is typed and found again."""
    scale = grade.scale
    return f"{scale.authority}{f' {scale.year}' if scale.year else ''} · {grade.name}"


COMMITTEE = Reference(_find_committees, _shown_committees)
COMMITTEE_TERM = Reference(_find_terms, _shown_terms)
GRADE = Reference(_find_grades, _shown_grades)
