"""Where a body that is recorded at a division lies on a day, in the real table of divisions."""

from datetime import date

import pytest

from directory.models import Region
from directory.succession import regions_within

pytestmark = pytest.mark.django_db
NOW = date(2026, 6, 30)


def codes(code: str, on: date) -> set[tuple[str, int | None]]:
    return set(Region.objects.filter(pk__in=regions_within(code, on)).values_list("code", "valid_from"))


def test_a_county_that_became_a_district():
    haimen = {("320614", 2020), ("320684", 1994), ("320625", 1983), ("322525", None)}

    assert codes("320614", NOW) == haimen
    assert codes("320684", date(2015, 1, 1)) == haimen  # with what came later: a body recorded today lay there then
    assert codes("320684", NOW) == haimen  # what followed it


def test_a_subtree_holds_what_came_into_it_and_not_what_left_it():
    sichuan, chongqing = codes("51", NOW), codes("50", NOW)

    assert ("510200", None) not in sichuan
    assert ("500000", 1997) in chongqing
    assert sichuan & chongqing == set()


def test_what_was_split_stays_where_it_was():
    split = Region.objects.create(
        code="320698", name="甲区", level="county", path="/320000/320600/320698/", valid_to=2000
    )
    for code, path in (("320697", "/320000/320600/320697/"), ("320597", "/320000/320500/320597/")):
        split.successors.add(Region.objects.create(code=code, name="乙区", level="county", path=path, valid_from=2000))

    assert ("320698", None) in codes("3206", NOW)
    assert ("320698", None) not in codes("3205", NOW)
    assert codes("320698", NOW) == {("320698", None)}


def test_a_code_of_no_division():
    assert regions_within("99", NOW) == set()
