"""Moving what hangs on one organization to another, row by row, so that it can be moved back exactly.

Whatever points to an organization is found by walking the model's reverse relations, so that tables of higher apps move too.
What a row's table brings up to date after a move (an index, a derived column) is registered here by its app.
"""

import hashlib
import json
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.apps import apps
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext as _

from records.bulk import update_columns
from records.models import Event
from records.trail import Change, Changes, plain

from .models import DifferentOrganizations, Grant, Organization, OrganizationMerge, Registration
from .models.organizations import CONTACT

# What says something of the two bodies themselves stays with them. A role is given by a security administrator alone, and
# what an enterprise said of itself is never changed: a merge carries neither to another organization.
STAYS = (OrganizationMerge, DifferentOrganizations, Grant, Registration)
# How a row ends that the other organization has already: its column, and the one for the reason.
ENDINGS = (("voided_at", "void_reason"),)

Values = dict[str, Any]
# What higher apps bring up to date: by table, for rows whose organization changed; and for organizations whose name did.
MOVED: dict[str, Callable[[Collection[int]], None]] = {}
RENAMED: list[Callable[[Collection[int]], None]] = []


@dataclass(slots=True)
class Move:
    """One row on its way: the columns that change, before and after. `settled` says how a clash with a row there is settled;
    a row with `stays` is not moved, and why."""

    model: type[models.Model]
    pk: int
    before: Values
    after: Values
    settled: str = ""
    stays: str = ""


@dataclass(slots=True)
class Ledger:
    """What was moved: an entry for each row (`OrganizationMerge.moved`), and a change for the trail."""

    entries: list[dict[str, Any]] = field(default_factory=list)
    changes: list[Change] = field(default_factory=list)


def relations() -> list[tuple[type[models.Model], models.ForeignKey]]:
    """Every foreign key that points to an organization and moves with it, by table."""
    found: list[tuple[Any, Any]] = []
    relation: Any
    for relation in Organization._meta.get_fields(include_hidden=True):
        points = (relation.one_to_many or relation.one_to_one) and relation.auto_created
        if points and relation.related_model not in STAYS:
            found.append((relation.related_model, relation.field))
    return sorted(found, key=lambda pair: (pair[0]._meta.label_lower, pair[1].name))


def planned_moves(
    source: Organization, target: Organization, chosen: Mapping[str, set[int]] | None = None
) -> list[Move]:
    """What moving everything from one organization to another does, or only the chosen keys by table; writes nothing."""
    moves: list[Move] = []
    for model, key in relations():
        rows = model._base_manager.filter(**{key.name: source.pk}).order_by("pk")
        if chosen is not None:
            rows = rows.filter(pk__among=list(chosen.get(model._meta.label_lower, ())))
        moves += moves_of(model, key, rows, target)
    return moves


def moves_of(
    model: type[models.Model], key: models.ForeignKey, rows: models.QuerySet, target: Organization
) -> Iterator[Move]:
    """What moving some rows of one table does; a row that could not stand beside those of the other is settled."""
    names = [one for one in ("version", "updated_at", *(name for pair in ENDINGS for name in pair)) if _has(model, one)]
    clashing = _clashes(model, key, rows, target)
    for values in rows.values("pk", key.attname, *names):
        pk = values.pop("pk")
        after: Values = {key.attname: target.pk}
        if "version" in values:
            after["version"] = values["version"] + 1
        if "updated_at" in values:
            after["updated_at"] = timezone.now()
        yield _settled(Move(model, pk, values, after), clashing.get(pk), target)


def _settled(move: Move, clash: models.UniqueConstraint | None, target: Organization) -> Move:
    """A row that the other organization has already ends where it can; where it cannot, it stays where it is."""
    if clash is not None:
        words = {"name": str(target)}
        ending = next((pair for pair in ENDINGS if clash.condition and pair[0] in _named(clash.condition)), None)
        if ending and _has(move.model, ending[1]):
            move.settled = _("%(name)s has this already: the row is voided.") % words
            move.after |= {ending[0]: timezone.now(), ending[1]: move.settled[:200]}
        else:
            move.stays = _("%(name)s has this already: the row stays.") % words
    move.before = {name: move.before[name] for name in move.after}
    return move


def _clashes(
    model: type[models.Model], key: models.ForeignKey, rows: models.QuerySet, target: Organization
) -> dict[int, models.UniqueConstraint]:
    """The rows that could not stand beside those of the other organization, each with the constraint that says so."""
    found: dict[int, models.UniqueConstraint] = {}
    theirs = model._base_manager.filter(**{key.name: target.pk})
    for constraint in _unique(model, key):
        others = [name for name in constraint.fields if name != key.name]
        stands = constraint.condition or models.Q()
        taken = (
            set(theirs.filter(stands).values_list(*others))
            if others
            else set(theirs.filter(stands).values_list("pk")[:0])
        )
        if not others and theirs.filter(stands).exists():
            found |= dict.fromkeys(rows.filter(stands).values_list("pk", flat=True), constraint)
        for pk, *values in rows.filter(stands).values_list("pk", *others) if taken else ():
            if tuple(values) in taken and None not in values:
                found[pk] = constraint
    return found


def _unique(model: type[models.Model], key: models.ForeignKey) -> Iterator[models.UniqueConstraint]:
    for constraint in model._meta.constraints:
        if isinstance(constraint, models.UniqueConstraint) and key.name in constraint.fields:
            yield constraint
    for names in model._meta.unique_together:
        if key.name in names:
            yield models.UniqueConstraint(fields=names, name="unique_together")
    if key.unique:
        yield models.UniqueConstraint(fields=[key.name], name="unique")


def _named(condition: models.Q) -> set[str]:
    return set(condition.referenced_base_fields)


def _has(model: type[models.Model], name: str) -> bool:
    return any(one.attname == name for one in model._meta.concrete_fields)


# --- carrying out -------------------------------------------------------------------------------------------------


def carry_out(moves: Sequence[Move]) -> Ledger:
    """Write moves, in the transaction of the caller, who has locked both organizations."""
    ledger = Ledger()
    for model, some in _by_model(move for move in moves if not move.stays):
        pks = [move.pk for move in some]
        list(model._base_manager.select_for_update().filter(pk__among=pks).order_by("pk").values_list("pk"))
        _update(model, [(move.pk, move.after) for move in some])
        _follow(model, pks)
        digests, labels = _digests(model, pks), _labels(model, pks)
        for move in some:
            before, after = _plain(move.before), _plain(move.after)
            table = model._meta.label_lower
            entry = {"table": table, "id": move.pk, "before": before, "after": after, "digest": digests[move.pk]}
            ledger.entries.append(entry)
            ledger.changes.append(_change(table, move.pk, labels[move.pk], before, after))
    return ledger


@dataclass(slots=True)
class Left:
    """A row that was not moved back, and why."""

    table: str
    pk: int
    label: str
    why: str


def take_back(entries: Iterable[Mapping[str, Any]], since: datetime) -> tuple[list[Change], list[Left]]:
    """Restore rows to what they were before their move. Those that were touched since then are left, each with why."""
    changes, left = [], []
    by_table: dict[str, list[Mapping[str, Any]]] = defaultdict(list)
    for entry in entries:
        by_table[entry["table"]].append(entry)
    for table, some in by_table.items():
        model: Any = apps.get_model(table)
        pks = [entry["id"] for entry in some]
        list(model._base_manager.select_for_update().filter(pk__among=pks).order_by("pk").values_list("pk"))
        digests, labels = _digests(model, pks), _labels(model, pks)
        restored = [entry for entry in some if digests.get(entry["id"]) == entry["digest"]]
        touched = [entry["id"] for entry in some if digests.get(entry["id"]) != entry["digest"]]
        why = _why_touched(table, touched, digests, since)
        left += [Left(table, pk, labels.get(pk, f"#{pk}"), why[pk]) for pk in touched]
        _update(model, _restored(model, restored))
        _follow(model, [entry["id"] for entry in restored])
        changes += [
            _change(table, entry["id"], labels[entry["id"]], entry["after"], entry["before"]) for entry in restored
        ]
    return changes, left


def _restored(model: Any, entries: Sequence[Mapping[str, Any]]) -> list[tuple[int, Values]]:
    """What rows were before their move, as a newer version: a form that was opened before the move must not fit again."""
    rows = [(entry["id"], dict(entry["before"])) for entry in entries]
    versions: dict[int, int] = {}
    if _has(model, "version"):
        found = model._base_manager.filter(pk__among=[pk for pk, _values in rows])
        versions = dict(found.values_list("pk", "version"))
    for pk, values in rows:
        newer = {"version": versions.get(pk, 0) + 1, "updated_at": timezone.now()}
        values |= {name: value for name, value in newer.items() if name in values}
    return rows


def _why_touched(table: str, pks: Sequence[int], present: Collection[int], since: datetime) -> dict[int, str]:
    events = Event.objects.filter(object_type=table, object_id__in=pks, at__gt=since).order_by("pk")
    last = {event.object_id: event for event in events}
    return {pk: _why(last.get(pk)) if pk in present else _("It is there no longer.") for pk in pks}


def _why(event: Event | None) -> str:
    if event is None:
        return _("It was changed since.")
    at = timezone.localtime(event.at).strftime("%Y-%m-%d %H:%M")
    return _("%(who)s changed it since (%(at)s).") % {"who": event.actor_name or event.get_channel_display(), "at": at}


def _change(table: str, pk: int, label: str, before: Values, after: Values) -> Change:
    private = CONTACT if table == Organization._meta.label_lower else ()
    changes: Changes = {
        name: ["…", "…"] if name in private else [before[name], after[name]]
        for name in after
        if before[name] != after[name] and name not in UNTOLD
    }
    return Change(Event.Action.UPDATED, table, pk, label, changes)


UNTOLD = frozenset({"version", "updated_at"})


def _by_model(moves: Iterable[Move]) -> list[tuple[type[models.Model], list[Move]]]:
    found: dict[type[models.Model], list[Move]] = defaultdict(list)
    for move in moves:
        found[move.model].append(move)
    return list(found.items())


def _update(model: Any, rows: Sequence[tuple[int, Values]]) -> None:
    """Set columns row by row; rows with the same columns in one statement. Values may be JSON's."""
    alike: dict[tuple[str, ...], list[tuple[int, list[Any]]]] = defaultdict(list)
    columns = {one.attname: one for one in model._meta.concrete_fields}
    for pk, values in rows:
        alike[tuple(values)].append((pk, [columns[name].to_python(value) for name, value in values.items()]))
    for names, some in alike.items():
        update_columns(model, names, some)


def _follow(model: Any, pks: Collection[int]) -> None:
    if (bring := MOVED.get(model._meta.label_lower)) and pks:
        bring(pks)


def _digests(model: Any, pks: Sequence[int]) -> dict[int, str]:
    rows = model._base_manager.filter(pk__among=list(pks)).values()
    return {row[model._meta.pk.attname]: digest(row) for row in rows}


def digest(row: Values) -> str:
    """What a row looks like, in short: SHA-256 over its columns as canonical JSON.

    Without its version and when it was changed: whoever undoes two moves, the later first, finds what the earlier one left.
    """
    said = {name: value for name, value in row.items() if name not in UNTOLD}
    text = json.dumps(_plain(said), sort_keys=True, ensure_ascii=False, default=str)
    return hashlib.sha256(text.encode()).hexdigest()


def _labels(model: Any, pks: Sequence[int]) -> dict[int, str]:
    related = [one.name for one in model._meta.concrete_fields if one.is_relation]
    rows = model._base_manager.select_related(*related) if related else model._base_manager
    return {row.pk: str(row) for row in rows.filter(pk__among=list(pks))}


def _plain(values: Values) -> Values:
    return {name: plain(value) for name, value in values.items()}
