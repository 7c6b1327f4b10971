"""A newer table of divisions: the difference is shown first, written at once or not at all, and once."""

import csv
import io
import re
from datetime import date

import pytest
from django.core.management import CommandError, call_command
from django.utils import translation

from directory.division_loading import TableRefused, plan_divisions, read_divisions
from directory.models import Region
from directory.succession import successor_on
from records.models import Event, ImportBatch
from tabular.writing import Column, write_xlsx
from tests.factories import import_csv, make_user

pytestmark = pytest.mark.django_db
LATER = date(2027, 6, 1)


@pytest.fixture(autouse=True)
def english():
    with translation.override("en"):
        yield


def full_table(folder, *, drop=(), change=None, extra=(), columns=("code", "name"), province="32"):
    """A file with one province as it stands, some of it changed."""
    rows = [
        {"code": one.code, "name": (change or {}).get(one.code, one.name)}
        for one in Region.objects.valid().filter(code__startswith=province)
        if one.code not in drop
    ]
    path = folder / "divisions.csv"
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, columns, restval="")
        writer.writeheader()
        writer.writerows([*rows, *extra])
    return path


def load(path, *options, **named):
    out, err = io.StringIO(), io.StringIO()
    call_command("load_divisions", str(path), *options, stdout=out, stderr=err, **named)
    return out.getvalue()


def counts(text):
    return dict(re.findall(r"(\w+)=(\d+)", text.splitlines()[-2]))


def state():
    rows = Region.objects.order_by("pk").values_list("code", "name", "valid_from", "valid_to", "parent", "path")
    return list(rows), Region.successors.through.objects.count(), Event.objects.count()


def test_the_table_as_it_stands_changes_nothing(tmp_path):
    before = state()

    said = load(full_table(tmp_path), "--year", "2027", "--apply")

    assert said.splitlines()[-1] == "Nothing changes."
    assert state() == before
    assert counts(said)["unchanged"] == str(Region.objects.count())


NEWER = {
    "drop": ("320682", "320102"),
    "change": {"320681": "启东区"},
    "extra": [
        {"code": "320616", "name": "如皋区"},
        {"code": "320682", "name": "如皋市", "valid_to": "2027", "successors": "320616"},
    ],
    "columns": ("code", "name", "valid_to", "successors"),
}


def test_the_difference_is_shown_and_nothing_written(tmp_path):
    before = state()

    said = load(full_table(tmp_path, **NEWER), "--year", "2027")

    assert state() == before
    assert [re.sub(r" +", " ", line) for line in said.splitlines()[:-2]] == [
        "new 320616 如皋区 2027– under 南通市 320600",
        "new 320681 启东区 2027– under 南通市 320600",
        "renamed 320681 启东市 1989–2027 → 启东区 320681",
        "ended 320102 玄武区 1983–2027 (no successor named)",
        "ended 320682 如皋市 1991–2027 → 如皋区 320616",
    ]
    assert {kind: counts(said)[kind] for kind in ("new", "renamed", "ended", "moved", "succeeded")} == {
        "new": "2", "renamed": "1", "ended": "2", "moved": "0", "succeeded": "0",
    }  # fmt: skip
    assert said.splitlines()[-1] == "Nothing was written; --apply writes this."


def test_it_is_written_with_an_event_for_each_division_and_once(tmp_path):
    make_user("wang")
    path = full_table(tmp_path, **NEWER)
    old = {code: Region.objects.valid().get(code=code) for code in ("320681", "320682", "320102")}

    load(path, "--year", "2027", "--apply", "--as", "wang", reason="民政部公告")
    written = state()
    again = load(path, "--year", "2027", "--apply")

    events = Event.objects.filter(object_type="directory.region")
    assert sorted(events.values_list("object_label", "action")) == [
        ("启东区 320681", "created"), ("启东市 320681", "updated"), ("如皋区 320616", "created"),
        ("如皋市 320682", "updated"), ("玄武区 320102", "updated"),
    ]  # fmt: skip
    assert set(events.values_list("actor_name", "channel", "reason")) == {("wang", "command", "民政部公告")}
    assert events.get(object_label="如皋市 320682").changes == {
        "valid_to": [None, 2027], "successors": [None, ["如皋区 320616"]],
    }  # fmt: skip
    old = {code: Region.objects.get(pk=one.pk) for code, one in old.items()}
    assert {code: str(successor_on(one, LATER)) for code, one in old.items()} == {
        "320681": "启东区 320681", "320682": "如皋区 320616", "320102": "玄武区 320102",
    }  # fmt: skip
    assert Region.objects.get(code="320616").path == "/320000/320600/320616/"
    assert (again.splitlines()[-1], state()) == ("Nothing changes.", written)


def test_other_provinces_are_left_alone(tmp_path):
    load(full_table(tmp_path, **NEWER), "--year", "2027", "--apply")

    changed = Region.objects.filter(valid_to=2027)

    assert {one.code[:2] for one in changed} == {"32"}


def test_a_table_with_its_own_years_corrects_them(tmp_path):
    path = tmp_path / "years.csv"
    path.write_text(
        "代码,名称,起始年,终止年,后继代码\n320684,海门市,1994,2020,320614\n320684,海门旧市,1950,1960,\n330113,临平区,2021,,\n",
        encoding="utf-8",
    )

    said = load(path, "--apply")

    assert counts(said) | {"unchanged": ""} == {
        "read": "3", "headings": "0", "new": "1", "renamed": "0", "ended": "0", "moved": "0", "succeeded": "0", "unchanged": "",
    }  # fmt: skip
    assert Region.objects.get(code="320684", valid_from=1950).name == "海门旧市"


def test_a_renamed_city_keeps_what_is_below_it(tmp_path):
    below = set(Region.objects.valid().filter(parent__code="320600").values_list("code", flat=True))

    load(full_table(tmp_path, change={"320600": "通州湾市"}), "--year", "2027", "--apply")

    now = Region.objects.get(code="320600", valid_to=None)
    assert (now.name, now.valid_from) == ("通州湾市", 2027)
    assert set(Region.objects.filter(parent=now, valid_to=None).values_list("code", flat=True)) == below
    assert set(Region.objects.filter(parent=now).values_list("path", flat=True)) == {
        f"/320000/320600/{one}/" for one in below
    }


def test_a_division_moved_by_the_table_takes_the_batches_along(tmp_path):
    batch = import_csv(tmp_path, "标准编号,标准名称\nGB/T 1-2020,茶\n", apply=False)
    ImportBatch.objects.filter(pk=batch.pk).update(division="/320000/320600/320682/")
    path = tmp_path / "moved.csv"
    path.write_text("code,name,parent\n320682,如皋市,320500\n", encoding="utf-8")

    said = load(path, "--apply")

    batch.refresh_from_db()
    assert said.splitlines()[0].split() == ["moved", "320682", "如皋市", "under", "苏州市", "320500"]
    assert Region.objects.valid().get(code="320682").path == "/320000/320500/320682/"
    assert batch.division == "/320000/320500/320682/"
    assert Event.objects.get(object_type="records.importbatch", action="updated").changes == {
        "division": ["/320000/320600/320682/", "/320000/320500/320682/"]
    }


@pytest.mark.parametrize(
    ("text", "reasons"),
    [
        ("code,name\n32068,如皋市\n320682,\n", [(2, "32068 is no division code of six digits"), (3, "320682 has no name, or one of more than 50 characters")]),
        ("code,name\n320682,如皋市\n320682,如皋市\n", [(3, "320682 stands in the table twice")]),
        ("code,name\n320699,某区\n", [(2, "320699 某区 is new or renamed; say with --year from which year the table holds")]),
        ("code,name,valid_from,valid_to\n320699,某区,2020,19\n", [(2, "19 is no year")]),
        ("code,name,valid_from,valid_to\n320699,某区,2020,2019\n", [(2, "320699 某区 ends before it begins")]),
        ("code,name,valid_from,valid_to\n320684,某区,2010,2015\n", [(2, "320684 would mean 海门市 and 某区 at the same time")]),
        ("code,name,valid_to,successors\n320682,如皋市,2026,320698\n", [(2, "320682 is followed by 320698, which does not stand from the year in which 320682 ended")]),
        ("code,name,parent\n320682,如皋市,990000\n", [(2, "320682 如皋市: there is no division above it")]),
        ("name,area\n某区,1\n", [(0, "the table needs a column of codes and one of names")]),
    ],
)  # fmt: skip
def test_a_table_with_a_bad_row_is_refused_whole(tmp_path, text, reasons):
    path = tmp_path / "bad.csv"
    path.write_text(text + ("320614,海门区\n" if text.startswith("code,name\n") else ""), encoding="utf-8")
    before = state()

    with pytest.raises(TableRefused) as refusal:
        plan_divisions(read_divisions(path))
    with pytest.raises(CommandError):
        load(path, "--apply")

    assert refusal.value.reasons == reasons
    assert state() == before


def test_the_headings_of_a_printed_table_are_passed_over_and_counted(tmp_path):
    path = full_table(tmp_path, extra=[{"code": "320100", "name": "市辖区"}])

    assert counts(load(path, "--year", "2027"))["headings"] == "1"


def test_a_workbook_is_read_like_a_text_file(tmp_path):
    path = tmp_path / "one.xlsx"
    columns = [Column("code", "代码"), Column("name", "名称"), Column("to", "终止年"), Column("heirs", "后继代码")]
    write_xlsx(path, columns, [{"code": 320682, "name": "如皋市", "to": 2026, "heirs": 320614}], title="区划", notes=[])

    said = load(path)

    assert said.splitlines()[0].split() == ["ended", "320682", "如皋市", "1991–2026", "→", "海门区", "320614"]


@pytest.mark.parametrize(("file", "options"), [("absent.csv", []), ("here.csv", ["--as", "nobody"])])
def test_what_is_not_there_is_refused(tmp_path, file, options):
    (tmp_path / "here.csv").write_text("code,name\n320682,如皋市\n", encoding="utf-8")

    with pytest.raises(CommandError):
        load(tmp_path / file, *options)
