"""What to give up when nothing is found: each filter and each word, with what its absence would bring."""

from dataclasses import dataclass
from urllib.parse import urlencode

from django.utils.translation import gettext as _

from .filters import SHOWING, VIEW_PARAMETERS, StandardFilter
from .numbers import find_numbers

NOT_LOOSENED = VIEW_PARAMETERS | SHOWING | {"csrfmiddlewaretoken"}
MOST_WORDS = 6


@dataclass(frozen=True, slots=True)
class Looser:
    """A view with one thing less: what was given up, how many it brings, its address."""

    label: str
    count: int
    address: str


def looser_views(view: StandardFilter) -> list[Looser]:
    """Views that leave out one filter or one word and find something, the most first."""
    parameters = {name: view.data.getlist(name) for name in view.data if name not in VIEW_PARAMETERS}
    options = [
        (_("without the filter %(name)s") % {"name": view.filters[name].label}, {**parameters, name: []})
        for name in parameters
        if name not in NOT_LOOSENED and name != "q" and name in view.filters and any(parameters[name])
    ]
    for serial in _serials(" ".join(parameters.get("q", []))):
        options.append((_("under any prefix: %(serial)s") % {"serial": serial}, {**parameters, "q": [serial]}))
    words = " ".join(parameters.get("q", [])).split()
    if 1 < len(words) <= MOST_WORDS:
        for word in words:
            rest = " ".join(other for other in words if other != word)
            options.append((_("without the word “%(word)s”") % {"word": word}, {**parameters, "q": [rest]}))
    found = [_looser(view, label, changed) for label, changed in options]
    return sorted((one for one in found if one.count), key=lambda one: -one.count)


def _serials(text: str) -> list[str]:
    """The numbers in a text without prefix and year: the commonest slip is GB for GB/T."""
    numbers = [found.number for found in find_numbers(text)]
    return [f"{one.serial}.{one.part}" if one.part else one.serial for one in numbers]


def _looser(view: StandardFilter, label: str, parameters: dict[str, list[str]]) -> Looser:
    address = urlencode([(name, value) for name, values in parameters.items() for value in values])
    data = type(view.data)(address) if hasattr(view.data, "getlist") else parameters
    other = StandardFilter(data, view.queryset)
    count = other.qs.order_by().count() if other.is_valid() else 0
    return Looser(label, count, f"?{address}")
