"""Care of standards by hand, by file and by API: what is written and who writes it."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

import django_filters as filters
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from directory.access import may_catalogue
from directory.committee_filters import CommitteeFilter
from directory.committee_references import COMMITTEE
from records.cells import Named, Reference
from records.register_filters import RegisterFilterSet
from records.registers import Item, Listed, Register, State

from .levels import Level
from .models import Care, Standard
from .numbers import NotAStandardNumber, parse


def _find_standards(texts: Collection[str]) -> Mapping[str, list[Named]]:
    """By number in any spelling; one without a year means no edition."""
    keys: dict[str, str] = {}
    for text in texts:
        try:
            keys[text] = parse(text).key
        except NotAStandardNumber:
            continue
    rows = Standard.objects.filter(key__among=set(keys.values()), voided_at__isnull=True) if keys else []
    by_key = {one.key: Named(one.pk, one.number) for one in rows}
    return {text: [by_key[key]] for text, key in keys.items() if key in by_key}


def _shown_standards(keys: Collection[int]) -> Mapping[int, str]:
    return dict(Standard.objects.filter(pk__among=keys).values_list("pk", "number"))


def barred_from_standards(states: Sequence[State], user: Any) -> set[int]:
    """Which new states are about a standard that the account may not change."""
    keys = {state["standard"] for state in states}
    mine = set(Standard.objects.editable_by(user).filter(pk__among=keys).values_list("pk", flat=True))
    return {at for at, state in enumerate(states) if state["standard"] not in mine}


class CareFilterSet(RegisterFilterSet):
    searched = ("standard__number", "standard__title", "committee__number", "committee__name")

    committee = CommitteeFilter("committee", _("Committee"))
    role = filters.MultipleChoiceFilter(label=pgettext_lazy("care", "role"), choices=Care.Role.choices)
    level = filters.MultipleChoiceFilter(label=_("Level"), field_name="standard__level", choices=Level.choices)

    class Meta:
        model = Care
        fields: list[str] = []


STANDARD = Reference(_find_standards, _shown_standards)
CARE = Register(
    kind="standard-care",
    model=Care,
    items=(
        Item(name="standard", words=("标准编号", "标准号", "standard"), required=True, reference=STANDARD),
        Item(
            name="committee",
            words=("归口单位", "归口委员会", "委员会", "标委会编号", "标委会", "committee"),
            required=True,
            reference=COMMITTEE,
        ),
        Item(
            name="role",
            words=("作用", "归口或执行", "role"),
            also={"归口": "in_charge", "执行": "executes", "起草": "drafts"},
        ),
    ),
    identity=("standard", "committee", "role"),
    listed=(
        Listed(path="standard__number", label=_("standard"), width=22, link="standard", link_path="standard__slug"),
        Listed(path="standard__title", label=_("title"), width=44),
        Listed(path="committee__number", label=_("committee"), width=20, link="committee", link_path="committee__slug"),
        Listed(path="committee__name", label=_("committee's name"), width=40),
        Listed(path="role", width=10),
    ),
    filterset=CareFilterSet,
    order=("committee__sort_key", "standard__sort_key", "pk"),
    may_enter=may_catalogue,
    barred=barred_from_standards,
    example={"standard": "GB/T 19001-2016", "committee": "SAC/TC 151", "role": "归口"},
)
