"""Subtrees by separator paths: the same rows on both engines, through the column's index."""

import pytest
from django.db import connection

from directory.models import Region
from records.models import ImportBatch
from records.paths import is_province, under_any

pytestmark = pytest.mark.django_db


def plan(queryset) -> str:
    if connection.vendor == "sqlite":
        return queryset.explain()
    with connection.cursor() as cursor:  # a small table would be read whole
        cursor.execute("SET LOCAL enable_seqscan = off")
    return queryset.explain()


def test_a_subtree_is_the_division_and_all_below_it_and_nothing_beside():
    found = set(Region.objects.filter(path__under="/320000/320600/").values_list("path", flat=True))

    every = Region.objects.values_list("path", flat=True)
    assert found == {path for path in every if path.startswith("/320000/320600/")}
    assert len(found) > 5


def test_several_subtrees_are_joined_and_none_finds_nothing():
    both = Region.objects.filter(under_any(["/320000/320600/", "/320000/320500/"], "path"))
    one = [Region.objects.filter(path__under=path).count() for path in ("/320000/320600/", "/320000/320500/")]

    assert both.count() == sum(one)
    assert Region.objects.filter(under_any([], "path")).count() == 0


def test_what_ends_in_no_stroke_is_no_path():
    with pytest.raises(ValueError, match="no separator path"):
        Region.objects.filter(path__under="/320000/3206")


def test_a_province_has_nothing_above_it():
    assert [is_province(path) for path in ("/320000/", "/320000/320600/")] == [True, False]


@pytest.mark.parametrize(
    "rows", [Region.objects.filter(path__under="/320000/"), ImportBatch.objects.filter(division__under="/320000/")]
)
def test_a_subtree_is_found_by_an_index(rows):
    assert "index" in plan(rows).lower()
