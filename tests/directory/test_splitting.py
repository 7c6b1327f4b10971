"""A record that was two bodies: chosen names and records move, are previewed, and moved back."""

import pytest

from catalog.models import Standard
from directory.models import Organization, OrganizationMerge, OrganizationName
from directory.naming import OrganizationRefused, OrganizationStale, settle_names
from directory.search import matching
from directory.splitting import NewOrganization, choices_of, preview_split, split_organization, undo_split
from records.models import Event
from records.trail import SYSTEM
from tests.directory.test_merging import dump, officer
from tests.factories import make_name, make_organization, make_standard

pytestmark = pytest.mark.django_db
NEW = NewOrganization("某某研究所", "institute")


@pytest.fixture
def mixed():
    """One record under which two bodies were kept."""
    make_standard("GB/T 1-2010", "茶叶", department="某某局")
    make_standard("GB/T 2-2020", "茶具", department="某某局")
    body = Organization.objects.get(name="某某局")
    settle_names([body])
    make_name(body, "某某研究所（筹）")
    return body


def chosen() -> dict[str, set[int]]:
    standard, name = Standard.objects.get(number="GB/T 2-2020"), OrganizationName.objects.get(kind="former")
    return {"catalog.standard": {standard.pk}, "directory.organizationname": {name.pk}}


def test_everything_but_the_legal_name_of_today_can_be_chosen(mixed):
    found = {one.rows[0][0].partition(":")[0]: [label for _value, label in one.rows] for one in choices_of(mixed)}

    assert found == {
        "catalog.standard": ["GB/T 1-2010", "GB/T 2-2020"],
        "directory.organizationname": ["某某研究所（筹）"],
    }


def test_the_preview_counts_what_would_move_and_writes_nothing(mixed):
    before = dump()

    preview = preview_split(mixed, None, chosen=chosen(), by=SYSTEM, new=NEW)

    assert dump() == before
    assert sorted(label for table in preview.tables for label in table.labels) == ["GB/T 2-2020", "某某研究所（筹）"]


def test_a_split_moves_what_was_chosen_to_a_body_that_it_makes(mixed):
    split = split_organization(mixed, None, chosen=chosen(), by=SYSTEM, reason="两个机构", new=NEW)

    made = split.target
    assert (made.name, made.kind, made.region, split.made_target) == ("某某研究所", "institute", None, True)
    assert list(made.standards.values_list("number", flat=True)) == ["GB/T 2-2020"]
    assert list(mixed.standards.values_list("number", flat=True)) == ["GB/T 1-2010"]
    assert set(made.names.values_list("name", "kind")) == {("某某研究所", "legal"), ("某某研究所（筹）", "former")}
    assert list(matching(Organization.objects.all(), "研究所")) == [made]


def test_each_moved_object_and_both_bodies_have_an_event(mixed):
    before = Event.objects.count()

    split = split_organization(mixed, None, chosen=chosen(), by=SYSTEM, reason="两个机构", new=NEW)

    told = Event.objects.order_by("pk")[before:]
    assert {event.reason for event in told} == {"两个机构"}
    assert [(event.action, event.object_label) for event in told] == [
        ("created", "某某研究所"),
        ("updated", "GB/T 2-2020"),
        ("updated", "某某研究所（筹）"),
        ("updated", "某某局"),
        ("updated", "某某研究所"),
    ]
    assert split.target.name in told[3].changes["moved to"][1]


def test_undoing_a_split_leaves_every_record_as_it_was_and_voids_what_it_made(mixed):
    before = dump(moved_on=False)
    split = split_organization(mixed, None, chosen=chosen(), by=SYSTEM, reason="两个机构", new=NEW)

    assert undo_split(split, by=SYSTEM, reason="看错了") == []

    made = split.target_id
    assert Organization.objects.get(pk=made).voided_at is not None
    assert matching(Organization.objects.all(), "研究所").get() == mixed
    after = dump(moved_on=False)
    for table, column in (("directory.organization", "id"), ("directory.organizationname", "organization_id")):
        after[table] = [row for row in after[table] if row[column] != made]
    assert after == before


def test_a_split_to_a_body_on_record_is_undone_alike(mixed):
    other, before = make_organization("某某研究所", ""), dump(moved_on=False)
    split = split_organization(mixed, other, chosen=chosen(), by=SYSTEM, reason="两个机构")
    assert list(other.standards.values_list("number", flat=True)) == ["GB/T 2-2020"]

    undo_split(split, by=SYSTEM, reason="看错了")

    assert dump(moved_on=False) == before


def test_a_body_that_was_given_more_since_is_not_taken_away(mixed):
    split = split_organization(mixed, None, chosen=chosen(), by=SYSTEM, reason="两个机构", new=NEW)
    Standard.objects.filter(number="GB/T 1-2010").update(department=split.target)
    before = dump()

    with pytest.raises(OrganizationRefused, match="1"):
        undo_split(split, by=SYSTEM, reason="看错了")

    assert dump() == before


@pytest.mark.parametrize("case", ["nothing chosen", "the legal name", "gone", "no name", "itself", "department's name"])
def test_what_cannot_be_split_is_refused_whole(mixed, case):
    make_organization("占用", kind="department")
    legal = OrganizationName.objects.get(organization=mixed, kind="legal")
    target, picked, new = {
        "nothing chosen": (None, {"catalog.standard": set()}, NEW),
        "the legal name": (None, {"directory.organizationname": {legal.pk}}, NEW),
        "gone": (None, {"catalog.standard": {10**9}}, NEW),
        "no name": (None, chosen(), NewOrganization(" ", "other")),
        "itself": (mixed, chosen(), None),
        "department's name": (None, chosen(), NewOrganization("占用", "department")),
    }[case]
    before = dump()

    with pytest.raises(OrganizationRefused):
        split_organization(mixed, target, chosen=picked, by=SYSTEM, reason="试", new=new)

    assert (dump(), OrganizationMerge.objects.count()) == (before, 0)


@pytest.mark.parametrize("code", ["320682", "321200"])
def test_only_a_city_or_province_of_the_division_splits(mixed, code):
    body = make_organization("南通某机构", "320600")
    make_name(body, "旧称")
    picked, by, before = (
        {"directory.organizationname": {OrganizationName.objects.get(name="旧称").pk}},
        officer(code),
        dump(),
    )

    for new, target in ((NEW, None), (None, make_organization("别的机构", code))):
        before = dump()
        with pytest.raises(OrganizationRefused):
            split_organization(body, target, chosen=picked, by=by, reason="试", new=new)
        assert dump() == before


def test_whoever_changed_the_body_since_it_was_read_is_not_overrun(mixed):
    Organization.objects.filter(pk=mixed.pk).update(version=9)

    with pytest.raises(OrganizationStale):
        split_organization(mixed, None, chosen=chosen(), by=SYSTEM, reason="试", new=NEW)
