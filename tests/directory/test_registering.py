"""An enterprise registers itself: what it may type, what it is told, and what nobody may learn from the answers."""

import re

import pytest
from django.urls import reverse

from directory.models import Organization, Registration, User
from directory.registrations import Facts, RegistrationRefused, refuse_registration, send_registration
from records.models import Event
from records.trail import Actor
from tests.factories import PASSWORD, credit_code, make_registration, make_user
from tests.hashing import COUNTING, CountingHasher
from tests.web.pages import Page

pytestmark = pytest.mark.django_db
SECRET = "five green kettles"
PATH = "/register/?region=320682"
FORM = {
    "credit_code": credit_code(), "name": "某食品公司", "contact": "李某", "phone": "13812345678", "email": "li@example.cn",
    "username": "li-food", "password1": SECRET, "password2": SECRET,
}  # fmt: skip


def send(client, **changed):
    return client.post(PATH, FORM | changed)


def test_the_account_signs_in_at_once_and_holds_no_role(client):
    answer = send(client)

    registration = Registration.objects.get()
    assert (answer.status_code, answer["Location"]) == (302, "/register/sent/")
    assert (registration.name, registration.region.code, registration.state) == ("某食品公司", "320682", "waiting")
    assert client.login(username="li-food", password=SECRET)
    assert User.objects.get(username="li-food").current_grants == []


def test_it_stands_in_the_trail_with_what_is_personal_masked(client):
    send(client)

    events = {event.object_type: event for event in Event.objects.all()}
    assert {kind: event.action for kind, event in events.items()} == {
        "directory.user": "created", "directory.registration": "registered",
    }  # fmt: skip
    said = events["directory.registration"].changes
    assert (said["phone"], said["email"]) == ([None, "138****5678"], [None, "l***@example.cn"])
    assert not Event.objects.filter(changes__icontains="13812345678").exists()


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("credit_code", credit_code()[:-1] + ("0" if credit_code()[-1] != "0" else "1")), ("credit_code", "9132O682MA00000000"),
        ("name", ""), ("name", " "), ("contact", ""), ("phone", "call me"), ("email", "li"), ("username", "a b"),
        ("password1", "short"), ("password2", "another one that differs"), ("name", "a\x00b"),
    ],
)  # fmt: skip
def test_what_cannot_stand_is_told_at_its_field_and_nothing_is_saved(client, field, value):
    answer = send(client, **{field: value})

    expected = {"password1": {"password1", "password2"}}.get(field, {field})
    assert answer.status_code == 400
    assert set(answer.context["form"].errors) <= expected
    assert answer.context["form"].errors
    assert (User.objects.count(), Registration.objects.count(), Event.objects.count()) == (0, 0, 0)
    if field != "name":
        assert "某食品公司" in answer.content.decode()


def test_the_wrong_character_of_a_credit_code_is_named(client):
    answer = send(client, credit_code="91320682MA00000O00")

    assert "第16位“O”不是统一社会信用代码所用的字符" in answer.content.decode()


@pytest.fixture
def hasher(settings):
    settings.PASSWORD_HASHERS = COUNTING
    return CountingHasher


@pytest.mark.parametrize("known", ["nobody", "the account", "the account in capitals", "the credit code", "the name"])
def test_an_outsider_is_answered_the_same_whatever_is_known(client, hasher, known):
    if known.startswith("the account"):
        make_user("LI-FOOD" if "capitals" in known else "li-food")
    if known == "the credit code":
        make_registration("other", "320682", number=0)
    if known == "the name":
        Organization.objects.create(name="某食品公司", kind="enterprise")
    before = hasher.count

    answer = send(client)

    assert hasher.count - before == 1
    assert (answer.status_code, answer["Location"]) == (302, "/register/sent/")
    sent = client.get("/register/sent/").content.decode()
    assert re.sub(r'value="[\w-]{60,}"', "", sent).count("注册申请已收到") == 2


def test_a_taken_account_keeps_its_password_and_gets_no_registration(client):
    user = make_user("li-food")

    send(client)

    user.refresh_from_db()
    assert (user.check_password(PASSWORD), Registration.objects.count()) == (True, 0)
    assert Event.objects.get(action="refused").changes.keys() == {"registration"}


def test_one_form_opens_one_account(client):
    token = re.search(r'name="form_token" value="([\w-]+)"', client.get(PATH).content.decode())[1]

    answers = [send(client, form_token=token) for _time in range(3)]

    assert ({answer["Location"] for answer in answers}, Registration.objects.count()) == ({"/register/sent/"}, 1)


def test_one_address_cannot_flood_a_division(client):
    answers = [send(client, username=f"li-{at}").status_code for at in range(12)]
    other = client.post(PATH, FORM, REMOTE_ADDR="10.0.0.9").status_code

    assert (answers, other) == ([302] * 10 + [429] * 2, 302)


@pytest.mark.parametrize(
    ("address", "found"),
    [
        ("/register/?q=如皋", {"?region=320682"}),
        ("/register/?q=320682", {"?region=320682"}),
        ("/register/?under=441900", {"?region=441900"}),
        ("/register/?q=无此地", set()),
        ("/register/?region=320684", None),
        ("/register/?region=x&under=y&q=%00", None),
    ],
)
def test_the_division_is_found_by_name_and_by_way_of_the_tree(client, address, found):
    page = Page(client.get(address).content.decode())

    links = {values["href"] for tag, values in page.tags if tag == "a" and values.get("href", "").startswith("?")}
    if found is None:
        assert "?under=320000" in links
    else:
        assert {link for link in links if "region" in link} == found


def test_from_province_to_county_by_links_alone(client):
    for path, link in [("/register/", "?under=320000"), ("/register/?under=320000", "?under=320600"), ("/register/?under=320600", "?region=320682")]:  # fmt: skip
        assert link in client.get(path).content.decode()

    assert "江苏省 南通市 如皋市" in client.get(PATH).content.decode()


def test_a_refused_applicant_reads_why_corrects_and_sends_it_again(client):
    refused = make_registration("li-food", "320682")
    refuse_registration(refused, by=Actor(channel="command"), reason="执照已吊销")
    client.force_login(refused.user)

    shown = client.get(reverse("account")).content.decode()
    answer = client.post(PATH, {name: FORM[name] for name in ("credit_code", "name", "contact", "phone", "email")})

    assert "执照已吊销" in shown
    assert (answer.status_code, answer["Location"]) == (302, "/account/")
    assert list(Registration.objects.values_list("state", flat=True)) == ["waiting", "refused"]


def test_of_one_account_one_registration_waits():
    first = make_registration("li-food", "320682")

    with pytest.raises(RegistrationRefused):
        send_registration(first.user, facts=facts_of(first), by=Actor(user=first.user))

    assert Registration.objects.count() == 1


def test_who_holds_a_role_does_not_register(client):
    staff = make_user("staff", cataloguer=True)
    first = make_registration("li-food", "320682")

    with pytest.raises(RegistrationRefused):
        send_registration(staff, facts=facts_of(first), by=Actor(user=staff))


def facts_of(registration):
    names = ("credit_code", "name", "region", "contact", "phone", "email")
    return Facts(**{name: getattr(registration, name) for name in names})
