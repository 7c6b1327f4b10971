"""What the database itself refuses of policy documents."""

from datetime import date

import pytest
from django.db import IntegrityError, transaction

from directory.models import PolicyDocument
from tests.factories import make_policy

pytestmark = pytest.mark.django_db


def test_a_policy_ends_after_it_took_effect():
    document = make_policy(effective_on="2020-05-01")

    with pytest.raises(IntegrityError, match="a_policy_ends_after_it_took_effect"), transaction.atomic():
        PolicyDocument.objects.filter(pk=document.pk).update(ends_on=date(2020, 5, 1))

    PolicyDocument.objects.filter(pk=document.pk).update(ends_on=date(2020, 5, 2))
