"""What the database refuses whoever writes; each constraint is named as a sentence."""

from datetime import date
from pathlib import Path

import pytest
from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from catalog.models import Care, Classification, Family, Prefix, QualityFlag, SourceClaim, Standard, StandardRelation
from directory.models import Organization, Region
from records.models import ImportBatch, ImportProfile, ImportRow
from tests.factories import make_committee, make_standard

pytestmark = pytest.mark.django_db


@pytest.fixture
def standard():
    return make_standard("GB/T 1-2020", published_on="2020-01-01", implemented_on="2020-02-01")


def copy_of(standard, **fields):
    copy = Standard.objects.get(pk=standard.pk)
    copy.pk, copy._state.adding = None, True
    for name, value in fields.items():
        setattr(copy, name, value)
    return copy


def refused(write, name):
    with pytest.raises(IntegrityError) as refusal, transaction.atomic():
        write()
    message = str(refusal.value)
    return name in message or "UNIQUE constraint failed" in message


def batch(**fields):
    defaults = {"kind": "standards", "as_of": date(2024, 1, 1), "previewed_at": timezone.now()}
    return ImportBatch.objects.create(**defaults | fields)


def relation(**fields):
    names = {"source_key": "a", "source_number": "A", "target_key": "b", "target_number": "B", "kind": "replaces"}
    return StandardRelation.objects.create(**names | fields)


# --- standards ---------------------------------------------------------------------------------------------------------


def test_an_edition_stands_once(standard):
    assert refused(copy_of(standard, slug="other").save, "an_edition_stands_once")


def test_an_edition_has_an_address_of_its_own(standard):
    assert refused(copy_of(standard, key="other").save, "an_edition_has_an_address_of_its_own")


def test_a_voided_edition_makes_room_for_the_same_number(standard):
    Standard.objects.filter(pk=standard.pk).update(voided_at=timezone.now())

    again = make_standard("GB/T 1-2020")

    assert (again.key, again.slug) == (standard.key, standard.slug)


@pytest.mark.parametrize(
    ("values", "name", "sentence"),
    [
        ({"title": "", "title_en": ""}, "a_standard_has_a_title", "A standard needs a title, Chinese or English."),
        (
            {"withdrawn_on": date(2019, 12, 31)},
            "a_standard_is_withdrawn_after_it_was_published",
            "A standard cannot be withdrawn before it was published.",
        ),
        (
            {"resumed_on": date(2020, 1, 1)},
            "a_standard_resumes_after_it_was_suspended",
            "A standard cannot be resumed before it was suspended.",
        ),
        (
            {"suspended_on": date(2020, 2, 1), "resumed_on": date(2020, 1, 1), "status_document": "1号"},
            "a_standard_resumes_after_it_was_suspended",
            "A standard cannot be resumed before it was suspended.",
        ),
        (
            {"suspended_on": date(2020, 2, 1)},
            "a_suspension_names_its_document",
            "A suspension needs the document that ordered it.",
        ),
    ],
)
def test_a_standard_that_cannot_be_is_refused_with_a_sentence(standard, values, name, sentence):
    from django.utils import translation

    for field, value in values.items():
        setattr(standard, field, value)

    with translation.override("en"), pytest.raises(ValidationError) as invalid:
        standard.full_clean(exclude=["title_fold"])

    assert sentence in invalid.value.messages
    assert refused(lambda: Standard.objects.filter(pk=standard.pk).update(**values), name)


@pytest.mark.parametrize(
    "values",
    [
        {"title": "", "title_en": "Title"},
        {"withdrawn_on": date(2020, 1, 1)},
        {"published_on": None, "withdrawn_on": date(1990, 1, 1)},
        {"suspended_on": date(2020, 2, 1), "resumed_on": date(2020, 2, 1), "status_document": "1号"},
    ],
)
def test_a_standard_at_the_edge_of_the_rules_is_taken(standard, values):
    assert Standard.objects.filter(pk=standard.pk).update(**values) == 1


# --- relations -----------------------------------------------------------------------------------------------------------


def test_a_relation_is_stored_once():
    relation()

    assert refused(relation, "a_relation_is_stored_once")


def test_a_relation_taken_back_can_be_stored_again():
    relation(voided_at=timezone.now())
    relation()

    assert StandardRelation.objects.count() == 2


def test_a_standard_is_not_related_to_itself():
    assert refused(lambda: relation(target_key="a"), "a_standard_is_not_related_to_itself")


def test_only_an_adoption_has_a_degree():
    relation(kind="adopts", degree="NEQ")

    assert refused(lambda: relation(kind="replaces", degree="IDT"), "only_an_adoption_has_a_degree")


# --- what hangs on standards -----------------------------------------------------------------------------------------------


def test_a_family_key_stands_once():
    Family.objects.create(key="gb 1", slug="gb-1", number="GB 1", base_key="gb 1")

    assert refused(
        lambda: Family.objects.create(key="gb 1", slug="other", number="", base_key=""), "a_family_key_stands_once"
    )
    assert refused(
        lambda: Family.objects.create(key="x", slug="gb-1", number="", base_key=""), "a_family_address_stands_once"
    )


def test_a_source_makes_one_claim_about_a_standard(standard):
    claim = {"standard": standard, "source": "甲", "as_of": date(2024, 1, 1)}
    SourceClaim.objects.create(**claim)

    assert refused(lambda: SourceClaim.objects.create(**claim), "a_source_makes_one_claim_about_a_standard")


def test_an_open_flag_stands_once(standard):
    flag = {"standard": standard, "kind": "date_order", "subject": "x", "opened_at": timezone.now()}
    QualityFlag.objects.create(**flag, settled_at=timezone.now())
    QualityFlag.objects.create(**flag)

    assert refused(lambda: QualityFlag.objects.create(**flag), "an_open_flag_stands_once")


def test_a_prefix_stands_once_and_ends_after_it_began():
    prefix = {"code": "ZZX", "level": "industry", "name": "某"}
    Prefix.objects.create(**prefix, valid_from=2000, valid_to=2000)

    assert refused(lambda: Prefix.objects.create(**prefix), "a_prefix_stands_once")
    backwards = prefix | {"code": "ZZY", "valid_from": 2001, "valid_to": 2000}
    assert refused(lambda: Prefix.objects.create(**backwards), "a_prefix_ends_after_it_began")


def test_a_classification_code_stands_once_in_its_scheme():
    Classification.objects.create(scheme="ccs", code="Z77")
    Classification.objects.create(scheme="ics", code="Z77")

    assert refused(
        lambda: Classification.objects.create(scheme="ccs", code="Z77"),
        "a_classification_code_stands_once_in_its_scheme",
    )


# --- divisions and organizations -----------------------------------------------------------------------------------------


def region(**fields):
    return Region.objects.create(**{"code": "990000", "name": "某", "level": "province", "path": "/990000/"} | fields)


def test_a_division_code_begins_once_in_a_year():
    region(valid_from=1990)
    region(valid_from=2000)

    assert refused(lambda: region(valid_from=2000), "a_division_code_begins_once_in_a_year")


def test_a_division_code_has_one_unknown_beginning():
    region()

    assert refused(region, "a_division_code_has_one_unknown_beginning")


def test_a_division_ends_after_it_began():
    assert refused(lambda: region(valid_from=2000, valid_to=1999), "a_division_ends_after_it_began")


def test_an_organization_name_stands_once():
    Organization.objects.create(name="某局")

    assert refused(lambda: Organization.objects.create(name="某局"), "a_department_name_stands_once")


# --- imports --------------------------------------------------------------------------------------------------------------


def test_a_batch_counts_every_row_once():
    whole = batch(read=4, created=1, updated=1, unchanged=1, rejected=1)

    assert whole.counts == {"read": 4, "created": 1, "updated": 1, "unchanged": 1, "rejected": 1}
    assert refused(lambda: batch(read=4, created=3), "batch_counts_every_row_once")


def test_a_row_stands_once_in_its_batch():
    first, second = batch(), batch()
    for one in (first, second):
        ImportRow.objects.create(batch=one, number=1, outcome="created")

    assert refused(
        lambda: ImportRow.objects.create(batch=first, number=1, outcome="created"), "a_row_stands_once_in_its_batch"
    )


def test_there_is_one_profile_per_shape_of_file():
    ImportProfile.objects.create(kind="standards", shape="x")
    ImportProfile.objects.create(kind="others", shape="x")

    assert refused(lambda: ImportProfile.objects.create(kind="standards", shape="x"), "one_profile_per_shape_of_file")


def test_no_constraint_goes_without_a_test():
    text = "".join(path.read_text() for path in Path(__file__).parent.parent.rglob("test_*constraints.py"))
    models = [m for label in ("catalog", "records", "directory") for m in apps.get_app_config(label).get_models()]
    names = {constraint.name for model in models for constraint in model._meta.constraints}

    assert sorted(name for name in names if name not in text) == []


def test_a_care_stands_once():
    standard, committee = make_standard("GB/T 1-2020"), make_committee()
    Care.objects.create(standard=standard, committee=committee)

    with pytest.raises(IntegrityError) as error, transaction.atomic():
        Care.objects.create(standard=standard, committee=committee)

    assert "a_care_stands_once" in str(error.value) or "care.committee_id" in str(error.value)
