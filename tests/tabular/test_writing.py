"""Exports run no formula, keep every character and come back unchanged."""

import csv
import io
import json
import subprocess
import sys
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tabular.dates import parse_date
from tabular.delimited import guard, unguard
from tabular.reading import read_table
from tabular.writing import Column, sheet_name, write_csv, write_jsonl, write_xlsx

COLUMNS = [
    Column("number", "标准编号", width=24),
    Column("title", "标准名称", width=60),
    Column("published", "发布日期", "date", 12),
    Column("count", "数量", "number"),
]
FORMULAS = [
    "=1+1",
    "+1",
    "-1",
    "@SUM(A1)",
    "\t=1",
    "\r=1",
    "\n=1",
    "＝1",
    "＋1",
    "－1",
    "＠a",
    "'=1",
    "''=1",
    "'a",
    "'",
    "=cmd|' /C calc'!A0",
]
# Ext B to G ideographs, combining and full-width characters, a joiner, line ends, quotes.
ODD = [
    "𠮷𬭛㛃𪚥",
    "e\u0301",
    "ＧＢ",
    "👩\u200d🔬",
    "两\n行",
    'a"b,c',
    " 前后 ",
    "https://example.cn",
    "00123",
    "_x0041_",
    "1E5",
]


def _csv(tmp_path, rows):
    path = tmp_path / "out.csv"
    path.write_bytes(b"".join(write_csv(COLUMNS, rows)))
    return path


def _read(path):
    with read_table(path) as reader:
        return reader.columns, [row.cells for row in reader]


def test_csv_has_bom_crlf_and_plain_values(tmp_path):
    row = {"number": "GB 1", "title": None, "published": parse_date("2014-04"), "count": 3, "other": "x"}

    content = b"".join(write_csv(COLUMNS, [row]))

    assert content == "\ufeff标准编号,标准名称,发布日期,数量\r\nGB 1,,2014-04,3\r\n".encode()


def test_csv_without_rows_has_its_header():
    assert b"".join(write_csv(COLUMNS[:1], [])) == "\ufeff标准编号\r\n".encode()


def test_no_csv_cell_begins_like_a_formula(tmp_path):
    path = _csv(tmp_path, [{"number": text, "title": text} for text in FORMULAS])

    cells = [cell for row in csv.reader(io.StringIO(path.read_text("utf-8-sig"), newline="")) for cell in row]

    assert [cell for cell in cells if cell[:1] in "=+-@\t\r\n＝＋－＠" and cell] == []


def test_a_csv_round_trip_changes_nothing(tmp_path):
    texts = FORMULAS + ODD

    columns, rows = _read(_csv(tmp_path, [{"number": text, "title": text} for text in texts]))

    assert columns == [column.label for column in COLUMNS]
    assert rows == [[text, text, None, None] for text in texts]


@given(st.text(st.sampled_from("'=+-@\t\r\n＝＋－＠aé標 \"")))
def test_guarding_can_be_undone_exactly(text):
    guarded = guard(text)

    assert unguard(guarded) == text
    assert guarded[:1] not in set("=+-@\t\r\n＝＋－＠")


def test_csv_comes_in_blocks():
    blocks = list(write_csv(COLUMNS, ({"number": f"GB {i}", "title": "名" * 50} for i in range(5_000))))

    assert len(blocks) > 4
    assert max(map(len, blocks)) < 300_000


def test_jsonl():
    rows = [
        {
            "a": "标准",
            "d": date(2024, 1, 5),
            "m": parse_date("2014-04"),
            "n": None,
            "x": Decimal("1.5"),
            "l": ["甲"],
        }
    ]

    (line,) = write_jsonl(rows)

    assert json.loads(line) == {
        "a": "标准",
        "d": "2024-01-05",
        "m": "2014-04",
        "n": None,
        "x": "1.5",
        "l": ["甲"],
    }
    assert line == '{"a":"标准","d":"2024-01-05","m":"2014-04","n":null,"x":"1.5","l":["甲"]}\n'.encode()


@pytest.fixture
def workbook(tmp_path):
    def write(rows, **how):
        path = tmp_path / "out.xlsx"
        write_xlsx(path, COLUMNS, rows, **{"title": "标准清单", **how})
        return path

    return write


def test_xlsx_has_real_dates_and_numbers_and_no_formula_or_link(workbook):
    rows = [{"number": text, "title": "=1+1", "published": date(2024, 1, 5), "count": 3} for text in FORMULAS + ODD]

    sheet = openpyxl.load_workbook(workbook(rows)).worksheets[0]

    kinds = {tuple(cell.data_type for cell in row) for row in sheet.iter_rows(min_row=2)}
    assert kinds == {("s", "s", "d", "n")}
    assert {row[2].number_format for row in sheet.iter_rows(min_row=2)} == {"yyyy-mm-dd"}
    assert [cell for row in sheet.iter_rows() for cell in row if cell.hyperlink] == []


def test_an_xlsx_round_trip_changes_nothing(workbook):
    # A control character too: it is escaped, and IllegalCharacterError reaches nobody.
    texts = [*FORMULAS, *ODD, "a\x0bb"]
    rows = [{"number": text, "published": date(2024, 1, 5), "count": index} for index, text in enumerate(texts)]

    columns, found = _read(workbook(rows))

    assert columns == [column.label for column in COLUMNS]
    assert found == [[text, None, date(2024, 1, 5), index] for index, text in enumerate(texts)]


@pytest.mark.parametrize(
    ("key", "value", "printed"),
    [
        ("published", parse_date("2014-04"), "2014-04"),
        ("published", parse_date("2014-04-01"), date(2014, 4, 1)),
        ("published", datetime(2024, 1, 5, 3, 4), datetime(2024, 1, 5, 3, 4)),
        ("published", "待核", "待核"),
        ("count", Decimal("2"), 2),
        ("count", Decimal("2.5"), 2.5),
        ("count", float("nan"), None),
        ("count", 2**60, str(2**60)),
        ("count", "十", "十"),
        ("number", 12, "12"),
    ],
)
def test_each_kind_of_value(workbook, key, value, printed):
    _, (row,) = _read(workbook([{"title": "x", key: value}]))

    assert row[[column.key for column in COLUMNS].index(key)] == printed


def test_a_text_that_excel_cannot_hold_is_cut_visibly(workbook):
    sheet = openpyxl.load_workbook(workbook([{"title": "x" * 40_000}])).worksheets[0]

    assert sheet["B2"].value == "x" * 32_747 + "⟨… +7253⟩"


def test_xlsx_has_a_frozen_header_filter_widths_and_notes(workbook):
    book = openpyxl.load_workbook(workbook([{"number": "GB 1"}], notes=["截至 2026-11-22", "=1+1"]))
    sheet, notes = book.worksheets

    assert (sheet.title, sheet.freeze_panes, sheet.auto_filter.ref) == ("标准清单", "A2", "A1:D2")
    assert [round(sheet.column_dimensions[letter].width) for letter in "ABCD"] == [25, 61, 13, 17]
    assert (notes.title, [row[0].value for row in notes.iter_rows()]) == (
        "说明",
        ["标准清单", "截至 2026-11-22", "=1+1"],
    )
    assert notes["A3"].data_type == "s"


def test_xlsx_without_rows_has_its_header(workbook):
    assert _read(workbook([])) == ([column.label for column in COLUMNS], [])


def test_labels_must_differ(tmp_path):
    with pytest.raises(ValueError, match="same label"):
        write_xlsx(tmp_path / "a.xlsx", [Column("a", "x"), Column("b", "x")], [], title="t")


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("标准[1]:*?/\\清单", "标准 1 清单"),
        ("很" * 40, "很" * 31),
        ("''", "数据"),
        ("说明", "数据"),
        ("History", "数据"),
    ],
)
def test_sheet_names(title, name):
    assert sheet_name(title) == name


_DRIVER = """
import sys, time
from rustpy_xlsxwriter import write_worksheet
from tabular.writing import Column, write_xlsx

columns = [Column(f"k{c}", f"列{c}") for c in range(15)]
names = [column.label if sys.argv[1] == "bare" else column.key for column in columns]

def rows():
    for i in range(int(sys.argv[3])):
        yield {name: f"某某产品质量要求第{i}部分" for name in names}

def peak():
    return next(int(line.split()[1]) for line in open("/proc/self/status") if line.startswith("VmHWM")) / 1024

before, started = peak(), time.process_time()
if sys.argv[1] == "bare":
    write_worksheet(rows(), sys.argv[2])
else:
    write_xlsx(sys.argv[2], columns, rows(), title="x")
print(time.process_time() - started, peak() - before)
"""


def _cost(how, path, rows):
    command = [sys.executable, "-c", _DRIVER, how, str(path), str(rows)]
    done = subprocess.run(command, capture_output=True, text=True, check=True, cwd=Path(__file__).parents[2])
    return [float(number) for number in done.stdout.split()]


def test_xlsx_costs_at_most_twice_the_bare_library_in_constant_memory(tmp_path):
    bare, _ = _cost("bare", tmp_path / "bare.xlsx", 60_000)
    ours, grown = _cost("ours", tmp_path / "ours.xlsx", 60_000)

    assert ours <= 2 * bare
    assert grown <= 60
