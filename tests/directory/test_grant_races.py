"""Two who give or take the same role at once (PostgreSQL): one wins, the other is told; without the guard both would."""

import os
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection
from django.utils import timezone

from directory.grants import GrantRefused, give_role, take_back_role
from directory.models import Grant, Role, User
from records.models import Event
from records.trail import Actor
from tests.factories import make_user
from tests.reference import load_reference

pytestmark = [
    pytest.mark.postgresql,
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(
        not os.environ.get("DATABASE_URL", "").startswith("postgres"),
        reason="SQLite lets one writer in at a time; races are proven on PostgreSQL",
    ),
]
KEEPER = Actor(channel="command")
ROUNDS = 5


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
        except (GrantRefused, ValidationError, IntegrityError):
            return "refused"
        else:
            return "done"
        finally:
            connection.close()

    with ThreadPoolExecutor(count) as pool:
        return sorted(pool.map(run, range(count)))


@pytest.mark.parametrize("time", range(ROUNDS))
def test_a_role_is_taken_back_once(time):
    user = make_user()
    grant = give_role(user, Role.EXPERT, by=KEEPER)

    answers = at_once(lambda at: take_back_role(Grant.objects.get(pk=grant.pk), by=KEEPER, reason=str(at)))

    assert answers == ["done", "refused", "refused", "refused"]
    assert Event.objects.filter(object_id=user.pk, action="revoked").count() == 1


@pytest.mark.parametrize("time", range(ROUNDS))
def test_of_two_roles_that_must_be_kept_apart_one_is_given(time):
    user = make_user()
    roles = [Role.AUDITOR, Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN, Role.EXPERT]

    answers = at_once(lambda at: give_role(user, roles[at], by=KEEPER))

    assert answers == ["done", "refused", "refused", "refused"]
    assert Grant.objects.count() == 1


def test_control_without_the_lock_an_account_comes_to_hold_roles_that_must_be_kept_apart():
    roles = [Role.AUDITOR, Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN, Role.EXPERT]
    held = []
    for number in range(ROUNDS):
        user = make_user(f"user{number}")
        looked = Barrier(4)

        def unguarded(at, user=user, looked=looked):
            free = not Grant.objects.filter(user=user).exists()
            looked.wait(timeout=20)
            if free:
                Grant.objects.create(user=user, role=roles[at], granted_at=timezone.now())

        at_once(unguarded)
        held.append(Grant.objects.filter(user=user).count())

    assert max(held) > 1


def test_who_loses_his_own_role_gives_none_afterwards():
    """Giving against taking back the giver's role: what was given stands in the trail before what was taken."""
    told = []
    for number in range(ROUNDS):
        giver, user = make_user(f"giver{number}"), make_user(f"user{number}")
        own = give_role(giver, Role.SECURITY_ADMIN, by=KEEPER)
        by = Actor(User.objects.get(pk=giver.pk), "web")
        by.user.current_grants  # noqa: B018  the request has read them already
        works = [lambda: give_role(user, Role.EXPERT, by=by), lambda: take_back_role(own, by=KEEPER, reason="离任")]  # noqa: B023

        at_once(lambda at, works=works: works[at](), 2)

        given = Event.objects.filter(object_id=user.pk, action="granted").values_list("pk", flat=True).first()
        taken = Event.objects.get(object_id=giver.pk, action="revoked").pk
        told.append(given is None or given < taken)

    assert told == [True] * ROUNDS


def test_control_who_goes_by_what_the_request_read_gives_after_his_role_was_taken_back():
    giver, user = make_user("giver"), make_user("user")
    own = give_role(giver, Role.SECURITY_ADMIN, by=KEEPER)
    looked, taken = Barrier(2), Barrier(2)

    def unguarded(at):
        if at:
            looked.wait(timeout=20)
            take_back_role(own, by=KEEPER, reason="离任")
            taken.wait(timeout=20)
            return
        may = bool(User.objects.get(pk=giver.pk).current_grants)
        looked.wait(timeout=20)
        taken.wait(timeout=20)
        if may:
            Grant.objects.create(user=user, role=Role.EXPERT, granted_by=giver, granted_at=timezone.now())

    at_once(unguarded, 2)

    given = Grant.objects.get(user=user)
    assert given.granted_at > Grant.objects.get(pk=own.pk).revoked_at
