"""What a committee is on a day, from its days alone. Pure; the same in SQL stands in `models/committees.py`.

Order of the questions, first yes wins:

1. dissolved by then → `dissolved`
2. established by then → `established`; approved by then (获批筹建) → `approved`
3. a day inside a month or year that is all that is known of one of these dates → `unknown`; likewise where it is known
   only that it was dissolved later, not since when it stood
4. approved or established later → `not_yet`
5. no date at all → `unknown`
"""

from dataclasses import dataclass
from datetime import date
from typing import Literal

from tabular.dates import PartialDate, Precision

StatusName = Literal["unknown", "not_yet", "approved", "established", "dissolved"]
Moment = Literal["over", "inside", "ahead", "none"]


@dataclass(frozen=True, slots=True)
class CommitteeDays:
    """The days a committee's status follows from; one known to its month or year is that period's first."""

    approved_on: date | None = None
    approved_precision: Precision = "day"
    established_on: date | None = None
    established_precision: Precision = "day"
    dissolved_on: date | None = None
    dissolved_precision: Precision = "day"


def status_on(days: CommitteeDays, on: date) -> StatusName:
    """What a committee with these days is on a day."""
    dissolved = moment_of(days.dissolved_on, days.dissolved_precision, on)
    established = moment_of(days.established_on, days.established_precision, on)
    approved = moment_of(days.approved_on, days.approved_precision, on)
    if dissolved == "over":
        return "dissolved"
    if "inside" in (dissolved, established) or (dissolved == "ahead" and established == "none"):
        return "unknown"
    if established == "over":
        return "established"
    if approved in ("over", "inside"):
        return "approved" if approved == "over" else "unknown"
    return "not_yet" if "ahead" in (established, approved) else "unknown"


def moment_of(start: date | None, precision: Precision, on: date) -> Moment:
    """Where a date stands to a day: certainly come, perhaps (in the month or year it is known to), still to come."""
    if start is None:
        return "none"
    period = PartialDate(start, precision)
    if precision != "day" and period.covers(on):
        return "inside"
    return "over" if period.start <= on else "ahead"
