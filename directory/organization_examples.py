"""Example organizations (示例): renamed, merged, and two that nobody has looked at yet. All of them are made up."""

from datetime import date

from django.db import transaction
from django.utils import timezone

from records.models import Event
from records.trail import Actor, record

from .merging import merge_organizations
from .models import Organization, Region
from .naming import index, rename_organization, settle_names

Kind = Organization.Kind
# The bodies that example accounts act for: a confirmed enterprise and a secretariat's. Codes are made up, with the right check
# character.
ENTERPRISE, BODY = "示例企业有限公司", "示例标准化技术委员会秘书处"
ACTED_FOR = (ENTERPRISE, BODY)
REFORM = date(2019, 1, 10)
# Name, kind, division, credit code.
EXAMPLES = [
    (ENTERPRISE, Kind.ENTERPRISE, "320682", "91320682MAEXAMPE0J"),
    (BODY, Kind.OTHER, "320682", ""),
    ("示例市标准计量研究所", Kind.INSTITUTE, "320600", ""),
    ("示例市质量技术监督局", Kind.OTHER, "320600", ""),
    ("示例市市场监督管理局", Kind.OTHER, "320600", ""),
    ("示例智能装备（江苏）有限公司", Kind.ENTERPRISE, "320682", ""),
    ("示例智能装备江苏股份有限公司", Kind.ENTERPRISE, "320682", ""),
    ("示例大学", Kind.SCHOOL, "320000", ""),
    ("示例行业协会", Kind.ASSOCIATION, "320000", ""),
]


@transaction.atomic
def load_example_organizations(*, by: Actor) -> int:
    """Put the examples on record; none where they stand already. Returns how many were loaded."""
    if Organization.objects.standing().filter(is_example=True).exclude(name__in=ACTED_FOR).exists():
        return 0
    made = {
        name: example_organization(name, kind, code, credit_code, by=by) for name, kind, code, credit_code in EXAMPLES
    }
    renamed = made["示例市标准计量研究所"]
    rename_organization(renamed, "示例市标准化研究院", on=date(2012, 3, 1), by=by, document="示例：编办批复")
    bureaus = made["示例市质量技术监督局"], made["示例市市场监督管理局"]
    merge_organizations(*bureaus, by=by, reason="示例：机构改革", on=REFORM, document="示例：机构改革方案")
    return len(made)


def example_organization(name: str, kind: str, code: str, credit_code: str, *, by: Actor) -> Organization:
    """One example, as it stands or put on record now."""
    if stands := Organization.objects.standing().filter(name=name, is_example=True).first():
        return stands
    region = Region.objects.valid().get(code=code)
    made = Organization(name=name, kind=kind, region=region, credit_code=credit_code, is_example=True)
    made.save()
    settle_names([made])
    record(made, Event.Action.CREATED, {"name": [None, name], "is_example": [None, True]}, by=by)
    return made


@transaction.atomic
def remove_example_organizations(*, by: Actor) -> int:
    """Void the examples, the merged ones too; returns how many. Those that example accounts act for stay."""
    examples = Organization.objects.select_for_update(of=("self",)).filter(is_example=True, voided_at=None)
    examples = list(examples.exclude(name__in=ACTED_FOR))
    now = timezone.now()
    for one in examples:
        one.voided_at, one.void_reason, one.version = now, "示例", one.version + 1
        one.save(update_fields=["voided_at", "void_reason", "version"])
        one.names.filter(voided_at=None).update(voided_at=now, void_reason="示例")
        record(one, Event.Action.VOIDED, {"voided_at": [None, now.isoformat()]}, by=by, reason="示例")
    index([one.pk for one in examples])
    return len(examples)


def example_body(name: str) -> Organization:
    """One of those that example accounts act for."""
    return Organization.objects.standing().get(name=name, is_example=True)
