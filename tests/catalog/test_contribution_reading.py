"""Rows of files of contributions: lists and single ones, ranks, roles, and what is refused."""

import pytest

from catalog.contribution_reading import read_contributions
from records.importing import SourceRow


def read(**cells):
    return read_contributions(SourceRow(2, {"number": "GB/T 1-2020", **cells}), {})


def named(**cells) -> list[tuple]:
    reading = read(**cells)
    assert reading.problems == []
    return [(one.name, one.rank, one.printed_role, one.role) for one in reading.named]


def problems(**cells) -> list[tuple]:
    return [(note.message, note.field) for note in read(**cells).problems]


def test_a_list_gives_places_in_order():
    assert named(units="甲公司、乙研究院、丙中心") == [
        ("甲公司", 1, "", "drafter"),
        ("乙研究院", 2, "", "drafter"),
        ("丙中心", 3, "", "drafter"),
    ]


def test_columns_of_roles_follow_each_other():
    assert named(lead_units="甲公司", other_units="乙院\n丙所") == [
        ("甲公司", 1, "负责起草单位", "lead_drafter"),
        ("乙院", 2, "参加起草单位", "participant"),
        ("丙所", 3, "参加起草单位", "participant"),
    ]


def test_roles_in_the_text_come_before_the_heading():
    text = "归口单位：丁委员会。负责起草单位：甲。参加起草单位：乙。主要起草人：张三。"

    assert named(units=text) == [
        ("丁委员会", None, "归口单位", "keeper"),
        ("甲", 1, "负责起草单位", "lead_drafter"),
        ("乙", 2, "参加起草单位", "participant"),
    ]


def test_one_contribution_a_row():
    assert named(unit="甲公司", rank="3", role="参加起草") == [("甲公司", 3, "参加起草", "participant")]
    assert named(unit="甲公司") == [("甲公司", None, "", "drafter")]
    assert named(unit="甲科学院 计算所") == [("甲科学院 计算所", None, "", "drafter")]


def test_a_rank_beside_one_name_of_a_list_is_its_rank():
    assert named(units="甲公司", rank="4") == [("甲公司", 4, "", "drafter")]


@pytest.mark.parametrize(
    ("text", "rank"),
    [("1", 1), ("2.0", 2), ("第3", 3), ("第四位", 4), ("第十名", 10), ("十二", 12), ("二十一", 21), ("5/9", 5), ("第一起草单位", 1)],
)  # fmt: skip
def test_ranks_as_people_write_them(text, rank):
    assert named(unit="甲", rank=text) == [("甲", rank, "", "drafter")]


@pytest.mark.parametrize("text", ["0", "首位", "1-2", "99999", "十十", "-1", "1.5", "②"])
def test_what_is_no_rank(text):
    assert problems(unit="甲", rank=text) == [("{text} is not a place in a list (1, 2, 3 …)", "rank")]


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        ({"units": ""}, [("The row names no drafting unit", "units")]),
        ({"units": "无"}, [("The row names no drafting unit", "units")]),
        ({"units": "甲", "number": ""}, [("The number is missing", "number")]),
        ({"units": "甲", "number": "坏"}, [("{text}: {reason}", "number")]),
        ({"units": "甲", "number": "GB/T 1"}, [("{number} has no year; contributions are those of one edition", "number")]),
        ({"units": "甲、乙、甲"}, [("{name} stands twice in the list", "units")]),
        ({"units": "甲、乙", "rank": "1"}, [("One rank stands beside {count} names", "rank")]),
        ({"unit": "甲、乙"}, [("{text} holds several names; give each a row of its own, or use the column of drafting units", "unit")]),
        ({"units": "甲（乙、丙"}, [("{text}: a bracket is not closed, so nobody can say where the name ends", "units")]),
        ({"units": "甲\x00公司"}, [("Control characters stand in the text: {text}", "units")]),
        ({"unit": "甲", "document": "长" * 201}, [("The text has {length} characters; at most {limit} fit", "document")]),
    ],
)  # fmt: skip
def test_what_refuses_a_row(cells, expected):
    assert problems(**cells) == expected


def test_the_same_body_may_draft_and_keep():
    assert len(named(units="归口单位：甲。起草单位：甲、乙。")) == 3


def test_an_incomplete_list_is_remarked_on():
    assert [note.message for note in read(units="甲、乙等").notes] == [
        "The list itself says that it names only some (等)"
    ]


def test_what_else_a_row_says():
    assert read(unit="甲", document="公告2024年第1号", recognition="认定1号").said == {
        "document": "公告2024年第1号",
        "recognition": "认定1号",
    }
