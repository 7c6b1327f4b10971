"""Saving a standard's list of drafters as a person has it before him: all of it at once, or nothing."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from directory.access import grants_of
from directory.models import Organization, Role
from records.trail import Actor

from .contributing import ContributionRefused, Entry, State, verify_contributions, write_contributions
from .keeping import not_yours
from .models import Contribution, Standard


def keeps_list(user: Any, standard: Standard) -> bool:
    """Whether an account may enter any name of a standard's list: cataloguers who keep the standard."""
    return Standard.objects.editable_by(user).filter(pk=standard.pk).exists()


def names_hold_on(standard: Standard) -> date | None:
    """The day by which a standard's printed names are read; of one known to the month or year no day decides."""
    return standard.published_on if standard.published_precision == "day" else None


def may_enter(user: Any, standard: Standard) -> bool:
    """Whether an account may enter names at all: those of organizations that its division keeps, or any."""
    return bool(grants_of(user, Role.STAFF)) or keeps_list(user, standard)


@transaction.atomic
def save_list(
    standard: Standard,
    kept: Sequence[tuple[Contribution | None, State]],
    voided: Sequence[Contribution],
    *,
    by: Actor,
    reason: str = "",
    document: str = "",
    verified: bool = False,
) -> list[Contribution]:
    """Write the rows of a list that somebody keeps, changes, adds and voids; with `verified` he vouches for those he keeps.

    Returns those that are new. Rows bear the version that was read. Raises `VersionConflict` or `ContributionRefused`.
    """
    if voided and not reason:
        raise ContributionRefused(_("Say why a row is voided."))
    _refuse_reach(standard, kept, [*voided, *(row for row, _state in kept if row)], by)
    entries = [Entry(standard.pk, None, row) for row in voided]
    entries += [Entry(standard.pk, state, row, standard.is_example) for row, state in kept]
    made = write_contributions(entries, by=by, reason=reason, document=document)
    if verified:
        ids = [row.pk for row, _state in kept if row] + [row.pk for row in made]
        verify_contributions(list(Contribution.objects.filter(pk__in=ids)), by=by, document=document)
    return made


def _refuse_reach(
    standard: Standard, kept: Iterable[tuple[Contribution | None, State]], rows: Sequence[Contribution], by: Actor
) -> None:
    """Rows that the actor may not change, names that he may not enter."""
    if by.user is None:
        return
    ids = [row.pk for row in rows]
    if Contribution.objects.editable_by(by.user).filter(pk__in=ids).count() != len(set(ids)):
        raise ContributionRefused(_("Some of these rows belong to organizations that another division keeps."))
    if keeps_list(by.user, standard):
        return
    told = [
        (state["printed_name"], state["organization_id"])
        for row, state in kept
        if row is None or row.organization_id != state["organization_id"]
    ]
    mine = Organization.objects.editable_by(by.user).filter(pk__in=[pk for _name, pk in told if pk])
    reached = set(mine.values_list("pk", flat=True))
    if foreign := [name for name, pk in told if pk not in reached]:
        text = _(
            "%(names)s: you enter contributions of organizations that your division keeps; others are a cataloguer's."
        )
        raise ContributionRefused(text % {"names": "、".join(foreign)})
    if not grants_of(by.user, Role.STAFF):
        raise ContributionRefused(not_yours(standard))
