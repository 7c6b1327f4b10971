"""Registrations are seen and decided by their division and those above; one decision stands."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from directory.merging import merge_organizations
from directory.models import Grant, Organization, Region, Registration, Role, User
from directory.registrations import (
    AlreadyDecided,
    RegistrationRefused,
    confirm_registration,
    refuse_registration,
    show_contact,
    take_on_registration,
)
from directory.search import matching
from records.models import Event
from records.trail import SYSTEM, Actor
from tests.factories import appoint, credit_code, make_organization, make_registration, make_user

pytestmark = pytest.mark.django_db
PLACES = {"county": "320682", "neighbour": "320681", "city": "320600", "province": "320000", "abroad": "370000"}


def staff(name, code):
    user = make_user(name)
    appoint(user, Role.STAFF, code)
    return User.objects.get(pk=user.pk)


def actor(user):
    return Actor(user=user, channel="web", role=user.acting.role, division=user.acting.division)


@pytest.fixture
def people():
    return {name: staff(name, code) for name, code in PLACES.items()}


@pytest.fixture
def registration():
    return make_registration("applicant", "320682")


@pytest.fixture
def auditor():
    user = make_user("auditor")
    appoint(user, Role.AUDITOR)
    return User.objects.get(pk=user.pk)


def sees(client, user, registration):
    """On the desk, in the list, by its address."""
    client.force_login(user)
    listed = client.get(reverse("registrations"))
    return (
        registration.pk in {one.pk for one in client.get(reverse("desk")).context["desk"].registrations},
        registration in set(listed.context["page"]),
        client.get(reverse("registration", args=[registration.pk])).status_code,
    )


@pytest.mark.parametrize("name", PLACES)
def test_its_division_and_those_above_see_it_others_do_not(client, people, registration, name):
    mine = name in ("county", "city", "province")

    assert sees(client, people[name], registration) == ((True, True, 200) if mine else (False, False, 404))


def test_the_auditor_reads_it_masked_and_decides_nothing(client, auditor, registration):
    seen = sees(client, auditor, registration)
    page = client.get(reverse("registration", args=[registration.pk])).content.decode()

    answers = {
        name: client.post(reverse(name, args=[registration.pk]), {"reason": "x"}).status_code
        for name in ("registration_confirm", "registration_refuse", "registration_take", "registration_contact")
    }
    assert seen == (False, True, 200)
    assert ("138****5678" in page, "13812345678" in page, "registration_confirm" in page) == (True, False, False)
    assert set(answers.values()) == {403}


def test_confirming_gives_the_role_for_the_organization(people, registration):
    confirm_registration(registration, by=actor(people["county"]), starts_on=date(2026, 1, 1), ends_on=date(2030, 1, 1))

    registration.refresh_from_db()
    organization = Organization.objects.get()
    grant = Grant.objects.get(user=registration.user)
    assert (organization.name, organization.credit_code, organization.kind, organization.region.code) == (
        "某0公司", credit_code(), "enterprise", "320682",
    )  # fmt: skip
    assert (grant.role, grant.organization, grant.starts_on, grant.ends_on, grant.granted_by) == (
        "enterprise", organization, date(2026, 1, 1), date(2030, 1, 1), people["county"],
    )  # fmt: skip
    assert (registration.state, registration.organization, registration.decided_by) == (
        "confirmed", organization, people["county"],
    )  # fmt: skip
    events = Event.objects.filter(actor=people["county"])
    assert sorted(events.values_list("object_type", "action")) == [
        ("directory.organization", "created"), ("directory.registration", "settled"), ("directory.user", "granted"),
    ]  # fmt: skip


def test_a_second_account_joins_the_organization_and_staff_are_told(client, people, registration):
    confirm_registration(registration, by=actor(people["county"]))
    second = make_registration("second", "320682", name="另一写法公司")
    client.force_login(people["county"])

    page = client.get(reverse("registration", args=[second.pk])).content.decode()
    confirm_registration(second, by=actor(people["city"]))

    assert "该企业已有账号： applicant" in page
    assert (Organization.objects.count(), Grant.objects.filter(role="enterprise").count()) == (1, 2)


def test_an_enterprise_known_elsewhere_is_confirmed_above_both(people, registration):
    elsewhere = Region.objects.valid().get(code="320681")
    Organization.objects.create(name="某公司", kind="enterprise", credit_code=credit_code(), region=elsewhere)

    with pytest.raises(RegistrationRefused):
        confirm_registration(registration, by=actor(people["county"]))
    confirm_registration(registration, by=actor(people["city"]))

    registration.refresh_from_db()
    assert (registration.state, Organization.objects.count()) == ("confirmed", 1)


@pytest.mark.parametrize(
    ("known", "joined"),
    [
        ([{"kind": "other"}], True),
        ([{"kind": "other"}, {"kind": "enterprise", "credit_code": credit_code(5)}], True),
        ([{"kind": "enterprise", "credit_code": credit_code(5)}], False),
        ([{"kind": "other", "voided_at": timezone.now()}], False),
    ],
)
def test_the_one_body_of_the_same_name_without_a_code_is_joined(people, registration, known, joined):
    first, *_others = [make_organization("某0公司", "320682", **facts) for facts in known]

    confirm_registration(registration, by=actor(people["county"]))

    registration.refresh_from_db()
    first.refresh_from_db()
    assert (registration.organization == first, registration.organization.credit_code) == (joined, credit_code())
    assert first.version == (2 if joined else 1)
    assert [one.name for one in registration.organization.names.all()] == ["某0公司"]
    assert Grant.objects.get(role="enterprise").organization == registration.organization


@pytest.mark.parametrize("placed", [True, False])
def test_the_trail_says_what_a_body_without_a_code_was_given(people, registration, placed):
    known = make_organization("某0公司", "320682" if placed else "")

    confirm_registration(registration, by=actor(people["county"]))

    region = {} if placed else {"region": [None, str(registration.region)]}
    told = Event.objects.about(known).get(action="updated")
    assert told.changes == {"credit_code": ["", credit_code()], **region}


@pytest.mark.parametrize("kinds", [["department"], ["enterprise", "other"]])
def test_a_name_that_does_not_tell_whom_it_means_is_refused(people, registration, kinds):
    for kind in kinds:
        make_organization("某0公司", "320682", kind=kind)

    with pytest.raises(RegistrationRefused):
        confirm_registration(registration, by=actor(people["county"]))

    registration.refresh_from_db()
    assert (registration.state, Organization.objects.count(), Grant.objects.filter(role="enterprise").count()) == (
        "waiting", len(kinds), 0,
    )  # fmt: skip


def test_the_code_of_a_body_that_was_merged_means_the_other(people, registration):
    target = make_organization("新公司", "320682")
    merge_organizations(
        make_organization("旧公司", "320682", credit_code=credit_code()), target, by=SYSTEM, reason="同一机构"
    )

    confirm_registration(registration, by=actor(people["county"]))

    registration.refresh_from_db()
    assert registration.organization == target


def test_an_enterprise_that_was_confirmed_is_found_by_its_name(people, registration):
    confirm_registration(registration, by=actor(people["county"]))

    assert [one.name for one in matching(Organization.objects.all(), "某0公司")] == ["某0公司"]


@pytest.mark.parametrize("name", ["neighbour", "abroad"])
def test_other_divisions_decide_nothing(people, registration, name):
    before = Event.objects.count()

    for verb, more in [(confirm_registration, {}), (refuse_registration, {"reason": "x"}), (take_on_registration, {}), (show_contact, {})]:  # fmt: skip
        with pytest.raises(RegistrationRefused):
            verb(registration, by=actor(people[name]), **more)

    assert (Registration.objects.get().state, Event.objects.count()) == ("waiting", before)


def test_nobody_confirms_himself(registration):
    own = registration.user
    Grant.objects.create(user=own, role=Role.STAFF, region=registration.region, granted_at=registration.sent_at)

    with pytest.raises(RegistrationRefused):
        confirm_registration(registration, by=actor(User.objects.get(pk=own.pk)))

    assert Registration.objects.get().state == "waiting"


def test_refusing_says_why_and_leaves_a_trace(people, registration):
    with pytest.raises(RegistrationRefused):
        refuse_registration(registration, by=actor(people["county"]), reason=" ")
    refuse_registration(registration, by=actor(people["county"]), reason="执照不符")

    registration.refresh_from_db()
    event = Event.objects.get(action="settled")
    assert (registration.state, registration.reason, event.reason) == ("refused", "执照不符", "执照不符")
    assert not Grant.objects.filter(user=registration.user).exists()


def test_the_second_to_decide_is_told_by_whom_and_when(client, people, registration):
    refuse_registration(registration, by=actor(people["county"]), reason="执照不符")
    client.force_login(people["city"])

    with pytest.raises(AlreadyDecided) as told:
        confirm_registration(registration, by=actor(people["city"]))
    answer = client.post(reverse("registration_confirm", args=[registration.pk]))

    assert str(told.value).startswith("county已于20")
    assert (answer.status_code, "county已于20" in answer.content.decode()) == (409, True)


def test_days_that_cannot_stand_are_refused_and_the_registration_waits(client, people, registration):
    client.force_login(people["county"])

    answer = client.post(
        reverse("registration_confirm", args=[registration.pk]), {"starts_on": "2026-05-02", "ends_on": "2026-05-01"}
    )

    registration.refresh_from_db()
    assert (answer.status_code, registration.state, Organization.objects.count()) == (400, "waiting", 0)


def test_looking_at_phone_and_mail_stands_in_the_trail(client, people, registration):
    client.force_login(people["county"])

    page = client.get(reverse("registration", args=[registration.pk])).content.decode()
    shown = client.post(reverse("registration_contact", args=[registration.pk])).content.decode()

    assert ("13812345678" in page, "13812345678" in shown, "wang@example.cn" in shown) == (False, True, True)
    assert Event.objects.get(actor=people["county"]).changes == {"contact_shown": [None, "county"]}


def test_taking_it_on_names_the_officer_once(people, registration):
    for _time in range(2):
        take_on_registration(registration, by=actor(people["county"]))

    assert Registration.objects.get().handler == people["county"]
    assert Event.objects.filter(actor=people["county"]).count() == 1


def test_the_list_is_filtered_and_asks_a_constant_number_of_queries(client, people):
    client.force_login(people["city"])
    asked = []
    for number in range(1, 5):
        make_registration(f"user{number}", "320682", number=number)
        client.get(reverse("registrations"))
        with CaptureQueriesContext(connection) as captured:
            client.get(reverse("registrations"))
        asked.append(len(captured))
    refuse_registration(Registration.objects.get(name="某1公司"), by=actor(people["city"]), reason="x")

    found = {
        address: [one.name for one in client.get(reverse("registrations") + address).context["page"]]
        for address in ("", "?state=", "?state=refused", "?q=某3", f"?q={credit_code(4)}", "?state=x&q=某2")
    }
    assert len(set(asked)) == 1
    assert found == {
        "": ["某4公司", "某3公司", "某2公司"], "?state=": ["某4公司", "某3公司", "某2公司", "某1公司"],
        "?state=refused": ["某1公司"], "?q=某3": ["某3公司"], f"?q={credit_code(4)}": ["某4公司"], "?state=x&q=某2": ["某2公司"],
    }  # fmt: skip
