"""The database itself refuses what no verb would write about grants."""

from datetime import date

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from directory.models import Grant, Organization, Region, Role
from tests.factories import make_user

pytestmark = pytest.mark.django_db


def refused(name, **fields):
    with pytest.raises(IntegrityError) as error, transaction.atomic():
        Grant.objects.create(granted_at=timezone.now(), **fields)
    return name in str(error.value)


@pytest.fixture
def places():
    return {
        "region": Region.objects.valid().get(code="320600"),
        "organization": Organization.objects.create(name="某公司"),
    }


def test_a_grant_ends_after_it_began(places):
    user = make_user()
    days = {"starts_on": date(2024, 5, 2), "ends_on": date(2024, 5, 1)}

    assert refused("a_grant_ends_after_it_began", user=user, role=Role.EXPERT, **days)


@pytest.mark.parametrize(
    ("role", "kinds"),
    [
        (Role.STAFF, []), (Role.STAFF, ["organization"]), (Role.STAFF, ["region", "organization"]),
        (Role.ENTERPRISE, []), (Role.ENTERPRISE, ["region"]), (Role.SECURITY_ADMIN, ["organization"]),
        (Role.AUDITOR, ["region"]), (Role.SYSTEM_ADMIN, ["organization"]), (Role.EXPERT, ["region"]),
    ],
)  # fmt: skip
def test_a_grant_has_the_place_its_role_needs(places, role, kinds):
    named = {kind: places[kind] for kind in kinds}

    assert refused("a_grant_has_the_place_its_role_needs", user=make_user(), role=role, **named)


@pytest.mark.parametrize(
    ("name", "role", "kind"),
    [
        ("a_grant_stands_once_for_region", Role.STAFF, "region"),
        ("a_grant_stands_once_for_organization", Role.ENTERPRISE, "organization"),
        ("a_grant_stands_once_for_the_whole", Role.AUDITOR, None),
    ],
)
def test_a_grant_stands_once(places, name, role, kind):
    user = make_user()
    named = {kind: places[kind]} if kind else {}
    first = Grant.objects.create(user=user, role=role, granted_at=timezone.now(), **named)

    with pytest.raises(IntegrityError), transaction.atomic():
        Grant.objects.create(user=user, role=role, granted_at=timezone.now(), **named)

    Grant.objects.filter(pk=first.pk).update(revoked_at=timezone.now())
    Grant.objects.create(user=user, role=role, granted_at=timezone.now(), **named)
    assert name in {constraint.name for constraint in Grant._meta.constraints}
