"""Dates as people print them: to the day, the month or the year."""

import re
import unicodedata
from calendar import monthrange
from datetime import date, datetime, timedelta, timezone
from typing import Literal, NamedTuple, Never

from tabular.errors import NotADate

Precision = Literal["day", "month", "year"]

KNOWN: dict[Precision, int] = {"day": 10, "month": 7, "year": 4}  # how much of an ISO day is known
FIRST_YEAR, LAST_YEAR = 1900, 2100

# What stands for "no date", compared without case.
BLANKS = frozenset(
    [
        "",
        "-",
        "--",
        "—",
        "——",
        "/",
        "\\",
        "无",
        "暂无",
        "待定",
        "待核",
        "未定",
        "n/a",
        "null",
        "none",
        "nan",
        "nat",
    ]
)


class PartialDate(NamedTuple):
    """A day, a month or a year; `start` is its first day."""

    start: date
    precision: Precision

    @property
    def end(self) -> date:
        """The last day of the period."""
        if self.precision == "day":
            return self.start
        if self.precision == "month":
            return self.start.replace(day=monthrange(self.start.year, self.start.month)[1])
        return date(self.start.year, 12, 31)

    def covers(self, day: date) -> bool:
        """Whether a day lies in the period."""
        return self.start <= day <= self.end

    def __str__(self) -> str:
        return self.start.isoformat()[: KNOWN[self.precision]]


_CHINA = timezone(timedelta(hours=8))
_EXCEL_EPOCH = date(1899, 12, 30)
_EXCEL_SERIALS = range(20_000, 80_001)  # 1954-10-03 to 2119-01-11

_DASHES = str.maketrans(dict.fromkeys("‐‑‒–—―−", "-"))
_ZONED = re.compile(r"[T ]\d{1,2}:\d\d.*(?:Z|[+-]\d\d:?\d\d)$")
_TIME = r"(?:[T ]+\d{1,2}:\d\d(?::\d\d(?:\.\d+)?)?)?"
_FORMS = [
    re.compile(rf"(?P<year>\d{{4}})(?P<sep>[-/.])(?P<month>\d{{1,2}})(?:(?P=sep)(?P<day>\d{{1,2}}){_TIME})?"),
    re.compile(r"(?P<year>\d{4}) ?年(?: ?(?P<month>\d{1,2}) ?月(?: ?(?P<day>\d{1,2}) ?[日号])?)?"),
    re.compile(r"(?P<year>\d{4})(?:(?P<month>\d\d)(?P<day>\d\d))?"),
]


def parse_date(value: object) -> PartialDate | None:
    """Read what a cell says about a date; None where it says there is none (`BLANKS`).

    Takes date and datetime objects, `2024-1-5`, `2024/1/5`, `2024.1.5`, `2024年1月5日`, `20240105`,
    `2021.10`, `2021年10月`, `2021-10`, `2021`, `2021年`, full-width digits, ISO date-times, and Excel's
    serial numbers. An instant with a zone is the day it had in China. Raises NotADate.
    """
    if type(value) is str:
        if len(value) == 10 and value[4] == "-" == value[7]:
            try:
                day = date.fromisoformat(value)
            except ValueError:
                return _parse_text(value)
            if FIRST_YEAR <= day.year <= LAST_YEAR:
                return PartialDate(day, "day")
        return _parse_text(value)
    if value is None:
        return None
    if isinstance(value, date):
        return _from_date(value)
    if isinstance(value, int | float) and not isinstance(value, bool):
        return _parse_number(value)
    return _parse_text(value) if isinstance(value, str) else _refuse("not_a_date", value)


def _parse_text(value: str) -> PartialDate | None:
    text = unicodedata.normalize("NFKC", value).strip()
    if text.casefold() in BLANKS:
        return None
    text = text.translate(_DASHES)
    if _ZONED.search(text):
        return _parse_instant(text, value)
    for form in _FORMS:
        if match := form.fullmatch(text):
            parts = match.groupdict()
            return _build(int(parts["year"]), parts["month"], parts["day"], value)
    _refuse("not_a_date", value)


def _parse_instant(text: str, value: str) -> PartialDate:
    # 2024-12-31T16:00:00Z is how JavaScript writes the midnight that began 2025 in China.
    try:
        return _from_date(datetime.fromisoformat(text))
    except ValueError:
        _refuse("not_a_date", value)


def _parse_number(value: float) -> PartialDate:
    if isinstance(value, int) or value.is_integer():
        whole = int(value)
        if FIRST_YEAR <= whole <= LAST_YEAR:
            return PartialDate(date(whole, 1, 1), "year")
        if 1_000_01_01 <= whole <= 9999_12_31:
            return _build(whole // 10_000, str(whole // 100 % 100), str(whole % 100), value)
    elif FIRST_YEAR <= value <= LAST_YEAR:
        return _parse_month_number(value)
    # Also false for NaN and infinities.
    if _EXCEL_SERIALS.start <= value <= _EXCEL_SERIALS.stop:
        return _from_date(_EXCEL_EPOCH + timedelta(days=int(value)))
    _refuse("not_a_date", value)


def _parse_month_number(value: float) -> PartialDate:
    # A cell typed as 2021.10 holds the number 2021.1.
    year, _, month = repr(value).partition(".")
    if month == "1":
        _refuse("ambiguous_month", value)
    if len(month) > 2:
        _refuse("not_a_date", value)
    return _build(int(year), month, None, value)


def _from_date(value: date) -> PartialDate:
    if isinstance(value, datetime):
        value = (value.astimezone(_CHINA) if value.tzinfo else value).date()
    if not FIRST_YEAR <= value.year <= LAST_YEAR:
        _refuse("year_out_of_range", value)
    return PartialDate(value, "day")


def _build(year: int, month: str | None, day: str | None, value: object) -> PartialDate:
    if not FIRST_YEAR <= year <= LAST_YEAR:
        _refuse("year_out_of_range", value)
    precision: Precision = "day" if day else "month" if month else "year"
    try:
        return PartialDate(date(year, int(month or 1), int(day or 1)), precision)
    except ValueError:
        _refuse("impossible_day", value)


def _refuse(code: str, value: object) -> Never:
    shown = str(value)
    shown = shown if len(shown) <= 40 else shown[:39] + "…"
    if code == "year_out_of_range":
        raise NotADate(code, value=shown, first=FIRST_YEAR, last=LAST_YEAR)
    raise NotADate(code, value=shown)
