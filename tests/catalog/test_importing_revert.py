"""A batch can be taken back: what it made is voided, what it changed is restored, what was touched since is left."""

from datetime import date

import pytest

from catalog import editions, search
from catalog.models import Standard, StandardRelation
from catalog.states import states_of
from catalog.tokens import parse_query
from records.importing import ImportRefused, revert_batch
from records.models import Event, ImportBatch
from records.trail import SYSTEM
from tests.factories import import_csv, make_standard

pytestmark = pytest.mark.django_db

HEADER = "code,title,实施日期,状态,代替标准,被替代标准,ics,department\n"
OLD, NEW = "GB/T 1-2000", "GB/T 1-2020"
OLD_ROW = f"{OLD},旧版,2000-01-01,现行,,,01.120,国家技术监督局\n"
NEW_ROW = f"{NEW},新版,2020-01-01,现行,代替{OLD},,01.120,国家体育总局\n"


def catalogue():
    """What stands in the catalogue: states, last days, relations. Times and versions left out."""
    standards = list(Standard.objects.filter(voided_at=None).order_by("number"))
    states = states_of(standards)
    relations = StandardRelation.objects.filter(voided_at=None).order_by("source_key", "kind", "target_key")
    return {
        "standards": {s.number: (states[s.pk], s.replaced_on, s.department_id, s.ics_fields) for s in standards},
        "relations": list(relations.values_list("source_key", "kind", "target_key", "source", "target", "inferred")),
    }


def test_what_the_batch_made_is_voided_with_the_reason_and_an_event(tmp_path):
    batch = import_csv(tmp_path, HEADER + NEW_ROW)

    refused = revert_batch(batch, by=SYSTEM)

    standard = Standard.objects.get()
    assert (refused, bool(standard.voided_at), standard.void_reason) == ({}, True, f"撤销导入批次 {batch.pk}")
    events = Event.objects.filter(object_type="catalog.standard").order_by("id")
    assert list(events.values_list("action", "reason")) == [
        ("created", ""),
        ("voided", standard.void_reason),
    ]
    assert list(Standard.objects.visible_to(None)) == []


def test_what_the_batch_changed_is_restored_exactly(tmp_path):
    import_csv(tmp_path, HEADER + OLD_ROW, name="x 2026-01-01.csv")
    before = catalogue()
    later = f"{OLD},改题,2000-02-01,废止,,,29.020,国家标准局\n"
    batch = import_csv(tmp_path, HEADER + later, name="x 2026-02-01.csv")
    changed = catalogue()

    refused = revert_batch(batch, by=SYSTEM)

    assert (changed != before, refused, catalogue()) == (True, {}, before)


def test_the_old_edition_is_back_in_force(tmp_path):
    import_csv(tmp_path, HEADER + OLD_ROW, name="a.csv")
    before = catalogue()
    batch = import_csv(tmp_path, HEADER + NEW_ROW, name="b.csv")
    replaced = Standard.objects.get(number=OLD).replaced_on

    refused = revert_batch(batch, by=SYSTEM)

    old = Standard.objects.get(number=OLD)
    assert (replaced, refused, old.replaced_on) == (date(2020, 1, 1), {}, None)
    assert catalogue() == before
    assert Event.objects.filter(object_id=old.pk).first().changes == {"replaced_on": ["2020-01-01", None]}


def test_a_replacement_that_an_update_stated_goes_with_it(tmp_path):
    import_csv(tmp_path, HEADER + OLD_ROW + f"{NEW},新版,2020-01-01,现行,,,,\n", name="x 2026-01-01.csv")
    before = catalogue()
    batch = import_csv(tmp_path, HEADER + NEW_ROW, name="x 2026-02-01.csv")
    replaced = Standard.objects.get(number=OLD).replaced_on

    revert_batch(batch, by=SYSTEM)

    assert (replaced, catalogue()) == (date(2020, 1, 1), before)


def test_a_relation_that_another_standard_states_outlives_the_revert_of_its_other_end(tmp_path):
    import_csv(tmp_path, HEADER + f"{OLD},旧版,2000-01-01,废止,,{NEW},,\n", name="a.csv")
    before = catalogue()
    batch = import_csv(tmp_path, HEADER + f"{NEW},新版,2020-01-01,现行,,,,\n", name="b.csv")

    revert_batch(batch, by=SYSTEM)

    assert catalogue() == before


def test_a_relation_stated_since_by_another_standard_outlives_the_revert_of_an_update(tmp_path):
    import_csv(tmp_path, HEADER + OLD_ROW, name="x 2026-01-01.csv")
    update = f"{OLD},旧版,2000-01-01,现行,代替GB/T 1-1990,,,\n"
    batch = import_csv(tmp_path, HEADER + update, name="x 2026-02-01.csv")
    import_csv(tmp_path, HEADER + NEW_ROW, name="y.csv")

    refused = revert_batch(batch, by=SYSTEM)

    assert refused == {}
    assert [(r.source_number, r.target_number) for r in StandardRelation.objects.filter(voided_at=None)] == [(NEW, OLD)]
    assert Standard.objects.get(number=OLD).replaced_on == date(2020, 1, 1)


def test_a_successor_taken_back_brings_the_inference_back(tmp_path):
    undated = f"{OLD},旧版,2000-01-01,废止,,,,\n{NEW},新版,2020-01-01,现行,,,,\n"
    import_csv(tmp_path, HEADER + undated, name="a.csv")
    before = catalogue()
    batch = import_csv(tmp_path, HEADER + f"GB/T 99-2019,另,2019-01-01,现行,代替{OLD},,,\n", name="b.csv")
    certain = catalogue()

    revert_batch(batch, by=SYSTEM)

    assert ([row[5] for row in before["relations"]], [row[5] for row in certain["relations"]]) == ([True], [False])
    assert catalogue() == before


def test_an_inference_does_not_outlive_the_edition_it_was_about(tmp_path):
    import_csv(tmp_path, HEADER + f"{NEW},新版,2020-01-01,现行,,,,\n", name="a.csv")
    batch = import_csv(tmp_path, HEADER + f"{OLD},旧版,2000-01-01,废止,,,,\n", name="b.csv")

    revert_batch(batch, by=SYSTEM)

    assert list(StandardRelation.objects.all()) == []


def test_what_was_touched_since_is_left_row_by_row_with_the_reason(tmp_path):
    batch = import_csv(tmp_path, HEADER + OLD_ROW + "GB/T 2-2020,题,2020-01-01,现行,,,,\n")
    touched = Standard.objects.get(number="GB/T 2-2020")
    editions.save_edition(touched, {"title": "改过的题"}, by=SYSTEM)

    refused = revert_batch(batch, by=SYSTEM)

    rows = {row.label: bool(row.revert_refused) for row in batch.rows.all()}
    assert list(refused) == [touched.pk]
    assert rows == {OLD: False, "GB/T 2-2020": True}
    assert list(Standard.objects.visible_to(None).values_list("number", "title")) == [("GB/T 2-2020", "改过的题")]


def test_a_move_of_the_last_day_by_another_batch_is_no_touch(tmp_path):
    first = import_csv(tmp_path, HEADER + OLD_ROW, name="a.csv")
    import_csv(tmp_path, HEADER + NEW_ROW, name="b.csv")

    refused = revert_batch(first, by=SYSTEM)

    assert refused == {}
    assert list(Standard.objects.visible_to(None).values_list("number", flat=True)) == [NEW]


def test_a_standard_whose_last_day_alone_the_batch_moved_is_none_of_its_rows(tmp_path):
    import_csv(tmp_path, HEADER + OLD_ROW, name="a.csv")
    batch = import_csv(tmp_path, HEADER + NEW_ROW, name="b.csv")
    editions.save_edition(Standard.objects.get(number=OLD), {"title": "改过的题"}, by=SYSTEM)

    refused = revert_batch(batch, by=SYSTEM)

    old = Standard.objects.get(number=OLD)
    assert (refused, old.title, old.replaced_on) == ({}, "改过的题", None)


def test_a_standard_added_by_hand_is_left_alone(tmp_path):
    batch = import_csv(tmp_path, HEADER + NEW_ROW)
    make_standard("GB/T 7-2020")

    revert_batch(batch, by=SYSTEM)

    assert list(Standard.objects.visible_to(None).values_list("number", flat=True)) == ["GB/T 7-2020"]


@pytest.mark.parametrize("rows", [OLD_ROW + NEW_ROW, NEW_ROW + OLD_ROW])
def test_the_file_comes_in_again_after_the_revert(tmp_path, rows):
    batch = import_csv(tmp_path, HEADER + rows, name="x 2026-01-01.csv")
    before = {n: (state, day) for n, (state, day, *_rest) in catalogue()["standards"].items()}
    revert_batch(batch, by=SYSTEM)

    again = import_csv(tmp_path, HEADER + rows, name="x 2026-01-01.csv")

    assert again.counts == {"read": 2, "created": 2, "updated": 0, "unchanged": 0, "rejected": 0}
    assert {n: (state, day) for n, (state, day, *_rest) in catalogue()["standards"].items()} == before
    assert Standard.objects.count() == 4


def test_rows_of_one_number_in_the_batch_are_taken_back_together(tmp_path):
    import_csv(tmp_path, HEADER + OLD_ROW, name="x 2026-01-01.csv")
    before = catalogue()
    twice = f"{OLD},改题,2000-01-01,废止,,,,\n{OLD},改题,2000-01-01,现行,,{NEW},,\n{NEW},新版,2020-01-01,现行,,,,\n"
    batch = import_csv(tmp_path, HEADER + twice, name="x 2026-02-01.csv")

    refused = revert_batch(batch, by=SYSTEM)

    assert (refused, catalogue()) == ({}, before)


def test_what_is_voided_is_not_found_any_more(tmp_path):
    batch = import_csv(tmp_path, HEADER + NEW_ROW)
    found = search.matching(Standard.objects.all(), parse_query("新版")).count()

    revert_batch(batch, by=SYSTEM)

    assert (found, search.matching(Standard.objects.visible_to(None), parse_query("新版")).count()) == (1, 0)


@pytest.mark.parametrize("state", ["previewed", "reverted"])
def test_only_an_applied_batch_is_reverted(tmp_path, state):
    batch = import_csv(tmp_path, HEADER + NEW_ROW, apply=state != "previewed")
    if state == "reverted":
        revert_batch(batch, by=SYSTEM)
    events = Event.objects.count()

    with pytest.raises(ImportRefused):
        revert_batch(batch, by=SYSTEM)

    assert (ImportBatch.objects.get().state, Event.objects.count()) == (state, events)


def test_a_reverted_batch_is_not_applied_again(tmp_path):
    from records.importing import apply_batch

    batch = import_csv(tmp_path, HEADER + NEW_ROW)
    revert_batch(batch, by=SYSTEM)

    with pytest.raises(ImportRefused):
        apply_batch(batch, by=SYSTEM)


def test_two_batches_are_taken_back_the_last_one_first(tmp_path):
    first = import_csv(tmp_path, HEADER + OLD_ROW, name="x 2026-01-01.csv")
    second = import_csv(tmp_path, HEADER + OLD_ROW.replace("旧版", "改题"), name="x 2026-02-01.csv")

    refused = [revert_batch(second, by=SYSTEM), revert_batch(first, by=SYSTEM)]

    assert (refused, list(Standard.objects.visible_to(None))) == ([{}, {}], [])


def test_a_large_batch_is_taken_back_with_a_bounded_number_of_queries(tmp_path, django_assert_max_num_queries):
    lines = "".join(f"GB/T {n}-2020,题,2020-01-01,现行,,,,\n" for n in range(1, 201))
    batch = import_csv(tmp_path, HEADER + lines)

    with django_assert_max_num_queries(70):
        revert_batch(batch, by=SYSTEM)

    assert Standard.objects.visible_to(None).count() == 0
