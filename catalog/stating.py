"""Which relations the sources' claims still state, by their words: what another source says outlives a batch that is reverted."""

from collections.abc import Collection, Iterable, Mapping
from typing import Any

from .merging import stated_relations
from .models import Prefix, SourceClaim, Standard
from .numbers import StandardNumber, parse
from .reading import Reading
from .relations import Relation
from .replacements import read_replacements

WORDS = ("replaces", "replaced_by")


def stated_by_claims(keys: Collection[str]) -> set[Relation]:
    """What the claims about some standards (by key) say about their relations."""
    standards = dict(Standard.objects.filter(key__among=keys, voided_at__isnull=True).values_list("pk", "number"))
    claims: dict[int, list[Any]] = {}
    for pk, values in SourceClaim.objects.filter(standard__among=list(standards)).values_list("standard_id", "values"):
        if any(values.get(name) for name in WORDS):
            claims.setdefault(pk, []).append(values)
    known = dict(Prefix.objects.values_list("code", "level")) if claims else {}
    return {one for pk, said in claims.items() for one in _stated(parse(standards[pk], known), said, known)}


def _stated(number: StandardNumber, claims: Iterable[Mapping[str, Any]], known: Mapping[str, str]) -> set[Relation]:
    reading = Reading(number=number)
    for values in claims:
        for direction in WORDS:
            for text in values.get(direction, ()):
                reading.mentions += read_replacements(text, direction, known)  # type: ignore[arg-type]
    return {(fact[0], fact[1], fact[2]) for fact in stated_relations(reading)}
