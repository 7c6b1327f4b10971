"""Keeping searches: saving, changing, forgetting them, and what is new in those that an account subscribes to.

New is what matches now and did not when the owner last looked, or for e-mails when the last one was sent. Nothing is
concluded from the trail: the view is asked anew and the two sets of hits are compared, so that a record which comes
to match because a day has passed is new as well.
"""

from collections.abc import Iterable
from typing import Any, NamedTuple

from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from records.models import Event
from records.trail import Actor, differences, record

from .lists import MOST_HITS, SavedList, list_of
from .models import SavedSearch, User
from .models.roles import OF_A_DIVISION
from .models.searches import LONGEST_QUERY
from .packing import packed, unpacked

MOST_SEARCHES = 100
KEPT_COUNT = 600  # seconds for which a number of new hits is shown without asking again


class SearchRefused(Exception):
    """A search was not saved or changed; the text says why."""


class SearchChanged(Exception):
    """Somebody (the owner, in another window) changed the search in the meantime."""


def share_path(user: Any, now: str = "") -> str:
    """The division with which an account may share, `now` if he works for it; nothing for accounts that work for none."""
    paths = [grant.path for grant in user.current_grants if grant.role in OF_A_DIVISION]
    return now if now in paths else min(paths, default="")


@transaction.atomic
def save_search(user: User, *, list_key: str, name: str, query: str, by: Actor) -> SavedSearch:
    """Keep a view under a name. Raises `SearchRefused`."""
    User.objects.select_for_update().get(pk=user.pk)  # of two at once the second sees the first
    if SavedSearch.objects.filter(user=user).count() >= MOST_SEARCHES:
        raise SearchRefused(
            _("An account keeps at most %(most)s searches; delete one first.") % {"most": MOST_SEARCHES}
        )
    search = SavedSearch(user=user, list=list_key, name=_tidy_name(name), query=tidy_query(list_key, query))
    _write(search)
    record(search, Event.Action.CREATED, differences({}, _said(search)), by=by)
    return search


@transaction.atomic
def change_search(search: SavedSearch, *, version: int, by: Actor, **values: Any) -> SavedSearch:
    """Change name, view, sharing or subscription (`name query shared subscribed by_mail`).

    Raises `SearchRefused`, and `SearchChanged` where it is not at that version any more.
    """
    search = SavedSearch.objects.select_for_update(of=("self",)).select_related("user").get(pk=search.pk)
    if search.version != version:
        raise SearchChanged
    before = _state(search)
    _take(search, values)
    changes = differences(before, _state(search))
    if changes:
        search.version += 1
        _write(search)
        record(search, Event.Action.UPDATED, changes, by=by)
    return search


def _take(search: SavedSearch, values: dict[str, Any]) -> None:
    if "name" in values:
        search.name = _tidy_name(values["name"])
    was = (search.subscribed, search.query)
    if "query" in values:
        search.query = tidy_query(search.list, values["query"])
    if "shared" in values:
        search.shared_with = _shared_path(search, shared=values["shared"])
    search.subscribed = values.get("subscribed", search.subscribed)
    search.by_mail = search.subscribed and values.get("by_mail", search.by_mail)
    if search.by_mail and not search.user.email:
        raise SearchRefused(_("Your account has no e-mail address; ask the system administrator to enter it."))
    if search.subscribed and was != (True, search.query):
        _begin(search)


def _shared_path(search: SavedSearch, *, shared: bool) -> str:
    if not shared:
        return ""
    path = share_path(search.user, search.shared_with)
    if not path:
        raise SearchRefused(_("Only accounts that work for a division share searches with it."))
    return path


def _begin(search: SavedSearch) -> None:
    """From here on hits are new. Raises `SearchRefused` where there are too many to watch."""
    hits = hits_of(search)
    if hits is None:
        raise SearchRefused(
            _("A search with more than %(most)s hits cannot be subscribed to; narrow it down.") % {"most": MOST_HITS}
        )
    search.seen = search.told = packed(hits)
    search.looked_at = timezone.now()


def _write(search: SavedSearch) -> None:
    try:
        with transaction.atomic():
            search.save()
    except IntegrityError as error:
        raise SearchRefused(_("You have a saved search of this name already.")) from error


@transaction.atomic
def delete_search(search: SavedSearch, *, by: Actor) -> None:
    """Forget a search; it is the account's own thing, the trail keeps what it was."""
    record(search, Event.Action.VOIDED, differences(_said(search), {}), by=by)
    search.delete()


def _state(search: SavedSearch) -> dict[str, Any]:
    return {name: getattr(search, name) for name in ("list", "name", "query", "shared_with", "subscribed", "by_mail")}


def _said(search: SavedSearch) -> dict[str, Any]:
    return {name: value for name, value in _state(search).items() if value}


def _tidy_name(name: str) -> str:
    name = " ".join(name.split())[:100]
    if not name:
        raise SearchRefused(_("A saved search needs a name."))
    return name


def tidy_query(list_key: str, query: str) -> str:
    """A view as it is stored. Raises `SearchRefused`."""
    found = list_of(list_key)
    if found is None:
        raise SearchRefused(_("There is no such list."))
    try:
        query = found.tidy(query)
    except ValidationError as error:
        raise SearchRefused(" ".join(error.messages)) from error
    if len(query) > LONGEST_QUERY:
        raise SearchRefused(_("This view is too long to be saved."))
    return query


def list_of_search(search: SavedSearch) -> SavedList:
    found = list_of(search.list)
    if found is None:
        raise LookupError(f"No list is called {search.list!r}.")
    return found


def hits_of(search: SavedSearch) -> frozenset[int] | None:
    return list_of_search(search).hits(search.query, search.user)


def new_hits(search: SavedSearch) -> frozenset[int] | None:
    """What matches now and did not when its owner last looked; None where there is too much to tell."""
    hits = hits_of(search)
    return None if hits is None else hits - unpacked(search.seen)


@transaction.atomic
def look_at(search: SavedSearch, shown: Iterable[int]) -> None:
    """The owner was shown these new hits: what matches now and was seen or shown is seen from now on."""
    row = SavedSearch.objects.select_for_update(of=("self",)).select_related("user").get(pk=search.pk)
    hits = hits_of(row)
    if not row.subscribed or hits is None:
        return
    seen = hits & (unpacked(row.seen) | frozenset(shown))
    row.seen, row.told = packed(seen), packed(unpacked(row.told) | seen)
    row.looked_at = timezone.now()
    row.save(update_fields=["seen", "told", "looked_at"])


class News(NamedTuple):
    """A saved search and how many hits are new; `new` is None where it is not subscribed to or has too many."""

    search: SavedSearch
    new: int | None


def news_of(user: User, most: int | None = None) -> list[News]:
    """An account's own searches, those with a subscription first; the counts may be some minutes old."""
    searches = SavedSearch.objects.filter(user=user).select_related("user").order_by("-subscribed", "list", "name")
    found = list(searches[:most])
    states = {key: list_of(key).state() for key in {one.list for one in found if one.subscribed}}  # type: ignore[union-attr]
    return [News(one, _count(one, states[one.list]) if one.subscribed else None) for one in found]


def _count(search: SavedSearch, state: str) -> int | None:
    looked = search.looked_at.timestamp() if search.looked_at else 0
    key = f"new-hits:{search.pk}:{search.version}:{looked}:{state}"
    found = cache.get(key)
    if found is None:
        new = new_hits(search)
        found = -1 if new is None else len(new)
        cache.set(key, found, KEPT_COUNT)
    return None if found < 0 else found
