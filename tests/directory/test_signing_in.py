"""One door for passwords: the same answer for every name, a limit per address and per account, a trace."""

from datetime import UTC, datetime, timedelta
from ipaddress import ip_network

import pytest
import time_machine
from django.contrib.auth import authenticate
from django.test import Client, RequestFactory

from directory.models import SignInTries
from directory.signin import forget_old_tries
from records.models import Event
from tests.factories import PASSWORD, make_user
from tests.hashing import COUNTING, CountingHasher
from tests.web.pages import Page

pytestmark = pytest.mark.django_db
START = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
HOME, AWAY = "10.1.1.1", "10.1.1.2"


@pytest.fixture(autouse=True)
def hasher(settings):
    settings.PASSWORD_HASHERS = COUNTING
    CountingHasher.count = 0
    return CountingHasher


@pytest.fixture
def wang():
    return make_user("wang")


def attempt(name="wang", password="wrong", address=HOME, **headers):
    return Client().post("/login/", {"username": name, "password": password}, REMOTE_ADDR=address, **headers)


def said(answer) -> list[str]:
    return [str(error) for error in answer.context["form"].non_field_errors()]


def evaluated(hasher, *tries) -> int:
    before = hasher.count
    for values in tries:
        attempt(**values)
    return hasher.count - before


def test_the_right_password_signs_in(wang):
    answer = attempt(password=PASSWORD)

    assert (answer.status_code, answer["Location"]) == (302, "/desk/")


@pytest.mark.parametrize("name", ["wang", "nobody", "closed", "without"])
def test_every_name_costs_one_hash_and_gets_the_same_answer(wang, hasher, name):
    make_user("closed", is_active=False)
    make_user("without").set_unusable_password()
    expected = Page(attempt("absent").content.decode().replace("absent", "NAME")).text
    before = hasher.count

    answer = attempt(name)

    assert hasher.count - before == 1
    assert answer.status_code == 200
    assert Page(answer.content.decode().replace(name, "NAME")).text == expected


def test_a_closed_account_does_not_come_in_with_its_password(wang):
    make_user("closed", is_active=False)

    assert said(attempt("closed", PASSWORD)) == said(attempt("nobody", PASSWORD))


def test_five_wrong_passwords_are_looked_at_and_no_more(wang, hasher):
    assert evaluated(hasher, *[{}] * 8) == 5


def test_during_the_lock_the_right_password_is_refused_with_the_same_words(wang):
    with time_machine.travel(START, tick=False):
        for name in ("wang", "nobody"):
            for _time in range(5):
                attempt(name)

        wrong, right, absent = attempt(), attempt(password=PASSWORD), attempt("nobody")

    assert said(wrong) == said(right) == said(absent)
    assert "15" in said(wrong)[0]
    assert [answer.status_code for answer in (wrong, right, absent)] == [429, 429, 429]
    assert [answer["Retry-After"] for answer in (wrong, right, absent)] == ["900", "900", "900"]


def test_the_officer_signs_in_from_another_address_meanwhile(wang):
    for _time in range(5):
        attempt()

    assert attempt(password=PASSWORD, address=AWAY).status_code == 302


def test_over_all_addresses_twenty_are_looked_at(wang, hasher):
    tries = [{"address": f"10.2.{n}.1"} for n in range(30)]

    assert evaluated(hasher, *tries) == 20


def test_all_of_an_ipv6_network_counts_as_one_address(wang, hasher):
    assert evaluated(hasher, *[{"address": f"2001:db8::{n}"} for n in range(1, 9)]) == 5


@pytest.mark.parametrize("name", ["WANG", " wang ", "ｗａｎｇ", "wAnG"])
def test_a_name_counts_as_one_however_it_is_written(wang, hasher, name):
    evaluated(hasher, *[{}] * 4)

    assert evaluated(hasher, *[{"name": name}] * 3) == 1


def test_an_address_that_is_only_claimed_counts_for_nothing(wang, hasher):
    tries = [{"HTTP_X_FORWARDED_FOR": f"10.3.{n}.1", "HTTP_X_REAL_IP": f"10.3.{n}.1"} for n in range(8)]

    assert evaluated(hasher, *tries) == 5


def test_behind_a_proxy_of_our_own_its_peers_count_apart(wang, hasher, settings):
    settings.TRUSTED_PROXIES = [ip_network(HOME)]
    for _time in range(6):
        attempt(HTTP_X_FORWARDED_FOR="1.1.1.1, 10.9.9.9")

    assert attempt(password=PASSWORD, HTTP_X_FORWARDED_FOR="1.1.1.1, 10.9.9.8").status_code == 302
    assert attempt(password=PASSWORD, HTTP_X_FORWARDED_FOR="2.2.2.2, 10.9.9.9").status_code == 429


def test_the_lock_ends_a_window_after_the_last_try(wang):
    with time_machine.travel(START, tick=False) as clock:
        for _time in range(5):
            attempt()
            clock.shift(timedelta(minutes=1))
        clock.shift(timedelta(minutes=13, seconds=59))
        before = attempt(password=PASSWORD).status_code
        clock.shift(timedelta(seconds=1))
        after = attempt(password=PASSWORD).status_code

    assert (before, after) == (429, 302)


def test_no_stretch_of_a_window_s_length_holds_more_than_five(wang, hasher):
    instants = []
    with time_machine.travel(START, tick=False) as clock:
        for _minute in range(120):
            if evaluated(hasher, {}):
                instants.append(datetime.now(UTC).timestamp())
            clock.shift(timedelta(minutes=1))

    most = max(sum(one <= other < one + 900 for other in instants) for one in instants)
    assert most == 5
    assert len(instants) > 20


def test_right_passwords_use_up_nothing(wang, hasher):
    evaluated(hasher, *[{}] * 4)

    for _time in range(6):
        assert attempt(password=PASSWORD).status_code == 302

    assert evaluated(hasher, *[{}] * 3) == 1


def test_a_right_password_does_not_lengthen_the_window(wang, hasher):
    with time_machine.travel(START, tick=False) as clock:
        evaluated(hasher, *[{}] * 4)
        clock.shift(timedelta(minutes=14))
        attempt(password=PASSWORD)
        clock.shift(timedelta(minutes=1))

        assert evaluated(hasher, *[{}] * 6) == 5


def test_whatever_asks_for_a_password_goes_through_the_door(wang, hasher):
    request = RequestFactory().get("/", REMOTE_ADDR=HOME)

    for _time in range(8):
        authenticate(request, username="wang", password="wrong")

    assert hasher.count - 1 == 5  # one made the account's
    assert authenticate(request, username="wang", password=PASSWORD) is None


def test_the_back_office_has_no_door_of_its_own(client, wang):
    asked = client.get("/admin/?q=1")
    led = client.get(asked["Location"])
    typed = client.post("/admin/login/", {"username": "wang", "password": PASSWORD})
    client.force_login(wang)

    assert asked["Location"] == "/admin/login/?next=/admin/%3Fq%3D1"
    assert led["Location"] == "/login/?next=%2Fadmin%2F%3Fq%3D1"
    assert (typed.status_code, typed["Location"]) == (302, "/login/?next=%2Fadmin%2F")
    assert client.get("/admin/login/").status_code == 403


def test_signing_out_of_the_back_office_is_signing_out(client, cataloguer):
    client.force_login(cataloguer)

    answer = client.post("/admin/logout/", follow=True)

    assert (answer.redirect_chain[0], "_auth_user_id" in client.session) == (("/logout/", 307), False)


def test_the_trail_tells_who_came_and_went(wang, client):
    client.post("/login/", {"username": "wang", "password": PASSWORD}, REMOTE_ADDR=HOME)
    client.post("/logout/", REMOTE_ADDR=HOME)

    events = Event.objects.order_by("id").values_list("actor_name", "address", "object_label", "changes")
    assert list(events) == [
        ("wang", HOME, "wang", {"signed_in": [None, HOME]}),
        ("wang", HOME, "wang", {"signed_out": [None, HOME]}),
    ]


def test_refusals_leave_one_event_per_window_account_and_address(wang):
    with time_machine.travel(START, tick=False) as clock:
        for address in (HOME, AWAY, HOME, AWAY, HOME, HOME, HOME, HOME):
            attempt(address=address)
        clock.shift(timedelta(minutes=16))
        attempt()

    events = Event.objects.order_by("id").values_list("actor", "address", "object_id", "changes")
    assert list(events) == [(None, address, wang.pk, {"refused": [None, address]}) for address in (HOME, AWAY, HOME)]


def test_a_name_nobody_has_stands_nowhere(wang):
    attempt("hunter2-my-password")

    event = Event.objects.get()
    assert (event.object_id, event.object_label) == (0, SignInTries.objects.first().account[:12])
    assert "hunter2" not in str(list(SignInTries.objects.values()) + list(Event.objects.values()))


def test_a_new_session_has_a_new_key(client, wang):
    client.get("/login/")
    client.force_login(wang)
    fixed = client.session.session_key

    client.post("/login/", {"username": "wang", "password": PASSWORD})

    assert client.session.session_key not in (None, fixed)
    old = Client()
    old.cookies["sessionid"] = fixed
    assert old.get("/").context["user"].is_authenticated is False


def test_old_tries_are_forgotten(wang):
    with time_machine.travel(START, tick=False) as clock:
        attempt("nobody")
        clock.shift(timedelta(hours=25))
        attempt()
        forget_old_tries()

    assert SignInTries.objects.count() == 2


def test_a_right_password_does_not_shorten_the_window_either(wang, hasher):
    with time_machine.travel(START, tick=False) as clock:
        evaluated(hasher, {})
        clock.shift(timedelta(minutes=10))
        evaluated(hasher, *[{}] * 3)
        clock.shift(timedelta(minutes=4))
        attempt(password=PASSWORD)
        clock.shift(timedelta(minutes=2))

        assert evaluated(hasher, *[{}] * 6) == 1
