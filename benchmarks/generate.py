"""A catalogue of any size, the same each time: synthetic standards in realistic shares, as csv rows.

Families with one to four editions that replace each other, parts of one number, amendments and foreign-language
editions (3 %), days from 1985 to 2027. Loading it goes through the product's own import (`loading.py`), so that
the database holds what it would hold in use: claims, relations, flags, the search index and the trail.
"""

import csv
import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path

from catalog.prefixes import PROVINCES
from directory.divisions import divisions

from . import vocabulary as words

SEED = 20260101
HEADER = (
    "标准编号", "标准名称", "英文名称", "发布日期", "实施日期", "废止日期", "标准状态", "主管部门", "代替标准", "ICS", "CCS", "备案号",
)  # fmt: skip
# Shares of works; groups and enterprises have fewer editions, so that rows come out at 15 % national, 17 % group …
LEVELS = {
    "national": 14, "industry": 22, "provincial": 12, "municipal": 9, "group": 23,
    "international": 8, "metrology": 3, "enterprise": 7, "other": 2,
}  # fmt: skip
# Editions a family has, and how often.
EDITIONS = {1: 55, 2: 27, 3: 12, 4: 6}
NATURES = {"/T": 78, "": 18, "/Z": 4}
PROVINCE_CODES = [code for code in PROVINCES if code < "66"]
FIRST_DAY, LAST_DAY = date(1985, 1, 1), date(2027, 6, 30)


@dataclass
class Series:
    """One head (`GB/T`, `DB3206/T`): the last serial given out and the department that issues it."""

    head: str
    department: str
    colon: bool = False
    serial: int = 0


@dataclass
class Generator:
    """Gives rows in the order of `HEADER`, family by family."""

    dice: random.Random = field(default_factory=lambda: random.Random(SEED))
    series: dict[str, Series] = field(default_factory=dict)

    def __post_init__(self) -> None:
        named = {one.code: one.name for one in divisions() if one.valid_to is None}
        self.provinces = {code: named[code + "0000"] for code in PROVINCE_CODES}
        self.cities = {
            code[:4]: name for code, name in named.items() if code.endswith("00") and not code.endswith("0000")
        }
        self.city_codes = sorted(self.cities)

    def rows(self) -> Iterator[list[str]]:
        while True:
            yield from self._work()

    def _one(self, weights: dict):
        return self.dice.choices(list(weights), list(weights.values()))[0]

    def _work(self) -> Iterator[list[str]]:
        """One number with its parts: most have none, some up to eight."""
        level, domain = self._one(LEVELS), self.dice.choice(words.DOMAINS)
        series = self._series(level, domain)
        series.serial += self.dice.choice((1, 1, 1, 2, 3))
        subject, subject_en = self._subject(level, domain)
        parts = self.dice.randint(2, 8) if self.dice.random() < 0.09 else 0
        if not parts:
            document, document_en = self._document()
            title, english = self._title(subject, document), f"{subject_en} — {document_en}"
            yield from self._family(level, domain, series, str(series.serial), title, english)
            return
        dash = "-" if series.colon else "."
        for part in range(1, parts + 1):
            aspect = self.dice.choice(words.PARTS)
            number = f"{series.serial}{dash}{part}"
            title, english = f"{subject} 第{part}部分：{aspect}", f"{subject_en} — Part {part}"
            yield from self._family(level, domain, series, number, title, english)

    def _series(self, level: str, domain: words.Domain) -> Series:
        head, department, colon = getattr(self, f"_{level}")(domain)
        return self.series.setdefault(head, Series(head, department, colon))

    def _national(self, domain: words.Domain) -> tuple[str, str, bool]:
        return f"GB{self._one(NATURES)}", words.MINISTRIES[self.dice.randrange(2)], False

    def _industry(self, domain: words.Domain) -> tuple[str, str, bool]:
        prefix = self.dice.choice(domain.prefixes.split())
        return f"{prefix}{self._one(NATURES)}", words.MINISTRIES[sum(map(ord, prefix)) % len(words.MINISTRIES)], False

    def _provincial(self, domain: words.Domain) -> tuple[str, str, bool]:
        code = self.dice.choice(PROVINCE_CODES)
        return f"DB{code}/T", f"{self.provinces[code]}市场监督管理局", False

    def _municipal(self, domain: words.Domain) -> tuple[str, str, bool]:
        code = self.dice.choice(self.city_codes)
        return f"DB{code}/T", f"{self.cities[code]}市场监督管理局", False

    def _group(self, domain: words.Domain) -> tuple[str, str, bool]:
        return f"T/{self.dice.choice(words.GROUPS)}", "", False

    def _international(self, domain: words.Domain) -> tuple[str, str, bool]:
        return self.dice.choice(("ISO", "ISO", "ISO", "IEC", "ISO/IEC", "ISO/TS")), "", True

    def _metrology(self, domain: words.Domain) -> tuple[str, str, bool]:
        return self.dice.choice(("JJF", "JJG")), "国家市场监督管理总局", False

    def _enterprise(self, domain: words.Domain) -> tuple[str, str, bool]:
        return f"Q/{self.dice.choice(words.GROUPS)}", "", False

    def _other(self, domain: words.Domain) -> tuple[str, str, bool]:
        return self.dice.choice(("TSG", "GJB", "HAF")), "", False

    def _subject(self, level: str, domain: words.Domain) -> tuple[str, str]:
        pick = self.dice
        thing, english = pick.choice(domain.words), pick.choice(domain.english.split(", "))
        if level == "metrology":
            return f"{thing}{pick.choice(('校准规范', '检定规程', '测量不确定度评定'))}", f"Calibration of {english}"
        shape = pick.random()
        if shape < 0.45:
            thing = pick.choice(domain.qualities.split()) + thing
        elif shape < 0.60:
            thing = f"{thing} {pick.choice(domain.words)}"
        elif shape < 0.72:
            thing = f"{thing}用{pick.choice(domain.words)}"
        if level == "municipal" or pick.random() < 0.04:
            thing = pick.choice(words.CITIES) + thing
        return thing, english.capitalize()

    def _document(self) -> tuple[str, str]:
        text, _weight, english = self.dice.choices(words.DOCUMENTS, [one[1] for one in words.DOCUMENTS])[0]
        return text, english

    def _title(self, subject: str, document: str) -> str:
        pick = self.dice
        if document == "试验方法":
            if pick.random() < 0.55:
                return f"{subject}中{pick.choice(words.ANALYTES)}的测定 {pick.choice(words.METHODS)}"
            return f"{subject} {pick.choice(words.METHODS)}方法"
        return f"{subject}{document}{pick.choice(words.SUFFIXES)}"

    def _family(
        self, level: str, domain: words.Domain, series: Series, number: str, title: str, english: str
    ) -> Iterator[list[str]]:
        dash = ":" if series.colon else "-"
        codes = self._codes(domain)
        older = ""
        days = list(self._days(level))
        for at, (published, implemented) in enumerate(days):
            printed = f"{series.head} {number}{dash}{published.year}"
            last = at == len(days) - 1
            status, withdrawn = self._end(published, implemented, last)
            replaces = older if self.dice.random() < 0.97 else ""
            filing = f"{self.dice.randrange(10_000, 99_999)}-{published.year}" if level == "provincial" else ""
            row = [
                printed,
                title if level != "international" or at else "",
                english if self._has_english(level) else "",
            ]
            yield [
                *row, published.isoformat(), implemented.isoformat(), withdrawn, status,
                series.department, replaces, *codes, filing,
            ]  # fmt: skip
            yield from self._companion(level, row, printed, published, implemented, series)
            older = printed

    def _has_english(self, level: str) -> bool:
        return level in ("international", "national") or self.dice.random() < 0.2

    def _days(self, level: str) -> Iterator[tuple[date, date]]:
        """The days of publication and implementation of a family's editions, oldest first, each in a year of its own."""
        count = self._one(EDITIONS) if level not in ("group", "enterprise") else self._one({1: 85, 2: 15})
        span = (LAST_DAY - FIRST_DAY).days
        # Most of a real catalogue is young: the newest edition's day leans to the end.
        newest = FIRST_DAY + timedelta(days=int(span * self.dice.betavariate(3.2, 1.1)))
        days = [newest]
        while len(days) < count:
            days.append(days[-1] - timedelta(days=self.dice.randint(3 * 365, 9 * 365)))
        for published in reversed(days):
            if published >= FIRST_DAY:
                yield published, published + timedelta(days=self.dice.choice((0, 30, 61, 92, 184, 366)))

    def _end(self, published: date, implemented: date, last: bool) -> tuple[str, str]:
        """The source's word for the status and, for a part of the withdrawn ones, the day."""
        if not last:
            return self.dice.choice(("废止", "被代替")), ""
        if published.year < 2012 and self.dice.random() < 0.35:
            withdrawn = published + timedelta(days=self.dice.randint(2000, 5000))
            return "废止", withdrawn.isoformat() if self.dice.random() < 0.5 and withdrawn < date(2026, 1, 1) else ""
        return ("即将实施" if implemented > date(2026, 11, 1) else "现行"), ""

    def _codes(self, domain: words.Domain) -> tuple[str, str]:
        field_code = self.dice.choice(domain.ics.split())
        group = f"{field_code}.{self.dice.choice((20, 40, 60, 80, 100, 120, 140, 160)):03d}"
        if self.dice.random() < 0.5:
            group += f".{self.dice.choice((1, 10, 20, 30, 99)):02d}"
        ccs = f"{self.dice.choice(domain.ccs.split())}{self.dice.randrange(0, 90):02d}"
        return (group, ccs) if self.dice.random() < 0.85 else ("", ccs)

    def _companion(
        self, level: str, row: list[str], printed: str, published: date, implemented: date, series: Series
    ) -> Iterator[list[str]]:
        """A foreign-language edition or an amendment of a national or industry standard; 3 % of all rows."""
        if level not in ("national", "industry") or self.dice.random() > 0.075:
            return
        later = implemented + timedelta(days=self.dice.randint(200, 900))
        number = f"{printed}E" if self.dice.random() < 0.6 else f"{printed}/XG1-{later.year}"
        day = later.isoformat()
        yield [number, row[1], row[2], day, day, "", "现行", series.department, "", "", "", ""]


def rows(count: int) -> Iterator[list[str]]:
    """So many rows of the catalogue; fewer are always the beginning of more."""
    seen: set[str] = set()
    for row in Generator().rows():
        if row[0] not in seen:
            seen.add(row[0])
            yield row
            if len(seen) == count:
                return


def write_csv(path: Path, start: int, stop: int) -> Path:
    """Rows from `start` to before `stop` as a csv file that the product's import reads."""
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(HEADER)
        for at, row in enumerate(rows(stop)):
            if at >= start:
                writer.writerow(row)
    return path
