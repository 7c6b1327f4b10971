"""How many standards are led or taken part in (主导 · 参与), by level and by organization, under a lead rule.

A division, like any other selection, counts distinct standards: one that any of its organizations leads is led, and two
of its organizations on one standard count once. The table of organizations counts per organization, so that its
sum may exceed the division's figure. One statement an answer.
"""

from calendar import isleap
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import Case, Max, QuerySet, When

from directory.models import Organization

from .levels import Level
from .models import Contribution
from .models.contribution import LEADS

MOST_YEARS = 100


@dataclass(frozen=True, slots=True)
class Count:
    """Standards: those led, and those taken part in without leading."""

    lead: int = 0
    participate: int = 0

    @property
    def total(self) -> int:
        return self.lead + self.participate

    def __add__(self, other: "Count") -> "Count":
        return Count(self.lead + other.lead, self.participate + other.participate)


def counted_on(contributions: QuerySet[Contribution], on: date, years: int | None = None) -> QuerySet[Contribution]:
    """What figures count on a day: contributions to standards published by then, without examples beside real records.

    `years` 3 asks for the three years up to the day: (on − 3 years, on].
    """
    counted = contributions.taking_part().counted().published_by(on).for_figures()  # type: ignore[attr-defined]
    return counted.published_after(years_before(on, years)) if years else counted


def years_before(on: date, years: int) -> date:
    """The same day some years ago; 29 February has its place taken by the day before."""
    day = 28 if (on.month, on.day) == (2, 29) and not isleap(on.year - years) else on.day
    return on.replace(year=on.year - years, day=day)


def level_counts(contributions: QuerySet[Contribution], rule: str) -> dict[Level, Count]:
    """Distinct standards by level, in the order of the levels; levels without any are left out."""
    sql = "SELECT level, SUM(led), COUNT(*) - SUM(led) FROM ({standards}) AS counted GROUP BY level"
    rows = {level: Count(lead, rest) for level, lead, rest in _ask(sql, _standards(contributions, rule))}
    return {level: rows[level] for level in Level if level in rows}


def organization_counts(
    contributions: QuerySet[Contribution], rule: str, limit: int = 50, offset: int = 0
) -> tuple[list[tuple[int, Count]], int]:
    """Standards by organization, those who lead most first, and how many organizations there are in all."""
    sql = (
        "SELECT organization_id, SUM(led), COUNT(*) - SUM(led), COUNT(*) OVER ()"
        " FROM ({standards}) AS counted GROUP BY organization_id"
        " ORDER BY SUM(led) DESC, COUNT(*) DESC, organization_id LIMIT %s OFFSET %s"
    )
    standards = _standards(contributions.filter(organization__isnull=False), rule, "organization_id")
    rows = _ask(sql, standards, limit, offset)
    return [(pk, Count(lead, rest)) for pk, lead, rest, _all in rows], rows[0][3] if rows else 0


def with_organizations(rows: Sequence[tuple[int, Count]]) -> list[tuple[Organization, Count]]:
    """Rows of that table with the organizations themselves."""
    found = Organization.objects.select_related("region").in_bulk([pk for pk, _count in rows])
    return [(found[pk], count) for pk, count in rows]


def _standards(contributions: QuerySet[Contribution], rule: str, *by: str) -> QuerySet:
    """Each standard once (for each value of `by`): its level, and 1 where any of the contributions leads."""
    lead = Max(Case(When(LEADS[rule], then=1), default=0))
    return contributions.order_by().values("standard_id", *by).annotate(level=Max("standard__level"), led=lead)


def _ask(sql: str, standards: QuerySet, *more: int) -> list[tuple[Any, ...]]:
    try:
        inner, params = standards.query.sql_with_params()
    except EmptyResultSet:
        return []
    with connection.cursor() as cursor:
        cursor.execute(sql.format(standards=inner), [*params, *more])
        return cursor.fetchall()
