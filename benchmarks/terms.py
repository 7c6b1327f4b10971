"""The list of ending terms, with thousands of committees, against hand-written SQL for the same rows (run by `Engine.measure`)."""

import sys
import time
from datetime import date, timedelta
from typing import Any

from .engines import hand_over, start_django

start_django()

from django.db import connection  # noqa: E402
from django.test import Client  # noqa: E402

from directory.committee_registers import settle_committees  # noqa: E402
from directory.models import Committee, CommitteeTerm, Organization, Region, SecretariatSeat  # noqa: E402
from directory.models.committee_terms import months_later  # noqa: E402
from directory.term_warnings import terms_ending, warnings  # noqa: E402
from records.bulk import gather_statistics, insert  # noqa: E402

from .timing import best, database_clock  # noqa: E402

ON = date(2026, 11, 1)
TERMS_EACH, TURNS, PAGE, MONTHS = 3, 20, 20, 12


def fill(count: int) -> None:
    """Committees, a third of them subcommittees, each with a seat and some terms that end all over the years."""
    have = Committee.objects.count()
    regions = list(Region.objects.valid(ON).filter(level="prefecture").order_by("pk"))
    committees = [_committee(number) for number in range(have, count)]
    insert(committees)
    organizations = [
        Organization(name=f"测速机构{one.pk}", region=regions[one.pk % len(regions)]) for one in committees
    ]
    insert(organizations)
    insert([_seat(one, unit) for one, unit in zip(committees, organizations, strict=True)])
    insert([_term(one, at) for one in committees for at in range(TERMS_EACH)])
    if committees:
        settle_committees(committees)
    gather_statistics([Committee, CommitteeTerm, SecretariatSeat])


def _committee(number: int) -> Committee:
    text = f"SAC/TC {number + 1}" if number % 3 else f"SAC/TC {number + 2}/SC 1"
    committee = Committee(
        number=text, name=f"测速标准化技术委员会{number}", established_on=date(2000 + number % 20, 1, 1)
    )
    committee.fill()
    return committee


def _seat(committee: Committee, organization: Organization) -> SecretariatSeat:
    seat = SecretariatSeat(committee=committee, organization=organization, starts_on=committee.established_on)
    seat.fill()
    return seat


def _term(committee: Committee, at: int) -> CommitteeTerm:
    start = date(2008, 1, 1) + timedelta(days=committee.pk * 37 % 1825 + at * 1827)
    term = CommitteeTerm(committee=committee, number=at + 1, starts_on=start, years=5)
    term.fill()
    return term


BY_HAND = """
SELECT {} FROM directory_committeeterm t JOIN directory_committee c ON c.id = t.committee_id {}
WHERE t.voided_at IS NULL AND c.voided_at IS NULL AND t.due_on >= %s AND t.due_on <= %s
    AND (c.dissolved_on IS NULL OR c.dissolved_on > %s)
    AND NOT EXISTS (SELECT 1 FROM directory_committeeterm l
        WHERE l.committee_id = t.committee_id AND l.starts_on > t.starts_on AND l.voided_at IS NULL)
"""
SHOWN = "t.id, c.number, c.name, c.slug, t.number, t.starts_on, t.due_on, c.level, c.region_id, k.name"
KEEPER = "LEFT JOIN directory_region k ON k.id = c.keeper_id"
RULES = "SELECT level, region_id, lead_months, renewal_months FROM directory_termrule WHERE voided_at IS NULL"


def by_hand() -> tuple[int, list[int]]:
    """How many terms end, and the first page of them with all that the page shows."""
    days = [ON, months_later(ON, MONTHS), ON]
    with connection.cursor() as cursor:
        cursor.execute(BY_HAND.format("count(*)", ""), days)
        count = cursor.fetchone()[0]
        cursor.execute(BY_HAND.format(SHOWN, KEEPER) + f" ORDER BY t.due_on, t.id LIMIT {PAGE}", days)
        rows = [row[0] for row in cursor.fetchall()]
        cursor.execute(RULES)
        cursor.fetchall()
    return count, rows


def product() -> tuple[int, list[int]]:
    found = terms_ending(ON, MONTHS)
    return found.order_by().count(), [one.term.pk for one in warnings(found[:PAGE], ON)]


def measure(count: int) -> dict[str, Any]:
    """Seconds of the database for count and first page, by the product and by hand; of the whole request; do they agree?"""
    fill(count)
    taken: dict[str, list[float]] = {"database": [], "by_hand": [], "page": []}
    answers = {}
    client = Client(SERVER_NAME="127.0.0.1")
    for _turn in range(TURNS):
        for name, ask in (("database", product), ("by_hand", by_hand)):
            with database_clock() as clock:
                answers[name] = ask()
            taken[name].append(clock.seconds)
        start = time.perf_counter()
        assert client.get("/committees/terms/").status_code == 200
        taken["page"].append(time.perf_counter() - start)
    agrees = answers["database"] == answers["by_hand"]
    return {"committees": count, "terms": answers["by_hand"][0], "agrees": agrees} | {
        name: best(values) for name, values in taken.items()
    }


if __name__ == "__main__":
    hand_over(measure(int(sys.argv[1]) if len(sys.argv) > 1 else 3_000))
