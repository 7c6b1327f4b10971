"""Columns are chosen, sorted by their heads and kept in the address; the same columns serve the page and every export."""

import csv
import io
from urllib.parse import quote

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from catalog.columns import AT_FIRST, COLUMNS
from tests.factories import make_standard
from tests.web.pages import Page, make_every_state

pytestmark = pytest.mark.django_db
LIST, API = "/standards/", "/api/v1/standards/"


def table(response) -> list[list[str]]:
    return [[text for _key, text in row["cells"]] for row in response.context["rows"]]


@pytest.fixture
def three(db):
    make_standard("GB/T 1-2010", "茶", implemented_on="2010-01-01", department="农业农村部")
    make_standard("GB/T 2-2020", "醋", implemented_on="2020-01-01")
    make_standard("DB32/T 3-2015", "米", implemented_on="2015-01-01")


def test_the_table_shows_the_chosen_columns_in_their_order(client, three):
    response = client.get(LIST, {"view": "table", "columns": "title,number,department"})

    assert [str(head["label"]) for head in response.context["heads"]] == ["名称", "编号", "主管部门"]
    assert table(response) == [
        ["茶", "GB/T 1-2010", "农业农村部"],
        ["醋", "GB/T 2-2020", ""],
        ["米", "DB32/T 3-2015", ""],
    ]


def test_boxes_that_were_ticked_choose_as_well(client, three):
    one = client.get(f"{LIST}?view=table&columns=title&columns=number&columns=title")
    other = client.get(f"{LIST}?view=table&columns=title,number")

    assert table(one) == table(other)
    assert [key for key, _label, chosen in one.context["choice"] if chosen] == ["title", "number"]


def test_until_somebody_chooses_a_few_columns_are_shown(client, three):
    response = client.get(LIST, {"view": "table"})

    assert [key for key, _text in response.context["rows"][0]["cells"]] == list(AT_FIRST)


@pytest.mark.parametrize("path", [LIST, "/standards/export/", API, "/api/v1/standards/?format=csv"])
def test_a_column_that_does_not_exist_is_reported_by_name(client, three, path):
    response = client.get(path, {"columns": "number,colour"} | ({"format": "csv"} if "csv" in path else {}))

    assert (response.status_code, "colour" in response.content.decode()) == (400, True)


@pytest.mark.parametrize(
    "query", ["view=cards", "id=x", "search=x", "examples=2", "id=" + ",".join(map(str, range(101)))]
)
def test_other_parts_of_the_view_that_mean_nothing_are_reported(client, three, query):
    assert client.get(f"{LIST}?{query}").status_code == 400


def test_heads_sort_by_what_can_be_sorted_and_turn_when_pressed_again(client, three):
    heads = {
        ordering: {
            str(head["label"]): (head["sorted"], head["ordering"])
            for head in client.get(
                LIST, {"view": "table", "columns": "number,title,implemented_on", "ordering": ordering}
            ).context["heads"]
        }
        for ordering in ("", "implemented_on", "-number")
    }

    assert heads == {
        "": {"编号": ("ascending", "-number"), "名称": ("", ""), "实施日期": ("", "implemented_on")},
        "implemented_on": {"编号": ("", "number"), "名称": ("", ""), "实施日期": ("ascending", "-implemented_on")},
        "-number": {"编号": ("descending", "number"), "名称": ("", ""), "实施日期": ("", "implemented_on")},
    }


def test_every_link_of_the_table_keeps_the_view(client):
    for serial in range(1, 8):
        make_standard(f"GB/T {serial}-2020", implemented_on="2020-01-01")
    address = f"{LIST}?view=table&columns=title,number&ordering=-number&level=national&page_size=2"

    page = client.get(f"{address}&page=3")
    tags = Page(page.content.decode()).tags
    links = [values["href"] for tag, values in tags if tag == "a" and values.get("rel") in ("prev", "next")]
    pages = [table(client.get(link)) for link in links]

    assert table(page) == [["测试用标准", "GB/T 3-2020"], ["测试用标准", "GB/T 2-2020"]]
    assert pages == [
        [["测试用标准", "GB/T 5-2020"], ["测试用标准", "GB/T 4-2020"]],
        [["测试用标准", "GB/T 1-2020"]],
    ]


def test_the_fullest_address_stays_below_four_thousand_bytes(client):
    department = "国家市场监督管理总局标准技术管理司" * 3
    filters = (
        "level=national&level=industry&nature=mandatory&kind=standard&status=in_force&status=upcoming&year=2000-2026"
    )
    place = "&on=2026-11-22&ics=67.140.10&ccs=X55&region=320682&prefix=GB/T&ordering=-implemented_on&examples=1"
    query = f"q={quote('质量 ' * 20)}&{filters}{place}&view=table&columns={','.join(COLUMNS)}&page_size=100&page=1&search=123456"
    address = f"{LIST}?{query}&department={quote(department)}" + "".join(f"&id={10**7 + n}" for n in range(100))

    response = client.get(address)

    assert (response.status_code, len(address.encode()) < 4000) == (200, True)


def test_the_table_and_the_export_show_the_same(client):
    make_every_state()
    chosen = ",".join(COLUMNS)

    shown = table(client.get(LIST, {"view": "table", "columns": chosen, "page_size": 100}))
    content = b"".join(client.get(API, {"format": "csv", "columns": chosen}).streaming_content).decode("utf-8-sig")

    exported = [row[:-1] for row in csv.reader(io.StringIO(content, newline=""))][1:]
    assert shown == exported


def test_a_table_asks_as_many_queries_for_three_rows_as_for_one(client, three):
    def queries(size: int) -> int:
        with CaptureQueriesContext(connection) as captured:
            assert client.get(LIST, {"view": "table", "page_size": size}).status_code == 200
        return len(captured)

    queries(1)
    assert queries(1) == queries(3)


def test_a_number_in_full_stays_in_the_table(client, three):
    assert client.get(LIST, {"q": "GB/T 1-2010", "view": "table"}).status_code == 200
    assert client.get(LIST, {"q": "GB/T 1-2010"}).status_code == 302
