"""The lists whose views can be saved. An app registers its own; accounts, desk and digests know them by their key."""

from collections.abc import Collection
from typing import Any, NamedTuple, Protocol

# A search with more hits cannot be subscribed to: its set of hits would say nothing, and cost much.
MOST_HITS = 5000


class Hit(NamedTuple):
    """One row of a list, as a digest names it."""

    label: str
    address: str


class SavedList(Protocol):
    """What a list must be able to say about a view of it. `query` is a query string."""

    key: str
    label: Any
    address: str  # the name of the list's page

    def tidy(self, query: str) -> str:
        """The view alone, the same text for the same view. Raises ValidationError where it means nothing."""

    def hits(self, query: str, user: Any) -> frozenset[int] | None:
        """The numbers of what an account sees there today; None where there are more than `MOST_HITS`."""

    def rows(self, ids: Collection[int], user: Any) -> list[Hit]:
        """Some of its rows in words, in the list's own order; what the account may not see is left out."""

    def state(self) -> str:
        """A text that changes whenever hits may have changed."""


_lists: dict[str, SavedList] = {}


def register_list(saved: SavedList) -> SavedList:
    _lists[saved.key] = saved
    return saved


def list_of(key: str) -> SavedList | None:
    return _lists.get(key)
