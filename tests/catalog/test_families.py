"""Families that carry the same standard under another number or nature find each other."""

import pytest

from catalog.editions import save_edition, void_editions
from catalog.families import linked_families
from catalog.models import Standard
from records.trail import SYSTEM
from tests.factories import make_standard

pytestmark = pytest.mark.django_db


def linked(standard):
    return [family.number for family in linked_families(standard.family)]


def test_another_nature_of_the_same_number():
    mandatory, recommended = make_standard("GB 14833-2011"), make_standard("GB/T 14833-2020")
    make_standard("GB/T 14834-2020")

    assert (linked(mandatory), linked(recommended)) == (["GB/T 14833"], ["GB 14833"])


def test_the_prefix_to_which_a_field_has_moved():
    # XF: fire standards of GA, numbered anew in 2020 with the same number and year.
    old, new = make_standard("GA 1151-2014"), make_standard("XF 1151-2014")
    make_standard("JB 1151-2014")

    assert (linked(old), linked(new)) == (["XF 1151"], ["GA 1151"])


def test_a_stated_renumbering():
    old, new = make_standard("JB/T 4730.2-2005"), make_standard("NB/T 47013.2-2015")
    fact = [new.key, "renumbered_from", old.key, new.number, old.number, "", ""]
    save_edition(Standard.objects.get(pk=new.pk), {"relations": [fact]}, by=SYSTEM)

    assert (linked(old), linked(new)) == (["NB/T 47013.2"], ["JB/T 4730.2"])


def test_a_family_of_voided_editions_only_is_not_offered():
    mandatory, recommended = make_standard("GB 14833-2011"), make_standard("GB/T 14833-2020")
    void_editions([mandatory], by=SYSTEM, reason="double")

    assert linked(recommended) == []
