"""What a visitor's words find, in which order: the same list on both databases."""

from datetime import date
from urllib.parse import urlencode

import pytest
from django.http import QueryDict

from catalog.editions import void_editions
from catalog.filters import StandardFilter
from catalog.models import Standard
from records.trail import Actor
from tests.factories import make_standard

pytestmark = pytest.mark.django_db
DAY = "2024-06-01"


def found(text: str, **parameters) -> list[str]:
    data = QueryDict(mutable=True)
    data.update({"q": text, "on": DAY, **parameters})
    view = StandardFilter(data, Standard.objects.visible_to(None))
    assert view.errors == {}
    return list(view.qs.values_list("number", flat=True))


@pytest.fixture
def corpus(db):
    """A small catalogue with every trap in it."""
    make_standard("GB/T 19001-2008", "质量管理体系 要求", implemented_on="2009-03-01")
    make_standard(
        "GB/T 19001-2016",
        "质量管理体系 要求",
        title_en="Quality management systems - Requirements",
        implemented_on="2017-07-01",
        replaces=["GB/T 19001-2008"],
        department="国家标准化管理委员会",
    )
    make_standard("GB/T 19000-2016", "质量管理体系 基础和术语", implemented_on="2017-07-01")
    make_standard("GB/T 190010-2020", "管理体系质量审核", implemented_on="2020-07-01")
    make_standard("GB/T 19001.2-2019", "建筑施工企业质量管理", implemented_on="2019-07-01")
    make_standard("T/ABC 19001-2021", "19001 实施指南", implemented_on="2021-01-01")
    make_standard("GB 2719-2018", "食品安全国家标准 食醋", implemented_on="2019-12-21")
    make_standard("GB/T 18187-2000", "酿造食醋", implemented_on="2001-09-01", withdrawn_on="2020-01-01")
    make_standard("GB 4806.7-2023", "食品接触用塑料材料及制品", implemented_on="2024-09-06", published_on="2023-09-06")
    make_standard("DB32/T 310-2022", "醋酸包装 100% 回收_试行", implemented_on="2022-01-01")
    make_standard(
        "T/NAME 1-2022", "𠮷田𬭛姓名用字𪚥与㛃", implemented_on="2022-01-01", department="江苏省市场监督管理局"
    )


FOUND = [
    # one, two and four characters
    ("醋", ["DB32/T 310-2022", "GB 2719-2018", "GB/T 18187-2000"]),
    (
        "质量",
        [
            "GB/T 19000-2016",
            "GB/T 19001-2016",
            "GB/T 19001-2008",
            "GB/T 190010-2020",
            "GB/T 19001.2-2019",
        ],
    ),
    ("食醋", ["GB 2719-2018", "GB/T 18187-2000"]),
    ("酿造食醋", ["GB/T 18187-2000"]),
    # several words mean all of them, in any order
    ("食品 接触", ["GB 4806.7-2023"]),
    ("接触 食品", ["GB 4806.7-2023"]),
    ("食品 体系", []),
    # without quotes the pairs may stand apart, with quotes the words stand as written
    ('"管理体系质量"', ["GB/T 190010-2020"]),
    ("“质量管理体系 要求”", ["GB/T 19001-2016", "GB/T 19001-2008"]),
    ('"质量" "术语"', ["GB/T 19000-2016"]),
    # English words and beginnings of words
    ("quality", ["GB/T 19001-2016"]),
    ("REQUIREMENTS management", ["GB/T 19001-2016"]),
    ("requ", ["GB/T 19001-2016"]),
    ('"management systems"', ["GB/T 19001-2016"]),
    # organizations
    ("国家标准化管理委员会", ["GB/T 19001-2016"]),
    ("江苏省市场监督管理局", ["T/NAME 1-2022"]),
    # pinyin initials
    ("zlgltx", ["GB/T 19000-2016", "GB/T 19001-2016", "GB/T 19001-2008"]),
    ("nzsc", ["GB/T 18187-2000"]),
    # characters beyond the basic plane
    ("𠮷", ["T/NAME 1-2022"]),
    ("𬭛", ["T/NAME 1-2022"]),
    ("𪚥", ["T/NAME 1-2022"]),
    ("㛃", ["T/NAME 1-2022"]),
    ("𠮷田𬭛", ["T/NAME 1-2022"]),
    ("𬭛𠮷", []),
    # the exact number, then its parts, then longer numbers
    (
        "GB/T 19001",
        ["GB/T 19001-2016", "GB/T 19001-2008", "GB/T 19001.2-2019", "GB/T 190010-2020"],
    ),
    ("19001-2008", ["GB/T 19001-2008"]),
    (
        "19001",
        [
            "T/ABC 19001-2021",
            "GB/T 19001-2016",
            "GB/T 19001-2008",
            "GB/T 19001.2-2019",
            "GB/T 190010-2020",
        ],
    ),
    ("GB/T 1900", ["GB/T 190010-2020", "GB/T 19001.2-2019", "GB/T 19000-2016", "GB/T 19001-2016", "GB/T 19001-2008"]),
    ("GB/T 19001 要求", ["GB/T 19001-2016", "GB/T 19001-2008"]),
    # marks are what they are
    ("%", ["DB32/T 310-2022"]),
    ("_", ["DB32/T 310-2022"]),
    ('"100%"', ["DB32/T 310-2022"]),
    ('"100% 回"', ["DB32/T 310-2022"]),
    ('"1_0"', []),
    ('"19%1"', []),
    ("*", []),
    ("\\", []),
    ("nothing at all", []),
]


def test_words_find_exactly_these_in_this_order(corpus):
    assert {text: found(text) for text, _numbers in FOUND} == dict(FOUND)


def test_relevance_puts_the_whole_title_before_its_beginning_before_its_middle():
    make_standard("GB/T 3-2020", "关于茶叶", implemented_on="2020-01-01")
    make_standard("GB/T 2-2020", "茶叶分类", implemented_on="2020-01-01")
    make_standard("GB/T 1-2020", "茶叶", implemented_on="2020-01-01")
    make_standard("GB/T 4-2020", "乌龙", implemented_on="2020-01-01", department="茶叶局")

    assert found("茶叶") == ["GB/T 1-2020", "GB/T 2-2020", "GB/T 3-2020", "GB/T 4-2020"]


def test_relevance_puts_what_is_in_force_on_the_day_first():
    make_standard("GB/T 1-2022", "茶叶", implemented_on="2025-01-01", published_on="2022-01-01")
    make_standard("GB/T 1-2010", "茶叶", implemented_on="2010-01-01", withdrawn_on="2020-01-01")
    make_standard("GB/T 1-2015", "茶叶", implemented_on="2015-01-01")

    assert found("茶叶") == ["GB/T 1-2015", "GB/T 1-2022", "GB/T 1-2010"]
    assert found("茶叶", on="2012-01-01") == ["GB/T 1-2010", "GB/T 1-2022", "GB/T 1-2015"]


@pytest.mark.parametrize(
    ("ordering", "numbers"),
    [
        ("number", ["GB 2719-2018", "GB/T 18187-2000", "DB32/T 310-2022"]),
        ("-number", ["DB32/T 310-2022", "GB/T 18187-2000", "GB 2719-2018"]),
        ("implemented_on", ["GB/T 18187-2000", "GB 2719-2018", "DB32/T 310-2022"]),
        ("-implemented_on", ["DB32/T 310-2022", "GB 2719-2018", "GB/T 18187-2000"]),
        ("relevance", ["DB32/T 310-2022", "GB 2719-2018", "GB/T 18187-2000"]),
    ],
)
def test_other_orders(corpus, ordering, numbers):
    assert found("醋", ordering=ordering) == numbers


@pytest.mark.parametrize("ordering", ["published_on", "-published_on", "implemented_on", "-implemented_on"])
def test_unknown_days_come_last_in_either_direction(ordering):
    make_standard("GB/T 1-2020", "无日期")
    make_standard("GB/T 2-2020", "有日期", published_on="2020-01-01", implemented_on="2020-02-01")

    assert found("日期", ordering=ordering) == ["GB/T 2-2020", "GB/T 1-2020"]


def test_rows_that_tie_come_in_the_same_order_every_time():
    for serial in (3, 1, 2):
        make_standard(f"GB/T {serial}-2020", "同名", published_on="2020-01-01", implemented_on="2020-01-01")

    orders = ("relevance", "published_on", "-published_on", "implemented_on", "-implemented_on")
    lists = [found("同名", ordering=ordering) for ordering in orders]

    assert lists == [["GB/T 1-2020", "GB/T 2-2020", "GB/T 3-2020"]] * len(orders)


HOSTILE = [
    "'",
    '"',
    '""',
    "“",
    "'; DROP TABLE catalog_search; --",
    "a' OR '1'='1",
    "*",
    "a*",
    "%",
    "_",
    "\\",
    "\\'",
    "a & b",
    "a | b",
    "!a",
    "a:*",
    "a <-> b",
    "NEAR(a b)",
    "NEAR(",
    "a OR b",
    "a AND NOT b",
    "NOT",
    "OR",
    "-",
    "--",
    "- a",
    "^a",
    "tokens:a",
    "{a}:b",
    "(",
    ")",
    "((((((((((",
    "a\tb\nc\rd",
    "a\x0bb\x1fc",
    "a\x00b",
    "\x00",
    "\u202e反向",
    "\u2066a\u2069",
    "👨‍👩‍👧‍👦",
    "\ufeff质量",
    "é̶̢͝",
    "＇＂％＿＼＊",
    "GB/T",
    "GB/T ",
    "/////",
    "19001-",
    "-2016",
    "1" * 200,
    "质" * 200,
    "质" * 10_000,
    "a " * 5_000,
    '"' * 10_000,
    "GB/T 1-2020 " * 800,
    "ﷺ" * 200,
    "ﷴ" * 200,
    "𐌰" * 200,
    "<script>alert(1)</script>",
    "{{ 7*7 }}",
    "${jndi:ldap://x}",
]


def test_hostile_words_are_answered(corpus, client):
    addresses = {text: "?" + urlencode({"q": text}) for text in HOSTILE} | {"half a pair": "?q=%ED%A0%80"}

    statuses = {
        text: [client.get(path + address).status_code for path in ("/standards/", "/api/v1/standards/")]
        for text, address in addresses.items()
    }

    refused = {text for text, codes in statuses.items() if codes == [400, 400]}
    assert {text: codes for text, codes in statuses.items() if text not in refused and set(codes) - {200, 302}} == {}
    assert refused == {text for text in HOSTILE if len(text.strip()) > 200 or "\x00" in text}


def test_marks_inside_words_neither_widen_nor_narrow(corpus):
    plain = found("质量 要求")

    decorated = ["质量* 要求", "(质量) 要求", "质量 OR要求".replace("OR", "& "), "质量' 要求\\", "%质量_ 要求%"]

    assert [found(text) for text in decorated] == [plain] * len(decorated)


def test_a_voided_standard_is_not_found(cataloguer):
    standard = make_standard("GB/T 1-2020", "茶叶")

    void_editions([standard], by=Actor(cataloguer), reason="误录")

    assert found("茶叶") == []


def test_a_replaced_hit_says_so_and_names_its_successor(corpus, client):
    row = client.get("/api/v1/standards/", {"q": "19001-2008", "on": DAY}).json()["results"][0]

    assert (row["status"], row["ends_on"], row["replaced_by"]) == ("replaced", "2017-07-01", ["GB/T 19001-2016"])


def test_what_was_in_force_on_a_day():
    make_standard("GB/T 1-2010", "茶叶", implemented_on="2010-01-01")
    make_standard("GB/T 1-2020", "茶叶", implemented_on="2020-01-01", replaces=["GB/T 1-2010"])

    days = {
        day: found("茶叶", status="in_force", on=day)
        for day in ("2009-12-31", "2010-01-01", "2019-12-31", "2020-01-01")
    }

    assert days == {
        "2009-12-31": [],
        "2010-01-01": ["GB/T 1-2010"],
        "2019-12-31": ["GB/T 1-2010"],
        "2020-01-01": ["GB/T 1-2020"],
    }
    assert date(2020, 1, 1) == Standard.objects.get(number="GB/T 1-2010").replaced_on
