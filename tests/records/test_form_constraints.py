"""The database itself takes a form once."""

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from records.models import FormToken

pytestmark = pytest.mark.django_db


def test_a_form_is_taken_once():
    FormToken.objects.create(token_hash="a" * 64, at=timezone.now())

    with pytest.raises(IntegrityError), transaction.atomic():
        FormToken.objects.create(token_hash="a" * 64, at=timezone.now())
    assert FormToken._meta.constraints[0].name == "a_form_is_taken_once"
