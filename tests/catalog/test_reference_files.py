"""The tables a fresh database starts from: ICS fields, CCS classes, number prefixes."""

import csv
import json
import os
import re
from collections import Counter
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
REFERENCE = ROOT / "catalog" / "reference"
DATA = Path(os.environ.get("STANDARDS_HUB_DATA") or ROOT.parent / "shared" / "data") / "reference"

LEVELS = {
    "international",
    "national",
    "industry",
    "provincial",
    "municipal",
    "group",
    "enterprise",
    "metrology",
    "other",
}

# rules.md C1, the industry prefixes; DB stands under DB/T because DB is the local prefix.
INDUSTRY = [
    "AQ",
    "BB",
    "CB",
    "CH",
    "CJ",
    "CY",
    "DA",
    "DB/T",
    "DL",
    "DY",
    "DZ",
    "EJ",
    "FZ",
    "GA",
    "GC",
    "GF",
    "GH",
    "GM",
    "GY",
    "HB",
    "HG",
    "HJ",
    "HS",
    "HY",
    "JB",
    "JC",
    "JG",
    "JR",
    "JS",
    "JT",
    "JY",
    "KA",
    "LB",
    "LD",
    "LS",
    "LY",
    "MH",
    "MR",
    "MT",
    "MZ",
    "NB",
    "NY",
    "QB",
    "QC",
    "QJ",
    "QX",
    "RB",
    "RF",
    "SB",
    "SC",
    "SF",
    "SH",
    "SJ",
    "SL",
    "SN",
    "SW",
    "SY",
    "TB",
    "TD",
    "TY",
    "WB",
    "WH",
    "WJ",
    "WM",
    "WS",
    "WW",
    "XB",
    "XF",
    "YB",
    "YC",
    "YD",
    "YJ",
    "YS",
    "YY",
    "YZ",
    "ZY",
]
ENGINEERING_AND_HISTORIC = ["CJJ", "JGJ", "JTG", "JTJ", "JTS", "NB/SH", "SD", "SHJ", "ZB"]

# Our name first, then the filing site's: both are in use.
NAMED_OTHERWISE = {
    "DB/T": ("地震", "地震"),
    "GM": ("密码", "国密"),
    "HJ": ("生态环境", "环境保护"),
    "JG": ("建筑工业", "建筑工程"),
    "MH": ("民航", "民用航空"),
    "YJ": ("应急管理", "减灾救灾与综合性应急管理"),
}


def _read(path: Path) -> list[dict[str, str]]:
    if not path.exists():
        pytest.skip(f"no shared data at {path}")
    with path.open(encoding="utf-8-sig", newline="") as lines:
        return list(csv.DictReader(lines))


@pytest.fixture(scope="module")
def prefixes() -> dict[str, dict[str, str]]:
    return {line["prefix"]: line for line in _read(REFERENCE / "prefixes.csv")}


def test_ics_has_forty_fields() -> None:
    rows = _read(REFERENCE / "ics.csv")

    assert [row["code"] for row in rows] == [
        "01",
        "03",
        "07",
        "11",
        "13",
        "17",
        "19",
        "21",
        "23",
        "25",
        "27",
        "29",
        "31",
        "33",
        "35",
        "37",
        "39",
        "43",
        "45",
        "47",
        "49",
        "53",
        "55",
        "59",
        "61",
        "65",
        "67",
        "71",
        "73",
        "75",
        "77",
        "79",
        "81",
        "83",
        "85",
        "87",
        "91",
        "93",
        "95",
        "97",
    ]
    assert rows[0]["name_zh"] == "综合、术语学、标准化、文献"
    assert [row for row in rows if not row["name_zh"] or not row["name_en"]] == []


def test_ccs_has_twenty_four_classes_without_i_and_o() -> None:
    rows = _read(REFERENCE / "ccs.csv")

    assert "".join(row["code"] for row in rows) == "ABCDEFGHJKLMNPQRSTUVWXYZ"
    assert rows[0]["name_zh"] == "综合"
    assert [row for row in rows if not row["name_zh"] or not row["name_en"]] == []


@pytest.mark.parametrize("name", ["ics.csv", "ccs.csv"])
def test_classification_names_stand_once(name: str) -> None:
    rows = _read(REFERENCE / name)

    assert [count for count in Counter(row["name_zh"] for row in rows).values() if count > 1] == []
    assert list(rows[0]) == ["code", "name_zh", "name_en"]


def test_prefixes_stand_once() -> None:
    rows = _read(REFERENCE / "prefixes.csv")

    assert len(rows) == 112
    assert [prefix for prefix, count in Counter(row["prefix"] for row in rows).items() if count > 1] == []


def test_prefixes_by_level(prefixes: dict[str, dict[str, str]]) -> None:
    by_level = Counter(row["level"] for row in prefixes.values())

    assert by_level == {
        "industry": 85,
        "national": 5,
        "provincial": 5,
        "international": 5,
        "other": 6,
        "metrology": 3,
        "group": 2,
        "enterprise": 1,
    }
    assert set(by_level) <= LEVELS


def test_every_industry_prefix_of_the_rules(prefixes: dict[str, dict[str, str]]) -> None:
    industry = sorted(prefix for prefix, row in prefixes.items() if row["level"] == "industry")

    assert industry == sorted(INDUSTRY + ENGINEERING_AND_HISTORIC)


def test_successors_are_prefixes_and_years_are_in_order(prefixes: dict[str, dict[str, str]]) -> None:
    rows = list(prefixes.values())
    years = [(row["valid_from"], row["valid_to"]) for row in rows]

    assert [row for row in rows if row["successor"] and row["successor"] not in prefixes] == []
    assert [pair for pair in years if not all(re.fullmatch(r"(\d{4})?", year) for year in pair)] == []
    assert [(start, end) for start, end in years if start and end and start > end] == []


def test_a_department_has_one_english_name(prefixes: dict[str, dict[str, str]]) -> None:
    pairs = {(row["department_zh"], row["department_en"]) for row in prefixes.values()}

    assert [name for name, count in Counter(name for name, _ in pairs).items() if count > 1] == []
    assert [pair for pair in pairs if bool(pair[0]) != bool(pair[1])] == []


def test_only_prefixes_nobody_issues_now_have_no_department(prefixes: dict[str, dict[str, str]]) -> None:
    assert [prefix for prefix, row in prefixes.items() if not row["department_zh"]] == ["ZB", "SD", "HT"]


def test_fields_fit_their_columns(prefixes: dict[str, dict[str, str]]) -> None:
    limits = {
        "prefix": 20,
        "name_zh": 60,
        "name_en": 80,
        "department_zh": 100,
        "department_en": 150,
        "note": 300,
    }

    long = [
        (row["prefix"], column)
        for row in prefixes.values()
        for column, limit in limits.items()
        if len(row[column]) > limit
    ]

    assert long == []


@pytest.mark.parametrize(
    ("prefix", "level", "name", "department", "valid_from", "successor"),
    [
        ("GB", "national", "国家标准", "国家标准化管理委员会", "", ""),
        ("GBJ", "national", "工程建设国家标准（旧）", "住房和城乡建设部", "", "GB"),
        ("YY", "industry", "医药", "国家药品监督管理局", "", ""),
        ("MT", "industry", "煤炭", "国家能源局", "", ""),
        ("SY", "industry", "石油天然气", "国家能源局", "", ""),
        ("XF", "industry", "消防救援", "应急管理部", "2020", ""),
        ("KA", "industry", "矿山安全", "国家矿山安全监察局", "2023", ""),
        ("DB", "provincial", "地方标准", "省级标准化行政主管部门", "", ""),
        ("JJG", "metrology", "计量检定规程", "国家市场监督管理总局", "", ""),
        ("CECS", "group", "工程建设协会标准", "中国工程建设标准化协会", "", "T"),
    ],
)
def test_named_prefixes(
    prefixes: dict[str, dict[str, str]],
    prefix: str,
    level: str,
    name: str,
    department: str,
    valid_from: str,
    successor: str,
) -> None:
    row = prefixes[prefix]

    found = (row["level"], row["name_zh"], row["department_zh"], row["valid_from"], row["successor"])

    assert found == (level, name, department, valid_from, successor)


def test_ics_against_the_published_list() -> None:
    if not (DATA / "ics.jsonl").exists():
        pytest.skip(f"no shared data at {DATA}")
    lines = (DATA / "ics.jsonl").read_text(encoding="utf-8").splitlines()
    published = {row["code"]: row["description"] for row in map(json.loads, lines) if len(row["code"]) == 2}

    ours = {row["code"]: row["name_en"] for row in _read(REFERENCE / "ics.csv")}

    assert ours == published


def test_ccs_against_the_published_list() -> None:
    published = {row["代码 / Code"]: row["名称 / Name"] for row in _read(DATA / "ccs_level1.csv") if row["代码 / Code"]}

    ours = {row["code"]: row["name_zh"] for row in _read(REFERENCE / "ccs.csv")}

    assert ours == published


def test_prefixes_against_the_filing_site(prefixes: dict[str, dict[str, str]]) -> None:
    filed = {
        row["code"]: row["name"].partition(" - ")[2]
        for row in _read(DATA / "industry_prefixes.csv")
        if row["kind"] == "INDUSTRIES" and row["code"]
    }

    ours = {code: prefixes["DB/T" if code == "DB" else code]["name_zh"] for code in filed if code in prefixes}
    differing = {
        "DB/T" if code == "DB" else code: (ours[code], name)
        for code, name in filed.items()
        if ours[code] != name or code == "DB"
    }

    assert len(filed) == 76
    assert differing == NAMED_OTHERWISE
