"""Printed names that wait for a person, and what saying whom they mean does, now and for the next file."""

import pytest

from catalog.contributing import ContributionRefused
from catalog.models import Contribution
from catalog.printed_names import say_who, waiting_keys, with_candidates
from directory.models import Organization, OrganizationName, Role
from directory.resolving import resolve_names
from records.importing import apply_batch, preview_file
from records.models import Event
from records.source_facts import import_facts
from records.trail import SYSTEM, Actor
from tests.catalog.ledger import enter
from tests.factories import appoint, make_organization, make_standard, make_user

pytestmark = pytest.mark.django_db


def everything():
    return Contribution.objects.all()


@pytest.fixture
def ledger():
    """甲厂 on two standards in two spellings, 乙所 on one; 丙 is known."""
    known = make_organization("丙公司")
    enter(make_standard("GB/T 1-2020"), "甲（集团）厂", known)
    enter(make_standard("GB/T 2-2020"), "乙所", "甲(集团)厂")
    return known


def meant() -> list[tuple]:
    return list(Contribution.objects.order_by("pk").values_list("printed_name", "organization__name"))


def test_names_wait_those_on_most_standards_first(ledger):
    rows = list(waiting_keys(everything()))

    assert [(row["name_key"], row["standards"]) for row in rows] == [("甲(集团)厂", 2), ("乙所", 1)]
    assert rows[0]["name"] in ("甲（集团）厂", "甲(集团)厂")


def test_candidates_come_with_their_reasons(ledger):
    make_organization("乙所", "320100")
    make_organization("乙所", "320500")
    make_organization("甲集团厂")

    waiting = {one.key: one for one in with_candidates(list(waiting_keys(everything())))}

    assert [one.reason for one in waiting["乙所"].candidates] == ["is called so", "is called so"]
    assert [(one.text, one.reason) for one in waiting["甲(集团)厂"].candidates] == [
        ("甲集团厂（南通市）", "is called alike")
    ]
    assert (waiting["乙所"].organization, waiting["甲(集团)厂"].organization) == (None, None)


def test_a_name_that_exactly_one_bears_by_now_is_offered_not_taken(ledger):
    organization = make_organization("乙所")

    waiting = {one.key: one for one in with_candidates(list(waiting_keys(everything())))}

    assert waiting["乙所"].organization.pk == organization.pk
    assert ("乙所", None) in meant()


def test_saying_whom_a_name_means_holds_for_all_its_spellings(ledger):
    organization = make_organization("甲实业集团有限公司")

    assert say_who("甲(集团)厂", organization, contributions=everything(), by=SYSTEM, reason="查营业执照") == 2

    assert meant() == [
        ("甲（集团）厂", "甲实业集团有限公司"),
        ("丙公司", "丙公司"),
        ("乙所", None),
        ("甲(集团)厂", "甲实业集团有限公司"),
    ]
    changes = Event.objects.filter(object_type="catalog.contribution", action="updated", reason="查营业执照")
    assert [event.changes for event in changes] == [{"organization": [None, organization.pk]}] * 2


def test_the_name_is_remembered_with_the_organization(ledger, tmp_path):
    organization = make_organization("甲实业集团有限公司")
    say_who("甲(集团)厂", organization, contributions=everything(), by=SYSTEM)
    path = tmp_path / "list.csv"
    path.write_text("标准编号,起草单位\nGB/T 3-2020,甲（集团）厂\n", encoding="utf-8")
    third = make_standard("GB/T 3-2020")

    apply_batch(preview_file(path, kind="contributions", facts=import_facts(path), by=SYSTEM), by=SYSTEM)

    assert Contribution.objects.get(standard=third).organization == organization
    name = OrganizationName.objects.get(organization=organization, kind="short")
    assert Event.objects.filter(object_type="directory.organizationname", object_id=name.pk).count() == 1
    assert resolve_names(["甲（集团）厂"])["甲（集团）厂"].organization == organization.pk


def test_a_name_it_bears_already_is_not_put_on_record_again(ledger):
    organization = make_organization("乙所")

    say_who("乙所", organization, contributions=everything(), by=SYSTEM)

    assert OrganizationName.objects.filter(organization=organization).count() == 1


def test_a_decision_for_this_time_only_is_not_remembered(ledger):
    organization = make_organization("甲实业集团有限公司")

    say_who("乙所", organization, contributions=everything(), by=SYSTEM, remember=False)

    assert OrganizationName.objects.filter(organization=organization).count() == 1


def test_who_comes_second_is_told(ledger):
    first, second = make_organization("一"), make_organization("二")
    say_who("乙所", first, contributions=everything(), by=SYSTEM)

    with pytest.raises(ContributionRefused):
        say_who("乙所", second, contributions=everything(), by=SYSTEM)

    assert ("乙所", "一") in meant()


def test_an_organization_that_does_not_stand_is_refused(ledger):
    organization = make_organization("一")
    Organization.objects.filter(pk=organization.pk).update(voided_at="2026-01-01T00:00Z")

    with pytest.raises(ContributionRefused):
        say_who("乙所", organization, contributions=everything(), by=SYSTEM)

    assert ("乙所", None) in meant()


def test_only_what_the_actor_may_change_is_said(ledger):
    user = make_user("staff")
    appoint(user, Role.STAFF, "320600")
    by = Actor(user=type(user).objects.get(pk=user.pk))

    with pytest.raises(ContributionRefused):
        say_who("乙所", ledger, contributions=Contribution.objects.editable_by(by.user), by=by)


@pytest.mark.parametrize(("code", "remembered"), [("320600", True), ("320500", False)])
def test_staff_remember_a_name_of_the_organizations_they_keep_only(ledger, code, remembered):
    user = make_user("staff")
    appoint(user, Role.STAFF, code)
    by = Actor(user=type(user).objects.get(pk=user.pk))

    count = say_who("乙所", ledger, contributions=everything(), by=by)

    assert (count, OrganizationName.objects.filter(organization=ledger, name="乙所").exists()) == (1, remembered)
    assert Event.objects.filter(object_type="directory.organizationname", actor=by.user).count() == remembered
