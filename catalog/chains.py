"""From a superseded edition to what is in force now, over as many replacements as it takes."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date

from django.utils import timezone

from .lifecycle import was_known
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


def chains_of(ids: Collection[int], on: date) -> dict[int, Chain]:
    """Follow full replacements upwards from several editions; one query a step, not an edition.

    A split into several goes on with all of them, a ring ends.
    """
    newer: dict[int | None, list[StandardRelation]] = defaultdict(list)
    frontier, seen = set(ids), set(ids)
    for _step in range(LONGEST):
        if not frontier:
            break
        rows = StandardRelation.objects.filter(
            target__in=frontier, kind=StandardRelation.Kind.REPLACES, voided_at__isnull=True, source__voided_at=None
        )
        relations = list(rows.select_related("source").order_by("source__sort_key"))
        relations = [one for one in relations if was_told(one, on)]
        for one in relations:
            newer[one.target_id].append(one)
        frontier = {one.source_id for one in relations if one.source_id} - seen
        seen |= frontier
    return {pk: _chain(pk, newer, on) for pk in ids}


def was_told(relation: StandardRelation, on: date) -> bool:
    """Whether one may tell of a replacement on a day: on a past one not, where its days say that it came later."""
    newer = relation.source
    if newer is None or on >= timezone.localdate() or not (newer.published_on or newer.implemented_on):
        return True
    return was_known((newer.published_on, newer.published_precision), newer.implemented_on, on)


def _chain(pk: int, newer: Mapping[int | None, list[StandardRelation]], on: date) -> Chain:
    steps: list[list[Standard]] = []
    frontier, seen, inferred = [pk], {pk}, False
    while frontier:
        relations = [one for other in frontier for one in newer.get(other, ())]
        inferred |= any(one.inferred for one in relations)
        step = {one.source_id: one.source for one in relations if one.source and one.source_id not in seen}
        frontier = [other for other in step if other is not None]
        seen |= set(frontier)
        if step:
            steps.append([edition for edition in step.values() if edition])
    current = [edition for step in steps for edition in step if edition.status_on(on) == "in_force"]
    return Chain(steps, current, inferred)
