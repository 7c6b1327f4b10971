"""The database itself refuses registrations, codes and grants that no verb would write."""

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from directory.models import Grant, Organization, Registration, Role
from tests.factories import appoint, credit_code, make_registration, make_user

pytestmark = pytest.mark.django_db


def names_it(name, work):
    """Whether the database refuses, by the constraint (PostgreSQL, checks) or its columns (SQLite, uniqueness)."""
    with pytest.raises(IntegrityError) as error, transaction.atomic():
        work()
    return name in str(error.value)


def test_a_credit_code_stands_once():
    Organization.objects.create(name="甲公司", credit_code=credit_code())
    Organization.objects.create(name="乙公司")
    Organization.objects.create(name="丙公司")
    word = "a_credit_code_stands_once" if connection.vendor == "postgresql" else "directory_organization.credit_code"

    assert names_it(word, lambda: Organization.objects.create(name="丁公司", credit_code=credit_code()))


def test_one_registration_of_an_account_waits():
    first = make_registration("applicant", "320682")
    word = "one_registration_of_an_account_waits" if connection.vendor == "postgresql" else "registration.user_id"

    assert names_it(word, lambda: Registration.objects.create(user=first.user, region=first.region))


@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("a_registration_is_decided_on_a_day", {"state": "refused", "reason": "x"}),
        ("a_registration_is_decided_on_a_day", {"decided_at": timezone.now()}),
        ("a_confirmed_registration_has_its_organization", {"state": "confirmed", "decided_at": timezone.now()}),
        ("a_refusal_says_why", {"state": "refused", "decided_at": timezone.now()}),
    ],
)
def test_a_decision_is_whole(name, values):
    first = make_registration("applicant", "320682")

    assert names_it(name, lambda: Registration.objects.filter(pk=first.pk).update(**values))


def test_only_staff_keep_accounts():
    user = make_user()
    place = appoint(user, Role.STAFF, "320682", keeps_accounts=True).region

    assert names_it(
        "only_staff_keep_accounts",
        lambda: Grant.objects.create(user=user, role=Role.CATALOGUER, region=place, keeps_accounts=True, granted_at=timezone.now()),
    )  # fmt: skip
