"""Bringing a file in: preview, apply, revert. One engine for every kind of record.

An app registers an `Importer` with its own reading of rows and its own verbs; the engine owns the batch,
the staged rows, the counts and the transaction. Preview and staging are committed piece by piece outside
the final transaction; `apply_batch` is one transaction, so that a crash leaves the whole batch or none.
"""

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple, Protocol

import orjson
from django.db import DataError, IntegrityError, transaction
from django.db.models import Count, Model, TextField
from django.db.models.functions import Cast
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from tabular.annotating import REASON_COLUMN
from tabular.errors import RowRefused
from tabular.limits import UPLOAD_LIMITS, Limits
from tabular.reading import read_table
from tabular.rows import cell_address

from .bulk import collect, gather_statistics, insert_values, rare_collection
from .columns import Field
from .mapping import guess_mapping, remembered_mapping
from .models import ImportBatch, ImportRow
from .remarks import Note
from .trail import Actor, Changes, record

CHUNK = 4000
COLLECT_AFTER = 3  # chunks
# Chunks after which PostgreSQL counts anew: its own worker sees nothing of a transaction before it ends, and with
# the statistics of an empty catalogue it reads whole tables for a handful of keys.
STATISTICS_AFTER = frozenset({1, 2, 8, 32})


class ImportRefused(Exception):
    """The batch cannot go on; the text says why and what to do."""


class ColumnsMissing(ImportRefused):
    """A file without a column that is needed; `columns` are its headings, `mapping` what was recognised."""

    def __init__(self, message: str, columns: Sequence[str], mapping: dict[str, str]) -> None:
        super().__init__(message)
        self.columns = columns
        self.mapping = mapping


@dataclass(slots=True)
class RowPlan:
    """What one row would do. `values` is the record's state afterwards, None where nothing is written."""

    number: int
    outcome: str
    label: str = ""
    values: dict[str, Any] | None = None
    changes: Changes = field(default_factory=dict)
    problems: list[Note] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)
    object_id: int | None = None
    object_version: int | None = None


@dataclass(slots=True)
class SourceRow:
    """One row of the file as the importer gets it: its number there and its cells by field name."""

    number: int
    cells: dict[str, Any]


class Importer(Protocol):
    """What an app gives the engine for one kind of record."""

    @property
    def kind(self) -> str: ...

    @property
    def fields(self) -> Sequence[Field]: ...

    @property
    def models(self) -> Sequence[type[Model]]:
        """The large tables that it writes."""

    @property
    def required(self) -> Sequence[Sequence[str]]:
        """Groups of field names; of each group at least one must have a column."""

    def plan(self, rows: Sequence[SourceRow], batch: ImportBatch, planned: "Planned") -> Iterable[RowPlan]:
        """Judge rows against the database and the rows before them; writes nothing."""

    def write(self, rows: Sequence["StagedRow"], batch: ImportBatch, by: Actor) -> None:
        """Carry out staged rows; raises `ImportRefused` where a record has changed since the preview."""

    def revert(self, batch: ImportBatch, by: Actor) -> dict[int, str]:
        """Take back what a batch did; returns the object numbers left alone, each with the reason."""


class Planned:
    """The rows of this file that were planned so far, so that a later row of the same record builds on them."""

    def __init__(self) -> None:
        self._numbers: dict[str, int] = {}
        self._recent: dict[str, dict[str, Any]] = {}
        self.batch: ImportBatch | None = None
        self.latest: date | None = None  # the latest own day of a row, where rows have one

    def add(self, label: str, number: int, state: dict[str, Any]) -> None:
        self._numbers[label] = number
        self._recent[label] = state

    def staged(self) -> None:
        """The chunk has been written: its states can be read back from the staged rows."""
        self._recent.clear()

    def state(self, label: str) -> tuple[int, dict[str, Any]] | None:
        """The row that last planned this record and the state it leaves behind."""
        if (number := self._numbers.get(label)) is None:
            return None
        if label not in self._recent:
            row = ImportRow.objects.only("values").get(batch=self.batch, number=number)
            self._recent[label] = row.values
        return number, self._recent[label]


IMPORTERS: dict[str, Importer] = {}


def register(importer: Importer) -> Importer:
    IMPORTERS[importer.kind] = importer
    return importer


# --- preview ------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class FileFacts:
    """Where a file comes from: its name for people, the source it belongs to, the day its data stand."""

    name: str
    source: str
    as_of: date


def preview_file(
    path: Path,
    *,
    kind: str,
    facts: FileFacts,
    by: Actor,
    mapping: dict[str, str] | None = None,
    limits: Limits = UPLOAD_LIMITS,
    form: str | None = None,
) -> ImportBatch:
    """Read a file and stage what every row would do; nothing else is saved.

    `mapping` says which column is which field (by field name); without it the file's remembered profile
    or the guess applies. Raises `tabular.errors.FileRefused` or `ImportRefused`.
    """
    importer = IMPORTERS[kind]
    _refuse_future(facts)
    with read_table(path, limits=limits, kind=form, name=facts.name, known_names=known_names(kind)) as table:
        columns = [column if column != REASON_COLUMN else "" for column in table.columns]
        mapping = mapping or remembered_mapping(kind, columns) or guess_mapping(importer.fields, columns)
        _require(importer, columns, mapping)
        batch = _new_batch(kind, path, facts, by, mapping, columns)
        try:
            with rare_collection():
                _stage(importer, batch, table)
        except BaseException:
            batch.delete()
            raise
    return batch


def _new_batch(
    kind: str, path: Path, facts: FileFacts, by: Actor, mapping: dict[str, str], columns: Sequence[str]
) -> ImportBatch:
    return ImportBatch.objects.create(
        kind=kind,
        file_name=facts.name[:255],
        file_hash=file_hash(path),
        file_path=str(path.resolve()),  # a command may be given a path that only its own folder knows
        source=facts.source[:100],
        as_of=facts.as_of,
        mapping=mapping,
        columns=columns,
        division=by.division,
        previewed_by=by.user,
        previewed_at=timezone.now(),
    )


def _refuse_future(facts: FileFacts) -> None:
    """A day to come would make every later file of that source count as older."""
    if facts.as_of > timezone.localdate():
        raise ImportRefused(_("The source's own day %(day)s lies in the future.") % {"day": facts.as_of})


def known_names(kind: str) -> set[str]:
    """The header words of a kind of record, by which the header row is found."""
    return {word for item in IMPORTERS[kind].fields for word in item.words}


def _require(importer: Importer, columns: Sequence[str], mapping: dict[str, str]) -> None:
    labels = {item.name: str(item.label) for item in importer.fields}
    missing = [labels[group[0]] for group in importer.required if not any(name in mapping for name in group)]
    if missing:
        raise ColumnsMissing(
            _("No column was recognised as %(names)s. Say which column it is.") % {"names": "、".join(missing)},
            columns,
            mapping,
        )


def file_hash(path: Path) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _stage(importer: Importer, batch: ImportBatch, table: Any) -> None:
    positions = {name: batch.columns.index(column) for name, column in batch.mapping.items()}
    planned = Planned()
    planned.batch = batch
    for count, chunk in enumerate(_chunks(table), start=1):
        rows = [
            SourceRow(row.number, {name: _cell(row.cells, at) for name, at in positions.items()})
            for row in chunk
            if not row.errors
        ]
        plans = {plan.number: plan for plan in importer.plan(rows, batch, planned)}
        for row in chunk:
            if row.errors:
                plans[row.number] = _refused(row.number, row.errors)
        insert_values(ImportRow, STAGED, (_staged(batch, plans[row.number], positions) for row in chunk))
        planned.staged()
        if count % COLLECT_AFTER == 0:
            collect()
    gather_statistics([ImportRow])
    counts = dict(batch.rows.order_by().values_list("outcome").annotate(Count("id")))
    for outcome in ImportRow.Outcome.values:
        setattr(batch, outcome, counts.get(outcome, 0))
    batch.read = sum(counts.values())
    batch.state = ImportBatch.State.PREVIEWED
    batch.as_of = planned.latest or batch.as_of
    batch.save()


def _chunks(rows: Iterable[Any]) -> Iterator[list[Any]]:
    chunk: list[Any] = []
    for row in rows:
        chunk.append(row)
        if len(chunk) == CHUNK:
            yield chunk
            chunk = []
    if chunk:
        yield chunk


def _cell(cells: Sequence[Any], at: int) -> Any:
    return cells[at] if at < len(cells) else None


def _refused(number: int, errors: Iterable[RowRefused]) -> RowPlan:
    problems = [Note(error.message, dict(error.params), where=error.where) for error in errors]
    return RowPlan(number, ImportRow.Outcome.REJECTED, problems=problems)


STAGED = (
    "batch_id",
    "number",
    "outcome",
    "label",
    "values",
    "changes",
    "problems",
    "notes",
    "object_id",
    "object_version",
)


def _staged(batch: ImportBatch, plan: RowPlan, positions: dict[str, int]) -> tuple[Any, ...]:
    """The values of `STAGED` for one row."""

    def shown(note: Note) -> dict[str, Any]:
        at = positions.get(note.field)
        cell = note.where or (cell_address(plan.number, at) if at is not None else "")
        return {"message": note.message, "params": note.params, "cell": cell, "column": at}

    return (
        batch.pk,
        plan.number,
        str(plan.outcome),
        plan.label[:200],
        plan.values or {},
        plan.changes if plan.outcome == ImportRow.Outcome.UPDATED else {},
        [shown(note) for note in plan.problems],
        [shown(note) for note in plan.notes],
        plan.object_id,
        plan.object_version,
    )


# --- apply and revert -----------------------------------------------------------------------------------------


@transaction.atomic
def apply_batch(batch: ImportBatch, *, by: Actor) -> ImportBatch:
    """Carry out a previewed batch, whole or not at all. Raises `ImportRefused`."""
    _claim(batch, ImportBatch.State.PREVIEWED, ImportBatch.State.APPLIED, by)
    importer = IMPORTERS[batch.kind]
    try:
        # No savepoint around it: on SQLite it would keep a copy of every page that the batch changes in memory.
        with rare_collection():
            for count, rows in enumerate(_staged_chunks(batch), start=1):
                importer.write(rows, batch, by)
                if count in STATISTICS_AFTER:
                    gather_statistics(importer.models)
                if count % COLLECT_AFTER == 0:
                    collect()
    except (IntegrityError, DataError) as error:
        raise ImportRefused(
            _("Records have changed since the preview; nothing was saved. Preview the file again.")
        ) from error
    batch.applied_by, batch.applied_at = by.user, timezone.now()
    batch.save(update_fields=["applied_by", "applied_at"])
    return batch


def _claim(batch: ImportBatch, before: str, after: str, by: Actor) -> None:
    """Move a batch from one state to the next; of two that try at once, one is refused. The trail calls it the same."""
    if not ImportBatch.objects.filter(pk=batch.pk, state=before).update(state=after):
        now = ImportBatch.objects.get(pk=batch.pk).get_state_display()
        raise ImportRefused(_("This batch is %(state)s already.") % {"state": now})
    batch.state = after
    record(batch, str(after), {"state": [str(before), str(after)]}, by=by)


class StagedRow(NamedTuple):
    """What a staged row would write. What people read of it (changes, problems, notes) stays in the database."""

    pk: int
    number: int
    outcome: str
    label: str
    values: dict[str, Any]
    object_id: int | None
    object_version: int | None


def _staged_chunks(batch: ImportBatch) -> Iterator[list[StagedRow]]:
    writing = batch.rows.filter(outcome__in=[ImportRow.Outcome.CREATED, ImportRow.Outcome.UPDATED])
    named = writing.annotate(text=Cast("values", TextField())).order_by("number")
    columns = ["text" if name == "values" else name for name in StagedRow._fields]
    last = 0
    while rows := list(named.filter(number__gt=last).values_list(*columns, named=True)[:CHUNK]):
        yield [StagedRow(*row)._replace(values=orjson.loads(row.text)) for row in rows]
        last = rows[-1].number


@transaction.atomic
def revert_batch(batch: ImportBatch, *, by: Actor) -> dict[int, str]:
    """Take back what a batch did; what was touched since stays as it is.

    Returns those object numbers with the reason; the same stands at their rows of the batch.
    """
    _claim(batch, ImportBatch.State.APPLIED, ImportBatch.State.REVERTED, by)
    refused = IMPORTERS[batch.kind].revert(batch, by)
    batch.reverted_at = timezone.now()
    batch.save(update_fields=["reverted_at"])
    return refused


@transaction.atomic
def discard_batch(batch: ImportBatch, *, by: Actor) -> None:
    """Put a preview away without applying it."""
    _claim(batch, ImportBatch.State.PREVIEWED, ImportBatch.State.DISCARDED, by)
