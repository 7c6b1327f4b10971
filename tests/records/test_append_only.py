"""What was written stays: the models refuse to change it, and where someone comes past them, the database does."""

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.models import ProtectedError
from django.utils import timezone

from records.models import AppendOnly, Event, Seal
from records.trail import SYSTEM, Actor, record
from tests.factories import make_user
from tests.guards import lifted

pytestmark = pytest.mark.django_db


@pytest.fixture
def event():
    record(make_user(), Event.Action.UPDATED, {"title": ["甲", "乙"]}, by=SYSTEM)
    return Event.objects.get()


@pytest.fixture
def seal():
    return Seal.objects.create(
        number=1,
        at=timezone.now(),
        algorithm="sha256",
        first_id=1,
        last_id=9,
        count=0,
        digests=b"",
        digest="d",
        mac="m",
    )


def execute(sql, *values):
    with connection.cursor() as cursor:
        cursor.execute(sql, values)


def rows(model):
    return list(model.objects.order_by("pk").values())


def test_an_event_is_not_saved_again(event):
    before = rows(Event)
    event.reason = "anders"

    with pytest.raises(AppendOnly):
        event.save()

    assert rows(Event) == before


def test_an_event_made_up_with_the_number_of_another_does_not_take_its_place(event):
    before = rows(Event)
    forged = Event(pk=event.pk, at=timezone.now(), action="created", channel="web", object_id=1)

    with pytest.raises(IntegrityError), transaction.atomic():
        forged.save()

    assert rows(Event) == before


def test_an_event_is_not_deleted(event):
    before = rows(Event)

    with pytest.raises(AppendOnly):
        event.delete()

    assert rows(Event) == before


@pytest.mark.parametrize(
    "write",
    [
        lambda events: events.update(reason="anders"),
        lambda events: events.delete(),
        lambda events: events.filter(reason="").update(reason="anders"),
        lambda events: events.bulk_update(list(events), ["reason"]),
    ],
)
def test_events_are_not_changed_in_bulk(event, write):
    before = rows(Event)
    event.reason = "anders"

    with pytest.raises(AppendOnly), transaction.atomic():
        write(Event.objects.all())

    assert rows(Event) == before


def test_events_are_not_overwritten_by_a_bulk_insert(event):
    before = rows(Event)
    event.reason = "anders"

    with pytest.raises(IntegrityError), transaction.atomic():
        Event.objects.bulk_create([event], update_conflicts=True, unique_fields=["id"], update_fields=["reason"])

    assert rows(Event) == before


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE records_event SET reason = 'anders'",
        "UPDATE records_event SET id = id + 1000",
        "DELETE FROM records_event",
        "UPDATE records_seal SET mac = ''",
        "DELETE FROM records_seal",
    ],
)
def test_the_database_refuses_whoever_comes_past_the_models(event, seal, sql):
    before = rows(Event), rows(Seal)

    with pytest.raises(IntegrityError, match="is append-only"), transaction.atomic():
        execute(sql)

    assert (rows(Event), rows(Seal)) == before


@pytest.mark.parametrize("table", ["records_event", "records_seal"])
def test_a_table_is_not_emptied_nor_a_row_replaced(event, seal, table):
    before = rows(Event), rows(Seal)
    if connection.vendor == "postgresql":
        execute("SET CONSTRAINTS ALL IMMEDIATE")  # what still waits to be checked refuses a TRUNCATE by itself
    sql = {
        "sqlite": f"INSERT OR REPLACE INTO {table} SELECT * FROM {table}",
        "postgresql": f"TRUNCATE {table}",
    }[connection.vendor]

    with pytest.raises(IntegrityError, match="is append-only"), transaction.atomic():
        execute(sql)

    assert (rows(Event), rows(Seal)) == before


def test_without_the_triggers_the_same_would_go_through(event, seal):
    """The control: it is they that refuse."""
    with lifted():
        execute("UPDATE records_event SET reason = 'anders'")
        execute("DELETE FROM records_seal")

    assert (Event.objects.get().reason, Seal.objects.count()) == ("anders", 0)


def test_a_seal_is_neither_saved_again_nor_deleted(seal):
    for write in (seal.save, seal.delete, Seal.objects.all().delete, lambda: Seal.objects.update(mac="")):
        with pytest.raises(AppendOnly):
            write()

    assert Seal.objects.get().mac == "m"


def test_the_account_of_an_event_is_not_deleted():
    user = make_user()
    record(user, Event.Action.UPDATED, {"full_name": ["", "王"]}, by=Actor(user))

    with pytest.raises(ProtectedError):
        user.delete()
