"""The writers of simple records: enter, amend, void. Each writes the trail in its own transaction.

They take the states that `records.registers` reads: values by field name, days in ISO form, other records by their keys.
"""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, models, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from .bulk import insert
from .models import Event, ImportBatch
from .registers import Register, State, completed, faults, worded
from .remarks import say
from .trail import Actor, Change, differences, record_many
from .versions import Stale


@transaction.atomic
def enter(
    register: Register, values: State, *, by: Actor, reason: str = "", document: str = "", is_example: bool = False
) -> Any:
    """Enter one record and return it. Raises `ValidationError` by field and `PermissionDenied` out of reach."""
    state = completed(register, values)
    _refuse_faults(register, state)
    record = _new(register, state, is_example)
    _validate(register, record)
    _insert(register, [(record, state)], by=by, reason=reason, document=document)
    return record


@transaction.atomic
def enter_many(register: Register, states: Sequence[State], *, by: Actor, batch: ImportBatch) -> list[Any]:
    """Enter the judged states of an import. Raises `django.db.IntegrityError`, `ValidationError`, `PermissionDenied`."""
    pairs = [(_new(register, state, batch.is_example), state) for state in states]
    _insert(register, pairs, by=by, batch=batch)
    return [record for record, _state in pairs]


@transaction.atomic
def amend(
    register: Register,
    record: Any,
    values: State,
    *,
    version: int,
    by: Actor,
    reason: str = "",
    document: str = "",
    batch: ImportBatch | None = None,
) -> Any:
    """Change some values of a record that is still at a version; what is not named stays.

    Raises `Stale`, `ValidationError` by field, and `PermissionDenied` where the record is, or would come
    to be, out of reach.
    """
    before = register.state_of(record)
    after = before | values
    changes = differences(*worded(register, [before, after]))
    if not changes:
        return record
    _refuse_out_of_reach(register, [record], by)
    if by.user is not None and (why := register.forbids(before, after, by.user)):
        raise PermissionDenied(why)
    _refuse_faults(register, after)
    changed = _with(register, record, after)
    changed.version = version + 1
    _validate(register, changed)
    standing = register.model._default_manager.filter(pk=record.pk, version=version, voided_at__isnull=True)
    if not _update(standing, {one.attname: getattr(changed, one.attname) for one in _own_columns(register.model)}):
        raise Stale(_("%(record)s was changed by somebody in the meantime.") % {"record": record})
    _refuse_out_of_reach(register, [changed], by)
    register.check([changed])
    _write_down(register, [(changed, Event.Action.UPDATED, changes)], by, reason, document, batch)
    register.settle([record, changed])
    return changed


@transaction.atomic
def void(
    register: Register,
    records: Sequence[Any],
    *,
    by: Actor,
    reason: str,
    document: str = "",
    batch: ImportBatch | None = None,
) -> None:
    """Take records out of what stands; they stay on record with the reason. Raises as `amend` does, `ValidationError` too
    where something hangs on one."""
    if not reason.strip():
        raise ValidationError({"reason": _("Say why the record is voided.")})
    _refuse_out_of_reach(register, records, by)
    _refuse_kept(register, records)
    now = timezone.now()
    for record in records:
        standing = register.model._default_manager.filter(pk=record.pk, version=record.version, voided_at__isnull=True)
        if not standing.update(voided_at=now, void_reason=reason[:200], version=record.version + 1):
            raise Stale(_("%(record)s was changed by somebody in the meantime.") % {"record": record})
        record.voided_at, record.void_reason, record.version = now, reason[:200], record.version + 1
    entries = [(record, Event.Action.VOIDED, {"voided": [False, True]}) for record in records]
    _write_down(register, entries, by, reason, document, batch)
    register.settle(records)


def _refuse_kept(register: Register, records: Sequence[Any]) -> None:
    hanging = register.keeps(records)
    if kept := next((record for record in records if record.pk in hanging), None):
        words = {"record": kept, "what": hanging[kept.pk]}
        raise ValidationError(_("%(record)s is not voided while something hangs on it: %(what)s.") % words)


def _new(register: Register, state: State, is_example: bool) -> Any:
    return _with(register, register.model(is_example=is_example), state)


def _with(register: Register, record: Any, state: State) -> Any:
    """A copy of a record that says what a state says."""
    copy = register.model(**{one.attname: getattr(record, one.attname) for one in _columns(register.model)})
    copy._state.adding = record._state.adding
    for name, value in state.items():
        one = register.field(name)
        is_day = isinstance(one, models.DateField) and isinstance(value, str)
        setattr(copy, one.attname, date.fromisoformat(value) if is_day else value)
    if fill := getattr(copy, "fill", None):
        fill()
    return copy


def _columns(model: type[models.Model]) -> list[models.Field]:
    return [one for one in model._meta.concrete_fields if one.column]


def _own_columns(model: type[models.Model]) -> list[models.Field]:
    """What an amendment writes: everything but the key, what says that the record stands, and what a model names as
    `settled`: it follows from other records, which may have moved on since this one was read."""
    left = {"voided_at", "void_reason", *getattr(model, "settled", ())}
    return [one for one in _columns(model) if not one.primary_key and one.name not in left]


def _refuse_faults(register: Register, state: State) -> None:
    notes = faults(register, state)
    if notes:
        by_field: dict[str, list[str]] = {}
        for note in notes:
            by_field.setdefault(note.field or "__all__", []).append(say(note))
        raise ValidationError(by_field)


def _validate(register: Register, record: Any) -> None:
    """What the model and its constraints ask for, said by field."""
    unwritten = [one.name for one in _columns(register.model) if one.name not in register.written]
    record.full_clean(exclude=unwritten, validate_unique=True, validate_constraints=False)
    record.validate_constraints()


def _insert(
    register: Register,
    pairs: Sequence[tuple[Any, State]],
    *,
    by: Actor,
    reason: str = "",
    document: str = "",
    batch: ImportBatch | None = None,
) -> None:
    records = [record for record, _state in pairs]
    try:
        with transaction.atomic(savepoint=batch is None):
            insert(records)
    except IntegrityError as error:
        if batch is not None:
            raise
        raise ValidationError(_("Somebody entered the same record a moment ago.")) from error
    _refuse_out_of_reach(register, records, by)
    register.check(records)
    states = worded(register, [_said(register, record) for record in records])
    entries = [
        (record, Event.Action.CREATED, differences({}, state)) for record, state in zip(records, states, strict=True)
    ]
    _write_down(register, entries, by, reason, document, batch)
    register.settle(records)


def _update(rows: models.QuerySet, columns: dict[str, Any]) -> int:
    """Raises `ValidationError` where the database refuses what another wrote the same since it was asked."""
    try:
        with transaction.atomic():
            return rows.update(**columns)
    except IntegrityError as error:
        raise ValidationError(_("Somebody entered the same record a moment ago.")) from error


def _said(register: Register, record: Any) -> State:
    """What a new record says, with what follows from it; not what it leaves open, nor that a day is known to the day."""
    unsaid = {name: "day" for name in register.written if name.endswith("_precision")}
    state = register.state_of(record)
    return {name: value for name, value in state.items() if value not in (None, "", unsaid.get(name))}


def _refuse_out_of_reach(register: Register, records: Sequence[Any], by: Actor) -> None:
    """The database is asked, not the form: what was saved must lie within what the account may change."""
    if by.user is None:
        return
    ids = {record.pk for record in records}
    mine = register.model._default_manager.editable_by(by.user).filter(pk__among=ids).values_list("pk", flat=True)
    if foreign := ids - set(mine):
        names = "、".join(str(record) for record in records if record.pk in foreign)
        raise PermissionDenied(_("Out of your reach: %(names)s") % {"names": names[:300]})


def _write_down(
    register: Register,
    entries: Sequence[tuple[Any, str, dict[str, Any]]],
    by: Actor,
    reason: str,
    document: str,
    batch: ImportBatch | None,
) -> None:
    label = register.model._meta.label_lower
    changes = [Change(str(action), label, record.pk, str(record), changes) for record, action, changes in entries]
    record_many(changes, by=by, reason=reason, document=document, batch=batch)
