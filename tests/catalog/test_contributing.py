"""Entering, changing, voiding and verifying contributions: a standard's list as a whole, with its trail."""

import random

import pytest

from catalog.contributing import ContributionRefused, Entry, state_of, verify_contributions, write_contributions
from catalog.editions import VersionConflict
from catalog.leading import Line, printed
from catalog.models import Contribution
from directory.merging import merge_organizations
from directory.models import Organization
from records.models import Event
from records.trail import SYSTEM, Actor
from tests.factories import make_organization, make_standard, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def standard():
    return make_standard("GB/T 1-2020", published_on="2020-01-01")


def enter(standard, *states, **more) -> list[Contribution]:
    return write_contributions([Entry(standard.pk, state) for state in states], by=SYSTEM, **more)


def named(name: str, rank: int | None = None, **more) -> dict:
    return {"printed_name": name, "rank": rank, **more}


def standing(standard) -> list[tuple]:
    rows = Contribution.objects.filter(standard=standard, voided_at__isnull=True).order_by("rank", "pk")
    return list(rows.values_list("printed_name", "rank", "leads_as_printed"))


def read(pk: int) -> Contribution:
    return Contribution.objects.get(pk=pk)


def events(*rows: Contribution) -> list[tuple]:
    found = Event.objects.filter(object_type="catalog.contribution", object_id__in=[row.pk for row in rows])
    return list(found.order_by("pk").values_list("action", "object_label", "changes"))


def test_a_list_is_entered_with_one_event_a_name(standard):
    organization = Organization.objects.create(name="甲公司")

    rows = enter(
        standard, named("甲公司", 1, organization_id=organization.pk, printed_role="主要起草单位"), named("乙 院", 2)
    )

    assert standing(standard) == [("甲公司", 1, True), ("乙 院", 2, True)]
    assert [read(row.pk).name_key for row in rows] == ["甲公司", "乙院"]
    assert events(*rows) == [
        (
            "created",
            "GB/T 1-2020 · 甲公司",
            {
                "standard": [None, standard.pk],
                "organization": [None, organization.pk],
                "printed_name": [None, "甲公司"],
                "rank": [None, 1],
                "printed_role": [None, "主要起草单位"],
                "role": [None, "drafter"],
            },
        ),
        (
            "created",
            "GB/T 1-2020 · 乙 院",
            {"standard": [None, standard.pk], "printed_name": [None, "乙 院"], "rank": [None, 2], "role": [None, "drafter"]},
        ),
    ]  # fmt: skip


def test_who_leads_as_printed_follows_from_the_whole_list(standard):
    first, second = enter(standard, named("甲", 1), named("乙", 2))

    enter(standard, named("丙", 3, role="lead_drafter"))

    assert standing(standard) == [("甲", 1, False), ("乙", 2, False), ("丙", 3, True)]
    assert [read(row.pk).version for row in (first, second)] == [1, 1]
    assert len(events(first, second)) == 2


def test_voiding_the_responsible_one_gives_the_lead_back_to_the_first_two(standard):
    *_first, responsible = enter(standard, named("甲", 1), named("乙", 2), named("丙", 3, role="lead_drafter"))

    write_contributions([Entry(standard.pk, None, read(responsible.pk))], by=SYSTEM, reason="误录")

    assert standing(standard) == [("甲", 1, True), ("乙", 2, True)]
    gone = read(responsible.pk)
    assert (gone.void_reason, gone.version, gone.leads_as_printed) == ("误录", 2, False)
    assert [action for action, _label, _changes in events(responsible)] == ["created", "voided"]


def test_two_can_change_places(standard):
    first, second = enter(standard, named("甲", 1), named("乙", 2))
    entries = [
        Entry(standard.pk, {**state_of(first), "rank": 2}, read(first.pk)),
        Entry(standard.pk, {**state_of(second), "rank": 1}, read(second.pk)),
    ]

    write_contributions(entries, by=SYSTEM, reason="见前言", document="标准文本")

    assert standing(standard) == [("乙", 1, True), ("甲", 2, True)]
    assert events(first)[1] == ("updated", "GB/T 1-2020 · 甲", {"rank": [1, 2]})
    assert Event.objects.filter(reason="见前言", document="标准文本").count() == 2


def test_a_voided_rank_is_free_again(standard):
    (row,) = enter(standard, named("甲", 1))

    write_contributions([Entry(standard.pk, None, read(row.pk)), Entry(standard.pk, named("乙", 1))], by=SYSTEM)

    assert standing(standard) == [("乙", 1, True)]


def test_what_changes_nothing_is_not_written(standard):
    (row,) = enter(standard, named("甲", 1))

    write_contributions([Entry(standard.pk, state_of(row), read(row.pk))], by=SYSTEM)

    assert read(row.pk).version == 1
    assert len(events(row)) == 1


@pytest.mark.parametrize(
    ("states", "text"),
    [
        ([named("甲", 1), named("乙", 1)], "GB/T 1-2020：乙不能排第1位，该位次属于甲。"),
        ([named("甲", 0)], "GB/T 1-2020：甲的位次0不在1至9999之间。"),
        ([named("甲", 1, recognised=True, recognition_document="文件")], "GB/T 1-2020：只有国际标准的主导才须认定，甲不能认定。"),
    ],
)  # fmt: skip
def test_a_list_that_cannot_stand_is_refused_whole(standard, states, text):
    with pytest.raises(ContributionRefused) as refusal:
        enter(standard, named("丁", 9), *states)

    assert str(refusal.value) == text
    assert standing(standard) == []
    assert Event.objects.filter(object_type="catalog.contribution").count() == 0


def test_a_rank_that_another_holds_already_is_refused(standard):
    enter(standard, named("甲", 1))

    with pytest.raises(ContributionRefused):
        enter(standard, named("乙", 1))

    assert standing(standard) == [("甲", 1, True)]


def test_who_read_an_older_version_is_refused(standard):
    (row,) = enter(standard, named("甲", 1))
    old, other = read(row.pk), read(row.pk)
    write_contributions([Entry(standard.pk, {**state_of(other), "rank": 3}, other)], by=SYSTEM)

    with pytest.raises(VersionConflict) as refusal:
        write_contributions([Entry(standard.pk, {**state_of(old), "rank": 2}, old)], by=SYSTEM)

    assert refusal.value.numbers == ["GB/T 1-2020 · 甲"]
    assert standing(standard) == [("甲", 3, False)]


def test_what_was_voided_in_the_meantime_is_not_changed(standard):
    (row,) = enter(standard, named("甲", 1))
    old = read(row.pk)
    write_contributions([Entry(standard.pk, None, read(row.pk))], by=SYSTEM, reason="误录")

    with pytest.raises(VersionConflict):
        write_contributions([Entry(standard.pk, {**state_of(old), "rank": 2}, old)], by=SYSTEM)


def test_a_voided_standard_takes_no_contribution(standard):
    standard.voided_at = standard.created_at
    standard.save()

    with pytest.raises(ContributionRefused):
        enter(standard, named("甲", 1))


def test_a_person_verifies_and_takes_that_back(standard):
    (row,) = enter(standard, named("甲", 1))
    user = make_user()

    assert verify_contributions([read(row.pk)], by=Actor(user=user), document="标准文本前言") == 1
    verified = read(row.pk)
    assert (verified.verified_by, verified.version) == (user, 2)
    assert verify_contributions([verified], by=Actor(user=user)) == 0

    verify_contributions([read(row.pk)], by=Actor(user=user), verified=False)
    assert (read(row.pk).verified_by, read(row.pk).verified_at, read(row.pk).version) == (None, None, 3)
    assert [action for action, _label, _changes in events(row)] == ["created", "updated", "updated"]


def test_nobody_verifies_without_a_person(standard):
    (row,) = enter(standard, named("甲", 1))

    with pytest.raises(ContributionRefused):
        verify_contributions([row], by=SYSTEM)


def test_a_changed_fact_has_to_be_verified_again(standard):
    first, second = enter(standard, named("甲", 1), named("乙", 2))
    verify_contributions([read(first.pk), read(second.pk)], by=Actor(user=make_user()))

    write_contributions(
        [
            Entry(standard.pk, {**state_of(first), "rank": 5}, read(first.pk)),
            Entry(standard.pk, {**state_of(second), "evidence": "前言第3段"}, read(second.pk)),
        ],
        by=SYSTEM,
    )

    assert [read(row.pk).verified_at is None for row in (first, second)] == [True, False]


def test_the_kept_outcome_is_that_of_the_rule_over_random_histories(standard):
    dice = random.Random(7)
    for turn in range(40):
        rows = list(Contribution.objects.filter(standard=standard, voided_at__isnull=True))
        entries = [
            Entry(standard.pk, None if dice.random() < 0.3 else {**state_of(row), "role": dice.choice(["drafter", "lead_drafter", "keeper"])}, row)
            for row in rows
            if dice.random() < 0.4
        ]  # fmt: skip
        taken = {row.rank for row in rows}
        free = next(rank for rank in range(1, 99) if rank not in taken)
        rank = free if dice.random() < 0.8 else None
        entries.append(
            Entry(standard.pk, named(f"单位{turn}", rank, role=dice.choice(["drafter", "participant", "lead_drafter"])))
        )

        write_contributions(entries, by=SYSTEM)

        now = list(Contribution.objects.filter(standard=standard, voided_at__isnull=True))
        expected = printed([Line(row.rank, row.role, row.recognised) for row in now], "national")
        assert [row.leads_as_printed for row in now] == expected
    assert Contribution.objects.filter(voided_at__isnull=False, leads_as_printed=True).count() == 0


def test_a_body_that_was_merged_meanwhile_is_not_named():
    old, new, standard = make_organization("旧厂"), make_organization("新厂"), make_standard("GB/T 77-2020")
    merge_organizations(old, new, by=SYSTEM, reason="并")

    with pytest.raises(ContributionRefused, match="旧厂"):
        write_contributions(
            [Entry(standard.pk, {"organization_id": old.pk, "printed_name": "旧厂", "rank": 1})], by=SYSTEM
        )

    assert Contribution.objects.count() == 0
