"""What the API answers to anybody: lists, one standard, a family, classifications, divisions."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from catalog.editions import void_editions
from records.trail import Actor
from tests.factories import import_csv, make_standard

pytestmark = pytest.mark.django_db
BASE = "http://testserver/api/v1/standards/"
NAMES = {
    "number", "title", "title_en", "level", "nature", "kind", "status", "published_on", "implemented_on", "withdrawn_on",
    "replaced_by", "replaces", "ics", "ccs", "region", "department", "url", "slug", "is_example",
}  # fmt: skip


def get(client, path: str, **parameters):
    response = client.get(f"/api/v1/{path}", parameters)
    assert response.status_code == 200, response.content.decode()
    return response.json()


def test_a_row_of_the_list_in_full(client):
    make_standard("GB/T 1-2010", "茶叶", published_on="2010-01-01", implemented_on="2010-02-01")
    make_standard(
        "GB/T 1-2020",
        "茶叶 通则",
        title_en="Tea",
        published_on="2020-01-01",
        implemented_on="2020-02-01",
        ics=["67.140.10"],
        ccs=["X55"],
        department="农业农村部",
        replaces=["GB/T 1-2010"],
    )

    answer = get(client, "standards/", q="GB/T 1-2020", on="2024-06-01")

    assert answer["results"] == [
        {
            "number": "GB/T 1-2020",
            "title": "茶叶 通则",
            "title_en": "Tea",
            "level": "national",
            "nature": "recommended",
            "kind": "standard",
            "status": "in_force",
            "published_on": "2020-01-01",
            "implemented_on": "2020-02-01",
            "withdrawn_on": None,
            "replaced_by": [],
            "replaces": ["GB/T 1-2010"],
            "ics": ["67.140.10"],
            "ccs": ["X55"],
            "region": None,
            "department": "农业农村部",
            "url": BASE + "gb-t-1-2020/",
            "slug": "gb-t-1-2020",
            "is_example": False,
        }
    ]
    assert set(answer) == {"count", "next", "previous", "on", "as_of", "results"}
    assert (answer["count"], answer["next"], answer["previous"], answer["on"]) == (1, None, None, "2024-06-01")


def test_what_a_row_adds_where_it_applies(client):
    make_standard("GB/T 1-2010", implemented_on="2010-02-01")
    make_standard("GB/T 1-2020", published_on="2024-01-01", implemented_on="2024-06-11", replaces=["GB/T 1-2010"])
    make_standard("GB/T 2-2010", implemented_on="2010-02-01")
    make_standard("GB/T 3-2020", implemented_on="2020-02-01", partly_replaces=["GB/T 2-2010"])
    make_standard("GB/T 4-2010", implemented_on="2010-02-01", withdrawal_claimed_on="2020-01-01")
    make_standard("GB/T 4-2020", implemented_on="2020-02-01")

    rows = {row["number"]: row for row in get(client, "standards/", on="2024-06-01")["results"]}
    more = {number: {k: v for k, v in row.items() if k not in NAMES} for number, row in rows.items()}

    assert more == {
        "GB/T 1-2010": {"ends_on": "2024-06-11", "days_left": 10},
        "GB/T 1-2020": {},
        "GB/T 2-2010": {"partly_replaced": True},
        "GB/T 3-2020": {},
        "GB/T 4-2010": {"inferred": True},
        "GB/T 4-2020": {},
    }
    assert (rows["GB/T 4-2010"]["status"], rows["GB/T 4-2010"]["replaced_by"]) == ("withdrawn", ["GB/T 4-2020"])
    assert [set(row) >= NAMES for row in rows.values()] == [True] * 6


def test_dates_are_as_long_as_they_are_known(client):
    make_standard(
        "GB/T 1-2014",
        published_on="2014-04-01",
        published_precision="month",
        implemented_on="2015-01-01",
        implemented_precision="year",
    )

    row = get(client, "standards/")["results"][0]

    assert (row["published_on"], row["implemented_on"]) == ("2014-04", "2015")


def test_one_standard_in_full(client, tmp_path):
    import_csv(
        tmp_path,
        "标准编号,标准名称,状态,实施日期,代替标准\nGB/T 1-2020/ISO 9-2019,茶叶,作废,2020-02-01,GB/T 1-2010\n",
        source="某网",
        name="某网_20240501.csv",
    )

    answer = get(client, "standards/gb-t-1-2020/", on="2024-06-01")

    assert set(answer) == NAMES | {
        "family", "scope", "filing_number", "relations", "claims", "flags", "on", "as_of", "version",
    }  # fmt: skip
    assert (answer["family"], answer["status"], answer["on"], answer["as_of"]) == (
        "gb-t-1",
        "withdrawn",
        "2024-06-01",
        "2024-05-01",
    )
    assert [(c["source"], c["as_of"], c["values"]["status"]) for c in answer["claims"]] == [
        ("某网", "2024-05-01", ["作废"])
    ]
    assert {(r["kind"], r["direction"], r["number"], r["slug"], r["degree"]) for r in answer["relations"]} == {
        ("adopts", "forward", "ISO 9:2019", None, "IDT"),
        ("replaces", "forward", "GB/T 1-2010", None, ""),
    }


def test_status_on_a_chosen_day_in_any_written_form(client):
    make_standard("GB/T 1-2020", published_on="2020-01-01", implemented_on="2020-02-01")

    forms = ["2020-01-15", "2020-1-15", "2020/1/15", "2020.1.15", "20200115", "2020年1月15日", "２０２０－０１－１５"]
    answers = [get(client, "standards/gb-t-1-2020/", on=form) for form in forms]

    assert {(answer["on"], answer["status"]) for answer in answers} == {("2020-01-15", "upcoming")}


def test_an_undated_number_means_its_latest_edition_in_force(client):
    make_standard("GB/T 1-2010", "茶", implemented_on="2010-01-01")
    make_standard("GB/T 1-2020", "茶", implemented_on="2020-01-01", replaces=["GB/T 1-2010"])
    make_standard("GB/T 1-2020/XG1-2021", "茶 修改单", implemented_on="2021-01-01")
    make_standard("GB/T 1-2030", "茶", published_on="2024-01-01", implemented_on="2030-01-01")
    make_standard("GB 1-2015", "茶", implemented_on="2015-01-01")

    days = {day: get(client, "families/gb-t-1/", on=day) for day in ("2005-01-01", "2015-01-01", "2024-06-01")}
    now = days["2024-06-01"]

    assert {day: answer["current"] and answer["current"]["number"] for day, answer in days.items()} == {
        "2005-01-01": None,
        "2015-01-01": "GB/T 1-2010",
        "2024-06-01": "GB/T 1-2020",
    }
    assert [row["number"] for row in now["editions"]] == [
        "GB/T 1-2030",
        "GB/T 1-2020/XG1-2021",
        "GB/T 1-2020",
        "GB/T 1-2010",
    ]
    assert (now["slug"], now["number"], now["linked"]) == ("gb-t-1", "GB/T 1", ["gb-1"])


def test_classifications_are_listed_by_scheme_parent_and_beginning(client):
    def listed(**parameters):
        return get(client, "classifications/", page_size=10_000, **parameters)["results"]

    ics, letters = listed(scheme="ics"), listed(scheme="ccs")
    one, below = listed(scheme="ics", code="03"), listed(scheme="ics", parent="03")

    assert {row["scheme"] for row in ics} == {"ics"}
    assert (len([row for row in ics if row["parent"] is None]), len(letters)) == (40, 24)
    assert [(row["code"], row["parent"], bool(row["name"]), bool(row["name_en"])) for row in one] == [
        ("03", None, True, True)
    ]
    assert below == []


def test_divisions_by_code_short_or_long_and_on_a_day(client):
    def listed(**parameters):
        return get(client, "regions/", **parameters)["results"]

    by_code = {code: listed(code=code) for code in ("320600", "3206", "32")}
    then = listed(code="320684", on="2019-01-01")
    now = listed(code="320684", on="2024-01-01")
    counties = listed(parent="3206", on="2024-01-01")

    assert by_code["320600"] == by_code["3206"]
    assert [(row["code"], row["name"]) for row in by_code["32"]] == [("320000", "江苏省")]
    assert [(row["name"], row["path"]) for row in by_code["3206"]] == [("南通市", "/320000/320600/")]
    assert ([row["name"] for row in then], now) == (["海门市"], [])
    assert "320614" in {row["code"] for row in counties}
    assert {row["parent"] for row in counties} == {"320600"}


@pytest.mark.parametrize(("path", "size"), [("regions/", 1500), ("classifications/", 30)])
def test_the_short_lists_come_in_pages_and_as_a_whole(client, path, size):
    whole = get(client, path, page_size=10_000)
    parts, address = [], f"/api/v1/{path}?page_size={size}"
    while address:
        part = client.get(address).json()
        parts.append(part)
        address = part["next"]

    assert set(whole) == {"count", "next", "previous", "results"}
    assert (whole["count"], whole["next"], whole["previous"]) == (len(whole["results"]), None, None)
    assert [row for part in parts for row in part["results"]] == whole["results"]
    assert len(get(client, path)["results"]) == min(100, whole["count"])


@pytest.mark.parametrize("path", ["regions/", "classifications/"])
@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("page=0", "page"),
        ("page=x", "page"),
        ("page=9999", "page"),
        ("page_size=10001", "page_size"),
        ("limit=1", "limit"),
    ],
)
def test_a_page_that_is_not_there_is_refused_by_name(client, path, query, field):
    answer = client.get(f"/api/v1/{path}?{query}")

    assert (answer.status_code, [one["field"] for one in answer.json()["errors"]]) == (400, [field])


@pytest.mark.parametrize("path", ["regions/", "classifications/"])
def test_a_page_of_a_short_list_asks_the_same_few_queries(client, path):
    def queries(size):
        with CaptureQueriesContext(connection) as captured:
            assert client.get(f"/api/v1/{path}?page_size={size}").status_code == 200
        return len(captured)

    assert queries(1) == queries(20)


def test_head_and_options_are_answered(client):
    make_standard("GB/T 1-2020")
    paths = [
        "standards/",
        "standards/facets/",
        "standards/gb-t-1-2020/",
        "families/gb-t-1/",
        "classifications/",
        "regions/",
    ]

    heads = [(client.head(f"/api/v1/{path}").status_code, client.head(f"/api/v1/{path}").content) for path in paths]
    options = [client.options(f"/api/v1/{path}").status_code for path in paths]

    assert heads == [(200, b"")] * len(paths)
    assert options == [200] * len(paths)


@pytest.mark.parametrize("path", ["standards/", "standards/gb-t-1-2020/", "standards/facets/", "families/gb-t-1/"])
def test_an_unchanged_answer_is_not_sent_again(client, path):
    make_standard("GB/T 1-2020")

    first = client.get(f"/api/v1/{path}")
    again = client.get(f"/api/v1/{path}", headers={"If-None-Match": first["ETag"]})
    make_standard("GB/T 1-2021", replaces=["GB/T 1-2020"], implemented_on="2021-01-01")
    changed = client.get(f"/api/v1/{path}", headers={"If-None-Match": first["ETag"]})

    assert (first.status_code, again.status_code, again.content) == (200, 304, b"")
    assert changed.status_code == 200
    assert changed["ETag"] != first["ETag"]


def test_voided_records_are_absent_everywhere(client, cataloguer):
    void_editions([make_standard("GB/T 1-2020")], by=Actor(cataloguer), reason="误录")

    statuses = {
        path: client.get(f"/api/v1/{path}").status_code
        for path in ("standards/gb-t-1-2020/", "families/gb-t-1/", "standards/")
    }

    assert statuses == {"standards/gb-t-1-2020/": 404, "families/gb-t-1/": 404, "standards/": 200}
    assert get(client, "standards/")["count"] == 0


@pytest.mark.parametrize("path", ["standards/?q=茶叶", "standards/facets/", "standards/?cursor=", "families/gb-t-1/"])
def test_the_number_of_queries_does_not_grow_with_the_rows(client, path):
    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert client.get(f"/api/v1/{path}").status_code == 200
        return len(captured)

    make_standard("GB/T 1-2000", "茶叶", ics=["67.140"], department="甲部", implemented_on="2000-01-01")
    make_standard("DB32/T 1-2000", "茶叶")
    few = queries()
    for year in range(2001, 2006):
        make_standard(
            f"GB/T 1-{year}",
            "茶叶",
            ics=["67.140.10", "01.040.67"],
            ccs=["X55"],
            department=f"部{year}",
            implemented_on=f"{year}-01-01",
            replaces=[f"GB/T 1-{year - 1}"],
        )
        make_standard(f"DB32/T {year}-{year}", "茶叶")

    assert queries() == few
