"""What is done with a batch or a profile leaves an event of its own, beside those of the records."""

import pytest

from records.importing import ImportRefused, apply_batch, discard_batch, revert_batch
from records.mapping import remember_mapping
from records.models import Event, ImportProfile
from records.trail import Actor
from tests.factories import import_csv

pytestmark = pytest.mark.django_db

FILE = "code,title\nGB/T 1-2020,题\n"


def events_of(target):
    found = Event.objects.about(target).order_by("id")
    return [(event.action, event.changes, event.actor) for event in found]


def test_applying_and_reverting_a_batch_is_on_record(tmp_path, cataloguer, clerk):
    batch = import_csv(tmp_path, FILE, apply=False)

    apply_batch(batch, by=Actor(cataloguer))
    revert_batch(batch, by=Actor(clerk))

    assert events_of(batch) == [
        ("applied", {"state": ["previewed", "applied"]}, cataloguer),
        ("reverted", {"state": ["applied", "reverted"]}, clerk),
    ]


def test_discarding_a_batch_is_on_record(tmp_path, clerk):
    batch = import_csv(tmp_path, FILE, apply=False)

    discard_batch(batch, by=Actor(clerk))

    assert events_of(batch) == [("discarded", {"state": ["previewed", "discarded"]}, clerk)]


def test_a_move_that_is_refused_leaves_none(tmp_path, clerk):
    batch = import_csv(tmp_path, FILE)
    before = events_of(batch)

    with pytest.raises(ImportRefused):
        discard_batch(batch, by=Actor(clerk))

    assert events_of(batch) == before


def test_columns_that_are_remembered_are_on_record_where_they_differ(clerk):
    columns, by = ["code", "a", "b"], Actor(clerk)
    first, second = {"number": "code", "title": "a"}, {"number": "code", "title": "b"}

    for mapping in (first, first, second):
        remember_mapping("standards", columns, mapping, by=by)

    assert events_of(ImportProfile.objects.get()) == [
        ("created", {"mapping": [None, first]}, clerk),
        ("updated", {"mapping": [first, second]}, clerk),
    ]
