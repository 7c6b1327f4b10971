"""Under which division a record of another day is shown and counted: followed to one successor after the other, never guessed."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from directory.models import Region
from directory.succession import counted_under, standing_of, successor_on

pytestmark = pytest.mark.django_db
TODAY = date(2026, 3, 1)


def division(code, year=None):
    return Region.objects.valid(date(year, 1, 1) if year else TODAY).get(code=code)


@pytest.mark.parametrize(
    ("code", "year", "now"),
    [
        ("320684", 2019, "海门区 320614"),
        ("320602", 2019, "崇川区 320613"),
        ("320611", 2019, "崇川区 320613"),
        ("371200", 2017, "济南市 370100"),
        ("371202", 2017, "莱芜区 370116"),
        ("371203", 2017, "钢城区 370117"),
        # Two successions: 海门县 → 海门市 → 海门区, 城区 → 崇川区 320602 → 崇川区 320613.
        ("320625", 1990, "海门区 320614"),
        ("320602", 1985, "崇川区 320613"),
        ("320682", 2019, "如皋市 320682"),
    ],
)
def test_what_a_division_is_today(code, year, now):
    assert str(successor_on(division(code, year), TODAY)) == now


def test_a_chain_is_followed_no_further_than_the_day():
    county = division("320625", 1990)

    found = [str(successor_on(county, date(year, 7, 1))) for year in (1993, 1994, 2019, 2020)]

    assert found == ["海门县 320625", "海门市 320684", "海门市 320684", "海门区 320614"]


def test_what_was_split_stays_and_says_so():
    divided = division("320586", 1999)

    standing = standing_of(divided, TODAY)

    assert (standing.now, [str(one) for one in standing.split], standing.is_ended) == (
        divided,
        ["吴中区 320506", "相城区 320507"],
        True,
    )


def test_what_ended_without_a_known_successor_stays():
    lost = Region.objects.create(code="329999", name="某县", level="county", path="/320000/329999/", valid_to=2001)

    standing = standing_of(lost, TODAY)

    assert (standing.now, standing.split, standing.is_ended) == (lost, (), True)


def test_a_circle_of_successors_ends():
    one, two = (
        Region.objects.create(code=code, name="某县", level="county", path=f"/320000/{code}/", valid_to=2001)
        for code in ("329998", "329999")
    )
    one.successors.add(two)
    two.successors.add(one)

    assert successor_on(one, TODAY) == two


@pytest.mark.parametrize("year", [1990, 2019, 2026])
def test_counting_all_at_once_gives_each_its_own_answer(year):
    on = date(year, 7, 1)
    with CaptureQueriesContext(connection) as captured:
        found = counted_under(on)

    some = Region.objects.filter(valid_to__lte=year).order_by("pk")[::40]
    assert len(captured) == 2
    assert len(found) == Region.objects.count()
    assert {one.pk: found[one.pk] for one in some} == {one.pk: successor_on(one, on).pk for one in some}


def test_nothing_that_holds_today_is_counted_elsewhere():
    found = counted_under(TODAY)

    assert [pk for pk in Region.objects.valid(TODAY).values_list("pk", flat=True) if found[pk] != pk] == []
