"""A view taken away: all its rows, in its order, harmless in a spreadsheet, and readable by our own import."""

import csv
import io
import json
from datetime import date, datetime

import openpyxl
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from catalog import sheets
from catalog.models import Standard
from records.exporting import FORMATS
from records.models import ImportBatch
from tests.factories import import_csv, make_standard

pytestmark = pytest.mark.django_db
LIST = "/api/v1/standards/"
HEADER = [
    "编号", "名称", "英文名称", "层级", "性质", "类别", "状态", "发布日期", "实施日期", "失效日期", "被代替为", "代替",
    "ICS", "CCS", "区划代码", "主管部门", "备注",
]  # fmt: skip


@pytest.fixture
def corpus(db):
    make_standard("GB/T 1-2010", "茶叶", published_on="2010-01-01", implemented_on="2010-02-01")
    make_standard(
        "GB/T 1-2020",
        "茶叶 通则",
        title_en="Tea",
        published_on="2020-01-01",
        implemented_on="2020-02-01",
        ics=["67.140.10", "01.040"],
        ccs=["X55"],
        department="农业农村部",
        replaces=["GB/T 1-2010"],
    )
    make_standard("GB/T 2-2014", "月", published_on="2014-04-01", published_precision="month")
    make_standard("DB32/T 3-2021", "𠮷𬭛𪚥㛃", implemented_on="2021-01-01")


def export(client, form: str, **parameters):
    response = client.get(LIST, {"format": form, "on": "2024-06-01", "ordering": "number", **parameters})
    assert response.status_code == 200, response.getvalue()
    return response, b"".join(response.streaming_content)


def csv_rows(content: bytes) -> list[dict[str, str]]:
    assert content.startswith(b"\xef\xbb\xbf")
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline="")))


def sheet(content: bytes):
    return openpyxl.load_workbook(io.BytesIO(content))


def test_csv_opens_in_chinese_excel(corpus, client):
    response, content = export(client, "csv")
    rows = csv_rows(content)

    assert response["Content-Type"] == "text/csv; charset=utf-8"
    assert response["Content-Disposition"].startswith("attachment; filename")
    assert "20240601.csv" in response["Content-Disposition"]
    assert [row["编号"] for row in rows] == ["GB/T 1-2020", "GB/T 1-2010", "GB/T 2-2014", "DB32/T 3-2021"]
    assert b"\r\n" in content
    assert b"\n" not in content.replace(b"\r\n", b"")
    assert list(rows[0].values()) == [
        "GB/T 1-2020", "茶叶 通则", "Tea", "国家标准", "推荐性", "标准", "现行", "2020-01-01", "2020-02-01", "", "", "GB/T 1-2010",
        "01.040、67.140.10", "X55", "", "农业农村部", "", rows[0]["截至"],
    ]  # fmt: skip
    assert (rows[1]["状态"], rows[2]["发布日期"], rows[3]["名称"], rows[3]["编号"]) == (
        "被代替",
        "2014-04",
        "𠮷𬭛𪚥㛃",
        "DB32/T 3-2021",
    )


def test_xlsx_has_real_dates_text_codes_and_notes(corpus, client):
    response, content = export(client, "xlsx")
    book = sheet(content)
    main, notes = book.worksheets
    rows = list(main.iter_rows(min_row=2))
    headings = [cell.value for cell in main[1]]
    first = dict(zip(headings, rows[0], strict=True))

    assert response["Content-Disposition"].startswith("attachment; filename")
    assert [row[0].value for row in rows] == ["GB/T 1-2020", "GB/T 1-2010", "GB/T 2-2014", "DB32/T 3-2021"]
    assert (first["实施日期"].value, first["实施日期"].is_date) == (datetime(2020, 2, 1), True)
    assert {cell.data_type for row in rows for cell in row if cell.value is not None} == {"s", "d"}
    assert main.freeze_panes == "A2"
    assert notes.title == "说明"
    text = " ".join(str(cell.value) for row in notes.iter_rows() for cell in row)
    assert "2024-06-01" in text
    assert ImportBatch.objects.count() == 0


def test_jsonl_rows_are_those_of_the_list(corpus, client):
    listed = client.get(LIST, {"on": "2024-06-01", "ordering": "number"}).json()

    _response, content = export(client, "jsonl")
    rows = [json.loads(line) for line in content.decode().splitlines()]

    assert rows == [{**row, "on": "2024-06-01", "as_of": listed["as_of"]} for row in listed["results"]]


@pytest.mark.parametrize("form", FORMATS)
def test_the_day_of_the_data_stands_in_every_file(client, tmp_path, form):
    import_csv(tmp_path, "标准编号,标准名称\nGB/T 1-2020,茶叶\n", source="某网", as_of=date(2023, 3, 4))

    response, content = export(client, form)
    if form == "xlsx":
        content = " ".join(str(cell.value) for row in sheet(content)["说明"] for cell in row).encode()

    assert "2023-03-04" in content.decode()
    assert response["X-Data-As-Of"] == "2023-03-04"


@pytest.mark.parametrize(
    "parameters",
    [
        {"q": "茶叶"},
        {"level": "provincial"},
        {"status": "replaced"},
        {"ordering": "-implemented_on"},
        {"ordering": "-number"},
        {"q": "茶叶", "ordering": "relevance"},
        {"q": "无此物"},
        {"on": "2010-06-01", "status": "in_force"},
    ],
)
def test_every_format_holds_the_view_in_its_order(corpus, client, parameters):
    listed = [
        row["number"]
        for row in client.get(LIST, {"on": "2024-06-01", "ordering": "number", **parameters}).json()["results"]
    ]

    files = {form: export(client, form, **parameters)[1] for form in FORMATS}

    assert [row["编号"] for row in csv_rows(files["csv"])] == listed
    assert [row[0].value for row in sheet(files["xlsx"]).worksheets[0].iter_rows(min_row=2) if row[0].value] == listed
    assert [json.loads(line)["number"] for line in files["jsonl"].decode().splitlines()] == listed


def test_an_export_is_whole_whatever_page_the_reader_was_on(corpus, client):
    _response, content = export(client, "csv", page="2", page_size="1")

    assert len(csv_rows(content)) == 4


def test_rows_come_in_pieces_with_the_same_few_queries_each(corpus, monkeypatch):
    def queries(chunk: int) -> int:
        monkeypatch.setattr(sheets, "CHUNK", chunk)
        with CaptureQueriesContext(connection) as captured:
            assert len(list(sheets.table_rows(Standard.objects.order_by("sort_key"), date(2024, 6, 1)))) == 4
        return len(captured)

    one, two, four = queries(4), queries(2), queries(1)

    assert (two - one, four - two) == (4, 8)


def test_a_piece_keeps_the_order_of_the_view(corpus, monkeypatch):
    monkeypatch.setattr(sheets, "CHUNK", 2)

    rows = sheets.table_rows(Standard.objects.order_by("-sort_key"), date(2024, 6, 1))

    assert [row["number"] for row in rows] == ["DB32/T 3-2021", "GB/T 2-2014", "GB/T 1-2010", "GB/T 1-2020"]


PAYLOADS = [
    "=1+1",
    "+1",
    "-1",
    "@SUM(A1)",
    '=HYPERLINK("http://x","x")',
    "=cmd|' /C calc'!A0",
    "＝1+1",
    "＋1",
    "－1",
    "＠x",
    "'=1",
    "''=1",
    "'",
    '"=1"',
    'a,b"c;d',
    "http://example.com",
    "1e5",
    "2024-01-01",
    "0012",
    "TRUE",
    "#REF!",
    "{=1}",
    "%0A=1",
]


@pytest.mark.parametrize("payload", PAYLOADS)
def test_no_text_can_become_a_formula(client, payload):
    make_standard("GB/T 1-2020", payload, title_en=payload, department=payload)

    rows = csv_rows(export(client, "csv")[1])
    main = sheet(export(client, "xlsx")[1]).worksheets[0]
    line = json.loads(export(client, "jsonl")[1])

    cells = {name: rows[0][name] for name in ("名称", "英文名称", "主管部门")}
    assert [cell for cell in cells.values() if cell[:1] in set("=+-@\t\r＝＋－＠")] == []
    assert {cell.data_type for cell in main[2] if cell.value is not None} == {"s"}
    assert [main[2][1].value, main[2][2].value] == [payload, payload]
    assert [cell.hyperlink for cell in main[2]] == [None] * len(main[2])
    assert (line["title"], line["title_en"], line["department"]) == (payload, payload, payload)


def test_importing_our_own_export_changes_nothing_that_was_known(corpus, client, tmp_path):
    for place, payload in enumerate(PAYLOADS):
        make_standard(f"GB/T {100 + place}-2020", payload, title_en=payload, implemented_on="2020-01-01")
    columns = (
        "number",
        "title",
        "title_en",
        "published_on",
        "implemented_on",
        "withdrawn_on",
        "replaced_on",
        "department",
    )
    before = list(Standard.objects.order_by("pk").values_list(*columns, "ics_fields", "ccs_fields"))

    _response, content = export(client, "csv", on="")
    batch = import_csv(tmp_path, content.decode(), name="标准目录.csv")

    assert batch.rejected == 0
    assert list(Standard.objects.order_by("pk").values_list(*columns, "ics_fields", "ccs_fields")) == before


def test_the_headings_are_what_the_import_reads(corpus, client):
    rows = csv_rows(export(client, "csv")[1])

    assert list(rows[0]) == [*HEADER, "截至"]
