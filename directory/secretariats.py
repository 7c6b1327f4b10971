"""Who holds a committee's secretariat: appointing, ending and handing over. The only writers of main seats by hand.

Main seats of one committee do not overlap: the verbs take the committee's row first, so that of two at once the second
sees the first and names it; on PostgreSQL the constraint `main_seats_do_not_overlap` holds everybody else to it.
"""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from records.models import ImportBatch
from records.registering import amend, enter, enter_many
from records.registers import completed
from records.trail import Actor

from .committee_registers import SEATS
from .keepers import take_committees
from .models import Committee, Organization, SecretariatSeat

MAIN = SecretariatSeat.Share.MAIN


@transaction.atomic
def appoint_secretariat(
    committee: Committee,
    organization: Organization,
    *,
    from_on: date,
    by: Actor,
    share: str = MAIN,
    to_on: date | None = None,
    document: str = "",
    reason: str = "",
    is_example: bool = False,
) -> SecretariatSeat:
    """Give an organization a seat from a day on. Raises `ValidationError` that names the seat in its way."""
    take_committees([committee.pk])
    said = {
        "committee": committee.pk,
        "organization": organization.pk,
        "share": str(share),
        "starts_on": from_on.isoformat(),
        "ends_on": to_on.isoformat() if to_on else None,
        "document": document,
    }
    return enter(SEATS, said, by=by, document=document, reason=reason, is_example=is_example)


@transaction.atomic
def end_secretariat(
    seat: SecretariatSeat, *, on: date, by: Actor, version: int, document: str = "", reason: str = ""
) -> SecretariatSeat:
    """End a seat; `on` is its last day. Raises `ValidationError` where it has ended already or not begun yet."""
    take_committees([seat.committee_id])
    standing = SecretariatSeat.objects.standing().get(pk=seat.pk)
    if standing.ends_on is not None:
        told = {"day": standing.ends_on}
        raise ValidationError({"ends_on": _("This seat has an end already: %(day)s.") % told})
    values = {"ends_on": on.isoformat(), "ends_precision": "day"}
    return amend(SEATS, standing, values, version=version, by=by, document=document, reason=reason)


@transaction.atomic
def transfer_secretariat(
    seat: SecretariatSeat,
    organization: Organization,
    *,
    from_on: date,
    by: Actor,
    version: int,
    document: str = "",
    reason: str = "",
) -> SecretariatSeat:
    """Hand a seat over in one step: it ends on the day before, the other organization's begins. Both or neither."""
    if organization.pk == seat.organization_id:
        raise ValidationError({"organization": _("This organization holds the seat already.")})
    told: dict[str, Any] = {"by": by, "document": document, "reason": reason}
    end_secretariat(seat, on=from_on - timedelta(days=1), version=version, **told)
    return appoint_secretariat(seat.committee, organization, from_on=from_on, share=seat.share, **told)


def seen_seats(
    committees: Iterable[Committee],
    organization: Organization,
    *,
    on: date,
    remark: str,
    batch: ImportBatch,
    by: Actor,
) -> list[SecretariatSeat]:
    """Seats that a source shows on its own day without saying since when; only for committees without a main seat."""
    committees = list(committees)
    take_committees(one.pk for one in committees)
    seated = SecretariatSeat.objects.standing().filter(committee__in=committees, share=MAIN)
    held = set(seated.values_list("committee_id", flat=True))
    said = {"organization": organization.pk, "share": str(MAIN), "seen_on": on.isoformat(), "remark": remark}
    states = [completed(SEATS, {**said, "committee": one.pk}) for one in committees if one.pk not in held]
    return enter_many(SEATS, states, by=by, batch=batch) if states else []
