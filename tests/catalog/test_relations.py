"""Relations: joined when their ends arrive, taken back without a trace in the status, inferred anew each time."""

from datetime import date

import pytest

from catalog import relations
from catalog.editions import save_edition, void_editions
from catalog.models import Standard, StandardRelation
from catalog.states import relation_fact, states_of
from records.models import Event
from records.trail import SYSTEM
from tests.factories import make_standard

pytestmark = pytest.mark.django_db

OLD, NEW = "GB/T 1-2000", "GB/T 1-2020"
FACT = ["gb/t 1-2020", "replaces", "gb/t 1-2000", NEW, OLD, "", ""]


@pytest.fixture
def old():
    return make_standard(OLD, implemented_on="2000-01-01")


@pytest.fixture
def new(old):
    return make_standard(NEW, implemented_on="2020-01-01", replaces=[OLD])


def now(standard):
    return Standard.objects.get(pk=standard.pk)


def current():
    return [relation_fact(one) for one in StandardRelation.objects.filter(voided_at=None)]


def test_a_relation_stands_in_the_state_of_both_ends(old, new):
    assert [state["relations"] for state in states_of([old, new]).values()] == [[FACT], [FACT]]


@pytest.mark.parametrize("end", ["old", "new"])
def test_a_replacement_taken_back_at_either_end_brings_the_old_edition_back_in_force(old, new, end):
    save_edition(now({"old": old, "new": new}[end]), {"relations": []}, by=SYSTEM)

    assert (current(), now(old).replaced_on) == ([], None)
    assert StandardRelation.objects.get().voided_at is not None


def test_a_replacement_taken_back_can_be_stated_again(old, new):
    save_edition(now(new), {"relations": []}, by=SYSTEM)
    save_edition(now(new), {"relations": [FACT]}, by=SYSTEM)

    assert (current(), now(old).replaced_on) == ([FACT], date(2020, 1, 1))


def test_a_successor_whose_day_is_taken_back_leaves_the_last_day_open(old, new):
    save_edition(now(new), {"implemented_on": None}, by=SYSTEM)

    assert now(old).replaced_on is None


def test_a_successor_that_is_suspended_before_it_begins_ends_nothing_until_it_resumes(old, new):
    held_back = {"suspended_on": "2019-06-01", "status_document": "2019年第3号公告"}
    save_edition(now(new), held_back, by=SYSTEM)
    while_suspended = now(old).replaced_on
    save_edition(now(new), {"resumed_on": "2020-09-01"}, by=SYSTEM)

    assert (while_suspended, now(old).replaced_on) == (None, date(2020, 9, 1))


def test_a_successor_withdrawn_before_it_begins_ends_nothing(old, new):
    save_edition(now(new), {"withdrawn_on": "2019-12-01"}, by=SYSTEM)

    assert now(old).replaced_on is None


def test_a_successor_known_to_its_year_ends_the_old_one_in_that_year(old, new):
    save_edition(now(new), {"implemented_precision": "year"}, by=SYSTEM)

    days = [date(2019, 12, 31), date(2020, 7, 1), date(2021, 1, 1)]
    assert [now(old).status_on(day) for day in days] == ["in_force", "unknown", "replaced"]
    event = Event.objects.filter(object_id=old.pk).latest("pk")
    assert event.changes == {"replaced_precision": ["day", "year"]}


def test_a_voided_successor_no_longer_ends_the_old_edition(old, new):
    void_editions([now(new)], by=SYSTEM, reason="误录")

    assert (now(old).replaced_on, current()) == (None, [])


def test_a_voided_old_edition_leaves_its_successors_relation_dangling(old, new):
    void_editions([now(old)], by=SYSTEM, reason="误录")

    relation = StandardRelation.objects.get(voided_at=None)
    assert (relation.source, relation.target, relation.target_number) == (now(new), None, OLD)


def test_a_voided_old_edition_that_comes_again_is_replaced_again(old, new):
    void_editions([now(old)], by=SYSTEM, reason="误录")

    again = make_standard(OLD, implemented_on="2000-01-01")

    assert now(again).replaced_on == date(2020, 1, 1)
    assert StandardRelation.objects.get(voided_at=None).target == now(again)


def test_the_same_relation_twice_is_stored_once(old, new):
    relations.add_relations([FACT])

    assert current() == [FACT]


def test_taking_back_names_the_whole_relation(old, new):
    other = ["gb/t 9-2020", "replaces", "gb/t 1-2000", "GB/T 9-2020", OLD, "", ""]
    amends = ["gb/t 1-2020", "amends", "gb/t 1-2000", NEW, OLD, "", ""]
    relations.add_relations([other, amends])

    relations.void_relations([FACT])
    relations.void_relations([])

    assert sorted(current()) == sorted([other, amends])


def test_the_degree_of_an_adoption_and_the_part_that_is_replaced_are_kept():
    facts = [
        ["gb/t 1-2020", "adopts", "iso 1:2016", NEW, "ISO 1:2016", "MOD", ""],
        ["gb/t 1-2020", "partly_replaces", "gb 2-2000", NEW, "GB 2-2000", "", "第3章"],
    ]

    standard = make_standard(NEW, relations=facts)

    assert states_of([standard])[standard.pk]["relations"] == sorted(facts)


def test_relations_of_many_standards_cost_a_constant_number_of_queries(django_assert_num_queries):
    for n in range(1, 4):
        make_standard(f"GB/T {n}-2020", replaces=[f"GB/T {n}-2000"], ics=["01.120"], department="国家体育总局")
    few, many = Standard.objects.filter(serial_fold="1y2020"), Standard.objects.all()

    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as counted:
        states_of(few)

    with django_assert_num_queries(len(counted)):
        states_of(many)
