"""The rule of `catalog.lifecycle` in SQL: the status of every row on a day."""

from datetime import date

from django.db.models import Case, CharField, F, Q, Value, When

from ..levels import Status
from ..lifecycle import period_start

WITHDRAWAL_DAY_UNKNOWN = Q(withdrawal_claimed_on__isnull=False, withdrawn_on__isnull=True, replaced_on__isnull=True)


def status_case(on: date) -> Case:
    """The status on a day as an expression; the questions come in the order of `catalog.lifecycle`."""
    questions = [
        (Q(suspended_on__lte=on) & (Q(resumed_on__isnull=True) | Q(resumed_on__gt=on)), Status.SUSPENDED),
        (
            Q(replaced_on__lte=on) & (Q(withdrawn_on__isnull=True) | Q(withdrawn_on__gte=F("replaced_on"))),
            Status.REPLACED,
        ),
        (Q(withdrawn_on__lte=on) | WITHDRAWAL_DAY_UNKNOWN & Q(withdrawal_claimed_on__lte=on), Status.WITHDRAWN),
        (Q(published_on__gt=on), Status.PLANNED),
        (Q(implemented_on__isnull=True), Status.UNKNOWN),
        (Q(implemented_on__gt=on, published_on__isnull=True, year__gt=on.year), Status.PLANNED),
        (Q(implemented_on__gt=on), Status.UPCOMING),
        (WITHDRAWAL_DAY_UNKNOWN | _inside_imprecise_start(on), Status.UNKNOWN),
    ]
    return Case(
        *(When(question, then=Value(str(status))) for question, status in questions),
        default=Value(str(Status.IN_FORCE)),
        output_field=CharField(),
    )


def _inside_imprecise_start(on: date) -> Q:
    return Q(implemented_precision="month", implemented_on=period_start(on, "month")) | Q(
        implemented_precision="year", implemented_on=period_start(on, "year")
    )


def in_force_q(on: date) -> Q:
    """In force on a day, written so that the database can use the columns' indexes."""
    return (
        Q(implemented_on__lte=on)
        & (Q(published_on__isnull=True) | Q(published_on__lte=on))
        & (Q(replaced_on__isnull=True) | Q(replaced_on__gt=on))
        & (Q(withdrawn_on__isnull=True) | Q(withdrawn_on__gt=on))
        & (Q(suspended_on__isnull=True) | Q(suspended_on__gt=on) | Q(resumed_on__lte=on))
        & ~WITHDRAWAL_DAY_UNKNOWN
        & ~_inside_imprecise_start(on)
    )
