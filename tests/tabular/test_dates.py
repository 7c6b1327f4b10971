"""Dates as people print them."""

import timeit
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tabular.dates import BLANKS, PartialDate, parse_date
from tabular.errors import NotADate


@pytest.mark.parametrize(
    ("value", "printed"),
    [
        ("2024-01-05", "2024-01-05"),
        ("2024-1-5", "2024-01-05"),
        ("2024/1/5", "2024-01-05"),
        ("2024.1.5", "2024-01-05"),
        ("2024年1月5日", "2024-01-05"),
        ("2024 年 1 月 5 日", "2024-01-05"),
        ("20240105", "2024-01-05"),
        ("２０２４－０１－０５", "2024-01-05"),
        ("2024—01—05", "2024-01-05"),
        (" 2024-01-05 ", "2024-01-05"),
        ("2026-03-02 12:26:52", "2026-03-02"),
        ("2026-03-02T12:26:52.123", "2026-03-02"),
        ("2024/1/5 0:00", "2024-01-05"),
        ("2024-12-31T16:00:00.000Z", "2025-01-01"),
        ("2024-01-05T00:00:00+08:00", "2024-01-05"),
        ("2021.10", "2021-10"),
        ("2021-10", "2021-10"),
        ("2021年10月", "2021-10"),
        ("2014-4", "2014-04"),
        ("2021", "2021"),
        ("2021年", "2021"),
        (2021, "2021"),
        (2021.11, "2021-11"),
        (2021.05, "2021-05"),
        (20240105, "2024-01-05"),
        (45296, "2024-01-05"),
        (45296.75, "2024-01-05"),
        (20000, "1954-10-03"),
        (date(2024, 1, 5), "2024-01-05"),
        (datetime(2024, 1, 5, 23, 59), "2024-01-05"),
        (datetime(2024, 1, 5, 20, tzinfo=UTC), "2024-01-06"),
        ("1900", "1900"),
        ("2100-12-31", "2100-12-31"),
    ],
)
def test_reads(value, printed):
    assert str(parse_date(value)) == printed


@pytest.mark.parametrize("blank", [None, *sorted(BLANKS), " ", "\u3000", "N/A", "None"])
def test_blank_is_no_date(blank):
    assert parse_date(blank) is None


@pytest.mark.parametrize(
    ("value", "code", "sentence"),
    [
        ("2023-02-30", "impossible_day", "2023-02-30 is a day that does not exist"),
        ("2023年13月", "impossible_day", "2023年13月 is a day that does not exist"),
        ("2024-01-00", "impossible_day", "2024-01-00 is a day that does not exist"),
        (20230230, "impossible_day", "20230230 is a day that does not exist"),
        ("1899-12-31", "year_out_of_range", "The year of 1899-12-31 lies outside 1900 to 2100"),
        ("2101", "year_out_of_range", "The year of 2101 lies outside 1900 to 2100"),
        (date(1800, 1, 1), "year_out_of_range", "The year of 1800-01-01 lies outside 1900 to 2100"),
        (2021.1, "ambiguous_month", "2021.1 can be January or October; write it as text"),
        (2021.123, "not_a_date", "2021.123 is not a date"),
        (2021.13, "impossible_day", "2021.13 is a day that does not exist"),
        ("2024-1/5", "not_a_date", "2024-1/5 is not a date"),
        ("202110", "not_a_date", "202110 is not a date"),
        ("现行", "not_a_date", "现行 is not a date"),
        ("2024-13-01T99:00:00Z", "not_a_date", "2024-13-01T99:00:00Z is not a date"),
        (True, "not_a_date", "True is not a date"),
        ([], "not_a_date", "[] is not a date"),
        (float("nan"), "not_a_date", "nan is not a date"),
        (float("inf"), "not_a_date", "inf is not a date"),
        (-1, "not_a_date", "-1 is not a date"),
        (150_000, "not_a_date", "150000 is not a date"),
        ("x" * 50, "not_a_date", "x" * 39 + "… is not a date"),
    ],
)
def test_refuses(value, code, sentence):
    with pytest.raises(NotADate) as refused:
        parse_date(value)

    assert (refused.value.code, str(refused.value)) == (code, sentence)


@pytest.mark.parametrize(
    ("value", "end"),
    [
        ("2024-01-05", date(2024, 1, 5)),
        ("2024-02", date(2024, 2, 29)),
        ("2023-02", date(2023, 2, 28)),
        ("2024", date(2024, 12, 31)),
    ],
)
def test_end_is_the_last_day_of_the_period(value, end):
    period = parse_date(value)

    assert period.end == end
    assert period.covers(period.start)
    assert period.covers(end)
    assert not period.covers(end + timedelta(days=1))
    assert not period.covers(period.start - timedelta(days=1))


@given(st.dates(date(1900, 1, 1), date(2100, 12, 31)))
def test_every_day_survives_every_form(day):
    forms = [
        f"{day:%Y-%m-%d}",
        f"{day.year}/{day.month}/{day.day}",
        f"{day.year}.{day.month}.{day.day}",
        f"{day.year}年{day.month}月{day.day}日",
        f"{day:%Y%m%d}",
        day,
    ]

    assert [parse_date(form) for form in forms] == [PartialDate(day, "day")] * len(forms)


@given(st.text(max_size=12))
def test_any_text_is_a_date_or_refused(text):
    try:
        found = parse_date(text)
    except NotADate:
        return

    assert found is None or 1900 <= found.start.year <= 2100


def test_the_usual_form_is_fast():
    seconds = min(timeit.repeat(lambda: parse_date("2024-01-05"), number=20_000, repeat=5)) / 20_000

    assert seconds < 2e-6
