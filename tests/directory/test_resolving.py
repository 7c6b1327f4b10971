"""Printed names to organizations: certain, unknown, or several for a person to choose from; never a guess."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from directory.models import Organization
from directory.naming import rename_organization
from directory.resolving import NOW, ONCE, SIMILAR, THEN, Candidate, Resolution, resolve_names
from records.trail import SYSTEM
from tests.factories import make_name, make_organization

pytestmark = pytest.mark.django_db
REFORM = date(2019, 1, 10)
CODE_OF = "91350100M000100Y43"


def test_a_name_that_one_body_bears_is_that_body_however_it_is_printed():
    body = make_organization("某某（江苏）有限公司")
    make_name(body, "某某江苏", kind="short")

    printed = ["某某(江苏)有限公司", "某某 （江苏）有限公司。", "某某【江苏】有限公司", "某某江苏"]

    assert resolve_names(printed) == {name: Resolution(body.pk) for name in printed}


def test_a_credit_code_is_its_body():
    body = make_organization("某某有限公司", credit_code=CODE_OF)

    assert resolve_names([CODE_OF, "91350100-M000100Y43", "91350100M000100Y44"]) == {
        CODE_OF: Resolution(body.pk),
        "91350100-M000100Y43": Resolution(body.pk),
        "91350100M000100Y44": Resolution(),
    }


def test_a_name_that_nobody_bears_is_unknown():
    make_organization("某某有限公司")

    assert resolve_names(["另一有限公司", "", "。"]) == {name: Resolution() for name in ("另一有限公司", "", "。")}


def test_a_former_name_is_the_body_that_bore_it():
    bureau = rename_organization(make_organization("南通市质监局"), "南通市市监局", on=REFORM, by=SYSTEM)

    found = resolve_names(["南通市质监局"])

    assert found["南通市质监局"].organization == bureau.pk


def test_the_name_of_the_day_comes_before_that_of_other_days():
    renamed = rename_organization(make_organization("南通学院"), "南通大学", on=date(2004, 3, 1), by=SYSTEM)
    younger = make_organization("南通学院")
    younger.names.update(valid_from=date(2014, 1, 1))

    by_day = {day: resolve_names(["南通学院"], on=day)["南通学院"] for day in (date(2000, 1, 1), date(2020, 1, 1))}

    assert by_day == {date(2000, 1, 1): Resolution(renamed.pk), date(2020, 1, 1): Resolution(younger.pk)}
    assert resolve_names(["南通学院"])["南通学院"] == Resolution(
        None, (Candidate(younger.pk, "南通学院（南通市）", NOW), Candidate(renamed.pk, "南通大学（南通市）", ONCE))
    )


def test_a_name_that_nobody_bore_on_the_day_still_means_who_bore_it_once():
    renamed = rename_organization(make_organization("南通学院"), "南通大学", on=date(2004, 3, 1), by=SYSTEM)

    assert resolve_names(["南通学院"], on=date(2020, 1, 1))["南通学院"] == Resolution(renamed.pk)


def test_a_name_of_two_bodies_waits_for_a_person():
    one, other = make_organization("中心小学", "320682"), make_organization("中心小学", "321200")

    assert resolve_names(["中心小学"], on=date(2020, 1, 1)) == {
        "中心小学": Resolution(
            None, (Candidate(one.pk, "中心小学（如皋市）", THEN), Candidate(other.pk, "中心小学（泰州市）", THEN))
        )
    }


def test_what_looks_alike_is_a_candidate_and_never_taken():
    body = make_organization("某某（江苏）有限公司", "")

    assert resolve_names(["某某江苏有限责任公司"]) == {
        "某某江苏有限责任公司": Resolution(None, (Candidate(body.pk, "某某（江苏）有限公司", SIMILAR),))
    }


def test_a_merged_body_leads_to_the_other_and_a_voided_one_nowhere():
    target = make_organization("合并后")
    for name in ("合并前", "合并后分部"):
        Organization.objects.filter(pk=make_organization(name).pk).update(merged_into=target)
    gone = make_organization("已作废", credit_code=CODE_OF)
    Organization.objects.filter(pk=gone.pk).update(voided_at=timezone.now())

    assert resolve_names(["合并前", "合并后", "已作废", CODE_OF]) == {
        "合并前": Resolution(target.pk),
        "合并后": Resolution(target.pk),
        "已作废": Resolution(),
        CODE_OF: Resolution(),
    }


@pytest.mark.parametrize("count", [1, 3000])
def test_thousands_of_names_take_as_many_queries_as_one(count):
    body = make_organization("某某有限公司", credit_code=CODE_OF)
    make_organization("某某（江苏）股份公司")
    names = ["某某有限公司", CODE_OF, "某某江苏公司", *(f"无此公司{number}" for number in range(count))]

    with CaptureQueriesContext(connection) as queries:
        found = resolve_names(names, on=REFORM)

    assert (len(queries), found[CODE_OF].organization, len(found)) == (4, body.pk, count + 3)
