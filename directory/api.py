"""Divisions, as the API lists them."""

import django_filters as filters
from rest_framework import mixins, serializers, viewsets

from .filtering import StrictFilterBackend
from .models import Region, full_code
from .paging import ListPages


class RegionSerializer(serializers.ModelSerializer):
    """A division in the years of its validity; null years are unknown."""

    parent = serializers.CharField(source="parent.code", allow_null=True, default=None, read_only=True)
    successors = serializers.SlugRelatedField("code", many=True, read_only=True)

    class Meta:
        model = Region
        fields = ("code", "name", "level", "parent", "path", "valid_from", "valid_to", "successors")


class RegionFilter(filters.FilterSet):
    code = filters.CharFilter(method="with_code", label="Code, of six, four or two digits")
    parent = filters.CharFilter(method="with_parent", label="Code of the division above")
    level = filters.ChoiceFilter(choices=Region.Level.choices)
    on = filters.DateFilter(method="valid_on", label="Only divisions that existed on this day")
    q = filters.CharFilter(field_name="name", lookup_expr="contains", label="Part of the name")

    class Meta:
        model = Region
        fields: list[str] = []

    def with_code(self, queryset, name, value):
        return queryset.filter(code=full_code(value))

    def with_parent(self, queryset, name, value):
        return queryset.filter(parent__code=full_code(value))

    def valid_on(self, queryset, name, value):
        return queryset.valid(value)


class RegionViewSet(mixins.ListModelMixin, viewsets.GenericViewSet):
    """Divisions of all years; `on` gives those of a day."""

    queryset = Region.objects.select_related("parent").prefetch_related("successors").order_by("code", "valid_from")
    serializer_class = RegionSerializer
    filterset_class = RegionFilter
    filter_backends = (StrictFilterBackend,)
    pagination_class = ListPages
