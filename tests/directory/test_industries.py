"""The industrial classification: sections that ship, and the full table that is loaded over them."""

import pytest
from django.core.management import CommandError, call_command

from directory.industries import load_industries, read_industries, section_of, sections
from directory.models import Industry
from records.models import Event
from records.trail import SYSTEM

pytestmark = pytest.mark.django_db
TABLE = """代码,名称
A,农、林、牧、渔业
01,农业
011,谷物种植
0111,稻谷种植
0190,其他农业
98,没有的大类
27702780,两行合成一行
0112,
0111,稻谷种植
"""


@pytest.fixture
def table(tmp_path):
    path = tmp_path / "industries.csv"
    path.write_text(TABLE, encoding="utf-8")
    return path


def test_the_sections_ship_with_the_product():
    rows = list(Industry.objects.values_list("code", "path", "parent"))

    assert rows == [(letter, f"/{letter}/", None) for letter in "ABCDEFGHIJKLMNOPQRST"]
    assert [(one["name"], one["name_en"]) for one in sections()] == list(
        Industry.objects.values_list("name", "name_en")
    )
    assert all(one["name"] and one["name_en"] for one in sections())


def test_each_division_stands_in_its_section():
    assert {code: section_of(code) for code in ("01", "0512", "06", "4310", "97", "98", "00", "T")} == {
        "01": "A", "0512": "A", "06": "B", "4310": "C", "97": "T", "98": None, "00": None, "T": "T",
    }  # fmt: skip


def test_a_table_is_read_row_by_row_and_says_what_is_wrong(table):
    rows, rejected = read_industries(table)

    assert [(row.code, row.name, row.derived) for row in rows] == [
        ("A", "农、林、牧、渔业", False),
        ("01", "农业", False),
        ("011", "谷物种植", False),
        ("019", "其他农业", True),
        ("0111", "稻谷种植", False),
        ("0190", "其他农业", False),
    ]
    assert rejected == [
        "industries.csv:7: '98' stands in no section of GB/T 4754-2017",
        "industries.csv:8: '27702780' is no code of GB/T 4754 (A-T, or two to four digits)",
        "industries.csv:9: '0112' has no name",
        "industries.csv:10: '0111' stands twice",
    ]


def test_loading_puts_each_under_the_nearest_above_it_and_into_the_trail(table):
    counts = load_industries(read_industries(table)[0], by=SYSTEM)

    assert counts == {"created": 5, "updated": 0, "unchanged": 1}
    assert dict(Industry.objects.filter(path__startswith="/A/").values_list("code", "path")) == {
        "A": "/A/", "01": "/A/01/", "011": "/A/01/011/", "019": "/A/01/019/", "0111": "/A/01/011/0111/",
        "0190": "/A/01/019/0190/",
    }  # fmt: skip
    events = Event.objects.filter(object_type="directory.industry").order_by("pk")
    assert [(event.action, event.object_label) for event in events][-1] == ("created", "0190 其他农业")
    assert events.count() == 5


def test_loading_again_changes_nothing_and_a_blank_erases_nothing(table):
    load_industries(read_industries(table)[0], by=SYSTEM)
    Industry.objects.filter(code="01").update(name_en="Farming")
    events = Event.objects.count()

    counts = load_industries(read_industries(table)[0], by=SYSTEM)

    assert (counts, Event.objects.count()) == ({"created": 0, "updated": 0, "unchanged": 6}, events)
    assert Industry.objects.get(code="01").name_en == "Farming"


def test_a_corrected_name_is_an_update(table):
    load_industries(read_industries(table)[0], by=SYSTEM)
    table.write_text("代码,名称\n01,农业（更正）\n", encoding="utf-8")

    counts = load_industries(read_industries(table)[0], by=SYSTEM)

    assert counts == {"created": 0, "updated": 1, "unchanged": 0}
    assert Event.objects.first().changes == {"name": ["农业", "农业（更正）"]}


def test_the_command_says_what_it_did(table, capsys):
    call_command("load_industries", table, "--dry-run")
    dry = capsys.readouterr().out
    assert Industry.objects.count() == 20

    call_command("load_industries", table)

    assert [dry, capsys.readouterr().out] == ["read=9 derived=1 created=5 updated=0 unchanged=1 rejected=4\n"] * 2
    with pytest.raises(CommandError, match="no such file"):
        call_command("load_industries", table.parent / "none.csv")


def test_the_official_table_reconciles(shared_data):
    """Two lines of the copy at hand hold two classes each (277/278, 8052/8053), and two groups (727, 905) are fused with
    their first class: with those the standard's 473 groups and 1,381 classes are complete."""
    rows, rejected = read_industries(shared_data / "reference" / "gbt4754_2017.xlsx")

    by_length = {length: sum(len(row.code) == length for row in rows) for length in (1, 2, 3, 4)}
    assert by_length == {1: 20, 2: 97, 3: 473 - 4, 4: 1381 - 4}
    assert len(rows) - sum(row.derived for row in rows) + len(rejected) == 1768
    assert [line.split(":")[1] for line in rejected] == ["460", "1562"]
    assert [(row.code, row.name) for row in rows[:20]] == [(one["code"], one["name"]) for one in sections()]
