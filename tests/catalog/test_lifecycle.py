"""Rules C3 and `decisions.md`: the status on a day follows from the days alone."""

from datetime import date, timedelta

import pytest

from catalog.lifecycle import LifeDays, earlier, status_on, takes_effect_on

DAY = date(2024, 6, 15)
BEFORE, AFTER = DAY - timedelta(days=1), DAY + timedelta(days=1)
LONG_AGO = date(2010, 1, 1)


def status(on=DAY, **days):
    return status_on(LifeDays(**days), on)


def test_is_upcoming_from_publication_to_the_day_before_implementation():
    days = {"published_on": DAY, "implemented_on": DAY + timedelta(days=10)}

    on_each = [status(DAY + timedelta(days=n), **days) for n in (-1, 0, 9, 10)]

    assert on_each == ["planned", "upcoming", "upcoming", "in_force"]


def test_is_in_force_on_the_day_it_was_published_and_implemented():
    # GB/T 24421.1-2023 was published and implemented on 2023-03-17.
    assert status(published_on=DAY, implemented_on=DAY) == "in_force"


def test_is_in_force_until_the_day_before_its_successor_is_implemented():
    days = {"implemented_on": LONG_AGO, "replaced_on": DAY}

    on_each = [status(day, **days) for day in (BEFORE, DAY, AFTER)]

    assert on_each == ["in_force", "replaced", "replaced"]


def test_is_in_force_until_the_day_before_its_withdrawal():
    days = {"implemented_on": LONG_AGO, "withdrawn_on": DAY}

    on_each = [status(day, **days) for day in (BEFORE, DAY, AFTER)]

    assert on_each == ["in_force", "withdrawn", "withdrawn"]


@pytest.mark.parametrize(
    ("replaced", "withdrawn", "expected"),
    [
        (DAY, DAY, "replaced"),
        (BEFORE, DAY, "replaced"),
        (DAY, BEFORE, "withdrawn"),
        (AFTER, DAY, "withdrawn"),
        (DAY, AFTER, "replaced"),
    ],
)
def test_the_earlier_end_says_how_it_ended_and_replacement_says_it_on_the_same_day(replaced, withdrawn, expected):
    assert status(implemented_on=LONG_AGO, replaced_on=replaced, withdrawn_on=withdrawn) == expected


@pytest.mark.parametrize(
    ("replaced", "withdrawn", "end"),
    [
        ((None, "day"), (None, "day"), (None, "day")),
        ((AFTER, "day"), (None, "day"), (AFTER, "day")),
        ((None, "day"), (DAY, "month"), (DAY, "month")),
        ((AFTER, "year"), (DAY, "day"), (DAY, "day")),
        ((BEFORE, "year"), (DAY, "day"), (BEFORE, "year")),
    ],
)
def test_the_end_is_the_earlier_of_replacement_and_withdrawal(replaced, withdrawn, end):
    assert earlier(replaced, withdrawn) == end


def test_a_standard_that_will_end_is_in_force_and_knows_when():
    days = LifeDays(implemented_on=LONG_AGO, replaced_on=AFTER)

    assert status_on(days, DAY) == "in_force"


def test_withdrawn_before_it_was_implemented_never_comes_into_force():
    days = {"published_on": LONG_AGO, "implemented_on": AFTER, "withdrawn_on": DAY}

    on_each = [status(day, **days) for day in (BEFORE, DAY, AFTER)]

    assert on_each == ["upcoming", "withdrawn", "withdrawn"]


# --- suspension -----------------------------------------------------------------------------------------------


def test_is_suspended_from_its_day_until_it_resumes():
    days = {"implemented_on": LONG_AGO, "suspended_on": DAY, "resumed_on": AFTER}

    on_each = [status(day, **days) for day in (BEFORE, DAY, AFTER)]

    assert on_each == ["in_force", "suspended", "in_force"]


def test_a_suspension_without_an_end_lasts():
    assert status(date(2090, 1, 1), implemented_on=LONG_AGO, suspended_on=DAY) == "suspended"


def test_a_suspension_overrides_the_day_of_implementation():
    days = {"published_on": LONG_AGO, "implemented_on": DAY, "suspended_on": BEFORE}

    assert status(**days) == "suspended"


def test_what_ended_during_its_suspension_has_ended_when_that_is_over():
    days = {"implemented_on": LONG_AGO, "suspended_on": BEFORE, "resumed_on": AFTER, "replaced_on": DAY}

    assert status(AFTER, **days) == "replaced"


# --- what is not known ----------------------------------------------------------------------------------------


def test_without_a_day_of_implementation_it_is_to_be_verified():
    assert [status(), status(published_on=LONG_AGO)] == ["unknown", "unknown"]


def test_before_its_publication_it_is_planned():
    assert status(published_on=AFTER) == "planned"


@pytest.mark.parametrize(("year", "expected"), [(2025, "planned"), (2024, "upcoming"), (None, "upcoming")])
def test_without_a_day_of_publication_its_year_tells_planned_from_upcoming(year, expected):
    assert status(implemented_on=date(2025, 3, 1), year=year) == expected


@pytest.mark.parametrize(
    ("precision", "start", "inside", "after"),
    [
        ("month", date(2024, 6, 1), [date(2024, 6, 1), DAY, date(2024, 6, 30)], date(2024, 7, 1)),
        ("year", date(2024, 1, 1), [date(2024, 1, 1), DAY, date(2024, 12, 31)], date(2025, 1, 1)),
    ],
)
def test_inside_a_month_or_year_that_is_all_that_is_known_it_is_to_be_verified(precision, start, inside, after):
    days = {"published_on": LONG_AGO, "implemented_on": start, "implemented_precision": precision}

    on_each = [status(day, **days) for day in (start - timedelta(days=1), *inside, after)]

    assert on_each == ["upcoming", "unknown", "unknown", "unknown", "in_force"]


def test_the_end_is_certain_even_inside_an_imprecise_beginning():
    days = {"implemented_on": date(2024, 1, 1), "implemented_precision": "year", "withdrawn_on": DAY}

    assert [status(BEFORE, **days), status(DAY, **days)] == ["unknown", "withdrawn"]


@pytest.mark.parametrize(("name", "ended"), [("withdrawn", "withdrawn"), ("replaced", "replaced")])
@pytest.mark.parametrize(
    ("precision", "start", "last"),
    [("month", date(2024, 6, 1), date(2024, 6, 30)), ("year", date(2024, 1, 1), date(2024, 12, 31))],
)
def test_inside_a_month_or_year_of_an_end_it_is_to_be_verified(name, ended, precision, start, last):
    days = {"implemented_on": LONG_AGO, f"{name}_on": start, f"{name}_precision": precision}

    on_each = [status(day, **days) for day in (start - timedelta(days=1), start, last, last + timedelta(days=1))]

    assert on_each == ["in_force", "unknown", "unknown", ended]


@pytest.mark.parametrize(
    ("days", "begins"),
    [
        ({}, (DAY, "day")),
        ({"implemented_precision": "month"}, (DAY, "month")),
        ({"implemented_on": None}, None),
        ({"suspended_on": BEFORE}, None),
        ({"suspended_on": BEFORE, "resumed_on": AFTER, "implemented_precision": "month"}, (AFTER, "day")),
        ({"suspended_on": LONG_AGO, "resumed_on": BEFORE}, (DAY, "day")),
        ({"suspended_on": AFTER}, (DAY, "day")),
        ({"withdrawn_on": DAY}, None),
        ({"withdrawn_on": AFTER}, (DAY, "day")),
        ({"withdrawn_on": date(DAY.year, 1, 1), "withdrawn_precision": "year"}, (DAY, "day")),
    ],
)
def test_an_edition_takes_effect_unless_it_was_held_back(days, begins):
    assert takes_effect_on(LifeDays(**{"implemented_on": DAY, **days})) == begins


# --- 废止 without a day ---------------------------------------------------------------------------------------


def test_an_undated_withdrawal_counts_from_the_sources_own_day():
    days = {"implemented_on": LONG_AGO, "withdrawal_claimed_on": DAY}

    on_each = [status(day, **days) for day in (BEFORE, DAY, AFTER)]

    assert on_each == ["unknown", "withdrawn", "withdrawn"]


def test_before_an_undated_withdrawal_the_dates_say_what_they_can():
    days = {"published_on": date(2024, 1, 1), "implemented_on": date(2024, 3, 1), "withdrawal_claimed_on": DAY}

    on_each = [status(day, **days) for day in (date(2023, 12, 31), date(2024, 2, 1), date(2024, 3, 1))]

    assert on_each == ["planned", "upcoming", "unknown"]


@pytest.mark.parametrize("end", [{"withdrawn_on": AFTER}, {"replaced_on": AFTER}])
def test_a_dated_end_says_more_than_an_undated_claim(end):
    days = {"implemented_on": LONG_AGO, "withdrawal_claimed_on": LONG_AGO, **end}

    assert [status(DAY, **days) == "in_force", status(AFTER, **days) in ("withdrawn", "replaced")] == [True, True]


def test_a_withdrawal_claimed_of_what_has_no_dates_is_a_withdrawal():
    assert [status(BEFORE, withdrawal_claimed_on=DAY), status(withdrawal_claimed_on=DAY)] == ["unknown", "withdrawn"]
