"""What an account sees and does on its own page, and that it reaches nobody else's."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.test import Client

from directory.models import ApiToken, UserSession
from directory.tokens import make_token
from records.models import Event
from records.trail import SYSTEM
from tests.factories import PASSWORD, make_user
from tests.hashing import COUNTING
from tests.web.pages import Page

pytestmark = pytest.mark.django_db
START = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def quick(settings):
    settings.PASSWORD_HASHERS = COUNTING


@pytest.fixture
def wang():
    return make_user("wang", cataloguer=True, full_name="王小薇")


@pytest.fixture
def li():
    return make_user("li")


def signed_in(name="wang", agent="Firefox") -> Client:
    client = Client(headers={"User-Agent": agent})
    client.post("/login/", {"username": name, "password": PASSWORD})
    return client


def confirmed(client) -> Client:
    assert client.post("/account/confirm/", {"password": PASSWORD}).status_code == 302
    return client


def works(key) -> bool:
    return Client().get("/api/v1/standards/", headers={"Authorization": f"Token {key}"}).status_code == 200


PAGES = ["/account/", "/account/password/", "/account/confirm/", "/account/tokens/"]
VERBS = ["/account/sessions/1/end/", "/account/sessions/end/", "/account/tokens/revoke/"]


def test_only_who_is_signed_in_has_an_account(client):
    answers = [client.get(path) for path in PAGES] + [client.post(path) for path in VERBS]

    assert [answer["Location"] for answer in answers] == [f"/login/?next={path}" for path in PAGES + VERBS]


def test_what_ends_something_is_not_read(wang):
    client = signed_in()

    assert [client.get(path).status_code for path in VERBS] == [405] * 3


def test_no_form_is_taken_without_its_token(wang):
    client = Client(enforce_csrf_checks=True)
    client.force_login(wang)

    assert {client.post(path).status_code for path in PAGES[1:] + VERBS} == {403}


@pytest.mark.parametrize("path", [*PAGES, "/login/", "/reset/", "/reset/sent/", "/reset/x/y/"])
def test_every_page_has_one_heading_and_a_label_for_every_field(wang, path):
    client = confirmed(signed_in()) if path in PAGES else Client()

    page = Page(client.get(path).content.decode())

    labels = {values.get("for") for tag, values in page.tags if tag == "label"}
    fields = {
        values["id"]
        for tag, values in page.tags
        if tag == "input" and values.get("type") != "hidden" and "name" in values and "data-shortcuts" not in values
    }
    assert len(page.headings) == 1
    assert fields - labels == set()


def test_the_header_leads_to_the_account(wang):
    html = signed_in().get("/").content.decode()

    assert '<a class="name" href="/account/">王小薇</a>' in html


def test_my_sessions_are_mine(wang, li):
    here, _there, _others = signed_in(agent="here"), signed_in(agent="there"), signed_in("li", agent="other")

    shown = here.get("/account/").context

    assert {row.agent for row in shown["sessions"]} == {"here", "there"}
    assert [row.agent for row in shown["sessions"] if row.key_hash == shown["current"]] == ["here"]


def test_one_session_is_ended(wang):
    here, there = signed_in(agent="here"), signed_in(agent="there")

    here.post(f"/account/sessions/{UserSession.objects.get(agent='there').pk}/end/")

    assert [client.get("/flags/").status_code for client in (here, there)] == [200, 302]


def test_all_others_are_ended_but_not_another_s(wang, li):
    browsers = [signed_in() for _time in range(3)]
    other = signed_in("li")

    browsers[0].post("/account/sessions/end/")

    assert [client.get("/account/").status_code for client in [*browsers, other]] == [200, 302, 302, 200]
    event = Event.objects.get(changes__sessions_ended__isnull=False)
    assert (event.actor, event.changes) == (wang, {"sessions_ended": [["127.0.0.1", "127.0.0.1"], []]})


def test_another_s_session_is_absent(wang, li):
    other = signed_in("li")
    pk = UserSession.objects.get(user=li).pk

    answers = [signed_in().post(f"/account/sessions/{one}/end/").status_code for one in (pk, 99999)]

    assert (answers, other.get("/account/").status_code) == ([404, 404], 200)


def test_a_token_is_made_after_the_password_shown_once_and_works(wang):
    client = signed_in()
    asked = client.get("/account/tokens/")
    client.post(asked["Location"], {"password": PASSWORD, "next": "/account/tokens/"})

    made = client.post("/account/tokens/", {"name": "收割", "days": "30"})

    key = made.context["key"]
    token = ApiToken.objects.get()
    assert asked["Location"] == "/account/confirm/?next=%2Faccount%2Ftokens%2F"
    assert (token.user, token.name, round((token.expiry - token.created) / timedelta(days=1))) == (wang, "收割", 30)
    assert (works(key), "no-store" in made["Cache-Control"]) == (True, True)
    assert key not in client.get("/account/").content.decode()
    assert key not in str(list(Event.objects.values()))
    assert Event.objects.filter(object_type="directory.apitoken", actor=wang).count() == 1


def test_the_password_counts_for_fifteen_minutes(wang):
    seen = []
    with time_machine.travel(START, tick=False) as clock:
        client = confirmed(signed_in())
        for step in (timedelta(minutes=14, seconds=59), timedelta(seconds=1)):
            clock.shift(step)
            seen.append(client.get("/account/tokens/").status_code)

    assert seen == [200, 302]


def test_without_the_password_no_token_is_made(wang):
    client = signed_in()

    wrong = client.post("/account/confirm/", {"password": "wrong"})
    answer = client.post("/account/tokens/", {"name": "x", "days": "1"})

    assert (wrong.status_code, answer.status_code, ApiToken.objects.count()) == (400, 302, 0)


def test_the_password_is_not_guessed_there(wang):
    client = signed_in()

    answers = [client.post("/account/confirm/", {"password": "wrong"}) for _time in range(6)]
    right = client.post("/account/confirm/", {"password": PASSWORD})

    assert answers[-1].context["form"].errors.as_data()["password"][0].code == "locked"
    assert right.status_code == 400


@pytest.mark.parametrize(
    "target", ["https://evil.example/", "//evil.example/", "javascript:alert(1)", "/\\evil.example"]
)
def test_entering_it_never_leads_outside(wang, target):
    answer = signed_in().post("/account/confirm/", {"password": PASSWORD, "next": target})

    assert answer["Location"] == "/account/"


@pytest.mark.parametrize("values", [{"days": "91"}, {"days": "0"}, {"days": ""}, {"name": ""}, {"name": "x\x00"}])
def test_a_token_that_cannot_stand_is_refused(wang, values):
    answer = confirmed(signed_in()).post("/account/tokens/", {"name": "x", "days": "1", **values})

    assert (answer.status_code, ApiToken.objects.count()) == (400, 0)


@pytest.mark.parametrize("days", [0, 91])
def test_the_verb_makes_no_lasting_token_either(wang, days):
    with pytest.raises(ValueError, match="90"):
        make_token(wang, name="x", days=days, by=SYSTEM)


def test_a_token_ends_on_its_day(wang):
    with time_machine.travel(START, tick=False) as clock:
        key = make_token(wang, name="x", days=7, by=SYSTEM)
        clock.shift(timedelta(days=7) - timedelta(seconds=1))
        before = works(key)
        clock.shift(timedelta(seconds=2))

        assert (before, works(key)) == (True, False)


def test_a_token_is_revoked_by_its_owner_only(wang, li):
    key = make_token(wang, name="x", days=7, by=SYSTEM)
    digest = ApiToken.objects.get().digest

    refused = [signed_in("li").post("/account/tokens/revoke/", {"digest": one}) for one in (digest, "absent", "\x00")]
    still = works(key)
    done = signed_in().post("/account/tokens/revoke/", {"digest": digest})

    assert [answer.status_code for answer in refused] == [404] * 3
    assert (still, done.status_code, works(key)) == (True, 302, False)
    assert Event.objects.get(action="voided").actor == wang
