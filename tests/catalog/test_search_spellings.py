"""Whatever way people write a number, the standard with that number is the first hit."""

import pytest
from django.http import QueryDict

from catalog.filters import StandardFilter
from catalog.models import Standard
from catalog.numbers import parse
from tests.factories import make_standard

NUMBERS = [
    "GB/T 19001-2016",
    "GB 18030-2022",
    "GB/Z 40846-2021",
    "GBZ 2.1-2019",
    "GB/T 1.1-2020",
    "GB/T 24421.2-2023",
    "GB 50016-2014",
    "GBJ 16-1987",
    "GJB 9001C-2017",
    "JJG 52-2013",
    "YY/T 0287-2017",
    "HJ 1237-2021",
    "JTG D60-2015",
    "NB/T 47013.2-2015",
    "DB/T 88-2022",
    "DB32/T 1234-2020",
    "DB32/ 4041-2021",
    "DB3206/T 1001-2020",
    "DBS32/010-2016",
    "T/CECS 20013.2-2020",
    "T/ZZB 0701-2018",
    "Q/GDW 1168-2013",
    "GB/T 44233.5-2025",
    "ISO 45001:2018",
    "CJJ 37-2012",
]
# What stands beside each and must not come first: the number as a title's word, a longer serial, a part.
DECOYS = [
    ("GB/T 190010-2020", "19001 质量管理体系指南"),
    ("GB/T 19001.9-2019", "GB/T 19001 的理解与实施"),
    ("T/QQ 7-2021", "19001 18030 40846 1234 4041 1001"),
    ("GB/T 12345-2016", "2016 2020 2021 年版说明"),
    ("GB/T 52013-2013", "JJG52 检定"),
    ("GB/T 370-1987", "2 16 37 52 88"),
]
FULL_WIDTH = {code: code + 0xFEE0 for code in range(0x21, 0x7F)} | {0x20: 0x3000}


def spellings(number: str) -> list[str]:
    serial_year = number.split(" ")[-1].removeprefix("DBS32/")
    serial = serial_year.replace(":", "-").rpartition("-")[0]
    plain = number.replace(" ", "")
    return [
        number,
        number.lower(),
        plain,
        plain.lower(),
        number.translate(FULL_WIDTH),
        number.replace("-", "—"),
        number.replace("-", "－").replace("/", "／"),
        number.replace("-", "–").replace(" ", "  "),
        f"  {number}\t",
        f"《{number}》",
        plain.replace("/", "") if number.startswith("GB") else number,
        number.replace(" ", "\u3000").replace("/", "／"),
        number.rpartition("-")[0] or number.rpartition(":")[0],
        serial_year,
        serial,
    ]


CASES = [(number, text) for number in NUMBERS for text in dict.fromkeys(spellings(number))]


def first_hit(text: str) -> str | None:
    data = QueryDict(mutable=True)
    data["q"] = text
    return StandardFilter(data, Standard.objects.visible_to(None)).qs.values_list("number", flat=True).first()


def test_there_are_at_least_two_hundred_spellings():
    assert len(CASES) >= 200


@pytest.mark.django_db
def test_every_spelling_finds_the_number_first():
    for place, number in enumerate(NUMBERS):
        make_standard(number, f"标准第{place}号", implemented_on="2000-01-01")
    for number, title in DECOYS:
        make_standard(number, title, implemented_on="2000-01-01")

    found = {(number, text): first_hit(text) for number, text in CASES}

    assert {case: hit for case, hit in found.items() if hit != str(parse(case[0]))} == {}
