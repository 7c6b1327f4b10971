"""A body's names: one legal name at a time, the name of each day, a renaming as one act."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from catalog.models import Standard
from catalog.search import matching as standards_matching
from catalog.tokens import parse_query
from directory.models import Organization, OrganizationName
from directory.naming import OrganizationRefused, OrganizationStale, rename_organization, settle_names
from directory.search import matching
from records.models import Event
from records.trail import SYSTEM
from tests.factories import make_name, make_organization, make_standard

pytestmark = pytest.mark.django_db
REFORM = date(2019, 1, 10)
OLD, NEW = "南通市质量技术监督局", "南通市市场监督管理局"


def names(organization: Organization) -> list[tuple]:
    rows = organization.names.order_by("pk")
    return list(rows.values_list("name", "kind", "valid_from", "valid_to"))


def test_a_renaming_closes_one_legal_name_and_opens_the_next():
    bureau = make_organization(OLD, kind="department")

    rename_organization(bureau, f" {NEW} ", on=REFORM, by=SYSTEM, document="苏发〔2019〕1号")

    bureau.refresh_from_db()
    assert (bureau.name, bureau.version) == (NEW, 2)
    assert names(bureau) == [(OLD, "legal", None, REFORM), (NEW, "legal", REFORM, None)]


def test_a_renaming_leaves_one_event():
    bureau = make_organization(OLD)

    rename_organization(bureau, NEW, on=REFORM, by=SYSTEM, document="苏发〔2019〕1号", reason="机构改革")

    event = Event.objects.about(bureau).get()
    assert (event.action, event.reason, event.document) == ("updated", "机构改革", "苏发〔2019〕1号")
    assert event.changes == {"name": [OLD, NEW], "valid_from": [None, "2019-01-10"]}


@pytest.mark.parametrize(
    ("name", "on"),
    [
        ("", REFORM),
        (OLD, REFORM),
        (NEW, timezone.localdate() + timedelta(days=1)),
        ("另一部门", REFORM),
    ],
)
def test_what_is_no_renaming_is_refused(name, on):
    make_organization("另一部门", kind="department")
    bureau = make_organization(OLD, kind="department")

    with pytest.raises(OrganizationRefused):
        rename_organization(bureau, name, on=on, by=SYSTEM)

    assert names(bureau) == [(OLD, "legal", None, None)]
    assert Event.objects.count() == 0


def test_a_name_cannot_begin_before_the_one_it_follows():
    bureau = make_organization(OLD)
    bureau = rename_organization(bureau, NEW, on=REFORM, by=SYSTEM)

    with pytest.raises(OrganizationRefused, match="2019-01-10"):
        rename_organization(bureau, "又一名称", on=REFORM, by=SYSTEM)


def test_of_two_who_read_the_same_body_the_second_is_told():
    bureau = make_organization(OLD)
    read = Organization.objects.get(pk=bureau.pk)
    rename_organization(bureau, NEW, on=REFORM, by=SYSTEM)

    with pytest.raises(OrganizationStale):
        rename_organization(read, "又一名称", on=REFORM, by=SYSTEM)


def test_the_name_of_each_day():
    bureau = make_organization(OLD)
    bureau = rename_organization(bureau, NEW, on=REFORM, by=SYSTEM)
    make_name(bureau, "市监局", kind="short")

    assert [bureau.name_on(day) for day in (date(2010, 1, 1), REFORM - timedelta(days=1), REFORM, date(2026, 1, 1))] == [
        OLD, OLD, NEW, NEW
    ]  # fmt: skip
    assert bureau.shown_on(date(2010, 1, 1)) == f"{NEW}（时名：{OLD}）"
    assert bureau.shown_on(REFORM) == NEW


def test_a_former_name_of_known_days_tells_more_than_a_legal_one_of_unknown_beginning():
    bureau = make_organization(NEW)
    make_name(bureau, OLD, valid_from=date(2000, 1, 1), valid_to=REFORM)

    assert [bureau.name_on(day) for day in (date(1999, 1, 1), date(2010, 1, 1), REFORM)] == [NEW, OLD, NEW]


def test_of_several_former_names_of_one_day_none_speaks_for_the_whole():
    bureau = make_organization(NEW)
    for name in (OLD, "南通市工商行政管理局"):
        make_name(bureau, name, valid_from=date(2000, 1, 1), valid_to=REFORM)

    assert bureau.name_on(date(2010, 1, 1)) == NEW


def test_a_renamed_body_is_found_by_either_name_and_so_are_the_standards_it_answers_for():
    standard = make_standard("GB/T 1-2020", "茶叶", department=OLD)
    bureau = Organization.objects.get(name=OLD)

    rename_organization(bureau, NEW, on=REFORM, by=SYSTEM)

    found = {word: list(matching(Organization.objects.all(), word)) for word in ("技术监督", "市场", "nts", "浙江")}
    assert found == {"技术监督": [bureau], "市场": [bureau], "nts": [bureau], "浙江": []}
    assert list(standards_matching(Standard.objects.all(), parse_query("市场监督"))) == [standard]


def test_a_corrected_spelling_is_no_renaming():
    body = make_organization("某某有限公词")

    body.name = "某某有限公司"
    body.save()
    settle_names([body])

    assert names(body) == [("某某有限公司", "legal", None, None)]
    assert list(matching(Organization.objects.all(), "公司")) == [body]


def test_a_body_has_one_legal_name_at_a_time():
    body = make_organization()

    with pytest.raises(IntegrityError), transaction.atomic():
        OrganizationName.objects.create(organization=body, name="别名", kind="legal")
