"""Rejected rows come back in the user's own file, and that file can be read again."""

import json
import time
import zipfile
from datetime import date

import openpyxl
import pytest
from openpyxl.comments import Comment
from openpyxl.styles import Font, PatternFill

from tabular.annotating import REASON_COLUMN, annotate_rejects
from tabular.errors import FileRefused
from tabular.reading import read_table

REJECTS = {4: [(0, "编号无法识别"), (2, "日期不存在")], 5: [(None, "重复")]}
REASON_4, REASON_5 = "标准编号：编号无法识别；实施日期：日期不存在", "重复"


def _read(path):
    with read_table(path) as reader:
        return reader.columns, [row.cells for row in reader]


@pytest.fixture
def book(tmp_path):
    """A formatted workbook: a title, the header in row 2, five rows with a formula, a comment, a link."""
    made = openpyxl.Workbook()
    sheet = made.active
    sheet.title = "清单"
    sheet.append(["某市标准清单"])
    sheet.merge_cells("A1:C1")
    sheet.append(["标准编号", "标准名称", "实施日期"])
    for number in range(3, 8):
        sheet.append([f"GB {number}", f"名称{number}", date(2024, 1, number)])
        sheet.row_dimensions[number].height = 10 + number
    sheet["A4"].font = Font(bold=True, color="00FF00")
    sheet["B4"].comment = Comment("请核对", "某")
    sheet["B5"].hyperlink = "https://example.cn/"
    sheet["B5"].fill = PatternFill("solid", start_color="0000FF")
    sheet["B7"].value = "=1+1"
    sheet.merge_cells("A6:A7")
    sheet.column_dimensions["B"].width = 33
    sheet.auto_filter.ref = "A2:C7"
    made.create_sheet("填写说明")["A1"] = "说明文字"
    path = tmp_path / "source.xlsx"
    made.save(path)
    return path


def test_a_workbook_keeps_its_formatting_and_only_the_rejected_rows(book, tmp_path):
    suffix = annotate_rejects(book, REJECTS, tmp_path / "out.xlsx")

    sheet = openpyxl.load_workbook(tmp_path / "out.xlsx")["清单"]
    values = [[cell.value for cell in row] for row in sheet.iter_rows()]
    assert suffix == ".xlsx"
    assert [[*row[:2], row[3]] for row in values] == [
        ["某市标准清单", None, None],
        ["标准编号", "标准名称", REASON_COLUMN],
        ["GB 4", "名称4", REASON_4],
        ["GB 5", "名称5", REASON_5],
    ]
    assert (sheet["A3"].font.bold, sheet["B3"].comment.text, sheet["B4"].fill.start_color.rgb) == (
        True,
        "请核对",
        "000000FF",
    )
    assert [sheet[cell].fill.start_color.rgb for cell in ("A3", "C3")] == ["00FFC7CE", "00FFC7CE"]
    assert [sheet.row_dimensions[row].height for row in (3, 4)] == [14, 15]
    assert sheet.column_dimensions["B"].width == 33
    assert [str(area) for area in sheet.merged_cells.ranges] == ["A1:C1"]
    assert sheet["C3"].is_date


def test_the_annotated_workbook_can_be_read_and_annotated_again(book, tmp_path):
    annotate_rejects(book, REJECTS, tmp_path / "once.xlsx")

    columns, rows = _read(tmp_path / "once.xlsx")
    annotate_rejects(tmp_path / "once.xlsx", {4: [(1, "仍然不对")]}, tmp_path / "twice.xlsx")
    columns_again, rows_again = _read(tmp_path / "twice.xlsx")

    assert columns == columns_again == ["标准编号", "标准名称", "实施日期", REASON_COLUMN]
    assert rows[0] == ["GB 4", "名称4", date(2024, 1, 4), REASON_4]
    assert rows_again == [["GB 5", "名称5", date(2024, 1, 5), "标准名称：仍然不对"]]


def test_formulas_become_values_and_reasons_never_formulas(book, tmp_path):
    annotate_rejects(book, {7: [(None, "=HYPERLINK(1)\x0b")]}, tmp_path / "out.xlsx")

    sheet = openpyxl.load_workbook(tmp_path / "out.xlsx")["清单"]

    assert (sheet["D3"].value, sheet["D3"].data_type) == ("=HYPERLINK(1)⟨U+000B⟩", "s")
    assert [cell for row in sheet.iter_rows() for cell in row if cell.data_type == "f" or cell.hyperlink] == []


def test_a_workbook_that_openpyxl_cannot_open_comes_back_as_values(book, tmp_path):
    # A style that only openpyxl objects to.
    broken = tmp_path / "broken.xlsx"
    with zipfile.ZipFile(book) as source, zipfile.ZipFile(broken, "w") as target:
        for entry in source.infolist():
            content = source.read(entry)
            target.writestr(
                entry,
                content.replace(b'<sz val="11"', b'<sz val="eleven"') if "styles" in entry.filename else content,
            )

    annotate_rejects(broken, REJECTS, tmp_path / "out.xlsx")

    columns, rows = _read(tmp_path / "out.xlsx")
    assert columns == ["标准编号", "标准名称", "实施日期", REASON_COLUMN]
    assert rows == [
        ["GB 4", "名称4", date(2024, 1, 4), REASON_4],
        ["GB 5", "名称5", date(2024, 1, 5), REASON_5],
    ]


def test_entity_bombs_are_refused(book, tmp_path):
    hostile = tmp_path / "bomb.xlsx"
    with zipfile.ZipFile(book) as source, zipfile.ZipFile(hostile, "w") as target:
        for entry in source.infolist():
            content = source.read(entry)
            if entry.filename == "xl/styles.xml":
                content = b'<!DOCTYPE x [<!ENTITY a "b">]>' + content
            target.writestr(entry, content)

    with pytest.raises(FileRefused) as refused:
        annotate_rejects(hostile, REJECTS, tmp_path / "out.xlsx")

    assert refused.value.code == "archive_dtd"
    assert openpyxl.DEFUSEDXML is True


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
def test_csv(file, tmp_path, encoding):
    text = '清单,,\n标准编号,标准名称,实施日期\nGB 3,a,\n\'=x,"两,行",2024-02-30\n'
    source = file("a.csv", text.encode(encoding))

    suffix = annotate_rejects(source, {4: [(2, "日期不存在")]}, tmp_path / "out.csv")

    assert suffix == ".csv"
    assert (tmp_path / "out.csv").read_bytes() == (
        '\ufeff清单,,,\r\n标准编号,标准名称,实施日期,错误原因\r\n\'=x,"两,行",2024-02-30,实施日期：日期不存在\r\n'
    ).encode()
    assert _read(tmp_path / "out.csv")[1] == [["=x", "两,行", "2024-02-30", "实施日期：日期不存在"]]


def test_csv_again_replaces_the_old_reasons(file, tmp_path):
    source = file("a.tsv", "标准编号\t错误原因\t标准名称\nGB 3\t旧\ta\nGB 4\t旧\n")

    annotate_rejects(source, {3: [(None, "=新")]}, tmp_path / "out.tsv")

    assert (tmp_path / "out.tsv").read_text("utf-8-sig") == "标准编号\t标准名称\t错误原因\nGB 4\t\t'=新\n"


def test_json_list_and_lines(file, tmp_path):
    listed = file("a.json", '[{"编号": "1"}, {"编号": "2", "d": {"x": 1}}]')
    lines = file("a.jsonl", '{"编号": "1"}\n\n{"编号": "2"}\n')

    suffixes = [
        annotate_rejects(listed, {2: [(0, "不对")]}, tmp_path / "out.json"),
        annotate_rejects(lines, {3: [(0, "不对")]}, tmp_path / "out.jsonl"),
    ]

    assert suffixes == [".json", ".jsonl"]
    assert json.loads((tmp_path / "out.json").read_text()) == [{"编号": "2", "d": {"x": 1}, "错误原因": "编号：不对"}]
    assert json.loads((tmp_path / "out.jsonl").read_text()) == {"编号": "2", "错误原因": "编号：不对"}


def test_json_keeps_what_stands_around_the_list(file, tmp_path):
    source = file("a.json", '{"updated": "2026-05-29", "x": {"y": 1}, "standards": [{"code": "1"}, {"code": "2"}]}')

    annotate_rejects(source, {1: [(None, "不对")]}, tmp_path / "out.json")

    assert json.loads((tmp_path / "out.json").read_text()) == {
        "updated": "2026-05-29",
        "x": {"y": 1},
        "standards": [{"code": "1", "错误原因": "不对"}],
    }


def test_blocks(file, tmp_path):
    source = file("a.txt", "标准名称 ：甲\n标准编号 ：1\n\n标准名称 ：乙\n续行\n标准编号 ：2\n")

    suffix = annotate_rejects(source, {4: [(1, "不对")]}, tmp_path / "out.txt")

    assert suffix == ".txt"
    assert (tmp_path / "out.txt").read_text(
        "utf-8-sig"
    ) == "标准名称 ：乙\n续行\n标准编号 ：2\n错误原因 ：标准编号：不对\n\n"
    assert _read(tmp_path / "out.txt") == (
        ["标准名称", "标准编号", "错误原因"],
        [["乙\n续行", "2", "标准编号：不对"]],
    )


def test_xls_becomes_xlsx(xls, tmp_path):
    source = xls("清单", [["编号", "名称"], ["GB 1", 5.0], ["=1+1", "乙"]])

    suffix = annotate_rejects(source, {3: [(0, "不对")]}, tmp_path / "out.xlsx")

    sheet = openpyxl.load_workbook(tmp_path / "out.xlsx")["清单"]
    assert suffix == ".xlsx"
    assert [[cell.value for cell in row] for row in sheet.iter_rows()] == [
        ["编号", "名称", REASON_COLUMN],
        ["=1+1", "乙", "编号：不对"],
    ]
    assert (sheet["A2"].data_type, sheet["A2"].fill.start_color.rgb) == ("s", "00FFC7CE")


def test_a_sheet_merged_to_its_last_corner_costs_nothing(book, tmp_path):
    hostile = tmp_path / "merged.xlsx"
    with zipfile.ZipFile(book) as source, zipfile.ZipFile(hostile, "w") as target:
        for entry in source.infolist():
            target.writestr(entry, source.read(entry).replace(b'ref="A6:A7"', b'ref="A6:XFD1048576"'))
    started = time.monotonic()

    annotate_rejects(hostile, REJECTS, tmp_path / "out.xlsx")

    assert time.monotonic() - started < 5
    assert [row[0] for row in _read(tmp_path / "out.xlsx")[1]] == ["GB 4", "GB 5"]
