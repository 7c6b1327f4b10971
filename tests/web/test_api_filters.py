"""Every parameter of the list: what it keeps, and what it answers to values that mean nothing."""

import pytest

from tests.factories import make_standard

pytestmark = pytest.mark.django_db


@pytest.fixture
def corpus(db):
    make_standard(
        "GB 1-2010", "甲", implemented_on="2010-01-01", ics=["67.140.10"], ccs=["X55"], department="农业农村部"
    )
    make_standard(
        "GB/T 1-2020", "乙", published_on="2019-06-01", implemented_on="2020-01-01", ics=["67.040"], ccs=["X04"]
    )
    make_standard("GB/Z 3-2020", "丙", implemented_on="2020-01-01", withdrawn_on="2023-01-01", ics=["03.120.10"])
    make_standard("GB/T 1-2020/XG1-2022", "乙 修改单", implemented_on="2022-01-01")
    make_standard("HJ 2-2018", "丁", department="生态环境部")
    make_standard("DB32/T 5-2021", "戊", implemented_on="2021-01-01")
    make_standard("DB3206/T 6-2021", "己", implemented_on="2021-01-01")
    make_standard("DB33/T 7-2021", "庚", implemented_on="2021-01-01")
    make_standard("T/CECS 8-2021", "辛", implemented_on="2021-01-01")
    make_standard("ISO/IEC 27001:2022", "", title_en="Information security", published_on="2022-10-01")
    make_standard("NB/SH/T 0599-2013", "壬", implemented_on="2013-01-01")


def numbers(client, query: str) -> set[str]:
    response = client.get(f"/api/v1/standards/?on=2024-06-01&{query}")
    assert response.status_code == 200, response.content.decode()
    return {row["number"] for row in response.json()["results"]}


KEPT = {
    "level=provincial": {"DB32/T 5-2021", "DB33/T 7-2021"},
    "level=municipal&level=group": {"DB3206/T 6-2021", "T/CECS 8-2021"},
    "nature=mandatory&level=national": {"GB 1-2010"},
    "nature=guidance": {"GB/Z 3-2020"},
    "kind=amendment": {"GB/T 1-2020/XG1-2022"},
    "status=withdrawn": {"GB/Z 3-2020"},
    "status=withdrawn&on=2022-12-31": set(),
    "status=unknown": {"HJ 2-2018", "ISO/IEC 27001:2022"},
    "status=upcoming&on=2019-07-01": {"GB/T 1-2020"},
    "status=in_force&level=national": {"GB 1-2010", "GB/T 1-2020", "GB/T 1-2020/XG1-2022"},
    "status=in_force&status=withdrawn&level=national": {
        "GB 1-2010", "GB/T 1-2020", "GB/T 1-2020/XG1-2022", "GB/Z 3-2020",
    },
    "year=2018": {"HJ 2-2018"},
    "year=2010-2013": {"GB 1-2010", "NB/SH/T 0599-2013"},
    "ics=67": {"GB 1-2010", "GB/T 1-2020"},
    "ics=67.140": {"GB 1-2010"},
    "ics=67.140.10": {"GB 1-2010"},
    "ics=99": set(),
    "ccs=X": {"GB 1-2010", "GB/T 1-2020"},
    "ccs=x55": {"GB 1-2010"},
    "region=320000": {"DB32/T 5-2021", "DB3206/T 6-2021"},
    "region=32": {"DB32/T 5-2021", "DB3206/T 6-2021"},
    "region=3206": {"DB3206/T 6-2021"},
    "region=320600": {"DB3206/T 6-2021"},
    "region=33": {"DB33/T 7-2021"},
    "region=99": set(),
    "department=生态环境部": {"HJ 2-2018"},
    "department=生态": set(),
    "prefix=GB": {"GB 1-2010", "GB/T 1-2020", "GB/Z 3-2020", "GB/T 1-2020/XG1-2022"},
    "prefix=GB/T": {"GB/T 1-2020", "GB/T 1-2020/XG1-2022"},
    "prefix=gb/t": {"GB/T 1-2020", "GB/T 1-2020/XG1-2022"},
    "prefix=gb/z": {"GB/Z 3-2020"},
    "prefix=DB32/T": {"DB32/T 5-2021"},
    "prefix=ISO/IEC": {"ISO/IEC 27001:2022"},
    "prefix=T/CECS": {"T/CECS 8-2021"},
    "prefix=G": set(),
    "q=甲": {"GB 1-2010"},
    "q=甲&level=industry": set(),
}  # fmt: skip


def test_each_filter_keeps_exactly_these(corpus, client):
    kept = {query: wanted for query, wanted in KEPT.items() if wanted is not None}

    assert {query: numbers(client, query) for query in kept} == kept


INVALID = {
    "level=galactic": "level",
    "level=national&level=x": "level",
    "nature=x": "nature",
    "kind=x": "kind",
    "status=现行": "status",
    "on=yesterday": "on",
    "on=2024-02-30": "on",
    "on=2024-02": "on",
    "on=99999-01-01": "on",
    "on=0000-00-00": "on",
    "year=20": "year",
    "year=2020-": None,
    "year=-2020": "year",
    "year=2020-2010": "year",
    "year=2020-20201": "year",
    "year=２０２０": "year",
    "ics=67.14": "ics",
    "ics=abc": "ics",
    "ics=%00": "ics",
    "ccs=X5": "ccs",
    "ccs=A00/9": "ccs",
    "region=3": "region",
    "region=江苏": "region",
    "region=%C2%B2%C2%B2": "region",
    "department=%00": "department",
    "prefix=%00": "prefix",
    "ordering=title": "ordering",
    "ordering=password": "ordering",
    "ordering=number,title": "ordering",
    "page=0": "page",
    "page=-1": "page",
    "page=x": "page",
    "page=1.5": "page",
    "page=²": "page",
    "page=99999999999999999999": "page",
    "page=" + "0" * 5000 + "1": "page",
    "page_size=0": "page_size",
    "page_size=101": "page_size",
    "page_size=00000000199999999": "page_size",
    "page_size=": None,
    "format=pdf": "format",
    "q=%00": "q",
    "q=" + "a" * 201: "q",
    "colour=red": "colour",
    "Level=national": "Level",
    "department__name=x": "department__name",
}


def test_values_that_mean_nothing_are_refused_with_the_field(corpus, client):
    answers = {query: client.get(f"/api/v1/standards/?{query}") for query, field in INVALID.items()}

    refused = {query: field for query, field in INVALID.items() if field}
    named = {
        query: (answers[query].status_code, answers[query]["Content-Type"], _fields(answers[query]))
        for query in refused
    }
    assert named == {query: (400, "application/problem+json", {field}) for query, field in refused.items()}
    assert {query for query, response in answers.items() if response.status_code == 200} == INVALID.keys() - refused


def _fields(response) -> set[str]:
    body = response.json()
    assert body["code"] == "invalid"
    assert all(error["message"] for error in body.get("errors", []))
    return {error["field"] for error in body.get("errors", [])}


def test_facets_refuse_the_same_values(corpus, client):
    fields = {query: field for query, field in INVALID.items() if field and not query.startswith(("page", "format"))}

    statuses = {query: client.get(f"/api/v1/standards/facets/?{query}").status_code for query in fields}

    assert statuses == dict.fromkeys(fields, 400)


def test_the_page_refuses_the_same_values_and_keeps_what_was_typed(corpus, client):
    fields = {query: field for query, field in INVALID.items() if field and not query.startswith("format")}

    pages = {query: client.get(f"/standards/?q=茶叶&{query}") for query in fields if not query.startswith("q=")}

    assert {query: page.status_code for query, page in pages.items()} == dict.fromkeys(pages, 400)
    assert [query for query, page in pages.items() if 'value="茶叶"' not in page.content.decode()] == []
    assert [query for query, page in pages.items() if page.content.decode().count("<li>") < 1] == []


def test_several_mistakes_are_told_at_once(client):
    response = client.get("/api/v1/standards/?level=x&on=y")

    assert _fields(response) == {"level", "on"}


def test_unknown_parameters_of_other_lists(client):
    answers = {
        path: client.get(f"/api/v1/{path}").status_code
        for path in (
            "classifications/?scheme=udc",
            "regions/?level=village",
            "regions/?on=yesterday",
            "families/gb-t-1/?on=yesterday",
            "regions/?colour=red",
            "classifications/?colour=red",
        )
    }

    assert answers == {
        "classifications/?scheme=udc": 400,
        "regions/?level=village": 400,
        "regions/?on=yesterday": 400,
        "families/gb-t-1/?on=yesterday": 404,
        "regions/?colour=red": 400,
        "classifications/?colour=red": 400,
    }
