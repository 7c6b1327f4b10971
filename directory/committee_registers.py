"""Committees, whom they mirror, and their secretariat seats: what is written of each and who writes it."""

import re
from collections.abc import Callable, Iterable, Sequence
from html import unescape
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Model, Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, gettext_noop

from records.bulk import update_column
from records.registers import Item, Listed, Register, State
from records.remarks import Note

from .committee_filters import CommitteeFilterSet, MirrorFilterSet, SeatFilterSet
from .committee_numbers import NotACommitteeNumber, committee_named, parse_committee
from .committee_references import COMMITTEE
from .keepers import refresh_keepers, settle_keepers, take_committees
from .models import Committee, CommitteeMirror, SecretariatSeat
from .models.committees import LOCAL_LEVELS, is_provincial, keeping_paths
from .models.secretariats import refuse_overlap
from .references import ORGANIZATION, REGION

BAD_NUMBER = gettext_noop("{text}: {reason}")
NO_NAME = gettext_noop("A committee needs a name, Chinese or English.")
NO_LEVEL = gettext_noop("The number does not say the level; say it.")
NO_KIND = gettext_noop("The number does not say the kind; say it.")
NO_DIVISION = gettext_noop("A provincial or municipal committee names its division, the others none.")
TAG = re.compile(r"<[^<>]{1,300}>")
LINE_TAG = re.compile(r"</?(?:p|br|li|ul|ol|div|h[1-6]|tr)\b[^<>]*>", re.IGNORECASE)


def plain_text(text: str) -> str:
    """Text without the markup that some sources put around it: a line for each paragraph and each point."""
    if "<" not in text and "&" not in text:
        return text
    bare = unescape(TAG.sub("", LINE_TAG.sub("\n", text)))
    lines = (" ".join(line.split()) for line in bare.splitlines())
    return "\n".join(line for line in lines if line)


def barred_by(name: str, model: type[Model]) -> Callable[[Sequence[State], Any], set[int]]:
    """Which new states belong to a record (the committee, the term) that an account does not keep."""

    def barred(states: Sequence[State], user: Any) -> set[int]:
        keys = {state[name] for state in states if state.get(name) is not None}
        mine = set(model._default_manager.editable_by(user).filter(pk__among=keys).values_list("pk", flat=True))  # type: ignore[attr-defined]
        return {at for at, state in enumerate(states) if state.get(name) not in mine}

    return barred


def barred_from_establishing(states: Sequence[State], user: Any) -> set[int]:
    """Only provincial staff put a committee on record (row 26)."""
    return set() if is_provincial(user) else set(range(len(states)))


def may_keep_committees(user: Any) -> bool:
    return bool(keeping_paths(user))


def canonical_number(raw: Any) -> str:
    """A number in its canonical spelling; what cannot be read stays as typed, and is refused with its reason."""
    text = str(raw).strip()
    number = committee_named(text)
    return str(number) if number else text


ESTABLISHING = frozenset(
    f"{name}_{part}" for name in ("approved", "established", "dissolved") for part in ("on", "precision")
)


def forbid_establishing(before: State, after: State, user: Any) -> str:
    """Only provincial staff say that a committee is approved, established or dissolved (row 26)."""
    if any(before.get(name) != after.get(name) for name in ESTABLISHING) and not is_provincial(user):
        return _("Only provincial staff establish and dissolve committees.")
    return ""


def judge_committee(state: State) -> Iterable[Note]:
    """What is wrong with a whole state, by itself."""
    number = None
    if state["number"]:
        try:
            number = parse_committee(state["number"])
        except NotACommitteeNumber as refusal:
            yield Note(BAD_NUMBER, {"text": state["number"], "reason": refusal.reason}, "number")
            return
    if not (state["name"] or state["name_en"]):
        yield Note(NO_NAME, {}, "name")
    if not (state["level"] or (number and number.level)):
        yield Note(NO_LEVEL, {}, "level")
    if not (state["kind"] or number):
        yield Note(NO_KIND, {}, "kind")
    level = state["level"] or (number.level if number else "")
    if level and (level in LOCAL_LEVELS) != (state["region"] is not None):
        yield Note(NO_DIVISION, {}, "region")


def check_parents(committees: Sequence[Committee]) -> None:
    """A numbered committee stands in the one that its number names; nobody stands in himself, however far up."""
    for committee in committees:
        parent = committee.parent
        if parent is None:
            continue
        if committee.parent_key and parent.key != committee.parent_key:
            told = {"number": committee.number, "parent": committee.parsed.parent, "other": parent.label}  # type: ignore[union-attr]
            raise ValidationError(
                {"parent": _("By its number %(number)s stands in %(parent)s, not in %(other)s.") % told}
            )
        above: Committee | None = parent
        seen = {committee.pk}
        while above is not None:
            if above.pk in seen:
                raise ValidationError({"parent": _("The committee would stand in itself.")})
            seen.add(above.pk)
            above = above.parent


def settle_committees(committees: Sequence[Committee]) -> None:
    """Join each number to the committee it stands in, as soon as both are on record, and say who keeps them."""
    ids = {committee.pk for committee in committees}
    gone = {committee.pk for committee in committees if committee.voided_at}
    if gone:
        Committee.objects.filter(parent__in=gone).exclude(parent_key="").update(parent=None)
    keys = {committee.key for committee in committees}
    waiting = Committee.objects.standing().filter(parent=None).exclude(parent_key="")
    waiting = waiting.filter(Q(pk__among=ids) | Q(parent_key__among=keys))
    pairs = list(waiting.values_list("pk", "parent_key"))
    wanted = {key for _pk, key in pairs}
    found = dict(Committee.objects.standing().filter(key__among=wanted).values_list("key", "pk"))
    update_column(Committee, "parent", [(pk, found[key]) for pk, key in pairs if key in found])
    refresh_keepers(ids)


def check_seats(seats: Sequence[SecretariatSeat]) -> None:
    """Of two who write at once, the second sees what the first wrote."""
    take_committees(seat.committee_id for seat in seats)
    refuse_overlap(seats)


LEVEL_WORDS = {
    "国际": "international",
    "国家级": "national",
    "全国": "national",
    "国家": "national",
    "省级": "provincial",
    "省": "provincial",
    "市级": "municipal",
    "市": "municipal",
}
KIND_WORDS = {
    "技术委员会": "tc",
    "标委会": "tc",
    "分技术委员会": "sc",
    "分标委": "sc",
    "标准化工作组": "wg",
    "工作组": "wg",
    "任务组": "tf",
    "联合技术委员会": "joint",
    "项目委员会": "project",
    "国内技术对口单位": "mirror",
    "协调机构": "coordination",
    "领导小组": "coordination",
    "联席会议": "coordination",
}
DAY_OF = gettext_lazy("A day, a month or a year.")
COMMITTEES = Register(
    kind="committees",
    model=Committee,
    items=(
        Item(
            name="number",
            words=("编号", "委员会编号", "标委会编号", "tc编号", "tc_code", "代号", "reference", "number", "code"),
            read=canonical_number,
            help=gettext_lazy("Such as SAC/TC 264/SC 1; in any spelling."),
        ),
        Item(name="name", words=("名称", "委员会名称", "标委会名称", "tc_name", "name", "中文名称")),
        Item(name="name_en", words=("英文名称", "title.en", "name_en", "english name")),
        Item(name="kind", words=("类型", "类别", "kind"), also=KIND_WORDS),
        Item(name="level", words=("级别", "层级", "level"), also=LEVEL_WORDS),
        Item(
            name="region",
            words=("区划", "行政区划", "地区", "region"),
            reference=REGION,
            help=gettext_lazy("Of a provincial or municipal committee: code or name."),
        ),
        Item(
            name="parent",
            words=("上级委员会", "所属委员会", "上级", "parent"),
            reference=COMMITTEE,
            help=gettext_lazy("A number says it by itself."),
        ),
        Item(name="approved_on", words=("获批筹建日期", "批准筹建日期", "筹建日期", "approved_on"), help=DAY_OF),
        Item(
            name="established_on",
            words=("成立日期", "成立时间", "批准成立日期", "creationdate", "established_on"),
            help=DAY_OF,
        ),
        Item(name="dissolved_on", words=("撤销日期", "注销日期", "解散日期", "dissolved_on"), help=DAY_OF),
        Item(
            name="secretariat_printed",
            words=("秘书处所在单位", "秘书处承担单位", "秘书处单位", "秘书处", "secretariat.acronym", "secretariat"),
        ),
        Item(name="scope", words=("专业范围", "工作领域", "工作范围", "范围", "scope.en", "scope"), read=plain_text),
        Item(name="remark", words=("备注", "remark")),
    ),
    identity=("number", "name", "name_en"),
    listed=(
        Listed(path="number", width=22, link="committee", link_path="slug"),
        Listed(path="name", width=44),
        Listed(path="name_en", width=44),
        Listed(path="level", width=10),
        Listed(path="kind", width=14),
        Listed(path="parent__number", label=gettext_lazy("stands in"), width=18),
        Listed(path="established_on", width=12),
        Listed(path="dissolved_on", width=12),
        Listed(path="secretariat_printed", width=30),
    ),
    filterset=CommitteeFilterSet,
    order=("sort_key", "pk"),
    may_enter=may_keep_committees,
    barred=barred_from_establishing,
    judge=judge_committee,
    check=check_parents,
    settle=settle_committees,
    forbids=forbid_establishing,
    example={"number": "SAC/TC 999", "name": "示例标准化技术委员会", "established_on": "2019-05"},
)
MIRRORS = Register(
    kind="committee-mirrors",
    model=CommitteeMirror,
    items=(
        Item(
            name="committee",
            words=("国内技术对口单位", "国内对口委员会", "对口委员会", "委员会", "committee"),
            required=True,
            reference=COMMITTEE,
        ),
        Item(
            name="mirrors",
            words=("国际委员会", "对口国际组织", "对口国际委员会", "mirrors"),
            required=True,
            reference=COMMITTEE,
        ),
    ),
    identity=("committee", "mirrors"),
    listed=(
        Listed(
            path="committee__number",
            label=gettext_lazy("domestic committee or body"),
            link="committee",
            link_path="committee__slug",
        ),
        Listed(path="committee__name", label=gettext_lazy("name"), width=40),
        Listed(
            path="mirrors__number",
            label=gettext_lazy("international committee"),
            link="committee",
            link_path="mirrors__slug",
        ),
        Listed(path="mirrors__name_en", label=gettext_lazy("English name"), width=40),
    ),
    filterset=MirrorFilterSet,
    order=("committee__sort_key", "mirrors__sort_key", "pk"),
    may_enter=may_keep_committees,
    barred=barred_by("committee", Committee),
    example={"committee": "SAC/TC 999", "mirrors": "ISO/TC 999"},
)
SEATS = Register(
    kind="secretariat-seats",
    model=SecretariatSeat,
    items=(
        Item(
            name="committee",
            words=("委员会编号", "标委会编号", "委员会", "标委会", "编号", "committee"),
            required=True,
            reference=COMMITTEE,
        ),
        Item(
            name="organization",
            words=("秘书处承担单位", "秘书处单位", "承担单位", "单位", "organization"),
            required=True,
            reference=ORGANIZATION,
        ),
        Item(
            name="share",
            words=("主承担或联合", "承担方式", "share"),
            also={"主": "main", "主承担": "main", "联合": "joint", "联合承担": "joint"},
        ),
        Item(name="starts_on", words=("承担起始日期", "起始日期", "开始日期", "自", "from"), help=DAY_OF),
        Item(name="seen_on", words=("资料日期", "见于", "seen_on")),
        Item(name="ends_on", words=("承担终止日期", "终止日期", "结束日期", "至", "to"), help=DAY_OF),
        Item(name="document", words=("文件", "批准文件", "文号", "document")),
        Item(name="remark", words=("备注", "remark")),
    ),
    identity=("committee", "organization", "starts_on"),
    listed=(
        Listed(
            path="committee__number", label=gettext_lazy("committee"), link="committee", link_path="committee__slug"
        ),
        Listed(path="committee__name", label=gettext_lazy("name"), width=40),
        Listed(path="organization__name", label=gettext_lazy("organization"), width=36),
        Listed(path="share", width=10),
        Listed(path="starts_on", width=12),
        Listed(path="seen_on", width=12),
        Listed(path="ends_on", width=12),
        Listed(path="document", width=30),
    ),
    filterset=SeatFilterSet,
    order=("committee__sort_key", "-holds_from", "pk"),
    may_enter=may_keep_committees,
    barred=barred_by("committee", Committee),
    check=check_seats,
    settle=settle_keepers,
    example={"committee": "SAC/TC 999", "organization": "示例研究院", "share": "主", "starts_on": "2019-05-01"},
)
