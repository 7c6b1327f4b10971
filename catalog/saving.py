"""The list of standards as something to save, share and subscribe to (`directory.lists`)."""

from collections.abc import Collection
from typing import Any
from urllib.parse import urlencode

from django.core.exceptions import ValidationError
from django.db.models import Max
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from directory.lists import MOST_HITS, Hit, register_list

from .filters import SHOWING, VIEW_PARAMETERS, StandardFilter
from .models import Standard

# Where somebody is in a view, and what he ticked there, is not the view.
NOT_SAVED = (VIEW_PARAMETERS | {"id", "search", "csrfmiddlewaretoken"}) - {"page_size"}


class StandardsList:
    """Views of `/standards/`, by their query string."""

    key = "standards"
    label = gettext_lazy("Standards")
    address = "standards"

    def tidy(self, query: str) -> str:
        data = QueryDict(query)
        view = StandardFilter(data, Standard.objects.none())
        if errors := errors_of(view):
            raise ValidationError(errors)
        return tidied(data)

    def hits(self, query: str, user: Any) -> frozenset[int] | None:
        view = StandardFilter(QueryDict(query), Standard.objects.visible_to(user))
        if not view.is_valid():
            return frozenset()  # the page that it leads to says what is wrong with it
        ids = list(view.qs.order_by().values_list("pk", flat=True)[: MOST_HITS + 1])
        return None if len(ids) > MOST_HITS else frozenset(ids)

    def rows(self, ids: Collection[int], user: Any) -> list[Hit]:
        rows = Standard.objects.visible_to(user).filter(pk__among=set(ids)).order_by("sort_key", "pk")
        return [Hit(f"{one.number} {one.shown_title}", one.get_absolute_url()) for one in rows]

    def state(self) -> str:
        changed = Standard.objects.aggregate(latest=Max("updated_at"))["latest"]
        return f"{timezone.localdate()}:{changed and changed.timestamp()}"


def tidied(data: QueryDict) -> str:
    """A view as one text: what is empty or only says where somebody is left out, names and values in order."""
    pairs = []
    for name in sorted(set(data) - NOT_SAVED):
        values = [value for value in data.getlist(name) if value]
        if name == "columns":
            values = [",".join(values)] if values else []
        pairs += [(name, value) for value in (values if name == "columns" else sorted(values))]
    return urlencode(pairs)


def errors_of(view: StandardFilter) -> list[str]:
    """What is wrong with a view's address, in sentences."""
    unknown = [_("There is no filter called “%(name)s”.") % {"name": name} for name in view.unknown_parameters]
    if view.is_valid():
        return unknown
    named = [(view.filters[name].label or name, text) for name, texts in view.errors.items() for text in texts]
    return unknown + [f"{label}: {text}" for label, text in named]


def suggested_name(view: StandardFilter) -> str:
    """A name for a view: its words and the values it was narrowed to."""
    words = [view.data.get("q", "").strip()]
    for name in view.filters:
        if name in SHOWING or name in ("q", "id"):
            continue
        choices = dict(view.filters[name].extra.get("choices", ()))
        values = view.data.getlist(name) if name in view.data else []
        words += [str(choices.get(value, value)) for value in values if value]
    return " ".join(filter(None, words))[:100] or _("All standards")


register_list(StandardsList())
