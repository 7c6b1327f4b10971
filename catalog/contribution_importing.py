"""Importing contributions: how the engine of `records.importing` plans, writes and reverts them.

What counts as read is the row of the file; a row with a list of drafting units becomes several contributions. A row is
taken whole or not at all. What a person verified, what another source said first, and what belongs to another division's
organization is not changed by a file: the row is handed back with the reason.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any
from weakref import WeakKeyDictionary

from django.utils.translation import gettext, gettext_noop

from directory.models import Organization
from directory.resolving import resolve_names
from records.importing import ImportRefused, Note, Planned, RowPlan, SourceRow, StagedRow, register
from records.models import ImportBatch, ImportRow
from records.trail import Actor

from .contributing import BLANK, ContributionRefused, Entry, write_contributions
from .contribution_reading import FIELDS, ContributionReading, Named, names_of, read_contributions
from .contribution_reverting import revert_contributions
from .editions import VersionConflict
from .importing import prefix_levels
from .keeping import NOT_YOURS, out_of_reach
from .levels import DRAFTING, Level
from .models import Contribution, Standard
from .numbers import StandardNumber

NOT_IN_CATALOGUE = gettext_noop("{number} is not in the catalogue; import the standard first")
RANK_TAKEN = gettext_noop("{name} cannot have rank {rank}: on record that is the rank of {other}")
OTHER_ROW = gettext_noop("Row {row} says something else of {name}")
SAID_BEFORE = gettext_noop("Row {row} says the same of {name}")
ON_RECORD = gettext_noop("{name}: on record is {recorded} ({source}), the file says {said}; settle it by hand")
VERIFIED = gettext_noop("{name} was verified as {recorded}; a file does not change that (it says {said})")
FOREIGN = gettext_noop("{name} belongs to an organization that another division keeps")
NOT_INTERNATIONAL = gettext_noop("{number} is no international standard; only their lead is recognised")
NOT_LISTED = gettext_noop("On record, but not in this list: {names}")
WAITING = gettext_noop("{name} is no organization on record; it waits for a person")
SEVERAL = gettext_noop("{name} may mean {count} organizations; it waits for a person")

Identity = tuple[str, bool]


@dataclass(slots=True)
class Known:
    """A contribution on record, or one that an earlier row of the file makes."""

    name: str
    rank: int | None
    state: dict[str, Any]
    pk: int | None = None
    version: int | None = None
    is_verified: bool = False
    is_mine: bool = True
    row: int = 0  # of the file, where a row has spoken of it


@dataclass(slots=True)
class Listed:
    """What is known of one standard's list while a file is planned."""

    known: dict[Identity, Known] = field(default_factory=dict)
    ranks: dict[int, Identity] = field(default_factory=dict)


@dataclass(slots=True)
class Tables:
    """What a piece of the file is judged against: standards by key, keys out of reach, what names mean."""

    standards: dict[str, tuple[int, str]]
    barred: set[str]
    meant: dict[str, Any]


class ContributionImporter:
    """Contributions: a standard's list a row, or one of them a row."""

    kind = "contributions"
    fields = FIELDS
    models = (Contribution,)
    required = (("number",), ("units", "lead_units", "unit"))

    def __init__(self) -> None:
        # The lists that a file has spoken of; with the plan they go.
        self._lists: WeakKeyDictionary[Planned, dict[int, Listed]] = WeakKeyDictionary()

    def plan(self, rows: Sequence[SourceRow], batch: ImportBatch, planned: Planned) -> Iterable[RowPlan]:
        prefixes = prefix_levels()
        readings = [(row.number, read_contributions(row, prefixes)) for row in rows]
        tables = _tables([reading for _row, reading in readings], batch)
        lists = self._lists.setdefault(planned, {})
        _load(lists, tables, batch)
        for row, reading in readings:
            yield _plan_row(row, reading, batch, tables, lists)

    def write(self, rows: Sequence[StagedRow], batch: ImportBatch, by: Actor) -> None:
        ids = [pk for row in rows for pk, _version, _state in row.values["entries"] if pk]
        on_record = Contribution.objects.in_bulk(ids) if ids else {}
        entries = []
        for row in rows:
            for pk, version, state in row.values["entries"]:
                contribution = on_record[pk] if pk else None
                if contribution is not None and contribution.version != version:
                    raise _stale(row.label)
                entries.append(Entry(row.values["standard"], state, contribution, batch.is_example))
        _refuse_gone(entries)
        _refuse_unkept(entries, by)
        try:
            write_contributions(entries, by=by, batch=batch)
        except (ContributionRefused, VersionConflict) as conflict:
            raise _stale(str(conflict)) from conflict

    def revert(self, batch: ImportBatch, by: Actor) -> dict[int, str]:
        return revert_contributions(batch, by)


def _stale(what: str) -> ImportRefused:
    text = gettext("%(what)s changed since the preview; nothing was saved. Preview the file again.")
    return ImportRefused(text % {"what": what})


def _refuse_gone(entries: Sequence[Entry]) -> None:
    """Organizations that were merged or voided since the preview are no longer what the names mean."""
    wanted = {pk for entry in entries if entry.after and (pk := entry.after["organization_id"])}
    standing = Organization.objects.standing().filter(pk__among=sorted(wanted))
    if gone := wanted - set(standing.values_list("pk", flat=True)):
        names = Organization.objects.filter(pk__in=sorted(gone)[:5]).values_list("name", flat=True)
        raise _stale("、".join(names))


def _refuse_unkept(entries: Sequence[Entry], by: Actor) -> None:
    """Standards that the actor may not keep: local ones of other divisions."""
    if by.user is None:
        return
    wanted = {entry.standard_id for entry in entries}
    kept = Standard.objects.editable_by(by.user).filter(pk__among=sorted(wanted)).values_list("pk", flat=True)
    if foreign := wanted - set(kept):
        numbers = Standard.objects.filter(pk__in=sorted(foreign)[:5]).values_list("number", flat=True)
        raise ImportRefused(gettext(NOT_YOURS).format(number="、".join(numbers)))


# --- planning ----------------------------------------------------------------------------------------------------------


def _tables(readings: Sequence[ContributionReading], batch: ImportBatch) -> Tables:
    numbers = [reading.number for reading in readings if reading.number and not reading.problems]
    keys = list({number.key for number in numbers})
    found = Standard.objects.filter(key__among=keys, voided_at__isnull=True).values_list("key", "pk", "level")
    return Tables(
        {key: (pk, level) for key, pk, level in found},
        out_of_reach(numbers, batch.previewed_by),
        resolve_names(names_of(readings)),
    )


OF_A_LIST = ("pk", "version", "standard_id", "name_key", "verified_at", *BLANK)


def _load(lists: dict[int, Listed], tables: Tables, batch: ImportBatch) -> None:
    """The lists on record of standards that the file had not spoken of."""
    new = {pk for pk, _level in tables.standards.values()} - lists.keys()
    lists |= {pk: Listed() for pk in new}
    rows = Contribution.objects.filter(standard__among=sorted(new), voided_at__isnull=True).order_by("rank", "pk")
    mine = _mine(new, batch)
    for row in rows.values(*OF_A_LIST):
        listed, identity = lists[row["standard_id"]], (row["name_key"], row["role"] in DRAFTING)
        listed.known[identity] = Known(
            row["printed_name"],
            row["rank"],
            {name: row[name] for name in BLANK},
            row["pk"],
            row["version"],
            row["verified_at"] is not None,
            mine is None or row["pk"] in mine,
        )
        if row["rank"]:
            listed.ranks[row["rank"]] = identity


def _mine(standards: set[int], batch: ImportBatch) -> set[int] | None:
    """The contributions that the actor may change; None where that is all of them."""
    if batch.previewed_by is None:
        return None
    rows = Contribution.objects.editable_by(batch.previewed_by).filter(standard__among=sorted(standards))
    return set(rows.values_list("pk", flat=True))


def _plan_row(
    row: int, reading: ContributionReading, batch: ImportBatch, tables: Tables, lists: dict[int, Listed]
) -> RowPlan:
    number = reading.number
    label = str(number or "")
    standard = tables.standards.get(number.key) if number else None
    if number and not reading.problems and (problem := _refused(number, standard, reading, tables)):
        reading.problems.append(problem)
    if standard is not None and not reading.problems:
        if not reading.is_list:
            label = f"{label} · {reading.named[0].name}"
        draft = Draft(row, reading, batch, tables, lists[standard[0]])
        draft.take()
    if standard is None or reading.problems:
        return RowPlan(row, ImportRow.Outcome.REJECTED, label, problems=reading.problems, notes=reading.notes)
    if not draft.entries:
        return RowPlan(row, ImportRow.Outcome.UNCHANGED, label, notes=reading.notes)
    draft.keep()
    outcome = ImportRow.Outcome.UPDATED if draft.changes else ImportRow.Outcome.CREATED
    values = {"standard": standard[0], "entries": draft.entries}
    return RowPlan(row, outcome, label, values=values, changes=draft.changes, notes=reading.notes)


def _refused(
    number: StandardNumber, standard: tuple[int, str] | None, reading: ContributionReading, tables: Tables
) -> Note | None:
    """Why a standard takes no contribution of this row."""
    if standard is None:
        return Note(NOT_IN_CATALOGUE, {"number": str(number)}, "number")
    if number.key in tables.barred:
        return Note(NOT_YOURS, {"number": str(number)}, "number")
    if "recognition" in reading.said and standard[1] != Level.INTERNATIONAL:
        return Note(NOT_INTERNATIONAL, {"number": str(number)}, "recognition")
    return None


class Draft:
    """What one row makes of its standard's list; nothing of the list changes before `keep`."""

    def __init__(
        self, row: int, reading: ContributionReading, batch: ImportBatch, tables: Tables, listed: Listed
    ) -> None:
        self.row, self.reading, self.batch, self.tables, self.listed = row, reading, batch, tables, listed
        self.entries: list[list[Any]] = []
        self.changes: dict[str, list[Any]] = {}
        self._after: dict[Identity, Known] = {}

    def take(self) -> None:
        for one in self.reading.named:
            state = self._state(one)
            known = self.listed.known.get(one.identity)
            if known is None:
                self._enter(one, state)
            else:
                self._amend(one, state, known)
        self._refuse_ranks()
        self._remark()

    def _state(self, one: Named) -> dict[str, Any]:
        said = self.reading.said
        return BLANK | {
            "organization_id": self.tables.meant[one.name].organization,
            "printed_name": one.name,
            "rank": one.rank,
            "printed_role": one.printed_role,
            "role": one.role,
            "source": self.batch.source,
            "evidence": said.get("evidence", ""),
            "document": said.get("document", ""),
            "recognised": "recognition" in said,
            "recognition_document": said.get("recognition", ""),
        }

    def _enter(self, one: Named, state: dict[str, Any]) -> None:
        self._after[one.identity] = Known(one.name, one.rank, state, row=self.row)
        self.entries.append([None, None, state])
        if self.reading.is_list and self.listed.known:
            self.changes[one.name] = [None, _words(state)]

    def _amend(self, one: Named, state: dict[str, Any], known: Known) -> None:
        # A blank never erases; the name stays as it was printed first, and so does whom a person said it means.
        said = {name: value for name, value in state.items() if value and name not in ("printed_name", "source")}
        if known.state["organization_id"]:
            said.pop("organization_id", None)
        if not one.printed_role:
            del said["role"]
        new = {name: value for name, value in said.items() if value != known.state[name]}
        if not new:
            if known.row:
                self._note(SAID_BEFORE, row=known.row, name=one.name)
            return
        if problem := self._against(one, known, new):
            self.reading.problems.append(problem)
            return
        after = known.state | new
        self._after[one.identity] = Known(
            known.name, after["rank"], after, known.pk, known.version, known.is_verified, known.is_mine, self.row
        )
        self.entries.append([known.pk, known.version, after])
        self.changes[one.name] = [_words(known.state), _words(after)]

    def _against(self, one: Named, known: Known, new: dict[str, Any]) -> Note | None:
        """Why a file does not change what is on record."""
        if known.row:
            return Note(OTHER_ROW, {"row": known.row, "name": one.name}, "units")
        if not known.is_mine:
            return Note(FOREIGN, {"name": one.name}, "units")
        words = {"name": one.name, "recorded": _words(known.state), "said": _words(known.state | new)}
        if known.is_verified:
            return Note(VERIFIED, words, "units")
        # Filling in what nobody had said contradicts nobody; a drafter's class is only said with a role.
        contradicts = [name for name in new if known.state[name] and name not in ("role", "organization_id")]
        if contradicts and known.state["source"] != self.batch.source:
            return Note(ON_RECORD, words | {"source": known.state["source"]}, "units")
        return None

    def _refuse_ranks(self) -> None:
        ranks = {rank: one for rank, one in self.listed.ranks.items() if one not in self._after}
        for identity, known in self._after.items():
            if known.rank is None:
                continue
            other = ranks.setdefault(known.rank, identity)
            if other != identity:
                holder = self._after.get(other) or self.listed.known[other]
                words = {"name": known.name, "rank": known.rank, "other": holder.name}
                self.reading.problems.append(Note(RANK_TAKEN, words, "rank"))

    def _remark(self) -> None:
        for one in self.reading.named:
            meant = self.tables.meant[one.name]
            if meant.organization is None:
                several = len(meant.candidates) > 1
                self._note(SEVERAL if several else WAITING, name=one.name, count=len(meant.candidates))
        if self.reading.is_list:
            listed = {one.identity for one in self.reading.named}
            if others := [known.name for identity, known in self.listed.known.items() if identity not in listed]:
                self._note(NOT_LISTED, names="、".join(others)[:200])

    def _note(self, message: str, **params: Any) -> None:
        self.reading.notes.append(Note(message, params, "units" if self.reading.is_list else "unit"))

    def keep(self) -> None:
        """The row is taken: later rows of the file see the list as it leaves it."""
        gone = {known.rank for identity in self._after if (known := self.listed.known.get(identity)) and known.rank}
        for rank in gone:
            del self.listed.ranks[rank]
        for identity, known in self._after.items():
            self.listed.known[identity] = known
            if known.rank:
                self.listed.ranks[known.rank] = identity


def _words(state: dict[str, Any]) -> str:
    """A contribution as notes and previews write it: `2 主要起草单位`."""
    words = (state["rank"], state["printed_role"] or state["role"], state["document"], state["recognition_document"])
    return " · ".join(str(word) for word in words if word)


register(ContributionImporter())
