"""xlsx and xls: types, sheets, the place of the header."""

import zipfile
from datetime import date, datetime, time, timedelta

import openpyxl
import pytest

from tabular.errors import FileRefused
from tabular.reading import read_table


@pytest.fixture
def book(tmp_path):
    """Save sheets given as {name: rows}; the sheets are also returned for more."""

    def make(sheets, *, change=None):
        made = openpyxl.Workbook()
        made.remove(made.active)
        for name, rows in sheets.items():
            sheet = made.create_sheet(name)
            for row in rows:
                sheet.append(row)
        if change:
            change(made)
        path = tmp_path / "book.xlsx"
        made.save(path)
        return path

    return make


def test_cells_keep_their_types(book):
    values = [
        "00123",
        5,
        2.5,
        2000.0,
        True,
        date(2024, 1, 5),
        datetime(2024, 1, 5, 3, 4),
        time(3, 4),
        timedelta(days=2),
        None,
        "x",
    ]
    path = book({"表": [[f"列{i}" for i in range(11)], values]})

    with read_table(path) as reader:
        (row,) = reader

    assert row.cells == [
        "00123",
        5,
        2.5,
        2000,
        True,
        date(2024, 1, 5),
        datetime(2024, 1, 5, 3, 4),
        "03:04:00",
        "2 days, 0:00:00",
        None,
        "x",
    ]
    assert type(row.cells[3]) is int
    assert (reader.format, reader.encoding, reader.sheet, reader.sheets) == ("xlsx", None, "表", ["表"])


def test_the_header_below_titles_and_beside_blank_columns(book):
    rows = [
        ["某市地方标准清单"],
        [],
        [None, "单位：某局", "2024年"],
        [None, "标准编号", "标准名称"],
        [],
        [None, "DB32/T 1", "甲"],
    ]
    path = book({"表": rows}, change=lambda made: made["表"].merge_cells("A1:C1"))

    with read_table(path, known_names=["标准编号", "标准名称"]) as reader:
        (row,) = reader

    assert (reader.header_row, reader.columns) == (4, ["", "标准编号", "标准名称"])
    assert (row.number, row.cells, reader.address(row.number, 2)) == (6, [None, "DB32/T 1", "甲"], "C6")


def test_a_table_that_begins_in_another_column_keeps_its_letters(book):
    path = book({"表": [[None, None, "编号", "名称"], [None, None, "1", "a"]]})

    with read_table(path) as reader:
        (row,) = reader

    assert reader.columns == ["", "", "编号", "名称"]
    assert row.cells == [None, None, "1", "a"]


def test_remarks_beside_the_table_are_columns_without_a_name(book):
    path = book({"表": [["编号", "名称"], ["1", "a", None, "备注在表外"]]})

    with read_table(path) as reader:
        (row,) = reader

    assert (reader.columns, row.cells, row.errors) == (
        ["编号", "名称", "", ""],
        ["1", "a", None, "备注在表外"],
        (),
    )


def test_the_first_visible_sheet_that_is_not_empty_is_read(book):
    sheets = {
        "隐藏": [["a", "b"]],
        "空": [],
        "数据": [["编号", "名称"], ["1", "a"]],
        "其他": [["x", "y"], ["2", "b"]],
    }
    path = book(sheets, change=lambda made: setattr(made["隐藏"], "sheet_state", "hidden"))

    with read_table(path) as first, read_table(path, sheet="其他") as second:
        pass

    assert (first.sheet, first.sheets) == ("数据", ["空", "数据", "其他"])
    assert second.columns == ["x", "y"]
    with pytest.raises(FileRefused) as refused:
        read_table(path, sheet="没有")
    assert (refused.value.code, refused.value.params) == ("unknown_sheet", {"sheet": "没有"})


@pytest.mark.parametrize(("rows", "code"), [([], "empty_file"), ([["只有"], [1, 2]], "no_header")])
def test_no_table(book, rows, code):
    with pytest.raises(FileRefused) as refused:
        read_table(book({"表": rows}))

    assert refused.value.code == code


def test_one_column_has_its_name_in_the_first_row(book):
    with read_table(book({"表": [["标准编号"], ["GB 1"], ["GB 2"]]})) as reader:
        assert [row.cells for row in reader] == [["GB 1"], ["GB 2"]]


def test_a_long_cell_is_an_error_of_its_row(book):
    path = book({"表": [["编号", "名称"], ["1", "长" * 5_001], ["2", "短"]]})

    with read_table(path) as reader:
        first, second = reader

    assert [(error.code, error.where) for error in first.errors] == [("cell_too_long", "B2")]
    assert (first.cells, second.cells) == (["1", None], ["2", "短"])


def test_other_packages_are_named(book, tmp_path, file):
    path = tmp_path / "a.docx"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("word/document.xml", "<w/>")

    with pytest.raises(FileRefused) as refused:
        read_table(path)

    assert (refused.value.code, str(refused.value)) == (
        "unsupported_format",
        "Files of type docx cannot be read; save it as xlsx or csv",
    )


def test_an_ole_file_that_is_no_workbook(file):
    path = file("a.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 2_000)

    with pytest.raises(FileRefused) as refused:
        read_table(path)

    assert refused.value.code == "damaged_file"


def test_a_workbook_with_a_password_says_so(file):
    path = file("a.xlsx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 2_000 + "EncryptedPackage".encode("utf-16-le"))

    with pytest.raises(FileRefused) as refused:
        read_table(path)

    assert refused.value.code == "password_protected"


def test_xls(xls):
    path = xls("清单", [["某市清单"], ["编号", "名称"], ["GB 1", 5.0], [], [None, 2.5]])

    with read_table(path, known_names=["编号", "名称"]) as reader:
        rows = [(row.number, row.cells) for row in reader]

    assert (reader.format, reader.sheet, reader.header_row) == ("xls", "清单", 2)
    assert rows == [(3, ["GB 1", 5]), (5, [None, 2.5])]


def test_an_ending_that_calamine_would_misread(xls, book):
    path = book({"表": [["编号", "名称"], ["1", "a"]]})
    odd = path.rename(path.with_suffix(".ods.tmp"))

    with read_table(odd) as reader:
        assert (reader.format, [row.cells for row in reader]) == ("xlsx", [["1", "a"]])
