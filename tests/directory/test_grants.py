"""Roles are given and taken back: by whom, for where, from when to when."""

import contextlib
from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command
from django.utils import timezone

from directory.access import grants_of, may_catalogue, paths_of
from directory.grants import GrantRefused, give_role, take_back_role
from directory.models import Grant, Organization, Region, Role, User
from records.models import Event
from records.paths import under_any
from records.trail import Actor
from tests.factories import appoint, make_user

pytestmark = pytest.mark.django_db
KEEPER = Actor(channel="command")


def region(code):
    return Region.objects.valid().get(code=code)


def as_user(user):
    return Actor(user=User.objects.get(pk=user.pk), channel="web")


def held(user):
    return [(grant.role, grant.path) for grant in User.objects.get(pk=user.pk).current_grants]


@pytest.fixture
def officer():
    return make_user("officer")


def test_a_role_is_held_and_stands_in_the_trail(officer):
    grant = give_role(officer, Role.STAFF, by=KEEPER, region=region("320682"), note="2024年任命")

    assert held(officer) == [("staff", "/320000/320600/320682/")]
    event = Event.objects.get(object_type="directory.user", object_id=officer.pk)
    assert event.changes[f"grant {grant.pk}"][1]["region"] == "如皋市 320682"
    assert event.reason == "2024年任命"


def test_a_role_taken_back_holds_no_longer_and_stays_on_record(officer):
    grant = appoint(officer, Role.STAFF, "320682")

    take_back_role(grant, by=KEEPER, reason="left")

    assert (held(officer), Grant.objects.get().revoke_reason) == ([], "left")
    assert Event.objects.filter(object_id=officer.pk).count() == 2


@pytest.mark.parametrize(
    ("starts", "ends", "holds"), [(0, None, True), (0, 0, True), (1, None, False), (-9, -1, False)]
)
def test_a_role_holds_from_its_first_to_its_last_day(officer, starts, ends, holds):
    today = timezone.localdate()
    days = {
        "starts_on": today + timedelta(days=starts),
        "ends_on": None if ends is None else today + timedelta(days=ends),
    }

    appoint(officer, Role.STAFF, "320682", **days)

    assert bool(held(officer)) is holds


def test_nobody_gives_himself_a_role_or_takes_one_from_himself():
    security = make_user("security")
    grant = appoint(security, Role.SECURITY_ADMIN)

    with pytest.raises(GrantRefused):
        give_role(security, Role.STAFF, by=as_user(security), region=region("320682"))
    with pytest.raises(GrantRefused):
        take_back_role(grant, by=as_user(security), reason="mine")
    assert held(security) == [("security_admin", "")]


@pytest.mark.parametrize("role", [Role.STAFF, Role.CATALOGUER, Role.SYSTEM_ADMIN, Role.AUDITOR])
def test_only_a_security_administrator_gives_roles(officer, role):
    giver = make_user("giver")
    appoint(giver, role, "320000" if role in (Role.STAFF, Role.CATALOGUER) else "")

    with pytest.raises(GrantRefused):
        give_role(officer, Role.STAFF, by=as_user(giver), region=region("320682"))
    assert held(officer) == []


@pytest.mark.parametrize(
    ("code", "role", "given"),
    [
        ("320682", Role.STAFF, True), ("320600", Role.CATALOGUER, True), ("320000", Role.STAFF, False),
        ("320100", Role.STAFF, False), ("", Role.EXPERT, False), ("", Role.SYSTEM_ADMIN, False),
        ("320682", Role.SECURITY_ADMIN, True), ("", Role.SECURITY_ADMIN, False),
    ],
)  # fmt: skip
def test_a_security_administrator_of_a_division_gives_roles_within_it_only(officer, code, role, given):
    giver = make_user("giver")
    appoint(giver, Role.SECURITY_ADMIN, "320600")

    with contextlib.suppress(GrantRefused):
        give_role(officer, role, by=as_user(giver), region=region(code) if code else None)

    assert bool(held(officer)) is given


@pytest.mark.parametrize(
    ("first", "second", "together"),
    [
        (Role.STAFF, Role.CATALOGUER, True), (Role.STAFF, Role.EXPERT, True), (Role.STAFF, Role.AUDITOR, False),
        (Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN, False), (Role.AUDITOR, Role.SYSTEM_ADMIN, False),
        (Role.SECURITY_ADMIN, Role.STAFF, False), (Role.CATALOGUER, Role.SYSTEM_ADMIN, False),
    ],
)  # fmt: skip
def test_administration_audit_and_business_are_kept_apart(officer, first, second, together):
    codes = {Role.STAFF: "320600", Role.CATALOGUER: "320600"}
    appoint(officer, first, codes.get(first, ""))

    with contextlib.suppress(GrantRefused):
        appoint(officer, second, codes.get(second, ""))

    assert (len(held(officer)) == 2) is together


@pytest.mark.parametrize(
    ("role", "place"),
    [(Role.STAFF, None), (Role.ENTERPRISE, "region"), (Role.EXPERT, "region"), (Role.CATALOGUER, "organization")],
)
def test_a_role_without_the_place_it_needs_is_refused(officer, role, place):
    places = {"region": region("320600"), "organization": Organization.objects.create(name="某公司")}

    with pytest.raises(ValidationError):
        give_role(officer, role, by=KEEPER, **({place: places[place]} if place else {}))
    assert held(officer) == []


def test_the_same_role_twice_for_one_place_is_refused(officer):
    appoint(officer, Role.STAFF, "320682")

    with pytest.raises(ValidationError):
        appoint(officer, Role.STAFF, "320682")


def test_a_closed_account_holds_nothing(officer):
    appoint(officer, Role.CATALOGUER, "320000")
    officer.is_active = False
    officer.save()

    closed = User.objects.get(pk=officer.pk)
    assert (grants_of(closed), may_catalogue(closed), closed.is_staff) == ([], False, False)


def test_an_account_acts_for_its_widest_division(officer):
    appoint(officer, Role.STAFF, "320682")
    appoint(officer, Role.CATALOGUER, "320600")

    assert User.objects.get(pk=officer.pk).acting == ("cataloguer", "/320000/320600/")


def test_below_is_the_subtree_of_the_tree_and_not_of_the_digits(officer):
    appoint(officer, Role.CATALOGUER, "320600")
    paths = paths_of(User.objects.get(pk=officer.pk), Role.CATALOGUER)

    found = set(Region.objects.filter(under_any(paths, "path")).values_list("pk", flat=True))

    def is_below(one):
        while one is not None:
            if one.code == "320600" and one.pk == region("320600").pk:
                return True
            one = one.parent
        return False

    assert found == {one.pk for one in Region.objects.select_related("parent__parent") if is_below(one)}
    assert not Region.objects.filter(under_any([], "path")).exists()


def test_the_first_account_of_a_server_is_appointed_on_its_command_line(capsys):
    call_command("appoint", "keeper", "security_admin", "--new")

    assert held(User.objects.get(username="keeper")) == [("security_admin", "")]
    assert "New account keeper / " in capsys.readouterr().out


@pytest.mark.parametrize(
    "arguments",
    [["absent", "staff", "--region", "320600"], ["a", "staff", "--new"], ["a", "staff", "--new", "--region", "999999"],
     ["a", "enterprise", "--new", "--organization", "没有"]],
)  # fmt: skip
def test_a_wrong_appointment_is_refused_whole(arguments):
    with pytest.raises(CommandError):
        call_command("appoint", *arguments)

    assert not User.objects.exists()


def test_there_are_no_superusers():
    with pytest.raises(NotImplementedError):
        User.objects.create_superuser("root", password="x")
