"""Which organizations printed names mean. Many names at once, a constant number of queries; it never guesses.

A name is taken for an organization only where exactly one bears it (or bore it; on the day, where a day is given) or has the
credit code that is printed in its place. What merely looks alike is a candidate for a person to choose.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext_noop

from .credit_codes import LENGTH, fault_of, tidy_code
from .models import Organization, OrganizationName
from .organization_names import name_key, similar_key

CODE = gettext_noop("has this credit code")
THEN = gettext_noop("was called so on that day")
NOW = gettext_noop("is called so")
ONCE = gettext_noop("was called so at another time")
SIMILAR = gettext_noop("is called alike")


@dataclass(frozen=True, slots=True)
class Candidate:
    """An organization that a name may mean: its key, its name of today with its division, and why (a text to translate)."""

    pk: int
    text: str
    reason: str


@dataclass(frozen=True, slots=True)
class Resolution:
    """What a printed name means: `organization` where that is certain, else what it may mean."""

    organization: int | None = None
    candidates: tuple[Candidate, ...] = ()

    @property
    def is_unknown(self) -> bool:
        return self.organization is None and not self.candidates


@dataclass(frozen=True, slots=True)
class _Hit:
    """An organization that bears a name, and how well."""

    pk: int
    reason: str


RANKS = {CODE: 0, THEN: 1, NOW: 2, ONCE: 3, SIMILAR: 4}


def resolve_names(names: Iterable[str], *, on: date | None = None) -> dict[str, Resolution]:
    """What each of the names means, on a day where one is given. Four queries at most, however many names."""
    wanted = set(names)
    hits: dict[str, list[_Hit]] = defaultdict(list)
    codes = {name: tidy_code(name) for name in wanted if _may_be_code(name)}
    for name, found in _by_code(codes).items():
        hits[name] += found
    keys = {name: name_key(name)[:200] for name in wanted - hits.keys()}
    for name, found in _by_name(keys, on).items():
        hits[name] += found
    similar = {name: similar_key(name)[:200] for name in wanted - hits.keys()}
    for name, found in _by_similar(similar).items():
        hits[name] += found
    standing = _standing({hit.pk for found in hits.values() for hit in found})
    return {name: _resolved(hits.get(name, ()), standing) for name in wanted}


def _may_be_code(name: str) -> bool:
    return len(name) <= 3 * LENGTH and fault_of(tidy_code(name)) is None


def _by_code(codes: Mapping[str, str]) -> dict[str, list[_Hit]]:
    if not codes:
        return {}
    rows = Organization.objects.filter(credit_code__among=list(set(codes.values())), voided_at__isnull=True)
    found = dict(rows.order_by().values_list("credit_code", "pk"))
    return {name: [_Hit(found[code], CODE)] for name, code in codes.items() if code in found}


def _by_name(keys: Mapping[str, str], on: date | None) -> dict[str, list[_Hit]]:
    """Those who bear or bore each name. Where somebody bore it on the day, those of other times are left out."""
    if not keys:
        return {}
    borne: dict[str, list[OrganizationName]] = defaultdict(list)
    rows = OrganizationName.objects.standing().filter(key__among=list(set(keys.values()))).order_by("pk")
    for one in rows.only("organization_id", "kind", "valid_from", "valid_to", "voided_at", "key"):
        borne[one.key].append(one)
    return {name: _best(borne[key], on) for name, key in keys.items() if key in borne}


def _best(names: Collection[OrganizationName], on: date | None) -> list[_Hit]:
    if on is not None and (then := [one for one in names if one.holds_on(on)]):
        return [_Hit(one.organization_id, THEN) for one in then]
    return [_Hit(one.organization_id, ONCE if one.valid_to else NOW) for one in names]


def _by_similar(similar: Mapping[str, str]) -> dict[str, list[_Hit]]:
    if not similar:
        return {}
    found: dict[str, set[int]] = defaultdict(set)
    rows = OrganizationName.objects.standing().filter(similar_key__among=list(set(similar.values())))
    for key, pk in rows.order_by().values_list("similar_key", "organization_id"):
        found[key].add(pk)
    return {name: [_Hit(pk, SIMILAR) for pk in sorted(found[key])] for name, key in similar.items() if key in found}


def _standing(pks: Collection[int]) -> dict[int, tuple[int, str]]:
    """For each organization the one that stands for it (itself, or what it was merged into), and how to call that one."""
    if not pks:
        return {}
    rows = Organization.objects.filter(pk__among=list(pks), voided_at__isnull=True)
    columns = ("pk", "name", "region__name", "merged_into", "merged_into__name", "merged_into__region__name")
    found = {}
    for pk, name, place, into, into_name, into_place in rows.values_list(*columns):
        found[pk] = (into, _called(into_name, into_place)) if into else (pk, _called(name, place))
    return found


def _called(name: str, place: str | None) -> str:
    return f"{name}（{place}）" if place else name


def _resolved(hits: Collection[_Hit], standing: Mapping[int, tuple[int, str]]) -> Resolution:
    best: dict[int, Candidate] = {}
    for hit in hits:
        if hit.pk in standing:
            pk, text = standing[hit.pk]
            if pk not in best or RANKS[hit.reason] < RANKS[best[pk].reason]:
                best[pk] = Candidate(pk, text, hit.reason)
    candidates = tuple(sorted(best.values(), key=lambda one: (RANKS[one.reason], one.pk)))
    if len(candidates) == 1 and candidates[0].reason != SIMILAR:
        return Resolution(candidates[0].pk)
    return Resolution(None, candidates)
