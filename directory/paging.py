"""Pages of the API's short lists, in the shape of the long one: count, next, previous, results."""

from typing import Any

from django.utils.translation import gettext as _
from rest_framework.exceptions import ValidationError
from rest_framework.pagination import PageNumberPagination

from records.paging import whole_number

PAGE_SIZE = 100
# Every division of all years fits, and so does each of the two classifications.
WHOLE = 10_000


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
