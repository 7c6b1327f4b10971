"""Pages of the API's short lists, in the shape of the long one: count, next, previous, results."""

from typing import Any

from django.utils.translation import gettext as _
from rest_framework.exceptions import ValidationError
from rest_framework.pagination import PageNumberPagination

PAGE_SIZE = 100
# Every division of all years fits, and so does each of the two classifications.
WHOLE = 10_000


def whole_number(text: str, name: str, largest: int) -> int:
    """A positive whole number from a query parameter; says which parameter and what it may be."""
    if not (text.isascii() and text.isdigit() and len(text) <= 9 and 1 <= int(text) <= largest):
        raise ValidationError(
            {name: _("%(name)s must be a whole number from 1 to %(limit)s.") % {"name": name, "limit": largest}}
        )
    return int(text)


class ListPages(PageNumberPagination):
    """`page` and `page_size`; the whole list is one page of the largest size. What means nothing is refused."""

    page_size = PAGE_SIZE
    page_size_query_param = "page_size"
    max_page_size = WHOLE

    def get_page_size(self, request: Any) -> int:
        return whole_number(request.query_params.get("page_size") or str(PAGE_SIZE), "page_size", WHOLE)

    def get_page_number(self, request: Any, paginator: Any) -> int:
        number = whole_number(request.query_params.get("page") or "1", "page", WHOLE)
        if number > paginator.num_pages:
            raise ValidationError({"page": _("There are only %(pages)s pages.") % {"pages": paginator.num_pages}})
        return number
