"""The registers of organizations and of their names: what is written of them, and who writes it.

The contact is no item: registers are public. Renaming, merging and splitting are acts of their own.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from typing import Any

import django_filters as filters
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, gettext_noop

from records.paths import under_any
from records.register_filters import RegisterFilterSet
from records.register_import import RegisterImporter
from records.registers import Item, Listed, Register, State
from records.remarks import Note

from . import search
from .access import paths_above_county
from .credit_codes import fault_of, tidy_code
from .dependents import what_hangs_on
from .models import Industry, Organization, OrganizationName, Region, Role, full_code
from .naming import LEGAL, index, settle_names
from .placing import barred_outside, keeps_unplaced, may_keep
from .references import INDUSTRY, ORGANIZATION, REGION

DISSOLVED_EARLY = gettext_noop("An organization cannot be dissolved before it was established.")
NAME_ENDS_EARLY = gettext_noop("A name cannot end before it begins.")
CODE_FAULTS = {
    "length": gettext_noop("A credit code has {expected} characters; this one has {found}."),
    "letter": gettext_noop("Character {position}, “{found}”, is none of a credit code."),
    "department": gettext_noop("Character 1, “{found}”, names no registering department."),
    "digit": gettext_noop("Character {position}, “{found}”, should be a digit."),
    "check": gettext_noop("Character 18, the check character, is “{found}”; the other seventeen ask for “{expected}”."),
}
LARGEST_KEY = 2**63 - 1
YES_NO = [("yes", gettext_lazy("yes")), ("no", gettext_lazy("no"))]


class OrganizationFilter(RegisterFilterSet):
    """`q`: words of which each stands in one of its names, of whatever time."""

    kind = filters.MultipleChoiceFilter(label=gettext_lazy("Kind"), choices=Organization.Kind.choices)
    region = filters.CharFilter(label=gettext_lazy("Division code, with all below it"), method="in_division")
    industry = filters.CharFilter(label=gettext_lazy("Industry code, with all below it"), method="in_industry")
    coded = filters.ChoiceFilter(label=gettext_lazy("Has a credit code"), choices=YES_NO, method="with_code")

    class Meta:
        model = Organization
        fields: list[str] = []

    def with_words(self, queryset, name, value):
        found = search.matching(queryset, value.replace("\x00", " "))
        return found.order_by(*search.relevance(value))

    def in_division(self, queryset, name, value):
        """By a subquery: joined by their path, the databases read every body before they ask for its place."""
        paths = Region.objects.filter(code=full_code(value)).values_list("path", flat=True)
        return queryset.filter(region__in=Region.objects.filter(under_any(paths, "path")).order_by().values("pk"))

    def in_industry(self, queryset, name, value):
        path = Industry.objects.filter(code=value.strip().upper()).values_list("path", flat=True).first()
        return queryset.filter(
            industry__in=Industry.objects.filter(path__startswith=path or "?").order_by().values("pk")
        )

    def with_code(self, queryset, name, value):
        return queryset.exclude(credit_code="") if value == "yes" else queryset.filter(credit_code="")


def judge_organization(state: State) -> Iterable[Note]:
    code = tidy_code(state["credit_code"] or "")
    if code and (fault := fault_of(code)):
        said = {"position": str(fault.position), "found": fault.found, "expected": fault.expected}
        yield Note(CODE_FAULTS[fault.wrong], said, "credit_code")
    if state["established_on"] and state["dissolved_on"] and state["dissolved_on"] < state["established_on"]:
        yield Note(DISSOLVED_EARLY, {}, "dissolved_on")


def forbid_code(before: State, after: State, user: Any) -> str:
    """A credit code that stands is changed by cities and provinces only (row 29 of the matrix)."""
    if not before["credit_code"] or before["credit_code"] == after["credit_code"]:
        return ""
    wide = paths_above_county(user, Role.STAFF)
    place = Region.objects.filter(pk=before["region"]).values_list("path", flat=True).first()
    may = place.startswith(tuple(wide)) if place else keeps_unplaced(wide)
    return "" if may else _("Cities and provinces change a credit code that stands.")


ORGANIZATIONS = Register(
    kind="organizations",
    model=Organization,
    items=(
        Item(name="name", words=("单位名称", "机构名称", "企业名称", "组织名称", "名称", "name"), required=True),
        Item(name="name_en", words=("英文名称", "name_en")),
        Item(
            name="kind",
            words=("单位类型", "机构类型", "类型", "性质", "kind"),
            required=True,
            also={
                "机关": "department",
                "公司": "enterprise",
                "团体": "association",
                "学校": "school",
                "科研院所": "institute",
            },
        ),
        Item(
            name="credit_code",
            words=("统一社会信用代码", "信用代码", "社会信用代码", "credit_code"),
            help=gettext_lazy("Eighteen characters; leave blank where there is none."),
        ),
        Item(
            name="region",
            words=("区划", "所在地区", "地区", "行政区划", "region"),
            reference=REGION,
            help=gettext_lazy("Its code or its name."),
        ),
        Item(
            name="industry",
            words=("行业", "行业代码", "所属行业", "industry"),
            reference=INDUSTRY,
            help=gettext_lazy("Its code of GB/T 4754."),
        ),
        Item(name="address", words=("地址", "住所", "address")),
        Item(name="established_on", words=("成立日期", "设立日期", "established_on")),
        Item(name="dissolved_on", words=("注销日期", "撤销日期", "dissolved_on")),
    ),
    identity=("name", "region"),
    listed=(
        Listed(path="name", width=40, link="organization", link_path="pk"),
        Listed(path="kind", width=12),
        Listed(path="region__name", width=14),
        Listed(path="credit_code", width=22),
        Listed(path="industry__name", width=24),
        Listed(path="established_on", width=12),
        Listed(path="dissolved_on", width=12),
    ),
    filterset=OrganizationFilter,
    order=("name", "pk"),
    may_enter=may_keep(Role.STAFF),
    barred=barred_outside(Organization),
    forbids=forbid_code,
    judge=judge_organization,
    settle=settle_names,
    keeps=what_hangs_on,
    example={"name": "示例智能装备有限公司", "kind": "企业", "region": "320682", "credit_code": "91320600MA00000290"},
)


class OrganizationImporter(RegisterImporter):
    """A row means the body of its credit code; without one, or where nobody has it, the body of its name and division that
    has no other code. Two rows of one code mean one body, whatever they call it."""

    def _identity(self, state: State) -> tuple:
        code = tidy_code(state["credit_code"] or "")
        return (code,) if code else super()._identity(state)

    def _known_by(self, state: State) -> Sequence[tuple]:
        identity, place = self._identity(state), super()._identity(state)
        return [identity] if identity == place else [identity, ("coded", *place)]

    def _alike(self, state: State) -> Sequence[tuple]:
        """Of two rows of one name and division one of which names no code, nobody knows whether they mean one body."""
        identity, place = self._identity(state), super()._identity(state)
        return [identity, ("coded", *place) if identity == place else place]

    def _known(self, states: Sequence[State]) -> dict[tuple, list[Any]]:
        standing = Organization.objects.standing()
        codes = {code for state in states if (code := tidy_code(state["credit_code"] or ""))}
        by_code = {one.credit_code: one for one in standing.filter(credit_code__among=list(codes))}
        by_name: dict[str, list[Organization]] = defaultdict(list)
        for one in standing.filter(name__among=list({state["name"] for state in states})):
            by_name[one.name].append(one)
        known = {}
        for state in states:
            code = tidy_code(state["credit_code"] or "")
            same = [by_code[code]] if code in by_code else _namesakes(by_name[state["name"]], state, code)
            if same:
                known[self._identity(state)] = same
        return known


def _namesakes(named: Sequence[Organization], state: State, code: str) -> list[Organization]:
    """Those of a name that the row may mean: of its division, and not with another code."""
    free = [one for one in named if not code or not one.credit_code]
    if state["region"] is None:
        return free
    return [one for one in free if one.region_id == state["region"]]


def judge_name(state: State) -> Iterable[Note]:
    if state["valid_from"] and state["valid_to"] and state["valid_to"] <= state["valid_from"]:
        yield Note(NAME_ENDS_EARLY, {}, "valid_to")


def check_names(names: Sequence[OrganizationName]) -> None:
    """The open legal name is what the body is called: it changes by a renaming. Legal names never overlap: of two who
    write at once, the second sees what the first wrote."""
    legal = [name for name in names if name.kind == LEGAL]
    current = take_bodies({one.organization_id for one in names})
    for name in legal:
        if name.valid_to is None and name.name != current[name.organization_id]:
            raise ValidationError({"name": _("Rename the organization: this is not what it is called.")})
        others = (
            OrganizationName.objects.standing()
            .filter(organization=name.organization_id, kind=LEGAL)
            .exclude(pk=name.pk)
        )
        if clash := next((one for one in others if _overlap(one, name)), None):
            raise ValidationError({"valid_from": _("It was called %(name)s then.") % {"name": clash}})


def take_bodies(ids: Collection[int]) -> dict[int, str]:
    """What some bodies are called, once whoever writes names of theirs at this moment is done."""
    bodies = Organization.objects.select_for_update(of=("self",), no_key=True).filter(pk__among=ids).order_by("pk")
    return dict(bodies.values_list("pk", "name"))


def _overlap(one: OrganizationName, other: OrganizationName) -> bool:
    begins = other.valid_from is None or one.valid_to is None or other.valid_from < one.valid_to
    ends = one.valid_from is None or other.valid_to is None or one.valid_from < other.valid_to
    return begins and ends


def settle_bodies(names: Sequence[OrganizationName]) -> None:
    index({name.organization_id for name in names})


class NameFilter(RegisterFilterSet):
    searched = ("name",)

    organization = filters.NumberFilter(
        label=gettext_lazy("Number of the organization"), min_value=0, max_value=LARGEST_KEY
    )
    kind = filters.MultipleChoiceFilter(label=gettext_lazy("Kind"), choices=OrganizationName.Kind.choices)

    class Meta:
        model = OrganizationName
        fields: list[str] = []


NAMES = Register(
    kind="organization-names",
    model=OrganizationName,
    items=(
        Item(
            name="organization",
            words=("单位", "单位名称", "现名称", "organization"),
            required=True,
            reference=ORGANIZATION,
            help=gettext_lazy("One of its names, its credit code, or its number (#12)."),
        ),
        Item(name="name", words=("曾用名", "名称", "简称", "name"), required=True),
        Item(
            name="kind",
            words=("名称类型", "类型", "kind"),
            required=True,
            also={"曾用": "former", "法定": "legal", "外文": "foreign"},
        ),
        Item(name="valid_from", words=("启用日期", "起", "valid_from")),
        Item(name="valid_to", words=("停用日期", "止", "valid_to")),
    ),
    identity=("organization", "name", "kind", "valid_from"),
    listed=(
        Listed(path="organization__name", width=40, link="organization", link_path="organization"),
        Listed(path="name", width=40),
        Listed(path="kind", width=12),
        Listed(path="valid_from", width=12),
        Listed(path="valid_to", width=12),
    ),
    filterset=NameFilter,
    order=("organization__name", "valid_from", "pk"),
    may_enter=may_keep(Role.STAFF),
    barred=barred_outside(OrganizationName),
    judge=judge_name,
    check=check_names,
    settle=settle_bodies,
    example={"organization": "示例市标准化研究院", "name": "示例市标准计量研究所", "kind": "曾用名称"},
)
