"""Relations by hand: added and taken back, never changed, so that the trail says what was believed when."""

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from django.db import transaction

from records.models import Event
from records.trail import Actor, record

from . import relations
from .editions import Write, write_editions
from .models import Standard, StandardRelation
from .states import relation_fact, states_of

Facts = list[Sequence[str]]


@transaction.atomic
def relate(
    source: Standard, kind: str, target: Standard, *, by: Actor, degree: str = "", locality: str = ""
) -> StandardRelation:
    """State a relation between two standards; returns it, also where somebody was a moment earlier."""
    fact = [source.key, kind, target.key, source.number, target.number, degree, locality]
    _change_facts(source, lambda facts: _with(facts, fact), by=by)
    ends = {"source_key": source.key, "kind": kind, "target_key": target.key}
    return StandardRelation.objects.get(voided_at__isnull=True, inferred=False, **ends)


@transaction.atomic
def take_back_relations(stated: Iterable[StandardRelation], *, by: Actor, reason: str) -> int:
    """Take relations back, all or none; returns how many stood. A conclusion is not taken back: it is drawn anew."""
    relations.wait_for_other_writers()
    ids = [relation.pk for relation in stated]
    standing = StandardRelation.objects.filter(pk__in=ids, voided_at__isnull=True, inferred=False)
    found = list(standing.select_related("source", "target"))
    for relation in found:
        ends = (relation.source_key, relation.kind, relation.target_key)
        if standard := relation.source or relation.target:
            _change_facts(standard, lambda facts, ends=ends: _without(facts, ends), by=by, reason=reason)
        else:  # neither edition is in the catalogue, so that the relation has no state to be taken out of
            relations.void_relations([relation_fact(relation)])
            record(relation, Event.Action.VOIDED, {}, by=by, reason=reason)
    return len(found)


def _with(facts: Facts, fact: Sequence[str]) -> Facts:
    stated = any(list(one[:3]) == list(fact[:3]) for one in facts)
    return facts if stated else sorted([*facts, fact])


def _without(facts: Facts, ends: tuple[str, str, str]) -> Facts:
    return [fact for fact in facts if tuple(fact[:3]) != ends]


def _change_facts(standard: Standard, change: Callable[[Facts], Facts], *, by: Actor, reason: str = "") -> None:
    """Write a standard with its relations changed, as it stands when all other writers are done."""
    relations.wait_for_other_writers()
    standard = Standard.objects.get(pk=standard.pk)
    before = states_of([standard])[standard.pk]
    after: dict[str, Any] = {name: value for name, value in before.items() if name != "relations"}
    if facts := change(before.get("relations", [])):
        after["relations"] = facts
    write_editions([Write(after, standard=standard, before=before)], by=by, reason=reason)
