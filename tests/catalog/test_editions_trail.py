"""Every write of an edition leaves one event per changed object, and none where nothing changed."""

import pytest

from catalog import editions
from catalog.editions import Write, save_edition, void_editions, write_editions
from catalog.models import Standard
from catalog.numbers import parse
from catalog.states import states_of
from directory.models import Organization
from records.models import Event
from records.trail import Actor
from tests.factories import import_csv, make_standard

pytestmark = pytest.mark.django_db

LABEL = editions.LABEL


def events(**which):
    rows = Event.objects.filter(object_type=LABEL, **which).order_by("id")
    return [(event.action, event.object_label, sorted(event.changes)) for event in rows]


def test_a_new_edition_leaves_one_event_with_all_its_values():
    make_standard("GB/T 1-2020", "题", implemented_on="2020-01-01", ics=["01.120"], department="国家体育总局")

    assert Event.objects.get(object_type=LABEL).changes == {
        "title": [None, "题"],
        "implemented_on": [None, "2020-01-01"],
        "ics": [None, ["01.120"]],
        "department": [None, "国家体育总局"],
    }


def test_a_change_leaves_one_event_with_what_changed(cataloguer):
    standard = make_standard("GB/T 1-2020", "题", implemented_on="2020-01-01")

    save_edition(standard, {"title": "新题"}, by=Actor(cataloguer, "api", "10.0.0.1"), reason="更正")

    event = Event.objects.filter(object_type=LABEL).latest("id")
    assert (event.changes, event.reason, event.actor, event.address) == (
        {"title": ["题", "新题"]},
        "更正",
        cataloguer,
        "10.0.0.1",
    )


def test_a_change_to_the_same_changes_nothing_and_leaves_no_event(cataloguer):
    standard = make_standard("GB/T 1-2020", "题", implemented_on="2020-01-01")

    same = save_edition(standard, {"title": "题", "scope": "", "withdrawn_on": None}, by=Actor(cataloguer))

    assert (same.version, len(events())) == (1, 1)


def test_of_several_writes_those_that_change_nothing_leave_no_event():
    first, second = make_standard("GB/T 1-2020"), make_standard("GB/T 2-2020")
    states = states_of([first, second])
    before = len(events())

    write_editions(
        [
            Write(states[first.pk], standard=first, before=states[first.pk]),
            Write({**states[second.pk], "title": "新题"}, standard=second, before=states[second.pk]),
        ],
        by=Actor(),
    )

    assert events()[before:] == [("updated", "GB/T 2-2020", ["title"])]


def test_voiding_leaves_an_event_for_each_and_for_what_follows():
    old = make_standard("GB/T 1-2000", implemented_on="2000-01-01")
    new = make_standard("GB/T 1-2020", implemented_on="2020-01-01", replaces=["GB/T 1-2000"])
    before = len(events())

    void_editions([Standard.objects.get(pk=new.pk)], by=Actor(), reason="误录")

    assert events()[before:] == [
        ("voided", "GB/T 1-2020", ["voided_at"]),
        ("updated", "GB/T 1-2000", ["replaced_on"]),
    ]
    assert {e.reason for e in Event.objects.filter(object_id__in=[old.pk, new.pk]).order_by("id")[3:]} == {"误录"}


def test_an_import_leaves_one_event_per_standard_with_the_batch(tmp_path, cataloguer):
    header = "code,title,实施日期,替代情况\n"
    old, new = "GB/T 1-2000,题,2000-01-01,\n", "GB/T 1-2020,题,2020-01-01,代替GB/T 1-2000\n"

    batch = import_csv(tmp_path, header + old + new, by=Actor(cataloguer, "command"))

    assert [(action, label) for action, label, _changes in events(batch=batch)] == [
        ("created", "GB/T 1-2000"),
        ("created", "GB/T 1-2020"),
    ]
    assert {(e.actor, e.channel) for e in Event.objects.filter(batch=batch)} == {(cataloguer, "command")}


def test_the_event_of_an_old_edition_created_with_its_successor_says_when_it_ends(tmp_path):
    header = "code,title,实施日期,替代情况\n"
    old, new = "GB/T 1-2000,题,2000-01-01,\n", "GB/T 1-2020,题,2020-01-01,代替GB/T 1-2000\n"

    import_csv(tmp_path, header + old + new)

    created = Event.objects.get(object_type=LABEL, object_label="GB/T 1-2000")
    assert created.changes["replaced_on"] == [None, "2020-01-01"]


def test_an_organization_that_an_import_brings_leaves_an_event(tmp_path):
    batch = import_csv(tmp_path, "code,title,department\nGB/T 1-2020,题,国家体育总局\n")

    organization = Organization.objects.get(name="国家体育总局")
    event = Event.objects.get(object_type="directory.organization", object_id=organization.pk)
    assert (event.action, event.batch) == ("created", batch)


def test_the_writes_are_returned_in_their_order():
    numbers = ["GB/T 3-2020", "GB/T 1-2020", "GB/T 2-2020"]

    standards = write_editions([Write({"title": "题"}, number=parse(n)) for n in numbers], by=Actor())

    assert [standard.number for standard in standards] == numbers


def test_many_editions_cost_a_constant_number_of_queries(django_assert_max_num_queries):
    writes = [
        Write({"title": "题", "implemented_on": "2020-01-01", "ics": ["01.120"]}, number=parse(f"GB/T {n}-2020"))
        for n in range(1, 301)
    ]

    with django_assert_max_num_queries(49):
        write_editions(writes, by=Actor())
