"""Bringing in a file of simple records, by the description of their kind.

A row means a record on record when its identity is the same. A blank cell says nothing. The same record twice in
one file is unchanged where it says the same, and rejected where it does not.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Model
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from .importing import ImportRefused, Planned, RowPlan, SourceRow, StagedRow, register
from .models import Event, ImportBatch, ImportRow
from .registering import amend, enter_many, void
from .registers import Reading, Register, State, add_register, completed, faults, numbered, read_rows, worded
from .remarks import Note
from .trail import Actor, differences
from .versions import Stale

TWICE = gettext_noop("Row {row} says the same record differently")
REPEATED = gettext_noop("Row {row} says this too")
ALIKE = gettext_noop("Several records on record are like this one; change them by hand")
NOT_YOURS = gettext_noop("It belongs to another division")
TOUCHED_SINCE = gettext_noop("changed since the import")
HANGING = gettext_noop("other records hang on it")


class RegisterImporter:
    """One kind of record, a record a row."""

    def __init__(self, described: Register) -> None:
        self.register = described
        self.kind = described.kind
        self.models: Sequence[type[Model]] = (described.model,)

    @property
    def fields(self):
        return self.register.fields

    @property
    def required(self):
        return self.register.required

    def plan(self, rows: Sequence[SourceRow], batch: ImportBatch, planned: Planned) -> Iterable[RowPlan]:
        readings = read_rows(self.register, [row.cells for row in rows])
        whole = [completed(self.register, reading.values) for reading in readings]
        known = self._known(whole)
        plans = [
            self._plan_row(row.number, reading, state, known, planned)
            for row, reading, state in zip(rows, readings, whole, strict=True)
        ]
        return self._within_reach(plans, batch)

    def _plan_row(
        self, number: int, reading: Reading, state: State, known: dict[tuple, list[Any]], planned: Planned
    ) -> RowPlan:
        standing = known.get(self._identity(state), [])
        if reading.problems or len(standing) > 1:
            problems = reading.problems or [Note(ALIKE)]
            return RowPlan(number, ImportRow.Outcome.REJECTED, problems=problems)
        record = standing[0] if standing else None
        before = self.register.state_of(record) if record is not None else None
        after = {**before, **reading.values} if before is not None else state
        label = self._label(after)
        if problems := faults(self.register, after):
            return RowPlan(number, ImportRow.Outcome.REJECTED, label, problems=problems)
        keys = (repr(key) for key in self._alike(after))
        if earlier := next((found for key in keys if (found := planned.state(key))), None):
            same = earlier[1]["after"] == after
            note = Note(REPEATED if same else TWICE, {"row": earlier[0]})
            outcome = ImportRow.Outcome.UNCHANGED if same else ImportRow.Outcome.REJECTED
            return RowPlan(number, outcome, label, problems=[] if same else [note], notes=[note] if same else [])
        for key in self._known_by(after):
            planned.add(repr(key), number, {"after": after})
        if before == after:
            return RowPlan(number, ImportRow.Outcome.UNCHANGED, label, values={"after": after})
        outcome = ImportRow.Outcome.CREATED if before is None else ImportRow.Outcome.UPDATED
        changes = differences(*worded(self.register, [before, after])) if before is not None else {}
        return RowPlan(
            number,
            outcome,
            label,
            values={"after": after},
            changes=changes,
            object_id=record.pk if record is not None else None,
            object_version=record.version if record is not None else None,
        )

    def _within_reach(self, plans: list[RowPlan], batch: ImportBatch) -> list[RowPlan]:
        """Rows that would write another division's record are rejected by name."""
        user = batch.previewed_by
        if user is None:
            return plans
        new = [plan for plan in plans if plan.outcome == ImportRow.Outcome.CREATED]
        barred = {
            new[at].number for at in self.register.barred([plan.values["after"] for plan in new if plan.values], user)
        }
        old = {plan.object_id: plan.number for plan in plans if plan.outcome == ImportRow.Outcome.UPDATED}
        mine = self.register.model._default_manager.editable_by(user).filter(pk__among=set(old))
        barred |= {old[pk] for pk in set(old) - set(mine.values_list("pk", flat=True))}
        return [
            RowPlan(plan.number, ImportRow.Outcome.REJECTED, plan.label, problems=[Note(NOT_YOURS)])
            if plan.number in barred
            else plan
            for plan in plans
        ]

    def _identity(self, state: State) -> tuple:
        return tuple(state[name] for name in self.register.identity)

    def _known_by(self, state: State) -> Sequence[tuple]:
        """The keys under which later rows of the file find a row."""
        return [self._identity(state)]

    def _alike(self, state: State) -> Sequence[tuple]:
        """The keys of earlier rows that mean the same record."""
        return [self._identity(state)]

    def _known(self, states: Sequence[State]) -> dict[tuple, list[Any]]:
        """The records on record that some states may mean, by their identity."""
        first = self.register.identity[0]
        column = self.register.field(first).attname
        values = {state[first] for state in states if state[first] is not None}
        known: dict[tuple, list[Any]] = {}
        for record in self.register.model._default_manager.standing().filter(**{f"{column}__among": values}):
            known.setdefault(self._identity(self.register.state_of(record)), []).append(record)
        return known

    def _label(self, state: State) -> str:
        shown = worded(self.register, [state])[0]
        return " · ".join(str(shown[name]) for name in self.register.identity if shown[name] not in (None, ""))

    def write(self, rows: Sequence[StagedRow], batch: ImportBatch, by: Actor) -> None:
        made = [row.values["after"] for row in rows if row.outcome == ImportRow.Outcome.CREATED]
        changed = [row for row in rows if row.outcome == ImportRow.Outcome.UPDATED]
        records = self.register.model._default_manager.in_bulk([row.object_id for row in changed])
        try:
            if self._known_among(made):
                raise Stale(_("Records have changed since the preview."))
            enter_many(self.register, made, by=by, batch=batch)
            for row in changed:
                if row.object_id is not None and row.object_version is not None:
                    version, after = row.object_version, row.values["after"]
                    amend(self.register, records[row.object_id], after, version=version, by=by, batch=batch)
        except Stale as refusal:
            text = _("%(what)s Nothing was saved. Preview the file again.")
            raise ImportRefused(text % {"what": refusal}) from refusal
        except (ValidationError, PermissionDenied) as refusal:
            raise ImportRefused(_words(refusal)) from refusal

    def _known_among(self, states: Sequence[State]) -> bool:
        known = self._known(states)
        return any(self._identity(state) in known for state in states)

    def revert(self, batch: ImportBatch, by: Actor) -> dict[int, str]:
        """Take back what the batch did. Raises `ImportRefused` where what it wrote cannot be taken back."""
        try:
            return self._revert(batch, by)
        except Stale as refusal:
            raise ImportRefused(str(refusal)) from refusal
        except (ValidationError, PermissionDenied) as refusal:
            raise ImportRefused(_words(refusal)) from refusal

    def _revert(self, batch: ImportBatch, by: Actor) -> dict[int, str]:
        """What was touched since, or what something hangs on, stays with the reason; the rest is voided or given back."""
        label = self.register.model._meta.label_lower
        events = list(Event.objects.filter(batch=batch, object_type=label).order_by("id"))
        ids = {event.object_id for event in events}
        since = Event.objects.filter(object_type=label, object_id__among=ids, pk__gt=events[0].pk if events else 0)
        touched = set(since.exclude(batch=batch).values_list("object_id", flat=True))
        records = self.register.model._default_manager.standing().filter(pk__among=ids - touched)
        standing = {record.pk: record for record in records}
        reason = _("Import batch %(number)s was reverted") % {"number": batch.pk}
        made = {event.object_id for event in events if event.action == Event.Action.CREATED}
        ours = [record for pk, record in standing.items() if pk in made]
        refused = dict.fromkeys(touched, TOUCHED_SINCE) | dict.fromkeys(self.register.keeps(ours), HANGING)
        void(self.register, [record for record in ours if record.pk not in refused], by=by, reason=reason)
        for event in events:
            if event.action == Event.Action.UPDATED and (record := standing.get(event.object_id)):
                before = numbered(self.register, {name: pair[0] for name, pair in event.changes.items()})
                amend(self.register, record, before, version=record.version, by=by, reason=reason)
        self._mark_refused(batch, refused)
        return refused

    def _mark_refused(self, batch: ImportBatch, refused: Mapping[int, str]) -> None:
        for why in set(refused.values()):
            ids = {pk for pk, said in refused.items() if said == why}
            left = self.register.model._default_manager.filter(pk__among=ids)
            labels = {self._label(self.register.state_of(one)) for one in left}
            batch.rows.filter(object_id__among=ids).update(revert_refused=why)
            batch.rows.filter(label__among=labels, outcome=ImportRow.Outcome.CREATED).update(revert_refused=why)


def _words(refusal: ValidationError | PermissionDenied) -> str:
    return "；".join(refusal.messages) if isinstance(refusal, ValidationError) else str(refusal)


def open_register(described: Register) -> Register:
    """Make a kind of record known: to the pages, the API and the import."""
    return open_importer(RegisterImporter(described))


def open_importer(importer: RegisterImporter) -> Register:
    """Make a kind of record known whose files are read in a way of their own."""
    register(importer)
    return add_register(importer.register)
