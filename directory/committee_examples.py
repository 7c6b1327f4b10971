"""Example committees (示例): one of each level and kind, with terms that end soon, a seat that moved, a roster, grades.

All of it is invented and marked as an example on every face; it is entered through the same verbs as any record.
"""

from datetime import date, timedelta
from typing import Any

from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from records.registering import enter, void
from records.registers import Register, read_rows
from records.trail import Actor

from .committee_registers import COMMITTEES, MIRRORS, SEATS
from .models import Committee, Organization
from .organization_examples import example_organization
from .term_registers import ASSESSMENTS, MEMBERS, TERMS

INSTITUTE, COMPANY, UNIVERSITY = "示例标准化研究院", "示例玩具有限公司", "示例理工大学"
ORGANIZATIONS = ((INSTITUTE, "321200"), (COMPANY, "320682"), (UNIVERSITY, "320000"))
COMMITTEE_ROWS: list[dict[str, str]] = [
    {"number": "SAC/TC 990", "name": "示例：全国儿童用品标准化技术委员会", "name_en": "Children's goods (example)",
     "approved_on": "2008-11", "established_on": "2009-03-18", "scope": "儿童用品的安全、质量与服务（示例）"},
    {"number": "SAC/TC 990/SC 1", "name": "示例：全国儿童用品标准化技术委员会玩具分会", "established_on": "2012"},
    {"number": "SAC/TC 990/SC 2", "name": "示例：全国儿童用品标准化技术委员会学生用品分会", "approved_on": "2024-06-01"},
    {"number": "SAC/SWG 99", "name": "示例：全国小提琴标准化工作组", "established_on": "2016-09-10"},
    {"number": "JS/TC 99", "name": "示例：江苏省减速机标准化技术委员会", "region": "320000", "established_on": "2018-04-26"},
    {"number": "JS/TC 98", "name": "示例：江苏省民用焊接标准化技术委员会", "region": "320000",
     "established_on": "2006-01-01", "dissolved_on": "2019-12-31"},
    {"number": "TZ/TC 9", "name": "示例：泰州市小吃标准化技术委员会", "level": "municipal", "region": "321200",
     "established_on": "2020-07-01"},
    {"number": "", "name": "示例：泰州市标准化委员会", "kind": "coordination", "level": "municipal", "region": "321200",
     "established_on": "2018-05", "remark": "双主任制（示例）"},
    {"number": "ISO/TC 990", "name_en": "Toys and children's goods (example)", "established_on": "1998"},
]  # fmt: skip
SEAT_ROWS: list[dict[str, str]] = [
    {"committee": "SAC/TC 990", "organization": UNIVERSITY, "starts_on": "2009-03-18", "ends_on": "2018-12-31"},
    {
        "committee": "SAC/TC 990",
        "organization": INSTITUTE,
        "starts_on": "2019-01-01",
        "document": "示例批复〔2018〕99号",
    },
    {"committee": "SAC/TC 990", "organization": COMPANY, "share": "joint", "starts_on": "2019-01-01"},
    {"committee": "SAC/TC 990/SC 1", "organization": COMPANY, "starts_on": "2012"},
    {"committee": "SAC/SWG 99", "organization": INSTITUTE, "starts_on": "2016-09-10"},
    {"committee": "JS/TC 99", "organization": INSTITUTE, "starts_on": "2018-04-26"},
    {"committee": "TZ/TC 9", "organization": INSTITUTE, "starts_on": "2020-07-01"},
]
PEOPLE = [
    ("张示例", "chair", INSTITUTE, "科研机构"),
    ("李示例", "vice", COMPANY, "生产者"),
    ("王示例", "secretary", INSTITUTE, "科研机构"),
    ("赵示例", "member", UNIVERSITY, "科研机构"),
    ("钱示例", "member", INSTITUTE, "科研机构"),
    ("孙示例", "member", INSTITUTE, "科研机构"),
    ("周示例", "observer", COMPANY, "生产者"),
]


def term_rows(today: date) -> list[dict[str, str]]:
    """Terms around today: one ends within three months, one within a year, one has ended without another."""
    day = {days: (today + timedelta(days=days)).isoformat() for days in (-30, 70, 300)}
    five = {days: (today.replace(day=1) - timedelta(days=days)).isoformat() for days in (1750, 1500)}
    return [
        {"committee": "SAC/TC 990", "number": "2", "starts_on": "2014-03-18", "years": "5"},
        {"committee": "SAC/TC 990", "number": "3", "starts_on": five[1750], "ends_on": day[70]},
        {"committee": "SAC/TC 990/SC 1", "number": "1", "starts_on": five[1500], "ends_on": day[300]},
        {"committee": "JS/TC 99", "number": "1", "starts_on": "2018-04-26", "ends_on": day[-30]},
    ]


@transaction.atomic
def load_example_committees(*, by: Actor) -> int:
    """Enter the examples and return how many committees; 0 where any committee is on record."""
    if Committee.objects.standing().exists():
        return 0
    _organizations(by)
    for cells in COMMITTEE_ROWS:
        _enter(COMMITTEES, cells, by)
    _enter(MIRRORS, {"committee": "SAC/TC 990", "mirrors": "ISO/TC 990"}, by)
    for cells in SEAT_ROWS:
        _enter(SEATS, {"share": "main", **cells}, by)
    for cells in term_rows(timezone.localdate()):
        _enter(TERMS, cells, by)
    for person, position, unit, interest in PEOPLE:
        cells = {"person": person, "position": position, "organization": unit, "unit": unit, "interest": interest}
        _enter(MEMBERS, {"term": "SAC/TC 990 第3届", "phone": "000-00000000", **cells}, by)
    _enter(ASSESSMENTS, {"committee": "SAC/TC 990", "year": "2016", "grade": "国家标准化管理委员会 2016 · 二级"}, by)
    _enter(ASSESSMENTS, {"committee": "JS/TC 99", "year": "2023", "grade": "江苏省市场监督管理局 2023 · 良好"}, by)
    return len(COMMITTEE_ROWS)


def _organizations(by: Actor) -> None:
    for name, code in ORGANIZATIONS:
        example_organization(name, Organization.Kind.OTHER, code, "", by=by)


def _enter(register: Register, cells: dict[str, str], by: Actor) -> Any:
    reading = read_rows(register, [cells])[0]
    if reading.problems:
        raise ValueError(f"{register.kind}: {cells}: {reading.problems}")
    return enter(register, reading.values, by=by, is_example=True)


@transaction.atomic
def remove_example_committees(*, by: Actor) -> int:
    """Void the examples; what was changed since stays, and is counted."""
    left = 0
    for register in (ASSESSMENTS, MEMBERS, TERMS, SEATS, MIRRORS, COMMITTEES):
        examples = _standing_examples(register.model)
        void(register, list(examples.filter(version=1)), by=by, reason=_("The examples were removed."))
        left += _standing_examples(register.model).count()
    return left


def _standing_examples(model: type[models.Model]) -> models.QuerySet:
    return model._default_manager.filter(is_example=True, voided_at__isnull=True)
