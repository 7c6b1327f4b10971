"""Before a file is saved the page says what it will hold; large exports of staff ask for the password, all are noted."""

import csv
import io
import json
from urllib.parse import unquote

import openpyxl
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from catalog.models import Standard
from directory.models import Role, User
from records import exporting
from records.models import Event
from tests.factories import PASSWORD, appoint, make_standard, make_user

pytestmark = pytest.mark.django_db
DIALOG, FILE = "/standards/export/", "/standards/export/file/"


@pytest.fixture
def three(db):
    for number, title in (("GB/T 1-2020", "茶"), ("GB/T 2-2020", "茶具"), ("GB/T 3-2020", "醋")):
        make_standard(number, title, implemented_on="2020-01-01")


@pytest.fixture
def officer(db):
    user = make_user("officer")
    appoint(user, Role.STAFF, "320682")
    return User.objects.get(pk=user.pk)


def saved(client, **fields):
    response = client.post(FILE, {"format": "csv", "columns": ["number", "title"], **fields})
    content = b"".join(response.streaming_content) if response.streaming else response.content
    return response, content


def rows(content: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))


def name_of(response) -> str:
    return unquote(response["Content-Disposition"].partition("utf-8''")[2])


def test_the_dialog_counts_rows_and_columns_exactly(client, three):
    page = client.get(DIALOG, {"q": "茶", "columns": "number,title,status", "page": "1", "page_size": "1"})

    assert (page.context["count"], len(page.context["keys"])) == (2, 3)
    assert '将导出 2 条，<span data-count-of="columns">3</span> 列' in page.content.decode()


def test_the_file_holds_what_the_dialog_says(client, three):
    response, content = saved(client, q="茶", ordering="-number")

    assert [row[:2] for row in rows(content)] == [["编号", "名称"], ["GB/T 2-2020", "茶具"], ["GB/T 1-2020", "茶"]]
    assert content.startswith(b"\xef\xbb\xbf")
    assert response.status_code == 200


def test_only_ticked_rows_are_saved_and_only_those_of_the_view(client, three):
    ids = dict(Standard.objects.values_list("number", "pk"))
    ticked = [ids["GB/T 1-2020"], ids["GB/T 3-2020"]]

    page = client.get(DIALOG, {"id": ticked})
    _response, content = saved(client, id=ticked)
    _response, within = saved(client, id=ticked, q="茶")

    assert (page.context["count"], page.context["ticked"]) == (2, True)
    assert [row[0] for row in rows(content)[1:]] == ["GB/T 1-2020", "GB/T 3-2020"]
    assert [row[0] for row in rows(within)[1:]] == ["GB/T 1-2020"]


def test_a_workbook_has_frozen_heads_widths_dates_and_text(client, three):
    _response, content = saved(client, format="xlsx", columns=["number", "implemented_on"])
    sheet = openpyxl.load_workbook(io.BytesIO(content)).worksheets[0]

    assert ([cell.value for cell in sheet[1]], sheet.freeze_panes) == (["编号", "实施日期"], "A2")
    assert (sheet["A2"].data_type, sheet["B2"].is_date) == ("s", True)
    assert [round(sheet.column_dimensions[one].width) for one in "AB"] == [27, 13]  # Excel counts its margins


def test_json_lines_have_the_chosen_values_and_their_days(client, three):
    _response, content = saved(client, format="jsonl", columns=["number", "status", "remark"], q="醋")

    line = json.loads(content)
    assert {name: line[name] for name in ("number", "status", "remark")} == {
        "number": "GB/T 3-2020",
        "status": "in_force",
        "remark": "",
    }
    assert set(line) == {"number", "status", "remark", "on", "as_of"}


def test_a_file_is_called_what_it_is(client, three):
    day = f"{timezone.localdate():%Y%m%d}"

    names = [
        name_of(saved(client, format="xlsx")[0]),
        name_of(saved(client, q="茶")[0]),
        name_of(saved(client, ordering="number", view="table")[0]),
    ]
    client.cookies["django_language"] = "en"
    english = saved(client, q="茶", format="jsonl")[0]["Content-Disposition"]

    assert names == [f"标准目录_{day}.xlsx", f"标准目录_筛选_{day}.csv", f"标准目录_{day}.csv"]
    assert english == f'attachment; filename="standards_filtered_{day}.jsonl"'


@pytest.mark.parametrize(
    "fields", [{"columns": []}, {"format": "pdf"}, {"columns": ["colour"]}, {"colour": "red"}, {"year": "x"}]
)
def test_what_cannot_be_saved_is_said(client, three, fields):
    response, content = saved(client, **fields)

    assert (response.status_code, 'role="alert"' in content.decode()) == (400, True)


def test_an_account_leaves_a_trace_of_what_it_took(client, three, officer):
    client.force_login(officer)

    saved(client, q="茶")

    event = Event.objects.get(action="exported")
    assert (event.actor, event.object_type, event.role) == (officer, "catalog.standard", "staff")
    assert {name: after for name, (_before, after) in event.changes.items()} == {
        "query": "format=csv&columns=number&columns=title&q=%E8%8C%B6",
        "rows": 2,
        "columns": ["number", "title"],
        "format": "csv",
    }


def test_an_export_with_a_token_leaves_a_trace_and_a_visitors_none(client, three, token):
    client.get("/api/v1/standards/?format=csv&q=茶")
    assert not Event.objects.filter(action="exported").exists()

    client.get("/api/v1/standards/?format=csv&q=茶&columns=number", headers={"Authorization": f"Token {token}"})
    event = Event.objects.get(action="exported")

    assert (event.channel, event.changes["rows"], event.changes["columns"]) == ("api", [None, 2], [None, ["number"]])


def test_an_export_is_no_change_on_the_desk(client, three, officer):
    client.force_login(officer)
    saved(client)

    assert client.get("/desk/").context["desk"].changes == []


def test_staff_confirm_a_large_export_with_their_password(client, three, officer, monkeypatch):
    monkeypatch.setattr(exporting, "MANY", 2)
    client.force_login(officer)

    dialog = client.get(DIALOG, {"q": "GB"})
    asked, _content = saved(client, q="GB")
    then = asked["Location"]
    back = client.post(then, {"password": PASSWORD, "next": unquote(then.partition("next=")[2])})
    page = client.get(back["Location"])
    given, content = saved(client, q="GB")

    assert (dialog.context["asks"], asked.status_code, then.startswith("/account/confirm/")) == (True, 302, True)
    assert (back.status_code, page.context["asks"], page.context["count"]) == (302, False, 3)
    assert (given.status_code, len(rows(content))) == (200, 4)
    assert Event.objects.filter(action="exported").count() == 1


def test_a_small_export_and_that_of_an_enterprise_ask_for_nothing(client, three, officer, monkeypatch):
    monkeypatch.setattr(exporting, "MANY", 2)
    client.force_login(officer)
    small, _content = saved(client, q="茶")
    client.force_login(make_user("enterprise"))
    large, _content = saved(client)

    assert (small.status_code, large.status_code) == (200, 200)


def test_visitors_are_throttled_on_the_page_and_through_the_api_together(client, three, officer):
    api = [client.get("/api/v1/standards/?format=csv").status_code for _ in range(5)]
    page = [saved(client)[0] for _ in range(6)]
    client.force_login(officer)
    signed = [saved(client)[0].status_code for _ in range(3)]

    assert api + [one.status_code for one in page] == [200] * 10 + [429]
    assert 0 < int(page[-1]["Retry-After"]) <= 61
    assert signed == [200] * 3


def test_the_file_is_posted(client):
    assert client.get(FILE).status_code == 405


def test_the_dialog_asks_as_many_queries_for_three_rows_as_for_one(client, three):
    def queries(words: str) -> int:
        with CaptureQueriesContext(connection) as captured:
            assert client.get(DIALOG, {"q": words}).status_code == 200
        return len(captured)

    assert queries("醋") == queries("GB")
