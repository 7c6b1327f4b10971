"""A merge against an edit, two merges, two renamings at once (PostgreSQL): one wins, the other is told; without the lock both would."""

import os
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from threading import Barrier

import pytest
from django.core.exceptions import ValidationError
from django.db import connection

from directory import merging, naming, organization_registers
from directory.merging import merge_organizations
from directory.models import Organization, OrganizationMerge, OrganizationName
from directory.naming import OrganizationRefused, rename_organization
from directory.organization_registers import NAMES
from records.registering import enter
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


def test_without_the_lock_a_merged_body_is_renamed(monkeypatch):
    """The same two acts with the product's lock off: both look, then both write."""
    looked = Barrier(2)

    def unlocked(pk: int, version: int | None = None) -> Organization:
        found = Organization.objects.select_related("merged_into").get(pk=pk)
        if pk == source.pk:
            looked.wait(timeout=20)
        return found

    source, target = make_organization("甲机构"), make_organization("乙机构")
    reads = [read(source), read(target), read(source)]
    monkeypatch.setattr(naming, "locked", unlocked)
    monkeypatch.setattr(merging, "locked", unlocked)

    answers = at_once(
        lambda: merge_organizations(reads[0], reads[1], by=SYSTEM, reason="同一机构"),
        lambda: rename_organization(reads[2], "丙机构", on=DAY, by=SYSTEM),
    )

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


def name_at_once(body: Organization) -> list[str]:
    """Two who put overlapping legal names of one body on record."""

    def write(name: str) -> None:
        state = {"organization": body.pk, "name": name, "kind": "legal", "valid_to": "2000-01-01"}
        try:
            enter(NAMES, state, by=SYSTEM)
        except ValidationError as refusal:
            raise OrganizationRefused from refusal

    return sorted(at_once(lambda: write("旧称甲"), lambda: write("旧称乙")))


def body_named_since_2010() -> Organization:
    body = make_organization("甲机构")
    OrganizationName.objects.filter(organization=body).update(valid_from=date(2010, 1, 1))
    return body


@pytest.mark.parametrize("time", range(ROUNDS))
def test_of_two_legal_names_that_overlap_one_holds(time):
    body = body_named_since_2010()

    assert name_at_once(body) == ["done", "refused"]
    assert OrganizationName.objects.filter(organization=body).count() == 2


def test_without_the_lock_legal_names_overlap(monkeypatch):
    looked, body = Barrier(2), body_named_since_2010()

    def unlocked(ids):
        return dict(Organization.objects.filter(pk__in=ids).values_list("pk", "name"))

    monkeypatch.setattr(organization_registers, "take_bodies", unlocked)
    monkeypatch.setattr(organization_registers, "index", lambda ids: looked.wait(timeout=20))

    assert name_at_once(body) == ["done", "done"]
    assert OrganizationName.objects.filter(organization=body).count() == 3
