"""Facet counts are exact: each equals the list's count once its value is chosen."""

from urllib.parse import urlencode

import pytest
from django.core.cache import cache

from catalog.facets import facet_counts
from catalog.models import Standard
from tests.factories import make_standard

pytestmark = pytest.mark.django_db
ON = "2024-06-01"
HEADS = [
    "GB", "GB/T", "GB/Z", "HJ", "HJ/T", "NB/T", "NB/SH/T", "DB32/T", "DB3206/T", "DB33/T", "DB/T", "T/CECS",
    "T/ZZB", "Q/GDW", "YY/T", "JJG",
]  # fmt: skip
ICS = [[], ["67.140.10"], ["67.140.10", "67.040"], ["03.120.10", "67.040"], ["01.040.03", "03"]]
CCS = [[], ["X55"], ["X55", "X04"], ["A00", "X55", "A12"]]


@pytest.fixture
def corpus(db):
    """Some sixty standards of every level, nature, status, kind, year, class, division and department."""
    for place in range(60):
        head, year = HEADS[place % len(HEADS)], 1995 + place % 27
        days = [
            {"implemented_on": f"{year}-06-01", "published_on": f"{year}-01-01"},
            {"published_on": f"{year}-01-01"},
            {"implemented_on": f"{year}-06-01", "withdrawn_on": "2023-01-01"},
            {"implemented_on": "2024-12-01", "published_on": "2024-01-01"},
            {"implemented_on": f"{year}-06-01", "suspended_on": "2024-01-01", "status_document": "公告"},
            {"implemented_on": f"{year}-06-01", "withdrawal_claimed_on": "2022-01-01"},
            {"published_on": "2025-01-01"},
        ][place % 7]
        make_standard(
            f"{head} {100 + place}-{year}",
            "质量" if place % 2 else "标准 质量",
            ics=ICS[place % len(ICS)],
            ccs=CCS[place % len(CCS)],
            department=["农业农村部", "生态环境部", "", "江苏省市场监督管理局"][place % 4],
            **days,
        )
    make_standard("GB/T 900-2010", "质量", implemented_on="2010-01-01")
    make_standard("GB/T 900-2020", "质量", implemented_on="2020-01-01", replaces=["GB/T 900-2010"])
    make_standard("GB/T 900-2020/XG1-2021", "质量", implemented_on="2021-01-01")
    make_standard("GB/T 900-2020E", "Quality 质量", implemented_on="2020-01-01")
    make_standard("ISO/IEC 27001:2022", "", title_en="Quality", published_on="2022-10-01")
    make_standard("ISO/IEC TS 27008:2019", "", title_en="Quality", published_on="2019-01-01")


def get(client, path: str, parameters: list) -> dict:
    cache.clear()  # the walk asks more often than a visitor may
    response = client.get(f"/api/v1/standards/{path}?{urlencode(parameters)}")
    assert response.status_code == 200, response.content.decode()
    return response.json()


VIEWS = [
    [("on", ON)],
    [("on", "2010-01-01")],
    [("on", ON), ("q", "质量"), ("status", "in_force")],
    [("on", ON), ("level", "national"), ("level", "industry"), ("ics", "67")],
    [("on", ON), ("region", "32")],
]


@pytest.mark.parametrize("view", VIEWS, ids=lambda view: urlencode(view))
def test_every_value_counts_what_the_list_then_shows(corpus, client, view):
    facets = get(client, "facets/", view)
    kept = {name for name, _value in view}
    shown = {}
    for name, values in facets.items():
        # A chosen value of the same facet gives way to the new one.
        others = [pair for pair in view if pair[0] != name]
        for one in values:
            if name in kept:
                others = view if name not in ("level", "status", "nature", "kind") else others
            shown[name, one["value"]] = get(client, "", [*others, (name, one["value"])])["count"]

    counted = {(name, one["value"]): one["count"] for name, values in facets.items() for one in values}
    wanted = {ends: count for ends, count in counted.items() if ends[0] not in kept}
    assert {ends: shown[ends] for ends in wanted} == wanted
    assert len(wanted) > 10


def test_facets_of_a_view_add_up_to_its_count(corpus, client):
    facets, count = get(client, "facets/", VIEWS[0]), get(client, "", VIEWS[0])["count"]

    sums = {
        name: sum(one["count"] for one in facets[name])
        for name in ("status", "level", "nature", "kind", "year", "prefix")
    }

    assert count == 66
    assert sums == dict.fromkeys(sums, count)


def test_the_facets_are_of_the_filtered_view(corpus, client):
    facets = get(client, "facets/", [("on", ON), ("level", "municipal")])

    assert {name: [one["value"] for one in facets[name]] for name in ("level", "region", "prefix")} == {
        "level": ["municipal"],
        "region": ["320000", "320600"],
        "prefix": ["DB"],
    }


def test_a_standard_with_several_codes_of_one_field_counts_once():
    make_standard("GB/T 1-2020", ics=["67.040", "67.140.10", "03.120"], ccs=["X04", "X55"])

    facets = facet_counts(Standard.objects.all(), Standard.objects.get().created_at.date())

    assert [(one.value, one.count) for one in facets["ics"]] == [("03", 1), ("67", 1)]
    assert [(one.value, one.count) for one in facets["ccs"]] == [("X", 1)]


def test_a_division_counts_all_below_it(client):
    for number in ("DB32/T 1-2020", "DB3206/T 1-2020", "DB3206/T 2-2020", "DB3201/T 1-2020", "DB33/T 1-2020"):
        make_standard(number)

    facets = get(client, "facets/", [])

    assert [(one["value"], one["label"], one["count"]) for one in facets["region"]] == [
        ("320000", "江苏省", 4),
        ("320100", "南京市", 1),
        ("320600", "南通市", 2),
        ("330000", "浙江省", 1),
    ]


def test_values_come_in_an_order_of_their_own(client):
    for number, department in (("HJ 1-2018", "乙"), ("HJ 2-2020", "乙"), ("GB 1-2019", "甲")):
        make_standard(number, department=department)

    facets = get(client, "facets/", [])

    assert {name: [one["value"] for one in facets[name]] for name in ("level", "year", "department", "prefix")} == {
        "level": ["national", "industry"],
        "year": ["2020", "2019", "2018"],
        "department": ["乙", "甲"],
        "prefix": ["HJ", "GB"],
    }


def test_labels_are_words(client):
    make_standard("GB/T 1-2020", implemented_on="2020-01-01", ics=["67.040"], ccs=["X04"])

    facets = get(client, "facets/", [])

    labels = {name: values[0]["label"] for name, values in facets.items() if values}
    assert labels == {
        "status": "现行",
        "level": "国家标准",
        "nature": "推荐性",
        "kind": "标准",
        "year": "2020",
        "prefix": labels["prefix"],
        "ics": labels["ics"],
        "ccs": labels["ccs"],
    }
    assert [labels[name].split(" ")[0] for name in ("prefix", "ics", "ccs")] == ["GB", "67", "X"]


def test_a_view_without_rows_has_no_values(client):
    assert set(map(tuple, get(client, "facets/", [("q", "无此物")]).values())) == {()}
