"""Several who save one record at the same moment (PostgreSQL): one wins, the others meet the conflict; without the version all would."""

import os
from threading import Barrier

import pytest
from django.test import Client
from django.urls import reverse

from catalog.models import Prefix, Standard
from records.models import Event
from records.versions import take_version
from tests.factories import make_standard, make_user
from tests.reference import load_reference
from tests.threads import at_once
from tests.web.forms import opened_form

pytestmark = [
    pytest.mark.postgresql,
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(
        not os.environ.get("DATABASE_URL", "").startswith("postgres"),
        reason="SQLite lets one writer in at a time; races are proven on PostgreSQL",
    ),
]
WRITERS, ROUNDS = 4, 5


@pytest.fixture(autouse=True)
def reference(transactional_db):
    load_reference()


@pytest.fixture
def root(client):
    client.force_login(make_user("root", every_role=True))
    return client


def saves(client, path, field):
    """What each of several is answered who save the form that all have opened."""
    form = opened_form(client, path)

    def save(number):
        own = Client()
        own.cookies = client.cookies
        return own.post(path, form | {field: f"第{number}人", "form_token": f"token {number}"}).status_code

    return sorted(at_once(*[lambda number=number: save(number) for number in range(WRITERS)]))


@pytest.mark.parametrize("time", range(ROUNDS))
def test_of_several_edits_of_one_standard_one_wins(root, time):
    standard = make_standard("GB/T 1-2020", "茶叶")

    answers = saves(root, reverse("admin:catalog_standard_change", args=[standard.pk]), "title")

    standard.refresh_from_db()
    assert answers == [302, 409, 409, 409]
    assert standard.version == 2
    assert Event.objects.about(standard).filter(action="updated").count() == 1


@pytest.mark.parametrize("time", range(ROUNDS))
def test_of_several_edits_of_one_prefix_one_wins(root, time):
    prefix = Prefix.objects.get(code="YY")

    answers = saves(root, reverse("admin:catalog_prefix_change", args=[prefix.pk]), "name")

    prefix.refresh_from_db()
    assert answers == [302, 409, 409, 409]
    assert (prefix.version, Event.objects.about(prefix).count()) == (2, 1)


@pytest.mark.parametrize("guarded", [True, False], ids=["guarded", "the control"])
def test_a_version_is_taken_once(guarded):
    """The control looks at the version, and then writes, as a form without a conditional update would."""
    make_standard("GB/T 1-2020")
    looked = Barrier(WRITERS)

    def write():
        standard = Standard.objects.get()
        looked.wait(timeout=20)
        if guarded:
            try:
                take_version(standard, standard.version)
            except Exception as late:
                return type(late).__name__
        elif standard.version == 1:
            Standard.objects.filter(pk=standard.pk).update(version=standard.version + 1)
        return "saved"

    answers = sorted(at_once(*[write] * WRITERS))

    assert answers == (["Stale"] * (WRITERS - 1) + ["saved"] if guarded else ["saved"] * WRITERS)
