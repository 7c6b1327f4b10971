"""A password that somebody else has set: for one's own tree only, shown once, changed before anything else is done."""

import re

import pytest
from django.urls import reverse
from django.utils import timezone

from directory.grants import give_role
from directory.models import Organization, Region, Role, User
from directory.passwords import NotKept, change_password, give_one_time_password
from records.confirming import CONFIRMED
from records.models import Event
from records.trail import Actor
from tests.factories import PASSWORD, appoint, make_registration, make_user

pytestmark = pytest.mark.django_db
NEW = "seven quiet lanterns"


def actor(user):
    return Actor(user=User.objects.get(pk=user.pk), channel="web")


@pytest.fixture
def people():
    """Who keeps, and whom one might keep."""
    made = {name: make_user(name) for name in (
        "keeper", "admin", "plain", "county", "city", "above", "abroad", "both", "security", "auditor", "enterprise", "nobody"
    )}  # fmt: skip
    appoint(made["keeper"], Role.STAFF, "320600", keeps_accounts=True)
    appoint(made["admin"], Role.SYSTEM_ADMIN)
    appoint(made["plain"], Role.STAFF, "320600")
    appoint(made["county"], Role.CATALOGUER, "320682")
    appoint(made["city"], Role.STAFF, "320600")
    appoint(made["above"], Role.STAFF, "320000")
    appoint(made["abroad"], Role.STAFF, "370102")
    for code in ("320682", "370102"):
        appoint(made["both"], Role.STAFF, code)
    appoint(made["security"], Role.SECURITY_ADMIN, "320682")
    appoint(made["auditor"], Role.AUDITOR)
    place = Region.objects.valid().get(code="320682")
    body = Organization.objects.create(name="某公司", kind="enterprise", region=place)
    give_role(made["enterprise"], Role.ENTERPRISE, by=Actor(channel="command"), organization=body)
    made["applicant"] = make_registration("applicant", "320682").user
    return {name: User.objects.get(pk=user.pk) for name, user in made.items()}


KEPT = {"plain", "county", "city", "enterprise", "applicant"}


@pytest.mark.parametrize(
    ("name", "kept"), [("keeper", KEPT), ("plain", set()), ("security", set()), ("auditor", set())]
)
def test_whose_accounts_one_keeps(people, name, kept):
    assert {user.username for user in User.objects.kept_by(people[name])} == kept


def test_a_system_administrator_keeps_all_but_his_own(people):
    assert {user.username for user in User.objects.kept_by(people["admin"])} == people.keys() - {"admin"}


@pytest.mark.parametrize("name", ["above", "abroad", "both", "security", "auditor", "nobody", "keeper"])
def test_of_others_no_password_is_set(people, name):
    with pytest.raises(NotKept):
        give_one_time_password(people[name], by=actor(people["keeper"]))

    assert User.objects.get(username=name).check_password(PASSWORD)


def test_it_ends_what_was_open_and_stands_in_the_trail_without_the_password(client, people):
    client.force_login(people["county"])
    client.get("/")

    password = give_one_time_password(people["county"], by=actor(people["keeper"]))

    assert client.get(reverse("desk")).status_code == 302
    event = Event.objects.get(actor=people["keeper"], changes__has_key="password")
    assert event.changes == {"password": [None, "changed"]}
    assert not Event.objects.filter(changes__icontains=password).exists()


def test_it_is_changed_before_anything_else_is_done(client, people):
    password = give_one_time_password(people["county"], by=actor(people["keeper"]))
    signed = client.post(reverse("login"), {"username": "county", "password": password})

    turned = client.get(reverse("desk"))
    again = client.post(
        reverse("password_change"), {"old_password": password, "new_password1": NEW, "new_password2": NEW}
    )

    assert (signed.status_code, turned.status_code) == (302, 302)
    assert turned["Location"].startswith("/account/password/")
    assert (again.status_code, client.get(reverse("desk")).status_code) == (302, 200)
    assert User.objects.get(username="county").password_is_temporary is False


def test_ones_own_change_is_not_temporary(people):
    change_password(people["county"], NEW, by=actor(people["county"]))

    assert User.objects.get(username="county").password_is_temporary is False


@pytest.mark.parametrize("policy", ["asvs", "mlps3"])
def test_what_is_made_fits_the_policy(people, settings, policy):
    settings.PASSWORD_POLICY = policy

    made = {give_one_time_password(people["county"], by=actor(people["keeper"])) for _time in range(3)}

    assert len(made) == 3
    assert {bool(re.fullmatch(r"[\w]{5}-[\w]{5}-[\w]{5}", one)) for one in made} == {True}


def test_a_password_set_in_the_back_office_is_temporary_too(client, people):
    client.force_login(people["admin"])

    client.post(
        reverse("admin:auth_user_password_change", args=[people["county"].pk]),
        {"password1": NEW, "password2": NEW, "usable_password": "true"},
    )

    county = User.objects.get(username="county")
    assert (county.check_password(NEW), county.password_is_temporary) == (True, True)


def test_the_page_shows_it_once_and_others_accounts_are_absent(client, people):
    client.force_login(people["keeper"])
    asked_again = client.get(reverse("accounts"))
    session = client.session
    session[CONFIRMED] = timezone.now().timestamp()
    session.save()

    listed = {user.username for user in client.get(reverse("accounts")).context["page"]}
    found = {user.username for user in client.get(reverse("accounts") + "?q=coun").context["page"]}
    given = client.post(reverse("password_give", args=[people["county"].pk]))
    foreign = client.post(reverse("password_give", args=[people["above"].pk]))

    shown = re.search(r'<code id="key">([^<]+)</code>', given.content.decode())[1]
    assert asked_again["Location"].startswith("/account/confirm/")
    assert (listed, found, foreign.status_code) == (KEPT, {"county"}, 404)
    assert User.objects.get(username="county").check_password(shown)
