"""Policy documents: the register of a division's regulations, and with it every verb and page of a register."""

import json
from datetime import date

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from knox.models import get_token_model

from directory.models import PolicyDocument, Region, Role, User
from directory.registers import POLICIES
from records import exporting
from records.importing import ImportRefused, apply_batch, revert_batch
from records.models import Event, ImportRow
from records.registering import amend, enter, void
from records.registers import read_rows
from records.remarks import say
from records.trail import SYSTEM, Actor
from records.versions import Stale
from tests.factories import appoint, import_records, make_user
from tests.web.forms import form_of, opened_form

pytestmark = pytest.mark.django_db

CELLS = {
    "title": "某市标准化条例",
    "kind": "条例",
    "region": "3206",
    "issued_on": "2019.10",
    "effective_on": "2020年5月1日",
}


def region(code: str) -> Region:
    return Region.objects.valid().get(code=code)


def keeper(code: str, name: str = "keeper") -> Actor:
    user = make_user(name)
    appoint(user, Role.STAFF, code)
    return Actor(user=User.objects.get(pk=user.pk), channel="web")


def read(**cells):
    reading = read_rows(POLICIES, [CELLS | cells], clearing=True)[0]
    assert reading.problems == []
    return reading.values


def policy(by: Actor = SYSTEM, **cells) -> PolicyDocument:
    return enter(POLICIES, read(**cells), by=by)


def told(event: Event) -> tuple:
    return event.action, event.changes, event.reason


def test_cells_are_read_in_any_spelling():
    values = read()

    assert values == {
        "title": "某市标准化条例",
        "kind": "regulation",
        "region": region("320600").pk,
        "issued_on": "2019-10-01",
        "issued_precision": "month",
        "effective_on": "2020-05-01",
    }


@pytest.mark.parametrize(
    ("cells", "field", "words"),
    [
        (
            {"kind": "歌"},
            "kind",
            "“歌” is none of: local regulation、government rule、administrative measure、plan、opinion、notice、other document",
        ),
        ({"region": "乌有县"}, "region", "There is no “乌有县” on record"),
        ({"region": "鼓楼区"}, "region", None),
        ({"effective_on": "2020.5"}, "effective_on", "“2020.5” is not a full day"),
        ({"issued_on": "2020-02-31"}, "issued_on", None),
        ({"title": "长" * 201}, "title", "The text has 201 characters; 200 are the most"),
        ({"title": "a\x07b"}, "title", "Control characters are not allowed in the text."),
    ],
)
def test_a_cell_that_cannot_be_read_is_named(cells, field, words, english):
    problems = read_rows(POLICIES, [CELLS | cells])[0].problems

    assert [problem.field for problem in problems] == [field]
    assert words is None or say(problems[0]) == words


def test_a_name_of_several_divisions_waits_for_a_person(english):
    problem = read_rows(POLICIES, [CELLS | {"region": "鼓楼区"}])[0].problems[0]

    assert say(problem).startswith("“鼓楼区” may be any of: ")
    assert problem.params["candidates"].count("鼓楼区") > 1


def test_entering_leaves_a_record_and_a_trace():
    by = keeper("320600")

    made = enter(POLICIES, read(), by=by, reason="入库", document="通政发1号")

    assert (made.title, made.issued_precision, made.version) == ("某市标准化条例", "month", 1)
    event = Event.objects.about(made).get()
    assert (event.actor_name, event.action, event.reason, event.document) == ("keeper", "created", "入库", "通政发1号")
    assert event.changes["region"] == [None, f"#{region('320600').pk} 320600"]


def test_a_document_that_ends_before_it_takes_effect_is_refused_whole(english):
    with pytest.raises(ValidationError) as refusal:
        policy(ends_on="2019-01-01")

    assert refusal.value.message_dict == {"ends_on": ["A document cannot end before it takes effect."]}
    assert list(PolicyDocument.objects.all()) == []


def test_what_is_needed_and_not_said_is_named(english):
    with pytest.raises(ValidationError) as refusal:
        enter(POLICIES, {"number": "1"}, by=SYSTEM)

    assert refusal.value.message_dict == {"title": ["This is missing."], "kind": ["This is missing."]}


def test_another_divisions_document_is_neither_entered_nor_moved_there_nor_taken():
    by = keeper("320600")
    mine, foreign = policy(by), policy(title="外地办法", region="320500")

    with pytest.raises(PermissionDenied):
        policy(by, title="越界", region="320500")
    with pytest.raises(PermissionDenied):
        amend(POLICIES, mine, {"region": region("320500").pk}, version=1, by=by)
    with pytest.raises(PermissionDenied):
        amend(POLICIES, foreign, {"title": "改"}, version=1, by=by)
    with pytest.raises(PermissionDenied):
        void(POLICIES, [foreign], by=by, reason="错")

    assert sorted(PolicyDocument.objects.values_list("title", "region__code", "version")) == [
        ("外地办法", "320500", 1),
        ("某市标准化条例", "320600", 1),
    ]


def test_a_document_without_a_division_is_the_provinces():
    county, province = keeper("320682", "county"), keeper("320000", "province")
    document = policy(region="")

    assert list(PolicyDocument.objects.editable_by(county.user)) == []
    assert list(PolicyDocument.objects.editable_by(province.user)) == [document]


def test_amending_changes_what_is_named_and_says_so():
    document = policy()

    changed = amend(POLICIES, document, {"number": "第3号"}, version=1, by=SYSTEM, reason="补录")

    assert (changed.number, changed.title, changed.version) == ("第3号", "某市标准化条例", 2)
    assert told(Event.objects.about(document).first()) == ("updated", {"number": ["", "第3号"]}, "补录")


def test_amending_to_the_same_leaves_no_trace():
    document = policy()

    amend(POLICIES, document, {"title": "某市标准化条例"}, version=1, by=SYSTEM)

    assert Event.objects.about(document).count() == 1
    assert PolicyDocument.objects.get().version == 1


def test_of_two_amendments_of_one_version_the_later_is_refused():
    document = policy()
    amend(POLICIES, document, {"number": "甲"}, version=1, by=SYSTEM)

    with pytest.raises(Stale):
        amend(POLICIES, document, {"number": "乙"}, version=1, by=SYSTEM)

    assert PolicyDocument.objects.get().number == "甲"
    assert Event.objects.about(document).count() == 2


def test_voiding_needs_a_reason_and_keeps_the_record(english):
    document = policy()

    with pytest.raises(ValidationError):
        void(POLICIES, [document], by=SYSTEM, reason=" ")
    void(POLICIES, [document], by=SYSTEM, reason="重复")

    assert list(PolicyDocument.objects.visible_to(None)) == []
    assert PolicyDocument.objects.get().void_reason == "重复"
    assert told(Event.objects.about(document).first()) == ("voided", {"voided": [False, True]}, "重复")


def test_documents_that_apply_on_a_day():
    first, second = policy(), policy(title="旧办法", effective_on="2010-01-01", ends_on="2015-01-01")

    assert list(PolicyDocument.objects.effective(date(2014, 12, 31))) == [second]
    assert list(PolicyDocument.objects.effective(date(2015, 1, 1))) == []
    assert list(PolicyDocument.objects.effective(date(2020, 5, 1))) == [first]


# --- a file ---------------------------------------------------------------------------------------------------

FILE = """文件名称,文号,类型,区划,发布日期,施行日期
某市标准化条例,,条例,320600,2019-12-01,2020-05-01
某省办法,苏政1号,办法,320000,2020,
某省办法,苏政1号,办法,320000,2020,
某省办法,苏政1号,规划,320000,2020,
坏,,条例,999999,,
"""


def outcomes(batch) -> list[str]:
    return list(ImportRow.objects.filter(batch=batch).order_by("number").values_list("outcome", flat=True))


def test_a_file_is_previewed_applied_and_says_nothing_new_the_second_time(tmp_path):
    preview = import_records(tmp_path, "policies", FILE, apply=False)
    assert outcomes(preview) == ["created", "created", "unchanged", "rejected", "rejected"]
    assert PolicyDocument.objects.count() == 0

    apply_batch(preview, by=SYSTEM)
    again = import_records(tmp_path, "policies", FILE)

    assert sorted(PolicyDocument.objects.values_list("title", "issued_precision")) == [
        ("某市标准化条例", "day"),
        ("某省办法", "year"),
    ]
    assert outcomes(again) == ["unchanged", "unchanged", "unchanged", "rejected", "rejected"]
    assert again.counts == {"read": 5, "created": 0, "updated": 0, "unchanged": 3, "rejected": 2}


def test_a_reverted_file_leaves_what_was_touched_since(tmp_path):
    batch = import_records(tmp_path, "policies", FILE)
    kept = PolicyDocument.objects.get(title="某省办法")
    amend(POLICIES, kept, {"summary": "摘要"}, version=1, by=SYSTEM)

    refused = revert_batch(batch, by=SYSTEM)

    assert list(refused) == [kept.pk]
    assert list(PolicyDocument.objects.standing()) == [kept]
    assert list(batch.rows.exclude(revert_refused="").values_list("number", flat=True)) == [3]


def test_a_reverted_change_gives_back_what_stood(tmp_path):
    import_records(tmp_path, "policies", FILE)
    changed = import_records(tmp_path, "policies", FILE.replace("2019-12-01", "2018-12-01"), name="later.csv")
    assert changed.counts["updated"] == 1

    revert_batch(changed, by=SYSTEM)

    assert PolicyDocument.objects.get(title="某市标准化条例").issued_on == date(2019, 12, 1)


def test_rows_of_other_divisions_are_rejected(tmp_path, english):
    policy(title="外地条例", region="320500")
    batch = import_records(
        tmp_path,
        "policies",
        "文件名称,类型,区划,摘要\n本地,条例,320682,\n越界,条例,320500,\n外地条例,条例,320500,改\n",
        by=keeper("320600"),
    )

    assert outcomes(batch) == ["created", "rejected", "rejected"]
    assert [say(row.problems[0]) for row in batch.rows.filter(outcome="rejected")] == [
        "It belongs to another division"
    ] * 2


def test_a_record_that_changed_since_the_preview_stops_the_batch(tmp_path):
    document = policy(issued_on="2001-01-01", region="320600")
    preview = import_records(tmp_path, "policies", FILE, apply=False)
    amend(POLICIES, document, {"summary": "别人改"}, version=1, by=SYSTEM)

    with pytest.raises(ImportRefused):
        apply_batch(preview, by=SYSTEM)

    assert PolicyDocument.objects.count() == 1


# --- pages ----------------------------------------------------------------------------------------------------


def signed_in(by: Actor) -> Client:
    client = Client()
    client.force_login(by.user)
    return client


def shown_form(client: Client, document: PolicyDocument) -> dict:
    return opened_form(client, f"/registers/policies/{document.pk}/edit/")


def void_form(client: Client, document: PolicyDocument) -> dict:
    return opened_form(client, f"/registers/policies/{document.pk}/")


def test_the_list_filters_and_exports_the_same_rows(client):
    policy()
    policy(title="某省办法", kind="办法", region="320000")

    page = client.get("/registers/policies/?kind=measure")
    table = client.get("/registers/policies/?kind=measure&format=csv").getvalue().decode("utf-8-sig")

    assert [cells[0].value for _values, cells in page.context["rows"]] == ["某省办法"]
    assert [line.split(",")[0] for line in table.splitlines()[1:]] == ["某省办法"]
    assert client.get("/registers/policies/?region=3206").context["page"].count == 1
    assert client.get("/registers/policies/?colour=red").status_code == 400
    assert client.get("/registers/nothing/").status_code == 404


def test_the_list_asks_as_much_for_three_rows_as_for_one(client):
    def queries() -> int:
        with CaptureQueriesContext(connection) as asked:
            client.get("/registers/policies/")
        return len(asked)

    policy()
    once = queries()
    policy(title="二")
    policy(title="三", region="320000")

    assert queries() == once


def test_a_keeper_enters_changes_and_voids_by_hand():
    client = signed_in(keeper("320600"))

    made = client.post(
        "/registers/policies/add/", {"title": "新办法", "kind": "measure", "region": "320682", "issued_on": "2020年5月"}
    )
    document = PolicyDocument.objects.get()
    assert (made.status_code, made["Location"]) == (302, f"/registers/policies/{document.pk}/")
    form = shown_form(client, document)
    client.post(f"/registers/policies/{document.pk}/edit/", form | {"number": "5号"})
    client.post(f"/registers/policies/{document.pk}/void/", void_form(client, document) | {"reason": "误录"})

    document.refresh_from_db()
    assert (document.number, document.issued_precision, document.void_reason) == ("5号", "month", "误录")
    assert [event.action for event in Event.objects.about(document)] == ["voided", "updated", "created"]


def test_a_wrong_form_keeps_what_was_typed_and_says_where():
    answer = signed_in(keeper("320600")).post(
        "/registers/policies/add/", {"title": "新", "kind": "measure", "region": "火星"}
    )

    assert answer.status_code == 400
    assert answer.context["form"].errors == {"region": ["库中没有“火星”"]}
    assert 'value="新"' in answer.content.decode()


@pytest.mark.parametrize("take", ["mine", "theirs"])
def test_the_slower_of_two_sees_the_three_versions_and_chooses(take):
    by = keeper("320600")
    document, client = policy(), signed_in(by)
    address = f"/registers/policies/{document.pk}/edit/"
    typed = shown_form(client, document) | {"number": "我的"}
    amend(POLICIES, document, {"number": "别人的"}, version=1, by=SYSTEM)

    late = client.post(address, typed)
    chosen = form_of(late.content.decode(), "opened") | {"take-number": take}
    again = client.post(address, chosen)

    [row] = [row for row in late.context["rows"] if row.changed_by]
    assert (late.status_code, row.name, row.was, row.now, row.mine) == (409, "number", "", "别人的", "我的")
    assert again.status_code == 302
    document.refresh_from_db()
    assert (document.number, document.version) == {"mine": ("我的", 3), "theirs": ("别人的", 2)}[take]


@pytest.mark.parametrize("opened", ["", "2", "another's"])
def test_a_form_without_its_own_version_changes_and_voids_nothing(opened):
    document, other = policy(), policy(title="又一条例")
    client = signed_in(keeper("320600"))
    text = shown_form(client, other)["opened"] if opened == "another's" else opened
    typed = shown_form(client, document) | {"number": "我的", "opened": text}

    refused = client.post(f"/registers/policies/{document.pk}/edit/", typed)
    client.post(f"/registers/policies/{document.pk}/void/", {"opened": text, "reason": "误录"})

    page = refused.content.decode()
    document.refresh_from_db()
    assert (refused.status_code, document.number, document.version, document.voided_at) == (400, "", 1, None)
    assert "我的" in page
    assert client.post(f"/registers/policies/{document.pk}/edit/", form_of(page, "opened")).status_code == 302


def test_voiding_what_changed_meanwhile_is_refused():
    document, client = policy(), signed_in(keeper("320600"))
    form = void_form(client, document) | {"reason": "误录"}
    amend(POLICIES, document, {"number": "别人的"}, version=1, by=SYSTEM)

    client.post(f"/registers/policies/{document.pk}/void/", form)

    document.refresh_from_db()
    assert document.voided_at is None


def test_the_history_is_the_auditors_and_the_keepers(client):
    document, auditor = policy(), make_user("shenji")
    appoint(auditor, Role.AUDITOR)
    amend(POLICIES, document, {"kind": "measure"}, version=1, by=SYSTEM)

    def lines(reader: Client) -> list[str]:
        history = reader.get(f"/registers/policies/{document.pk}/").context["history"]
        return [str(line) for entry in history.object_list for line in entry.lines][:1]

    told = ["类别：地方性法规 → 规范性文件（办法）"]
    assert [lines(signed_in(Actor(user=auditor))), lines(signed_in(keeper("320600")))] == [told, told]
    assert [lines(signed_in(keeper("320500", "other"))), lines(client)] == [[], []]


def test_taking_a_list_away_is_written_down_for_accounts_only(client):
    policy()
    by = keeper("320600")

    signed_in(by).get("/registers/policies/?kind=regulation&format=csv")
    with_token(by).get("/api/v1/policies/?format=jsonl")
    client.get("/registers/policies/?format=csv")

    taken = Event.objects.filter(action="exported").order_by("pk")
    assert [
        (one.actor_id, one.channel, one.object_type, one.changes["rows"], one.changes["query"]) for one in taken
    ] == [
        (by.user.pk, "web", "directory.policydocument", [None, 1], [None, "kind=regulation&format=csv"]),
        (by.user.pk, "api", "directory.policydocument", [None, 1], [None, "format=jsonl"]),
    ]


def test_staff_confirm_a_large_list_with_their_password(monkeypatch):
    policy()
    policy(title="二")
    monkeypatch.setattr(exporting, "MANY", 1)

    asked = signed_in(keeper("320600")).get("/registers/policies/?format=csv")

    assert (asked.status_code, asked["Location"].startswith("/account/confirm/")) == (302, True)


def test_exports_without_an_account_are_throttled_on_the_page_and_through_the_api_together(client):
    page = [client.get("/registers/policies/?format=csv").status_code for _turn in range(5)]
    api = [client.get("/api/v1/policies/?format=csv").status_code for _turn in range(6)]
    signed = signed_in(keeper("320600")).get("/registers/policies/?format=csv").status_code

    assert (page + api, signed) == ([200] * 10 + [429], 200)


def test_another_divisions_record_is_read_not_written(client):
    document = policy(region="320500")
    keeper_page = signed_in(keeper("320600"))

    assert keeper_page.get(f"/registers/policies/{document.pk}/").context["editable"] is False
    assert keeper_page.get(f"/registers/policies/{document.pk}/edit/").status_code == 403
    assert keeper_page.post(f"/registers/policies/{document.pk}/void/", {"reason": "x"}).status_code == 403


# --- API ------------------------------------------------------------------------------------------------------


def with_token(by: Actor) -> Client:
    return Client(headers={"Authorization": f"Token {get_token_model().objects.create(by.user)[1]}"})


def test_the_api_enters_amends_and_voids_with_versions():
    client = with_token(keeper("320600"))

    made = client.post("/api/v1/policies/", json.dumps(CELLS), "application/json")
    address = f"/api/v1/policies/{made.json()['id']}/"
    blind = client.patch(address, json.dumps({"number": "1"}), "application/json")
    changed = client.patch(address, json.dumps({"number": "1"}), "application/json", headers={"If-Match": made["ETag"]})
    stale = client.patch(address, json.dumps({"number": "2"}), "application/json", headers={"If-Match": made["ETag"]})
    unsaid = client.delete(address, headers={"If-Match": changed["ETag"]})
    gone = client.delete(f"{address}?reason=x", headers={"If-Match": changed["ETag"]})

    answers = [one.status_code for one in (made, blind, changed, stale, unsaid, gone)]
    assert answers == [201, 428, 200, 412, 400, 204]
    assert (made.json()["issued_on"], made.json()["region"]) == ("2019-10", "320600")
    assert client.get(address).status_code == 404


def test_the_api_names_what_it_cannot_take():
    client = with_token(keeper("320600"))

    answer = client.post("/api/v1/policies/", json.dumps(CELLS | {"kind": "歌"}), "application/json")
    unknown = client.post("/api/v1/policies/", json.dumps({"colour": "red"}), "application/json")
    foreign = client.post("/api/v1/policies/", json.dumps(CELLS | {"region": "3205"}), "application/json")

    assert [error["field"] for error in answer.json()["errors"]] == ["kind"]
    assert [error["field"] for error in unknown.json()["errors"]] == ["colour"]
    assert (answer.status_code, unknown.status_code, foreign.status_code) == (400, 400, 403)
    assert PolicyDocument.objects.count() == 0


def test_the_api_lists_and_takes_away(client):
    policy()

    assert client.get("/api/v1/policies/?kind=regulation").json()["count"] == 1
    assert client.get("/api/v1/policies/?kind=plan").json()["results"] == []
    assert client.get("/api/v1/policies/?colour=red").status_code == 400
    assert client.get("/api/v1/policies/?format=jsonl").getvalue().decode().count("\n") == 1
