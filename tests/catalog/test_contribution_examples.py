"""The example contributions: what they show, that they can be loaded again, and that they go without a trace in figures."""

import pytest
from django.core.management import call_command
from django.utils import timezone

from catalog.contribution_counts import Count, counted_on, level_counts, organization_counts
from catalog.models import Contribution
from directory.succession import regions_within

pytestmark = pytest.mark.django_db


def test_they_show_what_the_ledger_is_for():
    call_command("load_examples", verbosity=0)

    rows = Contribution.objects.filter(organization__region__in=regions_within("3206", timezone.localdate()))
    counted = counted_on(rows, timezone.localdate())
    organizations, _total = organization_counts(counted, "printed")
    together = sum((count for _pk, count in organizations), Count())
    assert together.total > sum(level_counts(counted, "printed").values(), Count()).total
    assert set(Contribution.objects.unresolved().values_list("printed_name", flat=True)) == {"示例食品厂"}
    assert set(Contribution.objects.values_list("is_example", flat=True)) == {True}
    assert Contribution.objects.filter(role="lead_drafter", leads_as_printed=True).count() == 1


def test_loaded_again_they_are_the_same_and_removed_they_are_gone():
    call_command("load_examples", verbosity=0)
    before = Contribution.objects.filter(voided_at=None).count()

    call_command("load_examples", verbosity=0)
    assert Contribution.objects.filter(voided_at=None).count() == before

    call_command("load_examples", "--remove", verbosity=0)
    assert Contribution.objects.filter(voided_at=None).count() == 0
