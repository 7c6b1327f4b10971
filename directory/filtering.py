"""Filters of API lists that tell a caller about a parameter that means nothing."""

from django.utils.translation import gettext as _
from django_filters.rest_framework import DjangoFilterBackend
from rest_framework.exceptions import ValidationError


class StrictFilterBackend(DjangoFilterBackend):
    """A misspelt filter is refused: ignored, it would answer with rows nobody asked for."""

    def filter_queryset(self, request, queryset, view):
        known = {*self.get_filterset_class(view, queryset).base_filters, "page", "page_size"}
        if unknown := sorted(set(request.query_params) - known):
            raise ValidationError({name: _("There is no such parameter.") for name in unknown})
        return super().filter_queryset(request, queryset, view)
