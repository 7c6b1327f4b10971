"""Reading a standard's number: every row of the grammar, the odd ones, and what must be refused."""

import pickle
import string
from contextlib import suppress
from time import perf_counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog.numbers import NotAStandardNumber, StandardNumber, parse

# canonical form, prefix, level, nature
GRAMMAR = [
    ("GB 18030-2022", "GB 18030-2022", "GB", "national", "mandatory"),
    ("GB/T 1.1—2020", "GB/T 1.1-2020", "GB", "national", "recommended"),
    ("GBT1.1-2020", "GB/T 1.1-2020", "GB", "national", "recommended"),
    ("ＧＢ／Ｔ １.１－２０２０", "GB/T 1.1-2020", "GB", "national", "recommended"),
    ("GB/Z 179-2026", "GB/Z 179-2026", "GB", "national", "guidance"),
    ("GBZ 2.1-2019", "GBZ 2.1-2019", "GBZ", "national", "mandatory"),
    ("GBZ/T 300.1-2017", "GBZ/T 300.1-2017", "GBZ", "national", "recommended"),
    ("GB 50016-2014(2018年版)", "GB 50016-2014(2018年版)", "GB", "national", "mandatory"),
    ("GBJ 16-87", "GBJ 16-1987", "GBJ", "national", "mandatory"),
    ("GBn 247-88", "GBn 247-1988", "GBn", "national", "mandatory"),
    ("GBW 08601", "GBW 08601", "GBW", "metrology", "voluntary"),
    ("GSB 07-1234-2000", "GSB 07-1234-2000", "GSB", "other", "voluntary"),
    ("GJB 9001C-2017", "GJB 9001C-2017", "GJB", "other", "mandatory"),
    ("JJG 52-2013", "JJG 52-2013", "JJG", "metrology", "mandatory"),
    ("JJF 1001-2011", "JJF 1001-2011", "JJF", "metrology", "mandatory"),
    ("JJG(苏) 12-2019", "JJG(苏) 12-2019", "JJG", "metrology", "mandatory"),
    ("JJF（浙）1157-2019", "JJF(浙) 1157-2019", "JJF", "metrology", "mandatory"),
    ("TSG 21-2016", "TSG 21-2016", "TSG", "other", "mandatory"),
    ("TSG T7001-2013", "TSG T7001-2013", "TSG", "other", "mandatory"),
    ("DB32/T 1234-2020", "DB32/T 1234-2020", "DB", "provincial", "recommended"),
    ("DB32/ 4041-2021", "DB32/ 4041-2021", "DB", "provincial", "mandatory"),
    ("DB32 4041-2021", "DB32/ 4041-2021", "DB", "provincial", "mandatory"),
    ("DB3206/T 1001-2020", "DB3206/T 1001-2020", "DB", "municipal", "recommended"),
    ("DB 37/T 2904-2019", "DB37/T 2904-2019", "DB", "provincial", "recommended"),
    ("DB12/046.12", "DB12/ 046.12", "DB", "provincial", "mandatory"),
    ("DB3200/T 1-2019", "DB32/T 1-2019", "DB", "provincial", "recommended"),
    ("DB13(J)/T 8359-2020", "DB13(J)/T 8359-2020", "DB", "provincial", "recommended"),
    ("DB62/T 25-3001-2010", "DB62/T 25-3001-2010", "DB", "provincial", "recommended"),
    ("DB/T 1-2008", "DB/T 1-2008", "DB", "industry", "recommended"),
    ("DB 11-2020", "DB 11-2020", "DB", "industry", "mandatory"),
    ("DB/T 29-202-2010", "DB/T 29-202-2010", "DB", "provincial", "recommended"),
    ("DB 29-1-2013", "DB 29-1-2013", "DB", "provincial", "mandatory"),
    ("DBS 32/010-2016", "DBS 32/010-2016", "DBS", "provincial", "mandatory"),
    ("DBJ/T 15-38-2019", "DBJ/T 15-38-2019", "DBJ", "provincial", "recommended"),
    ("DBJ50/T-123-2010", "DBJ50/T 123-2010", "DBJ", "provincial", "recommended"),
    ("DBJ 01-602-2004", "DBJ 01-602-2004", "DBJ", "provincial", "mandatory"),
    ("DG/TJ 08-2068-2017", "DG/TJ 08-2068-2017", "DG/TJ", "provincial", "recommended"),
    ("DGJ 08-2068-2017", "DGJ 08-2068-2017", "DGJ", "provincial", "mandatory"),
    ("DGJ32/TJ 173-2014", "DGJ32/TJ 173-2014", "DGJ", "provincial", "recommended"),
    ("T/CAS 290-2017", "T/CAS 290-2017", "T", "group", "voluntary"),
    ("T/CECS 20013.2—2020", "T/CECS 20013.2-2020", "T", "group", "voluntary"),
    ("T/ZZB 0001-2018", "T/ZZB 0001-2018", "T", "group", "voluntary"),
    ("T/XZYC 0076-2025", "T/XZYC 0076-2025", "T", "group", "voluntary"),
    ("T/NJJX001-2018", "T/NJJX 001-2018", "T", "group", "voluntary"),
    ("T/SHV2X 001-2018", "T/SHV2X 001-2018", "T", "group", "voluntary"),
    ("T/CHAS 10-2-1-2018", "T/CHAS 10-2-1-2018", "T", "group", "voluntary"),
    ("T/CHAS 10-2-1", "T/CHAS 10-2-1", "T", "group", "voluntary"),
    ("T/CECS G:K50-30-2018", "T/CECS G:K50-30-2018", "T", "group", "voluntary"),
    ("Q/320684 ABC 001-2019", "Q/320684 ABC 001-2019", "Q", "enterprise", "voluntary"),
    ("Q/GDW 1168-2013", "Q/GDW 1168-2013", "Q", "enterprise", "voluntary"),
    ("Q/SY 1234-2020", "Q/SY 1234-2020", "Q", "enterprise", "voluntary"),
    ("Q/0212HDZ001-2019", "Q/0212HDZ 001-2019", "Q", "enterprise", "voluntary"),
    ("YY/T 0287-2017/ISO 13485:2016", "YY/T 0287-2017", "YY", "industry", "recommended"),
    ("GB/T 15629.11-2003/XG1-2006", "GB/T 15629.11-2003/XG1-2006", "GB", "national", "recommended"),
    ("GB 18352.6-2016/XG1-2026", "GB 18352.6-2016/XG1-2026", "GB", "national", "mandatory"),
    ("GB9744-2024/XG1-2025", "GB 9744-2024/XG1-2025", "GB", "national", "mandatory"),
    ("NB/SH/T 0599-2013", "NB/SH/T 0599-2013", "NB/SH", "industry", "recommended"),
    ("NBSHT 0599-2013", "NB/SH/T 0599-2013", "NB/SH", "industry", "recommended"),
    ("NB/T 47013.2-2015", "NB/T 47013.2-2015", "NB", "industry", "recommended"),
    ("JTG D60-2015", "JTG D60-2015", "JTG", "industry", "mandatory"),
    ("JTG/T 3310-2019", "JTG/T 3310-2019", "JTG", "industry", "recommended"),
    ("JTG/T D60-01-2004", "JTG/T D60-01-2004", "JTG", "industry", "recommended"),
    ("JTG F80/1-2017", "JTG F80/1-2017", "JTG", "industry", "mandatory"),
    ("JTG F80/1", "JTG F80/1", "JTG", "industry", "mandatory"),
    ("JTS 145-2-2013", "JTS 145-2-2013", "JTS", "industry", "mandatory"),
    ("HG 2-19885-1976", "HG 2-19885-1976", "HG", "industry", "mandatory"),
    ("ZB T 12 003-87", "ZB T12003-1987", "ZB", "industry", "mandatory"),
    ("CB*/T 3123-82", "CB/T 3123-1982", "CB", "industry", "recommended"),
    ("CJJ 37-2012", "CJJ 37-2012", "CJJ", "industry", "mandatory"),
    ("JGJ/T 23-2011", "JGJ/T 23-2011", "JGJ", "industry", "recommended"),
    ("CECS 03:2007", "CECS 03-2007", "CECS", "group", "voluntary"),
    ("GB 7000.1-2015E", "GB 7000.1-2015E", "GB", "national", "mandatory"),
    ("ISO/IEC 27001:2022", "ISO/IEC 27001:2022", "ISO/IEC", "international", "voluntary"),
    ("IEC 61000-4-2:2008", "IEC 61000-4-2:2008", "IEC", "international", "voluntary"),
    ("ISO 9001:2015/Amd 1:2024", "ISO 9001:2015/Amd 1:2024", "ISO", "international", "voluntary"),
    ("ITU-T G.992.1 (1999)", "ITU-T G.992.1:1999", "ITU-T", "international", "voluntary"),
    ("ISO TS 15066", "ISO/TS 15066", "ISO", "international", "voluntary"),
    ("IEC/TS 62622:2012", "IEC TS 62622:2012", "IEC", "international", "voluntary"),
    ("ISO/IEC Guide 51:2014", "ISO/IEC Guide 51:2014", "ISO/IEC", "international", "voluntary"),
    ("ISO IEC 27001:2022", "ISO/IEC 27001:2022", "ISO/IEC", "international", "voluntary"),
    ("DIN EN ISO 13485:2016", "DIN EN ISO 13485:2016", "DIN EN ISO", "other", "voluntary"),
    ("ISO-9001:2015", "ISO 9001:2015", "ISO", "international", "voluntary"),
    ("IEC 60601-1:2005+A1:2012/Cor 1", "IEC 60601-1:2005+A1:2012/Cor 1", "IEC", "international", "voluntary"),
    ("Q/XXX-001-2020", "Q/XXX 001-2020", "Q", "enterprise", "voluntary"),
    ("Q/AB 2E-2015", "Q/AB 2E-2015", "Q", "enterprise", "voluntary"),
    ("GB/T 24421.2", "GB/T 24421.2", "GB", "national", "recommended"),
    ("GB 2760", "GB 2760", "GB", "national", "mandatory"),
]

ODD = [
    ("GB 1095-1979（1990）", "GB 1095-1979"),
    ("GB/T 12777-2019FR", "GB/T 12777-2019FR"),
    ("GB/T 14404-2011G", "GB/T 14404-2011G"),
    ("GB/T 44522-2024E", "GB/T 44522-2024E"),
    ("GB/T 11766-2024/XG1-2025", "GB/T 11766-2024/XG1-2025"),
    ("GB/T 18356-2007/XG2-2015", "GB/T 18356-2007/XG2-2015"),
    ("GB 12268-2005/XG1-2007", "GB 12268-2005/XG1-2007"),
    ("JJF(电子)0072-2021", "JJF(电子) 0072-2021"),
    ("JJF (电子) 0018-2018", "JJF(电子) 0018-2018"),
    ("JJF (沪) 60-2018", "JJF(沪) 60-2018"),
    ("T/BSSF  0001—2024", "T/BSSF 0001-2024"),
    ("DB1310/T 255—2021", "DB1310/T 255-2021"),
    ("DB32／T 4412-2022", "DB32/T 4412-2022"),
    ("DB34/ 223-2001", "DB34/ 223-2001"),
    ("DB13/ 6187-2025", "DB13/ 6187-2025"),
    ("GB11352-1989", "GB 11352-1989"),
    ("Q/CSG 2 16 004-2019", "Q/CSG 216004-2019"),
    ("GBT14902-2012", "GB/T 14902-2012"),
    ("JGJ106－2014", "JGJ 106-2014"),
    ("GB8923-88", "GB 8923-1988"),
    ("CECS21：2000", "CECS 21-2000"),
    ("GB 50150-2016《", "GB 50150-2016"),
    ("YY/T 0316 - 2016", "YY/T 0316-2016"),
    ("IEC61233-3", "IEC 61233-3"),
    ("GB 50016-2014 （2018年版）", "GB 50016-2014(2018年版)"),
    ("GB/T 50010-2010（2024年版）", "GB/T 50010-2010(2024年版)"),
    ("GB 50038-2005（2023修订版）", "GB 50038-2005(2023年版)"),
    ("CECS 213：2012", "CECS 213-2012"),
    ("建标177-2016", "建标 177-2016"),
    ("XF87-1994", "XF 87-1994"),
    ("GB55038-2025", "GB 55038-2025"),
    ("DB12∕T 1429-2025", "DB12/T 1429-2025"),
    ("GB╱T 5782", "GB/T 5782"),
    ("GB／T 8923.1-2011", "GB/T 8923.1-2011"),
    ("GB/T 4857.5-92", "GB/T 4857.5-1992"),
    ("ISO/IEC 10373-6:2011/Amd 3:2012", "ISO/IEC 10373-6:2011/Amd 3:2012"),
    ("ISO/IEC 23001-17:2024/CD Amd 2", "ISO/IEC 23001-17:2024/CD Amd 2"),
]

REFUSED = [
    ("GB 1452～1453-1987 GB 1464-1987", "range", ""),
    ("GB/T 13680～13681-1992", "range", ""),
    ("YY 1045.1-2009、YY 1045.2-2010、YY 0836-2011、YY 0837-2011", "several", ""),
    ("DB31/T 310003-2021 / DB32/T 310003-2021 / DB33/T 310003-2021", "several", ""),
    ("GB/T 12498-1990 GB/T 12499-1990", "several", ""),
    ("ISO 9001:2015、ISO 14001:2015", "several", ""),
    ("建质〔2009〕87 号", "document", ""),
    ("建标〔2012〕177号", "document", ""),
    ("住建部令第 37 号", "document", ""),
    ("JGJ l8-2012", "misread_digit", "JGJ 18-2012"),
    ("GB/T 2O15-2O20", "misread_digit", "GB/T 2015-2020"),
    ("GB/T Ol-2X20", "malformed", ""),
    ("DB320682/T 1-2019", "county_code", ""),
    ("DB3101/T 1-2019", "county_code", ""),
    ("DB324041-2021", "county_code", ""),
    ("DB99/T 1-2020", "unknown_region", ""),
    ("DB321/T 1-2020", "unknown_region", ""),
    ("DB32/T", "malformed", ""),
    ("DB11-2020", "malformed", ""),
    ("T/IMAAMM", "malformed", ""),
    ("GB/ZT 1-2000", "malformed", ""),
    ("GB", "malformed", ""),
    ("DBJ/T 1", "malformed", ""),
    ("DBJ/T 15-12-0-2015", "part_separator", ""),
    ("DBJ/T 15-12345678", "malformed", ""),
    ("DBJ/T 15-38.A", "extra_text", "DBJ/T 15-38"),
    ("ISO", "malformed", ""),
    ("ISO A12:2000", "malformed", "ISO 12"),
    ("ISO A12.1:2000", "malformed", ""),
    ("ISO 10993.1:2018", "part_separator", "ISO 10993-1"),
    ("GB/T 16886-1-2011", "part_separator", "GB/T 16886.1-2011"),
    ("GB/T 27910-20", "incomplete_year", "GB/T 27910"),
    ("GB/T 27910-20XX", "incomplete_year", "GB/T 27910"),
    ("GB 9706.1-××××", "incomplete_year", "GB 9706.1"),
    ("GB 9706.1- xxxx", "incomplete_year", "GB 9706.1"),
    ("GB/T 10646-200", "incomplete_year", "GB/T 10646"),
    ("GB/T 1-48", "incomplete_year", "GB/T 1"),
    ("GB/T 1-2000/XG1-06", "incomplete_year", ""),
    ("GB/T 1.1-1900", "year_out_of_range", "GB/T 1.1"),
    ("GB/T 1.1-2020（报批稿）", "draft", ""),
    ("GB/T 1.1(E)", "extra_text", "GB/T 1.1"),
    ("GB 1 2/3-2000", "extra_text", "GB 1"),
    ("T/CECS DB32/20-2000", "malformed", ""),
    ("TSGT/12-2000", "unknown_prefix", ""),
    ("DB32/T IEC E", "malformed", ""),
    ("GB/T 1-2-20XX", "part_separator", "GB/T 1.2"),
    ("T/D60A", "malformed", ""),
    ("GB/T 1.1-2020①", "extra_text", "GB/T 1.1-2020"),
    ("DB15/T 4192-2025 旱地谷子", "extra_text", "DB15/T 4192-2025"),
    ("ISO 9001:2015 质量", "extra_text", "ISO 9001:2015"),
    ("YZB/国 1234-2010", "unknown_prefix", ""),
    ("WXYZ 12-2020", "unknown_prefix", ""),
    ("国家标准", "no_prefix", ""),
    ("20213456-T-469", "plan", ""),
    ("9787112250066", "book", ""),
    ("106385-2026", "filing", ""),
    ("J 12345-2014", "filing", ""),
    ("TC252", "committee", ""),
    ("ISO/IEC DIR 1 ISO SUP:2003", "directive", ""),
    ("", "empty", ""),
    ("《 》", "empty", ""),
    ("GB/T 1.1-2020" + " " * 100, "too_long", ""),
    ("GВ/Т 1.1-2020", "look_alike", "GB/T 1.1-2020"),
    ("ΙSO 9001:2015", "look_alike", "ISO 9001:2015"),
    ("GÜ 12-2020", "look_alike", ""),
    ("ԱB 12-2020", "look_alike", ""),
    ("กB 12-2020", "look_alike", ""),
    ("GB/T ٢-2020", "look_alike", ""),
]


@pytest.mark.parametrize(("text", "canonical", "prefix", "level", "nature"), GRAMMAR)
def test_grammar(text: str, canonical: str, prefix: str, level: str, nature: str) -> None:
    number = parse(text)

    assert (str(number), number.prefix, number.level, number.nature) == (canonical, prefix, level, nature)
    assert parse(canonical) == number


@pytest.mark.parametrize(("text", "canonical"), ODD)
def test_odd_numbers(text: str, canonical: str) -> None:
    number = parse(text)

    assert str(number) == canonical
    assert parse(canonical) == number


@pytest.mark.parametrize(("text", "code", "suggestion"), REFUSED)
def test_refused_with_a_reason(text: str, code: str, suggestion: str) -> None:
    with pytest.raises(NotAStandardNumber) as refusal:
        parse(text)

    assert (refusal.value.code, refusal.value.suggestion) == (code, suggestion)
    assert str(refusal.value) == refusal.value.reason
    assert any("\u4e00" <= character <= "\u9fff" for character in refusal.value.reason)


def test_reasons_name_what_is_wrong() -> None:
    reasons = {}
    for text in ("DB320682/T 1-2019", "GВ/T 1-2020", "GB/T ٢-2020", "WXYZ 12-2020"):
        with pytest.raises(NotAStandardNumber) as refusal:
            parse(text)
        reasons[text] = refusal.value.reason

    assert reasons == {
        "DB320682/T 1-2019": "地方标准代号只有两位（省）或四位（设区的市）数字，DB320682 是六位的县级代码，"
        "县级不能发布地方标准",
        "GВ/T 1-2020": "含有西里尔字母“В”，请改用普通的拉丁字母和数字",
        "GB/T ٢-2020": "含有其他文字的数字“٢”，请改用普通的拉丁字母和数字",
        "WXYZ 12-2020": "“WXYZ”不是已知的标准代号",
    }


def test_refusal_survives_pickling() -> None:
    refusal = NotAStandardNumber("code", "原因", "GB 1")

    copy = pickle.loads(pickle.dumps(refusal))

    assert (copy.code, copy.reason, copy.suggestion) == ("code", "原因", "GB 1")


def test_all_attributes_of_one_number() -> None:
    number = parse("GB/T 15629.11-2003/XG1-2006")

    assert (number.prefix, number.mark, number.head, number.body, number.region) == ("GB", "T", "GB/T", "", "")
    assert (number.level, number.nature, number.kind) == ("national", "recommended", "amendment")
    assert (number.serial, number.part, number.year, number.year_printed) == ("15629", "11", 2003, "2003")
    assert (number.amendment, number.edition, number.dual, number.locator) == ("XG1-2006", "", None, "")
    assert number.key == "gb/t 15629.11-2003/xg1-2006"
    assert number.family_key == "gb/t 15629.11"
    assert number.base_key == "gb 15629.11"
    assert number.slug == "gb-t-15629.11-2003-xg1-2006"
    assert number.family_slug == "gb-t-15629.11"
    assert number.number_fold == "gbt15629x11y2003xg1y2006"
    assert number.serial_fold == "15629x11y2003xg1y2006"


@pytest.mark.parametrize(
    ("text", "region", "body"),
    [
        ("DB32/T 1234-2020", "320000", ""),
        ("DB3206/T 1001-2020", "320600", ""),
        ("DBS 32/010-2016", "320000", ""),
        ("DGJ32/TJ 173-2014", "320000", ""),
        ("DBJ/T 15-38-2019", "440000", ""),
        ("DBJ 61-65-2011", "610000", ""),
        ("DBJ 09-65-2011", "", ""),
        ("DG/TJ 08-2068-2017", "310000", ""),
        ("DB/T 29-202-2010", "120000", ""),
        ("DB/T 1-2008", "", ""),
        ("JJG(苏) 12-2019", "320000", "苏"),
        ("JJF(电子)0072-2021", "", "电子"),
        ("JJF（CR）032-2020", "", "CR"),
        ("T/CECA-G 0001-2018", "", "CECA-G"),
        ("Q/320684 ABC 001-2019", "320684", "320684 ABC"),
        ("Q/320684 001-2019", "320684", "320684"),
        ("Q/0212HDZ001-2019", "", "0212HDZ"),
        ("Q/CSG 2 16 004-2019", "", "CSG"),
    ],
)
def test_region_and_body(text: str, region: str, body: str) -> None:
    number = parse(text)

    assert (number.region, number.body) == (region, body)


@pytest.mark.parametrize(
    ("text", "year", "printed"),
    [
        ("GB/T 1764-79", 1979, "79"),
        ("GB 1-49", 1949, "49"),
        ("GB 1-99", 1999, "99"),
        ("GB 1", None, ""),
        ("ASTM F899-12b", 2012, "12"),
        ("ASTM D638-72", 1972, "72"),
        ("ITU-T G.992.1 (06/1999)", 1999, "1999"),
        ("ISO 9001-2015", 2015, "2015"),
        ("ISO 10993-18", None, ""),
    ],
)
def test_year_as_meant_and_as_printed(text: str, year: int | None, printed: str) -> None:
    number = parse(text)

    assert (number.year, number.year_printed) == (year, printed)


@pytest.mark.parametrize(
    ("text", "canonical", "note", "edition"),
    [
        ("GB 1095-1979(1990)", "GB 1095-1979", "1990", ""),
        ("JB 4732-1995(R2005)", "JB 4732-1995", "r2005", ""),
        ("JB 4732-1995(2005年确认)", "JB 4732-1995", "2005年确认", ""),
        ("GB/T 14833-2011（部分）", "GB/T 14833-2011", "部分", ""),
        ("GB 50016-2014(2018)", "GB 50016-2014(2018年版)", "2018", "2018年版"),
        ("JGJ 39-2016(2019年版)", "JGJ 39-2016(2019年版)", "2019年版", "2019年版"),
        ("GB 50038-2005（2023修订版）", "GB 50038-2005(2023年版)", "2023修订版", "2023年版"),
        ("GB/T 1.1-2020（英文版）", "GB/T 1.1-2020E", "", "E"),
        ("GB/T 1.1-2020(E)", "GB/T 1.1-2020E", "", "E"),
        ("GB 50016-2014(2018年版)E", "GB 50016-2014(2018年版)E", "2018年版", "2018年版E"),
        ("BS EN 60601-1:2006+A1:2013", "BS EN 60601-1:2006+A1:2013", "", "+A1:2013"),
        ("IEC 60601-1:2005+AMD1:2012 CSV", "IEC 60601-1:2005+A1:2012", "", "+A1:2012"),
        ("ISO 9001:2015(E)", "ISO 9001:2015", "", ""),
        ("UL 60601-1:2003", "UL 60601-1-2003", "", ""),
    ],
)
def test_notes_and_editions(text: str, canonical: str, note: str, edition: str) -> None:
    number = parse(text)

    assert (str(number), number.note, number.edition) == (canonical, note, edition)


@pytest.mark.parametrize(
    ("text", "kind", "base"),
    [
        ("GB/T 1.1-2020", "standard", None),
        ("GB 50016-2014(2018年版)", "standard", None),
        ("GB/T 44522-2024E", "translation", "GB/T 44522-2024"),
        ("GB 12268-2005/XG1-2007", "amendment", "GB 12268-2005"),
        ("GB 12268-2005/XG1-2007E", "translation", "GB 12268-2005/XG1-2007"),
        ("GB 9706.1-2007第1号修改单", "amendment", "GB 9706.1-2007"),
        ("GB 9706.1-2007第1号勘误", "corrigendum", "GB 9706.1-2007"),
        ("ISO 10002:2004/Cor 1:2009", "corrigendum", "ISO 10002:2004"),
        ("ISO 10532:1995/Amd 1:2004/Cor 1:2006", "corrigendum", "ISO 10532:1995/Amd 1:2004"),
        ("ISO 10033-1:2011/DAM 1", "amendment", "ISO 10033-1:2011"),
        ("ISO/IEC 23001-17:2024/CD Amd 2", "amendment", "ISO/IEC 23001-17:2024"),
    ],
)
def test_kind_and_base(text: str, kind: str, base: str | None) -> None:
    number = parse(text)

    assert number.kind == kind
    assert number.base == (parse(base) if base else None)


@pytest.mark.parametrize(
    ("text", "canonical", "stage", "base_key"),
    [
        ("ISO/IEC 23001-17:2024/CD Amd 2", "ISO/IEC 23001-17:2024/CD Amd 2", "CD", "iso/iec 23001-17"),
        ("ISO 10033-1:2011/DAM 1", "ISO 10033-1:2011/DAM 1", "DAM", "iso 10033-1"),
        ("IEC/DIS 61400-4", "IEC DIS 61400-4", "DIS", "iec 61400-4"),
        ("IEC/CD TR 61400-4-2", "IEC CD TR 61400-4-2", "CD", "iec 61400-4-2"),
        ("IEC/CD 63465.2", "IEC CD 63465.2", "CD", "iec 63465.2"),
        ("CD IWA 45", "IWA CD 45", "CD", "iwa 45"),
        ("ISO 9001:2015", "ISO 9001:2015", "", "iso 9001"),
    ],
)
def test_draft_stages_are_read_but_apart(text: str, canonical: str, stage: str, base_key: str) -> None:
    number = parse(text)

    assert (str(number), number.stage, number.base_key) == (canonical, stage, base_key)


@pytest.mark.parametrize(
    ("text", "dual"),
    [
        ("YY/T 0287-2017/ISO 13485:2016", "ISO 13485:2016"),
        ("GB/T 19001-2016 idt ISO 9001:2015", "ISO 9001:2015"),
        ("GB/T 19001-2016（ISO 9001:2015，IDT）", "ISO 9001:2015"),
        ("GB/T 19001-2016（ISO 9001:2015，MOD）", None),
        ("GB/T 19001-2016 neq ISO 9001:2015", None),
    ],
)
def test_dual_number_is_no_identity(text: str, dual: str | None) -> None:
    number = parse(text)

    assert number.dual == (parse(dual) if dual else None)
    assert number.key in {"yy/t 0287-2017", "gb/t 19001-2016"}


@pytest.mark.parametrize(
    ("text", "canonical", "locator"),
    [
        ("GB 5009.3-2016 第二法", "GB 5009.3-2016", "第二法"),
        ("GB/T 16886.1-2011附录A", "GB/T 16886.1-2011", "附录A"),
        ("GB/T 16886.1的附录B.2", "GB/T 16886.1", "附录B.2"),
        ("GB 9706.1-2020 第3章", "GB 9706.1-2020", "第3章"),
        ("GB 9706.1-2020 5.2.1条", "GB 9706.1-2020", "5.2.1条"),
        ("GB 9706.1-2020 表2", "GB 9706.1-2020", "表2"),
        ("GB 9706.1-2020中5.3", "GB 9706.1-2020", "5.3"),
        ("ISO 9001:2015 8.2.1", "ISO 9001:2015", "8.2.1"),
    ],
)
def test_locator_is_kept_apart(text: str, canonical: str, locator: str) -> None:
    number = parse(text)

    assert (str(number), number.locator) == (canonical, locator)


@pytest.mark.parametrize(
    "spelling",
    [
        "GB/T 19001-2016", "GB/T19001-2016", "GBT19001-2016", "GBT 19001-2016", "GB-T 19001-2016",
        "GB_T 19001-2016", "GB T 19001-2016", "gb/t 19001-2016", "《GB/T 19001-2016》", "代替GB/T 19001-2016",
        "替代 GB/T 19001-2016", "部分代替GB/T 19001-2016", "GB/T 19001—2016", "GB/T 19001–2016",
        "GB/T 19001－2016", "GB/T 19001−2016", "GB/T 19001――2016", "GB/T 19001一2016", "GB/T 19001:2016",
        "GB/T 19001：2016", "GB∕T 19001-2016", "GB⁄T 19001-2016", "GB╱T 19001-2016", "GB\u00a0/ T\u300019001 - 2016",
        "\ufeffGB/T\u200b 19001-2016", "GB/T 19001-2016《质量管理体系》", "(GB/T 19001-2016)", "GB/T 19001-2016。",
        "ＧＢ／Ｔ　１９００１－２０１６", "𝐆𝐁/T 19001-2016", "GB/T 19001-2016/ISO 9001:2015", "GB/T 19001-2016)",
    ],
)  # fmt: skip
def test_spellings_of_one_edition_share_the_key(spelling: str) -> None:
    number = parse(spelling)

    assert number.key == "gb/t 19001-2016"
    assert number == parse("GB/T 19001-2016")
    assert hash(number) == hash(parse("GB/T 19001-2016"))


def test_different_editions_never_share_a_key() -> None:
    texts = [
        "GB/T 1.12-2020", "GB/T 11.2-2020", "GB 5296.6-2004", "GB/T 5296.6-2004", "GBZ 300.1-2017", "GB/Z 300.1-2017",
        "GBZ/T 300.1-2017", "GB 300.1-2017", "GB/T 1-2020", "DB/T 1-2020", "DB32/T 1-2020", "DB32/ 1-2020",
        "DB3206/T 1-2020", "DB32/T 06.1-2020", "YY 0287-2017", "YY 287-2017", "GB 50016-2014",
        "GB 50016-2014(2018年版)",
        "GB/T 44522-2024", "GB/T 44522-2024E", "GB/T 44522-2024R", "GB/T 44522-2024/XG1-2025",
        "GB/T 44522-2024/XG2-2025",
        "GB/T 44522", "JTG F80/1-2017", "JTG F80/2-2017", "JTG F80-2017", "T/CECS 213-2012", "CECS 213-2012",
        "ISO 9001:2015", "ISO/TS 9001:2015", "ISO 9001-1:2015", "ISO 9001:2015/Amd 1", "ISO 9001:2015/CD Amd 1",
        "JJG 12-2019", "JJG(苏) 12-2019", "JJF(苏) 12-2019", "JJG(浙) 12-2019", "建标 12-2019", "T/CECA-G 001-2018",
        "T/CECAG 001-2018", "GJB 9001C-2017", "GJB 9001-2017", "GJB 9001B-2017", "DBJ/T 15-38-2019", "DBJ 15-38-2019",
    ]  # fmt: skip

    numbers = [parse(text) for text in texts]

    assert len({number.key for number in numbers}) == len(texts)
    assert len({number.slug for number in numbers}) == len(texts)
    assert len({str(number) for number in numbers}) == len(texts)


def test_families() -> None:
    mandatory, recommended = parse("GB 14833-2011"), parse("GB/T 14833-1993")

    assert mandatory.family_key != recommended.family_key
    assert mandatory.base_key == recommended.base_key
    assert parse("GB 50016-2014(2018年版)").family_key == parse("GB 50016").family_key
    assert parse("GB/T 44522-2024E").family_key == parse("GB/T 44522").family_key


def test_equality_is_only_with_numbers() -> None:
    number = parse("GB/T 1.1-2020")

    assert (number == "GB/T 1.1-2020") is False


@pytest.mark.parametrize(
    ("text", "slug", "fold"),
    [
        ("GB/T 44233.5-2025", "gb-t-44233.5-2025", "gbt44233x5y2025"),
        ("GB/T 24421.2-2023", "gb-t-24421.2-2023", "gbt24421x2y2023"),
        ("T/CECS 20013.2-2020", "t-cecs-20013.2-2020", "tcecs20013x2y2020"),
        ("DB32/ 4041-2021", "db32-4041-2021", "db324041y2021"),
        ("DBJ/T 15-38-2019", "dbj-t-15-38-2019", "dbjt15x38y2019"),
        ("JTG F80/1-2017", "jtg-f80_1-2017", "jtgf80x1y2017"),
        ("JJG(苏) 12-2019", "jjg-苏-12-2019", "jjg苏12y2019"),
        ("GB 50016-2014(2018年版)", "gb-50016-2014-2018ed", "gb50016y2014e2018"),
        ("ISO/IEC 27001:2022", "iso-iec-27001-2022", "isoiec27001y2022"),
        ("ISO 9001:2015/Amd 1:2024", "iso-9001-2015-amd-1-2024", "iso9001y2015amd1y2024"),
        ("GB 2760", "gb-2760", "gb2760"),
    ],
)
def test_slug_and_fold(text: str, slug: str, fold: str) -> None:
    number = parse(text)

    assert (number.slug, number.number_fold) == (slug, fold)
    assert number.slug.startswith(number.family_slug)


def test_sort_order() -> None:
    ordered = [
        "GB/T 1.1-2020", "GB/T 1.1-2009", "GB/T 1.2-2020", "GB/T 1.10-2020", "GB 2-2020", "GB/T 2-2020",
        "GB/T 11.2-2020",
        "GB 14833-2011", "GB/T 14833-1993", "GBJ 16-1987", "YY 0287-2017", "YY/T 0287.1-2017", "YY 0287A-2017",
        "ZB A01001-1988", "DB31/T 9-2020", "DB32/T 1-2020", "DB3206/T 1-2020", "T/CAS 290-2017", "T/CECS 1-2020",
        "Q/SY 1234-2020", "JJG 52-2013", "ISO 9001:2015", "ISO 9001:2015/Amd 1:2024",
    ]  # fmt: skip

    keys = [parse(text).sort_key for text in ordered]

    assert keys == sorted(keys)
    assert {character for key in keys for character in key} <= set(string.digits + string.ascii_lowercase)
    assert len({len(key) for key in keys}) == 1


@pytest.mark.parametrize(
    ("known", "level"), [({"WXYZ": "national"}, "national"), ({"WXYZ"}, "industry"), (["WXYZ"], "industry")]
)
def test_known_prefixes_come_on_top(known: dict[str, str] | set[str] | list[str], level: str) -> None:
    number = parse("WXYZT 12-2020", known)

    assert (str(number), number.level, number.nature) == ("WXYZ/T 12-2020", level, "recommended")


PREFIXES = ["GB", "GB/T", "GB/Z", "GBZ", "GBZ/T", "GBn", "GJB", "YY", "YY/T", "NB/SH/T", "DB32/T", "DB3206/", "DB/T",
            "DBS 32", "JJG", "JJF(浙)", "JJF(电子)", "T/CECS", "T/SHV2X", "T/CECA-G", "Q/320684 ABC", "Q/SY", "JTG/T",
            "TSG", "CECS", "建标", "DGJ32/TJ", "ISO", "IEC TS", "ISO/IEC"]  # fmt: skip


@st.composite
def written(draw: st.DrawFn) -> str:
    prefix = draw(st.sampled_from(PREFIXES))
    foreign = prefix.startswith(("ISO", "IEC"))
    serial = draw(st.from_regex(r"\A[0-9]{1,6}\Z"))
    mark = "-" if foreign else "."
    part = draw(st.lists(st.integers(1, 99), max_size=3).map(lambda parts: "".join(f"{mark}{p}" for p in parts)))
    year = draw(st.none() | st.integers(1950, 2049))
    if year is None:
        return f"{prefix}/{serial}{part}" if prefix.startswith("DBS") else f"{prefix} {serial}{part}"
    dated = f"{serial}{part}{':' if foreign else '-'}{year}"
    tail = "" if foreign else draw(st.sampled_from(["", "", "E", "FR", "/XG1-2026", "(2018年版)", "/XG12"]))
    return f"{prefix}{'/' if prefix.startswith('DBS') else ' '}{dated}{tail}"


@given(written())
def test_canonical_form_is_read_back(text: str) -> None:
    number = parse(text)
    again = parse(str(number))

    assert again == number
    assert str(again) == str(number)
    assert (again.level, again.nature, again.region, again.body) == (
        number.level,
        number.nature,
        number.region,
        number.body,
    )
    assert (again.serial, again.part, again.year, again.edition, again.amendment, again.kind) == (
        number.serial,
        number.part,
        number.year,
        number.edition,
        number.amendment,
        number.kind,
    )
    assert again.sort_key == number.sort_key


@given(
    written(), st.sampled_from("-—–－―‐‑−"), st.sampled_from("/／∕⁄╱"), st.sampled_from([" ", "  ", "\u3000", "\u00a0"])
)
def test_spelling_does_not_change_the_key(text: str, dash: str, slash: str, blank: str) -> None:
    number = parse(text)

    assert parse(text.replace("-", dash).replace("/", slash).replace(" ", blank)).key == number.key


@given(written(), written())
def test_key_slug_and_text_agree_on_identity(one: str, other: str) -> None:
    first, second = parse(one), parse(other)

    same = str(first) == str(second)

    assert (first.key == second.key) is same
    assert (first.slug == second.slug) is same
    assert (first == second) is same


@given(written())
def test_undated_fold_begins_the_folds_of_its_editions(text: str) -> None:
    number = parse(text)

    assert number.number_fold.startswith(parse(number.family).number_fold)
    assert number.number_fold.endswith(number.serial_fold)


@given(st.text(st.sampled_from("GBTZDQJISOEC/－-—.:：~～ 0123459年版XG()（）第号附录A苏В《》\n\u200b"), max_size=40))
def test_anything_is_a_number_or_refused(text: str) -> None:
    try:
        number = parse(text)
    except NotAStandardNumber:
        return

    assert isinstance(number, StandardNumber)
    assert parse(str(number)) == number


EVIL = ["0", "9", "A", "GB", "GB/T ", "GB 1.", "GB 1-", "1.1.", "-", "/", " ", ".", "~", "(", ")", "（", "《", "T/A",
        "T/",
        "Q/A ", "Q/1 ", "DB", "DB32/", "JJG(", "ISO/", "ISO 1-", "ISO 1:2000/Amd 1", "XG1", "\u200b", "Ａ", "В",
        "一", "第1",
        "附录A、", "(2018年版)", "GB 1-2000/ISO 1:2000"]  # fmt: skip


@pytest.mark.parametrize("size", [10, 99, 100, 1000, 100_000])
@pytest.mark.parametrize("unit", EVIL)
def test_hostile_text_is_answered_at_once(unit: str, size: int) -> None:
    text = (unit * size)[:size]

    assert min(_seconds(text), _seconds(text), _seconds(text)) < 0.005


def _seconds(text: str) -> float:
    start = perf_counter()
    with suppress(NotAStandardNumber):
        parse(text)
    return perf_counter() - start
