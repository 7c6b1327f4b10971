"""The registers of the directory: what is written of each kind of record, and who writes it."""

import django_filters as filters
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from records.paths import under_any
from records.register_filters import RegisterFilterSet
from records.registers import Item, Listed, Register
from records.remarks import Note

from .models import PolicyDocument, Region, Role, full_code
from .placing import barred_outside, may_keep
from .references import REGION

ENDS_EARLY = gettext_noop("A document cannot end before it takes effect.")


class DivisionFilter(filters.CharFilter):
    """Rows of a division and of all below it; `column` leads to the division's path."""

    def __init__(self, column: str, **kwargs) -> None:
        super().__init__(label=_("Division code, with all below it"), **kwargs)
        self.column = column

    def filter(self, qs, value):
        if not value:
            return qs
        paths = Region.objects.filter(code=full_code(value)).values_list("path", flat=True)
        return qs.filter(under_any(paths, self.column))


class PolicyFilter(RegisterFilterSet):
    searched = ("title", "number", "issuer")

    kind = filters.ChoiceFilter(label=_("Kind"), choices=PolicyDocument.Kind.choices)
    region = DivisionFilter("region__path")
    effective = filters.DateFilter(label=_("In effect on"), method="on_day")

    class Meta:
        model = PolicyDocument
        fields: list[str] = []

    def on_day(self, queryset, name, value):
        return queryset.effective(value)


def judge_policy(state):
    if state["effective_on"] and state["ends_on"] and state["ends_on"] <= state["effective_on"]:
        yield Note(ENDS_EARLY, {}, "ends_on")


POLICIES = Register(
    kind="policies",
    model=PolicyDocument,
    items=(
        Item(name="title", words=("文件名称", "名称", "标题", "title"), required=True),
        Item(name="number", words=("文号", "发文字号", "number")),
        Item(
            name="kind",
            words=("类型", "文件类型", "kind"),
            required=True,
            also={
                "条例": "regulation",
                "规章": "rule",
                "办法": "measure",
                "规划": "plan",
                "意见": "opinion",
                "通知": "notice",
            },
        ),
        Item(
            name="region",
            words=("区划", "地区", "行政区划", "region"),
            reference=REGION,
            help=_("Its code or its name."),
        ),
        Item(name="issuer", words=("发布机关", "发文机关", "issuer")),
        Item(name="issued_on", words=("发布日期", "印发日期", "issued")),
        Item(name="effective_on", words=("施行日期", "生效日期", "实施日期", "effective")),
        Item(name="ends_on", words=("失效日期", "废止日期", "ends")),
        Item(name="summary", words=("摘要", "主要内容", "summary")),
    ),
    identity=("title", "number", "region"),
    listed=(
        Listed(path="title", width=50),
        Listed(path="number", width=24),
        Listed(path="kind", width=12),
        Listed(path="region__name", width=14),
        Listed(path="issuer", width=24),
        Listed(path="issued_on", width=12),
        Listed(path="effective_on", width=12),
        Listed(path="ends_on", width=12),
    ),
    filterset=PolicyFilter,
    order=("-issued_on", "title", "pk"),
    may_enter=may_keep(Role.STAFF, Role.CATALOGUER),
    barred=barred_outside(PolicyDocument),
    judge=judge_policy,
    example={
        "title": "某市标准化条例",
        "kind": "条例",
        "region": "320600",
        "issued_on": "2019-12-01",
        "effective_on": "2020-05-01",
    },
)
