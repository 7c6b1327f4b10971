"""Importing catalogue files: how the engine of `records.importing` plans, writes and reverts standards."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.utils.translation import gettext, gettext_noop

from directory.departments import known_departments
from directory.models import Region
from records.importing import ImportRefused, Note, Planned, RowPlan, SourceRow, StagedRow, register
from records.models import Event, ImportBatch, ImportRow
from records.trail import Actor, differences

from . import relations
from .caring import care_reader
from .departments import Department, DepartmentReader, provincial_bureaus
from .editions import LABEL, VersionConflict, Write, void_editions, write_editions
from .keeping import NOT_YOURS, not_yours, out_of_reach
from .merging import Finding, merge, undone, with_relations_of
from .models import Classification, Family, Prefix, QualityFlag, SourceClaim, Standard, StandardRelation
from .numbers import StandardNumber, parse
from .reading import FIELDS, Reading, Tables, read_row
from .states import State, claim_name, states_of
from .stating import stated_by_claims

NO_YEAR = gettext_noop("{number} has no year; a catalogue entry is one edition")
DEPARTMENT_COMPLETED = gettext_noop("Department {words} was read as {name}")
DEPARTMENT_UNCLEAR = gettext_noop("Department {words} is cut off or unknown")
SAME_NUMBER = gettext_noop("Row {row} has this number too; the two were joined")
FOREIGN = gettext_noop("a local standard of another division")
TOUCHED_SINCE = gettext_noop("changed since the import")


class StandardImporter:
    """Standards, one edition a row."""

    kind = "standards"
    fields = FIELDS
    models = (Standard, Family, StandardRelation, SourceClaim, QualityFlag)
    required = (("number",), ("title", "title_en"))

    def plan(self, rows: Sequence[SourceRow], batch: ImportBatch, planned: Planned) -> Iterable[RowPlan]:
        tables = replace(load_tables(), committees=care_reader())
        readings = [(row.number, read_row(row, tables)) for row in rows]
        known = _known({reading.number.key for _row, reading in readings if reading.number})
        departments = department_reader()
        numbers = [number for _row, reading in readings for number in (reading.number, *_ended_by(reading)) if number]
        barred = out_of_reach(numbers, batch.previewed_by)
        days = [reading.as_of for _row, reading in readings if reading.as_of]
        planned.latest = max([*days, *([planned.latest] if planned.latest else [])], default=None)
        for number, reading in readings:
            if reading.number and reading.number.key in barred:
                reading.problems.append(Note(NOT_YOURS, {"number": str(reading.number)}, "number"))
            for ended in _ended_by(reading):
                if ended.key in barred:
                    reading.problems.append(Note(NOT_YOURS, {"number": str(ended)}, "replaces"))
            yield self._plan_row(number, reading, batch, planned, known, departments)

    def _plan_row(
        self,
        row: int,
        reading: Reading,
        batch: ImportBatch,
        planned: Planned,
        known: dict[str, tuple[Standard, State]],
        departments: DepartmentReader,
    ) -> RowPlan:
        if reading.number is not None and reading.number.year is None:
            reading.problems.append(Note(NO_YEAR, {"number": str(reading.number)}, "number"))
        if reading.problems or reading.number is None:
            label = str(reading.number or "")
            return RowPlan(row, ImportRow.Outcome.REJECTED, label, problems=reading.problems, notes=reading.notes)
        label = str(reading.number)
        standard, stored = known.get(reading.number.key, (None, None))
        before, earlier = stored, planned.state(label)
        if earlier is not None:
            before = earlier[1]["after"]
            reading.notes.append(Note(SAME_NUMBER, {"row": earlier[0]}, "number"))
        after, findings = merge(before, reading, batch.source, batch.as_of)
        findings += _settle_department(before or {}, after, reading, departments, claim_name(batch.source))
        if before == after:
            return RowPlan(row, ImportRow.Outcome.UNCHANGED, label, notes=reading.notes)
        values = {"after": after, "findings": [[f.kind, f.subject, f.detail] for f in findings]}
        planned.add(label, row, values)
        new = before is None
        return RowPlan(
            row,
            ImportRow.Outcome.CREATED if new else ImportRow.Outcome.UPDATED,
            label,
            values=values,
            changes={} if new else differences(before or {}, after),
            notes=reading.notes,
            object_id=standard.pk if standard else None,
            object_version=standard.version if standard and earlier is None else None,
        )

    def write(self, rows: Sequence[StagedRow], batch: ImportBatch, by: Actor) -> None:
        prefixes = prefix_levels()
        for run in _without_repeats(rows):
            numbers = [parse(row.label, prefixes) for row in run]
            if barred := out_of_reach(numbers, by.user):
                raise ImportRefused(not_yours(*(number for number in numbers if number.key in barred)))
            known = _known({number.key for number in numbers})
            writes = []
            for row, number in zip(run, numbers, strict=True):
                standard, before = known.get(number.key, (None, {}))
                _check_version(row, standard)
                writes.append(
                    Write(
                        with_relations_of(before, row.values["after"]),
                        number=None if standard else number,
                        standard=standard,
                        before=before,
                        findings=[Finding(*found) for found in row.values["findings"]],
                        is_example=batch.is_example,
                    )
                )
            try:
                write_editions(writes, by=by, batch=batch)
            except VersionConflict as conflict:
                raise _stale(str(conflict)) from conflict

    def revert(self, batch: ImportBatch, by: Actor) -> dict[int, str]:
        return revert_standards(batch, by)


def _ended_by(reading: Reading) -> list[StandardNumber]:
    """The standards that a row says are replaced: whoever says so has to keep them."""
    return [mention.number for mention in reading.mentions if mention.direction == "replaces"]


def load_tables() -> Tables:
    fields = Classification.objects.filter(scheme="ics", parent=None).values_list("code", flat=True)
    return Tables(prefixes=prefix_levels(), ics_fields=frozenset(fields))


def prefix_levels() -> dict[str, str]:
    """The prefixes staff keep, with their levels, as the parser takes them."""
    return dict(Prefix.objects.values_list("code", "level"))


def department_reader() -> DepartmentReader:
    provinces = Region.objects.valid().filter(level=Region.Level.PROVINCE).values_list("name", flat=True)
    return DepartmentReader(provincial_bureaus(provinces) | known_departments())


def _known(keys: set[str]) -> dict[str, tuple[Standard, State]]:
    standards = list(Standard.objects.filter(key__among=keys, voided_at__isnull=True))
    states = states_of(standards)
    return {standard.key: (standard, states[standard.pk]) for standard in standards}


def _settle_department(
    before: State, after: State, reading: Reading, departments: DepartmentReader, claim: str
) -> list[Finding]:
    """Name the department that the source's words mean; words that cannot be read become a finding."""
    words = reading.words.get("department", "")
    if not words or before.get(claim) == after.get(claim):
        return []
    read = departments.read(words)
    if read.unclear:
        reading.notes.append(Note(DEPARTMENT_UNCLEAR, {"words": words}, "department"))
        return [] if after.get("department") else [Finding("department_unclear", "", {"printed": words})]
    if read.completed:
        reading.notes.append(Note(DEPARTMENT_COMPLETED, {"words": words, "name": read.name}, "department"))
    if not after.get("department") or _same_source_moved_on(before, after, departments, claim):
        after["department"] = read.name
    return []


def _same_source_moved_on(before: State, after: State, departments: DepartmentReader, claim: str) -> bool:
    prior, now = before.get(claim), after.get(claim)
    if not prior or not now or prior["as_of"] >= now["as_of"]:
        return False
    said: list[Department] = [departments.read(words) for words in prior["values"].get("department", [])]
    return after.get("department") in {one.name for one in said}


def _without_repeats(rows: Sequence[StagedRow]) -> Iterable[list[StagedRow]]:
    """The rows in order, cut wherever a record comes again, so that each write sees the one before."""
    run: list[StagedRow] = []
    seen: set[str] = set()
    for row in rows:
        if row.label in seen:
            yield run
            run, seen = [], set()
        run.append(row)
        seen.add(row.label)
    if run:
        yield run


def _check_version(row: StagedRow, standard: Standard | None) -> None:
    if row.outcome == ImportRow.Outcome.CREATED and standard is not None:
        raise _stale(row.label)
    if row.object_version is not None and (standard is None or standard.version != row.object_version):
        raise _stale(row.label)


def _stale(what: str) -> ImportRefused:
    text = gettext("%(what)s changed since the preview; nothing was saved. Preview the file again.")
    return ImportRefused(text % {"what": what})


# What follows from other editions, and is brought up to date with them.
FOLLOWING = frozenset(relations.REPLACEMENT)


def revert_standards(batch: ImportBatch, by: Actor) -> dict[int, str]:
    """Void what the batch made and restore what it changed, except what was touched since."""
    relations.wait_for_other_writers()
    reason = gettext("Import batch %(number)s was reverted") % {"number": batch.pk}
    refused: dict[int, str] = {}
    events = Event.objects.filter(batch=batch, object_type=LABEL).order_by("id")
    by_object: dict[int, list[Event]] = {}
    for event in events.iterator(chunk_size=2000):
        if event.changes.keys() <= FOLLOWING:
            continue
        by_object.setdefault(event.object_id, []).append(event)
    ids = list(by_object)
    for start in range(0, len(ids), 2000):
        part = ids[start : start + 2000]
        kept = dict.fromkeys(_touched_since(part, batch), TOUCHED_SINCE) | dict.fromkeys(_foreign(part, by), FOREIGN)
        refused |= kept
        _revert_part({pk: by_object[pk] for pk in part if pk not in kept}, by, reason)
    _mark_refused(batch, refused)
    return refused


def _foreign(ids: Sequence[int], by: Actor) -> set[int]:
    """Standards that the actor may not keep."""
    if by.user is None:
        return set()
    standing = set(Standard.objects.filter(pk__among=ids, voided_at__isnull=True).values_list("pk", flat=True))
    return standing - set(Standard.objects.editable_by(by.user).filter(pk__among=ids).values_list("pk", flat=True))


def _touched_since(ids: Sequence[int], batch: ImportBatch) -> set[int]:
    """Standards that differ from what the batch made of them, except in a last day that follows from others.

    What was changed since and changed back, as by a later batch and its revert, does not count.
    """
    since = Event.objects.filter(object_type=LABEL, object_id__in=ids, pk__gt=_first_event(batch)).exclude(batch=batch)
    left: dict[tuple[int, str], Any] = {}
    now: dict[tuple[int, str], Any] = {}
    for event in since.only("object_id", "changes").order_by("id"):
        for name, (before, after) in event.changes.items():
            left.setdefault((event.object_id, name), before)
            now[event.object_id, name] = after
    return {pk for (pk, name), value in left.items() if name not in FOLLOWING and value != now[pk, name]}


def _first_event(batch: ImportBatch) -> int:
    return Event.objects.filter(batch=batch).order_by("id").values_list("pk", flat=True).first() or 0


def _revert_part(events: dict[int, list[Event]], by: Actor, reason: str) -> None:
    standards = {s.pk: s for s in Standard.objects.filter(pk__in=events, voided_at__isnull=True)}
    made = [s for pk, s in standards.items() if events[pk][0].action == Event.Action.CREATED]
    void_editions(made, by=by, reason=reason)
    changed = [s for pk, s in standards.items() if events[pk][0].action != Event.Action.CREATED]
    states = states_of(changed)
    writes = []
    for standard in changed:
        standard.refresh_from_db(fields=["version", *FOLLOWING])
        after: dict[str, Any] = dict(states[standard.pk])
        for event in reversed(events[standard.pk]):
            after = undone(after, {name: pair for name, pair in event.changes.items() if name not in FOLLOWING})
        after = _with_stated(after, states[standard.pk], standard)
        writes.append(Write(after, standard=standard, before=states[standard.pk]))
    write_editions(writes, by=by, reason=reason)


def _with_stated(after: State, before: State, standard: Standard) -> State:
    """What a revert would take back of a standard's relations stays where a claim about the other end still states it."""
    left = {tuple(fact[:3]) for fact in after.get("relations", ())}
    gone = [fact for fact in before.get("relations", ()) if tuple(fact[:3]) not in left]
    if not gone:
        return after
    others = {key for fact in gone for key in (fact[0], fact[2])} - {standard.key}
    stated = stated_by_claims(others)
    kept = [fact for fact in gone if tuple(fact[:3]) in stated]
    return {**after, "relations": sorted([*after.get("relations", ()), *kept])} if kept else after


def _mark_refused(batch: ImportBatch, refused: dict[int, str]) -> None:
    numbers = dict(Standard.objects.filter(pk__among=refused).values_list("pk", "number"))
    for why in set(refused.values()):
        labels = [numbers[pk] for pk, reason in refused.items() if reason == why]
        batch.rows.filter(label__among=labels).update(revert_refused=why)


@dataclass(frozen=True)
class Profile:
    """How a kind of file is built, where its headers alone do not say so."""

    label: str
    form: str | None = None


PROFILES = {
    "table": Profile("csv, xlsx, xls, json, jsonl"),
    "blocks": Profile("name ：value lines, one record per block", form="blocks"),
}


register(StandardImporter())
