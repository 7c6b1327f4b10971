"""Writing editions: the one way in which standards are created, changed and voided.

Page, API, admin and import all hand over states (`catalog.states`); what follows from them (linked relations,
inferred replacements, last days, flags, the search index, the trail) is brought up to date here, in one transaction.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models.base import ModelState
from django.utils import timezone

from directory.departments import add_departments, departments_named
from directory.models import Organization, Region
from records.bulk import insert, insert_values, update_columns
from records.models import Event, ImportBatch
from records.trail import Actor, Change, differences, record_many
from records.versions import Stale
from records.word_tokens import fold

from . import quality, relations, search
from .caring import write_care
from .facet_words import take_words
from .levels import Kind
from .lifecycle import takes_effect_on
from .merging import Finding, judge, with_replaced
from .models import Classification, Family, SourceClaim, Standard
from .numbers import StandardNumber, parse
from .states import CLAIM, State, classification_rows, first_levels, own_values, states_of, tidy
from .stating import stated_by_claims

LABEL = "catalog.standard"


class VersionConflict(Stale):
    """Somebody changed a standard after it was read; `numbers` says which."""

    def __init__(self, numbers: Sequence[str]) -> None:
        super().__init__("、".join(numbers))
        self.numbers = numbers


@dataclass(slots=True)
class Write:
    """One edition to be written, from one state to another: a new one has a `number`, an old one is a `standard`."""

    after: State
    number: StandardNumber | None = None
    standard: Standard | None = None
    before: State = field(default_factory=dict)
    findings: Sequence[Finding] | None = None
    is_example: bool = False


@transaction.atomic
def write_editions(
    writes: Sequence[Write], *, by: Actor, reason: str = "", batch: ImportBatch | None = None
) -> list[Standard]:
    """Create and change editions; returns them in the order given. A write that changes nothing is skipped.

    Raises `django.db.IntegrityError` where a new number is in the catalogue already.
    """
    relations.wait_for_other_writers()
    now = timezone.now()
    writes = [write for write in writes if write.number is not None or write.before != write.after]
    departments, added = _departments(write.after.get("department") for write in writes)
    _create([write for write in writes if write.number is not None], departments, now)
    changed = [write for write in writes if write.number is None]
    _change(changed, departments, now)
    _write_claims(writes, batch)
    named = _write_codes(writes)
    _write_relations(writes)
    _write_care(writes)
    standards = [write.standard for write in writes if write.standard is not None]
    entries = added + named + [_entry(write, new=write.number is not None) for write in writes]
    _follow(standards, entries)
    quality.review({w.standard.pk: _findings(w) for w in writes if w.standard is not None})
    quality.review_replaced({entry.object_id for entry in entries if entry.object_type == LABEL})
    quality.review_families({standard.family_id for standard in standards})
    search.index(standards, {pk: name for name, pk in departments.items()})
    record_many(entries, by=by, reason=reason, batch=batch)
    return standards


def _findings(write: Write) -> Sequence[Finding]:
    """What the import found, or what can be seen in the state that was written by hand."""
    return (
        judge(write.after, write.standard.year if write.standard else None)
        if write.findings is None
        else write.findings
    )


def _entry(write: Write, *, new: bool) -> Change:
    assert write.standard is not None
    if new:
        changes = {name: [None, value] for name, value in write.after.items()}
        if write.standard.replaced_on:
            changes |= differences({"replaced_precision": "day"}, relations.last_day(write.standard))
        return Change(Event.Action.CREATED, LABEL, write.standard.pk, write.standard.number, changes)
    changes = differences(write.before, write.after)
    return Change(Event.Action.UPDATED, LABEL, write.standard.pk, write.standard.number, changes)


def _create(writes: Sequence[Write], departments: Mapping[str, int], now: datetime) -> None:
    numbers = [write.number for write in writes if write.number is not None]
    families, regions = _families(numbers), _region_ids(numbers)
    for write in writes:
        assert write.number is not None
        number = write.number
        write.standard = _new(number, families[number.family_key], regions.get((number.region, number.year)), now)
        write.standard.is_example = write.is_example
        _take_values(write.standard, write.after, departments)
    standards = [write.standard for write in writes if write.standard is not None]
    take_words(standards)
    _end_replaced({standard.key: standard for standard in standards}, writes)
    insert(standards)


def _end_replaced(new: Mapping[str, Standard], writes: Iterable[Write]) -> None:
    """Write the last day of new editions that other new ones replace at once; `_follow` sees to all the rest."""
    facts = (fact for write in writes for fact in write.after.get("relations", ()))
    for source, kind, target, *_rest in facts:
        if kind != relations.REPLACES or source not in new or target not in new or new[source].kind != Kind.STANDARD:
            continue
        end, replaced = takes_effect_on(new[source].life_days), new[target]
        if end and (replaced.replaced_on is None or end < (replaced.replaced_on, replaced.replaced_precision)):
            replaced.replaced_on, replaced.replaced_precision = end


BLANK = {field.attname: field.get_default() for field in Standard._meta.concrete_fields}


def _new(number: StandardNumber, family_id: int, region_id: int | None, now: datetime) -> Standard:
    standard = Standard.__new__(Standard)  # as from a pickle: to set fifty fields one by one costs more than the rest
    standard.__dict__.update(BLANK, _state=ModelState())
    standard.key = number.key
    standard.slug = number.slug
    standard.number = str(number)
    standard.number_fold = number.number_fold
    standard.serial_fold = number.serial_fold
    standard.sort_key = number.sort_key
    standard.family_id = family_id
    standard.kind = number.kind
    standard.prefix = number.prefix
    standard.level = number.level
    standard.nature = number.nature
    standard.year = number.year
    standard.region_id = region_id
    standard.body = number.body
    standard.created_at = standard.updated_at = now
    return standard


def _region_ids(numbers: Iterable[StandardNumber]) -> dict[tuple[str, int | None], int]:
    """The division that each code meant in its number's year; the nearest row where none covers that year."""
    wanted = {(number.region, number.year) for number in numbers if number.region}
    table: dict[str, list[tuple[int, int, int]]] = defaultdict(list)
    rows = Region.objects.filter(code__in={code for code, _year in wanted})
    for pk, code, first, last in rows.values_list("pk", "code", "valid_from", "valid_to"):
        table[code].append((first or 0, last or 9999, pk))

    def best(code: str, year: int) -> int:
        return min(table[code], key=lambda row: (not row[0] <= year < row[1], abs(row[0] - year)))[2]

    return {(code, year): best(code, year or 9999) for code, year in wanted if table[code]}


def _families(numbers: Iterable[StandardNumber]) -> dict[str, int]:
    wanted = {number.family_key: number for number in numbers}
    found = dict(Family.objects.filter(key__among=list(wanted)).values_list("key", "pk"))
    missing = [
        Family(key=key, slug=number.family_slug, number=number.family, base_key=number.base_key)
        for key, number in wanted.items()
        if key not in found
    ]
    insert(missing)
    return found | {family.key: family.pk for family in missing}


def _departments(names: Iterable[str | None]) -> tuple[dict[str, int], list[Change]]:
    """The departments' keys by name; those that were not on record are added, and their changes returned."""
    wanted = {name for name in names if name}
    found = departments_named(wanted)
    added = []
    for name, (pk, is_new) in add_departments(wanted - found.keys()).items():
        found[name] = pk
        if is_new:
            added.append(Change(Event.Action.CREATED, Organization._meta.label_lower, pk, name, {"name": [None, name]}))
    return found, added


def _take_values(standard: Standard, state: State, departments: Mapping[str, int]) -> None:
    for name, value in own_values(state).items():
        setattr(standard, name, value)
    standard.title_fold = fold(standard.title or standard.title_en)[:1000]  # ㍿ becomes four characters
    standard.department_id = departments.get(state.get("department", ""))
    standard.ics_fields = first_levels(state.get("ics", ()), 2)
    standard.ccs_fields = first_levels(state.get("ccs", ()), 1)


WRITTEN = [
    *own_values({}),
    "title_fold",
    "department_id",
    "ics_fields",
    "ccs_fields",
    "facet_main_id",
    "facet_more_id",
    "is_example",
    "version",
    "updated_at",
]


def _change(writes: Sequence[Write], departments: Mapping[str, int], now: datetime) -> None:
    standards = {write.standard.pk: write.standard for write in writes if write.standard is not None}
    _lock(standards)
    for write in writes:
        assert write.standard is not None
        _take_values(write.standard, write.after, departments)
        write.standard.is_example &= write.is_example  # a real word about an example makes it real
        write.standard.version += 1
        write.standard.updated_at = now
    take_words(list(standards.values()))
    update_columns(
        Standard, WRITTEN, ((pk, [getattr(standard, name) for name in WRITTEN]) for pk, standard in standards.items())
    )


def _lock(standards: Mapping[int, Standard]) -> None:
    """Take the rows and make sure they are still the ones that were read."""
    rows = Standard.objects.select_for_update().filter(pk__among=list(standards)).order_by("pk")
    versions = dict(rows.values_list("pk", "version"))
    stale = [s.number for pk, s in standards.items() if versions.get(pk) != s.version]
    if stale:
        raise VersionConflict(stale)


Claim = tuple[int, str, date, dict[str, Any], int | None]
CLAIMED = ("standard_id", "source", "as_of", "values", "batch_id")


def _write_claims(writes: Sequence[Write], batch: ImportBatch | None) -> None:
    new: list[Claim] = []
    replaced: list[Claim] = []
    gone: list[tuple[int, str]] = []
    batch_id = batch.pk if batch else None
    for write in writes:
        assert write.standard is not None
        for name in {*write.before, *write.after}:
            if not name.startswith(CLAIM) or write.before.get(name) == write.after.get(name):
                continue
            source = name[len(CLAIM) :]
            if said := write.after.get(name):
                as_of = date.fromisoformat(said["as_of"])
                claim = (write.standard.pk, source, as_of, said["values"], batch_id)
                (replaced if name in write.before else new).append(claim)
            else:
                gone.append((write.standard.pk, source))
    insert_values(SourceClaim, CLAIMED, new)
    SourceClaim.objects.bulk_create(
        [SourceClaim(**dict(zip(CLAIMED, claim, strict=True))) for claim in replaced],
        batch_size=1000,
        update_conflicts=True,
        unique_fields=["standard", "source"],
        update_fields=["as_of", "values", "batch"],
    )
    for standard_id, source in gone:
        SourceClaim.objects.filter(standard_id=standard_id, source=source).delete()


def _write_codes(writes: Sequence[Write]) -> list[Change]:
    """Link the codes; the changes of those that are in no table yet, and so got a row without a name."""
    through = Standard.classifications.through
    wanted = [
        (write.standard.pk, scheme, code)
        for write in writes
        for scheme in ("ics", "ccs")
        for code in write.after.get(scheme, ())
        if write.standard is not None and write.after.get(scheme) != write.before.get(scheme)
    ]
    moved = [
        (write.standard.pk, scheme)
        for write in writes
        for scheme in ("ics", "ccs")
        if write.standard is not None
        and write.before.get(scheme)
        and write.after.get(scheme) != write.before.get(scheme)
    ]
    for standard_id, scheme in moved:
        through.objects.filter(standard_id=standard_id, classification__scheme=scheme).delete()
    rows, new = classification_rows({(scheme, code) for _pk, scheme, code in wanted})
    links = [(pk, rows[scheme, code]) for pk, scheme, code in wanted]
    insert_values(through, ("standard_id", "classification_id"), links)
    label = Classification._meta.label_lower
    return [Change(Event.Action.CREATED, label, one.pk, str(one), {"code": [None, one.code]}) for one in new]


def _write_relations(writes: Sequence[Write]) -> None:
    added, removed = [], []
    for write in writes:
        before, after = write.before.get("relations", []), write.after.get("relations", [])
        added += [fact for fact in after if fact not in before]
        removed += [fact for fact in before if fact not in after]
    relations.void_relations(removed)
    relations.add_relations(added)


def _write_care(writes: Sequence[Write]) -> None:
    write_care((w.standard.pk, w.before.get("care"), w.after.get("care")) for w in writes if w.standard is not None)


def _follow(standards: Sequence[Standard], entries: list[Change]) -> None:
    """Bring up to date what follows from these editions, for them and for others, and add it to their changes."""
    relations.link_ends(standards)
    moved = relations.refresh_replaced_on(relations.touched_keys(standards))
    own = {standard.pk: standard for standard in standards}
    families = {standard.family_id for standard in standards} | {other.family_id for other, _change in moved}
    relations.infer_replacements(families)
    written = {entry.object_id: entry for entry in entries if entry.object_type == LABEL}
    for other, changes in moved:
        if other.pk in own:
            own[other.pk].replaced_on = other.replaced_on
            own[other.pk].replaced_precision = other.replaced_precision
            mine = written[other.pk].changes  # from what it was before this write, not from what was written first
            mine |= {name: [mine.get(name, pair)[0], pair[1]] for name, pair in changes.items()}
        else:
            entries.append(Change(Event.Action.UPDATED, LABEL, other.pk, other.number, changes))


@transaction.atomic
def void_editions(standards: Sequence[Standard], *, by: Actor, reason: str, batch: ImportBatch | None = None) -> None:
    """Take editions out of the catalogue; they stay on record with the reason."""
    relations.wait_for_other_writers()
    now = timezone.now()
    _lock({standard.pk: standard for standard in standards})
    states = states_of(standards)
    facts = [fact for state in states.values() for fact in state.get("relations", [])]
    own = {standard.key for standard in standards}
    kept = relations.stated_elsewhere(facts, own)
    kept |= stated_by_claims({key for fact in facts for key in (fact[0], fact[2])} - own)
    relations.void_relations(fact for fact in facts if tuple(fact[:3]) not in kept)
    for standard in standards:
        standard.voided_at, standard.void_reason = now, reason[:200]
        standard.version += 1
        standard.updated_at = now
    Standard.objects.bulk_update(standards, ["voided_at", "void_reason", "version", "updated_at"], batch_size=500)
    relations.link_ends(standards)
    moved = relations.refresh_replaced_on({fact[2] for fact in facts})
    relations.infer_replacements({s.family_id for s in standards} | {other.family_id for other, _change in moved})
    quality.review_families({standard.family_id for standard in standards})
    quality.settle_voided(list(states))
    search.index(standards)
    changes = {"voided_at": [None, now.isoformat()]}
    entries = [Change(Event.Action.VOIDED, LABEL, s.pk, s.number, changes) for s in standards]
    entries += [Change(Event.Action.UPDATED, LABEL, other.pk, other.number, change) for other, change in moved]
    record_many(entries, by=by, reason=reason, batch=batch)


@transaction.atomic
def save_edition(
    standard: Standard | None,
    values: Mapping[str, Any],
    *,
    by: Actor,
    number: StandardNumber | None = None,
    replaces: Sequence[StandardNumber] | None = None,
    reason: str = "",
) -> Standard:
    """Create or change one edition from the values a form or the API sends, by the names of `states`.

    `replaces` exchanges what it replaces in full; None leaves its relations alone.
    Raises `VersionConflict`, or `django.db.IntegrityError` for a number that exists.
    """
    relations.wait_for_other_writers()  # before its relations are read
    before = states_of([standard])[standard.pk] if standard else {}
    after = {**before, **values}
    if number or replaces is not None:
        own = number or parse(standard.number if standard else "")
        after["relations"] = with_replaced(after.get("relations", []), own, replaces or ())
    write = Write(tidy(after), number=number, standard=standard, before=before)
    written = write_editions([write], by=by, reason=reason)
    saved = written[0] if written else standard
    assert saved is not None
    return saved
