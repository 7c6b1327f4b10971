"""Two records that are one body, or two bodies that became one: what moves is shown beforehand and can be undone.

A merge moves every row that points to the source, makes its names former names of the target and leaves the source on
record, leading to the target. Where no day is given the two were one body all along, recorded twice: what only the source
says is then taken over.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db import DatabaseError, IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from records.trail import Actor, Change, plain, record_many

from .models import Organization, OrganizationMerge, OrganizationName
from .naming import OrganizationRefused, index, locked
from .transferring import Left, Move, Values, carry_out, planned_moves, take_back

FACTS = (
    "name_en", "region_id", "industry_id", "address", "contact_person", "contact_phone", "established_on",
    "established_precision",
)  # fmt: skip
SHOWN = 20  # rows of each table in a preview
ORGANIZATION = Organization._meta.label_lower


@dataclass(slots=True)
class Moving:
    """What a preview shows of one table: how many rows move, a few of them, what clashes and how that is settled."""

    title: str
    moving: int = 0
    labels: list[str] = field(default_factory=list)
    settled: list[tuple[str, str]] = field(default_factory=list)
    staying: list[tuple[str, str]] = field(default_factory=list)


@dataclass(slots=True)
class Preview:
    """What a merge or split would do. `versions` are those of the two bodies as they were read."""

    tables: list[Moving]
    taken_over: list[tuple[str, str]]
    versions: tuple[int, int]

    @property
    def count(self) -> int:
        return sum(table.moving for table in self.tables)


def refuse_reach(by: Actor, *organizations: Organization) -> None:
    """Both ends must lie within what the account may merge. The server's own command line may everything."""
    if by.user is None:
        return
    pks = [one.pk for one in organizations]
    reached = Organization.objects.within_merging_reach(by.user).filter(pk__in=pks)
    mine = set(reached.values_list("pk", flat=True))
    if foreign := [str(one) for one in organizations if one.pk not in mine]:
        raise OrganizationRefused(
            _("%(names)s: not within your division's reach; cities and provinces merge and split.")
            % {"names": "、".join(foreign)}
        )


def refuse_merge(source: Organization, target: Organization, by: Actor) -> None:
    """Raises `OrganizationRefused` where the two cannot be merged, whatever hangs on them."""
    if source.pk == target.pk:
        raise OrganizationRefused(_("An organization cannot be merged into itself."))
    for one in (source, target):
        if one.voided_at:
            raise OrganizationRefused(_("%(name)s was voided.") % {"name": one})
        if one.merged_into_id:
            words = {"name": one, "other": one.merged_into}
            raise OrganizationRefused(_("%(name)s was merged into %(other)s.") % words)
    refuse_reach(by, source, target)


def preview_merge(source: Organization, target: Organization, *, by: Actor, on: date | None = None) -> Preview:
    """What would move, table by table; writes nothing. Raises `OrganizationRefused`."""
    refuse_merge(source, target, by)
    facts = (
        []
        if on
        else [(_label(name), _shown(source, name)) for name in _lacking(source, target) if "precision" not in name]
    )
    return Preview(tables_of(_planned(source, target, on)), facts, (source.version, target.version))


def tables_of(moves: list[Move]) -> list[Moving]:
    """Moves as a preview shows them, by table."""
    tables: dict[Any, Moving] = {}
    shown = _preview_labels(moves)
    for move in moves:
        table = tables.setdefault(move.model, Moving(str(move.model._meta.verbose_name_plural)))
        label = shown.get((move.model, move.pk), f"#{move.pk}")
        if move.stays:
            table.staying.append((label, move.stays))
            continue
        table.moving += 1
        if move.settled:
            table.settled.append((label, move.settled))
        elif len(table.labels) < SHOWN:
            table.labels.append(label)
    return list(tables.values())


def _preview_labels(moves: list[Move]) -> dict[tuple[Any, int], str]:
    """The labels of the rows that a preview names: a few of each table, and all that clash."""
    taken: Counter[Any] = Counter()
    named: dict[Any, list[int]] = {}
    for move in moves:
        taken[move.model] += 1
        if taken[move.model] <= SHOWN or move.settled or move.stays:
            named.setdefault(move.model, []).append(move.pk)
    found: dict[tuple[Any, int], str] = {}
    for model, pks in named.items():
        related = [one.name for one in model._meta.concrete_fields if one.is_relation]
        rows = model._base_manager.select_related(*related) if related else model._base_manager
        found |= {(model, row.pk): str(row) for row in rows.filter(pk__among=pks)}
    return found


def _planned(source: Organization, target: Organization, on: date | None) -> list[Move]:
    """The moves of a merge: names become former ones, and end on the day of the merge where they had no end."""
    moves = planned_moves(source, target)
    names = OrganizationName.objects.in_bulk([move.pk for move in moves if move.model is OrganizationName])
    theirs = set(OrganizationName.objects.standing().filter(organization=target).values_list("name", "valid_from"))
    legal = set(
        OrganizationName.objects.standing().filter(organization=target, kind="legal").values_list("name", flat=True)
    )
    for move in moves:
        if move.model is OrganizationName:
            name = names[move.pk]
            if name.name in legal or (name.name, name.valid_from) in theirs:
                move.stays = _("%(name)s has this already: the row stays.") % {"name": target}
            else:
                _become_former(move, name, on)
    return moves


def _become_former(move: Move, name: OrganizationName, on: date | None) -> None:
    for ending in ("voided_at", "void_reason"):  # a former name clashes with no legal one
        move.before.pop(ending, None), move.after.pop(ending, None)
    move.settled = ""
    if name.kind == OrganizationName.Kind.LEGAL:
        move.before["kind"], move.after["kind"] = name.kind, OrganizationName.Kind.FORMER.value
    ends = name.valid_to is None and on is not None and (name.valid_from is None or name.valid_from < on)
    if ends and name.kind != OrganizationName.Kind.FOREIGN:
        move.before["valid_to"], move.after["valid_to"] = None, on


def _lacking(source: Organization, target: Organization) -> list[str]:
    """The facts that only the source says."""
    names = [name for name in FACTS if not getattr(target, name) and getattr(source, name)]
    return [*names, "established_precision"] if "established_on" in names else names


def _label(name: str) -> str:
    field: Any = Organization._meta.get_field(name.removesuffix("_id"))
    return str(field.verbose_name)


def _shown(organization: Organization, name: str) -> str:
    return str(getattr(organization, name.removesuffix("_id")))


@transaction.atomic
def merge_organizations(
    source: Organization,
    target: Organization,
    *,
    by: Actor,
    reason: str,
    on: date | None = None,
    document: str = "",
) -> OrganizationMerge:
    """Merge one organization into another, as they were previewed: all or nothing.

    Raises `OrganizationRefused`, as `OrganizationStale` where somebody changed one since.
    """
    if on and on > timezone.localdate():
        raise OrganizationRefused(_("A merge is put on record once it holds; this day lies in the future."))
    if source.pk == target.pk:
        raise OrganizationRefused(_("An organization cannot be merged into itself."))
    one, other = lock_both(source, target)
    refuse_merge(one, other, by)
    try:
        with transaction.atomic():
            ledger = carry_out(_planned(one, other, on))
    except (IntegrityError, DatabaseError) as error:
        raise OrganizationRefused(
            _("The database refuses the merge: %(why)s") % {"why": str(error).splitlines()[0]}
        ) from error
    changed = {one.pk: _end(one, other, on), other.pk: {} if on else _take_over(one, other)}
    entries, changes = save_ends([one, other], changed)
    _tell_target(changes, other, [None, f"#{one.pk} {one}"])
    index([one.pk, other.pk])
    record_many([*ledger.changes, *changes], by=by, reason=reason, document=document)
    return OrganizationMerge.objects.create(
        kind=OrganizationMerge.Kind.MERGE,
        source=one,
        target=other,
        on=on,
        moved=[*ledger.entries, *entries],
        **signed(by, reason, document),
    )


def signed(by: Actor, reason: str, document: str) -> dict[str, Any]:
    """Who did it, when, why and under which document, as its record keeps it."""
    return {"at": timezone.now(), "by": by.user, "reason": reason[:200], "document": document[:200]}


def lock_both(one: Organization, other: Organization) -> tuple[Organization, Organization]:
    """Two standing organizations as they are on record, locked in one order whichever is named first."""
    found = {each.pk: locked(each.pk, each.version) for each in sorted((one, other), key=lambda each: each.pk)}
    return found[one.pk], found[other.pk]


def _tell_target(changes: list[Change], target: Organization, merged: list[str | None]) -> None:
    """The target's own row may change in nothing that people read: its history says what came to it all the same."""
    for change in changes:
        if (change.object_type, change.object_id) == (ORGANIZATION, target.pk):
            change.changes["merged"] = merged


def _end(source: Organization, target: Organization, on: date | None) -> Values:
    """What becomes of the source's own row."""
    values: Values = {"merged_into_id": target.pk}
    if on and source.dissolved_on is None and (source.established_on is None or source.established_on <= on):
        values |= {"dissolved_on": on, "dissolved_precision": "day"}
    return values


def _take_over(source: Organization, target: Organization) -> Values:
    return {name: getattr(source, name) for name in _lacking(source, target)}


def save_ends(
    organizations: list[Organization], changed: Mapping[int, Values]
) -> tuple[list[dict[str, Any]], list[Change]]:
    """Write what changes of the organizations' own rows: an entry and a change for each, as for the rows that moved."""
    moves = []
    for one in organizations:
        after = changed[one.pk] | {"version": one.version + 1}
        moves.append(Move(Organization, one.pk, {name: getattr(one, name) for name in after}, after))
    ledger = carry_out(moves)
    return ledger.entries, ledger.changes


# --- undoing ------------------------------------------------------------------------------------------------------


@transaction.atomic
def undo_merge(merge: OrganizationMerge, *, by: Actor, reason: str) -> list[Left]:
    """Move everything back. Rows that were touched since are left where they are, and named with the reason.

    Raises `OrganizationRefused` where the merge cannot be undone as a whole.
    """
    found = OrganizationMerge.objects.select_for_update(of=("self",)).get(pk=merge.pk)
    ends = {
        one.pk: one
        for one in Organization.objects.select_for_update(of=("self",))
        .filter(pk__in=[found.source_id, found.target_id])
        .order_by("pk")
    }
    source, target = ends[found.source_id], ends[found.target_id]
    refuse_reach(by, source, target)
    refuse_undo(found, source, target)
    rows = [entry for entry in found.moved if entry["table"] != ORGANIZATION or entry["id"] not in ends]
    own = [entry for entry in found.moved if entry["table"] == ORGANIZATION and entry["id"] in ends]
    try:
        with transaction.atomic():
            changes, left = take_back(rows, found.at)
            changes += _restore_ends(own, ends)
            if found.kind == OrganizationMerge.Kind.MERGE:
                _tell_target(changes, target, [f"#{source.pk} {source}", None])
    except (IntegrityError, DatabaseError) as error:
        raise OrganizationRefused(refusal_of(error)) from error
    index(list(ends))
    found.undone_at, found.undone_by, found.undo_reason = timezone.now(), by.user, reason[:200]
    found.save(update_fields=["undone_at", "undone_by", "undo_reason"])
    record_many(changes, by=by, reason=reason)
    return left


def refuse_undo(merge: OrganizationMerge, source: Organization, target: Organization) -> None:
    if merge.undone_at:
        raise OrganizationRefused(_("This was undone already."))
    if merge.kind == OrganizationMerge.Kind.MERGE and source.merged_into_id != target.pk:
        raise OrganizationRefused(
            _("%(name)s is not merged into %(other)s any more.") % {"name": source, "other": target}
        )
    for one in (target,) if merge.kind == OrganizationMerge.Kind.MERGE else (source, target):
        if one.merged_into_id:
            words = {"name": one, "other": one.merged_into}
            raise OrganizationRefused(_("%(name)s was merged into %(other)s since; undo that first.") % words)
        if one.voided_at:
            raise OrganizationRefused(_("%(name)s was voided.") % {"name": one})


def refusal_of(error: Exception) -> str:
    """What to say where a constraint stands in the way that no plan foresaw."""
    return _("The database refuses it, and nothing was changed: %(why)s") % {"why": str(error).splitlines()[0]}


def _restore_ends(entries: list[dict[str, Any]], ends: Mapping[int, Organization]) -> list[Change]:
    """The organizations' own rows as they were. One that was amended since keeps what was amended, as a newer version."""
    changes, left = take_back(entries, timezone.now())
    touched = {one.pk for one in left}
    for entry in entries:
        if entry["id"] in touched:
            moves = _undone_facts(entry, ends[entry["id"]])
            changes += carry_out([moves]).changes
    return changes


def _undone_facts(entry: Mapping[str, Any], now: Organization) -> Move:
    held = {name: plain(getattr(now, name)) for name in entry["after"]}
    same = [name for name in entry["after"] if held[name] == entry["after"][name] and name != "version"]
    after = {name: entry["before"][name] for name in same} | {"version": now.version + 1}
    return Move(Organization, now.pk, {name: getattr(now, name) for name in after}, after)
