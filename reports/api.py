"""The trail's API: the auditor's tokens read it, nobody writes it."""

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers, viewsets
from rest_framework.exceptions import ValidationError
from rest_framework.response import Response

from directory.access import AuditorReads
from records.models import Event
from records.trail import actor_of

from .trail_exports import note_taken, row_of
from .trail_filters import TrailFilter
from .trail_pages import LARGEST_PAGE, BadCursor, part_of


class TrailRowSerializer(serializers.Serializer):
    """One event; `changes` maps a field to [before, after], personal numbers masked."""

    id = serializers.IntegerField()
    at = serializers.DateTimeField()
    actor = serializers.CharField(help_text="The account's name as it was then; empty for the system and the public.")
    role = serializers.CharField()
    division = serializers.CharField(help_text="Path of that day, /320000/320600/.")
    channel = serializers.CharField()
    address = serializers.CharField()
    request_id = serializers.CharField()
    action = serializers.CharField()
    object_type = serializers.CharField()
    object_id = serializers.IntegerField()
    object_label = serializers.CharField()
    changes = serializers.DictField()
    reason = serializers.CharField()
    document = serializers.CharField()
    batch = serializers.IntegerField(allow_null=True)


class TrailListSerializer(serializers.Serializer):
    next = serializers.CharField(allow_null=True)
    results = TrailRowSerializer(many=True)


NUMBERS, DAYS = {"object_id", "batch"}, {"from_on", "to_on"}


def _parameter(name: str, said: object) -> OpenApiParameter:
    kind = OpenApiTypes.INT if name in NUMBERS else OpenApiTypes.DATE if name in DAYS else OpenApiTypes.STR
    return OpenApiParameter(name, OpenApiTypes.BOOL if name == "anywhere" else kind, description=str(said))


WORDS = {
    "q": "Beginning of the object's name, to the letter.",
    "anywhere": "Look for q anywhere in the name, capital or small.",
    "object_type": "Kind of object: catalog.standard, directory.user …",
    "object_id": "The object's number.",
    "actor": "Name of an account, or full name of who holds it.",
    "role": "Role under which it was done.",
    "division": "Code of a division; with all below it.",
    "action": "What was done.",
    "channel": "web, api, command or system.",
    "address": "Address it came from.",
    "request_id": "Number of the request.",
    "document": "What it was done under.",
    "batch": "Number of the import batch.",
    "from_on": "First day.",
    "to_on": "Last day.",
}
PARAMETERS = [
    *(_parameter(name, said) for name, said in WORDS.items()),
    OpenApiParameter("cursor", OpenApiTypes.STR, description="Given out as part of `next`."),
    OpenApiParameter("page_size", OpenApiTypes.INT, description=f"Events a part, at most {LARGEST_PAGE}."),
]


class TrailViewSet(viewsets.GenericViewSet):
    """What was done, newest first. Beginning to read is an event itself."""

    queryset = Event.objects.none()
    serializer_class = TrailRowSerializer
    permission_classes = (AuditorReads,)
    filter_backends = ()
    pagination_class = None

    @extend_schema(parameters=PARAMETERS, responses=TrailListSerializer)
    def list(self, request):
        view = TrailFilter(request.query_params, Event.objects.all())
        size = _size(request.query_params.get("page_size", "100"))
        if view.unknown_parameters:
            raise ValidationError(dict.fromkeys(view.unknown_parameters, "There is no such parameter."))
        if not view.is_valid():
            raise ValidationError(view.errors)
        try:
            part = part_of(view.qs, request.query_params.get("cursor", ""), size)
        except BadCursor as refusal:
            raise ValidationError({"cursor": str(refusal)}) from refusal
        if not request.query_params.get("cursor"):
            note_taken("api", view.asked, by=actor_of(request, Event.Channel.API))
        return Response({"next": self._next(request, part.older), "results": [row_of(one) for one in part.events]})

    def _next(self, request, cursor: str) -> str | None:
        if not cursor:
            return None
        parameters = request.query_params.copy()
        parameters["cursor"] = cursor
        return f"{request.build_absolute_uri(request.path)}?{parameters.urlencode()}"


def _size(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) < 9 and 1 <= int(text) <= LARGEST_PAGE):
        raise ValidationError({"page_size": f"1 to {LARGEST_PAGE}"})
    return int(text)
