"""Terms, members, assessments, and the rules they are looked at by: what is written of each and who writes it."""

from collections.abc import Collection, Mapping
from typing import Any

import django_filters as filters
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from records.cells import Named, Reference
from records.register_filters import RegisterFilterSet
from records.registers import Item, Listed, Register, State
from records.remarks import Note

from .committee_filters import AssessmentFilterSet, MemberFilterSet, TermFilterSet
from .committee_references import COMMITTEE, COMMITTEE_TERM, GRADE
from .committee_registers import DAY_OF, KIND_WORDS, LEVEL_WORDS, barred_by, may_keep_committees
from .models import (
    Committee,
    CommitteeAssessment,
    CommitteeLevel,
    CommitteeMember,
    CommitteeTerm,
    CompositionRule,
    Grade,
    GradeScale,
    TermRule,
)
from .models.committees import is_provincial
from .references import ORGANIZATION, REGION

NO_UNIT = gettext_noop("Say the member's unit: the organization, or as printed.")
BACKWARDS = gettext_noop("The last day lies before the first.")
POSITION_WORDS = {
    "主任委员": "chair",
    "主任": "chair",
    "副主任委员": "vice",
    "副主任": "vice",
    "秘书长": "secretary",
    "委员兼秘书长": "secretary",
    "副秘书长": "deputy",
    "委员兼副秘书长": "deputy",
    "委员": "member",
    "观察员": "observer",
}
COMMITTEE_WORDS = ("委员会编号", "标委会编号", "委员会", "标委会", "编号", "committee")


def judge_days(state: State):
    """For kinds with a first and a last day; of a month or year only the beginning is known."""
    first, last = state["starts_on"], state["ends_on"]
    if first and last and state.get("ends_precision", "day") == "day" and last < first:
        yield Note(BACKWARDS, {}, "ends_on")


def judge_member(state: State):
    yield from judge_days(state)
    if state["organization"] is None and not state["unit"]:
        yield Note(NO_UNIT, {}, "unit")


TERMS = Register(
    kind="committee-terms",
    model=CommitteeTerm,
    items=(
        Item(name="committee", words=COMMITTEE_WORDS, required=True, reference=COMMITTEE),
        Item(name="number", words=("届次", "届", "第几届", "term")),
        Item(
            name="starts_on",
            words=("起始日期", "换届日期", "本届起始日期", "成立日期", "from"),
            required=True,
            help=DAY_OF,
        ),
        Item(name="years", words=("任期", "任期年数", "届期", "years")),
        Item(name="ends_on", words=("届满日期", "终止日期", "本届届满日期", "to"), help=DAY_OF),
        Item(name="document", words=("文件", "批准文件", "文号", "document")),
        Item(name="remark", words=("备注", "remark")),
    ),
    identity=("committee", "starts_on"),
    listed=(
        Listed(path="committee__number", label=_("committee"), link="committee", link_path="committee__slug"),
        Listed(path="committee__name", label=_("name"), width=40),
        Listed(path="committee__level", label=_("level"), width=10),
        Listed(path="number", width=8),
        Listed(path="starts_on", width=12),
        Listed(path="years", width=8),
        Listed(path="due_on", width=12),
        Listed(path="committee__keeper__name", label=_("kept by"), width=14),
    ),
    filterset=TermFilterSet,
    order=("due_on", "pk"),
    may_enter=may_keep_committees,
    barred=barred_by("committee", Committee),
    judge=judge_days,
    example={"committee": "SAC/TC 999", "number": "2", "starts_on": "2022-03-01", "years": "5"},
)
MEMBERS = Register(
    kind="committee-members",
    model=CommitteeMember,
    items=(
        Item(
            name="term",
            words=COMMITTEE_WORDS,
            required=True,
            reference=COMMITTEE_TERM,
            help=_("The committee's number and the term, such as SAC/TC 264 第2届; without a term the latest."),
        ),
        Item(name="person", words=("姓名", "委员姓名", "name"), required=True),
        Item(
            name="position",
            words=("职务", "委员会职务", "担任职务", "本会职务", "position"),
            also=POSITION_WORDS,
        ),
        Item(name="organization", words=("机构", "组织机构", "organization"), reference=ORGANIZATION),
        Item(name="unit", words=("工作单位", "所在单位", "单位", "unit")),
        Item(name="interest", words=("利益方", "利益相关方", "代表方", "界别", "interest group")),
        Item(name="starts_on", words=("任职起始日期", "任职日期", "from")),
        Item(name="ends_on", words=("任职终止日期", "离任日期", "to")),
        Item(name="phone", words=("联系电话", "电话", "手机", "phone"), private=True),
    ),
    identity=("term", "person", "unit"),
    listed=(
        Listed(
            path="term__committee__number", label=_("committee"), link="committee", link_path="term__committee__slug"
        ),
        Listed(path="term__number", label=_("term number"), width=8),
        Listed(path="person", width=12),
        Listed(path="position", width=12),
        Listed(path="unit", width=36),
        Listed(path="organization__name", label=_("organization"), width=36),
        Listed(path="interest", width=14),
        Listed(path="starts_on", width=12),
        Listed(path="ends_on", width=12),
    ),
    filterset=MemberFilterSet,
    order=("term__committee__sort_key", "-term__starts_on", "pk"),
    may_enter=may_keep_committees,
    barred=barred_by("term", CommitteeTerm),
    judge=judge_member,
    example={
        "term": "SAC/TC 999 第2届",
        "person": "张某",
        "position": "委员",
        "unit": "示例研究院",
        "interest": "生产者",
    },
)
ASSESSMENTS = Register(
    kind="committee-assessments",
    model=CommitteeAssessment,
    items=(
        Item(name="committee", words=COMMITTEE_WORDS, required=True, reference=COMMITTEE),
        Item(name="year", words=("考核年度", "年度", "年份", "year"), required=True),
        Item(
            name="grade",
            words=("考核结果", "考核等级", "等级", "结果", "grade"),
            required=True,
            reference=GRADE,
            help=_("Its name where only one scale has it, else with the scale as shown."),
        ),
        Item(name="announced_on", words=("公布日期", "announced"), help=DAY_OF),
        Item(name="document", words=("文件", "公布文件", "文号", "document")),
        Item(name="rectify_by", words=("整改期限", "整改截止日期", "rectify_by")),
        Item(name="remark", words=("备注", "remark")),
    ),
    identity=("committee", "year"),
    listed=(
        Listed(path="committee__number", label=_("committee"), link="committee", link_path="committee__slug"),
        Listed(path="committee__name", label=_("name"), width=40),
        Listed(path="year", width=8),
        Listed(path="grade__name", label=_("grade"), width=10),
        Listed(path="grade__scale__authority", label=_("authority"), width=26),
        Listed(path="document", width=30),
        Listed(path="rectify_by", width=12),
    ),
    filterset=AssessmentFilterSet,
    order=("-year", "committee__sort_key", "pk"),
    may_enter=may_keep_committees,
    barred=barred_by("committee", Committee),
    example={"committee": "SAC/TC 999", "year": "2023", "grade": "二级"},
)


# --- rules ----------------------------------------------------------------------------------------------------------


def _find_scales(texts: Collection[str]) -> Mapping[str, list[Named]]:
    found: dict[str, list[Named]] = {}
    for scale in GradeScale.objects.standing():
        for word in {scale.authority, scale_text(scale)} & set(texts):
            found.setdefault(word, []).append(Named(scale.pk, scale_text(scale)))
    return found


def _shown_scales(keys: Collection[int]) -> Mapping[int, str]:
    return {scale.pk: scale_text(scale) for scale in GradeScale.objects.filter(pk__among=keys)}


def scale_text(scale: GradeScale) -> str:
    return f"{scale.authority}{f' {scale.year}' if scale.year else ''}"


def nobodys(states: Any, user: Any) -> set[int]:
    return set() if is_provincial(user) else set(range(len(states)))


class RuleFilterSet(RegisterFilterSet):
    searched = ("source",)
    level = filters.MultipleChoiceFilter(label=_("Level"), choices=CommitteeLevel.choices)


class ScaleFilterSet(RuleFilterSet):
    searched = ("authority", "source")


class GradeFilterSet(RegisterFilterSet):
    searched = ("name", "scale__authority")


SCALE = Reference(_find_scales, _shown_scales)
LEVEL = Item(name="level", words=("级别", "层级", "level"), required=True, also=LEVEL_WORDS)
PLACE = Item(name="region", words=("区划", "行政区划", "region"), reference=REGION)
SOURCE = Item(name="source", words=("依据", "来源", "source"), required=True)
EVIDENCE = Item(name="evidence", words=("依据程度", "evidence"))


def rules(kind: str, model: Any, items: tuple[Item, ...], listed: tuple[Listed, ...], **options: Any) -> Register:
    """A table that provincial staff keep."""
    given = {"filterset": RuleFilterSet, "order": ("level", "pk"), **options}
    return Register(
        kind=kind, model=model, items=items, listed=listed, may_enter=is_provincial, barred=nobodys, **given
    )


def _plain(*names: str) -> tuple[Item, ...]:
    return tuple(Item(name=name, words=(name,)) for name in names)


LIMITS = (
    "least_members",
    "most_vice_chairs",
    "most_deputies",
    "most_of_interest",
    "most_of_unit",
    "most_of_person",
    "chairs_apart",
)
COMPOSITION_RULES = rules(
    "composition-rules",
    CompositionRule,
    (
        LEVEL,
        Item(name="kind", words=("类型", "kind"), required=True, also=KIND_WORDS),
        PLACE,
        *_plain(*LIMITS),
        SOURCE,
        EVIDENCE,
    ),
    (
        Listed(path="level"),
        Listed(path="kind"),
        Listed(path="region__name", label=_("division")),
        *(Listed(path=name) for name in LIMITS[:-1]),
        Listed(path="source", width=50),
        Listed(path="evidence"),
    ),
    identity=("level", "kind", "region"),
)
TERM_RULES = rules(
    "term-rules",
    TermRule,
    (LEVEL, PLACE, *_plain("years", "renewal_months", "lead_months"), SOURCE, EVIDENCE),
    (
        Listed(path="level"),
        Listed(path="region__name", label=_("division")),
        Listed(path="years"),
        Listed(path="renewal_months"),
        Listed(path="lead_months"),
        Listed(path="source", width=50),
        Listed(path="evidence"),
    ),
    identity=("level", "region"),
)
GRADE_SCALES = rules(
    "grade-scales",
    GradeScale,
    (
        Item(name="authority", words=("考核机关", "authority"), required=True),
        LEVEL,
        PLACE,
        *_plain("year"),
        SOURCE,
        EVIDENCE,
    ),
    (
        Listed(path="authority", width=30),
        Listed(path="level"),
        Listed(path="region__name", label=_("division")),
        Listed(path="year"),
        Listed(path="source", width=50),
        Listed(path="evidence"),
    ),
    identity=("authority", "level", "year"),
    filterset=ScaleFilterSet,
)
GRADES = rules(
    "grades",
    Grade,
    (
        Item(name="scale", words=("考核机关", "等级体系", "scale"), required=True, reference=SCALE),
        Item(name="name", words=("等级", "name"), required=True),
        Item(name="rank", words=("次序", "rank"), required=True),
        *_plain("rectification_months", "consequence"),
    ),
    (
        Listed(path="scale__authority", label=_("authority"), width=30),
        Listed(path="scale__year", label=_("first year")),
        Listed(path="rank"),
        Listed(path="name"),
        Listed(path="rectification_months"),
        Listed(path="consequence", width=40),
    ),
    identity=("scale", "name"),
    filterset=GradeFilterSet,
    order=("scale__level", "scale__authority", "rank", "pk"),
)
