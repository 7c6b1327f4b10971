"""Two officers decide one registration at once (PostgreSQL): one wins, the others are told; without the lock several would."""

import os
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection

from directory.models import Grant, Organization, Registration, Role, User
from directory.registrations import AlreadyDecided, confirm_registration, refuse_registration
from records.models import Event
from records.trail import Actor
from tests.factories import appoint, make_registration, make_user
from tests.reference import load_reference

pytestmark = [
    pytest.mark.postgresql,
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(
        not os.environ.get("DATABASE_URL", "").startswith("postgres"),
        reason="SQLite lets one writer in at a time; races are proven on PostgreSQL",
    ),
]
ROUNDS = 5


@pytest.fixture(autouse=True)
def reference(transactional_db):
    load_reference()


@pytest.fixture
def officers():
    for at in range(4):
        appoint(make_user(f"officer{at}"), Role.STAFF, "320600")
    return [User.objects.get(username=f"officer{at}") for at in range(4)]


def at_once(work, count=4):
    start = Barrier(count)

    def run(at):
        try:
            connection.ensure_connection()
            start.wait(timeout=60)
            return work(at) or "done"
        except AlreadyDecided as refusal:
            return "told who" if "officer" in str(refusal) else "told nothing"
        finally:
            connection.close()

    with ThreadPoolExecutor(count) as pool:
        return sorted(pool.map(run, range(count)))


@pytest.mark.parametrize("time", range(ROUNDS))
def test_one_decision_stands_and_the_others_are_told_whose(officers, time):
    registration = make_registration("applicant", "320682")

    def decide(at):
        own, by = Registration.objects.get(pk=registration.pk), Actor(user=officers[at], channel="web")
        if at % 2:
            refuse_registration(own, by=by, reason="x")
        else:
            confirm_registration(own, by=by)

    answers = at_once(decide)

    registration.refresh_from_db()
    assert answers == ["done", "told who", "told who", "told who"]
    assert Event.objects.filter(object_type="directory.registration", action="settled").count() == 1
    assert Grant.objects.filter(role="enterprise").count() == int(registration.state == "confirmed")


@pytest.mark.parametrize("time", range(ROUNDS))
def test_of_one_credit_code_one_organization_is_made(officers, time):
    waiting = [make_registration(f"applicant{at}", "320682", name="某公司") for at in range(4)]

    def confirm(at):
        confirm_registration(Registration.objects.get(pk=waiting[at].pk), by=Actor(user=officers[at], channel="web"))

    assert at_once(confirm) == ["done"] * 4
    assert (Organization.objects.count(), Grant.objects.filter(role="enterprise").count()) == (1, 4)


def test_control_without_the_lock_several_decide(officers):
    won = []
    for number in range(ROUNDS):
        registration = make_registration(f"applicant{number}", "320682")
        looked = Barrier(4)

        def unguarded(at, registration=registration, looked=looked):
            own = Registration.objects.get(pk=registration.pk)
            looked.wait(timeout=60)
            if own.state == "waiting":
                Registration.objects.filter(pk=own.pk).update(handler=officers[at])
                return "decided"
            return "late"

        won.append(at_once(unguarded).count("decided"))

    assert max(won) > 1
