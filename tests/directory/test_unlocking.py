"""An account that wrong passwords locked is unlocked by an administrator, from the back-office."""

import pytest
from django.test import Client
from django.urls import reverse

from directory.models import Role, SignInTries, User
from directory.signin import unlock
from records.models import Event
from records.trail import SYSTEM
from tests.directory.authenticator import make_holder
from tests.factories import PASSWORD, appoint, make_user

pytestmark = pytest.mark.django_db


def attempt(password):
    return Client().post("/login/", {"username": "wang", "password": password}).status_code


@pytest.fixture
def locked():
    user = make_user("wang")
    for _time in range(5):
        attempt("wrong")
    assert attempt(PASSWORD) == 429
    return user


def act(role, name, user, reason="she called"):
    keeper = make_user("keeper")
    appoint(keeper, role, "320000" if role == Role.CATALOGUER else "")
    client = Client()
    client.force_login(User.objects.get(pk=keeper.pk))
    data = {"action": name, "reason": reason, "_selected_action": [user.pk]}
    return client.post(reverse("admin:directory_user_changelist"), data)


@pytest.mark.parametrize("role", [Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN])
def test_administrators_unlock(locked, role):
    act(role, "unlock", locked)

    assert attempt(PASSWORD) == 302
    told = Event.objects.get(changes__has_key="wrong_tries")
    assert (told.actor_name, told.role, told.changes, told.reason) == (
        "keeper",
        role,
        {"wrong_tries": [5, 0]},
        "she called",
    )


def test_the_auditor_does_not(locked):
    act(Role.AUDITOR, "unlock", locked)

    assert attempt(PASSWORD) == 429


def test_it_needs_a_reason(locked):
    act(Role.SYSTEM_ADMIN, "unlock", locked, reason=" ")

    assert attempt(PASSWORD) == 429


def test_what_is_not_locked_leaves_no_trace():
    user = make_user("wang")

    assert (unlock(user, by=SYSTEM, reason="none"), Event.objects.count()) == (False, 0)


def test_only_that_account_is_unlocked(locked):
    make_user("li")
    Client().post("/login/", {"username": "li", "password": "wrong"})

    unlock(locked, by=SYSTEM, reason="she called")

    assert sorted(SignInTries.objects.values_list("taken", flat=True)) == [1, 1]


@pytest.mark.parametrize(
    ("role", "left"), [(Role.SYSTEM_ADMIN, False), (Role.SECURITY_ADMIN, True), (Role.AUDITOR, True)]
)
def test_the_system_administrator_resets_two_step_sign_in(settings, role, left):
    settings.SECOND_FACTOR = "offered"
    user = make_holder()[0]

    act(role, "reset_second_factor", user)

    assert User.objects.filter(second_factor__isnull=False).exists() == left
