"""The jobs of the child process, done in this one: what they answer, before any pipe."""

import json
import zipfile

import openpyxl
import pytest

from tabular.archives import check_archive
from tabular.child import Child
from tabular.errors import FileRefused
from tabular.jsonrows import read_json
from tabular.limits import MB, UPLOAD_LIMITS, Limits
from tabular.marking import mark_json, mark_workbook
from tabular.rows import Oversized
from tabular.workbooks import read_workbook


@pytest.fixture
def book(tmp_path):
    made = openpyxl.Workbook()
    for row in (["编号", "名称"], ["1", "长" * 5_001], [], ["=2", 2.0]):
        made.active.append(row)
    made.active["A4"].data_type = "s"
    made.active.merge_cells("A2:A3")
    made.active.row_dimensions[4].height = 20
    path = tmp_path / "book.xlsx"
    made.save(path)
    return path


def _code(job, *args, **options):
    with pytest.raises(FileRefused) as refused:
        list(job(*args, **options))
    return refused.value.code


def test_read_workbook(book):
    head, *rows = read_workbook(book, kind="xlsx", sheet=None, limits=UPLOAD_LIMITS)

    assert head == {"sheet": "Sheet", "sheets": ["Sheet"], "width": 2}
    assert rows == [(1, ["编号", "名称"]), (2, ["1", Oversized(5_001)]), (4, ["=2", 2])]


def test_read_workbook_refusals(book, xls, file):
    old = xls("表", [["a"]] * 40)

    assert _code(read_workbook, book, kind="xlsx", sheet="没有", limits=UPLOAD_LIMITS) == "unknown_sheet"
    assert _code(read_workbook, file("a.xls", b"x"), kind="xls", sheet=None, limits=UPLOAD_LIMITS) == "damaged_file"
    assert _code(read_workbook, old, kind="xls", sheet=None, limits=Limits(rows=5)) == "too_many_rows"
    assert _code(read_workbook, xls("空", []), kind="xls", sheet=None, limits=UPLOAD_LIMITS) == "empty_file"


def test_a_workbook_with_many_rows_says_so_before_it_is_opened(tmp_path):
    made = openpyxl.Workbook()
    for number in range(40):
        made.active.append([number])
    made.save(tmp_path / "a.xlsx")

    hint = next(read_workbook(tmp_path / "a.xlsx", kind="xlsx", sheet=None, limits=Limits(rows=5)))

    assert hint == {"hint": "too_many_rows", "params": {"limit": 5}}


@pytest.mark.parametrize(
    ("limits", "code"),
    [
        ({"entries": 3}, "archive_entries"),
        ({"unpacked_bytes": 1_000}, "archive_unpacked"),
        ({"ratio": 50}, "archive_ratio"),
    ],
)
def test_check_archive_limits(book, limits, code):
    with zipfile.ZipFile(book, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/media/blank.bin", b" " * 5 * MB)

    with pytest.raises(FileRefused) as refused:
        check_archive(book, Limits(**limits))

    assert refused.value.code == code
    assert check_archive(book, Limits(ratio=1_000)) == 4


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("word/document.xml", b"", "unsupported_format"),
        ("content.xml", b"", "unsupported_format"),
        ("anything", b"", "unsupported_format"),
        ("xl/workbook.xml", b"<!DOCTYPE x>", "archive_dtd"),
        ("xl/workbook.xml", b"x" * ((1 << 18) - 4) + b"<!ENTITY x>", "archive_dtd"),
    ],
)
def test_check_archive_content(tmp_path, name, content, code):
    with zipfile.ZipFile(tmp_path / "a.xlsx", "w") as archive:
        archive.writestr(name, content)

    with pytest.raises(FileRefused) as refused:
        check_archive(tmp_path / "a.xlsx", UPLOAD_LIMITS)

    assert refused.value.code == code


def test_check_archive_with_a_password(book):
    content = bytearray(book.read_bytes())
    place = content.index(b"PK\1\2")
    content[place + 8] |= 1
    book.write_bytes(content)

    with pytest.raises(FileRefused) as refused:
        check_archive(book, UPLOAD_LIMITS)

    assert refused.value.code == "password_protected"


def test_read_json(file):
    path = file("a.json", json.dumps({"updated": "2026", "list": [{"a": {"b": 1}, "t": ["x"]}, {"l": "x" * 5_001}]}))

    head, *rows = read_json(path, kind="json", encoding="utf-8", limits=UPLOAD_LIMITS)

    assert head == {"columns": ["a.b", "t", "l"], "meta": {"updated": "2026"}}
    assert rows == [(1, [1, "x", None]), (2, [None, None, Oversized(5_001)])]


def test_read_json_lines(file):
    path = file("a.jsonl", '{"a": [1], "b": {"c": {}, "d": {"e": 2}}}\n\n{"a": 2.5}\n')

    head, *rows = read_json(path, kind="jsonl", encoding="utf-8", limits=UPLOAD_LIMITS)

    assert head == {"columns": ["a", "b.c", "b.d"], "meta": {}}
    assert rows == [(1, ["[1]", None, '{"e":2}']), (3, [2.5, None, None])]


@pytest.mark.parametrize(
    ("kind", "content", "code"),
    [
        ("json", "[" * 100_000, "json_too_deep"),
        ("json", "{}", "json_shape"),
        ("json", "3", "json_shape"),
        ("json", "[3]", "json_not_object"),
        ("json", "[", "json_syntax"),
        ("json", '[{"a": 1, "b": 2, "a": 3}]', "json_duplicate_key"),
        ("json", '[{"a": -9223372036854775809}]', "json_number"),
        ("json", '[{"a": 1e999}]', "json_number"),
        ("json", '[{"a": Infinity}]', "json_number"),
        ("json", '[{"a": 1, "b": 2, "c": 3}]', "too_many_columns"),
        ("json", "[{}, {}, {}]", "too_many_rows"),
        ("jsonl", "3", "json_not_object"),
        ("jsonl", '{"a": "' + "x" * 20_000 + '"}', "line_too_long"),
    ],
)
def test_read_json_refusals(file, kind, content, code):
    limits = Limits(columns=2, rows=2)

    assert _code(read_json, file("a", content), kind=kind, encoding="utf-8", limits=limits) == code


@pytest.mark.parametrize("values_only", [False, True])
def test_mark_workbook(book, tmp_path, values_only):
    out = tmp_path / "out.xlsx"
    options = {"kind": "xlsx", "sheet": "Sheet", "header_row": 1, "reason_column": 2, "header": "错误原因"}
    rejects = [(4, [0, None], "不对")]

    list(mark_workbook(book, **options, rejects=rejects, out=str(out), values_only=values_only, limits=UPLOAD_LIMITS))

    sheet = openpyxl.load_workbook(out).active
    assert [[cell.value for cell in row] for row in sheet.iter_rows()] == [
        ["编号", "名称", "错误原因"],
        ["=2", 2, "不对"],
    ]
    assert (sheet["A2"].data_type, sheet.row_dimensions[2].height) == ("s", None if values_only else 20)


def test_values_that_were_not_passed_on_are_not_lost_silently(book, tmp_path):
    options = {
        "kind": "xlsx",
        "sheet": "Sheet",
        "header_row": 1,
        "reason_column": 2,
        "header": "x",
        "values_only": True,
    }

    code = _code(
        mark_workbook, book, **options, rejects=[(2, [1], "长")], out=str(tmp_path / "o.xlsx"), limits=UPLOAD_LIMITS
    )

    assert code == "cannot_annotate"


@pytest.mark.parametrize(
    ("kind", "content", "written"),
    [
        ("json", '[{"a": 1}, {"a": 2}]', [{"a": 2, "x": "不对"}]),
        ("json", '{"v": 1, "l": [{"a": 1}, {"a": 2}]}', {"v": 1, "l": [{"a": 2, "x": "不对"}]}),
        ("jsonl", '{"a": 1}\n{"a": 2}\n', {"a": 2, "x": "不对"}),
    ],
)
def test_mark_json(file, tmp_path, kind, content, written):
    out = tmp_path / "out"
    options = {"kind": kind, "encoding": "utf-8", "rejects": [(2, [0], "不对")], "out": str(out), "header": "x"}

    list(mark_json(file("a", content), **options, limits=UPLOAD_LIMITS))

    assert json.loads(out.read_text()) == written


def test_a_job_that_fails_unexpectedly_is_a_damaged_file(tmp_path):
    child = Child("json", tmp_path / "missing", limits=UPLOAD_LIMITS, options={"kind": "json", "encoding": "utf-8"})

    with pytest.raises(FileRefused) as refused:
        list(child.answers())

    child.close()
    assert refused.value.code == "damaged_file"


@pytest.mark.parametrize(("signal", "code"), [(9, "too_slow"), (11, "damaged_file"), (6, "too_much_memory")])
def test_how_a_child_died_decides_what_is_said(file, signal, code):
    path = file("a.json", "[" + '{"a": 1},' * 500_000 + "{}]")
    child = Child("json", path, limits=UPLOAD_LIMITS, options={"kind": "json", "encoding": "utf-8"})
    child._process.send_signal(signal)

    with pytest.raises(FileRefused) as refused:
        list(child.answers())

    child.close()
    assert refused.value.code == code
