"""The trail: written once, in the transaction of the change, with who, when, from where, what."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import transaction
from django.test import RequestFactory

from records.models import Event
from records.trail import SYSTEM, Actor, Change, actor_of, differences, plain, record, record_many
from tests.factories import appoint, import_csv, make_standard, make_user


def written(target, **kwargs):
    record(target, Event.Action.UPDATED, {"title": ["甲", "乙"]}, by=SYSTEM, **kwargs)
    return Event.objects.latest("id")


@pytest.mark.django_db
def test_an_event_says_who_when_from_where_what_and_why():
    user, target = make_user("wang"), make_user("li")
    before = datetime.now(UTC)

    record(
        target,
        Event.Action.UPDATED,
        {"full_name": ["", "李"]},
        by=Actor(user, Event.Channel.WEB, "10.0.0.1", "county", "/320000/320600/", "3f2a"),
        reason="更正姓名",
        document="通市监〔2026〕8号",
    )

    event = Event.objects.get()
    assert before <= event.at <= datetime.now(UTC)
    said = {
        "actor": user,
        "actor_name": "wang",
        "role": "county",
        "division": "/320000/320600/",
        "channel": "web",
        "address": "10.0.0.1",
        "request_id": "3f2a",
        "reason": "更正姓名",
        "document": "通市监〔2026〕8号",
        "batch": None,
    }
    assert {name: getattr(event, name) for name in said} == said
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


@pytest.mark.django_db
def test_the_role_and_division_are_those_the_account_acts_in_at_that_request():
    user = make_user("wang")
    appoint(user, "staff", "320600")
    request = RequestFactory().get("/", REMOTE_ADDR="10.1.2.3")
    request.user, request.request_id = user, "3f2a"

    assert actor_of(request) == Actor(user, "web", "10.1.2.3", "staff", "/320000/320600/", "3f2a")


@pytest.mark.django_db
def test_the_event_of_a_page_carries_the_number_that_its_answer_shows(client, cataloguer, tmp_path):
    batch = import_csv(tmp_path, "code,title\nGB/T 1-2020,题\n", apply=False)
    client.force_login(cataloguer)

    response = client.post(f"/imports/{batch.pk}/discard/")

    assert Event.objects.get(action="discarded").request_id == response["X-Request-Id"]


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
