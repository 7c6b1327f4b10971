"""The catalogue's REST API: read for all, written by cataloguers with a token."""

import hashlib
import json
from collections.abc import Sequence

import django_filters as filters
from django.db import IntegrityError
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_view
from rest_framework import mixins, status, viewsets
from rest_framework.decorators import action
from rest_framework.exceptions import PermissionDenied, ValidationError
from rest_framework.response import Response
from rest_framework.throttling import AnonRateThrottle, UserRateThrottle

from directory.filtering import StrictFilterBackend
from directory.paging import ListPages
from records.exporting import FORMATS
from records.models import Event
from records.paging import LARGEST_PAGE, cursor_of, page_of
from records.preconditions import Conflict, Stale, VersionMissing
from records.throttling import ExportThrottle
from records.trail import actor_of, plain
from tabular.dates import PartialDate

from .columns import COLUMNS
from .editions import VersionConflict, save_edition, void_editions
from .exports import export_response, note_taken
from .facets import facet_counts
from .families import linked_families
from .filters import StandardFilter
from .freshness import data_as_of
from .keeping import not_yours, out_of_reach
from .levels import Kind, Level, Nature, Status
from .merging import PRECISION_OF
from .models import Classification, Family, Standard, StandardRelation
from .numbers import StandardNumber
from .payload import payload
from .serializers import (
    ClassificationSerializer,
    FacetsSerializer,
    FamilySerializer,
    StandardDetailSerializer,
    StandardListSerializer,
    StandardRowSerializer,
    StandardWriteSerializer,
)


def _text(name: str, description: str, **more) -> OpenApiParameter:
    return OpenApiParameter(name, OpenApiTypes.STR, description=description, **more)


DAY = _text("on", "The day for which statuses are asked, YYYY-MM-DD; today unless told otherwise.")
FILTERS = [
    _text("q", "Number in any spelling, words, organizations; several words mean all of them."),
    _text("level", "Level; may be repeated.", many=True, enum=Level.values),
    _text("nature", "Nature; may be repeated.", many=True, enum=Nature.values),
    _text("kind", "What it is; may be repeated.", many=True, enum=Kind.values),
    _text("status", "Status on the day; may be repeated.", many=True, enum=Status.values),
    DAY,
    _text("year", "Year of the number, or a range: 2020, 2020-2024."),
    _text("ics", "ICS code; with all below it."),
    _text("ccs", "CCS class or code."),
    _text("region", "Issuing division, with all below it: 320000, 3206."),
    _text(
        "divisions",
        "today: what a division issued that is there no longer counts for the one that took its place.",
        enum=["today"],
    ),
    _text("department", "Name of the competent department."),
    _text("prefix", "GB (with GB/T, GB/Z) or GB/T."),
    OpenApiParameter("id", OpenApiTypes.INT, description="Rows by their numbers; may be repeated.", many=True),
    _text("examples", "1: count and list examples too, where real records stand beside them.", enum=["1"]),
    _text("ordering", "relevance number published_on implemented_on, each also with -."),
]
PAGES = [
    OpenApiParameter("page", OpenApiTypes.INT, description="Page, from 1; pages reach 10,000 rows."),
    OpenApiParameter("page_size", OpenApiTypes.INT, description=f"Rows a page, at most {LARGEST_PAGE}."),
    _text("cursor", "For harvesters: an empty cursor begins, `next` goes on."),
    _text("format", "csv, xlsx or jsonl give the whole view as a file.", enum=["json", *FORMATS]),
    _text("columns", f"Columns of a file, with commas between them: {' '.join(COLUMNS)}. JSON rows are always whole."),
]


class StandardViewSet(viewsets.GenericViewSet):
    """Standards: search, look up, take away, write."""

    queryset = Standard.objects.none()
    serializer_class = StandardRowSerializer
    lookup_field = "slug"
    lookup_value_regex = r"[^/\x00]+"
    filter_backends = ()
    pagination_class = None
    throttle_classes = (AnonRateThrottle, UserRateThrottle, ExportThrottle)

    def get_queryset(self):
        return Standard.objects.visible_to(self.request.user)

    def _view(self) -> StandardFilter:
        view = StandardFilter(self.request.query_params, self.get_queryset(), request=self.request)
        if unknown := view.unknown_parameters:
            raise ValidationError({name: _("There is no such parameter.") for name in unknown})
        if not view.is_valid():
            raise ValidationError(view.errors)
        return view

    @property
    def _base(self) -> str:
        return self.request.build_absolute_uri(reverse("api:standard-list"))

    @extend_schema(parameters=[*FILTERS, *PAGES], responses=StandardListSerializer)
    def list(self, request):
        view = self._view()
        form = request.query_params.get("format", "json")
        if form in FORMATS:
            return self._file(view, form)
        if form != "json":
            raise ValidationError({"format": _("Formats are json, csv, xlsx and jsonl.")})
        parameters = request.query_params
        part = (cursor_of if "cursor" in parameters else page_of)(view.qs, parameters, self._base)
        return Response(
            {
                "count": part.count,
                "next": part.next,
                "previous": part.previous,
                "on": view.on_day,
                "as_of": data_as_of(),
                "results": payload(part.rows, view.on_day, self._base),
            }
        )

    def _file(self, view: StandardFilter, form: str):
        if self.request.user.is_authenticated:
            by, query = actor_of(self.request, Event.Channel.API), self.request.query_params.urlencode()
            note_taken(by=by, query=query, rows=view.qs.order_by().count(), keys=view.chosen_columns, form=form)
        wanted = {"keys": view.chosen_columns, "narrowed": view.is_narrowed}
        return export_response(view.qs, view.on_day, form, self._base, **wanted)

    @extend_schema(parameters=FILTERS, responses=FacetsSerializer)
    @action(detail=False, url_path="facets")
    def facets(self, request):
        view = self._view()
        counts = facet_counts(view.qs, view.on_day, todays_divisions=view.under_todays_divisions)
        return Response(
            {
                name: [{"value": one.value, "label": one.label, "count": one.count} for one in values]
                for name, values in counts.items()
            }
        )

    @extend_schema(parameters=[DAY], responses=StandardDetailSerializer)
    def retrieve(self, request, slug):
        standard = get_object_or_404(self.get_queryset(), slug=slug)
        return self._detail(standard)

    def _detail(self, standard: Standard, code: int = 200) -> Response:
        view = StandardFilter({"on": self.request.query_params.get("on", "")}, self.get_queryset())
        if not view.is_valid():
            raise ValidationError(view.errors)
        body = detail(standard, view.on_day, self._base)
        return Response(body, status=code, headers={"ETag": etag(standard, body)})

    @extend_schema(request=StandardWriteSerializer, responses={201: StandardDetailSerializer})
    def create(self, request):
        values = self._values(StandardWriteSerializer(data=request.data))
        number, reason, replaced = values.pop("number"), values.pop("reason", ""), values.pop("replaces", None)
        if out_of_reach([number], request.user):
            raise PermissionDenied(not_yours(number))
        self._refuse_foreign(replaced)
        self._refuse_existing(number)
        try:
            by = actor_of(request, Event.Channel.API)
            standard = save_edition(None, _state(values), by=by, number=number, replaces=replaced, reason=reason)
        except IntegrityError as error:
            self._refuse_existing(number)
            raise ValidationError(_("These values contradict those on record.")) from error
        return self._detail(standard, status.HTTP_201_CREATED)

    def _refuse_existing(self, number: StandardNumber) -> None:
        """Say that an edition is in the catalogue, and where; another caller may have been a moment earlier."""
        found = Standard.objects.filter(key=number.key, voided_at__isnull=True).first()
        if found is not None:
            url = f"{self._base}{found.slug}/"
            raise Conflict(_("%(number)s is in the catalogue already: %(url)s") % {"number": number, "url": url}, url)

    @extend_schema(
        request=StandardWriteSerializer(partial=True),
        responses=StandardDetailSerializer,
        parameters=[OpenApiParameter("If-Match", OpenApiTypes.STR, OpenApiParameter.HEADER, required=True)],
    )
    def partial_update(self, request, slug):
        standard = self._matched(slug)
        values = self._values(StandardWriteSerializer(standard, data=request.data, partial=True))
        if "number" in values:
            raise ValidationError({"number": _("A number is not changed; enter the other edition and relate the two.")})
        reason, replaced = values.pop("reason", ""), values.pop("replaces", None)
        self._refuse_foreign(replaced)
        try:
            by = actor_of(request, Event.Channel.API)
            save_edition(standard, _state(values), by=by, replaces=replaced, reason=reason)
        except VersionConflict as conflict:
            raise self._stale(standard) from conflict
        except IntegrityError as error:
            raise ValidationError(_("These values contradict those on record.")) from error
        return self._detail(Standard.objects.get(pk=standard.pk))

    @extend_schema(
        responses={204: None},
        parameters=[
            OpenApiParameter("If-Match", OpenApiTypes.STR, OpenApiParameter.HEADER, required=True),
            _text("reason", "Why the record is voided.", required=True),
        ],
    )
    def destroy(self, request, slug):
        standard = self._matched(slug)
        reason = request.query_params.get("reason", "").strip()
        if not reason:
            raise ValidationError({"reason": _("Say why the record is voided.")})
        try:
            void_editions([standard], by=actor_of(request, Event.Channel.API), reason=reason)
        except VersionConflict as conflict:
            raise self._stale(standard) from conflict
        return Response(status=status.HTTP_204_NO_CONTENT)

    def _matched(self, slug: str) -> Standard:
        """The standard, if the caller changed the version that is on record."""
        standard = get_object_or_404(self.get_queryset(), slug=slug)
        if not self.get_queryset().editable_by(self.request.user).filter(pk=standard.pk).exists():
            raise PermissionDenied(not_yours(standard))
        given = self.request.headers.get("If-Match", "")
        if not given:
            raise VersionMissing(_("Send If-Match with the ETag you read."))
        versions = {tag.strip().removeprefix("W/").strip('"').partition(".")[0] for tag in given.split(",")}
        if str(standard.version) not in versions:
            raise self._stale(standard)
        return standard

    def _stale(self, standard: Standard) -> Stale:
        """What a late writer is told; a record that was voided meanwhile is absent."""
        now = get_object_or_404(self.get_queryset(), pk=standard.pk)
        view = StandardFilter({}, self.get_queryset())
        return Stale(now, etag(now, detail(now, view.on_day, self._base)))

    def _refuse_foreign(self, replaced: Sequence[StandardNumber] | None) -> None:
        """Whoever says that a standard ends has to keep it."""
        barred = out_of_reach(replaced or (), self.request.user)
        if foreign := [number for number in replaced or () if number.key in barred]:
            raise ValidationError({"replaces": not_yours(*foreign)})

    def _values(self, serializer) -> dict:
        serializer.is_valid(raise_exception=True)
        return dict(serializer.validated_data)


def _state(values: dict) -> dict:
    """Validated values by the names of `catalog.states`."""
    state = {name: plain(value) for name, value in values.items() if not isinstance(value, PartialDate)}
    for name, day in values.items():
        if isinstance(day, PartialDate):
            state[name] = day.start.isoformat()
            state[PRECISION_OF[name]] = day.precision
    return state


def etag(standard: Standard, body: dict) -> str:
    """The version for If-Match, and what else the answer depends on (the day, the neighbours)."""
    content = json.dumps(body, default=str, sort_keys=True).encode()
    return f'"{standard.version}.{hashlib.sha256(content).hexdigest()[:16]}"'


def detail(standard: Standard, on, base: str) -> dict:
    """One standard in full."""
    row = payload(Standard.objects.filter(pk=standard.pk), on, base)[0]
    claims = [{"source": c.source, "as_of": c.as_of, "values": c.values} for c in standard.claims.order_by("source")]
    flags = standard.flags.filter(settled_at__isnull=True).order_by("kind").values_list("kind", flat=True)
    return {
        **row,
        "family": standard.family.slug,
        "scope": standard.scope,
        "filing_number": standard.filing_number,
        "relations": _relations(standard),
        "claims": claims,
        "flags": sorted(set(flags)),
        "on": on,
        "as_of": data_as_of(),
        "version": standard.version,
    }


def _relations(standard: Standard) -> list[dict]:
    forward = StandardRelation.objects.filter(source=standard, voided_at__isnull=True).select_related("target")
    backward = StandardRelation.objects.filter(target=standard, voided_at__isnull=True).select_related("source")
    ends = [(one, "forward", one.target_number, one.target) for one in forward]
    ends += [(one, "backward", one.source_number, one.source) for one in backward]
    return [
        {
            "kind": one.kind,
            "direction": direction,
            "number": number,
            "slug": other.slug if other else None,
            "degree": one.degree,
            "inferred": one.inferred,
        }
        for one, direction, number, other in ends
    ]


class FamilyViewSet(viewsets.GenericViewSet):
    """A number without its year: `/families/gb-t-24421.2/` answers what an undated reference means today."""

    queryset = Family.objects.none()
    serializer_class = FamilySerializer
    lookup_field = "slug"
    lookup_value_regex = r"[^/\x00]+"
    filter_backends = ()

    @extend_schema(parameters=[DAY], responses=FamilySerializer)
    def retrieve(self, request, slug):
        family = get_object_or_404(Family, slug=slug)
        view = StandardFilter({"on": request.query_params.get("on", "")}, Standard.objects.none())
        if not view.is_valid():
            raise ValidationError(view.errors)
        base = request.build_absolute_uri(reverse("api:standard-list"))
        editions = Standard.objects.visible_to(request.user).filter(family=family).order_by("-year", "kind", "key")
        rows = payload(editions, view.on_day, base)
        if not rows:
            raise Http404
        current = [row for row in rows if row["status"] == "in_force" and row["kind"] == "standard"]
        return Response(
            {
                "slug": family.slug,
                "number": family.number,
                "current": current[0] if current else None,
                "editions": rows,
                "linked": [one.slug for one in linked_families(family)],
                "on": view.on_day,
                "as_of": data_as_of(),
            }
        )


class ClassificationFilter(filters.FilterSet):
    scheme = filters.ChoiceFilter(choices=Classification.Scheme.choices)
    parent = filters.CharFilter(field_name="parent__code", label="Parent's code")
    code = filters.CharFilter(field_name="code", lookup_expr="istartswith", label="Beginning of the code")

    class Meta:
        model = Classification
        fields: list[str] = []


@extend_schema_view(list=extend_schema(description="ICS and CCS, by scheme and code."))
class ClassificationViewSet(mixins.ListModelMixin, viewsets.GenericViewSet):
    queryset = Classification.objects.select_related("parent").order_by("scheme", "code")
    serializer_class = ClassificationSerializer
    filterset_class = ClassificationFilter
    filter_backends = (StrictFilterBackend,)
    pagination_class = ListPages
