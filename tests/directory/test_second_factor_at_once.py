"""Parallel codes: wrong ones are looked at exactly as often as allowed, a right one is taken once."""

import os
import time

import pytest
from django.test import Client

from directory import second_factors
from directory.models import RecoveryCode, SignInTries
from records.models import Event
from tests.directory.authenticator import code_of, make_holder, wrong_code
from tests.factories import PASSWORD
from tests.threads import at_once, own_database

pytestmark = pytest.mark.django_db(transaction=True)
TRIES = int(os.environ.get("PARALLEL_TRIES", "60"))
THREADS = 20


@pytest.fixture
def holder(settings, tmp_path):
    settings.SECOND_FACTOR = "offered"
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    made = make_holder()
    with own_database(tmp_path):
        yield made


def held_client(**headers):
    client = Client(**headers)
    client.post("/login/", {"username": "wang", "password": PASSWORD})
    return client


def attempts(code, clients):
    """The statuses of as many tries as there are, from as many threads, each behind a right password."""

    def some(first, client):
        return [client.post("/login/code/", {"code": code}).status_code for _n in range(first, TRIES, THREADS)]

    answers = at_once(*[lambda n=n, client=client: some(n, client) for n, client in enumerate(clients)])
    return sorted(status for some_of_them in answers for status in some_of_them)


def looked_at() -> int:
    """Every wrong code that was looked at left an event."""
    return Event.objects.filter(action="refused", changes__has_key="second_factor").count()


def test_from_one_address_five_wrong_codes_are_looked_at(holder):
    statuses = attempts(wrong_code(holder[1]), [held_client() for _n in range(THREADS)])

    # The fifth and those that met the limit are told to wait.
    assert (looked_at(), len(statuses), set(statuses) <= {400, 429}) == (5, TRIES, True)


def test_from_many_addresses_twenty_wrong_codes_are_looked_at(holder):
    attempts(wrong_code(holder[1]), [held_client(REMOTE_ADDR=f"10.{n}.1.1") for n in range(THREADS)])

    assert looked_at() == 20


def ask_first(slot) -> bool:
    """The control: asks how many there were, and counts one more afterwards."""
    row = SignInTries.objects.filter(account=slot.account, address=slot.address).first()
    if row and row.taken >= 5:
        return False
    time.sleep(0.05)
    values = {"taken": (row.taken if row else 0) + 1, "last_at": slot.at, "before_at": slot.at}
    SignInTries.objects.update_or_create(account=slot.account, address=slot.address, defaults=values)
    return True


def test_without_the_slot_more_would_be_looked_at(holder, monkeypatch):
    clients = [held_client() for _n in range(THREADS)]
    monkeypatch.setattr(second_factors, "take_slot", ask_first)

    attempts(wrong_code(holder[1]), clients)

    assert looked_at() > 5


def test_a_right_code_sent_twenty_times_at_once_signs_in_once(holder, settings):
    settings.SIGN_IN_TRIES_PER_ADDRESS = settings.SIGN_IN_TRIES_PER_ACCOUNT = 1000
    clients = [held_client() for _n in range(THREADS)]

    answers = at_once(*[lambda client=client: give(client, code_of(holder[1])) for client in clients])

    assert sorted(answers) == [302] + [400] * (THREADS - 1)


def test_a_recovery_code_sent_twenty_times_at_once_signs_in_once(holder, settings):
    settings.SIGN_IN_TRIES_PER_ADDRESS = settings.SIGN_IN_TRIES_PER_ACCOUNT = 1000
    clients = [held_client() for _n in range(THREADS)]

    answers = at_once(*[lambda client=client: give(client, holder[2][0]) for client in clients])

    assert sorted(answers) == [302] + [400] * (THREADS - 1)
    assert RecoveryCode.objects.filter(used_at__isnull=False).count() == 1


def give(client, code) -> int:
    return client.post("/login/code/", {"code": code}).status_code
