"""A kind of simple record, described once; pages, API, back-office, import and export follow from the description.

`docs/registers.md` says how to add one.
"""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import django_filters as filters
from django.db import models
from django.utils.translation import gettext_noop

from tabular.dates import KNOWN

from .cells import NO_SUCH, SEVERAL, Reference, Unreadable, blank_of, is_blank, precision_of, read_cell
from .columns import Field
from .remarks import Note

State = dict[str, Any]
MISSING = gettext_noop("This is missing.")


@dataclass(frozen=True, kw_only=True)
class Item:
    """One thing that is written of a record: a field of its model, with the headings it goes by in files.

    `reference` is for a field that points to another record, `also` gives further words for a choice, `read` tidies
    a text before it is read as its field's. What is `private` is shown only to those who may change the record.
    """

    name: str
    words: tuple[str, ...] = ()
    required: bool = False
    reference: Reference | None = None
    also: Mapping[str, str] = field(default_factory=dict)
    read: Callable[[str], str] | None = None
    private: bool = False
    help: Any = ""


@dataclass(frozen=True, kw_only=True)
class Listed:
    """A column of the list and its export: `path` as `values()` takes it; `link` is the name of an address that takes
    the value at `link_path`."""

    path: str
    label: Any = ""
    width: float = 16
    link: str = ""
    link_path: str = ""


def nobody(user: Any) -> bool:
    return False


def none_barred(states: Sequence[State], user: Any) -> set[int]:
    return set()


def nothing_forbidden(before: State, after: State, user: Any) -> str:
    return ""


def no_notes(state: State) -> Iterable[Note]:
    return ()


def nothing(records: Sequence[models.Model]) -> None:
    return None


def nothing_hangs(records: Sequence[Any]) -> Mapping[int, str]:
    return {}


@dataclass(frozen=True, kw_only=True)
class Register:
    """A kind of record.

    `identity` are the fields by which a row of a file is known to mean a record on record. `may_enter` says who may add
    records at all, `barred` which of some new states an account may not enter (by their places in the sequence; a
    record on record is asked of `editable_by`), `forbids` why an account that may change a record may not make this
    change of it ("" where it may). `judge` gives what is wrong with a whole state, before anything is saved; `check`
    raises `ValidationError` on what only the database knows, inside the transaction; `settle` brings up to date what
    follows from some records. `keeps` says what hangs on some records, by their keys: those are not voided.
    """

    kind: str
    model: type[models.Model]
    items: tuple[Item, ...]
    identity: tuple[str, ...]
    listed: tuple[Listed, ...]
    filterset: type[filters.FilterSet]
    order: tuple[str, ...]
    may_enter: Callable[[Any], bool] = nobody
    barred: Callable[[Sequence[State], Any], set[int]] = none_barred
    forbids: Callable[[State, State, Any], str] = nothing_forbidden
    judge: Callable[[State], Iterable[Note]] = no_notes
    check: Callable[[Sequence[Any]], None] = nothing
    settle: Callable[[Sequence[Any]], None] = nothing
    keeps: Callable[[Sequence[Any]], Mapping[int, str]] = nothing_hangs
    example: Mapping[str, str] = field(default_factory=dict)

    @property
    def title(self) -> str:
        return str(self.model._meta.verbose_name_plural)

    @property
    def noun(self) -> str:
        return str(self.model._meta.verbose_name)

    @property
    def fields(self) -> tuple[Field, ...]:
        """What a column of a file can be."""
        return tuple(Field(item.name, self.field(item.name).verbose_name, item.words) for item in self.items)

    @property
    def required(self) -> tuple[tuple[str, ...], ...]:
        return tuple((item.name,) for item in self.items if item.required)

    def field(self, name: str) -> models.Field:
        return self.model._meta.get_field(name)

    @cached_property
    def written(self) -> tuple[str, ...]:
        """The names of a state: of each item, and of the precision of its day."""
        return tuple(name for item in self.items for name in blank_of(self.field(item.name)))

    @cached_property
    def references(self) -> dict[str, Reference]:
        return {item.name: item.reference for item in self.items if item.reference}

    def state_of(self, record: models.Model) -> State:
        """What is written of a record, as JSON keeps it; other records by their keys."""
        return {name: self._plain(record, name) for name in self.written}

    def _plain(self, record: models.Model, name: str) -> Any:
        one = self.field(name)
        value = getattr(record, one.attname)
        return value.isoformat() if isinstance(one, models.DateField) and value else _as_json(value)


def _as_json(value: Any) -> Any:
    return value if isinstance(value, str | int | bool | type(None)) else str(value)


REGISTERS: dict[str, Register] = {}


def add_register(register: Register) -> Register:
    REGISTERS[register.kind] = register
    return register


def register_of(model: type[models.Model]) -> Register:
    return next(one for one in REGISTERS.values() if one.model is model)


# --- reading ------------------------------------------------------------------------------------------------------


@dataclass(slots=True)
class Reading:
    """What one row, form or request says: values by name, and what could not be read of it."""

    values: State = field(default_factory=dict)
    problems: list[Note] = field(default_factory=list)


def read_rows(register: Register, rows: Sequence[Mapping[str, Any]], *, clearing: bool = False) -> list[Reading]:
    """What rows of cells, by item name, say; other records are looked up for all rows at once.

    A blank cell says nothing; with `clearing` (a form, a request) it empties its field.
    """
    found = _found(register, rows)
    return [_read_row(register, cells, found, clearing) for cells in rows]


def _found(register: Register, rows: Sequence[Mapping[str, Any]]) -> dict[str, Mapping[str, Any]]:
    """For each item that points to other records, what each text in its cells may mean."""
    found = {}
    for name, reference in register.references.items():
        texts = {str(cells[name]).strip() for cells in rows if not is_blank(cells.get(name))}
        found[name] = reference.find(texts) if texts else {}
    return found


def _read_row(
    register: Register, cells: Mapping[str, Any], found: Mapping[str, Mapping[str, Any]], clearing: bool
) -> Reading:
    reading = Reading()
    for item in register.items:
        if item.name not in cells:
            continue
        raw = cells[item.name]
        try:
            if not is_blank(raw):
                reading.values |= _read(register, item, raw, found)
            elif clearing:
                reading.values |= blank_of(register.field(item.name))
        except Unreadable as refusal:
            reading.problems.append(Note(refusal.message, refusal.params, item.name))
    return reading


def _read(register: Register, item: Item, raw: Any, found: Mapping[str, Mapping[str, Any]]) -> State:
    if item.reference is None:
        tidied = item.read(raw) if item.read and isinstance(raw, str) else raw
        return read_cell(register.field(item.name), tidied, item.also)
    text = str(raw).strip()
    candidates = found[item.name].get(text, [])
    if not candidates:
        raise Unreadable(NO_SUCH, value=text)
    if len(candidates) > 1:
        raise Unreadable(SEVERAL, value=text, candidates="、".join(one.text for one in candidates[:5]))
    return {item.name: candidates[0].pk}


def completed(register: Register, values: State) -> State:
    """A whole state: what was said, and nothing where nothing was."""
    state: State = {}
    for item in register.items:
        state |= blank_of(register.field(item.name))
    return {name: _as_json(value) for name, value in state.items()} | values


def faults(register: Register, state: State) -> list[Note]:
    """What a whole state lacks, and what is wrong with it."""
    lacking = [
        Note(MISSING, {}, item.name) for item in register.items if item.required and state[item.name] in (None, "")
    ]
    return lacking or list(register.judge(state))


def worded(register: Register, states: Iterable[State]) -> list[State]:
    """States with other records as `#12 name`: readable in the trail, and still found by their number."""
    states = list(states)
    for name, reference in register.references.items():
        keys = {state[name] for state in states if state.get(name) is not None}
        shown = reference.shown(keys) if keys else {}
        states = [
            state | {name: f"#{state[name]} {shown.get(state[name], '')}".rstrip()} if state.get(name) else state
            for state in states
        ]
    return states


def numbered(register: Register, state: State) -> State:
    """The reverse of `worded`."""
    return {
        name: int(value[1:].partition(" ")[0]) if name in register.references and isinstance(value, str) else value
        for name, value in state.items()
    }


def natural(register: Register, states: Sequence[State]) -> list[dict[str, Any]]:
    """States as they are typed: other records by what people call them, days as far as they are known."""
    shown: dict[str, Mapping[int, str]] = {}
    for name, reference in register.references.items():
        keys: Collection[int] = {state[name] for state in states if state.get(name) is not None}
        shown[name] = reference.shown(keys) if keys else {}
    return [_natural(register, state, shown) for state in states]


def _natural(register: Register, state: State, shown: Mapping[str, Mapping[int, str]]) -> dict[str, Any]:
    cells = {}
    for item in register.items:
        value = state.get(item.name)
        if item.name in shown:
            value = shown[item.name].get(value, "") if value is not None else ""
        elif value and (precision := state.get(precision_of(register.field(item.name)))):
            value = str(value)[: KNOWN[precision]]
        cells[item.name] = value
    return cells
