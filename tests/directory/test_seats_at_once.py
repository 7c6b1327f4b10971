"""Two who appoint a committee's secretariat at once (PostgreSQL): one wins, the other is told; without the guards both would."""

import importlib
import os
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import date
from threading import Barrier

import pytest
from django.core.exceptions import ValidationError
from django.core.management.base import CommandError
from django.db import IntegrityError, connection, transaction

from directory.models import Committee, Organization, SecretariatSeat
from directory.secretariats import appoint_secretariat
from records.models import Event
from records.trail import SYSTEM
from tests.factories import make_committee, make_organization
from tests.reference import load_reference

pytestmark = [
    pytest.mark.postgresql,
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(
        not os.environ.get("DATABASE_URL", "").startswith("postgres"),
        reason="SQLite lets one writer in at a time; races are proven on PostgreSQL",
    ),
]
MIGRATION = importlib.import_module("directory.migrations.0015_committee_rules")
DAY = date(2024, 1, 1)
ROUNDS, WORKERS = 5, 4


@pytest.fixture(autouse=True)
def reference(transactional_db):
    load_reference()


def at_once(work):
    start = Barrier(WORKERS)

    def run(at):
        try:
            connection.ensure_connection()
            start.wait(timeout=20)
            work(at)
        except (ValidationError, IntegrityError):
            return "refused"
        else:
            return "done"
        finally:
            connection.close()

    with ThreadPoolExecutor(WORKERS) as pool:
        return sorted(pool.map(run, range(WORKERS)))


def contenders():
    organizations = [make_organization(f"机构{at}") for at in range(WORKERS)]
    return make_committee(), organizations


def without_looking(committee: Committee, organizations: list[Organization]):
    """What a writer would do who looks first and writes then, without taking the committee's row."""
    looked = Barrier(WORKERS)

    def work(at):
        with transaction.atomic():
            free = not SecretariatSeat.objects.standing().filter(committee=committee).exists()
            looked.wait(timeout=20)
            if free:
                seat = SecretariatSeat(committee=committee, organization=organizations[at], starts_on=DAY)
                seat.fill()
                seat.save()

    return work


@contextmanager
def without_the_constraint():
    with connection.cursor() as cursor:
        cursor.execute(f"ALTER TABLE directory_secretariatseat DROP CONSTRAINT {MIGRATION.NAME}")
        try:
            yield
        finally:
            cursor.execute("DELETE FROM directory_secretariatseat")
            cursor.execute(MIGRATION.EXCLUDE)


@pytest.mark.parametrize("time", range(ROUNDS))
def test_of_several_who_appoint_at_once_one_wins(time):
    committee, organizations = contenders()

    answers = at_once(
        lambda at: appoint_secretariat(
            Committee.objects.get(pk=committee.pk), organizations[at], from_on=DAY, by=SYSTEM
        )
    )

    assert answers == ["done", "refused", "refused", "refused"]
    assert SecretariatSeat.objects.count() == 1
    assert Event.objects.filter(object_type="directory.secretariatseat").count() == 1


def test_whoever_comes_past_the_verb_is_held_by_the_constraint():
    committee, organizations = contenders()

    answers = at_once(without_looking(committee, organizations))

    assert answers == ["done", "refused", "refused", "refused"]
    assert SecretariatSeat.objects.count() == 1


def test_control_without_lock_and_constraint_several_come_to_hold_the_seat():
    committee, organizations = contenders()

    with without_the_constraint():
        answers = at_once(without_looking(committee, organizations))
        held = SecretariatSeat.objects.count()

    assert (answers, held) == (["done"] * WORKERS, WORKERS)


def test_a_missing_extension_that_cannot_be_created_is_said_clearly():
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("DROP EXTENSION btree_gist CASCADE")
        cursor.execute("CREATE ROLE without_rights")
        cursor.execute("SET LOCAL ROLE without_rights")
        with pytest.raises(CommandError, match="CREATE EXTENSION btree_gist in this database, then migrate again"):
            MIGRATION.create_extension(connection)
        transaction.set_rollback(True)
