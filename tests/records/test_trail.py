"""The trail: written once, in the transaction of the change, with who, when, from where, what."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import transaction
from django.db.models import ProtectedError
from django.test import RequestFactory

from records.models import AppendOnly, Event
from records.trail import SYSTEM, Actor, Change, actor_of, differences, plain, record, record_many
from tests.factories import make_standard, make_user


def written(target, **kwargs):
    record(target, Event.Action.UPDATED, {"title": ["甲", "乙"]}, by=SYSTEM, **kwargs)
    return Event.objects.latest("id")


@pytest.mark.django_db
class TestAppendOnly:
    @pytest.fixture
    def event(self):
        return written(make_user())

    def unchanged(self, event):
        return Event.objects.filter(pk=event.pk, reason="").count() == 1

    def test_an_event_is_not_saved_again(self, event):
        event.reason = "anders"

        with pytest.raises(AppendOnly):
            event.save()

        assert self.unchanged(event)

    def test_an_event_is_not_deleted(self, event):
        with pytest.raises(AppendOnly):
            event.delete()

        assert self.unchanged(event)

    @pytest.mark.parametrize(
        "write",
        [
            lambda events: events.update(reason="anders"),
            lambda events: events.delete(),
            lambda events: events.filter(reason="").update(reason="anders"),
            lambda events: events.bulk_update(list(events), ["reason"]),
        ],
    )
    def test_events_are_not_changed_in_bulk(self, event, write):
        event.reason = "anders"

        with pytest.raises(AppendOnly), transaction.atomic():
            write(Event.objects.all())

        assert self.unchanged(event)

    def test_the_account_of_an_event_is_not_deleted(self):
        user = make_user()
        record(user, Event.Action.UPDATED, {"full_name": ["", "王"]}, by=Actor(user))

        with pytest.raises(ProtectedError):
            user.delete()


@pytest.mark.django_db
def test_an_event_says_who_when_from_where_what_and_why():
    user, target = make_user("wang"), make_user("li")
    before = datetime.now(UTC)

    record(
        target,
        Event.Action.UPDATED,
        {"full_name": ["", "李"]},
        by=Actor(user, Event.Channel.WEB, "10.0.0.1"),
        reason="更正姓名",
    )

    event = Event.objects.get()
    assert before <= event.at <= datetime.now(UTC)
    assert {
        name: getattr(event, name) for name in ("actor", "actor_name", "channel", "address", "reason", "batch")
    } == {
        "actor": user,
        "actor_name": "wang",
        "channel": "web",
        "address": "10.0.0.1",
        "reason": "更正姓名",
        "batch": None,
    }
    assert (event.object_type, event.object_id, event.object_label) == ("directory.user", target.pk, "li")
    assert (event.action, event.changes) == ("updated", {"full_name": ["", "李"]})


@pytest.mark.django_db
def test_the_name_stays_as_it_was_written_then():
    user = make_user("wang")
    record(user, Event.Action.CREATED, {}, by=Actor(user))
    user.username = "wang2"
    user.save()

    assert Event.objects.get().actor_name == "wang"


@pytest.mark.django_db
def test_the_system_and_the_public_have_no_account():
    event = written(make_user())

    assert (event.actor, event.actor_name, event.channel, event.address) == (None, "", "system", "")


@pytest.mark.django_db
def test_the_actor_of_a_request_is_its_account_and_its_peer_never_a_header():
    user = make_user("wang")
    request = RequestFactory().get("/", REMOTE_ADDR="10.1.2.3", HTTP_X_FORWARDED_FOR="6.6.6.6")
    request.user = user
    public = RequestFactory().get("/", REMOTE_ADDR="10.1.2.4")
    public.user = AnonymousUser()

    assert actor_of(request) == Actor(user, "web", "10.1.2.3")
    assert actor_of(public, Event.Channel.API) == Actor(None, "api", "10.1.2.4")


@pytest.mark.django_db(transaction=True)
def test_outside_a_transaction_the_trail_refuses():
    user = make_user()

    with pytest.raises(RuntimeError):
        record(user, Event.Action.CREATED, {}, by=SYSTEM)

    assert Event.objects.count() == 0


@pytest.mark.django_db(transaction=True)
def test_the_event_goes_with_the_change_that_is_rolled_back():
    user = make_user()

    with transaction.atomic():
        record(user, Event.Action.CREATED, {}, by=SYSTEM)
        transaction.set_rollback(True)

    assert Event.objects.count() == 0


@pytest.mark.django_db
def test_an_update_without_changes_is_no_event_in_bulk_neither():
    user = make_user()

    record(user, Event.Action.UPDATED, {}, by=SYSTEM)
    count = record_many(
        [
            Change("updated", "directory.user", user.pk, "li", {}),
            Change("updated", "directory.user", user.pk, "li", {"full_name": ["", "李"]}),
        ],
        by=SYSTEM,
    )

    assert (count, Event.objects.count()) == (1, 1)


@pytest.mark.django_db
def test_a_long_label_is_cut():
    record_many([Change("created", "directory.user", 1, "长" * 300, {})], by=SYSTEM)

    assert Event.objects.get().object_label == "长" * 200


def test_differences_are_fields_with_before_and_after():
    before = {"a": 1, "b": date(2020, 1, 1), "c": "x", "d": None}
    after = {"a": 1, "b": date(2021, 1, 1), "e": Decimal("1.50"), "d": None}

    assert differences(before, after) == {
        "b": ["2020-01-01", "2021-01-01"],
        "c": ["x", None],
        "e": [None, "1.50"],
    }


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (None, None),
        (0, 0),
        ("", ""),
        ([1], [1]),
        (date(2020, 1, 1), "2020-01-01"),
        (datetime(2020, 1, 1, tzinfo=UTC), "2020-01-01T00:00:00+00:00"),
        (Decimal("0.10"), "0.10"),
    ],
)
def test_values_as_json_writes_them(value, shown):
    assert plain(value) == shown


@pytest.mark.django_db
def test_a_related_object_is_written_by_its_key():
    standard = make_standard("GB/T 1-2020")

    assert plain(standard) == standard.pk
