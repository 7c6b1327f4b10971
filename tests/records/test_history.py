"""An object's history in words: who, when, what, each field by its label with before and after."""

from datetime import UTC, datetime

import pytest
from django.template.loader import render_to_string
from django.utils import translation

from records.history import Line, history, shown
from records.models import Event, ImportBatch
from records.trail import SYSTEM, record
from tests.factories import import_csv
from tests.records.trail import make_events

pytestmark = pytest.mark.django_db

AT = datetime(2026, 11, 22, 4, 5, tzinfo=UTC)
LABELS = {"title": "Title", "scope": "Scope"}


@pytest.fixture(autouse=True)
def english():
    with translation.override("en"):
        yield


def told(**fields):
    make_events(1, at=AT, **fields)
    return history(Event.objects.all(), LABELS)[0]


def test_an_event_is_a_sentence_in_the_readers_time():
    entry = told()

    assert (entry.who, entry.sentence) == ("wang", "2026-11-22 12:05, wang: updated 第1号")


def test_each_change_is_the_label_with_before_and_after():
    entry = told(changes={"scope": [None, "范围"], "title": ["甲", ""], "odd": ["a", "b"]})

    assert sorted(map(str, entry.lines)) == ["Scope: empty → 范围", "Title: 甲 → empty", "odd: a → b"]


def test_who_has_no_account_goes_by_where_it_came_from():
    assert told(actor_name="", channel="command").who == "command line"


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, ""),
        ("", ""),
        ([], ""),
        (0, "0"),
        (True, "yes"),
        (False, "no"),
        ("2026-01-02", "2026-01-02"),
        ("2026-01-02T00:30:00+00:00", "2026-01-02 08:30"),
        ("2026-01-02T00:30:00", "2026-01-02T00:30:00"),
        ("GB/T 1-2020", "GB/T 1-2020"),
        (["甲", "乙", 3], "甲、乙、3"),
        ({"甲": 1}, '{"甲": 1}'),
    ],
)
def test_values_as_people_read_them(value, text):
    assert shown(value) == text


def test_a_change_that_is_no_pair_is_what_came_after():
    assert told(changes={"title": "甲"}).lines == [Line("Title", "", "甲")]


def test_the_part_of_a_page_shows_the_events_and_escapes_what_they_hold():
    entry = told(changes={"title": ["<b>", "乙"]}, reason="更正", document="8号文")

    lines = [line.strip() for line in render_to_string("records/history.html", {"history": [entry]}).splitlines()]

    assert [line for line in lines if "wang" in line] == ["wang updated · 8号文 · 更正"]
    assert "<li>Title: &lt;b&gt; → 乙</li>" in lines


def test_an_object_without_events_says_so():
    lines = [line.strip() for line in render_to_string("records/history.html", {"history": []}).splitlines()]

    assert "<li>Nothing is on record.</li>" in lines


# --- asking for events ------------------------------------------------------------------------------------------


def test_the_history_of_an_object_is_its_own(tmp_path):
    import_csv(tmp_path, "code,title\nGB/T 1-2020,题\n")
    batch = ImportBatch.objects.get()
    record(batch, Event.Action.UPDATED, {"state": ["a", "b"]}, by=SYSTEM)

    assert [event.action for event in Event.objects.about(batch)] == ["updated", "applied"]


def test_events_of_a_division_are_those_of_its_subtree():
    for number, path in enumerate(["/320000/", "/320000/320600/", "/320000/320600/320682/", "/330000/", ""], start=1):
        make_events(number, division=path)

    assert [event.pk for event in Event.objects.in_division("/320000/320600/")] == [3, 2]


def test_labels_are_asked_by_their_beginning_to_the_letter():
    for number, label in enumerate(["GB/T 1-2020", "GB/T 10", "gb/t 1", "GB/T 2", "GB/T 1𠀀", "%"], start=1):
        make_events(number, object_label=label)

    assert [event.pk for event in Event.objects.labelled("GB/T 1")] == [5, 2, 1]
    assert [event.pk for event in Event.objects.labelled("%")] == [6]


def test_a_range_of_days_has_its_first_instant_and_not_its_last():
    days = [datetime(2026, 11, day, tzinfo=UTC) for day in (1, 2, 3)]
    for number, day in enumerate(days, start=1):
        make_events(number, at=day)

    assert [event.pk for event in Event.objects.between(days[0], days[2])] == [2, 1]
