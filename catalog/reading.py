"""Reading one row of a catalogue file: cells → what they say about which standard.

Nothing here touches the database, except through the tables given at the start (`Tables`).
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from records.columns import Field
from records.importing import Note, SourceRow
from tabular.dates import PartialDate, parse_date
from tabular.errors import NotADate
from tabular.text import clean_text, has_forbidden_characters, show_forbidden_characters

from .caring import EXECUTES, IN_CHARGE, NOT_ON_RECORD, CareReader
from .codes import read_codes
from .levels import Level
from .numbers import NotAStandardNumber, StandardNumber, parse
from .replacements import Mention, read_replacements

FIELDS = (
    Field(
        "number",
        _("number"),
        (
            "标准编号",
            "标准号",
            "编号",
            "std_code",
            "c_std_code",
            "std_num",
            "code",
            "number",
            "docid",
            "标准代号",
            "number",
        ),
    ),
    Field(
        "title",
        _("title"),
        (
            "标准名称",
            "标准中文名",
            "中文名称",
            "名称",
            "标准中文名称",
            "c_c_name",
            "c_name",
            "title_zh",
            "title",
            "name",
            "标题",
        ),
    ),
    Field(
        "title_en",
        _("English title"),
        ("英文名称", "标准英文名称", "title_en", "english", "c_e_name", "e_name", "englishtitle"),
    ),
    Field(
        "published_on",
        _("published"),
        (
            "发布日期",
            "发布日",
            "批准日期",
            "issue_date",
            "issuedate",
            "approval_date",
            "dates.published",
            "published_on",
            "published",
        ),
    ),
    Field(
        "implemented_on",
        _("implemented"),
        (
            "实施日期",
            "实施日",
            "act_date",
            "implement_date",
            "implementdate",
            "effective_date",
            "implemented_on",
            "implemented",
        ),
    ),
    Field(
        "withdrawn_on",
        _("withdrawn"),
        ("废止日期", "作废日期", "abolishdate", "abolish_date", "withdrawn_on", "withdrawn"),
    ),
    Field(
        "status",
        _("status in the source's words"),
        ("标准状态", "状态", "state", "status_zh", "status", "stage", "现行或作废", "status"),
    ),
    Field(
        "nature", _("nature in the source's words"), ("标准性质", "属性", "性质", "std_nature", "ismandatory", "nature")
    ),
    Field("level", _("level in the source's words"), ("标准类别", "标准层级", "std_level", "type", "level", "doctype")),
    Field(
        "department",
        _("competent department"),
        (
            "主管部门",
            "发布部门",
            "发布单位",
            "charge_dept",
            "department",
            "issuedby",
            "归口部门",
            "归口单位",
            "提出单位",
        ),
    ),
    Field(
        "replaces",
        _("replaces"),
        ("替代情况", "代替标准", "替代标准", "代替标准号", "被代替标准", "total_repe", "replaces"),
    ),
    Field("replaced_by", _("replaced by"), ("被替代标准", "代替者", "replacedby", "replaced_by")),
    Field("ics", "ICS", ("ics", "ics分类", "ics分类号", "国际标准分类号", "ics代码", "国际标准分类")),
    Field("ccs", "CCS", ("ccs", "中标分类", "ccs分类", "中国标准分类号", "ccs代码", "中国标准分类", "中标分类号")),
    Field("scope", _("scope"), ("标准简介", "适用范围", "范围", "scope", "summary")),
    Field("filing_number", _("filing number"), ("备案号", "record_no", "filing_number")),
    Field("remark", _("remark"), ("备注", "remark", "remarks", "note")),
    Field("link", _("address at the source"), ("url", "source_url", "链接", "网址", "link")),
    Field("row_as_of", _("the row's own day"), ("updated_at", "更新时间", "更新日期")),
    Field("relations", _("relations (ISO open data)"), ("relations",)),
    Field(
        "care",
        _("committee in charge"),
        ("归口单位", "归口委员会", "技术归口单位", "标委会", "技术委员会", "ta_name", "tc", "committee"),
    ),
    Field("executing", _("committee that carries out"), ("执行单位", "执行委员会")),
)

# What official search pages put around the words they found.
MARKUP = re.compile(r"</?(?:b|em|i|font|span|sacinfo)\b[^<>]*>")
# Kept as the source's claim, as printed.
WORDS = ("status", "nature", "level", "department", "replaces", "replaced_by", "remark", "link")
DATES = ("published_on", "implemented_on", "withdrawn_on")
LONGEST = {"title": 500, "title_en": 500, "filing_number": 40, "department": 200}


@dataclass(frozen=True, slots=True)
class Tables:
    """What rows are read against: the prefixes staff keep, the ICS fields that exist, the committees on record."""

    prefixes: Mapping[str, str]
    ics_fields: frozenset[str]
    committees: CareReader = field(default_factory=CareReader)


@dataclass(slots=True)
class Reading:
    """What one row says. `values` holds facts as JSON writes them (days in ISO form, lists of codes)."""

    number: StandardNumber | None = None
    values: dict[str, Any] = field(default_factory=dict)
    words: dict[str, str] = field(default_factory=dict)
    mentions: list[Mention] = field(default_factory=list)
    damaged: list[str] = field(default_factory=list)
    as_of: date | None = None
    problems: list[Note] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)


IN_THE_FUTURE = gettext_noop("The row's own day {day} lies in the future")
TOO_MANY_CODES = gettext_noop("The row has {count} classification codes; at most {limit}")
MOST_CODES = 20
NO_NUMBER = gettext_noop("The number is missing")
NO_TITLE = gettext_noop("The title is missing")
BAD_NUMBER = gettext_noop("{text}: {reason}")
BAD_DATE = gettext_noop("{text} is not a date")
FORBIDDEN = gettext_noop("Control characters stand in the text: {text}")
TOO_LONG = gettext_noop("The text has {length} characters; at most {limit} fit")
WITHDRAWN_TOO_EARLY = gettext_noop("Withdrawn on {withdrawn}, before it was published on {published}")
JOINED_CELLS = gettext_noop("The number was joined from two cells: {number}")
REPAIRED_CODE = gettext_noop("Classification code {printed} was read as {code}")
DAMAGED_CODE = gettext_noop("Classification code {printed} cannot be read")
NO_SUCCESSOR = gettext_noop("{text} names no standard")


def read_row(row: SourceRow, tables: Tables) -> Reading:
    """Read one row. Problems refuse it; notes only remark on it."""
    reading = Reading()
    cells = {name: clean_text(value) if value is not None else "" for name, value in row.cells.items()}
    for name in ("number", "title"):
        if "<" in cells.get(name, ""):
            cells[name] = MARKUP.sub("", cells[name])
    _read_number(cells, tables, reading)
    _read_texts(cells, reading)
    _read_dates(row.cells, reading)
    _read_codes(cells, tables, reading)
    _read_relations(cells, tables, reading)
    _read_care(cells, tables, reading)
    reading.words = {name: cells[name] for name in WORDS if cells.get(name)}
    if reading.number is not None:
        _complete(reading)
    return reading


def _read_number(cells: dict[str, str], tables: Tables, reading: Reading) -> None:
    text = cells.get("number", "")
    if not text:
        reading.problems.append(Note(NO_NUMBER, field="number"))
        return
    try:
        reading.number = parse(text, tables.prefixes)
    except NotAStandardNumber as refusal:
        if not _join_cells(text, cells, tables, reading):
            reading.problems.append(Note(BAD_NUMBER, {"text": text[:80], "reason": refusal.reason}, "number"))
        return
    if reading.number.year is None and _join_cells(text, cells, tables, reading):
        return


def _join_cells(text: str, cells: dict[str, str], tables: Tables, reading: Reading) -> bool:
    """`DB15/T` | `4192-2025 旱地…`: the number's other half at the head of the title."""
    head, _blank, rest = cells.get("title", "").partition(" ")
    if not rest or not head[:1].isdigit():
        return False
    try:
        number = parse(f"{text} {head}", tables.prefixes)
    except NotAStandardNumber:
        return False
    if number.year is None:
        return False
    reading.number, cells["title"] = number, rest.strip()
    reading.notes.append(Note(JOINED_CELLS, {"number": str(number)}, "number"))
    return True


def _read_texts(cells: dict[str, str], reading: Reading) -> None:
    if not (cells.get("title") or cells.get("title_en")):
        reading.problems.append(Note(NO_TITLE, field="title"))
    for name in ("title", "title_en", "scope", "filing_number", "department"):
        text = cells.get(name, "")
        if text in ("无", "-", "/"):
            text = ""
        if has_forbidden_characters(text):
            reading.problems.append(Note(FORBIDDEN, {"text": show_forbidden_characters(text)[:80]}, name))
        if len(text) > LONGEST.get(name, 5000):
            reading.problems.append(Note(TOO_LONG, {"length": len(text), "limit": LONGEST.get(name, 5000)}, name))
        if text and name != "department":
            reading.values[name] = text


def _read_dates(cells: Mapping[str, Any], reading: Reading) -> None:
    days: dict[str, PartialDate] = {}
    for name in (*DATES, "row_as_of"):
        try:
            if (day := parse_date(cells.get(name))) is not None:
                days[name] = day
        except NotADate as error:
            if name != "row_as_of":
                reading.problems.append(Note(error.message, {k: str(v) for k, v in error.params.items()}, name))
    if "row_as_of" in days:
        reading.as_of = days.pop("row_as_of").start
        if reading.as_of > timezone.localdate():
            reading.problems.append(Note(IN_THE_FUTURE, {"day": reading.as_of.isoformat()}, "row_as_of"))
    _take_days(days, reading)


def _take_days(days: Mapping[str, PartialDate], reading: Reading) -> None:
    for name, day in days.items():
        reading.values[name] = day.start.isoformat()
        if day.precision != "day":
            reading.values[name.replace("_on", "_precision")] = day.precision
    published, withdrawn = days.get("published_on"), days.get("withdrawn_on")
    if published and withdrawn and withdrawn.end < published.start:
        params = {"withdrawn": str(withdrawn), "published": str(published)}
        reading.problems.append(Note(WITHDRAWN_TOO_EARLY, params, "withdrawn_on"))


def _read_codes(cells: dict[str, str], tables: Tables, reading: Reading) -> None:
    codes = read_codes(cells.get("ics", ""), tables.ics_fields, cells.get("ccs", ""))
    if (count := len(codes.ics) + len(codes.ccs)) > MOST_CODES:
        reading.problems.append(Note(TOO_MANY_CODES, {"count": count, "limit": MOST_CODES}, "ics"))
    if codes.ics:
        reading.values["ics"] = sorted(codes.ics)
    if codes.ccs:
        reading.values["ccs"] = sorted(codes.ccs)
    for printed, code in codes.repaired:
        reading.notes.append(Note(REPAIRED_CODE, {"printed": printed, "code": code}, "ics"))
    for printed in codes.unread:
        reading.notes.append(Note(DAMAGED_CODE, {"printed": printed}, "ics"))
    reading.damaged = codes.unread


def _read_relations(cells: dict[str, str], tables: Tables, reading: Reading) -> None:
    for name, direction in (("replaces", "replaces"), ("replaced_by", "replaced_by")):
        text = cells.get(name, "")
        if not text:
            continue
        mentions = read_replacements(text, direction, tables.prefixes)  # type: ignore[arg-type]
        own = reading.number.key if reading.number else ""
        reading.mentions += [mention for mention in mentions if mention.number.key != own]
        if name == "replaced_by" and not reading.mentions and text not in ("无", "-"):
            reading.notes.append(Note(NO_SUCCESSOR, {"text": text[:80]}, name))
    for kind, text in _pairs(cells.get("relations", "")):
        if kind == "obsoletes":
            reading.mentions += read_replacements(text, "replaces", tables.prefixes)


def _read_care(cells: dict[str, str], tables: Tables, reading: Reading) -> None:
    """The committees that look after it; where a file has no column of its own, the department's may name one."""
    care: list[list[str]] = []
    for name, role in (("care", IN_CHARGE), ("executing", EXECUTES)):
        keys, unknown = tables.committees.read(
            cells.get(name) or (cells.get("department", "") if role == IN_CHARGE else "")
        )
        care += [[key, role] for key in keys]
        reading.notes += [Note(NOT_ON_RECORD, {"text": text[:80]}, name) for text in unknown]
    if care:
        reading.values["care"] = sorted(care)


def _pairs(text: str) -> list[list[str]]:
    """`[["obsoletes", "ISO 1:1975"]]` as ISO's open data write relations; nothing from any other text."""
    try:
        pairs = json.loads(text or "[]")
    except ValueError:
        return []
    if not isinstance(pairs, list):
        return []
    return [pair for pair in pairs if isinstance(pair, list) and [type(part) for part in pair] == [str, str]]


def _complete(reading: Reading) -> None:
    """What follows from the number: international standards apply from their publication."""
    assert reading.number is not None
    if reading.number.level == Level.INTERNATIONAL and "implemented_on" not in reading.values:
        for part in ("on", "precision"):
            if f"published_{part}" in reading.values:
                reading.values[f"implemented_{part}"] = reading.values[f"published_{part}"]
