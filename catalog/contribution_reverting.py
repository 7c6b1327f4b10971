"""Taking back what a batch of contributions did, except what was touched since."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.db import transaction
from django.utils.translation import gettext, gettext_noop

from records.models import Event, ImportBatch
from records.trail import Actor, plain

from .contributing import BLANK, LABEL, ContributionRefused, Entry, State, state_of, write_contributions
from .models import Contribution, Standard

TOUCHED_SINCE = gettext_noop("changed since the import")
FOREIGN = gettext_noop("a local standard of another division")
RANK_TAKEN = gettext_noop("its former rank belongs to another name by now")
PIECE = 2000


def revert_contributions(batch: ImportBatch, by: Actor) -> dict[int, str]:
    """Void what the batch made and restore what it changed; returns what was left alone, each with the reason."""
    refused: dict[int, str] = {}
    events = Event.objects.filter(batch=batch, object_type=LABEL).order_by("id")
    last = 0
    # A contribution is touched by one row of a file, so by one event.
    while piece := list(events.filter(pk__gt=last).only("object_id", "action", "changes")[:PIECE]):
        last = piece[-1].pk
        refused |= _revert_piece(piece, by, gettext("Import batch %(number)s was reverted") % {"number": batch.pk})
    _mark_refused(batch, refused)
    return refused


def _revert_piece(events: Sequence[Event], by: Actor, reason: str) -> dict[int, str]:
    rows = {
        row.pk: row for row in Contribution.objects.filter(pk__among=[one.object_id for one in events], voided_at=None)
    }
    kept = _kept({row.standard_id for row in rows.values()}, by)
    refused, entries = {}, []
    for event in events:
        row = rows.get(event.object_id)
        if row is None or _is_touched(row, event):
            refused[event.object_id] = TOUCHED_SINCE
        elif row.standard_id not in kept:
            refused[event.object_id] = FOREIGN
        else:
            entries.append(Entry(row.standard_id, _before(row, event), row))
    return refused | _write(entries, by, reason)


def _kept(standards: set[int], by: Actor) -> set[int]:
    rows = Standard.objects.filter(voided_at__isnull=True) if by.user is None else Standard.objects.editable_by(by.user)
    return set(rows.filter(pk__among=sorted(standards)).values_list("pk", flat=True))


def _is_touched(row: Contribution, event: Event) -> bool:
    """Whether it differs from what the batch made of it; what was changed since and changed back does not count."""
    now = _said(row)
    if event.action == Event.Action.CREATED:
        made = {name: pair[1] for name, pair in event.changes.items()}
        return now != made
    return any(now.get(name) != after for name, (_before, after) in event.changes.items() if name not in UNVERIFIED)


UNVERIFIED = ("verified_at", "verified_by")  # what a change took away; nobody looked the former word up again


def _said(row: Contribution) -> State:
    names = [*BLANK, "standard_id", "verified_at", "verified_by_id"]
    return {name.removesuffix("_id"): plain(value) for name in names if (value := getattr(row, name))}


def _before(row: Contribution, event: Event) -> State | None:
    """What it said before the batch; None for what the batch made."""
    if event.action == Event.Action.CREATED:
        return None
    before: dict[str, Any] = state_of(row)
    for name in BLANK:
        if pair := event.changes.get(name.removesuffix("_id")):
            before[name] = BLANK[name] if pair[0] is None else pair[0]
    return before


def _write(entries: Sequence[Entry], by: Actor, reason: str) -> dict[int, str]:
    """Write them together; where a list cannot stand as it was, standard by standard."""
    try:
        with transaction.atomic():
            write_contributions(entries, by=by, reason=reason)
        return {}
    except ContributionRefused:
        pass
    refused: dict[int, str] = {}
    for standard in dict.fromkeys(entry.standard_id for entry in entries):
        part = [_fresh(entry) for entry in entries if entry.standard_id == standard]
        try:
            with transaction.atomic():
                write_contributions(part, by=by, reason=reason)
        except ContributionRefused:
            refused |= {entry.contribution.pk: RANK_TAKEN for entry in part if entry.contribution}
    return refused


def _fresh(entry: Entry) -> Entry:
    """The row as it stands: what was tried and rolled back has changed the one in memory."""
    assert entry.contribution is not None
    return Entry(entry.standard_id, entry.after, Contribution.objects.get(pk=entry.contribution.pk))


def _mark_refused(batch: ImportBatch, refused: dict[int, str]) -> None:
    """Say at the rows of the file what was left alone: a list's row bears the standard's number, another the name too."""
    rows = Contribution.objects.filter(pk__among=list(refused)).values_list("pk", "standard__number", "printed_name")
    labels: dict[str, set[str]] = {}
    for pk, number, name in rows:
        labels.setdefault(refused[pk], set()).update(_labels(number, name))
    for why, of_rows in labels.items():
        batch.rows.filter(label__among=sorted(of_rows)).update(revert_refused=why)


def _labels(number: str, name: str) -> Iterable[str]:
    return (number, f"{number} · {name}"[:200])
