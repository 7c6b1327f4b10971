"""What the database refuses of contributions, whoever writes."""

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from catalog.models import Contribution
from tests.factories import make_standard, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def standard():
    return make_standard("GB/T 1-2020")


def stored(standard, **fields) -> Contribution:
    return Contribution.objects.create(standard=standard, **{"printed_name": "甲", "name_key": "甲"} | fields)


def refused(standard, name, **fields) -> bool:
    with pytest.raises(IntegrityError) as refusal, transaction.atomic():
        stored(standard, **fields)
    message = str(refusal.value)
    return name in message or "UNIQUE constraint failed" in message


def test_a_rank_of_a_standard_is_held_once(standard):
    stored(standard, rank=1)
    stored(standard, rank=None)
    stored(standard, rank=None)
    stored(standard, rank=2, voided_at=timezone.now())
    stored(standard, rank=2)
    stored(make_standard("GB/T 2-2020"), rank=1)

    assert refused(standard, "a_rank_of_a_standard_is_held_once", rank=1)


def test_ranks_begin_with_one(standard):
    assert refused(standard, "ranks_begin_with_one", rank=0)


def test_a_contribution_has_a_printed_name(standard):
    assert refused(standard, "a_contribution_has_a_printed_name", printed_name="")


def test_a_recognition_names_its_document(standard):
    stored(standard, recognised=True, recognition_document="认定〔2024〕1号")

    assert refused(standard, "a_recognition_names_its_document", recognised=True)


def test_who_verified_a_contribution_is_known_with_when(standard):
    stored(standard, verified_at=timezone.now(), verified_by=make_user())

    assert refused(standard, "who_verified_a_contribution_is_known_with_when", verified_at=timezone.now())


def test_what_is_voided_leads_nothing(standard):
    assert refused(standard, "what_is_voided_leads_nothing", voided_at=timezone.now(), leads_as_printed=True)
