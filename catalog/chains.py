"""From a superseded edition to what is in force now, over as many replacements as it takes."""

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
