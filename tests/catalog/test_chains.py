"""The way from a superseded edition to what is in force, over as many replacements as it takes."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from catalog.chains import LONGEST, chains_of
from catalog.editions import void_editions
from catalog.models import Standard
from records.trail import SYSTEM
from tests.factories import make_standard

pytestmark = pytest.mark.django_db
ON = date(2024, 6, 1)


def shown(number: str, on: date = ON) -> tuple[list[list[str]], list[str], bool]:
    pk = Standard.objects.get(number=number).pk
    chain = chains_of([pk], on)[pk]
    return [[one.number for one in step] for step in chain.steps], [one.number for one in chain.current], chain.inferred


def test_a_chain_of_three_ends_at_the_edition_in_force():
    make_standard("GB/T 1-2000", implemented_on="2000-01-01")
    make_standard("GB/T 1-2010", implemented_on="2010-01-01", replaces=["GB/T 1-2000"])
    make_standard("GB/T 1-2020", implemented_on="2020-01-01", replaces=["GB/T 1-2010"])
    make_standard("GB/T 1-2030", implemented_on="2030-01-01", published_on="2024-01-01", replaces=["GB/T 1-2020"])

    assert shown("GB/T 1-2000") == ([["GB/T 1-2010"], ["GB/T 1-2020"], ["GB/T 1-2030"]], ["GB/T 1-2020"], False)
    assert shown("GB/T 1-2000", date(2015, 1, 1))[1] == ["GB/T 1-2010"]
    assert shown("GB/T 1-2000", date(2031, 1, 1))[1] == ["GB/T 1-2030"]


def test_nothing_replaces_the_latest():
    make_standard("GB/T 1-2020", implemented_on="2020-01-01")

    assert shown("GB/T 1-2020") == ([], [], False)


def test_a_split_goes_on_with_all_parts_and_a_merge_meets_again():
    make_standard("GB/T 1-2000", implemented_on="2000-01-01")
    make_standard("GB/T 1.1-2010", implemented_on="2010-01-01", replaces=["GB/T 1-2000"])
    make_standard("GB/T 1.2-2010", implemented_on="2010-01-01", replaces=["GB/T 1-2000"])
    make_standard("GB/T 2-2020", implemented_on="2020-01-01", replaces=["GB/T 1.1-2010", "GB/T 1.2-2010"])

    assert shown("GB/T 1-2000") == ([["GB/T 1.1-2010", "GB/T 1.2-2010"], ["GB/T 2-2020"]], ["GB/T 2-2020"], False)


def test_a_ring_ends():
    make_standard("GB/T 1-2000", implemented_on="2000-01-01", replaces=["GB/T 2-2000"])
    make_standard("GB/T 2-2000", implemented_on="2000-01-01", replaces=["GB/T 1-2000"])

    assert shown("GB/T 1-2000")[0] == [["GB/T 2-2000"]]


def test_partial_replacement_is_no_step():
    make_standard("GB/T 1-2000", implemented_on="2000-01-01")
    make_standard("GB/T 2-2010", implemented_on="2010-01-01", partly_replaces=["GB/T 1-2000"])

    assert shown("GB/T 1-2000") == ([], [], False)


def test_a_voided_edition_is_no_step():
    make_standard("GB/T 1-2000", implemented_on="2000-01-01")
    newer = make_standard("GB/T 1-2010", implemented_on="2010-01-01", replaces=["GB/T 1-2000"])

    void_editions([newer], by=SYSTEM, reason="误录")

    assert shown("GB/T 1-2000") == ([], [], False)


def test_one_inferred_step_marks_the_whole_chain():
    make_standard("GB/T 1-2000", implemented_on="2000-01-01", withdrawal_claimed_on="2012-01-01")
    make_standard("GB/T 1-2010", implemented_on="2010-01-01")
    make_standard("GB/T 1-2020", implemented_on="2020-01-01", replaces=["GB/T 1-2010"])

    assert shown("GB/T 1-2000") == ([["GB/T 1-2010"], ["GB/T 1-2020"]], ["GB/T 1-2020"], True)
    assert shown("GB/T 1-2010")[2] is False


def test_a_chain_costs_one_query_a_step_and_ends_somewhere():
    for year in range(1980, 1980 + LONGEST + 5):
        make_standard(f"GB/T 1-{year}", implemented_on=f"{year}-01-01", replaces=[f"GB/T 1-{year - 1}"])
    oldest = Standard.objects.get(number="GB/T 1-1980")

    with CaptureQueriesContext(connection) as captured:
        chain = chains_of([oldest.pk], ON)[oldest.pk]

    assert (len(captured), len(chain.steps)) == (LONGEST, LONGEST)


def test_several_superseded_editions_find_what_is_in_force_in_their_place(django_assert_max_num_queries):
    first = make_standard("GB/T 1-2000", implemented_on="2001-01-01")
    second = make_standard("GB/T 1-2010", implemented_on="2011-01-01", replaces=["GB/T 1-2000"])
    third = make_standard("GB/T 1-2020", implemented_on="2021-01-01", replaces=["GB/T 1-2010"])
    alone = make_standard("GB/T 2-2000", implemented_on="2001-01-01")

    with django_assert_max_num_queries(3):
        found = chains_of([first.pk, second.pk, alone.pk], date(2026, 1, 1))

    assert {pk: chain.current for pk, chain in found.items()} == {first.pk: [third], second.pk: [third], alone.pk: []}
