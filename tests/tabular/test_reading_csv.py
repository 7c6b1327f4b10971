"""csv and tsv: encodings, delimiters, numbers of rows, and what is wrong with a file."""

import pytest

from tabular.errors import FileRefused
from tabular.limits import Limits
from tabular.reading import read_table


def _rows(path, **how):
    with read_table(path, **how) as reader:
        return [(row.number, row.cells) for row in reader]


def _refusal(path, **how):
    with pytest.raises(FileRefused) as refused, read_table(path, **how) as reader:
        list(reader)
    return refused.value.code, refused.value.where


@pytest.mark.parametrize(
    ("encoding", "found"),
    [("utf-8", "utf-8"), ("utf-8-sig", "utf-8-sig"), ("gb18030", "gb18030"), ("utf-16", "utf-16")],
)
def test_every_encoding_gives_the_same_table(file, encoding, found):
    path = file("a.csv", "编号,名称\nGB 1-2020,𠮷𬭛㛃𪚥标准\n".encode(encoding))

    with read_table(path) as reader:
        rows = [row.cells for row in reader]

    assert (reader.encoding, reader.columns) == (found, ["编号", "名称"])
    assert rows == [["GB 1-2020", "𠮷𬭛㛃𪚥标准"]]


@pytest.mark.parametrize(("delimiter", "format"), [(",", "csv"), ("\t", "tsv"), (";", "csv"), ("|", "csv")])
def test_the_delimiter_is_guessed(file, delimiter, format):
    path = file("a.csv", delimiter.join(["编号", "名称", "备注"]) + "\n" + delimiter.join(["1", "甲、乙", ""]) + "\n")

    with read_table(path) as reader:
        rows = [row.cells for row in reader]

    assert (reader.format, reader.columns, rows) == (
        format,
        ["编号", "名称", "备注"],
        [["1", "甲、乙", None]],
    )


def test_a_tsv_of_one_column_keeps_its_commas(file):
    path = file("a.tsv", "原文\nGB 1, GB 2\nGB 3, GB 4\n")

    assert _rows(path) == [(2, ["GB 1, GB 2"]), (3, ["GB 3, GB 4"])]


def test_numbers_are_those_of_the_lines_in_the_file(file):
    path = file("a.csv", '\n编号,名称\n1,a\n\n,,\n2,"两\n行"\n3,c\n')

    with read_table(path) as reader:
        rows = [(row.number, row.cells) for row in reader]

    assert reader.header_row == 2
    assert rows == [(3, ["1", "a"]), (6, ["2", "两\n行"]), (8, ["3", "c"])]


def test_short_rows_are_filled_and_long_ones_are_errors(file):
    path = file("a.csv", "编号,名称\n1\n2,b,,\n3,c,多,余\n")

    with read_table(path) as reader:
        rows = [(row.cells, [(error.code, error.where, str(error)) for error in row.errors]) for row in reader]

    assert rows == [
        (["1", None], []),
        (["2", "b"], []),
        (["3", "c"], [("extra_cells", "4", "Row 4 has 4 cells, the header has 2")]),
    ]


def test_a_long_cell_is_an_error_of_its_row_and_never_cut(file):
    path = file("a.csv", "编号,名称\n1," + "长" * 5_000 + "\n2," + "长" * 5_001 + "\n")

    with read_table(path) as reader:
        first, second = list(reader)

    assert (len(first.cells[1]), first.errors) == (5_000, ())
    assert second.cells == ["2", None]
    assert [(error.code, error.where) for error in second.errors] == [("cell_too_long", "B3")]
    assert str(second.errors[0]) == "Cell B3 holds 5001 characters; at most 5000"


def test_names_that_stand_twice_are_numbered(file):
    path = file("a.csv", "名称, 名称 ,名称#2,,编号,\nx,y,z,,1\n")

    with read_table(path) as reader:
        pass

    assert reader.columns == ["名称", "名称#2", "名称#2#2", "", "编号"]
    assert reader.column_letters == ["A", "B", "C", "D", "E"]


def test_a_header_alone_is_a_table_without_rows(file):
    path = file("a.csv", "编号,名称\n")

    assert _rows(path) == []


def test_titles_above_the_header_are_skipped(file):
    path = file("a.csv", "某市标准清单,\n制表：某局,2024年\n标准 编号*,标准名称\nGB 1,甲\n")

    assert _rows(path, known_names={"标准编号", "标准名称"}) == [(4, ["GB 1", "甲"])]


def test_guards_against_formulas_are_taken_off(file):
    path = file("a.csv", "编号,名称\n'=1+1,''=x\n'a,'\n")

    assert _rows(path) == [(2, ["=1+1", "'=x"]), (3, ["'a", "'"])]


def test_old_line_ends(file):
    assert _rows(file("a.csv", "编号,名称\r1,a\r2,b\r")) == [(2, ["1", "a"]), (3, ["2", "b"])]


@pytest.mark.parametrize("content", ["", " \r\n\t\n", "\ufeff"])
def test_an_empty_file(file, content):
    assert _refusal(file("a.csv", content)) == ("empty_file", "")


def test_an_undecodable_byte_is_named_by_line_and_offset(file):
    good = "编号,名称\n一二三四五六七八九十,甲\n"
    path = file("a.csv", good.encode() + b"1,\xff\xfe\n")

    with pytest.raises(FileRefused) as refused:
        read_table(path)

    assert (refused.value.code, refused.value.where) == ("undecodable", "3")
    assert refused.value.params == {"line": 3, "offset": len(good.encode()) + 2}


def test_utf_8_cut_in_the_middle_of_a_character_is_not_taken_for_gb18030(file):
    content = "编号,名称\n1,一二三四五六七八九十".encode()[:-1]

    assert _refusal(file("a.csv", content)) == ("undecodable", "2")


def test_an_encoding_given_is_checked(file):
    path = file("a.csv", "编号,名称\n1,甲\n".encode("gb18030"))

    assert _refusal(path, encoding="utf-8") == ("wrong_encoding", "1")
    assert _rows(path, encoding="gb18030") == [(2, ["1", "甲"])]


def test_bytes_that_are_neither(file):
    assert _refusal(file("a.csv", b"a,b\n\x80\xff,1\n")) == ("undecodable", "2")


def test_nul(file):
    with pytest.raises(FileRefused) as refused:
        read_table(file("a.csv", b"a,b\n1,\x002\n"))

    assert (refused.value.code, refused.value.params) == ("nul_byte", {"line": 2, "offset": 6})


def test_a_quote_left_open_is_named_by_its_first_line(file):
    assert _refusal(file("a.csv", '编号,名称\n1,"开\n2,b\n3,c\n')) == ("unterminated_quote", "2")


def test_a_quote_closed_in_the_last_line_is_no_error(file):
    assert _rows(file("a.csv", '编号,名称\n1,"a"')) == [(2, ["1", "a"])]


def test_rows_at_the_limit_and_over(file):
    path = file("a.csv", "编号,名称\n" + "1,a\n" * 50)

    assert len(_rows(path, limits=Limits(rows=50))) == 50
    assert _refusal(path, limits=Limits(rows=49)) == ("too_many_rows", "")
    assert _refusal(path, limits=Limits(rows=10)) == ("too_many_rows", "")


def test_columns_over_the_limit(file):
    path = file("a.csv", ",".join(f"列{i}" for i in range(101)) + "\n")

    assert _refusal(path) == ("too_many_columns", "1")


def test_a_cell_beyond_what_csv_can_hold(file):
    path = file("a.csv", "编号,名称\n1," + "a" * 200_000 + "\n")

    assert _refusal(path) == ("unterminated_quote", "2")


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("a.xlsx", b"a,b\n1,2\n", "format_mismatch"),
        ("a.csv", b"PK\x03\x04rest", "format_mismatch"),
        ("a.xls", b"<html><table>", "format_mismatch"),
        ("a.csv", b'[{"a": 1}]', "format_mismatch"),
        ("a.json", b"a,b\n1,2\n", "format_mismatch"),
        ("a.pdf", b"%PDF-1.7", "unsupported_format"),
        ("a.xlsx", b"\0\1\2", "damaged_file"),
    ],
)
def test_content_must_be_what_the_name_says(file, name, content, code):
    assert _refusal(file(name, content))[0] == code


def test_the_users_own_name_counts_where_the_path_is_temporary(file):
    path = file("tmp1234.upload", "a,b\n1,2\n")

    assert _rows(path, name="清单.csv") == [(2, ["1", "2"])]
    assert _refusal(path, name="清单.xlsx") == ("format_mismatch", "")
    assert _refusal(path, kind="json") == ("format_mismatch", "")
    assert _rows(path, kind="csv") == [(2, ["1", "2"])]
