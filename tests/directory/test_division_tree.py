"""A path says what lies below what: compared over every pair of the full table with a walk from child to parent."""

from collections import defaultdict
from datetime import date

import pytest

from directory.models import Region
from records.paths import under_any

pytestmark = pytest.mark.django_db
TODAY = date(2026, 3, 1)


def walked(rows):
    """All pairs (above, below) by their keys, each division with itself, by walking from parent to parent."""
    parents = {one.pk: one.parent_id for one in rows}
    pairs = set()
    for pk in parents:
        at = pk
        while at is not None:
            pairs.add((at, pk))
            at = parents[at]
    return pairs


def by_path(rows):
    """The same pairs, by asking of every two of them whether one's path begins with the other's."""
    paths = [(one.pk, one.path) for one in rows]
    return {(above, pk) for above, start in paths for pk, path in paths if path.startswith(start)}


def test_paths_agree_with_parents_over_all_pairs_of_today():
    rows = list(Region.objects.valid(TODAY))

    pairs = by_path(rows)

    assert len(rows) == 3216
    assert pairs == walked(rows)
    assert len(pairs) > 3 * 2800


def test_paths_agree_with_parents_over_all_years_by_code():
    """A path names codes: in the full table namesakes by code of other years share it, and nothing else does."""
    rows = list(Region.objects.select_related("parent__parent"))
    expected = {one.pk: [up.code for up in (one.parent and one.parent.parent, one.parent, one) if up] for one in rows}

    assert {one.pk: one.path.strip("/").split("/") for one in rows} == expected


def test_the_database_finds_the_same_below_each_province_and_city():
    rows = list(Region.objects.valid(TODAY))
    inside = defaultdict(set)
    for above, pk in walked(rows):
        inside[above].add(pk)
    wide = [one for one in rows if one.level != "county"]

    found = {
        one.pk: set(Region.objects.valid(TODAY).filter(under_any([one.path], "path")).values_list("pk", flat=True))
        for one in wide
    }

    assert len(wide) == 34 + 333
    assert found == {one.pk: inside[one.pk] for one in wide}
    assert [set(Region.objects.within(one.path)) for one in wide[:5]] == [
        {row for row in Region.objects.all() if row.path.startswith(one.path)} for one in wide[:5]
    ]
