"""One FilterSet for page, API and export: what a visitor may ask of the catalogue."""

import re
from datetime import date

import django_filters as filters
from django.core.validators import RegexValidator
from django.db.models import F, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from directory.models import Region, full_code
from directory.succession import regions_within
from records.form_fields import DayField
from records.paths import under_any
from records.view_filters import ViewFilterSet

from . import search
from .levels import Kind, Level, Nature, Status
from .models import Classification, Standard
from .models.left_out import left_out_of_figures
from .models.status import status_case
from .tokens import Query
from .view_fields import ColumnsField, NumberField, RowsField, WordsField, YearsField

# An unknown day comes last in either direction; left to themselves the two databases differ.
ORDERINGS = {
    "relevance": (),
    "number": ("sort_key", "id"),
    "-number": ("-sort_key", "-id"),
    "published_on": (F("published_on").asc(nulls_last=True), "sort_key", "id"),
    "-published_on": (F("published_on").desc(nulls_last=True), "sort_key", "id"),
    "implemented_on": (F("implemented_on").asc(nulls_last=True), "sort_key", "id"),
    "-implemented_on": (F("implemented_on").desc(nulls_last=True), "sort_key", "id"),
}
# Not filters, but part of the view's address.
VIEW_PARAMETERS = ViewFilterSet.beside | {"cursor"}
# They say how the rows are shown and of which day, not which ones.
SHOWING = frozenset({"on", "ordering", "columns", "view", "search", "examples", "divisions"})


class DayFilter(filters.Filter):
    field_class = DayField


class YearsFilter(filters.Filter):
    field_class = YearsField

    def filter(self, qs, value):
        return qs.filter(year__range=value) if value else qs


class WordsFilter(filters.Filter):
    field_class = WordsField

    def filter(self, qs, value):
        return search.matching(qs, value) if value else qs


class ColumnsFilter(filters.Filter):
    field_class = ColumnsField


class RowsFilter(filters.Filter):
    field_class = RowsField

    def filter(self, qs, value):
        return qs.filter(pk__in=value) if value else qs


class NumberFilter(filters.Filter):
    field_class = NumberField


def code(pattern: str) -> RegexValidator:
    """A code as its table writes it; one that no table has is no mistake, it finds nothing."""
    return RegexValidator(rf"^{pattern}\Z", _("“%(value)s” is not a code of this kind."), flags=re.ASCII)


class StandardFilter(ViewFilterSet):
    """Filters of the catalogue. `on` is the day for which statuses are asked (today unless told otherwise)."""

    q = WordsFilter(label=_("Number, words or organization"))
    level = filters.MultipleChoiceFilter(label=_("Level"), choices=Level.choices, distinct=False)
    nature = filters.MultipleChoiceFilter(label=_("Nature"), choices=Nature.choices, distinct=False)
    kind = filters.MultipleChoiceFilter(label=_("Kind"), choices=Kind.choices, distinct=False)
    status = filters.MultipleChoiceFilter(label=_("Status"), choices=Status.choices, method="filter_status")
    on = DayFilter(label=_("On the day"), method="keep")
    year = YearsFilter(label=_("Year of the number"))
    ics = filters.CharFilter(label="ICS", method="filter_ics", validators=[code(r"\d\d(\.\d{3}(\.\d\d)?)?")])
    ccs = filters.CharFilter(label="CCS", method="filter_ccs", validators=[code(r"[A-Za-z](\d\d(/\d\d)?)?")])
    region = filters.CharFilter(
        label=_("Issuing division"), method="filter_region", validators=[code(r"\d\d(\d\d(\d\d)?)?")]
    )
    department = filters.CharFilter(label=_("Competent department"), field_name="department__name")
    prefix = filters.CharFilter(label=_("Prefix"), method="filter_prefix")
    ordering = filters.ChoiceFilter(
        label=_("Order"), choices=[(name, name) for name in ORDERINGS], method="keep", empty_label=None
    )

    id = RowsFilter(label=_("Ticked rows"))
    columns = ColumnsFilter(label=_("Columns"), method="keep")
    view = filters.ChoiceFilter(
        label=_("Kind of view"), choices=[("hits", "hits"), ("table", "table")], method="keep", empty_label=None
    )
    examples = filters.ChoiceFilter(label=_("With examples"), choices=[("1", "1")], method="keep", empty_label=None)
    divisions = filters.ChoiceFilter(
        label=_("Counted under today's divisions"), choices=[("today", "today")], method="keep", empty_label=None
    )
    search = NumberFilter(label=_("Saved search"), method="keep")

    beside = VIEW_PARAMETERS

    class Meta:
        model = Standard
        fields: list[str] = []

    @property
    def on_day(self) -> date:
        return self._cleaned("on") or timezone.localdate()

    @property
    def query(self) -> Query:
        return self._cleaned("q") or Query(())

    @property
    def chosen_columns(self) -> list[str]:
        """The columns that were chosen; none where nobody chose."""
        return self._cleaned("columns") or []

    @property
    def is_table(self) -> bool:
        return self._cleaned("view") == "table"

    @property
    def is_narrowed(self) -> bool:
        """Whether anything was left out by a filter, by words or by ticking rows."""
        return any(self._cleaned(name) for name in self.filters if name not in SHOWING)

    @property
    def under_todays_divisions(self) -> bool:
        """Whether what a division issued that is there no longer counts for the one that took its place."""
        return self._cleaned("divisions") == "today"

    @property
    def with_examples(self) -> bool:
        return self._cleaned("examples") == "1"

    def _cleaned(self, name):
        return self.form.cleaned_data.get(name) if self.is_valid() else None

    def keep(self, queryset, name, value):
        return queryset

    def filter_status(self, queryset, name, value):
        if not value:
            return queryset
        # One expression for every status: `in_force` would lead SQLite through the index on a day nearly all rows have.
        return queryset.alias(status_now=status_case(self.on_day)).filter(status_now__in=value)

    def filter_ics(self, queryset, name, value):
        below = Classification.objects.filter(Q(code=value) | Q(code__startswith=value + "."), scheme="ics")
        return _classified(queryset, below)

    def filter_ccs(self, queryset, name, value):
        code = value.upper()
        in_group = Q(code=code) | Q(parent__code=code)
        below = Q(code__startswith=code) if len(code) == 1 else in_group
        return _classified(queryset, Classification.objects.filter(below, scheme="ccs"))

    def filter_region(self, queryset, name, value):
        if self.under_todays_divisions:
            return queryset.filter(region__in=sorted(regions_within(value)))
        paths = set(Region.objects.filter(code=full_code(value)).values_list("path", flat=True))
        subtree = Region.objects.filter(under_any(paths, "path"))
        return queryset.filter(region__in=list(subtree.values_list("pk", flat=True)))

    def filter_prefix(self, queryset, name, value):
        """`GB` means GB, GB/T and GB/Z; `GB/T` only those numbers that begin so. Some prefixes have a stroke of
        their own (ISO/IEC, NB/SH)."""
        written = Q(prefix__in={value, value.upper()})
        if "/" in value:
            # The prefix's letters too: they stand in the narrow index, the number does not.
            letters = re.match(r"[A-Z]*", value.upper())[0]
            written |= Q(prefix__startswith=letters, number__startswith=value.upper() + " ")
        return queryset.filter(written)

    def filter_queryset(self, queryset):
        queryset = super().filter_queryset(queryset)
        return self.ordered(queryset.for_figures(examples=self.with_examples))

    def examples_left_out(self) -> int:
        """How many examples the view would show besides, if it were asked for them."""
        left_out = [] if self.with_examples else left_out_of_figures()
        if not left_out:
            return 0
        rows = super().filter_queryset(self.queryset.all()).order_by()
        return rows.filter(pk__in=left_out).count()

    def ordered(self, queryset: QuerySet) -> QuerySet:
        """In the order asked for; by relevance where words were given, else by number."""
        asked = self.form.cleaned_data.get("ordering") or "relevance"
        if asked != "relevance":
            return queryset.order_by(*ORDERINGS[asked])
        if not self.query:
            return queryset.order_by(*ORDERINGS["number"])
        return queryset.order_by(*search.relevance(self.query, self.on_day), "-year", "sort_key", "id")


def _classified(queryset: QuerySet, classes: QuerySet) -> QuerySet:
    ids = list(classes.values_list("pk", flat=True))
    links = Standard.classifications.through.objects.filter(classification_id__in=ids)
    return queryset.filter(pk__in=links.values("standard_id"))
