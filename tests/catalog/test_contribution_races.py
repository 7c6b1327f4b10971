"""Two who change one list at once (PostgreSQL): one wins, the other is told; without the lock on the list both would."""

import os
import time
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection, transaction
from django.db.models import QuerySet

from catalog import contributing
from catalog.contributing import ContributionRefused, Entry, state_of, write_contributions
from catalog.editions import VersionConflict
from catalog.models import Contribution, Standard
from directory.merging import merge_organizations
from records.trail import SYSTEM
from tests.catalog.ledger import enter
from tests.factories import make_organization, make_standard
from tests.reference import load_reference

pytestmark = [
    pytest.mark.postgresql,
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(
        not os.environ.get("DATABASE_URL", "").startswith("postgres"),
        reason="SQLite lets one writer in at a time; races are proven on PostgreSQL",
    ),
]


@pytest.fixture(autouse=True)
def reference(transactional_db):
    load_reference()


def at_once(work, count=4):
    start = Barrier(count)

    def run(at):
        try:
            connection.ensure_connection()
            start.wait(timeout=20)
            work(at)
        except (ContributionRefused, VersionConflict):
            return "refused"
        else:
            return "done"
        finally:
            connection.close()

    with ThreadPoolExecutor(count) as pool:
        return sorted(pool.map(run, range(count)))


def change_at_once(row: Contribution) -> list[str]:
    """Four who read the same version say four different things of it."""

    def change(at: int) -> None:
        read = Contribution.objects.get(pk=row.pk)
        read.version = row.version
        write_contributions([Entry(row.standard_id, state_of(read) | {"evidence": f"说法{at}"}, read)], by=SYSTEM)

    return at_once(change)


@pytest.mark.parametrize("time", range(3))
def test_a_rank_is_given_once(time):
    standard = make_standard("GB/T 1-2020")

    answers = at_once(
        lambda at: write_contributions([Entry(standard.pk, {"printed_name": f"单位{at}", "rank": 1})], by=SYSTEM)
    )

    assert answers == ["done", "refused", "refused", "refused"]
    assert Contribution.objects.count() == 1


@pytest.mark.parametrize("time", range(3))
def test_of_several_who_change_a_row_one_wins(time):
    (row,) = enter(make_standard("GB/T 1-2020"), "甲")

    assert change_at_once(row) == ["done", "refused", "refused", "refused"]
    assert Contribution.objects.get().version == 2


def test_without_the_lock_several_would_win(monkeypatch):
    def unlocked(ids):
        rows = Standard.objects.filter(pk__in=list(ids)).values_list("pk", "number", "level")
        return {pk: contributing.Head(number, level) for pk, number, level in rows}

    class Unlocked(QuerySet):
        def select_for_update(self, **options):
            return self

    rows = Unlocked(Contribution).filter(voided_at__isnull=True).order_by("pk")
    monkeypatch.setattr(contributing, "_lock", unlocked)
    monkeypatch.setattr(contributing, "_rows", lambda ids: rows.filter(standard__in=list(ids)))
    winners = set()
    for serial in range(10):
        (row,) = enter(make_standard(f"GB/T {serial + 1}-2020"), "甲")
        winners.add(change_at_once(row).count("done"))

    assert max(winners) > 1


def write_beside_a_merge() -> str:
    """A list that names a body is written while a merge of that body is under way; how the writing ended."""
    old, new, standard = make_organization("旧厂"), make_organization("新厂"), make_standard("GB/T 77-2020")
    entry = Entry(standard.pk, {"organization_id": old.pk, "printed_name": "旧厂", "rank": 1})
    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            merge_organizations(old, new, by=SYSTEM, reason="并")
            written = pool.submit(at_once, lambda _at: write_contributions([entry], by=SYSTEM), 1)
            time.sleep(0.5)
        return written.result(timeout=20)[0]


def test_a_body_that_is_being_merged_is_not_named():
    assert write_beside_a_merge() == "refused"
    assert Contribution.objects.count() == 0


def test_control_without_holding_the_body_the_name_lands_on_the_merged_one(monkeypatch):
    monkeypatch.setattr(contributing, "_hold_bodies", lambda entries: None)

    assert write_beside_a_merge() == "done"
    assert Contribution.objects.get().organization.merged_into is not None
