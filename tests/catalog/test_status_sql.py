"""The status in SQL is the status of `catalog.lifecycle`, whatever the days."""

from datetime import date, timedelta

import pytest
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from catalog.lifecycle import period_start
from catalog.models import Standard
from tests.factories import make_standard

pytestmark = pytest.mark.django_db

DAY = date(2024, 6, 15)
NEAR = st.sampled_from([DAY + timedelta(days=n) for n in (-400, -1, 0, 1, 400)])
STARTS = st.one_of(NEAR, st.sampled_from([date(2024, 6, 1), date(2024, 1, 1), date(2024, 7, 1), date(2023, 1, 1)]))


@st.composite
def lives(draw):
    def maybe(days):
        return draw(st.one_of(st.none(), days))

    life = {
        "published_on": maybe(NEAR),
        "implemented_on": maybe(STARTS),
        "implemented_precision": draw(st.sampled_from(["day", "month", "year"])),
        "withdrawn_on": maybe(STARTS),
        "withdrawn_precision": draw(st.sampled_from(["day", "month", "year"])),
        "replaced_on": maybe(STARTS),
        "replaced_precision": draw(st.sampled_from(["day", "month", "year"])),
        "withdrawal_claimed_on": maybe(NEAR),
        "suspended_on": maybe(NEAR),
        "year": maybe(st.integers(2022, 2026)),
    }
    for name in ("implemented", "withdrawn", "replaced"):
        if (day := life[f"{name}_on"]) and (precision := life[f"{name}_precision"]) != "day":
            life[f"{name}_on"] = period_start(day, precision)
    imprecise = life["withdrawn_precision"] != "day"
    if not imprecise and life["published_on"] and life["withdrawn_on"] and life["withdrawn_on"] < life["published_on"]:
        life["withdrawn_on"] = life["published_on"]
    if life["suspended_on"]:
        life["status_document"] = "2024年第1号公告"
        life["resumed_on"] = draw(st.one_of(st.none(), NEAR.filter(lambda day: day >= life["suspended_on"])))
    return life


ROOMS = 40


@pytest.fixture
def rooms(db):
    """Standards whose days each example sets anew."""
    return [make_standard(f"GB/T {n}-2020").pk for n in range(1, ROOMS + 1)]


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(examples=st.lists(lives(), min_size=ROOMS, max_size=ROOMS), on=STARTS)
def test_sql_and_python_agree_on_every_combination_of_days(rooms, examples, on):
    for pk, life in zip(rooms, examples, strict=True):
        blank = {"status_document": "", "resumed_on": None}
        Standard.objects.filter(pk=pk).update(**blank | life)

    rows = list(Standard.objects.with_status(on))
    in_force = set(Standard.objects.in_force(on).values_list("pk", flat=True))

    assert {row.pk: row.status for row in rows} == {row.pk: str(row.status_on(on)) for row in rows}
    assert in_force == {row.pk for row in rows if row.status == "in_force"}


def test_every_status_comes_up():
    make_standard("GB/T 1-2020", implemented_on="2020-01-01")
    make_standard("GB/T 2-2020", published_on="2024-01-01", implemented_on="2024-12-01")
    make_standard("GB/T 3-2020", implemented_on="2020-01-01", withdrawn_on="2023-01-01")
    make_standard("GB/T 4-2020", implemented_on="2020-01-01", suspended_on="2024-01-01", status_document="1号")
    make_standard("GB/T 5-2020", published_on="2024-07-01")
    make_standard("GB/T 6-2020")
    make_standard("GB/T 7-2010", implemented_on="2010-01-01")
    make_standard("GB/T 7-2020", implemented_on="2020-06-01", replaces=["GB/T 7-2010"])

    statuses = dict(Standard.objects.with_status(DAY).values_list("number", "status"))

    assert statuses == {
        "GB/T 1-2020": "in_force",
        "GB/T 2-2020": "upcoming",
        "GB/T 3-2020": "withdrawn",
        "GB/T 4-2020": "suspended",
        "GB/T 5-2020": "planned",
        "GB/T 6-2020": "unknown",
        "GB/T 7-2010": "replaced",
        "GB/T 7-2020": "in_force",
    }


def test_soon_void_are_those_in_force_that_end_within_the_days():
    today = timezone.localdate()
    day = {n: (today + timedelta(days=n)).isoformat() for n in (-100, 0, 3, 5, 10, 11)}
    make_standard("GB/T 1-2010", implemented_on="2010-01-01", withdrawn_on=day[5])
    make_standard("GB/T 2-2010", implemented_on="2010-01-01")
    make_standard("GB/T 2-2024", published_on=day[-100], implemented_on=day[10], replaces=["GB/T 2-2010"])
    make_standard("GB/T 3-2010", implemented_on="2010-01-01", withdrawn_on=day[0])
    make_standard("GB/T 4-2010", implemented_on="2010-01-01", withdrawn_on=day[11])
    make_standard("GB/T 5-2024", implemented_on=day[3], withdrawn_on=day[5])

    soon = Standard.objects.soon_void(today, 10)

    assert {s.number: (s.withdrawn_on or s.replaced_on).isoformat() for s in soon} == {
        "GB/T 1-2010": day[5],
        "GB/T 2-2010": day[10],
    }


def test_soon_in_force_are_upcoming_standards_only():
    make_standard("GB/T 1-2024", published_on="2024-06-01", implemented_on="2024-06-20")
    make_standard("GB/T 2-2024", published_on="2024-06-01", implemented_on="2024-06-15")
    make_standard("GB/T 3-2024", published_on="2024-06-01", implemented_on="2024-06-26")
    make_standard("GB/T 4-2024", published_on="2024-06-18", implemented_on="2024-06-20")
    make_standard("GB/T 5-2024", published_on="2024-06-01", implemented_on="2024-06-20", withdrawn_on="2024-06-10")

    soon = Standard.objects.soon_in_force(DAY, 10)

    assert {s.number: str(s.status_on(DAY)) for s in soon} == {"GB/T 1-2024": "upcoming"}


def test_only_standards_are_counted():
    for number in ("GB/T 1-2020", "GB/T 1-2020E", "GB/T 1-2020/XG1-2022", "ISO 9001:2015/Cor 1:2016"):
        make_standard(number)

    counted = {standard.number: standard.kind for standard in Standard.objects.all()}

    assert counted == {
        "GB/T 1-2020": "standard",
        "GB/T 1-2020E": "translation",
        "GB/T 1-2020/XG1-2022": "amendment",
        "ISO 9001:2015/Cor 1:2016": "corrigendum",
    }
    assert [s.number for s in Standard.objects.counted()] == ["GB/T 1-2020"]
