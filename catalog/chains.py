"""From a superseded edition to what is in force now, over as many replacements as it takes."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from .models import Standard, StandardRelation

LONGEST = 20


@dataclass(frozen=True, slots=True)
class Chain:
    """`steps` are the editions on the way, one list a replacement; `current` those of them in force on the day.

    `inferred` says that at least one step was concluded, not read in a source.
    """

    steps: list[list[Standard]]
    current: list[Standard]
    inferred: bool = False


def chain_of(standard: Standard, on: date) -> Chain:
    """Follow full replacements upwards; a split into several goes on with all of them, a ring ends."""
    steps: list[list[Standard]] = []
    seen = {standard.pk}
    frontier = [standard]
    inferred = False
    while frontier and len(steps) < LONGEST:
        rows = StandardRelation.objects.filter(
            target__in=frontier, kind=StandardRelation.Kind.REPLACES, voided_at__isnull=True, source__voided_at=None
        )
        relations = list(rows.select_related("source").order_by("source__sort_key"))
        newer = {one.source_id: one.source for one in relations}
        inferred |= any(one.inferred for one in relations)
        frontier = [other for pk, other in newer.items() if pk not in seen]
        seen |= newer.keys()
        if frontier:
            steps.append(frontier)
    current = [other for step in steps for other in step if other.status_on(on) == "in_force"]
    return Chain(steps, current, inferred)


def in_force_instead(ids: Collection[int], on: date) -> dict[int, list[Standard]]:
    """For each of several superseded editions what is in force in its place; one query a step, not a row."""
    newer: dict[int, set[int]] = {}
    editions: dict[int, Standard] = {}
    frontier, seen = set(ids), set(ids)
    for _step in range(LONGEST):
        if not frontier:
            break
        rows = StandardRelation.objects.filter(
            target__in=frontier, kind=StandardRelation.Kind.REPLACES, voided_at__isnull=True, source__voided_at=None
        )
        found = {(one.target_id, one.source_id): one.source for one in rows.select_related("source")}
        for (target, source), edition in found.items():
            newer.setdefault(target, set()).add(source)
            editions[source] = edition
        frontier = {source for _target, source in found} - seen
        seen |= frontier
    return {pk: _current(pk, newer, editions, on) for pk in ids}


def _current(pk: int, newer: dict[int, set[int]], editions: dict[int, Standard], on: date) -> list[Standard]:
    """What is in force among all that follows one edition."""
    waiting, reached = [pk], {pk}
    while waiting:
        following = newer.get(waiting.pop(), set()) - reached
        reached |= following
        waiting += following
    current = [editions[one] for one in reached - {pk} if editions[one].status_on(on) == "in_force"]
    return sorted(current, key=lambda edition: edition.sort_key)
