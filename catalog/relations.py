"""Joining the ends of relations, inferring replacements, and the day an old edition ends by them."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from datetime import date
from typing import Any, NamedTuple

from django.db import connection
from django.db.models import Q, QuerySet
from django.utils import timezone

from records.bulk import insert_values, update_column, update_columns
from records.models import Event
from records.trail import Changes, differences

from .levels import Kind
from .lifecycle import LifeDays, Precision, takes_effect_on
from .models import Standard, StandardRelation

REPLACES = StandardRelation.Kind.REPLACES
Relation = tuple[str, str, str]  # the source's key, the kind, the target's key
CERTAIN = Q(inferred=False, voided_at__isnull=True)
FACT = (
    "source_key",
    "kind",
    "target_key",
    "source_number",
    "target_number",
    "degree",
    "locality",
    "source_id",
    "target_id",
)
REPLACEMENT = ("replaced_on", "replaced_precision")
# What decides on which day an edition takes effect.
BEGINNING = (
    "implemented_on",
    "implemented_precision",
    "suspended_on",
    "resumed_on",
    "withdrawn_on",
    "withdrawn_precision",
)


def wait_for_other_writers() -> None:
    """Let one transaction after the other write editions: of two at once neither would see the other's ends.

    SQLite has one writer anyway; on PostgreSQL the lock is held until the transaction ends.
    """
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(hashtext('catalog.editions'))")


def add_relations(facts: Iterable[Sequence[str]]) -> None:
    """Store relations that are not stored yet, while no other writer may; what had been inferred between the same ends makes way."""
    facts = list(facts)
    if not facts:
        return
    replaced = {fact[2] for fact in facts if fact[1] == REPLACES}
    StandardRelation.objects.filter(inferred=True, target_key__among=replaced).delete()
    ids = _ids({fact[0] for fact in facts} | {fact[2] for fact in facts})
    stored = StandardRelation.objects.filter(CERTAIN, target_key__among={fact[2] for fact in facts})
    known = set(stored.values_list("source_key", "kind", "target_key"))
    new = {ends: fact for fact in facts if (ends := (fact[0], fact[1], fact[2])) not in known}
    rows = [(*fact, ids.get(fact[0]), ids.get(fact[2])) for fact in new.values()]
    insert_values(StandardRelation, FACT, rows)


def void_relations(facts: Iterable[Sequence[str]]) -> None:
    """Take relations back; they stay on record."""
    wanted = {(fact[0], fact[1], fact[2]) for fact in facts}
    sources, targets = {ends[0] for ends in wanted}, {ends[2] for ends in wanted}
    found = StandardRelation.objects.filter(CERTAIN, source_key__in=sources, target_key__in=targets)
    rows = found.values_list("pk", "source_key", "kind", "target_key") if wanted else ()
    ids = [pk for pk, *ends in rows if tuple(ends) in wanted]
    StandardRelation.objects.filter(pk__in=ids).update(voided_at=timezone.now())


def stated_elsewhere(facts: Iterable[Sequence[str]], keys: Collection[str]) -> set[Relation]:
    """Of the relations of some standards (by key), those that the standard at the other end brought, by the trail.

    They outlive these standards, with an end that dangles.
    """
    others = {key for fact in facts for key in (fact[0], fact[2])} - set(keys)
    ids = list(_ids(others).values())
    stated: set[Relation] = set()
    trail = Event.objects.filter(object_type=Standard._meta.label_lower, object_id__in=ids)
    for changes in trail.values_list("changes", flat=True):
        before, now = (
            {(fact[0], fact[1], fact[2]) for fact in side or []} for side in changes.get("relations", [[], []])
        )
        stated |= now - before
    return stated


def _ids(keys: Collection[str]) -> dict[str, int]:
    current = Standard.objects.filter(key__among=keys, voided_at__isnull=True)
    return dict(current.values_list("key", "pk"))


def link_ends(standards: Collection[Standard]) -> None:
    """Join dangling ends to editions that have arrived, and part them from voided ones.

    A conclusion does not outlive either of its ends.
    """
    for key_name, end in (("source_key", "source"), ("target_key", "target")):
        here = {s.key: s.pk for s in standards if not s.voided_at}
        dangling = StandardRelation.objects.filter(**{f"{key_name}__among": list(here), f"{end}__isnull": True})
        arrived = [(pk, here[key]) for pk, key in dangling.values_list("pk", key_name)]
        update_column(StandardRelation, end, arrived)
        gone = [s.pk for s in standards if s.voided_at]
        if gone:
            StandardRelation.objects.filter(inferred=True, **{f"{end}__in": gone}).delete()
            StandardRelation.objects.filter(**{f"{end}__in": gone}).update(**{end: None})


class Edition(NamedTuple):
    """What is asked of an edition here; whole records would take most of the time."""

    pk: int
    key: str
    number: str
    family_id: int
    year: int | None
    withdrawal_claimed_on: date | None
    withdrawn_on: date | None
    replaced_on: date | None
    replaced_precision: Precision


def _editions(rows: QuerySet[Standard]) -> list[Edition]:
    return [Edition(*row) for row in rows.values_list(*Edition._fields)]


def infer_replacements(family_ids: Collection[int]) -> None:
    """Conclude which edition followed one that a source calls 废止 without a day: the family's next.

    Drawn anew each time, so that a certain relation, a day or a voided edition takes a conclusion back.
    """
    editions: dict[int, list[Edition]] = defaultdict(list)
    rows = Standard.objects.filter(family__among=_unclear(family_ids), kind=Kind.STANDARD, voided_at__isnull=True)
    for edition in _editions(rows.exclude(year=None).order_by("year", "key")):
        editions[edition.family_id].append(edition)
    undated = [e for family in editions.values() for e in family if e.withdrawal_claimed_on and not _end_known(e)]
    replaced = StandardRelation.objects.filter(CERTAIN, kind=REPLACES, target_key__in=[e.key for e in undated])
    certain = set(replaced.values_list("target_key", flat=True))
    wanted = {}
    for edition in undated:
        later = [e for e in editions[edition.family_id] if (e.year or 0) > (edition.year or 0)]
        if later and edition.key not in certain:
            wanted[later[0].key, edition.key] = (later[0], edition)
    drawn = StandardRelation.objects.filter(inferred=True, target__family__among=family_ids)
    now = {(source, target): pk for pk, source, target in drawn.values_list("pk", "source_key", "target_key")}
    StandardRelation.objects.filter(pk__in=[pk for ends, pk in now.items() if ends not in wanted]).delete()
    StandardRelation.objects.bulk_create(
        _inferred(source, target) for ends, (source, target) in wanted.items() if ends not in now
    )


def _unclear(family_ids: Collection[int]) -> list[int]:
    """The families in which some source calls an edition 废止; in the others there is nothing to conclude."""
    claimed = Standard.objects.filter(family__among=family_ids, withdrawal_claimed_on__isnull=False)
    return list(claimed.order_by().values_list("family_id", flat=True).distinct())


def _end_known(edition: Edition) -> bool:
    return edition.withdrawn_on is not None or edition.replaced_on is not None


def _inferred(source: Edition, target: Edition) -> StandardRelation:
    return StandardRelation(
        source_id=source.pk,
        source_key=source.key,
        source_number=source.number,
        kind=REPLACES,
        target_id=target.pk,
        target_key=target.key,
        target_number=target.number,
        inferred=True,
    )


def refresh_replaced_on(keys: Collection[str]) -> list[tuple[Edition, Changes]]:
    """Set the day on which each edition is replaced: the day on which the earliest full successor takes effect.

    Returns the editions whose day changed, as they are now, with the change.
    """
    days = _days_of_replacement(keys)
    current = Standard.objects.filter(voided_at__isnull=True)
    # Asked one after the other: joined by an OR, SQLite reads the whole table.
    ending = {one.pk: one for one in _editions(current.filter(key__among=list(days)))}
    ending |= {one.pk: one for one in _editions(current.filter(key__among=keys, replaced_on__isnull=False))}
    changed = []
    for edition in ending.values():
        now = edition._replace(replaced_on=None, replaced_precision="day")
        if day := days.get(edition.key):
            now = edition._replace(replaced_on=day[0], replaced_precision=day[1])
        if now != edition:
            changed.append((now, differences(last_day(edition), last_day(now))))
    # Harvesters go by `updated_at`, and the status has changed.
    at = timezone.now()
    rows = [(one.pk, (one.replaced_on, one.replaced_precision, at)) for one, _change in changed]
    update_columns(Standard, [*REPLACEMENT, "updated_at"], rows)
    return changed


def last_day(edition: Edition | Standard) -> dict[str, Any]:
    """The day on which an edition is replaced, by the names of its columns."""
    return {name: getattr(edition, name) for name in REPLACEMENT}


def _days_of_replacement(keys: Collection[str]) -> dict[str, tuple[date, Precision]]:
    """By key the day on which the earliest full successor takes effect.

    Asked in two steps, each by an index: joined, PostgreSQL reads whole tables while a large import has not
    been analysed yet.
    """
    replaced = StandardRelation.objects.filter(CERTAIN, kind=REPLACES, target_key__among=keys, source__isnull=False)
    ends = list(replaced.order_by().values_list("target_key", "source_id"))
    sources = Standard.objects.filter(pk__among={pk for _key, pk in ends}, voided_at=None, kind=Kind.STANDARD)
    begins = {row["pk"]: takes_effect_on(_life_days(row)) for row in sources.order_by().values("pk", *BEGINNING)}
    days: dict[str, tuple[date, Precision]] = {}
    for key, pk in ends:
        if day := begins.get(pk):
            days[key] = min(day, days.get(key, day))
    return days


def _life_days(row: dict[str, Any]) -> LifeDays:
    return LifeDays(**{name: row[name] for name in BEGINNING})


def touched_keys(standards: Collection[Standard]) -> set[str]:
    """The keys of some editions and of all that they replace or replaced: whose last day may have moved."""
    keys = {standard.key for standard in standards}
    # Voided relations too: what is no longer replaced is back in force.
    ends = StandardRelation.objects.filter(kind=REPLACES, inferred=False, source_key__among=keys)
    return keys | set(ends.values_list("target_key", flat=True))
