"""The auditor's page and API: every filter, the way to the end, what is shown, who may."""

import csv
import io
import json
from datetime import UTC, datetime, timedelta

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from knox.models import get_token_model

from directory.models import Role, User
from records.models import Event
from records.seals import seal_trail
from records.trail import SYSTEM
from reports.trail_pages import CHUNK, BadCursor, counted, every, part_of, read_cursor, write_cursor
from tests.factories import PASSWORD, appoint, import_csv, make_standard, make_user
from tests.guards import lifted
from tests.records.trail import execute, make_events
from tests.web.pages import Page

pytestmark = pytest.mark.django_db
AT = datetime(2026, 3, 2, 4, 0, tzinfo=UTC)


@pytest.fixture
def auditor():
    user = make_user("auditor")
    appoint(user, Role.AUDITOR)
    return User.objects.get(pk=user.pk)


@pytest.fixture
def reader(auditor):
    client = Client()
    client.force_login(auditor)
    return client


@pytest.fixture
def events(auditor):
    """Events 101 to 110, a day apart, each with one thing that no other has."""
    wang = make_user("wang", full_name="王五")
    own = {
        101: {"actor": wang, "actor_name": "wang"},
        102: {"role": "cataloguer"},
        103: {"division": "/320000/320600/320682/"},
        104: {"object_type": "catalog.standard", "object_id": 7},
        105: {"object_label": "GB/T 1-2020"},
        106: {"action": "voided"},
        107: {"channel": "api"},
        108: {"address": "10.1.2.3"},
        109: {"request_id": "abcdef012345"},
        110: {"document": "苏市监〔2026〕8号"},
    }
    for day, (pk, fields) in enumerate(own.items()):
        make_events(pk, at=AT + timedelta(days=day), **fields)


def found(reader, **asked) -> list[int]:
    answer = reader.get("/trail/", asked)
    assert answer.status_code == 200, answer.context["errors"]
    return [told.entry.event.pk for told in answer.context["entries"] if 100 < told.entry.event.pk < 200]


@pytest.mark.parametrize(
    ("asked", "pks"),
    [
        ({"actor": "wang"}, [101]),
        ({"actor": "王五"}, [101]),
        ({"role": "cataloguer"}, [102]),
        ({"division": "320682"}, [103]),
        ({"division": "3206"}, [103]),
        ({"division": "32"}, [103]),
        ({"division": "330000"}, []),
        ({"object_type": "catalog.standard"}, [104]),
        ({"object_id": "7", "object_type": "catalog.standard"}, [104]),
        ({"q": "GB/T 1"}, [105]),
        ({"q": "1-2020"}, []),
        ({"q": "1-2020", "anywhere": "on"}, [105]),
        ({"q": "%", "anywhere": "on"}, []),
        ({"action": "voided"}, [106]),
        ({"channel": "api"}, [107]),
        ({"address": "10.1.2.3"}, [108]),
        ({"request_id": "abcdef012345"}, [109]),
        ({"document": "苏市监〔2026〕8号"}, [110]),
        ({"batch": "1"}, []),
        ({"from_on": "2026-03-10"}, [110, 109]),
        ({"to_on": "2026-03-03"}, [102, 101]),
        ({"from_on": "2026-03-04", "to_on": "2026-03-05"}, [104, 103]),
        ({"action": "updated", "from_on": "2026-03-10"}, [110, 109]),
        ({"actor": "wang", "action": "voided"}, []),
    ],
)
def test_each_filter_narrows_the_view(reader, events, asked, pks):
    assert found(reader, **asked) == pks


def test_the_events_of_a_batch(reader, tmp_path):
    batch = import_csv(tmp_path, "code,title\nGB/T 1-2020,题\n")

    answer = reader.get("/trail/", {"batch": batch.pk})

    labels = {told.entry.event.object_label for told in answer.context["entries"]}
    assert labels == {"GB/T 1-2020"}


@pytest.mark.parametrize(
    "asked",
    [
        {"division": "999999"}, {"division": "x"}, {"actor": "nobody"}, {"action": "x"}, {"from_on": "昨天"},
        {"object_id": "1" * 30}, {"object_id": "-1"}, {"colour": "red"}, {"cursor": "x"}, {"q": "x" * 300}, {"q": "\x00"},
        {"batch": "x"}, {"cursor": "MjAyNi0wMS0wMSAx"},
    ],
)  # fmt: skip
def test_what_makes_no_sense_is_said(reader, asked):
    answer = reader.get("/trail/", asked)

    assert (answer.status_code, len(answer.context["errors"])) == (400, 1)


def test_events_of_one_moment_are_neither_lost_nor_told_twice():
    make_events(*range(1001, 1131), at=AT)
    everything, seen, cursor = Event.objects.all(), [], ""

    while True:
        part = part_of(everything, cursor, 50)
        seen += [event.pk for event in part.events]
        cursor = part.older
        if not cursor:
            break

    assert seen == list(range(1130, 1000, -1))
    assert [event.pk for event in every(everything)] == seen
    assert CHUNK > 130  # else `every` is tried in pieces below


def test_all_events_come_piece_by_piece(monkeypatch):
    monkeypatch.setattr("reports.trail_pages.CHUNK", 7)
    make_events(*range(1, 31), at=AT)

    assert [event.pk for event in every(Event.objects.all())] == list(range(30, 0, -1))


def test_a_cursor_names_a_place():
    make_events(5, at=AT)
    event = Event.objects.get(pk=5)

    assert read_cursor(write_cursor(event)) == (AT, 5)
    assert read_cursor("") is None
    with pytest.raises(BadCursor):
        read_cursor("5")


def test_what_is_many_is_not_counted_to_the_end(monkeypatch):
    make_events(*range(1, 8))
    assert counted(Event.objects.all()) == (7, False)

    monkeypatch.setattr("reports.trail_pages.COUNTED", 6)

    assert counted(Event.objects.all()) == (6, True)


def test_the_page_says_how_many_there_are_and_leads_on(reader):
    make_events(*range(1001, 1061), at=AT)

    first = reader.get("/trail/", {"q": "第"})
    second = reader.get("/trail/", {"q": "第", "cursor": first.context["part"].older})

    assert (first.context["count"], second.context["count"]) == ((60, False), (60, False))
    assert (len(first.context["entries"]), len(second.context["entries"])) == (50, 10)
    assert "q=%E7%AC%AC&amp;cursor=" in first.content.decode()


def test_an_event_is_told_in_words_with_its_object(reader):
    standard = make_standard("GB/T 1-2020", "茶叶")
    make_standard("GB/T 2-2020", "醋")

    answer = reader.get("/trail/", {"q": "GB/T 1-2020"})

    html = answer.content.decode()
    assert f'href="{standard.get_absolute_url()}"' in html
    assert "<ins>茶叶</ins>" in html
    assert "醋" not in Page(html).text


def test_personal_numbers_are_masked_everywhere(reader, auditor):
    make_events(1001, changes={"phone": ["13812345678", "13987654321"]}, reason="他的电话13812345678")

    seen = reader.get("/trail/").content.decode()
    confirmed = export(reader, "csv")
    key = get_token_model().objects.create(auditor)[1]
    answered = Client().get("/api/v1/trail/", headers={"Authorization": f"Token {key}"}).content.decode()
    admin = reader.get("/admin/records/event/1001/change/").content.decode()

    assert [text.count("13812345678") + text.count("13987654321") for text in (seen, confirmed, answered, admin)] == [
        0
    ] * 4
    assert "138****5678" in seen
    assert Event.objects.get(pk=1001).changes == {"phone": ["13812345678", "13987654321"]}


def test_a_page_asks_a_constant_number_of_queries(reader):
    asked = []
    for n in (1, 3, 12):
        for at in range(n):
            make_standard(f"GB/T {n}{at}-2020")
        with CaptureQueriesContext(connection) as captured:
            reader.get("/trail/")
        asked.append(len(captured))

    assert (asked[1], max(asked) <= 16) == (asked[2], True)


# --- export -----------------------------------------------------------------------------------------------------


def export(reader, form, **asked) -> str:
    reader.post("/account/confirm/", {"password": PASSWORD})
    answer = reader.get("/trail/export/", {"format": form, **asked})
    assert answer.status_code == 200
    return answer.getvalue().decode("utf-8-sig")


def test_an_export_asks_for_the_password_first(reader):
    answer = reader.get("/trail/export/", {"format": "csv", "q": "GB"})

    assert answer["Location"] == "/account/confirm/?next=%2Ftrail%2Fexport%2F%3Fformat%3Dcsv%26q%3DGB"


def test_an_export_is_the_whole_filtered_view_and_an_event(reader, events):
    rows = list(csv.DictReader(io.StringIO(export(reader, "csv", address="10.1.2.3"))))
    lines = [json.loads(line) for line in export(reader, "jsonl", q="GB/T 1").splitlines()]

    assert [len(rows), [line["id"] for line in lines]] == [1, [105]]
    assert list(Event.objects.filter(action="exported").order_by("pk").values_list("actor_name", "changes")) == [
        ("auditor", {"format": [None, "csv"], "view": [None, {"address": "10.1.2.3"}]}),
        ("auditor", {"format": [None, "jsonl"], "view": [None, {"q": "GB/T 1"}]}),
    ]


def test_an_export_as_a_sheet(reader, events):
    reader.post("/account/confirm/", {"password": PASSWORD})

    answer = reader.get("/trail/export/", {"format": "xlsx"})

    assert (answer.status_code, b"".join(answer.streaming_content)[:2]) == (200, b"PK")


def test_more_than_a_sheet_takes_is_refused_before_anything_is_written(reader, events, monkeypatch):
    monkeypatch.setattr("reports.trail_exports.SHEET_ROWS", 3)
    reader.post("/account/confirm/", {"password": PASSWORD})

    answer = reader.get("/trail/export/", {"format": "xlsx"})

    assert (answer.status_code, Event.objects.filter(action="exported").count()) == (400, 0)


def test_a_format_that_is_none_is_said(reader):
    reader.post("/account/confirm/", {"password": PASSWORD})

    assert reader.get("/trail/export/", {"format": "pdf"}).status_code == 400


# --- API --------------------------------------------------------------------------------------------------------


@pytest.fixture
def api(auditor):
    key = get_token_model().objects.create(auditor)[1]
    return lambda **asked: Client().get("/api/v1/trail/", asked, headers={"Authorization": f"Token {key}"})


def test_the_api_goes_through_all_events_by_cursor(api, events):
    seen, asked = [], {"page_size": 3, "to_on": "2026-03-11"}
    while True:
        body = api(**asked).json()
        seen += [row["id"] for row in body["results"]]
        if body["next"] is None:
            break
        asked["cursor"] = body["next"].rpartition("cursor=")[2]

    assert seen == list(range(110, 100, -1))
    assert Event.objects.filter(action="exported", channel="api").count() == 1


def test_the_api_gives_an_event_in_full(api, events):
    row = api(q="GB/T 1").json()["results"][0]

    assert row == {
        "id": 105, "at": "2026-03-06T12:00:00+08:00", "actor": "wang", "role": "", "division": "", "channel": "web",
        "address": "", "request_id": "", "action": "updated", "object_type": "a.b", "object_id": 105,
        "object_label": "GB/T 1-2020", "changes": {"title": ["甲105", "乙105"]}, "reason": "", "document": "", "batch": None,
    }  # fmt: skip


@pytest.mark.parametrize(
    "asked", [{"colour": "red"}, {"cursor": "x"}, {"page_size": "0"}, {"page_size": "x"}, {"action": "x"}]
)
def test_the_api_says_what_makes_no_sense(api, asked):
    answer = api(**asked)

    assert (answer.status_code, [one["field"] for one in answer.json()["errors"]]) == (400, list(asked))


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
def test_nobody_writes_the_trail_by_the_api(auditor, method):
    key = get_token_model().objects.create(auditor)[1]

    answer = getattr(Client(), method)(
        "/api/v1/trail/", "{}", "application/json", headers={"Authorization": f"Token {key}"}
    )

    assert (answer.status_code, Event.objects.filter(actor=auditor, action="created").count()) == (403, 0)


# --- what proves it ---------------------------------------------------------------------------------------------


@pytest.fixture
def copy(settings, tmp_path):
    settings.TRAIL_COPY = str(tmp_path / "seals.jsonl")


def shown_proof(reader):
    proof = reader.get("/trail/").context["proof"]
    return proof.seal and proof.seal.number, proof.verified is not None, proof.number, proof.fault


def test_the_page_says_until_where_the_trail_was_verified(reader, copy):
    before = shown_proof(reader)
    make_events(1001)
    seal_trail()
    call_command("verify_trail")
    verified = shown_proof(reader)
    seal_trail()

    assert (before, verified, shown_proof(reader)) == ((None, False, 0, ""), (1, True, 1, ""), (2, True, 1, ""))


def test_the_page_says_what_a_verification_found(reader, copy):
    make_events(1001)
    seal_trail()
    with lifted():
        execute("UPDATE records_event SET actor_name = 'li' WHERE id = 1001")
    with pytest.raises(CommandError):
        call_command("verify_trail")

    assert shown_proof(reader) == (1, True, 0, "event 1001 was edited")
    assert "event 1001 was edited" in reader.get("/trail/").content.decode()


def test_the_system_account_leaves_no_name(reader):
    make_standard("GB/T 1-2020", by=SYSTEM)

    assert "系统" in Page(reader.get("/trail/", {"q": "GB/T 1"}).content.decode()).text
