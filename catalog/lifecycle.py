"""Status on a day, from the days alone (rules C3). Pure: the same rule in SQL stands in `models/status.py`.

Order of the questions, first yes wins:

1. suspended by an official document on that day → `suspended`
2. replaced in full by then (Art 35 国家标准管理办法: the old one ends when the new one is implemented),
   unless it had been withdrawn earlier → `replaced`
3. withdrawn by then → `withdrawn`; a source that says 废止 without a day counts from that source's own day
4. not yet published → `planned`; not yet implemented → `upcoming`
5. no day of implementation, a day inside a beginning or an end known only to its month or year, or a day
   between implementation and an undated withdrawal → `unknown`
6. otherwise → `in_force`
"""

from dataclasses import dataclass
from datetime import date
from typing import Literal, TypeGuard

from tabular.dates import Precision

StatusName = Literal["unknown", "planned", "upcoming", "in_force", "replaced", "withdrawn", "suspended"]
# A day and how far it is known.
End = tuple[date | None, Precision]
NO_END: End = (None, "day")


@dataclass(frozen=True, slots=True)
class LifeDays:
    """The days a standard's status follows from. A day known to its month or year is that period's first."""

    published_on: date | None = None
    implemented_on: date | None = None
    implemented_precision: Precision = "day"
    withdrawn_on: date | None = None
    withdrawn_precision: Precision = "day"
    replaced_on: date | None = None
    replaced_precision: Precision = "day"
    withdrawal_claimed_on: date | None = None
    suspended_on: date | None = None
    resumed_on: date | None = None
    year: int | None = None


def status_on(days: LifeDays, on: date) -> StatusName:
    """What a standard with these days is on a day."""
    if has_come(days.suspended_on, on) and not has_come(days.resumed_on, on):
        return "suspended"
    ended = _ended(days, on)
    if ended:
        return ended
    return _begun(days, on)


def has_come(day: date | None, on: date) -> TypeGuard[date]:
    return day is not None and day <= on


def _ended(days: LifeDays, on: date) -> StatusName | None:
    replaced, withdrawn = days.replaced_on, days.withdrawn_on
    if is_over(replaced, days.replaced_precision, on) and (withdrawn is None or withdrawn >= replaced):
        return "replaced"
    if is_over(withdrawn, days.withdrawn_precision, on) or (
        withdrawal_day_unknown(days) and has_come(days.withdrawal_claimed_on, on)
    ):
        return "withdrawn"
    return None


def withdrawal_day_unknown(days: LifeDays) -> bool:
    """Whether all that is known of the end is that some source says it has come."""
    return days.withdrawal_claimed_on is not None and days.withdrawn_on is None and days.replaced_on is None


def _begun(days: LifeDays, on: date) -> StatusName:
    if days.published_on and days.published_on > on:
        return "planned"
    if days.implemented_on is None:
        return "unknown"
    if days.implemented_on > on:
        return "planned" if not days.published_on and (days.year or 0) > on.year else "upcoming"
    imprecise = (
        (days.implemented_on, days.implemented_precision),
        (days.withdrawn_on, days.withdrawn_precision),
        (days.replaced_on, days.replaced_precision),
    )
    if withdrawal_day_unknown(days) or any(on_inside(start, precision, on) for start, precision in imprecise):
        return "unknown"
    return "in_force"


def on_inside(start: date | None, precision: Precision, on: date) -> bool:
    """Whether a day lies in the month or year that is all that is known of a date."""
    return start is not None and precision != "day" and start == period_start(on, precision)


def is_over(start: date | None, precision: Precision, on: date) -> TypeGuard[date]:
    """Whether a date has certainly come: of a month or year, that it is over."""
    return start is not None and (start <= on if precision == "day" else start < period_start(on, precision))


def period_start(on: date, precision: Precision) -> date:
    """The first day of the month or year in which a day lies."""
    return on.replace(day=1) if precision == "month" else on.replace(month=1, day=1)


def takes_effect_on(days: LifeDays) -> tuple[date, Precision] | None:
    """The day on which an edition first comes into force and so ends what it replaces; None where that is not to come.

    Suspended before it began (暂不实施), it begins when it resumes; withdrawn before it began, never.
    """
    begins, precision = days.implemented_on, days.implemented_precision
    if begins and has_come(days.suspended_on, begins):
        if days.resumed_on is None:
            return None
        if days.resumed_on > begins:
            begins, precision = days.resumed_on, "day"
    if begins is None or is_over(days.withdrawn_on, days.withdrawn_precision, begins):
        return None
    return begins, precision


def was_known(published: End, begins: date | None, on: date) -> bool:
    """Whether an edition was certainly known on a day: published by then, or, that day not being known, begun.

    `begins` is its day of implementation. On a past day only what was known then is told of what came later.
    """
    return is_over(*published, on) if published[0] else has_come(begins, on)


def earlier(replaced: End, withdrawn: End) -> End:
    """Of two possible ends the earlier one, the day from which a standard is void; `(None, "day")` where it has none."""
    if replaced[0] and withdrawn[0]:
        return min(replaced, withdrawn, key=lambda end: end[0] or date.max)
    return replaced if replaced[0] else withdrawn


def end_as_told(replaced: End, withdrawn: End, on: date, *, announced: bool) -> End:
    """The end of which one could speak on a past day: one that has begun, or the day of an announced successor.

    `announced` says that a successor which begins on that day was known. When a later withdrawal was announced
    no source says, so that nobody is told of it before it came.
    """
    told: tuple[End, End] = (
        replaced if has_come(replaced[0], on) or announced else NO_END,
        withdrawn if has_come(withdrawn[0], on) else NO_END,
    )
    return earlier(*told)
