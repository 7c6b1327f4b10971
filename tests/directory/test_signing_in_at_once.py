"""Parallel wrong passwords never get more looked at than the limit; without the slot they do."""

import os
import time

import pytest
from django.contrib.auth.backends import ModelBackend
from django.test import Client

from directory.models import SignInTries
from directory.signin import slot_of
from records.models import Event
from tests.factories import PASSWORD, make_user
from tests.hashing import COUNTING, CountingHasher
from tests.threads import at_once, own_database

pytestmark = pytest.mark.django_db(transaction=True)
TRIES = int(os.environ.get("PARALLEL_TRIES", "60"))
THREADS = 20


@pytest.fixture(autouse=True)
def officer(settings, tmp_path):
    settings.PASSWORD_HASHERS = COUNTING
    make_user("wang")
    CountingHasher.count = 0
    with own_database(tmp_path):
        yield


def attempts(**headers_of):
    """Wrong passwords from as many threads, each several times; the statuses of all."""

    def some(first):
        answers = []
        for n in range(first, TRIES, THREADS):
            headers = {name: value.format(n=n) for name, value in headers_of.items()}
            answer = Client().post("/login/", {"username": "wang", "password": f"wrong {n}"}, **headers)
            answers.append(answer.status_code)
        return answers

    answers = at_once(*[lambda first=n: some(first) for n in range(THREADS)])
    return [status for some_of_them in answers for status in some_of_them]


def test_from_one_address_five_are_looked_at():
    statuses = attempts(REMOTE_ADDR="10.1.1.1")

    assert (len(statuses), CountingHasher.count) == (TRIES, 5)
    assert set(statuses) <= {200, 429}
    assert Event.objects.count() == 1
    assert (
        Client().post("/login/", {"username": "wang", "password": PASSWORD}, REMOTE_ADDR="10.1.1.2").status_code == 302
    )


def test_addresses_that_are_only_claimed_change_nothing():
    attempts(REMOTE_ADDR="10.1.1.1", HTTP_X_FORWARDED_FOR="10.{n}.1.1", HTTP_FORWARDED="for=10.{n}.1.1")

    assert CountingHasher.count == 5
    assert (
        Client().post("/login/", {"username": "wang", "password": PASSWORD}, REMOTE_ADDR="10.1.1.2").status_code == 302
    )


def test_from_many_addresses_twenty_are_looked_at():
    attempts(REMOTE_ADDR="10.{n}.1.1")

    assert CountingHasher.count == 20


class AskFirst(ModelBackend):
    """The control: asks how many there were, and counts one more when the password turned out wrong."""

    def authenticate(self, request, username=None, password=None, **kwargs):
        slot = slot_of(username, request.META["REMOTE_ADDR"])
        row = SignInTries.objects.filter(account=slot.account, address=slot.address).first()
        if row and row.taken >= 5:
            return None
        time.sleep(0.05)  # a real hash takes as long
        user = super().authenticate(request, username=username, password=password)
        if user is None:
            at = {"last_at": slot.at, "before_at": slot.at}
            SignInTries.objects.update_or_create(
                account=slot.account, address=slot.address, defaults={"taken": (row.taken if row else 0) + 1, **at}
            )
        return user


def test_without_the_slot_more_would_be_looked_at(settings):
    settings.AUTHENTICATION_BACKENDS = [f"{__name__}.AskFirst"]

    attempts(REMOTE_ADDR="10.1.1.1")

    assert CountingHasher.count > 5
