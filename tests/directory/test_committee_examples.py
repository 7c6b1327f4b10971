"""Example committees: of every level, marked, repeatable, removable, left out where there are real ones."""

import pytest
from django.core.management import call_command
from django.utils import timezone

from catalog.examples import load_example_care, load_example_standards
from catalog.models import Care
from directory.committee_examples import load_example_committees, remove_example_committees
from directory.committee_registers import COMMITTEES
from directory.composition import composition_findings
from directory.models import Committee, CommitteeLevel, CommitteeTerm, SecretariatSeat
from directory.term_warnings import terms_ending, terms_over
from records.registering import amend
from records.trail import SYSTEM
from tests.factories import make_committee

pytestmark = pytest.mark.django_db


def test_every_level_has_an_example_with_what_belongs_to_it():
    load_example_committees(by=SYSTEM)
    today = timezone.localdate()

    assert set(Committee.objects.values_list("level", flat=True)) == set(CommitteeLevel.values)
    assert set(Committee.objects.values_list("is_example", flat=True)) == {True}
    assert {str(one.status_on(today)) for one in Committee.objects.all()} == {"established", "approved", "dissolved"}
    assert [one.committee.number for one in terms_ending(today, 12)] == ["SAC/TC 990", "SAC/TC 990/SC 1"]
    assert [one.committee.number for one in terms_over(today)] == ["JS/TC 99"]
    moved = SecretariatSeat.objects.filter(committee__number="SAC/TC 990", share="main").order_by("holds_from")
    assert list(moved.values_list("organization__name", flat=True)) == ["示例理工大学", "示例标准化研究院"]
    assert composition_findings(CommitteeTerm.objects.get(committee__number="SAC/TC 990", number=3)) != []


def test_loading_again_changes_nothing():
    first = load_example_committees(by=SYSTEM)

    assert (first, load_example_committees(by=SYSTEM), Committee.objects.count()) == (9, 0, 9)


def test_real_committees_are_left_alone():
    make_committee("SAC/TC 1", "真")

    assert (load_example_committees(by=SYSTEM), Committee.objects.count()) == (0, 1)


def test_removing_takes_all_but_what_was_changed():
    load_example_committees(by=SYSTEM)
    changed = Committee.objects.get(number="JS/TC 99")
    amend(COMMITTEES, changed, {"remark": "改"}, version=1, by=SYSTEM)

    left = remove_example_committees(by=SYSTEM)

    assert (left, list(Committee.objects.standing())) == (1, [changed])
    assert SecretariatSeat.objects.standing().count() == 0


def test_example_committees_look_after_example_standards():
    load_example_standards(by=SYSTEM)
    load_example_committees(by=SYSTEM)

    entered = load_example_care(by=SYSTEM)

    assert entered == Care.objects.count() > 2
    assert load_example_care(by=SYSTEM) == 0


def test_the_command_loads_and_removes_them():
    call_command("load_examples", verbosity=0)
    loaded = (Committee.objects.standing().count(), Care.objects.standing().exists())

    call_command("load_examples", "--remove", verbosity=0)

    assert (loaded, Committee.objects.standing().count(), Care.objects.standing().count()) == ((9, True), 0, 0)
