"""Finding numbers in prose, tables and lists: places, ranges, lists, clauses, and what is no citation."""

from time import perf_counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog.numbers import find_numbers, parse


def found(text: str) -> list[str]:
    return [str(citation.number) for citation in find_numbers(text)]


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("依据GB/T 1.1-2020编写", ["GB/T 1.1-2020"]),
        ("应符合GB╱T 5782的规定", ["GB/T 5782"]),
        ("GBT14902-2012", ["GB/T 14902-2012"]),
        ("GB 50150-2016《电气装置安装工程》", ["GB 50150-2016"]),
        ("YY 1045.1-2009、YY 1045.2-2010、YY 0836-2011", ["YY 1045.1-2009", "YY 1045.2-2010", "YY 0836-2011"]),
        ("符合GB4943.1，GB9254，GB17625.1标准等", ["GB 4943.1", "GB 9254", "GB 17625.1"]),
        ("| YY 0505-2012 | YY 9706.102 |", ["YY 0505-2012", "YY 9706.102"]),
        ("| 8 | GB 9706.1 |", ["GB 9706.1"]),
        ("JJG646-2006移液器检定规程移液器GB/T6682-2008分析", ["JJG 646-2006", "GB/T 6682-2008"]),
        ("代替GB 2763-2014被GB 2763-2019代替", ["GB 2763-2014", "GB 2763-2019"]),
        (
            "DB31/T 310003-2021 / DB32/T 310003-2021 / DB33/T 310003-2021",
            ["DB31/T 310003-2021", "DB32/T 310003-2021", "DB33/T 310003-2021"],
        ),
        ("GB /T25000.51 与 YY /T 0706-2017", ["GB/T 25000.51", "YY/T 0706-2017"]),
        ("依据 GB/T\n1.1-2020 和 GB/T 1.2-\n2020", ["GB/T 1.1-2020", "GB/T 1.2-2020"]),
        ("GB/T\r\n 5782", ["GB/T 5782"]),
        ("GB\u200b/T 1.1\u200b-2020", ["GB/T 1.1-2020"]),
        ("gb/t 1.1 gbt1.1，gb 2760 sf 1234", ["GB/T 1.1", "GB/T 1.1", "GB 2760"]),
        ("(EQVIEC60060) 与 idtISO 9001:2015", ["IEC 60060", "ISO 9001:2015"]),
        ("GB/T 11766-2024/XG1-2025；GB/T 44522-2024E", ["GB/T 11766-2024/XG1-2025", "GB/T 44522-2024E"]),
        ("GB 9706.1-2007《第1号修改单》", ["GB 9706.1-2007/XG1"]),
        ("GB 50016-2014 （2018年版）", ["GB 50016-2014(2018年版)"]),
        ("GB 1095-1979（1990）", ["GB 1095-1979"]),
        ("GB/T 1.1-2020（英文版）", ["GB/T 1.1-2020E"]),
        ("GB/T 19001-2016（ISO 9001:2015，IDT）", ["GB/T 19001-2016", "ISO 9001:2015"]),
        ("T/CECS 20013.2-2020 T/NJJX001-2018 T/CAS 290", ["T/CECS 20013.2-2020", "T/NJJX 001-2018", "T/CAS 290"]),
        ("Q/GDW 1168-2013，Q/CSG 2 16 004-2019", ["Q/GDW 1168-2013", "Q/CSG 216004-2019"]),
        ("JJF（浙）1157-2019、JJF (电子) 0018-2018", ["JJF(浙) 1157-2019", "JJF(电子) 0018-2018"]),
        ("TSG D0001-2009 JTG/T D60-01-2004 JTG D60", ["TSG D0001-2009", "JTG/T D60-01-2004", "JTG D60"]),
        ("DGJ32/TJ 173-2014 DBJ/T 15-38-2019", ["DGJ32/TJ 173-2014", "DBJ/T 15-38-2019"]),
        ("DBJ50/T-123-2010 DBS 32/010-2016", ["DBJ50/T 123-2010", "DBS 32/010-2016"]),
        ("DB34/ 223-2001 DB32 4041-2021 DB/T 1-2008", ["DB34/ 223-2001", "DB32/ 4041-2021", "DB/T 1-2008"]),
        ("NB/SH/T 0599-2013 建标177-2016 CECS21：2000", ["NB/SH/T 0599-2013", "建标 177-2016", "CECS 21-2000"]),
        ("GBZ 2.1 与 GBZ/T 300.1-2017", ["GBZ 2.1", "GBZ/T 300.1-2017"]),
        ("ISO/IEC 10373-6:2011/Amd 3:2012", ["ISO/IEC 10373-6:2011/Amd 3:2012"]),
        ("IECTR 62366 ISO/TS 15066 ITU-T G.992.1 (1999)", ["IEC TR 62366", "ISO/TS 15066", "ITU-T G.992.1:1999"]),
        ("ASTMF1314 ASTM F2503-05 EN ISO 13485:2016", ["ASTM F1314", "ASTM F2503-2005", "EN ISO 13485:2016"]),
        ("AAMI TIR57:2016 NEMA NU 1-2018 IEEE 802.11", ["AAMI TIR57-2016", "NEMA NU1-2018", "IEEE 802.11"]),
        ("3 GB 9706.1 规定", ["GB 9706.1"]),
        ("见HJ 535-2009和HJ 84-2016，CJ 3456", ["HJ 535-2009", "HJ 84-2016", "CJ 3456"]),
    ],
)
def test_citations_are_found(text: str, numbers: list[str]) -> None:
    assert found(text) == numbers


@pytest.mark.parametrize(
    "text",
    [
        "内存 128GB 256GB，8 GB 3200，16 gb 2133",
        "手术室 ISO 7 级，MR 1.5T，SC 12",
        "https://openstd.samr.gov.cn/GB/T1.1-2020 www.x.cn/GB18030-2022 std.gov.cn/GB18030-2022",
        "mail to a@GB18030-2022.cn, name=GB18030-2022",
        "住建部令第 37 号，建质〔2009〕87 号，2016-05-04",
        "GB 2024年发布，ISO 100%",
        "PET/CT 12 SPECT/CT 16 T/R 12",
        "ISO/TC 84 与 TC 252",
        "XGB 1234-2020 与 ABGB/T 1.1",
        "GB\n2024",
        "GB",
        "Q/SY 1234",
        "DB320682/T 1-2019",
        "CH 12 QC 3 ABC 12-2020",
        "",
    ],
)
def test_what_is_no_citation(text: str) -> None:
    assert found(text) == []


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("GB/T 13680～13681-1992", ["GB/T 13680-1992", "GB/T 13681-1992"]),
        ("GB 1452～1453-1987 GB 1464-1987", ["GB 1452-1987", "GB 1453-1987", "GB 1464-1987"]),
        ("GB 1452~53-1987", ["GB 1452-1987", "GB 1453-1987"]),
        ("GB 999～1001-1987", ["GB 999-1987", "GB 1000-1987", "GB 1001-1987"]),
        ("YY 0099～0100-1987", ["YY 0099-1987", "YY 0100-1987"]),
        ("GB/T 4728.1～4728.3", ["GB/T 4728.1", "GB/T 4728.2", "GB/T 4728.3"]),
        ("GB/T 4728.1～GB/T 4728.3", ["GB/T 4728.1", "GB/T 4728.2", "GB/T 4728.3"]),
        ("GB/T 4728.1-2005～GB/T 4728.2-2005", ["GB/T 4728.1-2005", "GB/T 4728.2-2005"]),
        ("GB/T 4728.1至4728.2", ["GB/T 4728.1", "GB/T 4728.2"]),
        ("GB/T 19851.1~3-2005", ["GB/T 19851.1-2005", "GB/T 19851.2-2005", "GB/T 19851.3-2005"]),
        ("GB/T 1.2.1～1.2.2", ["GB/T 1.2.1", "GB/T 1.2.2"]),
        ("GB/T 1.1～1.2、1.5-2009", ["GB/T 1.1", "GB/T 1.2"]),
        ("GB/T 4728.5～4728.1", ["GB/T 4728.5"]),
        ("GB/T 4728.1～4729.5", ["GB/T 4728.1"]),
        ("GB 1452～1453.2-1987", ["GB 1452"]),
        ("GJB 9001A～9001C-2017", ["GJB 9001A"]),
        ("GB/T 4728.1-20～4728.2", ["GB/T 4728.1"]),
    ],
)
def test_ranges_are_expanded(text: str, numbers: list[str]) -> None:
    assert found(text) == numbers


def test_a_range_gives_at_most_200_numbers_and_says_so() -> None:
    fits = list(find_numbers("HG/T 20001～20200-2009"))
    cut = list(find_numbers("HG/T 20001～29999-2009"))

    assert (len(fits), {citation.problem for citation in fits}) == (200, {""})
    assert (len(cut), {citation.problem for citation in cut}) == (200, {"编号范围超过 200 个，只展开前 200 个"})
    assert str(cut[-1].number) == "HG/T 20200-2009"


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("GB/T 1.1、1.2—2020", ["GB/T 1.1", "GB/T 1.2-2020"]),
        ("YY/T 0466.1、0466.2 和 0466.3", ["YY/T 0466.1", "YY/T 0466.2", "YY/T 0466.3"]),
        ("GB 9706.1-2007、9706.4-2009", ["GB 9706.1-2007", "GB 9706.4-2009"]),
        ("GB/T 1499-2007，1500-2008", ["GB/T 1499-2007", "GB/T 1500-2008"]),
        ("GB/T 1499-2007/XG1-2008，1500-2008", ["GB/T 1499-2007/XG1-2008", "GB/T 1500-2008"]),
        ("GB/T 191-2008、2010-2015年", ["GB/T 191-2008"]),
        ("GB/T 2910-2008、2011-2015", ["GB/T 2910-2008"]),
        ("GB/T 191-2008、300 只", ["GB/T 191-2008"]),
        ("GB/T 19.1-2008、19.2%", ["GB/T 19.1-2008"]),
        ("ISO 9001、9002", ["ISO 9001"]),
    ],
)
def test_lists_without_the_prefix(text: str, numbers: list[str]) -> None:
    assert found(text) == numbers


@pytest.mark.parametrize(
    ("text", "locator"),
    [
        ("GB 5009.3-2016 第二法", "第二法"),
        ("YY/T 0316-2008《风险管理对医疗器械的应用》附录D对该产品", "附录D"),
        ("YY/T 0316-2016的附录F、G、J。", "附录F、G、J"),
        ("GB/T 15812.1附录Ａ", "附录A"),
        ("GB 9706.1-2007第3章", "第3章"),
        ("GB 9706.1-2007的50.103.2条款", "50.103.2条款"),
        ("GB 9706.1-2007（第二法）", "第二法"),
        ("GB/T 14710-2009 表A.1", "表A.1"),
        ("GB 9706.1中5.3", "5.3"),
        ("GB 15811-2001 4.5）", "4.5"),
        ("GB 15811 4.5", ""),
        ("GB 15811-2001 0.5", ""),
        ("GB 15811-2001 1.5T", ""),
        ("GB 15811-2001，其中", ""),
    ],
)
def test_the_clause_is_kept_apart(text: str, locator: str) -> None:
    (citation,) = find_numbers(text)

    assert citation.locator == locator


def test_the_clause_belongs_to_the_last_of_a_list() -> None:
    citations = list(find_numbers("YY 0466.1、0466.2-2016附录A"))

    assert [(str(c.number), c.locator) for c in citations] == [("YY 0466.1", ""), ("YY 0466.2-2016", "附录A")]


@pytest.mark.parametrize(
    ("text", "number", "problem"),
    [
        ("GB/T 27910-20 规定", "GB/T 27910", "年份不完整：“20”应写成四位年代号"),
        ("应符合GB9706.1- xxxx的要求", "GB 9706.1", "年份不完整：“XXXX”应写成四位年代号"),
        ("YY 0605.12-201", "YY 0605.12", "年份不完整：“201”应写成四位年代号"),
        ("GB/T 16886-1-2011", "GB/T 16886.1-2011", "部分号应以点与顺序号分开，不用连字符"),
        ("GB/T 1.1-1900", "GB/T 1.1", "年代号“1900”不在 1949 至 2099 之间"),
    ],
)
def test_a_flawed_number_is_found_and_flagged(text: str, number: str, problem: str) -> None:
    (citation,) = find_numbers(text)

    assert (str(citation.number), citation.problem) == (number, problem)


def test_places_are_those_of_the_text_as_given() -> None:
    text = "见《\ufeffGB\u200b／T　１.１—２０２０》，GB/T 1～2；GB/T 1.1、1.2-2020。"

    citations = list(find_numbers(text))

    assert [(citation.text, str(citation.number)) for citation in citations] == [
        ("GB\u200b／T　１.１—２０２０", "GB/T 1.1-2020"),
        ("GB/T 1～2", "GB/T 1"),
        ("GB/T 1～2", "GB/T 2"),
        ("GB/T 1.1", "GB/T 1.1"),
        ("1.2-2020", "GB/T 1.2-2020"),
    ]
    assert [text[citation.start : citation.end] for citation in citations] == [citation.text for citation in citations]


def test_the_adopted_number_is_part_of_one_citation() -> None:
    (citation,) = find_numbers("符合YY/T 0287-2017/ISO 13485:2016的要求")

    assert citation.text == "YY/T 0287-2017/ISO 13485:2016"
    assert citation.number.dual == parse("ISO 13485:2016")


def test_known_prefixes_are_found_too() -> None:
    (citation,) = find_numbers("符合WXYZ/T 12-2020", {"WXYZ": "industry"})

    assert (str(citation.number), citation.number.level) == ("WXYZ/T 12-2020", "industry")


ALPHABET = "GBTZYDQJIKSOECAM/－-—.:：~～、， 0123459年版XG()（）第号附录一至\n\u200b"


@given(st.text(st.sampled_from(ALPHABET), max_size=80))
def test_any_text_has_an_answer_that_holds(text: str) -> None:
    for citation in find_numbers(text):
        assert text[citation.start : citation.end] == citation.text
        assert citation.number.family


@given(
    st.lists(st.sampled_from(["GB/T 1.1-2020", "YY 0316", "DB32/T 1-2020", "T/CECS 213-2012", "ISO 9001:2015"])),
    st.sampled_from(["，见", "；", " | ", "\n", "与本文件"]),
)
def test_every_number_written_is_found(numbers: list[str], between: str) -> None:
    assert found(between.join(numbers)) == numbers


EVIL = ["GB", "GB/T ", "GB/T 1.", "GB 1~", "T/A", "T/AAAAAAAAAAAA", "Q/A ", "DB32/", "JJG(", "ISO 1-", "ISO/IEC ", "A1",
        " ", "\n", "GB \n", "GB 1-XX", "GB 1、", "GB 1.1、1.2", "GB 1-2000《", "http://", "附录A、", "GB 1附录A、B",
        "第1.", "\u200b", "1~", "--", "IDT", "Ａ", "GB 1-2000(2018年版)/XG1"]  # fmt: skip


@pytest.mark.parametrize("unit", EVIL)
def test_time_is_linear_in_the_text(unit: str) -> None:
    size = 20_000

    small, large = _seconds((unit * size)[:size]), _seconds((unit * size * 4)[: size * 4])

    assert large < max(0.1, 8 * small)
    assert large / (size * 4) < 50e-6


def _seconds(text: str) -> float:
    def once() -> float:
        start = perf_counter()
        for _ in find_numbers(text):
            pass
        return perf_counter() - start

    return min(once(), once())
