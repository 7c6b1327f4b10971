"""Sessions end when they stand still, after a day's work, and when their owner says so."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.test import Client

from directory.models import ApiToken, UserSession
from directory.sessions import end_everything
from records.models import Event
from records.trail import SYSTEM
from tests.factories import PASSWORD, make_user

pytestmark = pytest.mark.django_db
START = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)


@pytest.fixture
def clock():
    with time_machine.travel(START, tick=False) as moved:
        yield moved


@pytest.fixture
def wang(clock):
    return make_user("wang", cataloguer=True)


def signed_in(name="wang", agent="Firefox", **headers) -> Client:
    client = Client(headers={"User-Agent": agent}, **headers)
    assert client.post("/login/", {"username": name, "password": PASSWORD}).status_code == 302
    return client


def is_in(client) -> bool:
    return client.get("/flags/").status_code == 200


def test_a_session_that_stands_still_ends(wang, clock):
    client = signed_in()
    seen = []
    for minutes in (29, 29, 30):
        clock.shift(timedelta(minutes=minutes))
        seen.append(is_in(client))

    assert seen == [True, True, False]
    assert UserSession.objects.count() == 0


def test_others_than_staff_may_pause_longer(clock):
    make_user("clerk")
    client = signed_in("clerk")
    seen = []
    for minutes in (59, 60):
        clock.shift(timedelta(minutes=minutes))
        seen.append(client.get("/").context["user"].is_authenticated)

    assert seen == [True, False]


def test_the_limit_is_a_setting(wang, clock, settings):
    settings.SESSION_IDLE_MINUTES_STAFF = 5
    client = signed_in()
    clock.shift(timedelta(minutes=5))

    assert not is_in(client)


def test_a_session_ends_after_twelve_hours_however_busy(wang, clock):
    client = signed_in()
    seen = []
    for _time in range(36):
        clock.shift(timedelta(minutes=20))
        seen.append(is_in(client))

    assert seen == [True] * 35 + [False]


def test_an_ended_session_does_not_come_back(wang, clock):
    client = signed_in()
    cookie = client.cookies["sessionid"].value
    clock.shift(timedelta(minutes=31))
    client.get("/flags/")

    client.cookies["sessionid"] = cookie

    assert not is_in(client)


def test_after_the_limit_signing_in_comes_back_to_the_same_page(wang, clock):
    client = signed_in()
    clock.shift(timedelta(hours=1))

    asked = client.get("/flags/?kind=reported")
    back = client.post(asked["Location"], {"username": "wang", "password": PASSWORD})

    assert asked["Location"] == "/login/?next=/flags/%3Fkind%3Dreported"
    assert back["Location"] == "/flags/?kind=reported"


def test_being_seen_is_written_once_a_minute(wang, clock):
    client = signed_in()
    seen = []
    for _time in range(4):
        clock.shift(timedelta(seconds=20))
        client.get("/")
        seen.append((UserSession.objects.get().seen_at - START).total_seconds())

    assert seen == [0, 0, 60, 60]


def test_a_session_is_noted_with_where_it_came_from(wang):
    signed_in(agent="Firefox", REMOTE_ADDR="10.1.1.1")

    row = UserSession.objects.get()
    assert (row.user, row.address, row.agent, row.started_at) == (wang, "10.1.1.1", "Firefox", START)


def test_signing_in_again_leaves_one_session(wang):
    client = signed_in()
    first = client.session.session_key

    client.post("/login/", {"username": "wang", "password": PASSWORD})

    assert client.session.session_key != first
    assert UserSession.objects.count() == 1


def test_signing_out_ends_the_session_on_the_server(wang):
    client = signed_in()
    cookie = client.cookies["sessionid"].value

    client.post("/logout/")

    client.cookies["sessionid"] = cookie
    assert (is_in(client), UserSession.objects.count()) == (False, 0)


def test_a_session_whose_row_is_gone_is_over(wang):
    one, other = signed_in(agent="one"), signed_in(agent="other")

    UserSession.objects.filter(agent="one").delete()

    assert (is_in(one), is_in(other)) == (False, True)


def test_a_closed_account_is_out_at_once_and_stays_out_when_it_is_opened_again(wang, client):
    browser = signed_in()
    wang.is_active = False
    wang.save()
    closed = is_in(browser)
    wang.is_active = True
    wang.save()

    assert (closed, is_in(browser), UserSession.objects.count()) == (False, False, 0)


def test_ending_everything_takes_sessions_and_tokens_and_leaves_a_trace(wang):
    browsers = [signed_in(), signed_in()]
    _made, key = ApiToken.objects.create(wang, name="harvest")
    asked = {"headers": {"Authorization": f"Token {key}"}}
    before = Client().get("/api/v1/standards/", **asked).status_code

    end_everything(wang, by=SYSTEM, reason="left")

    after = Client().get("/api/v1/standards/", **asked).status_code
    assert [is_in(browser) for browser in browsers] == [False, False]
    assert (before, after) == (200, 401)
    traced = Event.objects.filter(reason="left").order_by("id").values_list("changes", flat=True)
    assert list(traced) == [{"sessions_ended": [2, 0]}, {"tokens": [["wang · harvest"], []]}]
