"""What the address of a list may ask: its filters and how its rows are shown; anything else is a mistake and told."""

from collections import OrderedDict
from copy import copy

import django_filters as filters


class OwnFilters(OrderedDict):
    """Filters that a request makes its own without copying what they are made of: choices, words, validators.

    The library copies all of it for each request; with twenty filters that takes a quarter of a list's time.
    """

    def __deepcopy__(self, memo):
        return OrderedDict((name, _own(one)) for name, one in self.items())


class OwnFields(OrderedDict):
    """Fields that a form's class has for one form only, and need not copy for it."""

    def __deepcopy__(self, memo):
        return OrderedDict(self)


def _own(one: filters.Filter) -> filters.Filter:
    own = copy(one)
    own.method = one.method  # bound to the filter it is set on
    return own


class ViewFilterSet(filters.FilterSet):
    """Filters of one list; `beside` are parameters of its address that are no filters."""

    beside = frozenset({"page", "page_size", "format"})

    @classmethod
    def get_filters(cls):
        return OwnFilters(super().get_filters())

    def get_form_class(self):
        made = super().get_form_class()
        made.base_fields = OwnFields(made.base_fields)
        return made

    @property
    def unknown_parameters(self) -> list[str]:
        """Query parameters that mean nothing here."""
        return sorted(set(self.data) - set(self.filters) - self.beside)
