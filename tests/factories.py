"""Plain functions that put records into the test database through the product's own verbs."""

from datetime import date
from pathlib import Path

from django.utils import timezone
from stdnum.cn import uscc

from catalog.editions import Write, write_editions
from catalog.merging import stated_relations
from catalog.models import Standard
from catalog.numbers import parse
from catalog.reading import Reading
from catalog.replacements import Mention
from directory.committee_registers import COMMITTEES, MIRRORS
from directory.grants import give_role
from directory.models import (
    Committee,
    CompositionRule,
    Grade,
    GradeScale,
    Grant,
    Organization,
    OrganizationName,
    Region,
    Registration,
    Role,
    SavedSearch,
    TermRule,
    User,
)
from directory.models.roles import OF_A_DIVISION, OFFICE
from directory.naming import index, settle_names
from directory.registers import POLICIES
from directory.registrations import Facts, register_enterprise
from directory.searches import change_search, save_search
from directory.secretariats import appoint_secretariat
from directory.term_registers import ASSESSMENTS, MEMBERS, TERMS
from records.importing import apply_batch, preview_file
from records.models import ImportBatch
from records.registering import enter
from records.registers import Register, read_rows
from records.source_facts import import_facts
from records.trail import SYSTEM, Actor

PASSWORD = "a test password 1"


def make_user(name: str = "clerk", *, cataloguer: bool = False, every_role: bool = False, **fields) -> User:
    """An account; with `every_role` one that no verb would make, to open every page of the back-office with."""
    user = User.objects.create_user(name, password=PASSWORD, **fields)
    if every_role:
        province = Region.objects.valid().get(code="320000")
        for role in OFFICE:
            region = province if role in OF_A_DIVISION else None
            Grant.objects.create(user=user, role=role, region=region, granted_at=timezone.now())
    elif cataloguer:
        appoint(user, Role.CATALOGUER, "320000")
    return User.objects.get(pk=user.pk)


def appoint(user: User, role: str, code: str = "", **fields) -> Grant:
    """Give an account a role, for the division of a code where there is one."""
    region = Region.objects.valid().get(code=code) if code else None
    return give_role(user, role, by=Actor(channel="command"), region=region, **fields)


def credit_code(number: int = 0, division: str = "320682") -> str:
    """A made-up credit code with the right check character."""
    body = f"91{division}MA{number:07d}"
    return body + uscc.calc_check_digit(body)


def make_registration(username: str, code: str, *, number: int = 0, **said) -> Registration:
    """An enterprise that has registered itself with the division of a code."""
    values = {"name": f"某{number}公司", "contact": "王某", "phone": "13812345678", "email": "wang@example.cn", **said}
    region = Region.objects.valid().get(code=code)
    facts = Facts(**{"credit_code": credit_code(number), "region": region, **values})
    made = register_enterprise(username=username, password=PASSWORD, facts=facts, by=Actor(channel="web"))
    assert made is not None
    return made


def make_organization(name: str = "某某有限公司", code: str = "320600", **fields) -> Organization:
    """A body in the division of a code (none with ""), with its legal name on record."""
    region = Region.objects.valid().get(code=code) if code else None
    made = Organization.objects.create(name=name, region=region, **{"kind": "enterprise", **fields})
    settle_names([made])
    return made


def make_name(organization: Organization, name: str, kind: str = "former", **fields) -> OrganizationName:
    """A further name of a body."""
    made = OrganizationName.objects.create(organization=organization, name=name, kind=kind, **fields)
    index([organization.pk])
    return made


def make_standard(
    number: str, title: str = "测试用标准", *, by: Actor = SYSTEM, replaces=(), partly_replaces=(), **state
) -> Standard:
    """A standard by its number; `state` takes the names of `catalog.states`, days as ISO text or dates."""
    parsed = parse(number)
    reading = Reading(
        number=parsed,
        mentions=[Mention("replaces", parse(one)) for one in replaces]
        + [Mention("replaces", parse(one), True) for one in partly_replaces],
    )
    after = {"title": title, **{k: v.isoformat() if isinstance(v, date) else v for k, v in state.items()}}
    if facts := stated_relations(reading):
        after["relations"] = sorted(facts)
    return write_editions([Write(after, number=parsed)], by=by)[0]


def make_search(user: User, name: str, query: str = "", **values) -> SavedSearch:
    """A saved search of an account; `values` are those of `change_search`."""
    search = save_search(user, list_key="standards", name=name, query=query, by=Actor(user=user))
    return change_search(search, version=1, by=Actor(user=user), **values) if values else search


def make_policy(title: str = "某市办法", kind: str = "measure", region: str = "320600", **cells):
    """A policy document, as a form would write it."""
    values = read_rows(POLICIES, [{"title": title, "kind": kind, "region": region, **cells}])[0].values
    return enter(POLICIES, values, by=SYSTEM)


def import_csv(
    folder: Path, text: str, *, name: str = "list.csv", by: Actor = SYSTEM, apply: bool = True, **facts
) -> ImportBatch:
    """Preview (and apply) a csv file with this text."""
    path = folder / name
    path.write_text(text, encoding="utf-8")
    batch = preview_file(path, kind="standards", facts=import_facts(path, **facts), by=by)
    return apply_batch(batch, by=by) if apply else batch


def import_records(
    folder: Path, kind: str, text: str, *, name: str = "list.csv", by: Actor = SYSTEM, apply: bool = True
):
    """Preview (and apply) a csv file of some kind of record."""
    path = folder / name
    path.write_text(text, encoding="utf-8")
    batch = preview_file(path, kind=kind, facts=import_facts(path), by=by)
    return apply_batch(batch, by=by) if apply else batch


def make_record(register: Register, *, by: Actor = SYSTEM, is_example: bool = False, **cells):
    """A record of a register from cells as people type them."""
    reading = read_rows(register, [cells], clearing=True)[0]
    assert reading.problems == []
    return enter(register, reading.values, by=by, is_example=is_example)


def make_committee(number: str = "SAC/TC 901", name: str = "示例标准化技术委员会", **cells) -> Committee:
    """A committee by its number, with whatever else is typed of it."""
    return make_record(COMMITTEES, number=number, name=name, **cells)


def make_committee_world(code: str = "320600") -> dict[str, int]:
    """A committee kept by a division with one of everything that belongs to it; their keys by kind of record."""
    committee = make_committee("SAC/TC 901")
    other = make_committee("ISO/TC 901", "", name_en="Widgets")
    organization = make_organization("某研究院", code)
    made = {
        "committees": committee,
        "secretariat-seats": appoint_secretariat(committee, organization, from_on=date(2020, 1, 1), by=SYSTEM),
        "committee-mirrors": make_record(MIRRORS, committee="SAC/TC 901", mirrors="ISO/TC 901"),
        "committee-terms": make_record(TERMS, committee="SAC/TC 901", number="1", starts_on="2020-01-01", years="5"),
        "committee-members": make_record(
            MEMBERS, term="SAC/TC 901", person="张某", unit="某研究院", phone="13800000000"
        ),
        "committee-assessments": make_record(ASSESSMENTS, committee="SAC/TC 901", year="2020", grade="一级"),
        "composition-rules": CompositionRule.objects.first(),
        "term-rules": TermRule.objects.first(),
        "grade-scales": GradeScale.objects.first(),
        "grades": Grade.objects.first(),
        "other": other,
    }
    return {kind: record.pk for kind, record in made.items()}
