"""JSON, JSON lines and text blocks."""

import json

import pytest

from tabular.errors import FileRefused
from tabular.limits import Limits
from tabular.reading import read_table


def _table(path, **how):
    with read_table(path, **how) as reader:
        return reader.columns, [(row.number, row.cells) for row in reader]


def _refusal(path, **how):
    with pytest.raises(FileRefused) as refused, read_table(path, **how) as reader:
        list(reader)
    return refused.value.code, refused.value.where


def test_columns_are_the_keys_in_order_of_first_appearance(file):
    path = file("a.json", '[{"b": 1, "a": "x"}, {"c": true, "a": null, "b": 2.5}, {}]')

    assert _table(path) == (
        ["b", "a", "c"],
        [(1, [1, "x", None]), (2, [2.5, None, True]), (3, [None, None, None])],
    )


def test_a_list_inside_an_object_keeps_the_scalars_beside_it(file):
    path = file(
        "a.json",
        '{"version": "1", "updated": "2026-05-29", "total": 1, "x": {}, "standards": [{"code": "GB 1"}]}',
    )

    with read_table(path) as reader:
        rows = [row.cells for row in reader]

    assert reader.meta == {"version": "1", "updated": "2026-05-29", "total": 1}
    assert (reader.format, reader.header_row, rows) == ("json", None, [["GB 1"]])


def test_nested_values(file):
    record = {
        "dates": {"published": "2003-06-05", "x": {"y": 1}},
        "tags": ["甲", "乙"],
        "ics": [],
        "relations": [["a", 1]],
        "e": {},
    }
    path = file("a.jsonl", json.dumps(record) + "\n\n" + json.dumps({"dates": {"updated": "2004"}}) + "\n")

    assert _table(path) == (
        ["dates.published", "dates.x", "tags", "ics", "relations", "dates.updated"],
        [
            (1, ["2003-06-05", '{"y":1}', "甲、乙", None, '[["a",1]]', None]),
            (3, [None, None, None, None, None, "2004"]),
        ],
    )


def test_a_dotted_name_that_is_there_already(file):
    assert _table(file("a.json", '[{"a.b": 1, "a": {"b": 2}}]')) == (["a.b", "a.b#2"], [(1, [1, 2])])


@pytest.mark.parametrize("encoding", ["utf-8-sig", "gb18030"])
def test_other_encodings(file, encoding):
    assert _table(file("a.json", '[{"名称": "标准"}]'.encode(encoding))) == (["名称"], [(1, ["标准"])])


def test_half_a_surrogate_pair_survives_the_pipe_to_be_refused_later(file):
    assert _table(file("a.json", '[{"a": "\\ud800"}]')) == (["a"], [(1, ["\ud800"])])


def test_a_single_json_line(file):
    assert _table(file("a.jsonl", '{"a": 1}')) == (["a"], [(1, [1])])


def test_a_long_value_is_an_error_of_its_row(file):
    path = file("a.json", json.dumps([{"a": "x" * 5_001, "b": 1}]))

    with read_table(path) as reader:
        (row,) = reader

    assert row.cells == [None, 1]
    assert [(error.code, error.where) for error in row.errors] == [("cell_too_long", "1.a")]


def test_sixty_four_bits_are_not_too_many(file):
    assert _table(file("a.json", '[{"a": 9223372036854775807}]'))[1] == [(1, [9223372036854775807])]


@pytest.mark.parametrize(
    ("content", "refusal"),
    [
        ('[{"a": 1},\n{"a": }]', ("json_syntax", "2")),
        ("[{", ("json_syntax", "1")),
        ('[{"a": 1}, 2]', ("json_not_object", "2")),
        ("[[1], [2]]", ("json_not_object", "1")),
        ('{"a": 1}', ("json_shape", "")),
        ('{"a": [{"x": 1}], "b": [{"x": 1}]}', ("json_shape", "")),
        ('[{"a": 1, "a": 2}]', ("json_duplicate_key", "")),
        ('[{"a": NaN}]', ("json_number", "")),
        ('[{"a": 1e999}]', ("json_number", "")),
        ('[{"a": 9223372036854775808}]', ("json_number", "")),
    ],
)
def test_refused(file, content, refusal):
    assert _refusal(file("a.json", content)) == refusal


def test_lines_that_are_no_objects(file):
    assert _refusal(file("a.jsonl", '{"a": 1}\n{"a": 2}\n3\n')) == ("json_not_object", "3")
    assert _refusal(file("a.jsonl", '{"a": 1}\n{"a": 2\n')) == ("json_syntax", "2")
    assert _refusal(file("a.jsonl", '{"a": 1}\n{"a": "' + "x" * 600_000 + '"}\n')) == ("line_too_long", "2")


def test_limits_hold_before_the_first_row(file):
    path = file("a.json", json.dumps([{f"c{i}": i} for i in range(101)]))

    assert _refusal(path) == ("too_many_columns", "101")
    assert _refusal(path, limits=Limits(columns=200, rows=100)) == ("too_many_rows", "")


BLOCKS = """标准名称 ：甲：第1部分\r
标准编号 ：GB 1\r
替代情况 ：\r
\r
\r
标准名称：乙\r
续行\r
发布日期 : 2024-01-01\r
"""


def test_blocks(file):
    path = file("a.txt", BLOCKS)

    with read_table(path) as reader:
        rows = [(row.number, row.cells) for row in reader]

    assert (reader.format, reader.header_row) == ("blocks", None)
    assert reader.columns == ["标准名称", "标准编号", "替代情况", "发布日期"]
    assert rows == [(1, ["甲：第1部分", "GB 1", None, None]), (6, ["乙\n续行", None, None, "2024-01-01"])]


def test_blocks_by_kind_whatever_the_name(file):
    assert _table(file("a", BLOCKS), kind="blocks")[0] == ["标准名称", "标准编号", "替代情况", "发布日期"]
    assert _table(file("b.txt", "名称：甲\n名称：乙\n"))[0] == ["名称", "名称#2"]


def test_blocks_refused(file):
    assert _refusal(file("a.txt", "没有名称的一行\n"), kind="blocks") == ("not_a_block", "1")
    assert _refusal(file("b.txt", "名称：甲\n" + "字" * 600_000), kind="blocks") == ("line_too_long", "2")
    assert _refusal(file("c.txt", "名称：甲\n" + "续行\n" * 300_000), kind="blocks")[0] == "line_too_long"
    many = "".join(f"列{i}：x\n" for i in range(101))
    assert _refusal(file("d.txt", many), kind="blocks") == ("too_many_columns", "1")
    assert _refusal(file("e.txt", "名称：甲\n\n" * 3), kind="blocks", limits=Limits(rows=2)) == (
        "too_many_rows",
        "",
    )
