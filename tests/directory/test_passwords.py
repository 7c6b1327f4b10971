"""What a password has to be under each policy, and what changing one ends."""

import re
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.contrib.auth.password_validation import validate_password
from django.core import mail
from django.core.exceptions import ValidationError
from django.test import Client

from directory.local_words import spellings
from directory.models import ApiToken, EarlierPassword, UserSession
from directory.passwords import change_password
from records.models import Event
from records.trail import SYSTEM
from tests.factories import PASSWORD, make_user
from tests.hashing import COUNTING

pytestmark = pytest.mark.django_db
START = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
NEW = "green tea at nine"


@pytest.fixture(autouse=True)
def quick(settings):
    settings.PASSWORD_HASHERS = COUNTING


@pytest.fixture
def wang():
    return make_user("wangwei", cataloguer=True, full_name="王小薇", email="ww-77@example.cn")


def faults(password, user=None) -> list[str]:
    try:
        validate_password(password, user)
    except ValidationError as refused:
        return [error.code for error in refused.error_list]
    return []


@pytest.mark.parametrize(
    ("password", "codes"),
    [
        ("elevenchars", ["too_short"]),
        ("twelve chars", []),
        ("绿茶九点在码头等候张三李", []),
        ("correct horse battery staple", []),
        ("qwertyuiop12", ["password_too_common"]),
        ("password2026!!", ["local_word"]),
        ("Nantong20261122", ["local_word"]),
        ("南通市海门区2026!", ["too_short", "local_word"]),
        ("南通市海门区20261122", ["local_word"]),
        ("Jiangsu@Nantong#1", ["local_word"]),
        ("标准化标准化标准化123", ["local_word"]),
        ("biaozhunhua2026", ["local_word"]),
        ("Standards-2026!", ["local_word"]),
        ("nantong river ferry", []),
        ("xx wangwei xx 1", ["own_name"]),
        ("xx WangWei xx 1", ["own_name"]),
        ("王小薇的绿茶在九点钟送到", ["own_name"]),
        ("ww-77 green tea", ["own_name"]),
    ],
)
def test_asvs_asks_for_length_and_nothing_guessable(wang, password, codes):
    assert faults(password, wang) == codes


@pytest.mark.parametrize(
    ("password", "codes"),
    [
        ("Teapot-77", ["too_short"]),
        ("Teapot-777", []),
        ("teapot-777", []),
        ("Teapots777", []),
        ("teapots777", ["too_plain"]),
        ("green tea at nine", ["too_plain"]),
        ("Nantong-2026", ["local_word"]),
    ],
)
def test_mlps3_asks_for_classes(settings, wang, password, codes):
    settings.PASSWORD_POLICY = "mlps3"

    assert faults(password, wang) == codes


def test_words_are_known_in_characters_and_in_pinyin_without_their_ending():
    assert spellings("海门市") == {"海门市", "海门", "haimenshi", "haimen"}
    assert spellings("samr") == {"samr"}


def test_mlps3_takes_none_of_the_last_five_again(settings, wang):
    settings.PASSWORD_POLICY = "mlps3"
    passwords = [f"Teapot-77{n}" for n in range(7)]
    for password in passwords:
        change_password(wang, password, by=SYSTEM)

    assert [faults(password, wang) for password in passwords] == [[], []] + [["used_before"]] * 5
    assert EarlierPassword.objects.count() == 5


def test_asvs_does_not_ask_what_was_before(wang):
    change_password(wang, NEW, by=SYSTEM)

    assert faults(NEW, wang) == []


def test_mlps3_asks_for_a_new_password_after_ninety_days(settings):
    settings.PASSWORD_POLICY = "mlps3"
    with time_machine.travel(START, tick=False) as clock:
        make_user("zhang", cataloguer=True)
        clock.shift(timedelta(days=89))
        client = signed_in("zhang")
        before = client.get("/flags/").status_code
        client.post("/logout/")
        clock.shift(timedelta(days=1))
        client = signed_in("zhang")
        asked = client.get("/flags/?kind=x")
        page = client.get(asked["Location"]).status_code
        done = change(client, new="Teapot-777", next="/flags/?kind=x")
        after = client.get("/flags/").status_code

    assert (before, asked["Location"], page) == (200, "/account/password/?next=%2Fflags%2F%3Fkind%3Dx", 200)
    assert (done["Location"], after) == ("/flags/?kind=x", 200)


def signed_in(name="wangwei") -> Client:
    client = Client()
    client.post("/login/", {"username": name, "password": PASSWORD})
    return client


def change(client, old=PASSWORD, new=NEW, **more):
    return client.post("/account/password/", {"old_password": old, "new_password1": new, "new_password2": new, **more})


def test_a_changed_password_ends_everything_but_this_session(wang):
    here, there = signed_in(), signed_in()
    token = ApiToken.objects.create(wang)[1]
    key = here.session.session_key

    answer = change(here)

    assert (answer.status_code, here.session.session_key != key) == (302, True)
    assert [client.get("/flags/").status_code for client in (here, there)] == [200, 302]
    assert Client().get("/api/v1/standards/", headers={"Authorization": f"Token {token}"}).status_code == 401
    assert UserSession.objects.count() == 1
    wang.refresh_from_db()
    assert wang.check_password(NEW)


def test_a_change_is_in_the_trail_once_and_says_nothing_of_the_password(wang):
    client = signed_in()
    change(client)

    event = Event.objects.get(changes__password__isnull=False)
    assert (event.actor, event.changes) == (wang, {"password": [None, "changed"]})
    assert NEW not in str(list(Event.objects.values()))


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"old": "wrong"}, "old_password"),
        ({"new": "short"}, "new_password2"),
        ({"new_password2": "another long one"}, "new_password2"),
    ],
)
def test_what_cannot_stand_is_refused(wang, values, field):
    answer = change(signed_in(), **values)

    assert (answer.status_code, list(answer.context["form"].errors)) == (400, [field])
    wang.refresh_from_db()
    assert wang.check_password(PASSWORD)


def test_the_old_password_is_not_guessed_on_a_stolen_session(wang):
    client = signed_in()
    for _time in range(5):
        change(client, old="wrong")

    answer = change(client)

    assert answer.context["form"].errors.as_data()["old_password"][0].code == "locked"


@pytest.mark.parametrize("target", ["https://evil.example/", "//evil.example/", "javascript:alert(1)"])
def test_changing_it_never_leads_outside(wang, target):
    assert change(signed_in(), next=target)["Location"] == "/desk/"


def test_a_first_password_is_no_change(wang):
    user = make_user("new")
    user.set_password(NEW)
    user.save()

    assert not Event.objects.filter(object_id=user.pk).exists()


def test_a_password_set_by_another_ends_the_sessions_too(wang):
    client = signed_in()

    wang.set_password(NEW)
    wang.save()

    assert client.get("/flags/").status_code == 302
    assert UserSession.objects.count() == 0


def asked_for(address) -> list:
    answer = Client().post("/reset/", {"email": address}, follow=True)
    return [answer.redirect_chain, re.sub(r'value="[^"]+"', "", answer.content.decode())]


def test_the_answer_does_not_tell_who_has_an_account(wang):
    assert asked_for("ww-77@example.cn") == asked_for("nobody@example.cn")
    assert [one.to for one in mail.outbox] == [["ww-77@example.cn"]]


def test_a_forgotten_password_is_set_from_the_mail_once(wang):
    browser = signed_in()
    asked_for("ww-77@example.cn")
    link = re.search(r"http://testserver(\S+)", mail.outbox[0].body)[1]
    client = Client()
    form = client.get(link, follow=True).redirect_chain[-1][0]

    done = client.post(form, {"new_password1": NEW, "new_password2": NEW})

    wang.refresh_from_db()
    assert (done.status_code, done["Location"], wang.check_password(NEW)) == (302, "/login/", True)
    assert browser.get("/flags/").status_code == 302
    assert Client().get(link).context["validlink"] is False
    assert Event.objects.get(changes__password__isnull=False).actor == wang


def test_mails_are_not_sent_without_end(wang):
    for _time in range(8):
        asked_for("ww-77@example.cn")

    assert len(mail.outbox) == 5


def test_without_a_mail_server_the_page_says_whom_to_ask(client, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.dummy.EmailBackend"

    assert 'name="email"' not in client.get("/reset/").content.decode()
