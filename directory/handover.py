"""An officer's open work passes to a colleague in one step.

Each app names its own kinds of open work with `register_open_work`; what is handed over is asked of them all. A kind says
what of an officer's is open, which of it a colleague may take, and puts it into his hands.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db import models, transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from records.models import Event
from records.trail import Actor, Change, record, record_many

from .acts import HANDED_OVER
from .grants import GrantRefused, take_back_role
from .models import Grant, Registration, User
from .sessions import end_everything

CLOSE_ACCOUNT, END_ROLES = "account", "roles"


class HandoverRefused(Exception):
    """Nothing was handed over; the text says why."""


@dataclass(frozen=True, slots=True)
class OpenWork:
    """A kind of open work: `column` of `model` names the officer; `open` are the rows somebody still has to do something
    with, `reached` narrows rows to those that a colleague may take over.
    """

    name: str
    label: Any
    model: type[models.Model]
    column: str
    open: Callable[[], QuerySet]
    reached: Callable[[QuerySet, Any], QuerySet]

    def of(self, user: User) -> QuerySet:
        return self.open().filter(**{self.column: user}).order_by("pk")


KINDS: dict[str, OpenWork] = {}


def register_open_work(kind: OpenWork) -> None:
    KINDS[kind.name] = kind


def open_work(user: User) -> dict[OpenWork, list[models.Model]]:
    """What of an account's is open, by kind; kinds without any are left out."""
    found = {kind: list(kind.of(user)) for kind in KINDS.values()}
    return {kind: rows for kind, rows in found.items() if rows}


def out_of_reach(user: User, colleague: User) -> list[models.Model]:
    """What of an account's open work a colleague may not take over."""
    left: list[models.Model] = []
    for kind in KINDS.values():
        mine = kind.of(user)
        left += mine.exclude(pk__in=kind.reached(mine.order_by(), colleague).values("pk"))
    return left


@transaction.atomic
def hand_over(user: User, colleague: User | None, *, by: Actor, reason: str, end: str = "") -> int:
    """Put all of an account's open work into a colleague's hands; how many things. One event for each.

    `end` closes the account, or takes its roles back, in the same step. Raises `HandoverRefused`: then nothing was done.
    """
    _refuse(user, colleague, by, reason)
    pairs = [(kind, row) for kind in KINDS.values() for row in kind.of(user).select_for_update(of=("self",))]
    if pairs and colleague is None:
        raise HandoverRefused(_("Choose who takes the open work over."))
    if colleague is not None and (left := out_of_reach(user, colleague)):
        names = "、".join(str(row) for row in left[:5])
        text = _("%(colleague)s may not take over %(count)s of these, such as %(names)s.")
        raise HandoverRefused(text % {"colleague": colleague, "count": len(left), "names": names})
    for kind in {kind for kind, _row in pairs}:
        moved = [row.pk for one, row in pairs if one is kind]
        kind.model._default_manager.filter(pk__in=moved).update(**{kind.column: colleague})
    record_many([_change(kind, row, user, colleague) for kind, row in pairs], by=by, reason=reason)
    _end(user, end, by, reason)
    return len(pairs)


def _refuse(user: User, colleague: User | None, by: Actor, reason: str) -> None:
    User.objects.select_for_update().get(pk=user.pk)
    if by.user is not None and not User.objects.kept_by(by.user).filter(pk=user.pk).exists():
        raise HandoverRefused(_("Only who keeps the accounts of the division hands over an account's work."))
    if not reason.strip():
        raise HandoverRefused(_("Say why the work is handed over."))
    if colleague is not None and (colleague.pk == user.pk or not colleague.is_active):
        raise HandoverRefused(_("Choose another open account."))


def _change(kind: OpenWork, row: models.Model, user: User, colleague: User | None) -> Change:
    names = [user.username, colleague.username if colleague else None]
    return Change(HANDED_OVER, row._meta.label_lower, row.pk, str(row), {kind.column: names})


def _end(user: User, end: str, by: Actor, reason: str) -> None:
    if end == CLOSE_ACCOUNT and user.is_active:
        user.is_active = False
        user.save(update_fields=["is_active"])
        record(user, Event.Action.UPDATED, {"is_active": [True, False]}, by=by, reason=reason)
        end_everything(user, by=by, reason=reason)
    if end == END_ROLES:
        try:
            for grant in Grant.objects.filter(user=user, revoked_at=None):
                take_back_role(grant, by=by, reason=reason)
        except GrantRefused as refusal:
            raise HandoverRefused(str(refusal)) from refusal


def _decidable(rows: QuerySet, user: Any) -> QuerySet:
    return rows.filter(pk__in=Registration.objects.editable_by(user).values("pk"))


register_open_work(
    OpenWork(
        "registrations",
        gettext_lazy("registrations"),
        Registration,
        "handler",
        Registration.objects.waiting,
        _decidable,
    )
)
