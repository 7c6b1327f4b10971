"""What lists of committees and of what belongs to them can be asked for: the same for page, export and API."""

import django_filters as filters
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from records.register_filters import RegisterFilterSet

from .committee_references import COMMITTEE
from .models import (
    Committee,
    CommitteeAssessment,
    CommitteeKind,
    CommitteeLevel,
    CommitteeMember,
    CommitteeMirror,
    CommitteeStatus,
    CommitteeTerm,
    Region,
    SecretariatSeat,
    full_code,
)
from .registers import DivisionFilter
from .seat_counts import seats_on
from .term_warnings import terms_ending, terms_over


class CommitteeFilter(filters.CharFilter):
    """Rows of one committee, named by its number in any spelling or by its exact name; `column` leads to it."""

    def __init__(self, column: str, label, **kwargs) -> None:
        super().__init__(label=label, **kwargs)
        self.column = column

    def filter(self, qs, value):
        if not value:
            return qs
        found = COMMITTEE.find({value.strip()}).get(value.strip(), [])
        return qs.filter(**{f"{self.column}__in": [one.pk for one in found]})


class CommitteeFilterSet(RegisterFilterSet):
    """`on` is the day of the status and of the seats; today where it is not given."""

    level = filters.MultipleChoiceFilter(label=_("Level"), choices=CommitteeLevel.choices)
    kind = filters.MultipleChoiceFilter(label=_("Kind"), choices=CommitteeKind.choices)
    on = filters.DateFilter(label=_("On the day"), method="leave")
    status = filters.MultipleChoiceFilter(
        label=_("Status on the day"), choices=CommitteeStatus.choices, method="with_status"
    )
    seat = filters.CharFilter(label=_("Division of the secretariat (code)"), method="seated")
    parent = CommitteeFilter("parent", _("Stands in (number)"))

    class Meta:
        model = Committee
        fields: list[str] = []

    @property
    def day(self):
        return self.form.cleaned_data.get("on") or timezone.localdate()

    def with_words(self, queryset, name, value):
        return queryset.matching(value.replace("\x00", " ")) if value.strip() else queryset

    def leave(self, queryset, name, value):
        return queryset

    def with_status(self, queryset, name, value):
        return queryset.with_status(self.day).filter(status__in=value) if value else queryset

    def seated(self, queryset, name, value):
        regions = Region.objects.filter(code=full_code(value)).order_by("-valid_from")
        region = regions.valid(self.day).first() or regions.first()
        if region is None:
            return queryset.none()
        return queryset.filter(pk__in=seats_on(self.day, region).values("committee"))


class SeatFilterSet(RegisterFilterSet):
    searched = ("committee__number", "committee__name", "committee__name_en", "organization__name")

    committee = CommitteeFilter("committee", _("Committee"))
    level = filters.MultipleChoiceFilter(
        label=_("Level"), field_name="committee__level", choices=CommitteeLevel.choices
    )
    share = filters.ChoiceFilter(label=_("Share"), choices=SecretariatSeat.Share.choices)
    region = DivisionFilter("organization__region__path")
    holding = filters.DateFilter(label=_("Held on"), method="held")

    class Meta:
        model = SecretariatSeat
        fields: list[str] = []

    def held(self, queryset, name, value):
        return queryset.holding(value)


class TermFilterSet(RegisterFilterSet):
    searched = ("committee__number", "committee__name", "committee__name_en")

    committee = CommitteeFilter("committee", _("Committee"))
    level = filters.MultipleChoiceFilter(
        label=_("Level"), field_name="committee__level", choices=CommitteeLevel.choices
    )
    region = DivisionFilter("committee__keeper__path")
    ending = filters.NumberFilter(
        label=_("Ends within so many months"), method="ends_within", min_value=1, max_value=60
    )
    over = filters.BooleanFilter(label=_("Has ended, no other has followed"), method="is_over")

    class Meta:
        model = CommitteeTerm
        fields: list[str] = []

    def ends_within(self, queryset, name, value):
        return terms_ending(timezone.localdate(), int(value), queryset)

    def is_over(self, queryset, name, value):
        gone = terms_over(timezone.localdate(), queryset)
        return gone if value else queryset.exclude(pk__in=gone.order_by().values("pk"))


class MemberFilterSet(RegisterFilterSet):
    searched = ("person", "unit", "organization__name", "term__committee__number", "term__committee__name")

    committee = CommitteeFilter("term__committee", _("Committee"))
    position = filters.MultipleChoiceFilter(label=_("Position"), choices=CommitteeMember.Position.choices)

    class Meta:
        model = CommitteeMember
        fields: list[str] = []


class AssessmentFilterSet(RegisterFilterSet):
    searched = ("committee__number", "committee__name", "grade__name")

    committee = CommitteeFilter("committee", _("Committee"))
    year = filters.NumberFilter(label=_("Year"))
    level = filters.MultipleChoiceFilter(
        label=_("Level"), field_name="committee__level", choices=CommitteeLevel.choices
    )
    region = DivisionFilter("committee__keeper__path")

    class Meta:
        model = CommitteeAssessment
        fields: list[str] = []


class MirrorFilterSet(RegisterFilterSet):
    searched = ("committee__number", "committee__name", "mirrors__number", "mirrors__name", "mirrors__name_en")

    committee = CommitteeFilter("committee", _("Domestic committee or body"))
    mirrors = CommitteeFilter("mirrors", _("International committee"))

    class Meta:
        model = CommitteeMirror
        fields: list[str] = []
