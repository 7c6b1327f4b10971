"""Which organizations are proposed as one, why, and that those told apart are not proposed again."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from stdnum.cn import uscc

from directory.duplicates import Reason, named, proposals, tell_apart
from directory.models import DifferentOrganizations, Organization
from directory.naming import OrganizationRefused
from records.models import Event
from records.trail import SYSTEM
from tests.directory.test_merging import officer
from tests.factories import make_name, make_organization

pytestmark = pytest.mark.django_db


def pairs(among=None, **asked) -> list[tuple[str, str, Reason]]:
    found, count = proposals(Organization.objects.all() if among is None else among, **asked)
    shown = [(first.name, second.name, reason) for first, second, reason in named(found)]
    assert count == len(shown) or "limit" in asked
    return shown


def code(beginning: str) -> str:
    return beginning + uscc.calc_check_digit(beginning)


def test_each_pair_is_proposed_once_with_its_strongest_reason():
    make_organization("某某（江苏）有限公司", credit_code=code("91320600MA0000029"))
    make_organization("某某(江苏)有限公司")
    make_organization("某某江苏股份有限公司")
    make_organization("换了登记机关的名称", credit_code=code("92320000MA0000029"))
    make_organization("毫不相干的机构")

    assert pairs() == [
        ("某某（江苏）有限公司", "换了登记机关的名称", Reason.BODY_CODE),
        ("某某（江苏）有限公司", "某某(江苏)有限公司", Reason.NAME),
        ("某某（江苏）有限公司", "某某江苏股份有限公司", Reason.SIMILAR),
        ("某某(江苏)有限公司", "某某江苏股份有限公司", Reason.SIMILAR),
    ]
    assert pairs(reason=Reason.NAME) == [("某某（江苏）有限公司", "某某(江苏)有限公司", Reason.NAME)]


def test_former_names_count_and_short_ones_do_not():
    one, other = make_organization("甲机构"), make_organization("乙机构")
    make_name(one, "同一旧称")
    make_name(other, "同一旧称")
    for body in (one, make_organization("丙机构")):
        make_name(body, "市监局", kind="short")

    assert pairs() == [("甲机构", "乙机构", Reason.NAME)]


@pytest.mark.parametrize("change", [{"voided_at": timezone.now()}, {"merged_into": True}])
def test_what_does_not_stand_is_not_proposed(change):
    make_organization("某某公司")
    other = make_organization("某某公司")
    if "merged_into" in change:
        change = {"merged_into": make_organization("别处")}
    Organization.objects.filter(pk=other.pk).update(**change)

    assert pairs() == []


def test_only_pairs_within_what_is_asked_for():
    for place in ("320682", "320600", "321200"):
        make_organization(f"某某公司{'' if place != '321200' else '。'}", place)
    staff = officer("320600").user

    assert len(pairs()) == 3
    assert pairs(Organization.objects.editable_by(staff)) == [("某某公司", "某某公司", Reason.NAME)]


def test_the_whole_is_counted_whatever_the_page():
    for _number in range(4):
        make_organization("某某公司")

    with CaptureQueriesContext(connection) as queries:
        found, count = proposals(Organization.objects.all(), limit=2, offset=4)

    assert ([(one.first < one.second) for one in found], count, len(queries)) == ([True, True], 6, 1)


def test_two_that_were_told_apart_are_not_proposed_again():
    one, other, third = (make_organization("中心小学") for _number in range(3))

    tell_apart(other, one, by=SYSTEM, reason="两所学校")

    found, count = proposals(Organization.objects.all())
    assert ([(each.first, each.second) for each in found], count) == ([(one.pk, third.pk), (other.pk, third.pk)], 2)


def test_telling_apart_leaves_an_event():
    one, other = make_organization("中心小学"), make_organization("中心小学")
    by = officer("320600")

    apart = tell_apart(one, other, by=by, reason="两所学校")

    event = Event.objects.about(apart).get()
    assert (event.action, event.reason, event.actor) == ("created", "两所学校", by.user)
    assert (apart.first, apart.second, apart.by) == (one, other, by.user)


def test_what_cannot_be_told_apart_is_refused():
    one, other, far = make_organization("甲"), make_organization("乙"), make_organization("丙", "321200")
    by = officer("320600")
    tell_apart(one, other, by=by, reason="两个")

    for first, second in ((one, one), (other, one), (one, far)):
        with pytest.raises(OrganizationRefused):
            tell_apart(first, second, by=by, reason="两个")

    assert DifferentOrganizations.objects.count() == 1
