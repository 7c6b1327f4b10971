"""Apply is one transaction: whole or not at all, once, and only on what the preview saw."""

import pytest
from django.db import DatabaseError

from catalog import editions
from catalog.models import Family, QualityFlag, SourceClaim, Standard, StandardRelation
from catalog.numbers import parse
from directory.models import Organization
from records.importing import ImportRefused, apply_batch, discard_batch
from records.models import Event, ImportBatch
from records.trail import SYSTEM, Actor
from tests.factories import import_csv, make_standard

pytestmark = pytest.mark.django_db

HEADER = "code,title,实施日期,代替标准,department\n"
TWO = HEADER + "GB/T 1-2020,题,2020-01-01,GB/T 1-2000,国家体育总局\nGB/T 2-2020,题,2020-01-01,,\n"
TABLES = (Standard, StandardRelation, SourceClaim, QualityFlag, Family, Organization, Event)


def sizes():
    return {model.__name__: model.objects.count() for model in TABLES}


def test_the_batch_says_who_applied_it_and_when(tmp_path, cataloguer):
    batch = import_csv(tmp_path, TWO, by=Actor(cataloguer, "web", "10.0.0.1"))

    batch.refresh_from_db()
    assert (batch.state, batch.previewed_by, batch.applied_by) == ("applied", cataloguer, cataloguer)
    assert batch.applied_at >= batch.previewed_at


def test_every_row_of_the_batch_names_its_standard(tmp_path):
    batch = import_csv(tmp_path, TWO + "GBT1-2020,题,,,国家体育总局\n")

    written = batch.rows.filter(outcome__in=["created", "updated"])
    assert set(written.values_list("label", flat=True)) == set(Standard.objects.values_list("number", flat=True))


def test_a_failure_in_the_middle_leaves_nothing_of_the_batch(tmp_path, monkeypatch):
    monkeypatch.setattr("records.importing.CHUNK", 2)
    lines = "".join(f"GB/T {n}-2020,题,2020-01-01,GB/T {n}-2000,某{n}局\n" for n in range(1, 8))
    batch = import_csv(tmp_path, HEADER + lines, apply=False)
    before = sizes()
    broken = batch.rows.get(number=7)
    broken.values["after"]["title"] = None
    broken.values["after"]["implemented_on"] = "no day"
    broken.save()

    with pytest.raises(ValueError, match="no day"):
        apply_batch(batch, by=SYSTEM)

    batch.refresh_from_db()
    assert sizes() == before
    assert (batch.state, batch.applied_at) == ("previewed", None)


def test_a_refusal_by_the_database_in_the_middle_leaves_nothing_and_the_batch_can_be_tried_again(tmp_path, monkeypatch):
    monkeypatch.setattr("records.importing.CHUNK", 2)
    lines = "".join(f"GB/T {n}-2020,题,2020-01-01,,\n" for n in range(1, 8))
    batch = import_csv(tmp_path, HEADER + lines, apply=False)
    before = sizes()
    broken = batch.rows.get(number=7)
    whole = broken.values
    broken.values = {**whole, "after": {**whole["after"], "title": "", "title_en": ""}}
    broken.save()

    with pytest.raises(ImportRefused):
        apply_batch(batch, by=SYSTEM)
    after_refusal = sizes()
    broken.values = whole
    broken.save()
    apply_batch(ImportBatch.objects.get(pk=batch.pk), by=SYSTEM)

    assert after_refusal == before
    assert Standard.objects.count() == 7


def test_without_the_transaction_a_failure_would_leave_a_part(tmp_path, monkeypatch):
    """The control of the two tests above: the same failure, with every chunk committed by itself."""
    from records.importing import IMPORTERS, _staged_chunks

    monkeypatch.setattr("records.importing.CHUNK", 2)
    lines = "".join(f"GB/T {n}-2020,题,2020-01-01,,\n" for n in range(1, 8))
    batch = import_csv(tmp_path, HEADER + lines, apply=False)
    broken = batch.rows.get(number=7)
    broken.values["after"]["implemented_on"] = "no day"
    broken.save()

    def apply_piecemeal():
        for rows in _staged_chunks(batch):
            IMPORTERS["standards"].write(rows, batch, SYSTEM)

    with pytest.raises(ValueError, match="no day"):
        apply_piecemeal()

    assert Standard.objects.count() == 4


@pytest.mark.parametrize("again", ["apply", "discard"])
def test_a_batch_is_applied_once(tmp_path, again):
    batch = import_csv(tmp_path, TWO)
    before = sizes()

    with pytest.raises(ImportRefused):
        apply_batch(batch, by=SYSTEM) if again == "apply" else discard_batch(batch, by=SYSTEM)

    assert sizes() == before


def test_a_discarded_batch_is_not_applied(tmp_path):
    batch = import_csv(tmp_path, TWO, apply=False)
    discard_batch(batch, by=SYSTEM)

    with pytest.raises(ImportRefused):
        apply_batch(batch, by=SYSTEM)

    assert (Standard.objects.count(), ImportBatch.objects.get().state) == (0, "discarded")


# --- what changed since the preview ------------------------------------------------------------------------------------


def refusal(batch):
    before = sizes()
    with pytest.raises(ImportRefused) as refused:
        apply_batch(batch, by=SYSTEM)
    assert sizes() == before
    assert ImportBatch.objects.get(pk=batch.pk).state == "previewed"
    return str(refused.value)


def test_a_standard_edited_since_the_preview_stops_the_batch_and_is_named(tmp_path):
    make_standard("GB/T 1-2020", implemented_on="2020-01-01")
    edited = make_standard("GB/T 2-2020", implemented_on="2020-01-01")
    batch = import_csv(tmp_path, TWO, apply=False)
    editions.save_edition(edited, {"title": "改过的题"}, by=SYSTEM)

    reason = refusal(batch)

    assert "GB/T 2-2020" in reason
    assert "GB/T 1-2020" not in reason
    assert dict(Standard.objects.values_list("number", "title"))["GB/T 2-2020"] == "改过的题"


def test_a_standard_created_since_the_preview_stops_the_batch_and_is_named(tmp_path):
    batch = import_csv(tmp_path, TWO, apply=False)
    make_standard("GB/T 2-2020")

    assert "GB/T 2-2020" in refusal(batch)


def test_a_standard_voided_since_the_preview_stops_the_batch_and_is_named(tmp_path):
    voided = make_standard("GB/T 2-2020", implemented_on="2020-01-01")
    batch = import_csv(tmp_path, TWO, apply=False)
    editions.void_editions([Standard.objects.get(pk=voided.pk)], by=SYSTEM, reason="误录")

    assert "GB/T 2-2020" in refusal(batch)


def test_an_edit_of_a_standard_that_the_file_leaves_unchanged_stops_nothing(tmp_path):
    import_csv(tmp_path, TWO, name="x 2026-01-01.csv")
    batch = import_csv(
        tmp_path, TWO.replace("GB/T 2-2020,题", "GB/T 2-2020,新题"), name="x 2026-02-01.csv", apply=False
    )
    other = Standard.objects.get(number="GB/T 1-2020")
    editions.save_edition(other, {"title": "改过的题"}, by=SYSTEM)

    apply_batch(batch, by=SYSTEM)

    assert dict(Standard.objects.values_list("number", "title")) == {"GB/T 1-2020": "改过的题", "GB/T 2-2020": "新题"}


def test_two_edits_from_one_reading_conflict_and_the_first_stands():
    standard = make_standard("GB/T 1-2020")
    first, second = Standard.objects.get(pk=standard.pk), Standard.objects.get(pk=standard.pk)
    editions.save_edition(first, {"title": "甲"}, by=SYSTEM)

    with pytest.raises(editions.VersionConflict) as conflict:
        editions.save_edition(second, {"title": "乙"}, by=SYSTEM)

    assert (conflict.value.numbers, Standard.objects.get().title) == (["GB/T 1-2020"], "甲")


def test_a_number_that_exists_is_refused_by_the_database():
    make_standard("GB/T 1-2020")

    with pytest.raises(DatabaseError):
        editions.save_edition(None, {"title": "又一次"}, number=parse("GBT1-2020"), by=SYSTEM)
