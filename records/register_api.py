"""The API of a kind of simple record: list, one, enter, amend, void."""

from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import models
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_view
from rest_framework import exceptions, serializers, status, viewsets
from rest_framework.permissions import SAFE_METHODS, BasePermission
from rest_framework.response import Response
from rest_framework.throttling import AnonRateThrottle, UserRateThrottle

from . import versions
from .exporting import FORMATS, note_export, table_response
from .models import Event
from .paging import LARGEST_PAGE, page_of
from .preconditions import Stale, VersionMissing
from .register_rows import columns, export_rows
from .registering import amend, enter, void
from .registers import Register, natural, read_rows
from .remarks import say
from .throttling import ExportThrottle
from .trail import actor_of

IF_MATCH = OpenApiParameter("If-Match", OpenApiTypes.STR, OpenApiParameter.HEADER, required=True)
REASON = OpenApiParameter("reason", OpenApiTypes.STR, description="Why the record is voided.", required=True)
PAGES = [
    OpenApiParameter("page", OpenApiTypes.INT, description="Page, from 1; pages reach 10,000 rows."),
    OpenApiParameter("page_size", OpenApiTypes.INT, description=f"Rows a page, at most {LARGEST_PAGE}."),
    OpenApiParameter("format", OpenApiTypes.STR, description="The whole view as a file.", enum=["json", *FORMATS]),
]


class ReadAllWriteKeepers(BasePermission):
    """Everybody reads; who may enter records at all writes, each within his reach."""

    def has_permission(self, request, view) -> bool:
        return request.method in SAFE_METHODS or view.register.may_enter(request.user)


class RegisterViewSet(viewsets.GenericViewSet):
    """Records of one kind; `register` describes it. Values are given and taken as people write them."""

    register: Register
    filter_backends = ()
    pagination_class = None
    lookup_value_regex = r"\d{1,18}"
    permission_classes = (ReadAllWriteKeepers,)
    throttle_classes = (AnonRateThrottle, UserRateThrottle, ExportThrottle)

    def get_queryset(self):
        return self.register.model.objects.visible_to(self.request.user).order_by(*self.register.order)

    def list(self, request):
        view = self.register.filterset(request.query_params, queryset=self.get_queryset(), request=request)
        if faults := view.faults():
            raise exceptions.ValidationError(faults)
        form = request.query_params.get("format", "json")
        if form in FORMATS:
            title = f"{self.register.title}_{timezone.localdate():%Y%m%d}"
            taken = {"query": request.query_params.urlencode(), "rows": view.qs.order_by().count(), "format": form}
            note_export(self.register.model, self.register.title, taken, by=actor_of(request, Event.Channel.API))
            return table_response(columns(self.register), export_rows(self.register, view.qs), form=form, title=title)
        if form != "json":
            raise exceptions.ValidationError({"format": _("Formats are json, csv, xlsx and jsonl.")})
        part = page_of(view.qs, request.query_params, request.build_absolute_uri(request.path))
        results = bodies(self.register, [*part.rows], request)
        return Response({"count": part.count, "next": part.next, "previous": part.previous, "results": results})

    def retrieve(self, request, pk):
        return self._answer(get_object_or_404(self.get_queryset(), pk=pk))

    def create(self, request):
        values = self._values(request)
        record = self._done(enter, values, by=actor_of(request, Event.Channel.API), **self._why(request))
        return self._answer(record, status.HTTP_201_CREATED)

    def partial_update(self, request, pk):
        record, version = self._matched(request, pk)
        values = self._values(request)
        by = actor_of(request, Event.Channel.API)
        return self._answer(self._done(amend, record, values, version=version, by=by, **self._why(request)))

    def destroy(self, request, pk):
        record, version = self._matched(request, pk)
        record.version = version
        reason = request.query_params.get("reason", "")
        self._done(void, [record], by=actor_of(request, Event.Channel.API), reason=reason)
        return Response(status=status.HTTP_204_NO_CONTENT)

    def _done(self, verb, *args, **kwargs) -> Any:
        try:
            return verb(self.register, *args, **kwargs)
        except versions.Stale as conflict:
            [record] = args[0] if isinstance(args[0], list) else args[:1]
            raise self._stale(record) from conflict
        except ValidationError as refusal:
            told = refusal.message_dict if hasattr(refusal, "error_dict") else {"": refusal.messages}
            raise exceptions.ValidationError(told) from refusal
        except PermissionDenied as refusal:
            raise exceptions.PermissionDenied(str(refusal)) from refusal

    def _body(self, request) -> dict[str, Any]:
        if not isinstance(request.data, dict):
            raise exceptions.ValidationError({"": _("Send an object with the fields to write.")})
        return {str(name): request.data[name] for name in request.data}

    def _why(self, request) -> dict[str, str]:
        return {name: str(request.data.get(name) or "")[:200] for name in ("reason", "document")}

    def _values(self, request) -> dict[str, Any]:
        known = {item.name for item in self.register.items}
        body = self._body(request)
        if unknown := sorted(set(body) - known - {"reason", "document"}):
            raise exceptions.ValidationError({name: _("There is no such field.") for name in unknown})
        reading = read_rows(self.register, [body], clearing=True)[0]
        if reading.problems:
            raise exceptions.ValidationError({note.field: say(note) for note in reading.problems})
        return reading.values

    def _matched(self, request, pk) -> tuple[Any, int]:
        """The record, and the version the caller read, if that is what stands."""
        record = get_object_or_404(self.get_queryset(), pk=pk)
        if not self.get_queryset().editable_by(request.user).filter(pk=pk).exists():
            raise exceptions.PermissionDenied(_("Out of your reach: %(names)s") % {"names": record})
        given = request.headers.get("If-Match", "")
        if not given:
            raise VersionMissing(_("Send If-Match with the ETag you read."))
        if str(record.version) not in {tag.strip().removeprefix("W/").strip('"') for tag in given.split(",")}:
            raise self._stale(record)
        return record, record.version

    def _stale(self, record: Any) -> Stale:
        now = self.get_queryset().filter(pk=record.pk).first() or record
        return Stale(now, f'"{now.version}"')

    def _answer(self, record: models.Model, code: int = 200) -> Response:
        return Response(
            bodies(self.register, [record], self.request)[0], status=code, headers={"ETag": f'"{record.version}"'}
        )


def bodies(register: Register, records: list[Any], request: Any) -> list[dict[str, Any]]:
    """Records as the API gives them: values as people write them, and where each stands."""
    cells = natural(register, [register.state_of(record) for record in records])
    _hide_private(register, records, cells, request.user)
    base = request.build_absolute_uri("/").rstrip("/")
    return [
        {
            "id": record.pk,
            **one,
            "version": record.version,
            "is_example": record.is_example,
            "url": base + reverse("register_record", args=[register.kind, record.pk]),
        }
        for record, one in zip(records, cells, strict=True)
    ]


def _hide_private(register: Register, records: list[Any], cells: list[dict[str, Any]], user: Any) -> None:
    names = [item.name for item in register.items if item.private]
    if not names:
        return
    ids = {record.pk for record in records}
    mine = set(register.model._default_manager.editable_by(user).filter(pk__among=ids).values_list("pk", flat=True))
    for record, one in zip(records, cells, strict=True):
        if record.pk not in mine:
            one |= dict.fromkeys(names)


def register_viewset(register: Register) -> type[RegisterViewSet]:
    """The ViewSet of a kind of record, with its schema."""
    name = "".join(part.title() for part in register.kind.split("-"))
    row = type(f"{name}Row", (serializers.Serializer,), _row_fields(register))
    written = type(f"{name}Write", (serializers.Serializer,), _written_fields(register))
    listed = type(f"{name}List", (serializers.Serializer,), _list_fields(row))
    asked = [
        OpenApiParameter(name, OpenApiTypes.STR, description=str(one.label or name))
        for name, one in register.filterset.base_filters.items()
    ]
    view = type(
        f"{name}ViewSet",
        (RegisterViewSet,),
        {
            "register": register,
            "queryset": register.model.objects.none(),
            "serializer_class": row,
            "__doc__": f"Records of one kind: {register.kind}.",
        },
    )
    decorated = extend_schema_view(
        list=extend_schema(parameters=[*asked, *PAGES], responses=listed),
        retrieve=extend_schema(responses=row),
        create=extend_schema(request=written, responses={201: row}),
        partial_update=extend_schema(request=written(partial=True), responses=row, parameters=[IF_MATCH]),
        destroy=extend_schema(responses={204: None}, parameters=[IF_MATCH, REASON]),
    )
    return decorated(view)


def _row_fields(register: Register) -> dict[str, serializers.Field]:
    own = {item.name: _schema_field(register.field(item.name)) for item in register.items}
    rest = {
        "id": serializers.IntegerField(),
        "version": serializers.IntegerField(),
        "is_example": serializers.BooleanField(),
        "url": serializers.URLField(),
    }
    return own | rest


def _written_fields(register: Register) -> dict[str, serializers.Field]:
    own = {
        item.name: serializers.CharField(required=item.required, allow_blank=True, help_text=str(item.help or ""))
        for item in register.items
    }
    return own | {name: serializers.CharField(required=False, max_length=200) for name in ("reason", "document")}


def _list_fields(row: type[serializers.Serializer]) -> dict[str, serializers.Field]:
    return {
        "count": serializers.IntegerField(),
        "next": serializers.URLField(allow_null=True),
        "previous": serializers.URLField(allow_null=True),
        "results": row(many=True),
    }


def _schema_field(field: models.Field) -> serializers.Field:
    if isinstance(field, models.IntegerField) and not field.choices:
        return serializers.IntegerField(allow_null=True)
    if isinstance(field, models.BooleanField):
        return serializers.BooleanField()
    return serializers.CharField(allow_null=True)
