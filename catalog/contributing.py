"""Writing contributions: the one way in which they are entered, changed, verified and voided.

Page, API and import hand over entries; the standard's whole list is read under a lock, so that ranks stay unique and
who leads by the rule `printed` is right for all of it, in one transaction with the trail.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from django.db import transaction
from django.db.models import QuerySet
from django.db.models.base import ModelState
from django.utils import timezone
from django.utils.translation import gettext as _

from directory.models import Organization
from directory.organization_names import name_key
from records.bulk import insert, update_column, update_columns
from records.models import Event, ImportBatch
from records.trail import Actor, Change, differences, record_many

from .editions import VersionConflict
from .leading import Line, printed
from .levels import DraftingRole, Level
from .models import Contribution, Standard

LABEL = "catalog.contribution"
State = dict[str, Any]
# What an entry says; by these names in the trail too.
BLANK: State = {
    "organization_id": None,
    "printed_name": "",
    "rank": None,
    "printed_role": "",
    "role": str(DraftingRole.DRAFTER),
    "source": "",
    "evidence": "",
    "document": "",
    "recognised": False,
    "recognition_document": "",
}
# A change of these makes another fact of the one that was verified.
VERIFIED = frozenset({"organization_id", "printed_name", "rank", "printed_role", "role"})
LAST_RANK = 9_999


class ContributionRefused(Exception):
    """A list of drafters that cannot stand; the text says which standard, which place and why."""


@dataclass(slots=True)
class Entry:
    """A contribution as it is to stand. A new one has no `contribution`; `after` None voids the one there is."""

    standard_id: int
    after: State | None
    contribution: Contribution | None = None
    is_example: bool = False


class Head(NamedTuple):
    """What a list's standard is called and of which level it is."""

    number: str
    level: str


def state_of(contribution: Contribution) -> State:
    return {name: getattr(contribution, name) for name in BLANK}


@transaction.atomic
def write_contributions(
    entries: Sequence[Entry],
    *,
    by: Actor,
    reason: str = "",
    document: str = "",
    batch: ImportBatch | None = None,
) -> list[Contribution]:
    """Enter, change and void contributions; returns those that are new. What changes nothing is skipped.

    Raises `VersionConflict` for a row that was changed since it was read, `ContributionRefused` for a list that cannot
    stand.
    """
    entries = [entry for entry in entries if _says_something(entry)]
    if not entries:
        return []
    _hold_bodies(entries)
    heads = _lock({entry.standard_id for entry in entries})
    lists = _standing(heads)
    _refuse_stale(entries, lists, heads)
    now = timezone.now()
    new, changed, voided, changes = _apply(entries, lists, heads, now, reason)
    moved = _judge(lists, heads)
    _void(voided)
    _change(changed)
    insert(new)
    update_column(Contribution, "leads_as_printed", moved)
    # What is new has its number only now.
    changes += [
        Change(Event.Action.CREATED, LABEL, row.pk, _label(row, heads), differences({}, _said(row))) for row in new
    ]
    record_many(changes, by=by, reason=reason, document=document, batch=batch)
    return new


def _says_something(entry: Entry) -> bool:
    if entry.contribution is None or entry.after is None:
        return True
    return {**BLANK, **entry.after} != state_of(entry.contribution)


def _hold_bodies(entries: Iterable[Entry]) -> None:
    """Keep the organizations that are named anew from being merged meanwhile; one that was, is refused.

    Bodies before standards, as a merge takes them before what it moves.
    """
    named = {_newly_named(entry) for entry in entries} - {None}
    held = Organization.objects.standing().select_for_update(no_key=True, of=("self",))
    standing = set(held.filter(pk__among=sorted(named)).order_by("pk").values_list("pk", flat=True))
    if gone := named - standing:
        names = Organization.objects.filter(pk__in=sorted(gone)[:5]).values_list("name", flat=True)
        text = _("%(names)s: merged or voided in the meantime. Look the names up once more.")
        raise ContributionRefused(text % {"names": "、".join(names)})


def _newly_named(entry: Entry) -> int | None:
    now = entry.after.get("organization_id") if entry.after else None
    return None if entry.contribution and entry.contribution.organization_id == now else now


def _lock(ids: Iterable[int]) -> dict[int, Head]:
    """Take the standards, whose lists nobody else can then change. Voided ones have no list."""
    rows = Standard.objects.select_for_update().filter(pk__among=sorted(ids), voided_at__isnull=True).order_by("pk")
    return {pk: Head(number, level) for pk, number, level in rows.values_list("pk", "number", "level")}


Lists = dict[int, dict[int, Contribution]]  # standing rows by standard; new ones under negative numbers
OF_A_LIST = ("pk", "standard_id", "printed_name", "rank", "role", "recognised", "leads_as_printed", "version")


def _rows(ids: Iterable[int]) -> QuerySet[Contribution]:
    return Contribution.objects.filter(standard__among=list(ids), voided_at__isnull=True).order_by("pk")


def _standing(ids: Iterable[int]) -> Lists:
    lists: Lists = defaultdict(dict)
    for row in _rows(ids).select_for_update(of=("self",)).only(*OF_A_LIST):
        lists[row.standard_id][row.pk] = row
    return lists


def _refuse_stale(entries: Sequence[Entry], lists: Lists, heads: Mapping[int, Head]) -> None:
    stale = []
    for entry in entries:
        if entry.standard_id not in heads:
            raise ContributionRefused(_("The standard was voided in the meantime."))
        read = entry.contribution
        if read is None:
            continue
        now = lists[entry.standard_id].get(read.pk)
        if now is None or now.version != read.version:
            stale.append(_label(read, heads))
    if stale:
        raise VersionConflict(stale)


def _apply(
    entries: Sequence[Entry], lists: Lists, heads: Mapping[int, Head], now: datetime, reason: str
) -> tuple[list[Contribution], list[Contribution], list[Contribution], list[Change]]:
    """Carry the entries out on the lists in memory: what is new, changed, voided, and what the trail is told of it."""
    new: list[Contribution] = []
    changed: list[Contribution] = []
    voided: list[Contribution] = []
    changes: list[Change] = []
    for entry in entries:
        row, places = entry.contribution, lists[entry.standard_id]
        if row is None:
            new.append(_new(entry))
            places[-len(new)] = new[-1]
        elif entry.after is None:
            del places[row.pk]
            row.voided_at, row.void_reason, row.leads_as_printed = now, reason[:200], False
            row.version += 1
            voided.append(row)
            said = {"voided_at": [None, now.isoformat()]}
            changes.append(Change(Event.Action.VOIDED, LABEL, row.pk, _label(row, heads), said))
        else:
            before, row.leads_as_printed = _said(row), places[row.pk].leads_as_printed
            places[row.pk] = _taken(row, entry.after)
            changed.append(row)
            said = differences(before, _said(row))
            changes.append(Change(Event.Action.UPDATED, LABEL, row.pk, _label(row, heads), said))
    return new, changed, voided, changes


def _taken(row: Contribution, after: State) -> Contribution:
    """A row with what it is to say; a word that was verified and changes has to be verified again."""
    before = state_of(row)
    for name, value in {**BLANK, **after}.items():
        setattr(row, name, value)
    if row.printed_name != before["printed_name"]:
        row.name_key = name_key(row.printed_name)[:200]
    if any(getattr(row, name) != before[name] for name in VERIFIED):
        row.verified_at = row.verified_by_id = None
    row.version += 1
    return row


FRESH = {field.attname: field.get_default() for field in Contribution._meta.concrete_fields}


def _new(entry: Entry) -> Contribution:
    row = Contribution.__new__(Contribution)  # as from a pickle: a large import makes very many
    row.__dict__.update(FRESH, _state=ModelState(), **(entry.after or {}))
    row.standard_id = entry.standard_id
    row.name_key = name_key(row.printed_name)[:200]
    row.is_example = entry.is_example
    return row


def _said(row: Contribution) -> State:
    """What a row says, by the names of the trail; what says nothing is left out."""
    state = {name.removesuffix("_id"): value for name in BLANK if (value := getattr(row, name))}
    if row.verified_at:
        state |= {"verified_at": row.verified_at, "verified_by": row.verified_by_id}
    return {"standard": row.standard_id, **state}


def _judge(lists: Lists, heads: Mapping[int, Head]) -> list[tuple[int, bool]]:
    """Refuse lists that cannot stand; say which standing rows begin or cease to lead by the rule `printed`."""
    moved = []
    for pk, places in lists.items():
        rows = list(places.values())
        _refuse_ranks(rows, heads[pk])
        leads = printed([Line(row.rank, row.role, row.recognised) for row in rows], heads[pk].level)
        for row, lead in zip(rows, leads, strict=True):
            if row.leads_as_printed != lead:
                row.leads_as_printed = lead
                if row.pk:
                    moved.append((row.pk, lead))
    return moved


def _refuse_ranks(rows: Sequence[Contribution], head: Head) -> None:
    held: dict[int, Contribution] = {}
    for row in rows:
        if row.recognised and head.level != Level.INTERNATIONAL:
            text = _("%(number)s: only the lead of an international standard is recognised, not %(name)s's.")
            raise ContributionRefused(text % {"number": head.number, "name": row.printed_name})
        if row.rank is None:
            continue
        if not 1 <= row.rank <= LAST_RANK:
            text = _("%(number)s: rank %(rank)s of %(name)s is not a place from 1 to %(last)s.")
            words = {"number": head.number, "rank": row.rank, "name": row.printed_name, "last": LAST_RANK}
            raise ContributionRefused(text % words)
        if (other := held.setdefault(row.rank, row)) is not row:
            text = _("%(number)s: %(name)s cannot have rank %(rank)s, which is that of %(other)s.")
            words = {"number": head.number, "name": row.printed_name, "rank": row.rank, "other": other.printed_name}
            raise ContributionRefused(text % words)


WRITTEN = (*BLANK, "name_key", "leads_as_printed", "verified_at", "verified_by_id", "version")


def _change(rows: Sequence[Contribution]) -> None:
    # Two rows that change places would meet on the way: first all of them leave theirs.
    update_column(Contribution, "rank", ((row.pk, None) for row in rows))
    update_columns(Contribution, WRITTEN, ((row.pk, [getattr(row, name) for name in WRITTEN]) for row in rows))


VOIDED = ("voided_at", "void_reason", "leads_as_printed", "version")


def _void(rows: Sequence[Contribution]) -> None:
    update_columns(Contribution, VOIDED, ((row.pk, [getattr(row, name) for name in VOIDED]) for row in rows))


def _label(row: Contribution, heads: Mapping[int, Head]) -> str:
    head = heads.get(row.standard_id)
    return f"{head.number} · {row.printed_name}" if head else row.printed_name


@transaction.atomic
def verify_contributions(
    contributions: Sequence[Contribution], *, by: Actor, document: str = "", verified: bool = True
) -> int:
    """Say that somebody has looked these up (or take that back); returns how many that changed.

    Raises `VersionConflict`, or `ContributionRefused` where no person does it.
    """
    if by.user is None:
        raise ContributionRefused(_("A contribution is verified by a person."))
    rows = [row for row in contributions if bool(row.verified_at) != verified]
    heads = _lock({row.standard_id for row in rows})
    entries = [Entry(row.standard_id, state_of(row), row) for row in rows]
    _refuse_stale(entries, _standing(heads), heads)
    changes = []
    for row in rows:
        before = _said(row)
        row.verified_at = timezone.now() if verified else None
        row.verified_by_id = by.user.pk if verified else None
        row.version += 1
        changes.append(Change(Event.Action.UPDATED, LABEL, row.pk, _label(row, heads), differences(before, _said(row))))
    names = ("verified_at", "verified_by_id", "version")
    update_columns(Contribution, names, ((row.pk, [getattr(row, name) for name in names]) for row in rows))
    return record_many(changes, by=by, document=document)
