"""Loading the full ICS and CCS tables over the first levels that ship."""

import pytest
from django.core.management import CommandError, call_command

from catalog.classifying import load_classification, read_classification
from catalog.models import Classification
from catalog.views.public import _class_counts
from records.trail import SYSTEM
from tests.factories import make_standard

pytestmark = pytest.mark.django_db
ICS = "code,name_zh,name_en\n67,食品技术,FOOD TECHNOLOGY\n67.140,茶、咖啡、可可,Tea. Coffee. Cocoa\n67.140.10,茶,Tea\n67.14,坏,Bad\n,空,Empty\n"
CCS = "代码,名称\nX,食品\nX50/59,制糖与糖制品、饮料\nX55,茶叶制品\nX04,基础标准\nI01,没有的字母\n"


def written(folder, text: str):
    path = folder / "table.csv"
    path.write_text(text, encoding="utf-8")
    return path


def load(scheme: str, folder, text: str, **options) -> dict[str, int]:
    nodes, _rejected = read_classification(scheme, written(folder, text))
    return load_classification(scheme, nodes, by=SYSTEM, **options)


def parents(scheme: str, beginning: str) -> dict[str, str | None]:
    rows = Classification.objects.filter(scheme=scheme, code__startswith=beginning)
    return dict(rows.values_list("code", "parent__code"))


def test_nodes_find_their_parents(tmp_path):
    load("ics", tmp_path, ICS)
    load("ccs", tmp_path, CCS)

    assert parents("ics", "67") == {"67": None, "67.140": "67", "67.140.10": "67.140"}
    assert parents("ccs", "X") == {"X": None, "X50/59": "X", "X55": "X50/59", "X04": "X"}


def test_rows_that_are_no_codes_are_told_with_their_place(tmp_path):
    nodes, rejected = read_classification("ics", written(tmp_path, ICS))

    assert [node.code for node in nodes] == ["67", "67.140", "67.140.10"]
    assert rejected == ["table.csv:5: '67.14' is no ICS code", "table.csv:6: '' is no ICS code"]


def test_the_same_table_again_changes_nothing(tmp_path):
    first, again = load("ics", tmp_path, ICS), load("ics", tmp_path, ICS)

    assert (first["created"], again) == (2, {"created": 0, "updated": 0, "unchanged": 3})


def test_a_dry_run_saves_nothing(tmp_path):
    before = Classification.objects.count()

    counts = load("ics", tmp_path, ICS, dry_run=True)

    assert (counts["created"], Classification.objects.count()) == (2, before)


def test_a_blank_never_erases(tmp_path):
    load("ics", tmp_path, ICS)

    load("ics", tmp_path, "code,name_zh,name_en\n67.140,,\n")

    assert Classification.objects.get(code="67.140").name == "茶、咖啡、可可"


def test_english_in_the_only_name_column_is_english(tmp_path):
    load("ics", tmp_path, "code,name\n67.140,Tea. Coffee\n")

    node = Classification.objects.get(code="67.140")
    assert (node.name, node.name_en) == ("", "Tea. Coffee")


def test_a_code_that_a_standard_brought_is_named(tmp_path):
    make_standard("GB/T 1-2020", ics=["67.140.10"])
    nameless = Classification.objects.get(code="67.140.10")

    load("ics", tmp_path, ICS)

    nameless.refresh_from_db()
    assert (nameless.name, nameless.parent.code) == ("茶", "67.140")


def test_a_group_s_link_shows_what_its_count_says(client, tmp_path, rf):
    load("ccs", tmp_path, CCS)
    make_standard("GB/T 1-2020", ccs=["X55"])
    make_standard("GB/T 2-2020", ccs=["X04"])
    request = rf.get("/")
    request.user = None

    counts = _class_counts(request, "ccs", Classification.objects.get(scheme="ccs", code="X"))
    listed = {code: client.get("/api/v1/standards/", {"ccs": code}).json()["count"] for code in ("X50/59", "X04")}

    assert dict(counts) == listed == {"X50/59": 1, "X04": 1}


def test_the_command_says_what_it_did(tmp_path, capsys):
    call_command("load_classification", "ics", str(written(tmp_path, ICS)))

    out, err = capsys.readouterr()
    assert out == "read=5 created=2 updated=1 unchanged=0 rejected=2\n"
    assert len(err.splitlines()) == 2


def test_the_command_refuses_what_is_no_table(tmp_path):
    with pytest.raises(CommandError):
        call_command("load_classification", "ics", str(tmp_path / "nothing.csv"))
    (tmp_path / "bad.xlsx").write_bytes(b"\x00\x01")
    with pytest.raises(CommandError):
        call_command("load_classification", "ics", str(tmp_path / "bad.xlsx"))


@pytest.mark.slow
@pytest.mark.parametrize(("scheme", "name", "least"), [("ics", "ics.jsonl", 1000), ("ccs", "ccs_level3.csv", 1000)])
def test_the_real_tables_load(shared_data, scheme, name, least):
    nodes, rejected = read_classification(scheme, shared_data / "reference" / name)
    load_classification(scheme, nodes, by=SYSTEM)

    again = load_classification(scheme, nodes, by=SYSTEM)

    assert (again["created"], again["updated"]) == (0, 0)
    assert len(nodes) >= least
    assert len(rejected) < len(nodes) / 100
    top = Classification.objects.filter(scheme=scheme, parent=None).values_list("code", flat=True)
    assert {len(code) for code in top} == {2 if scheme == "ics" else 1}
