"""Relations from files: dangling ends, the last day that follows, and what is only inferred."""

from datetime import date
from itertools import permutations

import pytest

from catalog.models import Prefix, Standard, StandardRelation
from records.models import Event
from tests.factories import import_csv

pytestmark = pytest.mark.django_db

HEADER = "code,title,实施日期,状态,替代情况,被替代标准\n"
OLD, NEW = "GB/T 1.1-2009", "GB/T 1.1-2020"
BEGINS = date(2020, 10, 1)

# The same fact, told by the new edition, by the old one, or by both.
TOLD_BY_NEW = [f"{NEW},题,2020-10-01,现行,代替{OLD},", f"{OLD},题,2010-01-01,废止,,"]
TOLD_BY_OLD = [f"{NEW},题,2020-10-01,现行,,", f"{OLD},题,2010-01-01,废止,,{NEW}"]
TOLD_BY_OLDS_PROSE = [f"{NEW},题,2020-10-01,现行,,", f"{OLD},题,2010-01-01,废止,被{NEW}代替,"]
TOLD_BY_BOTH = [f"{NEW},题,2020-10-01,现行,代替{OLD},", f"{OLD},题,2010-01-01,废止,,{NEW}"]


def relations(**which):
    rows = StandardRelation.objects.filter(voided_at=None, **which)
    return [(r.source_number, r.kind, r.target_number, bool(r.source_id), bool(r.target_id), r.inferred) for r in rows]


WHOLE = [(NEW, "replaces", OLD, True, True, False)]


@pytest.mark.parametrize("lines", [TOLD_BY_NEW, TOLD_BY_OLD, TOLD_BY_OLDS_PROSE, TOLD_BY_BOTH])
@pytest.mark.parametrize("order", list(permutations([0, 1])))
@pytest.mark.parametrize("files", [1, 2])
def test_a_replacement_is_stored_once_whoever_tells_it_and_in_whatever_order(tmp_path, lines, order, files):
    ordered = [lines[n] for n in order]
    batches = [ordered] if files == 1 else [[line] for line in ordered]

    for number, batch in enumerate(batches):
        import_csv(tmp_path, HEADER + "\n".join(batch) + "\n", name=f"x{number}.csv")

    assert relations() == WHOLE
    assert Standard.objects.get(number=OLD).replaced_on == BEGINS
    assert str(Standard.objects.get(number=OLD).status_on(BEGINS)) == "replaced"


def test_an_end_that_is_not_in_the_catalogue_dangles_as_text_until_it_arrives(tmp_path):
    import_csv(tmp_path, HEADER + TOLD_BY_NEW[0] + "\n", name="a.csv")
    dangling = relations()

    import_csv(tmp_path, HEADER + TOLD_BY_NEW[1] + "\n", name="b.csv")

    assert dangling == [(NEW, "replaces", OLD, True, False, False)]
    assert relations() == WHOLE


def test_the_new_edition_dangles_too(tmp_path):
    import_csv(tmp_path, HEADER + TOLD_BY_OLD[1] + "\n", name="a.csv")
    dangling, day = relations(), Standard.objects.get(number=OLD).replaced_on

    import_csv(tmp_path, HEADER + TOLD_BY_OLD[0] + "\n", name="b.csv")

    assert (dangling, day) == ([(NEW, "replaces", OLD, False, True, False)], None)
    assert (relations(), Standard.objects.get(number=OLD).replaced_on) == (WHOLE, BEGINS)


def test_the_old_edition_gets_its_last_day_with_an_event(tmp_path):
    import_csv(tmp_path, HEADER + TOLD_BY_NEW[1] + "\n", name="a.csv")

    batch = import_csv(tmp_path, HEADER + TOLD_BY_NEW[0] + "\n", name="b.csv")

    old = Standard.objects.get(number=OLD)
    events = Event.objects.filter(object_type="catalog.standard", object_id=old.pk, batch=batch)
    assert list(events.values_list("action", "changes")) == [("updated", {"replaced_on": [None, "2020-10-01"]})]


def test_the_last_day_moves_with_the_successors_first_and_leaves_an_event(tmp_path):
    import_csv(tmp_path, HEADER + "\n".join(TOLD_BY_NEW) + "\n", name="x 2026-01-01.csv")
    before = Standard.objects.get(number=OLD).updated_at

    later = TOLD_BY_NEW[0].replace("2020-10-01", "2021-01-01")
    batch = import_csv(tmp_path, HEADER + later + "\n", name="x 2026-02-01.csv")

    old = Standard.objects.get(number=OLD)
    moved = Event.objects.get(object_id=old.pk, object_type="catalog.standard", batch=batch)
    assert old.replaced_on == date(2021, 1, 1)
    assert moved.changes == {"replaced_on": ["2020-10-01", "2021-01-01"]}
    assert old.updated_at > before  # or harvesters would miss it


def test_the_earliest_of_several_full_successors_counts(tmp_path):
    import_csv(
        tmp_path,
        HEADER
        + "GB/T 1-2000,题,2000-01-01,,,\n"
        + "GB/T 2-2010,题,2010-01-01,,代替GB/T 1-2000,\n"
        + "GB/T 3-2005,题,2005-01-01,,代替GB/T 1-2000,\n"
        + "GB/T 4-2003,题,2003-01-01,,部分代替GB/T 1-2000,\n",
    )

    assert Standard.objects.get(number="GB/T 1-2000").replaced_on == date(2005, 1, 1)


def test_one_standard_replaces_several_across_prefixes_and_parts(tmp_path):
    import_csv(
        tmp_path,
        HEADER
        + 'MT/T 560-2025,题,2025-05-01,,"代替MT/T 560-2008、596-2006、YY/T 852-2000",\n'
        + "MT/T 560-2008,题,2008-05-01,,,\n"
        + "MT/T 596-2006,题,2006-05-01,,,\n"
        + "YY/T 852-2000,题,2000-05-01,,,\n",
    )

    assert set(Standard.objects.filter(year__lt=2025).values_list("number", "replaced_on")) == {
        ("MT/T 560-2008", date(2025, 5, 1)),
        ("MT/T 596-2006", date(2025, 5, 1)),
        ("YY/T 852-2000", date(2025, 5, 1)),
    }


def test_a_replacement_in_part_leaves_the_old_edition_in_force(tmp_path):
    import_csv(tmp_path, HEADER + f"{OLD},题,2010-01-01,现行,,\nGB/T 9-2020,题,2020-10-01,现行,{OLD}（部分）,\n")

    old = Standard.objects.get(number=OLD)
    assert (old.replaced_on, str(old.status_on(date(2021, 1, 1)))) == (None, "in_force")


def test_only_a_standard_replaces_not_its_translation_or_amendment(tmp_path):
    import_csv(
        tmp_path,
        HEADER
        + f"{OLD},题,2010-01-01,,,\n{NEW}E,Title,2020-10-01,,代替{OLD},\n{NEW}/XG1-2022,改,2022-01-01,,代替{OLD},\n",
    )

    assert Standard.objects.get(number=OLD).replaced_on is None


def test_a_standard_that_names_itself_is_not_related_to_itself(tmp_path):
    batch = import_csv(tmp_path, HEADER + f"{NEW},题,2020-10-01,,代替{NEW},{NEW}\n")

    assert (batch.created, relations()) == (1, [])


def test_an_iso_deliverable_that_obsoletes_itself_does_not_stop_the_batch(tmp_path):
    path = tmp_path / "iso.jsonl"
    path.write_text(
        '{"docid": "ISO 1:2002", "title_en": "T", "dates": {"published": "2002"}, '
        '"relations": [["obsoletes", "ISO 1:2002"], ["obsoletes", "ISO 1:1975"]]}\n'
    )

    from records.importing import apply_batch, preview_file
    from records.source_facts import import_facts
    from records.trail import SYSTEM

    batch = preview_file(path, kind="standards", facts=import_facts(path), by=SYSTEM)
    apply_batch(batch, by=SYSTEM)

    assert [(r[0], r[2]) for r in relations()] == [("ISO 1:2002", "ISO 1:1975")]


@pytest.mark.parametrize("cell", ["见附件", "[1]", "{}", '[["obsoletes"]]', '[["obsoletes", null]]', "[[[[", "5"])
def test_a_column_of_that_name_with_anything_else_in_it_does_no_harm(tmp_path, cell):
    quoted = '"' + cell.replace('"', '""') + '"'

    batch = import_csv(tmp_path, f"code,title,relations\nGB/T 1-2020,题,{quoted}\n")

    assert (batch.created, relations()) == (1, [])


def test_a_prefix_that_staff_keep_is_read_in_prose_too(tmp_path):
    Prefix.objects.create(code="ZZX", level="industry", name="某行业")

    import_csv(tmp_path, HEADER + "ZZX/T 1-2020,题,2020-01-01,现行,代替ZZX/T 1-2000、ZZX/T 2-2000,\n")

    assert [row[2] for row in relations()] == ["ZZX/T 1-2000", "ZZX/T 2-2000"]


# --- what is only inferred --------------------------------------------------------------------------------------------


UNDATED = HEADER + f"{OLD},题,2010-01-01,废止,,\n{NEW},题,2020-10-01,现行,,\n"


def test_the_next_edition_of_the_family_is_inferred_for_a_withdrawal_without_a_day(tmp_path):
    import_csv(tmp_path, UNDATED, as_of=date(2026, 1, 1))

    old = Standard.objects.get(number=OLD)
    assert relations() == [(NEW, "replaces", OLD, True, True, True)]
    assert (old.replaced_on, str(old.status_on(date(2026, 1, 1)))) == (None, "withdrawn")


def test_the_next_edition_not_the_latest_is_inferred(tmp_path):
    import_csv(tmp_path, UNDATED + "GB/T 1.1-2000,题,2001-01-01,废止,,\n")

    assert sorted((r[0], r[2]) for r in relations(inferred=True)) == [(OLD, "GB/T 1.1-2000"), (NEW, OLD)]


@pytest.mark.parametrize("number", ["GB/T 1.1-2020E", "GB/T 1.1-2009/XG1-2012", "GB/T 1.2-2020", "GB 1.1-2020"])
def test_what_is_no_later_edition_of_the_family_is_not_inferred(tmp_path, number):
    import_csv(tmp_path, HEADER + f"{OLD},题,2010-01-01,废止,,\n{number},题,2020-10-01,现行,,\n")

    assert relations(kind="replaces") == []


def test_nothing_is_inferred_for_what_is_not_said_to_be_void(tmp_path):
    import_csv(tmp_path, UNDATED.replace("废止", "现行"))

    assert relations() == []


def test_nothing_is_inferred_where_the_last_day_is_known(tmp_path):
    import_csv(
        tmp_path, f"code,title,实施日期,废止日期,状态\n{OLD},题,2010-01-01,2019-01-01,废止\n{NEW},题,2020-10-01,,现行\n"
    )

    assert relations() == []


@pytest.mark.parametrize(
    "line",
    [
        f"{NEW},题,2020-10-01,现行,代替{OLD},",
        f"{OLD},题,2010-01-01,废止,,{NEW}",
        f"GB/T 99-2019,题,2019-10-01,现行,代替{OLD},",
        f"{OLD},题,2010-01-01,废止,,GB/T 99-2019",  # its end dangles, and is certain all the same
    ],
)
def test_a_certain_replacement_takes_the_inferred_one_back(tmp_path, line):
    import_csv(tmp_path, UNDATED, as_of=date(2026, 1, 1))

    import_csv(tmp_path, HEADER + line + "\n", name="other.csv")

    assert [(r[2], r[5]) for r in relations()] == [(OLD, False)]


def test_a_relation_of_another_kind_leaves_the_inferred_one(tmp_path):
    import_csv(tmp_path, UNDATED, as_of=date(2026, 1, 1))

    import_csv(tmp_path, HEADER + f"SN/T 9-2020,题,2020-10-01,现行,部分代替{OLD},\n", name="other.csv")

    assert sorted((r[1], r[5]) for r in relations()) == [("partly_replaces", False), ("replaces", True)]


def test_a_source_that_takes_its_word_back_takes_the_inferred_replacement_back(tmp_path):
    import_csv(tmp_path, UNDATED, name="x 2026-01-01.csv")

    import_csv(tmp_path, UNDATED.replace("废止", "现行"), name="x 2026-02-01.csv")

    assert relations() == []


def test_the_last_day_that_a_certain_successor_without_one_brings_stays_open(tmp_path):
    import_csv(tmp_path, HEADER + f"{OLD},题,2010-01-01,,,\n{NEW},题,,,代替{OLD},\n")

    assert (relations(), Standard.objects.get(number=OLD).replaced_on) == (WHOLE, None)
