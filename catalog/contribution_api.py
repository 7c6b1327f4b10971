"""The ledger of contributions in the REST API: its rows, its figures, and entering, amending and voiding them."""

from collections.abc import Sequence
from typing import Any

from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers, status, viewsets
from rest_framework.decorators import action
from rest_framework.exceptions import PermissionDenied, ValidationError
from rest_framework.permissions import IsAuthenticatedOrReadOnly
from rest_framework.response import Response
from rest_framework.throttling import AnonRateThrottle, UserRateThrottle

from directory.models import Organization
from directory.resolving import resolve_names
from records.exporting import FORMATS, note_export, table_response
from records.models import Event
from records.paging import LARGEST_PAGE, page_of
from records.preconditions import Stale, VersionMissing
from records.throttling import ExportThrottle
from records.trail import actor_of

from .contributing import BLANK, LAST_RANK, ContributionRefused, State, state_of
from .contribution_counts import MOST_YEARS, Count, level_counts, organization_counts, with_organizations
from .contribution_figures import counts_table, figures_of
from .contribution_filters import ORDERINGS, ROLES, ContributionFilter
from .contribution_lists import may_enter, names_hold_on, save_list
from .contribution_payload import IN_LIST, columns, contribution_rows, json_rows, table_rows
from .drafters import LONGEST_NAME
from .drafting_roles import role_class
from .editions import VersionConflict
from .freshness import data_as_of
from .lead_words import rule_definition
from .leading import RULES
from .levels import DraftingRole, Level
from .models import Contribution, Standard
from .serializers import TidyText

ORGANIZATIONS = 1000  # of the table in an answer; a file holds all


def _text(name: str, description: str, **more: Any) -> OpenApiParameter:
    return OpenApiParameter(name, OpenApiTypes.STR, description=description, **more)


FILTERS = [
    _text("q", "Number or words of the standard."),
    _text("name", "Part of a printed name."),
    _text("organization", "Number of an organization."),
    _text("region", "Division of the organization on the day, with all below it: 320000, 3206."),
    _text("standard", "Address of a standard: gb-t-1-2020."),
    _text("level", "Level; may be repeated.", many=True, enum=Level.values),
    _text("year", "Year of the number, or a range: 2020, 2020-2024."),
    _text("part", "Class of the printed role; may be repeated.", many=True, enum=DraftingRole.values),
    _text("rule", "Lead rule; printed unless told otherwise.", enum=list(RULES)),
    _text("role", "Of standards in this role of the selection.", enum=[name for name, _label in ROLES]),
    _text("unresolved", "1: only names without an organization; 0: only those with one.", enum=["0", "1"]),
    _text("verified", "1: only what a person verified; 0: only what nobody did.", enum=["0", "1"]),
    _text("counted", "1: only what figures count.", enum=["0", "1"]),
    _text("on", "The day, YYYY-MM-DD; today unless told otherwise."),
    _text("years", f"Published in so many years up to the day, at most {MOST_YEARS}."),
]
PAGES = [
    _text("ordering", "Order of the standards.", enum=list(ORDERINGS)),
    OpenApiParameter("page", OpenApiTypes.INT, description="Page, from 1; pages reach 10,000 rows."),
    OpenApiParameter("page_size", OpenApiTypes.INT, description=f"Rows a page, at most {LARGEST_PAGE}."),
    _text("format", "csv, xlsx or jsonl give the whole view as a file.", enum=["json", *FORMATS]),
]
IF_MATCH = OpenApiParameter("If-Match", OpenApiTypes.STR, OpenApiParameter.HEADER, required=True)


class ContributionSerializer(serializers.Serializer):
    """A contribution. `rank` null is unknown; `organization` null waits for a person; `leads_under` names lead rules."""

    id = serializers.IntegerField()
    standard = serializers.CharField()
    slug = serializers.CharField()
    url = serializers.CharField()
    title = serializers.CharField()
    level = serializers.ChoiceField(Level.choices)
    published_on = serializers.CharField(allow_null=True)
    rank = serializers.IntegerField(allow_null=True)
    printed_name = serializers.CharField()
    printed_role = serializers.CharField(allow_blank=True)
    role = serializers.ChoiceField(DraftingRole.choices)
    organization = serializers.IntegerField(allow_null=True)
    organization_name = serializers.CharField(allow_null=True)
    region = serializers.CharField(allow_null=True)
    leads_under = serializers.ListField(child=serializers.ChoiceField([(name, name) for name in RULES]))
    recognition_document = serializers.CharField(allow_blank=True)
    source = serializers.CharField(allow_blank=True)
    document = serializers.CharField(allow_blank=True)
    verified = serializers.BooleanField()
    is_example = serializers.BooleanField()
    version = serializers.IntegerField()


class ContributionListSerializer(serializers.Serializer):
    """A page of contributions; `standards` is how many distinct standards the whole selection is of."""

    count = serializers.IntegerField()
    standards = serializers.IntegerField()
    next = serializers.CharField(allow_null=True)
    previous = serializers.CharField(allow_null=True)
    on = serializers.DateField()
    as_of = serializers.DateField()
    results = ContributionSerializer(many=True)


class FigureSerializer(serializers.Serializer):
    lead = serializers.IntegerField()
    participate = serializers.IntegerField()
    total = serializers.IntegerField()


class LevelFigureSerializer(FigureSerializer):
    level = serializers.ChoiceField(Level.choices)


class OrganizationFigureSerializer(FigureSerializer):
    organization = serializers.IntegerField()
    name = serializers.CharField()


class RuleSerializer(serializers.Serializer):
    name = serializers.CharField()
    version = serializers.CharField()
    label = serializers.CharField()
    definition = serializers.CharField()
    source = serializers.CharField()


class CountsSerializer(serializers.Serializer):
    """Distinct standards by level, and per organization (each for itself, so that the sum may exceed the total)."""

    rule = RuleSerializer()
    on = serializers.DateField()
    as_of = serializers.DateField()
    years = serializers.IntegerField(allow_null=True)
    levels = LevelFigureSerializer(many=True)
    total = FigureSerializer()
    organizations = OrganizationFigureSerializer(many=True)
    organizations_total = serializers.IntegerField()


class ContributionWriteSerializer(serializers.Serializer):
    """What may be written. The standard is given once; a blank organization is found by the printed name."""

    standard = serializers.CharField(max_length=150, help_text="Address of the standard: gb-t-1-2020.")
    printed_name = TidyText(max_length=LONGEST_NAME)
    rank = serializers.IntegerField(min_value=1, max_value=LAST_RANK, required=False, allow_null=True)
    printed_role = TidyText(max_length=60, required=False, allow_blank=True)
    organization = serializers.IntegerField(min_value=1, max_value=10**9, required=False, allow_null=True)
    document = TidyText(max_length=200, required=False, allow_blank=True)
    evidence = TidyText(max_length=5000, required=False, allow_blank=True)
    recognition_document = TidyText(max_length=200, required=False, allow_blank=True)
    reason = TidyText(max_length=200, required=False, allow_blank=True)

    def to_internal_value(self, data):
        if isinstance(data, dict) and (unknown := set(data) - set(self.fields)):
            raise serializers.ValidationError({str(name): _("There is no such field.") for name in sorted(unknown)})
        return super().to_internal_value(data)

    def validate_organization(self, number):
        if number and not Organization.objects.standing().filter(pk=number).exists():
            raise serializers.ValidationError(_("There is no organization #%(number)s.") % {"number": number})
        return number


class ContributionViewSet(viewsets.GenericViewSet):
    """Contributions: who drafted which standard."""

    queryset = Contribution.objects.none()
    serializer_class = ContributionSerializer
    lookup_value_regex = r"\d{1,18}"
    filter_backends = ()
    pagination_class = None
    permission_classes = (IsAuthenticatedOrReadOnly,)
    throttle_classes = (AnonRateThrottle, UserRateThrottle, ExportThrottle)

    def get_queryset(self):
        return Contribution.objects.visible_to(self.request.user)

    def _view(self, **fixed: str) -> ContributionFilter:
        data = self.request.query_params.copy()
        data.update(fixed)
        view = ContributionFilter(data, self.get_queryset(), request=self.request)
        if unknown := view.unknown_parameters:
            raise ValidationError({name: _("There is no such parameter.") for name in unknown})
        if not view.is_valid():
            raise ValidationError(view.errors)
        return view

    def _format(self) -> str:
        form = self.request.query_params.get("format", "json")
        if form not in ("json", *FORMATS):
            raise ValidationError({"format": _("Formats are json, csv, xlsx and jsonl.")})
        return form

    @property
    def _base(self) -> str:
        return self.request.build_absolute_uri(reverse("api:standard-list"))

    @extend_schema(parameters=[*FILTERS, *PAGES], responses=ContributionListSerializer)
    def list(self, request):
        view, form = self._view(), self._format()
        ordered = view.qs.order_by(*view.row_order, *IN_LIST[1:])
        if form != "json":
            query, title = request.query_params.urlencode(), f"{_('contributions')}_{view.on_day:%Y%m%d}"
            taken = {"query": query, "rows": ordered.count(), "format": form}
            note_export(Contribution, _("contributions"), taken, by=actor_of(request, Event.Channel.API))
            rows = json_rows(ordered, self._base) if form == "jsonl" else table_rows(ordered)
            return table_response(columns(), rows, form=form, title=title)
        part = page_of(ordered, request.query_params, request.build_absolute_uri(request.path))
        standards = view.standards().order_by().count()
        return Response(
            {
                "count": part.count,
                "standards": standards,
                "next": part.next,
                "previous": part.previous,
                "on": view.on_day,
                "as_of": data_as_of(),
                "results": contribution_rows(part.rows, self._base),
            }
        )

    @extend_schema(parameters=[*FILTERS, PAGES[-1]], responses=CountsSerializer)
    @action(detail=False, url_path="counts")
    def counts(self, request):
        view, form = self._view(counted="1"), self._format()
        if form != "json":
            headings, table, title = counts_table(view)
            taken = {"query": request.query_params.urlencode(), "rows": len(table), "format": form}
            note_export(Contribution, _("contributions"), taken, by=actor_of(request, Event.Channel.API))
            return table_response(headings, table, form=form, title=title)
        figures = level_counts(view.qs, view.rule_name)
        rows, total = organization_counts(view.qs, view.rule_name, ORGANIZATIONS)
        organizations = with_organizations(rows)
        answer = {
            "rule": rule_definition(view.rule_name),
            "on": view.on_day,
            "as_of": data_as_of(),
            "years": view.years_back,
            "levels": [{"level": level, **figures_of(count)} for level, count in figures.items()],
            "total": figures_of(sum(figures.values(), Count())),
            "organizations": [
                {"organization": one.pk, "name": one.name, **figures_of(count)} for one, count in organizations
            ],
            "organizations_total": total,
        }
        return Response(answer)

    @extend_schema(responses=ContributionSerializer)
    def retrieve(self, request, pk):
        return self._answer(get_object_or_404(self.get_queryset(), pk=pk).pk)

    def _answer(self, pk: int, code: int = 200) -> Response:
        (row,) = contribution_rows(self.get_queryset().filter(pk=pk), self._base)
        return Response(row, status=code, headers={"ETag": f'"{row["version"]}"'})

    @extend_schema(request=ContributionWriteSerializer, responses={201: ContributionSerializer})
    def create(self, request):
        told = self._values(ContributionWriteSerializer(data=request.data))
        standards = Standard.objects.visible_to(request.user)
        standard = get_object_or_404(standards, slug=told.pop("standard"))
        if not may_enter(request.user, standard):
            raise PermissionDenied
        reason = told.pop("reason", "")
        (made,) = self._save(standard, None, _state(BLANK, told, standard), reason)
        return self._answer(made.pk, status.HTTP_201_CREATED)

    @extend_schema(
        request=ContributionWriteSerializer(partial=True), responses=ContributionSerializer, parameters=[IF_MATCH]
    )
    def partial_update(self, request, pk):
        row = self._matched(pk)
        told = self._values(ContributionWriteSerializer(data=request.data, partial=True))
        if "standard" in told:
            raise ValidationError({"standard": _("A contribution stays with its standard; void it and enter another.")})
        reason = told.pop("reason", "")
        self._save(row.standard, row, _state(state_of(row), told, row.standard), reason)
        return self._answer(row.pk)

    @extend_schema(
        responses={204: None}, parameters=[IF_MATCH, _text("reason", "Why the record is voided.", required=True)]
    )
    def destroy(self, request, pk):
        row = self._matched(pk)
        reason = request.query_params.get("reason", "").strip()
        if not reason:
            raise ValidationError({"reason": _("Say why the record is voided.")})
        self._save(row.standard, row, None, reason)
        return Response(status=status.HTTP_204_NO_CONTENT)

    def _matched(self, pk: str) -> Contribution:
        """The contribution, if the caller may change it and read the version that is on record."""
        row = get_object_or_404(self.get_queryset().select_related("standard"), pk=pk)
        if not Contribution.objects.editable_by(self.request.user).filter(pk=row.pk).exists():
            raise PermissionDenied
        given = self.request.headers.get("If-Match", "")
        if not given:
            raise VersionMissing(_("Send If-Match with the ETag you read."))
        if str(row.version) not in {tag.strip().removeprefix("W/").strip('"') for tag in given.split(",")}:
            raise self._stale(row)
        return row

    def _stale(self, row: Contribution) -> Stale:
        """What a late writer is told; a row that was voided meanwhile is absent."""
        now = get_object_or_404(self.get_queryset(), pk=row.pk)
        return Stale(now, f'"{now.version}"')

    def _save(
        self, standard: Standard, row: Contribution | None, state: State | None, reason: str
    ) -> Sequence[Contribution]:
        by = actor_of(self.request, Event.Channel.API)
        kept = [] if state is None else [(row, state)]
        voided = [row] if state is None and row is not None else []
        try:
            return save_list(standard, kept, voided, by=by, reason=reason)
        except VersionConflict as conflict:
            if row is None:
                raise
            raise self._stale(row) from conflict
        except ContributionRefused as refusal:
            raise ValidationError(str(refusal)) from refusal

    def _values(self, serializer: serializers.Serializer) -> dict[str, Any]:
        serializer.is_valid(raise_exception=True)
        return dict(serializer.validated_data)


def _state(before: State, told: dict[str, Any], standard: Standard) -> State:
    """What a contribution comes to say; a new one without an organization is looked up by its printed name."""
    state = before | {name: value for name, value in told.items() if name in BLANK}
    if "organization" in told:
        state["organization_id"] = told["organization"]
    elif before is BLANK:
        meant = resolve_names([state["printed_name"]], on=names_hold_on(standard))
        state["organization_id"] = meant[state["printed_name"]].organization
    if "printed_role" in told:
        state["role"] = role_class(told["printed_role"])
    state["recognised"] = bool(state["recognition_document"])
    return state
