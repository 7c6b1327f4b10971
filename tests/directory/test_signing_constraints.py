"""The database itself keeps one row for each session and each counter of tries."""

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from directory.models import RecoveryCode, SecondFactor, SignInTries, UserSession
from tests.factories import make_user

pytestmark = pytest.mark.django_db


def twice(model, **fields):
    model.objects.create(**fields)
    with pytest.raises(IntegrityError), transaction.atomic():
        model.objects.create(**fields)
    return {constraint.name for constraint in model._meta.constraints}


def test_tries_of_an_account_stand_once_per_address():
    now = timezone.now()

    names = twice(SignInTries, account="a" * 64, address="10.0.0.1", taken=1, last_at=now, before_at=now)

    assert names == {"tries_of_an_account_stand_once_per_address"}


def test_a_session_stands_once():
    now = timezone.now()

    names = twice(UserSession, user=make_user(), key_hash="a" * 64, started_at=now, seen_at=now)

    assert names == {"a_session_stands_once"}


def test_a_recovery_code_stands_once_for_an_account():
    factor = SecondFactor.objects.create(user=make_user(), seed="a" * 40, enrolled_at=timezone.now())

    names = twice(RecoveryCode, factor=factor, digest="a" * 64)

    assert names == {"a_recovery_code_stands_once_for_an_account"}
