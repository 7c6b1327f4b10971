"""What the database itself refuses of organizations, their names, merges and industries."""

from datetime import date

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from directory.models import DifferentOrganizations, Industry, Organization, OrganizationMerge
from tests.factories import make_name, make_organization

pytestmark = pytest.mark.django_db
NOW = timezone.now()


def refused(act, constraint: str) -> bool:
    """Whether the database refuses; PostgreSQL and SQLite name check constraints, SQLite a unique one by its columns."""
    try:
        with transaction.atomic():
            act()
    except IntegrityError as error:
        return constraint in str(error) or "UNIQUE constraint failed" in str(error)
    return False


def test_a_department_name_stands_once_among_those_that_stand():
    first = make_organization("某局", kind="department")
    make_organization("某局", kind="enterprise")

    assert refused(lambda: make_organization("某局", kind="department"), "a_department_name_stands_once")
    Organization.objects.filter(pk=first.pk).update(voided_at=NOW)
    assert not refused(lambda: make_organization("某局", kind="department"), "a_department_name_stands_once")


def test_two_real_bodies_may_bear_one_name():
    make_organization("中心小学", "320682", kind="school")

    assert not refused(lambda: make_organization("中心小学", "321200", kind="school"), "")


def test_a_credit_code_stands_once_among_what_is_not_voided():
    first = make_organization(credit_code="91350100M000100Y43")

    assert refused(lambda: make_organization(credit_code="91350100M000100Y43"), "a_credit_code_stands_once")
    Organization.objects.filter(pk=first.pk).update(voided_at=NOW)
    assert not refused(lambda: make_organization(credit_code="91350100M000100Y43"), "a_credit_code_stands_once")


def test_an_organization_is_not_merged_into_itself():
    one = make_organization()

    assert refused(
        lambda: Organization.objects.filter(pk=one.pk).update(merged_into=one),
        "an_organization_is_not_merged_into_itself",
    )


def test_an_organization_ends_after_it_began():
    days = {"established_on": date(2020, 1, 2), "dissolved_on": date(2020, 1, 1)}

    assert refused(lambda: make_organization(**days), "an_organization_ends_after_it_began")


def test_an_organization_has_one_legal_name_at_a_time():
    one = make_organization()
    make_name(one, "旧称", kind="legal", valid_to=date(2020, 1, 1))

    assert refused(lambda: make_name(one, "别名", kind="legal"), "an_organization_has_one_legal_name_at_a_time")


def test_a_name_ends_after_it_began():
    one, days = make_organization(), {"valid_from": date(2020, 1, 1), "valid_to": date(2020, 1, 1)}

    assert refused(lambda: make_name(one, "旧称", **days), "a_name_ends_after_it_began")


def merge(source: Organization, target: Organization, **fields) -> OrganizationMerge:
    return OrganizationMerge.objects.create(source=source, target=target, at=NOW, **{"kind": "merge", **fields})


def test_an_organization_is_merged_once_until_that_is_undone():
    one, other = make_organization("甲"), make_organization("乙")
    first = merge(one, other)
    merge(one, other, kind="split")

    assert refused(lambda: merge(one, other), "an_organization_is_merged_once")
    OrganizationMerge.objects.filter(pk=first.pk).update(undone_at=NOW)
    assert not refused(lambda: merge(one, other), "an_organization_is_merged_once")


def test_a_merge_has_two_ends():
    one = make_organization()

    assert refused(lambda: merge(one, one), "a_merge_has_two_ends")


def test_two_organizations_are_told_apart_once_the_older_first():
    one, other = make_organization("甲"), make_organization("乙")

    def apart(first, second):
        return lambda: DifferentOrganizations.objects.create(first=first, second=second, at=NOW)

    assert refused(apart(other, one), "the_older_of_two_organizations_comes_first")
    apart(one, other)()
    assert refused(apart(one, other), "two_organizations_are_told_apart_once")


def test_an_industry_code_stands_once():
    assert refused(lambda: Industry.objects.create(code="A", path="/A/"), "an_industry_code_stands_once")
