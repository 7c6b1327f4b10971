"""A file in any shape becomes standards, and every row of it is accounted for."""

import json
from datetime import date

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from catalog import importing, reading
from catalog.models import Standard
from records.importing import apply_batch, preview_file
from records.mapping import guess_mapping
from records.models import Event, ImportBatch, ImportRow
from records.remarks import say
from records.source_facts import import_facts
from records.trail import SYSTEM
from tabular.errors import MESSAGES, FileRefused
from tests.factories import import_csv

pytestmark = pytest.mark.django_db

HEADER = ["标准编号", "标准名称", "发布日期", "实施日期", "标准状态"]
ROWS = [
    ["GB/T 24421.2-2023", "服务业组织标准化工作指南 第2部分：标准体系构建", "2023-03-17", "2023-03-17", "现行"],
    ["DB32/T 4000-2021", "政务服务“一件事”", "2021-01-01", "2021-02-01", "现行"],
]
TEXT = "\n".join(",".join(row) for row in [HEADER, *ROWS]) + "\n"


def bring_in(path, form=None, **facts):
    batch = preview_file(path, kind="standards", facts=import_facts(path, **facts), by=SYSTEM, form=form)
    return apply_batch(batch, by=SYSTEM)


def reconciles(batch):
    counts = batch.counts
    rows = dict.fromkeys(ImportRow.Outcome.values, 0)
    for row in batch.rows.all():
        rows[row.outcome] += 1
    return counts["read"] == sum(rows.values()) and all(counts[name] == count for name, count in rows.items())


# --- shapes -------------------------------------------------------------------------------------------------------


def write_text(path, encoding):
    path.write_bytes(TEXT.encode(encoding))


def write_xlsx(path):
    book = openpyxl.Workbook()
    for row in [HEADER, *ROWS]:
        book.active.append(row)
    book.save(path)


def write_json(path):
    path.write_text(json.dumps([dict(zip(HEADER, row, strict=True)) for row in ROWS], ensure_ascii=False))


def write_json_inside(path):
    rows = [dict(zip(HEADER, row, strict=True)) for row in ROWS]
    path.write_text(json.dumps({"total": 2, "standards": rows}, ensure_ascii=False))


def write_jsonl(path):
    path.write_text("\n".join(json.dumps(dict(zip(HEADER, row, strict=True)), ensure_ascii=False) for row in ROWS))


def write_blocks(path):
    blocks = ["\n".join(f"{name} ：{cell}" for name, cell in zip(HEADER, row, strict=True)) for row in ROWS]
    path.write_text("\n\n".join(blocks))


@pytest.mark.parametrize(
    ("name", "write", "form"),
    [
        ("a.csv", lambda path: write_text(path, "utf-8"), None),
        ("a.csv", lambda path: write_text(path, "utf-8-sig"), None),
        ("a.csv", lambda path: write_text(path, "gb18030"), None),
        ("a.xlsx", write_xlsx, None),
        ("a.json", write_json, None),
        ("a.json", write_json_inside, None),
        ("a.jsonl", write_jsonl, None),
        ("a.txt", write_blocks, "blocks"),
    ],
    ids=["utf-8", "bom", "gb18030", "xlsx", "json", "json inside", "jsonl", "blocks"],
)
def test_every_shape_of_file_brings_the_same_standards(tmp_path, name, write, form):
    path = tmp_path / name
    write(path)

    batch = bring_in(path, form)

    assert batch.counts == {"read": 2, "created": 2, "updated": 0, "unchanged": 0, "rejected": 0}
    assert list(Standard.objects.values_list("number", "title", "published_on", "implemented_on")) == [
        (row[0], row[1], date.fromisoformat(row[2]), date.fromisoformat(row[3])) for row in ROWS
    ]


def test_a_preview_saves_nothing_but_itself(tmp_path):
    batch = import_csv(tmp_path, TEXT, apply=False)

    assert (batch.state, batch.created) == (ImportBatch.State.PREVIEWED, 2)
    assert (Standard.objects.count(), Event.objects.count()) == (0, 0)


def test_the_preview_shows_what_an_existing_standard_would_become(tmp_path):
    import_csv(tmp_path, TEXT, name="list 2025-01-01.csv")

    later = TEXT.replace("构建", "的构建").replace("政务服务", "政务服务")
    batch = import_csv(tmp_path, later, name="list 2025-02-01.csv", apply=False)

    row = batch.rows.get(outcome="updated")
    assert row.changes["title"] == [ROWS[0][1], ROWS[0][1].replace("构建", "的构建")]
    assert sorted(row.changes) == ["claim list", "title"]


# --- rejected rows --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("line", "cell", "message"),
    [
        (",无编号,2020-01-01,2020-02-01,现行", "A2", reading.NO_NUMBER),
        ("GB/T 1-2020,,2020-01-01,2020-02-01,现行", "B2", reading.NO_TITLE),
        ("9787112250066,书,2020-01-01,2020-02-01,现行", "A2", reading.BAD_NUMBER),
        ("GB/T 1-2020,题,2020-01-01,与GB 9706.1同步,现行", "D2", MESSAGES["not_a_date"]),
        ("GB/T 1-2020,题,2020-02-30,2020-03-01,现行", "C2", MESSAGES["impossible_day"]),
        ("GB/T 1,题,2020-01-01,2020-02-01,现行", "A2", importing.NO_YEAR),
        ("GB/T 1-2020,题\u202e名,2020-01-01,2020-02-01,现行", "B2", reading.FORBIDDEN),
        (f"GB/T 1-2020,{'题' * 501},2020-01-01,2020-02-01,现行", "B2", reading.TOO_LONG),
    ],
)
def test_a_rejected_row_says_where_and_why(tmp_path, line, cell, message):
    batch = import_csv(tmp_path, f"{','.join(HEADER)}\n{line}\nGB/T 2-2020,好,2020-01-01,2020-02-01,现行\n")

    problems = batch.rows.get(outcome="rejected").problems
    assert [(one["cell"], one["message"]) for one in problems] == [(cell, message)]
    assert (batch.counts["created"], batch.counts["rejected"], batch.counts["read"]) == (1, 1, 2)


def test_the_reason_is_said_with_what_stood_there(tmp_path):
    batch = import_csv(tmp_path, f"{','.join(HEADER)}\n9787112250066,书,,,\n")

    assert [say(one) for one in batch.rows.get().problems] == ["9787112250066：这是书号（ISBN），不是标准编号"]


def test_a_row_with_several_faults_names_each(tmp_path):
    batch = import_csv(tmp_path, f"{','.join(HEADER)}\n某,,昨天,明天,\nGB/T 2-2020,好,,,\n")

    assert [one["cell"] for one in batch.rows.get(outcome="rejected").problems] == ["A2", "B2", "C2", "D2"]


def test_withdrawn_before_it_was_published_is_refused(tmp_path):
    batch = import_csv(tmp_path, "标准编号,标准名称,发布日期,废止日期\nGB/T 1-2020,题,2020-05-01,2020-04-30\n")

    assert [one["cell"] for one in batch.rows.get().problems] == ["D2"]


def test_control_characters_never_reach_the_database_through_any_column(tmp_path):
    header = "标准编号,标准名称,标准状态,主管部门,替代情况,备注,url"
    lines = [f"GB/T {n}-2020,题" + "," * (n - 2) + "坏\x01字" + "," * (6 - n) for n in (2, 3, 4, 5, 6)]

    batch = import_csv(tmp_path, "\n".join([header, *lines]))

    assert reconciles(batch)
    assert batch.state == "applied"


def test_a_file_without_a_column_for_the_number_is_refused(tmp_path):
    from records.importing import ImportRefused

    with pytest.raises(ImportRefused):
        import_csv(tmp_path, "名称,状态\n某标准,现行\n")

    assert ImportBatch.objects.count() == 0


def test_a_file_with_english_titles_alone_is_taken(tmp_path):
    # As iso.jsonl is built.
    batch = import_csv(tmp_path, "docid,title_en,dates.published\nISO 9001:2015,Quality management systems,2015-09\n")

    assert batch.created == 1
    assert Standard.objects.get().title_en == "Quality management systems"


def test_an_international_standard_applies_from_its_publication(tmp_path):
    import_csv(tmp_path, "docid,title,dates.published\nISO 9001:2015,质量管理体系,2015-09\n")

    standard = Standard.objects.get()
    assert (standard.implemented_on, standard.implemented_precision) == (date(2015, 9, 1), "month")


def test_a_row_that_the_reader_refuses_is_rejected_with_its_cell(tmp_path):
    batch = import_csv(tmp_path, f"code,title,scope\nGB/T 1-2020,题,{'长' * 5001}\nGB/T 2-2020,题,\n")

    assert batch.counts == {"read": 2, "created": 1, "updated": 0, "unchanged": 0, "rejected": 1}
    assert [one["message"] for one in batch.rows.get(outcome="rejected").problems] == [MESSAGES["cell_too_long"]]


def test_a_file_that_breaks_off_while_it_is_read_leaves_no_batch(tmp_path):
    lines = "".join(f"GB/T {n}-2020,题\n" for n in range(1, 3000))

    with pytest.raises(FileRefused):
        import_csv(tmp_path, f'code,title\n{lines}GB/T 1-2021,"题\n')

    assert (ImportBatch.objects.count(), ImportRow.objects.count()) == (0, 0)


def test_a_word_for_nothing_in_a_text_cell_says_nothing(tmp_path):
    import_csv(tmp_path, "code,title,英文名称,备案号\nGB/T 1-2020,题,无,-\n")

    standard = Standard.objects.get()
    assert (standard.title_en, standard.filing_number) == ("", "")


def test_a_successor_that_is_no_number_is_remarked_on(tmp_path):
    batch = import_csv(tmp_path, "code,title,replacedBy\nGB/T 1-2020,题,TC291\n")

    assert [(one["message"], one["params"]) for one in batch.rows.get().notes] == [
        (reading.NO_SUCCESSOR, {"text": "TC291"})
    ]


# --- damaged cells --------------------------------------------------------------------------------------------------


def test_a_number_split_over_two_cells_is_joined_and_said_so(tmp_path):
    batch = import_csv(
        tmp_path, f"{','.join(HEADER)}\nDB15/T,4192-2025 旱地谷子栽培技术规程,2025-09-30,2025-10-30,现行\n"
    )

    assert list(Standard.objects.values_list("number", "title")) == [("DB15/T 4192-2025", "旱地谷子栽培技术规程")]
    assert [(one["cell"], one["params"]) for one in batch.rows.get().notes] == [("A2", {"number": "DB15/T 4192-2025"})]


def test_a_title_that_begins_with_digits_is_no_half_of_a_number(tmp_path):
    import_csv(tmp_path, f"{','.join(HEADER)}\nGB/T 1-2020,10 kV 电缆,2020-01-01,2020-02-01,现行\n")

    assert list(Standard.objects.values_list("number", "title")) == [("GB/T 1-2020", "10 kV 电缆")]


def test_damaged_codes_are_repaired_with_a_note_or_flagged(tmp_path):
    batch = import_csv(tmp_path, 'code,title,ics,ccs\nGB/T 1-2020,题,"7.06,110","A00、Q841"\n')

    standard = Standard.objects.get()
    assert sorted(standard.classifications.values_list("scheme", "code")) == [("ccs", "A00"), ("ics", "07.060")]
    assert [one["params"] for one in batch.rows.get().notes] == [
        {"printed": "7.06", "code": "07.060"},
        {"printed": "110"},
        {"printed": "Q841"},
    ]
    assert sorted(standard.flags.filter(kind="code_damaged").values_list("subject", flat=True)) == ["110", "Q841"]


def test_a_cut_off_department_is_completed_or_flagged_and_the_words_are_kept(tmp_path):
    batch = import_csv(
        tmp_path, "code,title,department\nGB/T 1-2020,题,国家质量监督检验检疫.\nGB/T 2-2020,题,国家环境保护.\n"
    )

    first, second = Standard.objects.order_by("number")
    assert (first.department.name, second.department) == ("国家质量监督检验检疫总局", None)
    assert [c.values["department"] for c in (first.claims.get(), second.claims.get())] == [
        ["国家质量监督检验检疫."],
        ["国家环境保护."],
    ]
    assert list(second.flags.filter(kind="department_unclear").values_list("detail", flat=True)) == [
        {"printed": "国家环境保护."}
    ]
    assert [len(row.notes) for row in batch.rows.all()] == [1, 1]


# --- where a file comes from --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "source", "as_of"),
    [
        ("sports_2026-03-17.json", "sports", date(2026, 3, 17)),
        ("20260317_sports.csv", "sports", date(2026, 3, 17)),
        ("目录（2026.03.17）.xlsx", "目录（）", date(2026, 3, 17)),
        ("2026-03-17.csv", "2026-03-17", date(2026, 3, 17)),
    ],
)
def test_the_name_of_a_file_gives_its_source_and_its_day(tmp_path, name, source, as_of):
    facts = import_facts(tmp_path / name)

    assert (facts.source, facts.as_of) == (source, as_of)


@pytest.mark.parametrize("name", ["csres.csv", "csres_2026-13-40.csv", "csres_2026-02-30.csv"])
def test_without_a_day_in_its_name_a_file_stands_as_of_today(tmp_path, name, time_machine):
    time_machine.move_to("2026-05-01 12:00 +0800")

    assert import_facts(tmp_path / name).as_of == date(2026, 5, 1)


def test_what_is_said_outright_comes_before_the_name(tmp_path):
    facts = import_facts(tmp_path / "sports_2026-03-17.json", name="x.json", source="某网", as_of=date(2020, 1, 1))

    assert (facts.name, facts.source, facts.as_of) == ("x.json", "某网", date(2020, 1, 1))


def test_a_rows_own_day_is_the_day_of_its_claim(tmp_path):
    import_csv(tmp_path, "code,title,updated_at\nGB/T 1-2020,题,2026-03-02 12:26:52\n", as_of=date(2026, 5, 1))

    assert Standard.objects.get().claims.get().as_of == date(2026, 3, 2)


# --- every row is accounted for ------------------------------------------------------------------------------------------

CELLS = [
    st.sampled_from(["GB/T 1-2020", "GB/T 2-2020", "gbt1－2020", "GB/T 3-2020E", "书", "", "GB/T 9", "ISO 9001:2015"]),
    st.sampled_from(["题", "另一题", "", "4192-2025 某"]),
    st.sampled_from(["2020-01-01", "2020年2月", "2019", "", "昨天"]),
    st.sampled_from(["2020-03-01", "2020.4.5", "", "2020-02-30"]),
    st.sampled_from(["现行", "废止", "即将实施", "", "?"]),
]


def of_records():
    """Events of the records themselves, without those of the batches."""
    return Event.objects.exclude(object_type="records.importbatch")


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=st.lists(st.tuples(*CELLS), min_size=1, max_size=8))
def test_read_is_created_and_updated_and_unchanged_and_rejected(tmp_path, rows):
    from django.db import transaction

    rows = [row for row in rows if any(row)]
    text = "\n".join([",".join(HEADER), *(",".join(row) for row in rows)]) + "\n"
    with transaction.atomic():
        first = import_csv(tmp_path, text, as_of=date(2026, 1, 1))
        events = of_records().count()
        again = import_csv(tmp_path, text, as_of=date(2026, 1, 1))

        assert reconciles(first)
        assert first.read == len(rows)
        assert first.created == Standard.objects.count()
        assert (again.created, again.updated, again.rejected) == (0, 0, first.rejected)
        assert of_records().count() == events
        transaction.set_rollback(True)


def test_the_guess_takes_each_column_once():
    from catalog.reading import FIELDS

    mapping = guess_mapping(FIELDS, ["标准编号", "名称", "标准状态", "现行或作废", "某", "替代情况"])

    assert mapping == {"number": "标准编号", "title": "名称", "status": "标准状态", "replaces": "替代情况"}
