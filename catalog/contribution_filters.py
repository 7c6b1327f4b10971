"""One FilterSet for the ledger of contributions: its page, its export, its figures and the API."""

from datetime import date

import django_filters as filters
from django.core.validators import RegexValidator
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from directory.models import Region
from directory.organization_names import name_key
from directory.succession import regions_within
from records.view_filters import ViewFilterSet

from . import search
from .contribution_counts import MOST_YEARS, counted_on
from .filters import VIEW_PARAMETERS, DayFilter, WordsField, YearsField, code
from .lead_words import rule_label
from .leading import DEFAULT, RULES
from .levels import DraftingRole, Level
from .models import Contribution, Standard
from .models.contribution import LEADS

LEAD, PARTICIPATE = "lead", "participate"
ROLES = [(LEAD, _("leads")), (PARTICIPATE, _("takes part without leading"))]
YES = [("1", _("yes")), ("0", _("no"))]
ORDERINGS = {
    "number": ("sort_key", "pk"),
    "-number": ("-sort_key", "-pk"),
    "published_on": ("published_on", "sort_key", "pk"),
    "-published_on": ("-published_on", "sort_key", "pk"),
}


def whole(largest: int) -> RegexValidator:
    return RegexValidator(
        rf"^[1-9]\d{{0,{len(str(largest)) - 1}}}\Z", _("“%(value)s” is not a whole number from 1 on.")
    )


class SearchFilter(filters.Filter):
    """Words about the standard, as the catalogue's own search reads them."""

    field_class = WordsField

    def filter(self, qs, value):
        return qs.filter(standard__in=search.matching(Standard.objects.all(), value)) if value else qs


class StandardYearFilter(filters.Filter):
    field_class = YearsField

    def filter(self, qs, value):
        return qs.filter(standard__year__range=value) if value else qs


class ContributionFilter(ViewFilterSet):
    """Filters of the ledger.

    `role` asks about standards: which ones the selected contributions lead, or take part in without any of them
    leading; so that what is listed is what the figures count. `counted` leaves out what no figure counts, on the day `on`.
    """

    q = SearchFilter(label=_("Number or words of the standard"))
    name = filters.CharFilter(label=_("Printed name"), method="filter_name")
    organization = filters.CharFilter(label=_("Organization"), validators=[whole(10**8)])
    region = filters.CharFilter(
        label=_("Division of the organization"), method="filter_region", validators=[code(r"\d\d(\d\d(\d\d)?)?")]
    )
    standard = filters.CharFilter(label=_("Standard"), field_name="standard__slug")
    level = filters.MultipleChoiceFilter(
        label=_("Level"), field_name="standard__level", choices=Level.choices, distinct=False
    )
    year = StandardYearFilter(label=_("Year of the number"))
    part = filters.MultipleChoiceFilter(
        label=_("Class of the printed role"), field_name="role", choices=DraftingRole.choices, distinct=False
    )
    rule = filters.ChoiceFilter(
        label=_("Lead rule"),
        choices=lambda: [(rule.name, rule_label(rule.name)) for rule in RULES.values()],
        method="keep",
        empty_label=None,
    )
    role = filters.ChoiceFilter(label=_("Role"), choices=ROLES, method="keep")
    unresolved = filters.ChoiceFilter(label=_("Name not resolved"), choices=YES, method="filter_unresolved")
    verified = filters.ChoiceFilter(label=_("Verified"), choices=YES, method="filter_verified")
    counted = filters.ChoiceFilter(label=_("Only what figures count"), choices=YES, method="keep")
    on = DayFilter(label=_("On the day"), method="keep")
    years = filters.CharFilter(label=_("Published in the last years"), method="keep", validators=[whole(MOST_YEARS)])
    ordering = filters.ChoiceFilter(
        label=_("Order"), choices=[(name, name) for name in ORDERINGS], method="keep", empty_label=None
    )

    beside = VIEW_PARAMETERS

    class Meta:
        model = Contribution
        fields: list[str] = []

    @property
    def on_day(self) -> date:
        return self._cleaned("on") or timezone.localdate()

    @property
    def rule_name(self) -> str:
        return self._cleaned("rule") or DEFAULT

    @property
    def years_back(self) -> int | None:
        years = self._cleaned("years")
        return min(int(years), MOST_YEARS) if years else None

    def _cleaned(self, name):
        return self.form.cleaned_data.get(name) if self.is_valid() else None

    def keep(self, queryset, name, value):
        return queryset

    def filter_name(self, queryset, name, value):
        return queryset.filter(name_key__contains=name_key(value))

    def filter_region(self, queryset, name, value):
        return queryset.filter(organization__region__in=sorted(regions_within(value, self.on_day)))

    def filter_unresolved(self, queryset, name, value):
        return queryset.filter(organization__isnull=value == "1")

    def filter_verified(self, queryset, name, value):
        return queryset.filter(verified_at__isnull=value == "0")

    def filter_queryset(self, queryset):
        """The selection; with `role` only what belongs to standards in that role of the selection as a whole."""
        queryset = super().filter_queryset(queryset)
        if self._cleaned("counted") == "1" or self.years_back:
            queryset = counted_on(queryset, self.on_day, self.years_back)
        role = self._cleaned("role")
        if not role:
            return queryset
        led = queryset.filter(LEADS[self.rule_name]).order_by().values("standard_id")
        part = queryset.taking_part()
        return part.filter(standard__in=led) if role == LEAD else part.exclude(standard__in=led)

    @property
    def row_order(self) -> list[str]:
        """The order of contributions in which their standards come in the order asked for."""
        order = ORDERINGS[self._cleaned("ordering") or "number"]
        return [f"{'-' if name[0] == '-' else ''}standard__{name.removeprefix('-')}" for name in order]

    def standards(self) -> QuerySet:
        """The standards of the selection, in the order asked for."""
        found = Standard.objects.filter(pk__in=self.qs.order_by().values("standard_id"))
        return found.order_by(*ORDERINGS[self._cleaned("ordering") or "number"])


def region_name(text: str) -> str:
    """The last name of a division's code; "" where no division has it."""
    region = Region.objects.with_code(text).first()
    return region.name if region else ""
