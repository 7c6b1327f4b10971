"""Rows that the other organization has already: voided where the table can, left where it cannot."""

import pytest
from django.utils import timezone

from directory.models import DifferentOrganizations, Grant, OrganizationName
from directory.transferring import moves_of
from tests.factories import make_name, make_organization, make_user

pytestmark = pytest.mark.django_db


def moves(model, column, source, target):
    rows = model._base_manager.filter(**{column: source}).order_by("pk")
    return list(moves_of(model, model._meta.get_field(column), rows, target))


def test_a_row_that_would_stand_twice_is_voided_where_its_table_voids():
    source, target = make_organization("甲"), make_organization("乙")
    former = make_name(source, "丙")

    legal, other = moves(OrganizationName, "organization", source, target)

    assert (legal.stays, bool(legal.settled), set(legal.after)) == (
        "", True, {"organization_id", "version", "voided_at", "void_reason"},
    )  # fmt: skip
    assert (other.pk, other.settled, other.after) == (former.pk, "", {"organization_id": target.pk, "version": 2})


def test_a_row_that_would_stand_twice_stays_where_its_table_has_no_end():
    source, target, third, fourth = (make_organization(name) for name in "甲乙丙丁")
    for first, second in ((source, third), (target, third), (source, fourth)):
        DifferentOrganizations.objects.create(first=first, second=second, at=timezone.now())

    twice, once = moves(DifferentOrganizations, "first", source, target)

    assert (bool(twice.stays), once.stays) == (True, "")


def test_a_constraint_with_a_condition_binds_only_what_it_is_about():
    source, target, user = make_organization("甲"), make_organization("乙"), make_user()
    facts = {"user": user, "role": "enterprise", "granted_at": timezone.now()}
    Grant.objects.create(organization=source, revoked_at=timezone.now(), **facts)
    Grant.objects.create(organization=source, **facts)
    Grant.objects.create(organization=target, **facts)

    revoked, held = moves(Grant, "organization", source, target)

    assert (revoked.stays, bool(held.stays)) == ("", True)
