"""The rule of `catalog.lifecycle` in SQL: the status of every row on a day."""

from collections.abc import Mapping
from datetime import date

from django.db.models import Case, CharField, F, Q, Value, When

from ..levels import Status
from ..lifecycle import period_start

WITHDRAWAL_DAY_UNKNOWN = Q(withdrawal_claimed_on__isnull=False, withdrawn_on__isnull=True, replaced_on__isnull=True)


def status_case(on: date, words: Mapping[Status, str] | None = None) -> Case:
    """The status on a day as an expression; the questions come in the order of `catalog.lifecycle`.

    `words` says how each status is written, where not by its name.
    """
    words = words or {status: str(status) for status in Status}
    questions = [
        (Q(suspended_on__lte=on) & (Q(resumed_on__isnull=True) | Q(resumed_on__gt=on)), Status.SUSPENDED),
        (
            _over("replaced", on) & (Q(withdrawn_on__isnull=True) | Q(withdrawn_on__gte=F("replaced_on"))),
            Status.REPLACED,
        ),
        (_over("withdrawn", on) | WITHDRAWAL_DAY_UNKNOWN & Q(withdrawal_claimed_on__lte=on), Status.WITHDRAWN),
        (Q(published_on__gt=on), Status.PLANNED),
        (Q(implemented_on__isnull=True), Status.UNKNOWN),
        (Q(implemented_on__gt=on, published_on__isnull=True, year__gt=on.year), Status.PLANNED),
        (Q(implemented_on__gt=on), Status.UPCOMING),
        (
            WITHDRAWAL_DAY_UNKNOWN | _inside("implemented", on) | _inside("withdrawn", on) | _inside("replaced", on),
            Status.UNKNOWN,
        ),
    ]
    return Case(
        *(When(question, then=Value(words[status])) for question, status in questions),
        default=Value(words[Status.IN_FORCE]),
        output_field=CharField(),
    )


def _inside(name: str, on: date) -> Q:
    """A date of which only the month or year is known, in which the day lies."""
    inside = Q()
    for precision in ("month", "year"):
        inside |= Q(**{f"{name}_precision": precision, f"{name}_on": period_start(on, precision)})
    return inside


def _over(name: str, on: date) -> Q:
    """A date that has certainly come: nearly all are known to the day, which is asked first."""
    over = Q(**{f"{name}_on__lt": period_start(on, "year")}) | Q(**{f"{name}_on__lte": on, f"{name}_precision": "day"})
    return over | Q(**{f"{name}_on__lt": period_start(on, "month"), f"{name}_precision": "month"})


def in_force_q(on: date) -> Q:
    """In force on a day, written so that the database can use the columns' indexes."""
    return (
        Q(implemented_on__lte=on)
        & (Q(published_on__isnull=True) | Q(published_on__lte=on))
        & (Q(replaced_on__isnull=True) | Q(replaced_on__gt=on))
        & (Q(withdrawn_on__isnull=True) | Q(withdrawn_on__gt=on))
        & (Q(suspended_on__isnull=True) | Q(suspended_on__gt=on) | Q(resumed_on__lte=on))
        & ~WITHDRAWAL_DAY_UNKNOWN
        & ~_inside("implemented", on)
    )


def was_known_q(on: date, way: str = "") -> Q:
    """Whether an edition was certainly known on a day; `way` leads to it (`source__`)."""
    dated = Q(**{f"{way}published_on__isnull": False}) & _over(f"{way}published", on)
    return dated | Q(**{f"{way}published_on__isnull": True, f"{way}implemented_on__lte": on})
