"""The same file again changes nothing; a later snapshot updates; rows of one number are joined."""

from datetime import date

import pytest

from catalog.models import QualityFlag, SourceClaim, Standard, StandardRelation
from catalog.states import states_of
from records.importing import preview_file
from records.mapping import remember_mapping
from records.models import Event
from records.source_facts import import_facts
from records.trail import SYSTEM
from tests.factories import import_csv

pytestmark = pytest.mark.django_db

HEADER = "标准编号,标准名称,实施日期,标准状态,替代情况,主管部门,ics\n"
FULL = (
    HEADER
    + "GB/T 1.1-2020,标准化工作导则,2020-10-01,现行,代替GB/T 1.1-2009,国家市场监督管理总局,01.120\n"
    + "GB/T 1.1-2009,标准化工作导则,2010-01-01,废止,,国家质量监督检验检疫.,1.12\n"
    + "GB/T 1.1-2020E,Directives,2020-10-01,现行,,,\n"
    + "书,坏行,,,,,\n"
)


def everything():
    """All that an import may touch, without the times and versions of writing."""
    standards = list(Standard.objects.order_by("pk"))
    return {
        "states": states_of(standards),
        "days": [(s.number, s.replaced_on, s.version, s.updated_at) for s in standards],
        "relations": list(StandardRelation.objects.order_by("pk").values()),
        "flags": list(QualityFlag.objects.order_by("pk").values()),
        "claims": list(SourceClaim.objects.order_by("pk").values()),
        "events": list(
            Event.objects.exclude(object_type="records.importbatch").order_by("pk").values_list("pk", flat=True)
        ),
    }


def counts(batch):
    return {name: count for name, count in batch.counts.items() if count}


def test_the_same_file_again_changes_nothing_and_writes_no_event(tmp_path):
    import_csv(tmp_path, FULL, name="list 2026-01-01.csv")
    before = everything()

    again = import_csv(tmp_path, FULL, name="list 2026-01-01.csv")

    assert counts(again) == {"read": 4, "unchanged": 3, "rejected": 1}
    assert everything() == before


def test_the_same_words_on_a_later_day_change_nothing_either(tmp_path):
    import_csv(tmp_path, FULL, name="list 2026-01-01.csv")
    before = everything()

    again = import_csv(tmp_path, FULL, name="list 2026-02-01.csv")

    assert counts(again) == {"read": 4, "unchanged": 3, "rejected": 1}
    assert everything() == before


def test_the_rows_in_another_order_change_nothing(tmp_path):
    import_csv(tmp_path, FULL, name="list 2026-01-01.csv")
    before = everything()

    lines = FULL.splitlines()
    import_csv(tmp_path, "\n".join([lines[0], *reversed(lines[1:])]), name="list 2026-01-01.csv")

    assert everything() == before


def test_words_that_the_first_import_could_not_read_and_now_could_change_nothing_by_themselves(tmp_path):
    # The whole name stands below the cut-off one, so the second time it is known from the start.
    text = "code,title,department\nGB/T 1-2020,题,中国船舶工业集团公.\nGB/T 2-2020,题,中国船舶工业集团公司\n"
    import_csv(tmp_path, text, as_of=date(2026, 1, 1))

    again = import_csv(tmp_path, text, as_of=date(2026, 1, 1))

    assert counts(again) == {"read": 2, "unchanged": 2}


def test_a_later_snapshot_updates_an_earlier_one(tmp_path):
    import_csv(tmp_path, "code,title,status\nGB/T 1-2020,旧题,即将实施\nGB/T 2-2020,题,现行\n", name="x 2026-01-01.csv")

    later = import_csv(
        tmp_path, "code,title,status\nGB/T 1-2020,新题,现行\nGB/T 3-2020,题,现行\n", name="x 2026-02-01.csv"
    )

    assert counts(later) == {"read": 2, "created": 1, "updated": 1}
    assert dict(Standard.objects.values_list("number", "title")) == {
        "GB/T 1-2020": "新题",
        "GB/T 2-2020": "题",
        "GB/T 3-2020": "题",
    }
    assert later.rows.get(outcome="updated").changes["title"] == ["旧题", "新题"]


def test_an_earlier_snapshot_that_comes_late_changes_nothing(tmp_path):
    import_csv(tmp_path, "code,title,status,department\nGB/T 1-2020,新题,现行,\n", name="x 2026-02-01.csv")
    before = everything()

    late = import_csv(
        tmp_path, "code,title,status,department\nGB/T 1-2020,旧题,即将实施,国家体育总局\n", name="x 2026-01-01.csv"
    )

    assert counts(late) == {"read": 1, "unchanged": 1}
    assert everything() == before


def test_another_source_leaves_the_first_word_and_a_flag(tmp_path):
    import_csv(tmp_path, "code,title,实施日期\nGB/T 1-2020,题,2020-05-01\n", name="甲.csv")

    import_csv(tmp_path, "code,title,实施日期\nGB/T 1-2020,题,2020-06-01\n", name="乙.csv")

    standard = Standard.objects.get()
    assert standard.implemented_on == date(2020, 5, 1)
    assert list(standard.flags.values_list("kind", "subject", "detail")) == [
        ("sources_disagree", "implemented_on", {"recorded": "2020-05-01", "source": "乙", "says": "2020-06-01"})
    ]
    assert {c.source: c.values["implemented_on"] for c in standard.claims.all()} == {
        "甲": ["2020-05-01"],
        "乙": ["2020-06-01"],
    }


def test_a_later_day_of_the_source_settles_what_followed_from_its_dates(tmp_path):
    import_csv(tmp_path, "code,title,实施日期,状态\nGB/T 1-2020,题,,现行\n", name="x 2026-01-01.csv")
    opened = list(Standard.objects.get().flags.filter(settled_at=None).values_list("kind", flat=True))

    import_csv(tmp_path, "code,title,实施日期,状态\nGB/T 1-2020,题,2020-02-01,现行\n", name="x 2026-02-01.csv")

    assert opened == ["date_missing"]
    assert list(Standard.objects.get().flags.filter(settled_at=None)) == []


# --- several rows of one number ------------------------------------------------------------------------------------------


def test_rows_of_one_number_are_joined_and_say_so(tmp_path):
    batch = import_csv(tmp_path, "code,title,title_en\nGB/T 1-2020,题,\nGB/T 2-2020,题,\nGBT1—2020,题,Title\n")

    assert counts(batch) == {"read": 3, "created": 2, "updated": 1}
    assert [(row.label, [n["params"] for n in row.notes]) for row in batch.rows.filter(outcome="updated")] == [
        ("GB/T 1-2020", [{"row": 2}])
    ]
    assert Standard.objects.get(number="GB/T 1-2020").title_en == "Title"


def test_a_row_that_repeats_another_is_unchanged(tmp_path):
    batch = import_csv(tmp_path, "code,title\nGB/T 1-2020,题\nGB/T 1-2020,题\n")

    assert counts(batch) == {"read": 2, "created": 1, "unchanged": 1}


def test_rows_of_one_number_are_joined_across_chunks(tmp_path, monkeypatch):
    monkeypatch.setattr("records.importing.CHUNK", 2)
    lines = ["GB/T 1-2020,题,", "GB/T 2-2020,题,", "GB/T 3-2020,题,", "GB/T 1-2020,题,Title", "GB/T 1-2020,题,"]

    batch = import_csv(tmp_path, "code,title,title_en\n" + "\n".join(lines))

    assert counts(batch) == {"read": 5, "created": 3, "updated": 1, "unchanged": 1}
    assert Standard.objects.get(number="GB/T 1-2020").title_en == "Title"


@pytest.mark.parametrize("chunk", [2000, 1])
def test_a_relation_that_one_row_states_survives_the_other_rows_of_both_ends(tmp_path, monkeypatch, chunk):
    monkeypatch.setattr("records.importing.CHUNK", chunk)
    import_csv(tmp_path, "code,title,实施日期\nGB/T 1-2000,题,2000-01-01\n", name="x 2026-01-01.csv")

    import_csv(
        tmp_path,
        "code,title,实施日期,代替标准,title_en\n"
        "GB/T 1-2020,题,2020-01-01,GB/T 1-2000,\n"
        "GB/T 1-2020,题,2020-01-01,,New\n"
        "GB/T 1-2000,题,2000-01-01,,Old\n",
        name="x 2026-02-01.csv",
    )

    relation = StandardRelation.objects.get(voided_at=None)
    assert (relation.source.title_en, relation.kind, relation.target.title_en) == ("New", "replaces", "Old")
    assert Standard.objects.get(number="GB/T 1-2000").replaced_on == date(2020, 1, 1)


def test_a_relation_that_came_between_preview_and_apply_survives(tmp_path):
    import_csv(tmp_path, "code,title\nGB/T 1-2000,题\n", name="甲 2026-01-01.csv")
    waiting = import_csv(tmp_path, "code,title,title_en\nGB/T 1-2000,题,Old\n", name="甲 2026-02-01.csv", apply=False)
    import_csv(tmp_path, "code,title,实施日期,代替标准\nGB/T 1-2020,题,2020-01-01,GB/T 1-2000\n", name="乙.csv")

    from records.importing import apply_batch

    apply_batch(waiting, by=SYSTEM)

    assert StandardRelation.objects.filter(voided_at=None, inferred=False).count() == 1
    assert Standard.objects.get(number="GB/T 1-2000").replaced_on == date(2020, 1, 1)


# --- what a file's columns mean is remembered ----------------------------------------------------------------------------


def preview(folder, text, name):
    path = folder / name
    path.write_text(text)
    return preview_file(path, kind="standards", facts=import_facts(path), by=SYSTEM)


def test_a_corrected_mapping_is_remembered_for_files_of_the_same_shape(tmp_path):
    text = "code,title,其他名称\nGB/T 1-2020,简称,全称\n"
    first = preview(tmp_path, text, "a.csv")

    remember_mapping("standards", first.columns, {"number": "code", "title": "其他名称"}, by=SYSTEM)
    same_shape = preview(tmp_path, "其他名称,code,title\n全称,GB/T 1-2020,简称\n", "b.csv")
    other_shape = preview(tmp_path, "code,title\nGB/T 1-2020,简称\n", "c.csv")

    assert first.mapping == {"number": "code", "title": "title"}
    assert same_shape.mapping == {"number": "code", "title": "其他名称"}
    assert other_shape.mapping == {"number": "code", "title": "title"}
    assert same_shape.rows.get().values["after"]["title"] == "全称"


def test_a_remembered_mapping_fits_headers_that_differ_in_marks_only(tmp_path):
    remember_mapping("standards", ["编号", "名称", "别名"], {"number": "编号", "title": "别名"}, by=SYSTEM)

    batch = preview(tmp_path, "编号*,名称（中文）,别名：\nGB/T 1-2020,简称,全称\n", "a.csv")

    assert batch.rows.get().values["after"]["title"] == "全称"


def test_the_last_correction_counts(tmp_path):
    remember_mapping("standards", ["code", "a", "b"], {"number": "code", "title": "a"}, by=SYSTEM)
    remember_mapping("standards", ["code", "a", "b"], {"number": "code", "title": "b"}, by=SYSTEM)

    assert preview(tmp_path, "code,a,b\nGB/T 1-2020,甲,乙\n", "a.csv").mapping == {"number": "code", "title": "b"}
