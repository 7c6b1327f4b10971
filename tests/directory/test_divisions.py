"""Divisions of python-stdnum with our corrections, checked against real lists where they are at hand."""

import csv
import itertools
import os
from collections import Counter, defaultdict
from pathlib import Path

import pytest

import directory.divisions
from directory.divisions import Division, Succession, divisions, parent_of, successions

DATA = Path(os.environ.get("STANDARDS_HUB_DATA") or Path(__file__).parents[3] / "shared" / "data") / "reference"

# Headings of the statistical code table, no divisions.
HEADINGS = {"市辖区", "县", "省直辖县级行政区划", "自治区直辖县级行政区划"}

# In the statistical code table (统计用区划代码) only: the statistical office gives a code to places that are
# no divisions. Development zones (third pair 71 to 79) are the others.
STATISTICAL_ONLY = {
    "460321": "西沙群岛",
    "460322": "南沙群岛",
    "460323": "中沙群岛的岛礁及其海域",
    "620201": "嘉峪关市",
    "632857": "大柴旦行政委员会",
}
# Divisions of 2020 to 2025 that the list of the shared data does not have (yet).
NEWER = {
    "460302": "西沙区",
    "460303": "南沙区",
    "500157": "两江新区",
    "653228": "和康县",
    "653229": "和安县",
}
ENDED_SINCE = {"500105": "江北区", "500112": "渝北区"}
WITHOUT_COUNTIES_HERE = {"710000": "台湾省", "810000": "香港特别行政区", "820000": "澳门特别行政区"}


@pytest.fixture(scope="module")
def rows() -> list[Division]:
    return divisions()


@pytest.fixture(scope="module")
def links() -> list[Succession]:
    return successions()


@pytest.fixture(scope="module")
def printed() -> dict[str, tuple[str, str | None]]:
    """code → (name, parent code) of the shared lists, headings left out."""
    if not (DATA / "areas.csv").exists():
        pytest.skip(f"no shared data at {DATA}")
    found: dict[str, tuple[str, str | None]] = {
        line["code"] + "0000": (line["name"], None) for line in _read("provinces.csv")
    }
    for line in _read("cities.csv"):
        if line["name"] not in HEADINGS:
            found[line["code"] + "00"] = (line["name"], line["provinceCode"] + "0000")
    for line in _read("areas.csv"):
        prefecture, province = line["cityCode"] + "00", line["provinceCode"] + "0000"
        # Cities without counties (东莞 中山 儋州) stand in this list a second time.
        found.setdefault(line["code"], (line["name"], prefecture if prefecture in found else province))
    return found


def _read(name: str) -> list[dict[str, str]]:
    with (DATA / name).open(encoding="utf-8-sig", newline="") as lines:
        return list(csv.DictReader(lines))


def _named(rows: list[Division], code: str) -> list[tuple[str, str | None, int | None, int | None]]:
    return [(row.name, row.parent, row.valid_from, row.valid_to) for row in rows if row.code == code]


def _heirs(links: list[Succession], code: str) -> list[tuple[str, int]]:
    return [(link.new_code, link.year) for link in links if link.old_code == code]


def test_counts(rows: list[Division]) -> None:
    ever = Counter(row.level for row in rows)
    today = Counter(row.level for row in rows if row.valid_to is None)

    assert ever == {"province": 34, "prefecture": 553, "county": 6165}
    assert today == {"province": 34, "prefecture": 333, "county": 2849}


def test_a_code_begins_once_in_a_year(rows: list[Division]) -> None:
    keys = Counter((row.code, row.valid_from) for row in rows)

    assert [key for key, count in keys.items() if count > 1] == []


def test_the_names_of_a_code_do_not_overlap(rows: list[Division]) -> None:
    pairs = [(one, then) for one, then in itertools.pairwise(rows) if one.code == then.code]

    assert [
        (one, then)
        for one, then in pairs
        if one.valid_to is None or then.valid_from is None or one.valid_to > then.valid_from
    ] == []


def test_no_division_ends_before_it_begins(rows: list[Division]) -> None:
    assert [row for row in rows if row.valid_from and row.valid_to and row.valid_from > row.valid_to] == []


def test_every_parent_is_a_division_one_level_up_or_the_province(rows: list[Division]) -> None:
    levels = defaultdict(set)
    for row in rows:
        levels[row.code].add(row.level)

    steps = Counter((row.level, *(levels[row.parent] if row.parent else ())) for row in rows)

    assert set(steps) == {
        ("province",),
        ("prefecture", "province"),
        ("county", "prefecture"),
        ("county", "province"),
    }


def test_headings_of_the_printed_table_are_no_divisions(rows: list[Division]) -> None:
    left = {"市辖区", "市区", "县", "市", "林区", "省直辖县级行政单位", "省直辖行政单位"}

    assert [row for row in rows if row.name in left or "直辖县级" in row.name] == []


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("320000", [("江苏省", None, None, None)]),
        ("320600", [("南通市", "320000", None, None)]),
        ("320682", [("如皋市", "320600", 1991, None)]),
        ("320684", [("海门市", "320600", 1994, 2020)]),
        ("320614", [("海门区", "320600", 2020, None)]),
        ("320602", [("城区", "320600", 1983, 1991), ("崇川区", "320600", 1991, 2020)]),
        ("110101", [("东城区", "110000", None, None)]),
        ("110100", []),
        ("500101", [("万县区", "500000", 1997, 1998), ("万州区", "500000", 1998, None)]),
        ("429004", [("仙桃市", "420000", 1994, None)]),
        ("469001", [("五指山市", "460000", 2002, None)]),
        ("659001", [("石河子市", "650000", 1986, None)]),
        ("460001", [("通什市", "460000", 1988, 2001), ("五指山市", "460000", 2001, 2002)]),
        ("511402", [("枳城区", "511400", 1995, 1997), ("东坡区", "511400", 2000, None)]),
        ("330113", [("临平区", "330100", 2021, None)]),
        ("232761", [("加格达奇区", "232700", 2018, None)]),
        ("810000", [("香港特别行政区", None, 1997, None)]),
    ],
)
def test_named_examples(
    rows: list[Division], code: str, expected: list[tuple[str, str | None, int | None, int | None]]
) -> None:
    assert _named(rows, code) == expected


def test_the_parent_row_is_the_one_of_the_same_years(rows: list[Division]) -> None:
    by_code = defaultdict(list)
    for row in rows:
        by_code[row.code].append(row)
    fuling, meishan = by_code["511402"]
    lianshui = by_code["320826"][0]

    found = [parent_of(row, by_code) for row in (fuling, meishan, lianshui, by_code["320000"][0])]

    assert [row and row.name for row in found] == ["涪陵市", "眉山市", "淮安市", None]


@pytest.mark.parametrize(
    ("code", "heirs"),
    [
        ("320684", [("320614", 2020)]),
        ("320683", [("320612", 2009)]),
        ("320602", [("320602", 1991), ("320613", 2020)]),
        ("320611", [("320611", 1991), ("320613", 2020)]),
        ("320625", [("320684", 1994)]),
        ("322521", [("320621", 1983)]),
        ("321082", [("321202", 1996)]),
        ("371200", [("370100", 2018)]),
        ("371202", [("370116", 2018)]),
        ("371203", [("370117", 2018)]),
        ("320586", [("320506", 2000), ("320507", 2000)]),
        ("510200", [("500000", 1997)]),
        ("510228", [("500224", 1997)]),
        ("510211", [("500105", 1997)]),
        ("130502", [("130502", 2020)]),
        ("320682", []),
    ],
)
def test_what_became_of_a_division(links: list[Succession], code: str, heirs: list[tuple[str, int]]) -> None:
    assert _heirs(links, code) == heirs


@pytest.mark.parametrize(
    ("code", "heirs"),
    [
        ("332600", [("332800", 1982), ("331000", 1994)]),
        ("332621", [("332821", 1982)]),
        ("232701", [("232761", 2018)]),
        ("360402", [("360402", 2016)]),
    ],
)
def test_a_code_given_to_another_place_is_no_succession(
    links: list[Succession], code: str, heirs: list[tuple[str, int]]
) -> None:
    found = [heir for heir in _heirs(links, code) if heir[1] in {year for _, year in heirs}]

    assert sorted(found, key=lambda heir: (heir[1], heir[0])) == heirs


def test_successions_join_rows_that_exist(rows: list[Division], links: list[Succession]) -> None:
    by_key = {(row.code, row.valid_from): row for row in rows}

    wrong = [
        link
        for link in links
        if by_key[link.old_code, link.old_from].valid_to != link.year
        or (by_key[link.new_code, link.new_from].valid_from or 0) > link.year
    ]

    assert wrong == []
    assert [count for count in Counter(links).values() if count > 1] == []
    assert Counter(link.note for link in links if link.note.startswith("同")) == {
        "同名换代码": 2643,
        "同代码更名": 193,
    }


def test_a_correction_that_meets_no_row_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    text = "code,package_name,name,valid_from,valid_to,note\n320684,海门镇,海门市,1994,2020,\n"
    (tmp_path / "division_corrections.csv").write_text(text, encoding="utf-8")
    monkeypatch.setattr(directory.divisions, "REFERENCE", tmp_path)

    with pytest.raises(ValueError, match="320684 海门镇 is not in the package"):
        divisions()


def test_a_written_succession_that_meets_no_row_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    corrections = "code,package_name,name,valid_from,valid_to,note\n"
    (tmp_path / "division_corrections.csv").write_text(corrections, encoding="utf-8")
    written = "old_code,new_code,year,note\n320684,320614,2019,\n"
    (tmp_path / "division_successions.csv").write_text(written, encoding="utf-8")
    monkeypatch.setattr(directory.divisions, "REFERENCE", tmp_path)

    with pytest.raises(ValueError, match="meets 0 and 0 rows"):
        successions()


def test_every_present_day_division_of_the_shared_lists(
    rows: list[Division], printed: dict[str, tuple[str, str | None]]
) -> None:
    today = {row.code: (row.name, row.parent) for row in rows if row.valid_to is None}

    missing = {code: name for code, (name, _) in printed.items() if code not in today}
    unlike = {code: (printed[code], row) for code, row in today.items() if printed.get(code, row) != row}
    zones = {code for code in missing if code[4] == "7" and code not in ENDED_SINCE}

    assert {code: name for code, name in missing.items() if code not in zones} == {
        **STATISTICAL_ONLY,
        **ENDED_SINCE,
    }
    assert unlike == {}
    assert len(zones) == 124


def test_every_division_of_ours_is_in_the_shared_lists(
    rows: list[Division], printed: dict[str, tuple[str, str | None]]
) -> None:
    extra = {row.code: row.name for row in rows if row.valid_to is None and row.code not in printed}

    assert extra == {**NEWER, **WITHOUT_COUNTIES_HERE}
