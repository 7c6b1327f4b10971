"""Where the names of the columns stand."""

import pytest

from tabular.rows import cell_address, column_letter, find_header, unique_names

KNOWN = {"标准编号", "标准名称", "实施日期"}


@pytest.mark.parametrize(
    ("rows", "index"),
    [
        ([["标准编号", "标准名称"]], 0),
        ([["清单"], ["标准编号 *", "标准名称："]], 1),
        ([["备注", "说明"], ["标准编号", "x", "标准名称"]], 1),
        ([["标准编号", "标准名称"], ["标准编号", "标准名称", "实施日期"]], 1),
        ([["标准编号"], ["GB 1"]], 0),
        ([["标题", None], ["a", "b"], ["c", "d"]], 1),
        ([[1, 2], [3, "x"]], None),
        ([], None),
    ],
)
def test_find_header(rows, index):
    assert find_header(rows, KNOWN) == index


def test_without_known_names_the_first_row_with_two_texts_is_the_header():
    assert find_header([["标题", None], [1, "x"], ["a", "b"]]) == 2


def test_column_letters():
    assert [column_letter(index) for index in (0, 25, 26, 701, 702, 16_383)] == [
        "A",
        "Z",
        "AA",
        "ZZ",
        "AAA",
        "XFD",
    ]


def test_cell_address():
    assert cell_address(17, 2) == "C17"


def test_unique_names():
    assert unique_names([" a ", "a", None, None, "a", 3]) == ["a", "a#2", "", "", "a#3", "3"]
