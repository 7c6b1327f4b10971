"""One record that was two bodies all along: chosen names and chosen rows move to another organization, new or on record.

Shown beforehand and undone like a merge; a body that the split made is voided when it is undone.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.db import DatabaseError, IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from records.models import Event
from records.trail import Actor, Change, Changes, record, record_many

from .merging import (
    Preview,
    lock_both,
    refusal_of,
    refuse_merge,
    refuse_reach,
    save_ends,
    signed,
    tables_of,
    undo_merge,
)
from .models import Organization, OrganizationMerge, OrganizationName
from .naming import OrganizationRefused, index, locked, settle_names
from .transferring import Left, Move, carry_out, planned_moves, relations

Chosen = Mapping[str, set[int]]  # keys by table
CHOICES = 200  # rows of a table to choose from on a page


@dataclass(frozen=True, slots=True)
class NewOrganization:
    """What a split makes; the division is that of the body that is split."""

    name: str
    kind: str


@dataclass(slots=True)
class Choices:
    """The rows of one table from which some can be chosen, as `table:key` with a label; `more` are beyond what a page shows."""

    title: str
    rows: list[tuple[str, str]]
    more: int


def choices_of(source: Organization) -> list[Choices]:
    """What hangs on an organization, by table. Its open legal name cannot be chosen: it is what the body is called."""
    found = []
    for model, key in relations():
        rows = _choosable(model._base_manager.filter(**{key.name: source.pk})).order_by("pk")
        related = [one.name for one in model._meta.concrete_fields if one.is_relation]
        shown = rows.select_related(*related) if related else rows
        labelled = [(f"{model._meta.label_lower}:{row.pk}", str(row)) for row in shown[:CHOICES]]
        if labelled:
            title = str(model._meta.verbose_name_plural)
            found.append(Choices(title, labelled, rows.count() - len(labelled)))
    return found


def _choosable(rows: Any) -> Any:
    if rows.model is OrganizationName:
        return rows.exclude(kind=OrganizationName.Kind.LEGAL, valid_to__isnull=True, voided_at__isnull=True)
    return rows


def preview_split(
    source: Organization, target: Organization | None, *, chosen: Chosen, by: Actor, new: NewOrganization | None = None
) -> Preview:
    """What would move; writes nothing. Raises `OrganizationRefused`."""
    if target is None:
        refuse_reach(by, source)
        _refuse_new(new)
    else:
        refuse_merge(source, target, by)
    moves = _planned(source, target or Organization(name=new.name if new else ""), chosen)
    return Preview(tables_of(moves), [], (source.version, target.version if target else 0))


def _refuse_new(new: NewOrganization | None) -> None:
    if new is None or not new.name.strip():
        raise OrganizationRefused(_("Say which organization the chosen records belong to, or the name of a new one."))


def _planned(source: Organization, target: Organization, chosen: Chosen) -> list[Move]:
    if not any(chosen.values()):
        raise OrganizationRefused(_("Choose what belongs to the other organization."))
    moves = planned_moves(source, target, chosen)
    found = {(move.model._meta.label_lower, move.pk) for move in moves}
    if gone := {(table, pk) for table, pks in chosen.items() for pk in pks} - found:
        raise OrganizationRefused(_("%(count)s of the chosen records are not there any more.") % {"count": len(gone)})
    names = [move.pk for move in moves if move.model is OrganizationName]
    if _choosable(OrganizationName.objects.filter(pk__in=names)).count() < len(names):
        raise OrganizationRefused(_("The legal name of today stays with the organization."))
    return moves


@transaction.atomic
def split_organization(
    source: Organization,
    target: Organization | None,
    *,
    chosen: Chosen,
    by: Actor,
    reason: str,
    new: NewOrganization | None = None,
    document: str = "",
) -> OrganizationMerge:
    """Move chosen rows to another organization: all or nothing. Raises `OrganizationRefused`."""
    if target is None:
        one = locked(source.pk, source.version)
        refuse_reach(by, one)
        other = _made(one, new, by, reason)
    else:
        refuse_merge(source, target, by)
        one, other = lock_both(source, target)
    try:
        with transaction.atomic():
            ledger = carry_out(_planned(one, other, chosen))
    except (IntegrityError, DatabaseError) as error:
        raise OrganizationRefused(refusal_of(error)) from error
    entries, changes = save_ends([one, other], {one.pk: {}, other.pk: {}})
    index([one.pk, other.pk])
    record_many([*ledger.changes, *changes], by=by, reason=reason, document=document)
    split = OrganizationMerge.objects.create(
        kind=OrganizationMerge.Kind.SPLIT,
        source=one,
        target=other,
        moved=[*ledger.entries, *entries],
        made_target=target is None,
        **signed(by, reason, document),
    )
    _tell(one, other, split, by, reason, document)
    return split


def _tell(
    one: Organization, other: Organization, split: OrganizationMerge, by: Actor, reason: str, document: str
) -> None:
    """The two bodies' own rows change in nothing that people read: say what happened to them."""
    table, count = Organization._meta.label_lower, len(split.moved) - 2
    entries = [
        Change(Event.Action.UPDATED, table, one.pk, str(one), {"moved to": [None, f"#{other.pk} {other} · {count}"]}),
        Change(Event.Action.UPDATED, table, other.pk, str(other), {"moved from": [None, f"#{one.pk} {one} · {count}"]}),
    ]
    record_many(entries, by=by, reason=reason, document=document)


def _made(source: Organization, new: NewOrganization | None, by: Actor, reason: str) -> Organization:
    _refuse_new(new)
    assert new is not None
    made = Organization(
        name=" ".join(new.name.split()), kind=new.kind, region=source.region, is_example=source.is_example
    )
    try:
        made.full_clean()
    except ValidationError as error:
        raise OrganizationRefused(" ".join(error.messages)) from error
    made.save()
    settle_names([made])
    said: Changes = {"name": [None, made.name], "kind": [None, made.kind], "region_id": [None, made.region_id]}
    record(made, Event.Action.CREATED, said, by=by, reason=reason)
    return made


def refuse_lost(split: OrganizationMerge) -> None:
    """A body that a split made cannot be voided while something hangs on it that the split did not move there."""
    moved = {(entry["table"], entry["id"]) for entry in split.moved}
    for model, key in relations():
        rows = model._base_manager.filter(**{key.name: split.target_id}).values_list("pk", flat=True)
        added = [pk for pk in rows if (model._meta.label_lower, pk) not in moved and not _own_name(model, pk, split)]
        if added:
            words = {"name": split.target, "count": len(added), "table": model._meta.verbose_name_plural}
            raise OrganizationRefused(_("%(name)s has been given more since (%(table)s: %(count)s).") % words)


def _own_name(model: Any, pk: int, split: OrganizationMerge) -> bool:
    """Its legal name came with it."""
    return model is OrganizationName and OrganizationName.objects.filter(pk=pk, kind="legal", valid_to=None).exists()


@transaction.atomic
def void_made(split: OrganizationMerge, *, by: Actor, reason: str) -> None:
    """Void the body that a split made, with its legal name."""
    now = timezone.now()
    made = Organization.objects.select_for_update(of=("self",)).get(pk=split.target_id)
    made.voided_at, made.void_reason, made.version = now, reason[:200], made.version + 1
    made.save(update_fields=["voided_at", "void_reason", "version"])
    OrganizationName.objects.filter(organization=made, voided_at=None).update(voided_at=now, void_reason=reason[:200])
    index([made.pk])
    record(made, Event.Action.VOIDED, {"voided_at": [None, now.isoformat()]}, by=by, reason=reason)


@transaction.atomic
def undo_split(split: OrganizationMerge, *, by: Actor, reason: str) -> list[Left]:
    """Move everything back, as `undo_merge`; a body that the split made is voided when nothing is left with it."""
    list(Organization.objects.select_for_update(of=("self",)).filter(pk=split.target_id).values_list("pk"))
    if split.made_target:
        refuse_lost(split)
    left = undo_merge(split, by=by, reason=reason)
    if split.made_target and not left:
        void_made(split, by=by, reason=reason)
    return left
