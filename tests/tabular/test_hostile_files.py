"""Every hostile file is refused within 5 seconds and 256 MB, parent and child together (I2, I3)."""

import struct
import subprocess
import sys
import zipfile
import zlib
from io import BytesIO
from pathlib import Path

import openpyxl
import pytest
from rustpy_xlsxwriter import write_worksheet

from tabular.errors import FileRefused
from tabular.limits import COMMAND_LIMITS, MB, UPLOAD_LIMITS
from tabular.reading import read_table

SECONDS, MEGABYTES = 5, 256

_SHEET = (
    '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>{}</sheetData></worksheet>'
)
_ROW = '<row r="{0}"><c r="A{0}" t="inlineStr"><is><t>{1}</t></is></c><c r="B{0}" t="str"><v>x</v></c></row>'


@pytest.fixture
def workbook(tmp_path):
    """A workbook whose sheet is the given XML (or iterable of byte blocks), with more parts if wanted."""

    def write(sheet, *, parts=(), name="hostile.xlsx", head=""):
        original = BytesIO()
        openpyxl.Workbook().save(original)
        path = tmp_path / name
        with zipfile.ZipFile(original) as source, zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as target:
            for entry in source.infolist():
                if entry.filename != "xl/worksheets/sheet1.xml":
                    target.writestr(entry.filename, source.read(entry))
            with target.open("xl/worksheets/sheet1.xml", "w") as part:
                for block in [(head + sheet).encode()] if isinstance(sheet, str) else sheet:
                    part.write(block)
            for part_name, content in parts:
                target.writestr(part_name, content)
        return path

    return write


def _cheap(cost, code):
    assert cost.code == code
    assert cost.seconds <= SECONDS
    assert cost.megabytes <= MEGABYTES


def test_a_stray_cell_in_the_last_corner(workbook, cost_of_reading):
    cells = _ROW.format(1, "编号") + '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'
    path = workbook(_SHEET.format(cells))

    _cheap(cost_of_reading(path), "too_much_memory")


def test_an_archive_that_unpacks_to_more_than_the_limit(workbook, cost_of_reading):
    blank = b" " * MB
    path = workbook(blank for _ in range(300))

    _cheap(cost_of_reading(path), "archive_unpacked")
    # Raising that limit alone shows the next one at work.
    _cheap(cost_of_reading(path, unpacked_bytes=400 * MB), "archive_ratio")


def test_an_archive_that_lies_about_its_sizes(workbook, cost_of_reading):
    path = workbook(_SHEET.format(_ROW.format(1, "a" * 1_000_000)))
    content = bytearray(path.read_bytes())
    with zipfile.ZipFile(path) as archive:
        entry = archive.getinfo("xl/worksheets/sheet1.xml")
    real = struct.pack("<L", entry.file_size)
    place = content.rindex(real, content.index(b"PK\x01\x02"))
    content[place : place + 4] = struct.pack("<L", 100)
    path.write_bytes(content)

    _cheap(cost_of_reading(path), "damaged_file")


def test_more_parts_than_the_limit(workbook, cost_of_reading):
    path = workbook(_SHEET.format(_ROW.format(1, "a")), parts=[(f"xl/media/{i}.bin", b"x") for i in range(300)])

    _cheap(cost_of_reading(path), "archive_entries")
    assert cost_of_reading(path, entries=400).code == ""


def test_three_hundred_thousand_parts(workbook, cost_of_reading):
    path = workbook("", name="many.xlsx")
    local = struct.pack("<4s5H3L2H", b"PK\3\4", 20, 0, 0, 0, 0, 0, 0, 0, 1, 0) + b"a"
    central = struct.pack("<4s6H3L5H2L", b"PK\1\2", 20, 20, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0) + b"a"
    count = 300_000
    end = struct.pack("<4s4H2LH", b"PK\5\6", 0, 0, 65535, 65535, len(central) * count, len(local), 0)
    path.write_bytes(local + central * count + end)

    cost = cost_of_reading(path)

    assert cost.code in ("archive_entries", "too_much_memory")
    assert cost.seconds <= SECONDS
    assert cost.megabytes <= MEGABYTES


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_an_entity_bomb(workbook, cost_of_reading, encoding):
    entities = "".join(f'<!ENTITY e{i} "{f"&e{i - 1};" * 10 if i else "a" * 10}">' for i in range(12))
    text = f'<?xml version="1.0"?><!DOCTYPE b [{entities}]>' + _SHEET.format(_ROW.format(1, "&e11;"))
    path = workbook([text.encode(encoding)])

    _cheap(cost_of_reading(path), "archive_dtd")


def test_an_external_entity_is_not_fetched(workbook, tmp_path, cost_of_reading):
    (tmp_path / "secret").write_text("secret content")
    head = f'<!DOCTYPE b [<!ENTITY x SYSTEM "file://{tmp_path}/secret">]>'
    path = workbook(_SHEET.format(_ROW.format(1, "&x;")), head=head)

    _cheap(cost_of_reading(path), "archive_dtd")


def test_a_dtd_behind_a_long_comment(workbook, cost_of_reading):
    head = f"<!--{'-' * 0}{'x' * 300_000}--><!DOCTYPE b [<!ENTITY x 'y'>]>"
    path = workbook(_SHEET.format(_ROW.format(1, "a")), head=head)

    _cheap(cost_of_reading(path), "archive_dtd")


def test_more_rows_than_the_limit(tmp_path, cost_of_reading):
    path = tmp_path / "rows.xlsx"
    write_worksheet(({"编号": f"GB {i}", "名称": "名"} for i in range(100_001)), str(path))

    _cheap(cost_of_reading(path), "too_many_rows")
    cost = cost_of_reading(path, rows=100_001)
    assert (cost.code, cost.rows) == ("", 100_001)


def test_so_many_rows_that_memory_ends_first_still_names_the_rows(tmp_path, cost_of_reading):
    path = tmp_path / "rows.xlsx"
    write_worksheet(({f"列{c}": f"某某产品质量要求 {i}" for c in range(15)} for i in range(160_000)), str(path))

    _cheap(cost_of_reading(path), "too_many_rows")


def test_more_columns_than_the_limit(tmp_path, cost_of_reading):
    path = tmp_path / "columns.xlsx"
    write_worksheet([{f"列{c}": "x" for c in range(101)}], str(path))

    _cheap(cost_of_reading(path), "too_many_columns")
    assert cost_of_reading(path, columns=101).code == ""


def test_deep_json(file, cost_of_reading):
    path = file("deep.json", "[" * 10_000_000)

    _cheap(cost_of_reading(path), "json_too_deep")


def test_deep_json_in_one_line_of_many(file, cost_of_reading):
    path = file("deep.jsonl", '{"a": 1}\n{"a": ' + "[" * 200_000 + "]" * 200_000 + "}\n")

    _cheap(cost_of_reading(path), "json_too_deep")


def test_json_that_becomes_far_larger_than_its_file(file, cost_of_reading):
    path = file("wide.json", "[" + "{}," * 6_000_000 + "{}]")

    _cheap(cost_of_reading(path), "too_much_memory")


def test_a_huge_integer(file, cost_of_reading):
    path = file("huge.json", '[{"a": ' + "9" * 5_000_000 + "}]")

    _cheap(cost_of_reading(path), "json_number")


def test_a_million_columns_in_one_csv_line(file, cost_of_reading):
    path = file("wide.csv", "编号,名称\n" + "a," * 1_000_000 + "a\n")

    _cheap(cost_of_reading(path), "line_too_long")
    # A limit ten times wider lets the line through, and the number of columns refuses it.
    assert cost_of_reading(path, cell_chars=50_000).code == "too_many_columns"


def test_a_quote_that_never_ends(file, cost_of_reading):
    path = file("quote.csv", '编号,名称\n1,"' + "一行没有结束的引号\n" * 500_000)

    _cheap(cost_of_reading(path), "unterminated_quote")


def test_one_record_of_endless_quoted_cells(file, cost_of_reading):
    path = file("record.csv", "编号,名称\n1," + '"\n",' * 3_000_000)

    _cheap(cost_of_reading(path), "unterminated_quote")


def test_more_csv_rows_than_the_limit(file, cost_of_reading):
    path = file("rows.csv", "编号,名称\n" + "1,x\n" * 2_000_000)

    cost = cost_of_reading(path)

    _cheap(cost, "too_many_rows")
    assert cost.rows == 0  # refused before any row is used


def test_a_file_larger_than_the_limit(tmp_path, cost_of_reading):
    path = tmp_path / "large.csv"
    with path.open("wb") as out:
        out.truncate(21 * MB)

    _cheap(cost_of_reading(path), "file_too_large")
    assert cost_of_reading(path, file_bytes=22 * MB).code == "nul_byte"


@pytest.mark.parametrize("name", ["noise.xlsx", "noise.xls", "noise.json", "noise.csv"])
def test_noise(file, cost_of_reading, name):
    noise = zlib.compress(b"standards" * 1000) * 500

    cost = cost_of_reading(file(name, noise))

    assert cost.code in ("damaged_file", "undecodable", "format_mismatch")
    assert cost.seconds <= SECONDS


@pytest.mark.parametrize("keep", [30, 300, 3000])
def test_a_workbook_cut_short(tmp_path, keep, cost_of_reading):
    book = openpyxl.Workbook()
    for i in range(200):
        book.active.append([f"编号{i}", f"名称{i}"])
    book.save(tmp_path / "whole.xlsx")
    path = tmp_path / "cut.xlsx"
    path.write_bytes((tmp_path / "whole.xlsx").read_bytes()[:keep])

    _cheap(cost_of_reading(path), "damaged_file")


def test_a_child_that_outlives_its_time_is_killed(tmp_path):
    path = tmp_path / "rows.xlsx"
    write_worksheet(({"编号": f"GB {i}", "名称": "名"} for i in range(90_000)), str(path))
    limits = type(UPLOAD_LIMITS)(seconds=0)

    with pytest.raises(FileRefused) as refused:
        read_table(path, limits=limits)

    assert refused.value.code == "too_slow"


def test_leaving_a_table_early_ends_its_child(tmp_path):
    path = tmp_path / "rows.xlsx"
    write_worksheet(({"编号": f"GB {i}", "名称": "名"} for i in range(50_000)), str(path))

    with read_table(path) as reader:
        next(iter(reader))
        child = reader._child._process

    assert child.returncode is not None


def test_commands_may_read_what_uploads_may_not():
    for name in ("file_bytes", "unpacked_bytes", "rows", "columns", "memory_bytes", "seconds"):
        assert getattr(COMMAND_LIMITS, name) > getattr(UPLOAD_LIMITS, name)


def test_the_published_limits():
    published = (20 * MB, 200 * MB, 100, 200, 100_000, 100, 5_000)
    limits = UPLOAD_LIMITS

    found = (
        limits.file_bytes,
        limits.unpacked_bytes,
        limits.ratio,
        limits.entries,
        limits.rows,
        limits.columns,
        limits.cell_chars,
    )

    assert found == published


def test_reading_imports_no_django():
    script = "import sys, tabular.reading, tabular.writing, tabular.annotating; print('django' in sys.modules)"

    root = Path(__file__).parents[2]

    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True, cwd=root)

    assert done.stdout.strip() == "False"
