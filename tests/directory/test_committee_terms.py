"""Terms, members, assessments: warnings before the end, soft checks of composition, files of each kind."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.utils import translation

from directory.committee_references import COMMITTEE_TERM
from directory.committee_registers import COMMITTEES
from directory.composition import composition_findings
from directory.models import (
    Committee,
    CommitteeAssessment,
    CommitteeMember,
    CommitteeTerm,
    CompositionRule,
    Evidence,
    GradeScale,
    Role,
    TermRule,
    User,
)
from directory.models.committee_terms import months_later, years_later
from directory.term_registers import ASSESSMENTS, COMPOSITION_RULES, MEMBERS, TERM_RULES, TERMS
from directory.term_warnings import longest_lead, terms_ending, terms_over, warnings
from records.registering import amend, void
from records.trail import SYSTEM
from tests.factories import appoint, import_records, make_committee, make_organization, make_record, make_user

pytestmark = pytest.mark.django_db
TODAY = date(2024, 6, 15)


@pytest.fixture
def committee():
    return make_committee()


def term(committee="TC901", starts_on="2020-01-01", **cells) -> CommitteeTerm:
    return make_record(TERMS, committee=committee, starts_on=starts_on, **cells)


# --- length ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("cells", "due"),
    [
        ({"years": "5"}, date(2024, 12, 31)),
        ({"years": "4年"}, date(2023, 12, 31)),
        ({"ends_on": "2024-06-30"}, date(2024, 6, 30)),
        ({"ends_on": "2024-06"}, date(2024, 6, 30)),
        ({"ends_on": "2024"}, date(2024, 12, 31)),
        ({"ends_on": "2024-06-30", "years": "5"}, date(2024, 6, 30)),
        ({}, None),
    ],
)
def test_the_end_of_a_term_is_a_datum(committee, cells, due):
    assert term(**cells).due_on == due


def test_years_end_on_the_day_before():
    assert years_later(date(2020, 2, 29), 1) == date(2021, 2, 28)
    assert years_later(date(2020, 3, 1), 5) == date(2025, 2, 28)
    assert [months_later(date(2024, 1, 31), months) for months in (1, -2, 12)] == [
        date(2024, 2, 29),
        date(2023, 11, 30),
        date(2025, 1, 31),
    ]


# --- warnings -------------------------------------------------------------------------------------------------------


def ending(months=12, on=TODAY):
    return [one.committee.number for one in terms_ending(on, months)]


def test_terms_that_end_soon_are_found_until_another_follows(committee):
    term(ends_on="2025-06-15")
    make_committee("SAC/TC 902", "乙")
    term("TC902", ends_on="2025-06-16")
    make_committee("SAC/TC 903", "丙")
    term("TC903", ends_on="2024-08-01")
    term("TC903", starts_on="2024-08-02", years="5")
    make_committee("SAC/TC 904", "丁", established_on="2000", dissolved_on="2024-01-01")
    term("TC904", ends_on="2024-09-01")
    make_committee("SAC/TC 905", "戊")
    term("TC905", ends_on="2024-06-14")

    assert ending() == ["SAC/TC 901"]
    assert [one.committee.number for one in terms_over(TODAY)] == ["SAC/TC 905"]


def test_a_voided_term_or_committee_warns_of_nothing(committee):
    gone, kept = term(ends_on="2024-09-01"), make_committee("SAC/TC 902", "乙")
    term("TC902", ends_on="2024-09-01")

    void(TERMS, [gone], by=SYSTEM, reason="错")
    void(COMMITTEES, [kept], by=SYSTEM, reason="错")

    assert ending() == []


@pytest.mark.parametrize(
    ("end", "stage"),
    [
        ("2025-06-15", 12),
        ("2024-12-16", 12),
        ("2024-12-15", 6),
        ("2024-09-16", 6),
        ("2024-09-15", 3),
        ("2024-06-15", 3),
    ],
)
def test_the_stage_is_the_nearest_lead_that_has_come(committee, end, stage):
    term(ends_on=end)

    warned = warnings(terms_ending(TODAY, 12), TODAY)

    assert [(one.months, one.days_left) for one in warned] == [(stage, (date.fromisoformat(end) - TODAY).days)]


def test_how_early_is_a_table_that_staff_keep(committee):
    term(ends_on="2025-12-01")
    rule = TermRule.objects.get(level="national")
    before = warnings(terms_ending(TODAY, 24), TODAY)

    amend(TERM_RULES, rule, {"lead_months": "18，9"}, version=1, by=SYSTEM)

    assert (before, longest_lead()) == ([], 18)
    assert [one.months for one in warnings(terms_ending(TODAY, 24), TODAY)] == [18]


@pytest.mark.parametrize("text", ["²", "12,²", "٣²"])
def test_months_that_are_no_number_are_refused_at_their_field(text):
    with pytest.raises(ValidationError) as refusal:
        amend(TERM_RULES, TermRule.objects.get(level="national"), {"lead_months": text}, version=1, by=SYSTEM)

    assert set(refusal.value.message_dict) == {"lead_months"}


def test_the_nearest_divisions_rule_says_when_papers_are_due():
    make_committee("LN/TC 9", "辽宁示例", region="210000")
    term("LN/TC 9", starts_on="2021-01-01", years="4")

    warned = warnings(terms_ending(TODAY, 12), TODAY)

    assert [(one.months, one.renewal_on) for one in warned] == [(12, date(2024, 9, 30))]


def test_the_rules_a_new_database_starts_with_say_how_well_they_are_known():
    rows = TermRule.objects.values_list("level", "region__code", "years", "renewal_months", "evidence")
    assert set(rows) == {
        ("international", None, None, None, "memory"),
        ("national", None, 5, None, "memory"),
        ("provincial", None, None, None, "memory"),
        ("municipal", None, None, None, "memory"),
        ("provincial", "210000", 4, 3, "verified"),
    }
    composition = CompositionRule.objects.values_list("level", "kind", "least_members", "evidence")
    assert set(composition) == {("national", "tc", 25, "draft"), ("national", "sc", 15, "memory")}
    scales = {
        scale.authority: list(scale.grades.order_by("rank").values_list("name", flat=True))
        for scale in GradeScale.objects.filter(evidence=Evidence.VERIFIED)
    }
    assert scales == {
        "国家标准化管理委员会": ["一级", "二级", "三级", "不合格"],
        "江苏省市场监督管理局": ["优秀", "良好", "合格", "不合格"],
        "广东省市场监督管理局": ["优秀", "一般", "差"],
    }


# --- composition ----------------------------------------------------------------------------------------------------


def member(person, position="member", unit="", interest="", **cells):
    return make_record(
        MEMBERS,
        term="TC901",
        person=person,
        position=position,
        unit=unit or f"{person}单位",
        interest=interest,
        **cells,
    )


def findings(on=TODAY):
    with translation.override("en"):
        return [str(one.text) for one in composition_findings(CommitteeTerm.objects.get(), on)]


@pytest.fixture
def small(committee):
    """A rule for five members, and a term that keeps it."""
    rule = CompositionRule.objects.get(level="national", kind="tc")
    limits = {"least_members": 5, "most_vice_chairs": 1, "most_of_unit": 2, "most_deputies": 1, "most_of_person": 1}
    amend(COMPOSITION_RULES, rule, limits, version=1, by=SYSTEM)
    made = term(years="5")
    for person, position, interest in [
        ("甲", "chair", "生产者"),
        ("乙", "vice", "使用者"),
        ("丙", "secretary", "生产者"),
        ("丁", "deputy", "公共利益方"),
        ("戊", "member", "使用者"),
    ]:
        member(person, position, interest=interest)
    return made


def test_a_term_that_keeps_the_rule_has_no_findings(small):
    assert findings() == []


def test_no_rule_no_findings():
    make_committee("", "某协调机制", kind="协调机构", level="市级", region="321200")
    term("某协调机制")

    assert findings() == []


@pytest.mark.parametrize(
    ("added", "words"),
    [
        ([("己", "chair", "", "")], ["2 chairs; there is one."]),
        ([("己", "secretary", "", "")], ["2 secretaries-general; there is one."]),
        ([("己", "vice", "", "")], ["2 vice-chairs; at most 1 are allowed."]),
        ([("己", "deputy", "", "")], ["2 deputy secretaries-general; at most 1 are allowed."]),
        ([("己", "observer", "甲单位", ""), ("庚", "observer", "甲单位", "")], []),
        (
            [("己", "member", "甲单位", ""), ("庚", "member", "甲单位", "")],
            ["3 members are of 甲单位; at most 2 are allowed."],
        ),
        (
            [("己", "member", "", "生产者"), ("庚", "member", "", "生产者"), ("辛", "member", "", "生产者")],
            ["5 of 8 members are of “生产者”; at most 50% are allowed."],
        ),
    ],
)
def test_each_breach_is_said_in_words(small, added, words):
    for person, position, unit, interest in added:
        member(person, position, unit, interest)

    assert findings() == words


def test_who_has_left_is_not_counted(small):
    one = CommitteeMember.objects.get(person="甲")
    amend(MEMBERS, one, {"ends_on": "2023-12-31"}, version=1, by=SYSTEM)

    assert findings(date(2023, 12, 31)) == []
    assert findings() == ["4 members; at least 5 are needed.", "0 chairs; there is one."]


def test_the_chair_and_a_vice_chair_of_one_unit(small):
    one = CommitteeMember.objects.get(person="乙")
    amend(MEMBERS, one, {"unit": "甲单位"}, version=1, by=SYSTEM)

    assert findings() == ["Vice-chair 乙 is of the chair's own unit, 甲单位."]


def test_a_person_of_too_many_committees(small):
    make_committee("SAC/TC 902", "另一")
    term("TC902", years="5")
    make_record(MEMBERS, term="TC902", person="戊", unit="戊单位")
    make_record(MEMBERS, term="TC902", person="甲", unit="别处")

    with translation.override("en"):
        found = composition_findings(CommitteeTerm.objects.get(committee__number="SAC/TC 901"), TODAY)

    assert [one.text for one in found] == ["戊 of 戊单位 sits on 2 committees; at most 1 are allowed."]
    assert (found[0].rule.evidence, "第191号" in found[0].rule.source) == ("draft", True)


def test_a_unit_is_the_organization_where_it_is_known(small):
    organization = make_organization("甲单位")
    for person in ("己", "庚"):
        member(person, unit="甲单位（印刷名）", organization="甲单位")

    assert organization.name == "甲单位"
    assert findings() == ["3 members are of 甲单位; at most 2 are allowed."]


# --- files ----------------------------------------------------------------------------------------------------------


def outcomes(batch):
    return list(batch.rows.order_by("number").values_list("outcome", flat=True))


def test_a_file_of_terms(tmp_path, committee):
    text = "标委会编号,届次,起始日期,任期,届满日期\nTC901,1,2015-03-01,5年,\nTC901,2,2020.3,,2025-02\nTC901,3,2019-01-01,,2018-01-01\nTC999,1,2020,,\n"

    batch = import_records(tmp_path, "committee-terms", text)
    again = import_records(tmp_path, "committee-terms", text)

    assert outcomes(batch) == ["created", "created", "rejected", "rejected"]
    assert again.counts == {"read": 4, "created": 0, "updated": 0, "unchanged": 2, "rejected": 2}
    due = CommitteeTerm.objects.order_by("number").values_list("number", "starts_precision", "due_on")
    assert list(due) == [(1, "day", date(2020, 2, 29)), (2, "month", date(2025, 2, 28))]


def test_a_file_of_members_names_the_term_in_two_columns(tmp_path, committee):
    term(number="1", starts_on="2015-01-01")
    term(number="2", starts_on="2020-01-01")
    text = "标委会编号,届次,姓名,职务,工作单位,利益方,联系电话\nTC901,第1届,张某,主任委员,甲厂,生产者,13800000000\nTC901,,李某,委员,乙所,使用者,\nTC901,5,王某,委员,丙所,,\nTC901,2,赵某,委员,,,\n"

    batch = import_records(tmp_path, "committee-members", text)
    again = import_records(tmp_path, "committee-members", text)

    assert outcomes(batch) == ["created", "created", "rejected", "rejected"]
    assert again.counts == {"read": 4, "created": 0, "updated": 0, "unchanged": 2, "rejected": 2}
    told = CommitteeMember.objects.order_by("pk").values_list("term__number", "person", "position", "phone")
    assert list(told) == [(1, "张某", "chair", "13800000000"), (2, "李某", "member", "")]


def test_a_grade_is_one_of_the_scale_by_which_the_committee_is_assessed(tmp_path, committee):
    make_committee("JS/TC 9", "江苏示例", region="320000")
    make_committee("GD/TC 9", "广东示例", region="440000")
    make_committee("ZJ/TC 9", "浙江示例", region="330000")
    text = "标委会编号,年度,考核结果,整改期限\nJS/TC 9,2023,优秀,\nGD/TC 9,2023,优秀,\nTC901,2016,不合格,2017-06-30\nZJ/TC 9,2023,优秀,\nJS/TC 9,2022,甲等,\n"

    batch = import_records(tmp_path, "committee-assessments", text)
    again = import_records(tmp_path, "committee-assessments", text)

    assert outcomes(batch) == ["created", "created", "created", "rejected", "rejected"]
    assert again.counts == {"read": 5, "created": 0, "updated": 0, "unchanged": 3, "rejected": 2}
    rows = CommitteeAssessment.objects.values_list("committee__number", "grade__scale__authority", "grade__name")
    assert set(rows) == {
        ("JS/TC 9", "江苏省市场监督管理局", "优秀"),
        ("GD/TC 9", "广东省市场监督管理局", "优秀"),
        ("SAC/TC 901", "国家标准化管理委员会", "不合格"),
    }


# --- scope ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("text", ["SAC/TC 901 2022-13-45", "SAC/TC 901 2022-02-30", "SAC/TC 901 2021-01-01"])
def test_a_day_on_which_no_term_begins_names_none(committee, text):
    made = term()

    found = COMMITTEE_TERM.find({text, "SAC/TC 901 2020-01-01"})

    assert {key: [one.pk for one in named] for key, named in found.items()} == {
        text: [],
        "SAC/TC 901 2020-01-01": [made.pk],
    }


def test_a_year_of_superscripts_in_a_file_of_assessments_is_refused_by_row(tmp_path, committee):
    batch = import_records(tmp_path, "committee-assessments", "委员会,年度,等级\nSAC/TC 901,²²²²,一级\n")

    row = batch.rows.get()
    assert (row.outcome, "²²²²" in str(row.problems)) == ("rejected", True)


def test_what_belongs_to_a_committee_is_kept_by_its_keeper():
    make_committee("JS/TC 9", "江苏示例", region="320000")
    kept = {
        "term": term("JS/TC 9", years="5"),
        "member": make_record(MEMBERS, term="JS/TC 9", person="张某", unit="甲"),
        "assessment": make_record(
            ASSESSMENTS, committee="JS/TC 9", year="2023", grade="江苏省市场监督管理局 2023 · 优秀"
        ),
    }
    users = {}
    for code in ("320000", "330000", "320600", "320682"):
        appoint(make_user(f"of{code}"), Role.STAFF, code)
        users[code] = User.objects.get(username=f"of{code}")

    reach = {
        code: {name for name, one in kept.items() if type(one).objects.editable_by(user).filter(pk=one.pk).exists()}
        for code, user in users.items()
    }

    assert reach == {"320000": set(kept), "330000": set(), "320600": set(), "320682": set()}
    rules = {code: TermRule.objects.editable_by(user).exists() for code, user in users.items()}
    assert rules == {"320000": True, "330000": True, "320600": False, "320682": False}
    assert Committee.objects.get().keeper.code == "320000"
