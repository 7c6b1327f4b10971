"""A merge against an edit, two merges, two renamings at once (PostgreSQL): one wins, the other is told; without the lock both would."""

import os
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from threading import Barrier

import pytest
from django.db import connection, transaction

from directory.merging import merge_organizations
from directory.models import Organization, OrganizationMerge, OrganizationName
from directory.naming import OrganizationRefused, rename_organization
from records.trail import SYSTEM
from tests.factories import make_organization
from tests.reference import load_reference

pytestmark = [
    pytest.mark.postgresql,
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(
        not os.environ.get("DATABASE_URL", "").startswith("postgres"),
        reason="SQLite lets one writer in at a time; races are proven on PostgreSQL",
    ),
]
ROUNDS = 5
DAY = date(2019, 1, 10)


@pytest.fixture(autouse=True)
def reference(transactional_db):
    load_reference()


def at_once(*works):
    start = Barrier(len(works))

    def run(work):
        try:
            connection.ensure_connection()
            start.wait(timeout=20)
            work()
        except OrganizationRefused:
            return "refused"
        else:
            return "done"
        finally:
            connection.close()

    with ThreadPoolExecutor(len(works)) as pool:
        return list(pool.map(run, works))


def read(one: Organization) -> Organization:
    return Organization.objects.get(pk=one.pk)


@pytest.mark.parametrize("time", range(ROUNDS))
def test_of_a_merge_and_an_edit_at_once_one_wins(time):
    source, target = make_organization("甲机构"), make_organization("乙机构")
    reads = [read(source), read(target), read(source)]

    answers = at_once(
        lambda: merge_organizations(reads[0], reads[1], by=SYSTEM, reason="同一机构"),
        lambda: rename_organization(reads[2], "丙机构", on=DAY, by=SYSTEM),
    )

    now = read(source)
    assert sorted(answers) == ["done", "refused"]
    assert (now.merged_into_id, now.name) in [(target.pk, "甲机构"), (None, "丙机构")]
    assert (now.merged_into_id is None) == (answers == ["refused", "done"])


def test_control_without_the_lock_a_merged_body_is_edited():
    """The same two acts as they would be without it: both look, then both write."""
    source, target = make_organization("甲机构"), make_organization("乙机构")
    looked = Barrier(2)

    def act(**values):
        with transaction.atomic():
            standing = Organization.objects.standing().filter(pk=source.pk).exists()
            looked.wait(timeout=20)
            if not standing:
                raise OrganizationRefused
            Organization.objects.filter(pk=source.pk).update(**values)

    answers = at_once(lambda: act(merged_into=target), lambda: act(name="丙机构"))

    assert answers == ["done", "done"]
    assert (read(source).merged_into_id, read(source).name) == (target.pk, "丙机构")


@pytest.mark.parametrize("time", range(ROUNDS))
def test_two_bodies_are_not_merged_into_each_other(time):
    one, other = make_organization("甲机构"), make_organization("乙机构")
    reads = [read(one), read(other), read(other), read(one)]

    answers = at_once(
        lambda: merge_organizations(reads[0], reads[1], by=SYSTEM, reason="同一机构"),
        lambda: merge_organizations(reads[2], reads[3], by=SYSTEM, reason="同一机构"),
    )

    assert sorted(answers) == ["done", "refused"]
    assert (Organization.objects.standing().count(), OrganizationMerge.objects.count()) == (1, 1)


@pytest.mark.parametrize("time", range(ROUNDS))
def test_of_two_renamings_one_holds(time):
    body = make_organization("甲机构")
    reads = [read(body), read(body)]

    answers = at_once(
        lambda: rename_organization(reads[0], "乙机构", on=DAY, by=SYSTEM),
        lambda: rename_organization(reads[1], "丙机构", on=DAY, by=SYSTEM),
    )

    legal = OrganizationName.objects.filter(organization=body, kind="legal", valid_to=None)
    assert sorted(answers) == ["done", "refused"]
    assert legal.get().name == read(body).name
