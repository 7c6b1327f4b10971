"""Two records that are one body: previewed, merged, undone with identical records; what must not be merged is refused whole."""

from datetime import date

import pytest
from django.apps import apps
from django.db import models
from django.utils import timezone

from catalog.editions import save_edition
from catalog.models import Standard
from catalog.search import matching as standards_matching
from catalog.tokens import parse_query
from directory.merging import merge_organizations, preview_merge, undo_merge
from directory.models import Organization, OrganizationMerge, OrganizationName
from directory.naming import OrganizationRefused, OrganizationStale, rename_organization, settle_names
from directory.search import matching
from directory.transferring import STAYS, relations
from records.models import Event
from records.trail import SYSTEM, Actor
from tests.factories import appoint, make_name, make_organization, make_standard, make_user

pytestmark = pytest.mark.django_db
OLD, NEW = "南通市质量技术监督局", "南通市市场监督管理局"
REFORM = date(2019, 1, 10)
# What a merge and its undoing add: the record of it and its events; words that no row points to any more.
ADDED = {"records.event", "directory.organizationmerge", "catalog.facetword"}


def dump(*, moved_on: bool = True) -> dict[str, list[dict]]:
    """Every row of every table, but for those that record the merge itself.

    An undoing gives back what rows said as newer versions: without `moved_on` versions and instants of change are left out.
    """
    left = set() if moved_on else {"version", "updated_at"}
    return {
        model._meta.label_lower: [
            {name: value for name, value in row.items() if name not in left}
            for row in model._base_manager.order_by(model._meta.pk.name).values()
        ]
        for model in apps.get_models(include_auto_created=True)
        if model._meta.label_lower not in ADDED and model._meta.managed
    }


def officer(code: str, role: str = "staff") -> Actor:
    user = make_user(f"{role}-{code}")
    appoint(user, role, code)
    return Actor(user=user, channel="web")


def read(*organizations: Organization) -> list[Organization]:
    return [Organization.objects.get(pk=one.pk) for one in organizations]


@pytest.fixture
def bureaus():
    """The bureau of before and of after the reform, each with what hangs on it."""
    make_standard("GB/T 1-2010", "茶叶", department=OLD)
    make_standard("GB/T 2-2020", "茶具", department=NEW)
    old, new = Organization.objects.get(name=OLD), Organization.objects.get(name=NEW)
    for one in (old, new):
        one.region = make_organization(f"{one.name}下属").region
        one.save()
        settle_names([one])
    Organization.objects.filter(pk=old.pk).update(address="南通市某路1号", contact_phone="0513-1")
    make_name(old, "市质监局", kind="short")
    make_name(old, "南通市标准计量局", valid_to=date(2000, 1, 1))
    merged_before = make_organization("更早并入的机构")
    Organization.objects.filter(pk=merged_before.pk).update(merged_into=old)
    return read(old, new)


def test_the_preview_counts_what_would_move_and_writes_nothing(bureaus):
    before = dump()

    preview = preview_merge(*bureaus, by=SYSTEM)

    assert dump() == before
    assert {(table.title, table.moving) for table in preview.tables} == {
        (str(Standard._meta.verbose_name_plural), 1),
        (str(OrganizationName._meta.verbose_name_plural), 3),
        (str(Organization._meta.verbose_name_plural), 1),
    }
    assert preview.count == 5
    assert [said for _label, said in preview.taken_over] == ["南通市某路1号", "0513-1"]


def test_a_merge_moves_everything_and_leaves_the_source_leading_to_the_target(bureaus):
    old, new = bureaus

    merge_organizations(old, new, by=SYSTEM, reason="同一机构")

    old, new = read(old, new)
    assert (old.merged_into, new.address, new.contact_phone) == (new, "南通市某路1号", "0513-1")
    assert list(Standard.objects.filter(department=new).order_by("number").values_list("number", "version")) == [
        ("GB/T 1-2010", 2),
        ("GB/T 2-2020", 1),
    ]
    assert not Standard.objects.filter(department=old).exists()
    assert set(new.absorbed.values_list("name", flat=True)) == {OLD, "更早并入的机构"}


def test_the_names_of_the_merged_body_become_former_names_with_their_validity(bureaus):
    old, new = bureaus

    merge_organizations(old, new, by=SYSTEM, reason="机构改革", on=REFORM)

    assert set(new.names.values_list("name", "kind", "valid_from", "valid_to")) == {
        (NEW, "legal", None, None),
        (OLD, "former", None, REFORM),
        ("市质监局", "short", None, REFORM),
        ("南通市标准计量局", "former", None, date(2000, 1, 1)),
    }
    assert list(matching(Organization.objects.all(), "标准计量")) == [new]
    assert Organization.objects.get(pk=old.pk).dissolved_on == REFORM


def test_of_two_bodies_that_became_one_the_facts_stay_apart(bureaus):
    old, new = bureaus

    merge_organizations(old, new, by=SYSTEM, reason="机构改革", on=REFORM)

    assert read(new)[0].address == ""


def test_every_moved_object_has_one_event(bureaus):
    old, new = bureaus
    standard, short = Standard.objects.get(number="GB/T 1-2010"), OrganizationName.objects.get(name="市质监局")
    before = Event.objects.count()

    merge_organizations(old, new, by=SYSTEM, reason="机构改革", document="苏发〔2019〕1号", on=REFORM)

    told = Event.objects.order_by("pk")[before:]
    assert {event.document for event in told} == {"苏发〔2019〕1号"}
    assert sorted(event.object_label for event in told) == sorted(
        ["GB/T 1-2010", OLD, "市质监局", "南通市标准计量局", "更早并入的机构", OLD, NEW]
    )
    assert Event.objects.about(standard).first().changes == {"department_id": [old.pk, new.pk]}
    assert Event.objects.about(short).first().changes == {
        "organization_id": [old.pk, new.pk],
        "valid_to": [None, "2019-01-10"],
    }


def test_the_body_into_which_another_was_merged_tells_of_it_and_of_the_undoing(bureaus):
    old, new = bureaus

    undo_merge(merge_organizations(old, new, by=SYSTEM, reason="机构改革", on=REFORM), by=SYSTEM, reason="看错了")

    told = Event.objects.about(new).filter(action="updated").order_by("pk")
    assert [event.changes for event in told] == [
        {"merged": [None, f"#{old.pk} {OLD}"]},
        {"merged": [f"#{old.pk} {OLD}", None]},
    ]


def test_neither_a_merge_nor_its_undoing_writes_a_contact_into_the_trail(bureaus):
    old, new = bureaus
    Organization.objects.filter(pk=old.pk).update(contact_person="王某某")
    before = Event.objects.count()

    merge = merge_organizations(*read(old, new), by=SYSTEM, reason="同一机构")
    undo_merge(merge, by=SYSTEM, reason="看错了")

    told = list(Event.objects.order_by("pk")[before:])
    assert [event.object_id for event in told if "王某某" in str(event.changes) or "0513" in str(event.changes)] == []
    for changes in (event.changes for event in told if "contact_phone" in event.changes):
        assert (changes["contact_person"], changes["contact_phone"]) == (["…", "…"], ["…", "…"])
    assert [event.object_id for event in told if "contact_phone" in event.changes] == [new.pk, new.pk]


def test_the_standards_of_a_merged_department_are_found_under_the_other(bureaus):
    merge_organizations(*bureaus, by=SYSTEM, reason="同一机构")

    found = standards_matching(Standard.objects.order_by("number"), parse_query("市场监督管理局"))
    assert [standard.number for standard in found] == ["GB/T 1-2010", "GB/T 2-2020"]


@pytest.mark.parametrize("on", [None, REFORM])
def test_undoing_leaves_every_record_as_it_was(bureaus, on):
    before = dump(moved_on=False)
    found = matching(Organization.objects.order_by("pk"), "监督").values_list("pk", flat=True)
    indexed = list(found.all())
    merge = merge_organizations(*bureaus, by=SYSTEM, reason="同一机构", on=on)
    assert dump(moved_on=False) != before

    left = undo_merge(merge, by=SYSTEM, reason="看错了")

    assert left == []
    assert dump(moved_on=False) == before
    assert list(found.all()) == indexed


def test_versions_go_on_when_a_merge_is_undone(bureaus):
    old, new = bureaus
    standard, name = Standard.objects.get(number="GB/T 1-2010"), OrganizationName.objects.get(name="市质监局")
    merge = merge_organizations(old, new, by=SYSTEM, reason="同一机构")
    moved_at = Standard.objects.get(pk=standard.pk).updated_at

    undo_merge(merge, by=SYSTEM, reason="看错了")

    back = Standard.objects.get(pk=standard.pk)
    assert (back.department, back.version, back.updated_at > moved_at) == (old, standard.version + 2, True)
    assert OrganizationName.objects.get(pk=name.pk).version == name.version + 2
    assert [one.version for one in read(old, new)] == [old.version + 2, new.version + 2]


def test_undoing_is_told_of_each_object_and_of_the_merge(bureaus):
    merge = merge_organizations(*bureaus, by=SYSTEM, reason="同一机构")
    before = Event.objects.count()

    undo_merge(merge, by=SYSTEM, reason="看错了")

    merge.refresh_from_db()
    assert (merge.undo_reason, merge.undone_at is not None) == ("看错了", True)
    assert [event.reason for event in Event.objects.order_by("pk")[before:]] == ["看错了"] * 7
    with pytest.raises(OrganizationRefused):
        undo_merge(merge, by=SYSTEM, reason="再来一次")


def test_what_was_touched_since_is_left_and_named_with_the_reason(bureaus):
    old, new = bureaus
    merge = merge_organizations(old, new, by=SYSTEM, reason="同一机构")
    clerk = Actor(user=make_user("clerk"), channel="web")
    save_edition(Standard.objects.get(number="GB/T 1-2010"), {"title": "红茶"}, by=clerk)

    left = undo_merge(merge, by=SYSTEM, reason="看错了")

    assert [(one.table, one.label, "clerk" in one.why) for one in left] == [("catalog.standard", "GB/T 1-2010", True)]
    assert list(Standard.objects.filter(department=new).order_by("number").values_list("title", flat=True)) == [
        "红茶",
        "茶具",
    ]
    assert read(old)[0].merged_into is None
    assert set(old.names.values_list("name", flat=True)) == {OLD, "市质监局", "南通市标准计量局"}


def test_a_target_that_was_amended_since_keeps_its_amendment(bureaus):
    old, new = bureaus
    merge = merge_organizations(old, new, by=SYSTEM, reason="同一机构")
    Organization.objects.filter(pk=new.pk).update(address="南通市新址", version=7)

    undo_merge(merge, by=SYSTEM, reason="看错了")

    new.refresh_from_db()
    assert (new.address, new.contact_phone, new.version) == ("南通市新址", "", 8)


def test_an_undoing_waits_for_the_merge_that_followed(bureaus):
    old, new = bureaus
    third = make_organization("第三机构")
    merge = merge_organizations(old, new, by=SYSTEM, reason="同一机构")
    second = merge_organizations(*read(new, third), by=SYSTEM, reason="又一次")

    with pytest.raises(OrganizationRefused):
        undo_merge(merge, by=SYSTEM, reason="看错了")

    undo_merge(second, by=SYSTEM, reason="看错了")
    assert undo_merge(merge, by=SYSTEM, reason="看错了") == []


def test_names_that_both_have_stay_where_they_are(bureaus):
    old, new = bureaus
    make_name(old, NEW, kind="former")

    preview = preview_merge(old, new, by=SYSTEM)
    merge_organizations(old, new, by=SYSTEM, reason="同一机构")

    names = next(one for one in preview.tables if one.title == str(OrganizationName._meta.verbose_name_plural))
    assert [label for label, _why in names.staying] == [NEW]
    assert list(old.names.values_list("name", flat=True)) == [NEW]


def case(name: str):
    return {
        "itself": lambda old, new: (old, old),
        "voided": lambda old, new: (voided(old), new),
        "into a voided one": lambda old, new: (old, voided(new)),
        "merged already": lambda old, new: (merged(old), new),
        "a cycle": lambda old, new: (new, merged(old, new)),
    }[name]


def voided(one: Organization) -> Organization:
    Organization.objects.filter(pk=one.pk).update(voided_at=timezone.now())
    return read(one)[0]


def merged(one: Organization, into: Organization | None = None) -> Organization:
    Organization.objects.filter(pk=one.pk).update(merged_into=into or make_organization("别处"))
    return read(one)[0]


@pytest.mark.parametrize("name", ["itself", "voided", "into a voided one", "merged already", "a cycle"])
def test_what_cannot_be_merged_is_refused_whole(bureaus, name):
    source, target = case(name)(*bureaus)
    before = dump()

    for act in (preview_merge, lambda *ends, by: merge_organizations(*ends, by=by, reason="试")):
        with pytest.raises(OrganizationRefused):
            act(source, target, by=SYSTEM)

    assert dump() == before


@pytest.mark.parametrize(
    ("code", "role", "allowed"),
    [
        ("320600", "staff", True),
        ("320000", "staff", True),
        ("320682", "staff", False),
        ("321200", "staff", False),
        ("320600", "cataloguer", False),
        ("330000", "staff", False),
    ],
)
def test_cities_and_provinces_merge_within_their_own_division(bureaus, code, role, allowed):
    by, before = officer(code, role), dump()

    if allowed:
        merge_organizations(*bureaus, by=by, reason="同一机构")
        assert OrganizationMerge.objects.get().by == by.user
    else:
        with pytest.raises(OrganizationRefused):
            merge_organizations(*bureaus, by=by, reason="同一机构")
        assert dump() == before


@pytest.mark.parametrize(("code", "allowed"), [("110101", False), ("110000", True)])
def test_a_district_of_a_city_that_is_a_province_does_not_merge(code, allowed):
    ends = [make_organization(name, "110101") for name in ("甲机构", "乙机构")]
    by = officer(code)

    assert set(Organization.objects.mergeable_by(by.user)) == (set(ends) if allowed else set())
    if not allowed:
        with pytest.raises(OrganizationRefused):
            merge_organizations(*ends, by=by, reason="同一机构")


@pytest.mark.parametrize("foreign", [0, 1])
def test_either_end_beyond_ones_division_refuses_the_merge_whole(bureaus, foreign):
    other = make_organization("泰州某机构", "321200")
    ends = [bureaus[0], other] if foreign else [other, bureaus[0]]
    by, before = officer("320600"), dump()

    with pytest.raises(OrganizationRefused, match="泰州某机构"):
        merge_organizations(*ends, by=by, reason="同一机构")

    assert dump() == before


def test_undoing_asks_for_the_same_reach(bureaus):
    merge = merge_organizations(*bureaus, by=SYSTEM, reason="同一机构")
    by, before = officer("321200"), dump()

    with pytest.raises(OrganizationRefused):
        undo_merge(merge, by=by, reason="看错了")

    assert dump() == before


def test_whoever_changed_one_end_since_it_was_read_is_not_overrun(bureaus):
    old, new = bureaus
    rename_organization(old, "又一名称", on=REFORM, by=SYSTEM)

    with pytest.raises(OrganizationStale):
        merge_organizations(old, new, by=SYSTEM, reason="同一机构")

    assert OrganizationMerge.objects.count() == 0


def test_every_table_that_points_to_an_organization_moves_or_says_why_not():
    """A table added later must decide: it moves by itself, or is named among those that stay."""
    pointing = {
        model._meta.label_lower
        for model in apps.get_models(include_auto_created=True)
        if any(isinstance(one, models.ForeignKey) and one.related_model is Organization for one in model._meta.fields)
    }
    moving = {model._meta.label_lower for model, _key in relations()}
    staying = {model._meta.label_lower for model in STAYS}

    assert (moving | staying, moving & staying) == (pointing, set())
    assert moving >= {"directory.organization", "directory.organizationname", "catalog.standard"}
