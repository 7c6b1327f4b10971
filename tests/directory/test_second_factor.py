"""The second step of signing in: set up, asked for, each code once, lost and reset."""

from base64 import b32encode
from datetime import UTC, datetime, timedelta
from urllib.parse import unquote

import pytest
import time_machine
from django.contrib.sessions.models import Session
from django.test import Client
from django.utils import timezone

from directory.models import RecoveryCode, Role, SecondFactor, UserSession
from directory.second_factors import (
    CodeRefused,
    address_of,
    matching_step,
    new_seed,
    remove_factor,
    reset_factor,
    secret_of,
    secret_text,
    set_up_factor,
)
from directory.tokens import make_token
from records.models import Event
from records.trail import SYSTEM, Actor
from tests.directory.authenticator import code_of, make_holder, secret_shown, wrong_code
from tests.factories import PASSWORD, appoint, make_user

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 3, 2, 4, 0, 5, tzinfo=UTC)


@pytest.fixture(autouse=True)
def offered(settings):
    settings.SECOND_FACTOR = "offered"


@pytest.fixture
def holder():
    return make_holder()


def password_given(name="wang", **data):
    client = Client()
    answer = client.post("/login/", {"username": name, "password": PASSWORD, **data})
    return client, answer


def give(client, code):
    return client.post("/login/code/", {"code": code})


def is_in(client) -> bool:
    return client.get("/desk/").status_code == 200


def told(**which) -> list[tuple[str, dict]]:
    return list(Event.objects.filter(**which).order_by("pk").values_list("action", "changes"))


# --- signing in -------------------------------------------------------------------------------------------------


def test_the_password_alone_signs_nobody_in(holder):
    client, answer = password_given(next="/account/")

    assert (answer.status_code, answer["Location"]) == (302, "/login/code/?next=%2Faccount%2F")
    assert (is_in(client), UserSession.objects.count()) == (False, 0)


def test_a_right_code_signs_in_and_goes_on(holder):
    client, _answer = password_given()

    answer = client.post("/login/code/", {"code": code_of(holder[1]), "next": "/account/"})

    assert (answer.status_code, answer["Location"], is_in(client)) == (302, "/account/", True)
    assert told(action="signed_in") == [
        ("signed_in", {"signed_in": [None, "127.0.0.1"], "second_factor": [None, "given"]})
    ]


def test_the_code_leads_to_our_own_pages_only(holder):
    client, _answer = password_given(next="https://elsewhere.example/")

    answer = client.post("/login/code/", {"code": code_of(holder[1]), "next": "//elsewhere.example/"})

    assert answer["Location"] == "/desk/"


def test_a_wrong_code_is_refused_and_in_the_trail(holder):
    client, _answer = password_given()

    answer = give(client, wrong_code(holder[1]))

    assert (answer.status_code, is_in(client)) == (400, False)
    assert told(action="refused") == [("refused", {"second_factor": [None, "127.0.0.1"]})]


@pytest.mark.parametrize(("drift", "right"), [(-2, False), (-1, True), (0, True), (1, True), (2, False)])
def test_a_clock_may_be_one_step_off(drift, right):
    seed = new_seed()
    with time_machine.travel(NOON, tick=False):
        assert (matching_step(seed, code_of(seed, drift)) is not None) == right


def test_a_code_counts_once(holder):
    with time_machine.travel(timezone.now() + timedelta(seconds=60), tick=False):
        code = code_of(holder[1])
        first = give(password_given()[0], code)
        again = give(password_given()[0], code)

    assert (first.status_code, again.status_code) == (302, 400)


def test_no_code_from_before_the_last_one_counts(holder):
    with time_machine.travel(timezone.now() + timedelta(seconds=60), tick=False):
        give(password_given()[0], code_of(holder[1], 1))

        assert give(password_given()[0], code_of(holder[1])).status_code == 400


def test_the_code_that_set_it_up_does_not_sign_in():
    with time_machine.travel(NOON, tick=False):
        user, seed = make_user("wang"), new_seed()
        set_up_factor(user, seed=seed, code=code_of(seed), by=SYSTEM)

        assert give(password_given()[0], code_of(seed)).status_code == 400


@pytest.mark.parametrize("text", ["{} ", " {}", "{:.3} {:.3}"])
def test_a_code_may_be_typed_with_blanks(holder, text):
    code = code_of(holder[1])
    typed = f"{code[:3]} {code[3:]}" if ":" in text else text.format(code)

    assert give(password_given()[0], typed).status_code == 302


@pytest.mark.parametrize("text", ["", "12345", "1234567", "abcdef", "①②③④⑤⑥", "\x00" * 6, "9" * 4000, "-00001"])
def test_what_is_no_code_is_refused(holder, text):
    assert give(password_given()[0], text).status_code == 400


def test_full_width_digits_are_digits(holder):
    code = code_of(holder[1]).translate({ord("0") + n: "０１２３４５６７８９"[n] for n in range(10)})

    assert give(password_given()[0], code).status_code == 302


def test_without_a_password_no_code_is_asked_for(holder):
    answer = give(Client(), code_of(holder[1]))

    assert (answer.status_code, answer["Location"]) == (302, "/login/")


def test_five_minutes_after_the_password_it_is_asked_for_again(holder):
    client, _answer = password_given()
    with time_machine.travel(timezone.now() + timedelta(minutes=5, seconds=1)):
        answer = give(client, code_of(holder[1]))

    assert (answer["Location"], is_in(client)) == ("/login/", False)


def test_an_account_closed_in_between_does_not_come_in(holder):
    client, _answer = password_given()
    type(holder[0]).objects.update(is_active=False)

    assert give(client, code_of(holder[1]))["Location"] == "/login/"


def test_a_password_changed_in_between_is_asked_for_again(holder):
    client, _answer = password_given()
    holder[0].set_password("another test password 2")
    holder[0].save()

    assert give(client, code_of(holder[1]))["Location"] == "/login/"


def test_wrong_codes_and_wrong_passwords_count_together(holder):
    for _time in range(3):
        Client().post("/login/", {"username": "wang", "password": "wrong"})
    client, _answer = password_given()
    statuses = [give(client, wrong_code(holder[1])).status_code for _time in range(3)]
    right = give(client, code_of(holder[1]))

    assert (statuses, right.status_code) == ([400, 429, 429], 429)
    assert int(right["Retry-After"]) > 800
    assert len(told(action="refused", changes__has_key="second_factor")) == 2
    assert password_given()[1].status_code == 429


def test_right_codes_use_up_nothing(holder):
    for step in range(8):
        with time_machine.travel(timezone.now() + timedelta(seconds=31 * step), tick=False):
            assert give(password_given()[0], code_of(holder[1])).status_code == 302


def test_while_it_is_off_the_password_is_enough(holder, settings):
    settings.SECOND_FACTOR = "off"

    client, answer = password_given()

    assert (answer["Location"], is_in(client), client.get("/account/second-factor/").status_code) == (
        "/desk/",
        True,
        302,
    )


def test_api_tokens_are_not_asked_for_a_code(holder, settings):
    settings.SECOND_FACTOR = "staff"
    user = holder[0]
    appoint(user, Role.CATALOGUER, "320000")
    key = make_token(user, name="program", days=1, by=SYSTEM)
    answer = Client().post(
        "/api/v1/standards/", '{"number": "GB/T 1-2020", "title": "茶"}', "application/json",
        headers={"Authorization": f"Token {key}"},
    )  # fmt: skip

    assert answer.status_code == 201


# --- recovery codes ---------------------------------------------------------------------------------------------


def test_each_recovery_code_signs_in_once(holder):
    codes = holder[2]

    first = [give(password_given()[0], code).status_code for code in codes[:2]]
    again = give(password_given()[0], codes[0]).status_code

    assert (len(set(codes)), first, again) == (10, [302, 302], 400)
    assert told(changes__has_key="recovery_codes") == [
        ("updated", {"recovery_codes": [10, 9]}),
        ("updated", {"recovery_codes": [9, 8]}),
    ]


def test_a_recovery_code_is_taken_however_it_is_typed(holder):
    assert give(password_given()[0], holder[2][0].replace("-", " ").upper()).status_code == 302


def test_another_accounts_recovery_code_is_none(holder):
    codes = make_holder("li")[2]

    assert give(password_given()[0], codes[0]).status_code == 400


def test_the_database_holds_neither_secret_nor_recovery_codes(holder):
    _user, seed, codes = holder
    stored = str(list(SecondFactor.objects.values())) + str(list(RecoveryCode.objects.values()))

    forms = [
        b32encode(secret_of(seed)).decode(),
        secret_of(seed).hex(),
        *codes,
        *(one.replace("-", "") for one in codes),
    ]
    assert [one for one in forms if one in stored] == []


def test_with_an_earlier_key_of_the_server_codes_still_count(holder, settings):
    seed, codes = holder[1], holder[2]
    code = code_of(seed)
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "another key " * 5

    assert give(password_given()[0], code).status_code == 302
    assert give(password_given()[0], codes[0]).status_code == 302


# --- setting up and removing ------------------------------------------------------------------------------------


@pytest.fixture
def wang(client):
    user = make_user("wang")
    client.post("/login/", {"username": "wang", "password": PASSWORD})
    return user


def confirm(client):
    client.post("/account/confirm/", {"password": PASSWORD})
    return client


def test_setting_up_asks_for_the_password_first(client, wang):
    answer = client.get("/account/second-factor/")

    assert answer["Location"] == "/account/confirm/?next=%2Faccount%2Fsecond-factor%2F"


def test_setting_up_shows_secret_and_picture_and_after_a_right_code_the_recovery_codes(client, wang):
    other = password_given()[0]
    page = confirm(client).get("/account/second-factor/")
    seed = client.session["new_second_factor"]

    answer = client.post("/account/second-factor/", {"code": code_of(seed)})

    assert secret_shown(page) == secret_text(seed)
    assert 'src="data:image/svg+xml' in page.content.decode()
    assert "img-src 'self' data:" in page["Content-Security-Policy"]
    assert len(answer.context["codes"]) == 10
    assert "no-store" in answer["Cache-Control"]
    assert (is_in(client), is_in(other)) == (True, False)
    assert told(changes__has_key="second_factor", action="created") == [
        ("created", {"second_factor": [None, "set up"]})
    ]
    assert [code in client.get("/account/second-factor/").content.decode() for code in answer.context["codes"]] == [
        False
    ] * 10


def test_the_picture_says_what_authenticators_read(wang):
    seed = new_seed()

    said = unquote(address_of(seed, wang))

    secret = b32encode(secret_of(seed)).decode()
    assert said == f"otpauth://totp/Standards Hub:wang?secret={secret}&issuer=Standards Hub"
    assert len(secret_of(seed)) == 20


def test_a_wrong_code_sets_nothing_up_and_the_secret_stays(client, wang):
    page = confirm(client).get("/account/second-factor/")
    seed = client.session["new_second_factor"]

    answer = client.post("/account/second-factor/", {"code": wrong_code(seed)})

    assert (answer.status_code, secret_shown(answer)) == (400, secret_shown(page))
    assert SecondFactor.objects.count() == 0


def test_an_account_has_one_authenticator(holder):
    seed = new_seed()

    with pytest.raises(CodeRefused):
        set_up_factor(holder[0], seed=seed, code=code_of(seed), by=SYSTEM)
    assert SecondFactor.objects.get().seed == holder[1]


def test_removing_asks_for_the_password(holder):
    client, _answer = password_given()
    give(client, code_of(holder[1]))

    refused = client.post("/account/second-factor/remove/")
    shown = confirm(client).get("/account/second-factor/remove/")
    done = client.post("/account/second-factor/remove/")

    assert refused["Location"].startswith("/account/confirm/")
    assert (shown.status_code, done["Location"], SecondFactor.objects.count()) == (200, "/account/", 0)
    assert RecoveryCode.objects.count() == 0
    assert told(action="voided") == [("voided", {"second_factor": ["set up", None]})]
    assert password_given()[1]["Location"] == "/desk/"


def test_what_is_not_there_is_not_removed():
    assert (remove_factor(make_user("li"), by=SYSTEM), Event.objects.count()) == (False, 0)


def test_a_reset_ends_the_sessions_and_is_in_the_trail(holder):
    client, _answer = password_given()
    give(client, code_of(holder[1]))
    keeper = make_user("keeper")

    done = reset_factor(holder[0], by=Actor(keeper, channel="web"), reason="telephone lost")

    assert (done, is_in(client), password_given()[1]["Location"]) == (True, False, "/desk/")
    assert told(action="voided", actor=keeper, reason="telephone lost") == [
        ("voided", {"second_factor": ["set up", None]})
    ]
    assert reset_factor(holder[0], by=SYSTEM, reason="again") is False


# --- required for staff -----------------------------------------------------------------------------------------


@pytest.fixture
def officer(settings):
    settings.SECOND_FACTOR = "staff"
    user = make_user("officer")
    appoint(user, Role.CATALOGUER, "320000")
    return user


REACHED = ["/", "/desk/", "/standards/", "/imports/", "/account/", "/account/tokens/", "/admin/", "/flags/"]


@pytest.mark.parametrize("path", REACHED)
def test_staff_without_an_authenticator_reach_nothing_but_its_page(officer, path):
    client, _answer = password_given("officer")

    answers = [client.get(path), client.post(path)]

    assert [answer.headers.get("Location") for answer in answers] == ["/account/second-factor/"] * 2


def test_staff_set_it_up_and_go_on(officer):
    client, _answer = password_given("officer")
    confirm(client).get("/account/second-factor/")
    client.post("/account/second-factor/", {"code": code_of(client.session["new_second_factor"])})

    assert {path: client.get(path).status_code for path in REACHED[:3]} == dict.fromkeys(REACHED[:3], 200)


def test_who_does_not_work_for_the_bureau_need_not(settings):
    settings.SECOND_FACTOR = "staff"
    make_user("visitor")

    client, answer = password_given("visitor")

    assert (answer["Location"], is_in(client)) == ("/desk/", True)


def test_a_session_from_before_it_was_required_signs_in_anew(settings):
    settings.SECOND_FACTOR = "off"
    user, _seed, _codes = make_holder("officer")
    appoint(user, Role.STAFF, "320000")
    client, _answer = password_given("officer")
    settings.SECOND_FACTOR = "staff"

    answer = client.get("/desk/")

    assert (answer["Location"], Session.objects.filter(session_key=client.session.session_key).count()) == (
        "/login/?next=%2Fdesk%2F", 0,
    )  # fmt: skip


def test_staff_who_remove_it_are_led_back(officer):
    client, _answer = password_given("officer")
    confirm(client).get("/account/second-factor/")
    client.post("/account/second-factor/", {"code": code_of(client.session["new_second_factor"])})
    client.post("/account/second-factor/remove/")

    assert client.get("/desk/")["Location"] == "/account/second-factor/"
