"""Two ways through a long list: pages to look at, a cursor to take it all away."""

import binascii
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass
from urllib.parse import urlencode

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from rest_framework.exceptions import ValidationError

PAGE_SIZE = 20
LARGEST_PAGE = 100
DEEPEST_ROW = 10_000


def whole_number(text: str, name: str, largest: int) -> int:
    """A positive whole number from a query parameter; says which parameter and what it may be."""
    if not (text.isascii() and text.isdigit() and len(text) <= 9 and 1 <= int(text) <= largest):
        raise ValidationError(
            {name: _("%(name)s must be a whole number from 1 to %(limit)s.") % {"name": name, "limit": largest}}
        )
    return int(text)


@dataclass(slots=True)
class Slice:
    """Part of a list: its rows as a queryset, the count of the whole, the addresses of its neighbours."""

    rows: QuerySet
    count: int
    number: int = 1
    pages: int = 1
    next: str | None = None
    previous: str | None = None
    first: int = 1  # the place of its first row in the whole


def page_of(queryset: QuerySet, parameters, path: str, count: int | None = None) -> Slice:
    """The page that `page` and `page_size` ask for; page 1 always exists. Raises `ValidationError`.

    `count` is how many rows there are, where the caller has counted them already.
    """
    size = whole_number(parameters.get("page_size") or str(PAGE_SIZE), "page_size", LARGEST_PAGE)
    number = whole_number(parameters.get("page") or "1", "page", DEEPEST_ROW)
    if number * size > DEEPEST_ROW and number > 1:
        limit = {"limit": DEEPEST_ROW}
        raise ValidationError(
            {"page": _("Pages reach %(limit)s rows; take longer lists with cursor= or an export.") % limit}
        )
    if count is None:
        count = queryset.order_by().count()
    pages = max(1, -(-count // size))
    if number > pages:
        raise ValidationError({"page": _("There are only %(pages)s pages.") % {"pages": pages}})
    rows = queryset[(number - 1) * size : number * size]
    reach = number < pages and (number + 1) * size <= DEEPEST_ROW

    def address(other: int) -> str:
        return f"{path}?{_replaced(parameters, page=str(other))}"

    return Slice(
        rows,
        count,
        number,
        pages,
        next=address(number + 1) if reach else None,
        previous=address(number - 1) if number > 1 else None,
        first=(number - 1) * size + 1,
    )


def cursor_of(queryset: QuerySet, parameters, path: str) -> Slice:
    """The rows after a cursor, in the order in which they entered the catalogue; an empty cursor begins."""
    size = whole_number(parameters.get("page_size") or str(LARGEST_PAGE), "page_size", LARGEST_PAGE)
    after = _read_cursor(parameters["cursor"])
    ordered = queryset.order_by("pk")
    ids = list(ordered.filter(pk__gt=after).values_list("pk", flat=True)[: size + 1])
    rows = ordered.filter(pk__in=ids[:size])
    more = len(ids) > size
    following = f"{path}?{_replaced(parameters, cursor=_write_cursor(ids[size - 1]))}" if more else None
    return Slice(rows, queryset.order_by().count(), next=following)


def _write_cursor(pk: int) -> str:
    return urlsafe_b64encode(f"after {pk}".encode()).decode().rstrip("=")


def _read_cursor(text: str) -> int:
    if not text:
        return 0
    try:
        word, number = urlsafe_b64decode(text + "=" * (-len(text) % 4)).decode().split(" ")
    except (ValueError, binascii.Error):
        word = number = ""
    if word != "after" or not (number.isascii() and number.isdigit() and len(number) < 19):
        raise ValidationError({"cursor": _("This cursor was not given out here; begin with an empty one.")})
    return int(number)


def _replaced(parameters, **values: str) -> str:
    pairs = [(name, value) for name in parameters for value in parameters.getlist(name) if name not in values]
    return urlencode([*pairs, *values.items()])
