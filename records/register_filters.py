"""What every register's list can be asked for."""

from functools import reduce
from operator import or_

import django_filters as filters
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from .view_filters import ViewFilterSet


class RegisterFilterSet(ViewFilterSet):
    """`q`: words of which each stands in one of `searched`; a kind of record adds filters of its own."""

    searched: tuple[str, ...] = ()

    q = filters.CharFilter(label=gettext_lazy("Words"), method="with_words", max_length=200)

    def with_words(self, queryset, name, value):
        for word in value.replace("\x00", " ").split()[:20]:
            queryset = queryset.filter(reduce(or_, (Q(**{f"{column}__icontains": word}) for column in self.searched)))
        return queryset

    def faults(self) -> dict[str, list[str]]:
        """What cannot be asked so, by parameter."""
        unknown = {name: [str(_("There is no such parameter."))] for name in self.unknown_parameters}
        return unknown if self.is_valid() else unknown | {name: list(texts) for name, texts in self.errors.items()}

    def told_faults(self) -> list[str]:
        """The same for people: a filter by what its field is called."""
        called = {name: one.label or name for name, one in self.filters.items()}
        return [
            _("%(label)s: %(what)s") % {"label": called.get(name, name), "what": text}
            for name, texts in self.faults().items()
            for text in texts
        ]
