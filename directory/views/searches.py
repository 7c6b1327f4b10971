"""An account's saved searches: kept, opened, changed, shared, and what is new in them."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from records.once import once
from records.trail import actor_of

from ..forms import SaveSearchForm, SearchForm
from ..models import SavedSearch
from ..searches import (
    MOST_SEARCHES,
    SearchChanged,
    SearchRefused,
    change_search,
    delete_search,
    list_of_search,
    look_at,
    new_hits,
    news_of,
    save_search,
    share_path,
)

MOST_SHOWN = 200  # new hits on a page


@never_cache
@login_required
@once
def searches(request):
    """My searches, and those that colleagues share with me; what is posted is saved."""
    if request.method == "POST":
        return _save(request)
    shared = SavedSearch.objects.visible_to(request.user).exclude(user=request.user).select_related("user")
    context = {"news": news_of(request.user), "shared": shared, "most": MOST_SEARCHES}
    return render(request, "directory/searches.html", context)


def _save(request):
    form = SaveSearchForm(request.POST)
    if form.is_valid():
        values = form.cleaned_data
        try:
            search = save_search(
                request.user,
                list_key=values["list"],
                name=values["name"],
                query=values["query"],
                by=actor_of(request),
            )
            messages.success(request, _("The search was saved; it stands under My searches."))
            return redirect(address_of(search))
        except SearchRefused as refusal:
            form.add_error(None, str(refusal))
    return render(request, "directory/search_save.html", {"form": form}, status=400)


def address_of(search: SavedSearch) -> str:
    """The view of a search, with the search's number, so that the page knows its name."""
    query = f"{search.query}&" if search.query else ""
    return f"{reverse(list_of_search(search).address)}?{query}search={search.pk}"


@require_safe
@login_required
def search(request, pk):
    found = get_object_or_404(SavedSearch.objects.visible_to(request.user), pk=pk)
    return redirect(address_of(found))


def _own(request, pk) -> SavedSearch:
    """A search of one's own; one that is only shared may not be changed."""
    found = get_object_or_404(SavedSearch.objects.visible_to(request.user).select_related("user"), pk=pk)
    if not SavedSearch.objects.editable_by(request.user).filter(pk=pk).exists():
        raise PermissionDenied
    return found


@never_cache
@login_required
def search_edit(request, pk):
    """Name, sharing and subscription of a search of one's own."""
    found = _own(request, pk)
    status = 200
    form = _form(request, found, request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            change_search(found, by=actor_of(request), **form.cleaned_data)
            messages.success(request, _("The search was changed."))
            return redirect("searches")
        except SearchRefused as refusal:
            form.add_error(None, str(refusal))
        except SearchChanged:
            typed = request.POST.copy()
            typed["version"] = found.version
            form = _form(request, found, typed)
            form.add_error(None, _("The search was changed in another window meanwhile; look at it and save again."))
            status = 412
    if form.errors and status == 200:
        status = 400
    return render(request, "directory/search_edit.html", {"form": form, "search": found}, status=status)


def _form(request, found: SavedSearch, data) -> SearchForm:
    names = ("name", "subscribed", "by_mail", "version")
    initial = {name: getattr(found, name) for name in names} | {"shared": bool(found.shared_with)}
    may_share = bool(share_path(request.user) or found.shared_with)
    has_mail = bool(request.user.email or found.by_mail)
    return SearchForm(data, initial=initial, may_share=may_share, has_mail=has_mail)


@login_required
@require_POST
def search_update(request, pk):
    """Keep the present view under the name of the search."""
    found = _own(request, pk)
    version = request.POST.get("version", "")
    query = request.POST.get("query", "")
    try:
        if not version.isascii() or not version.isdigit():
            raise SearchChanged
        found = change_search(found, version=int(version), query=query, by=actor_of(request))
        messages.success(request, _("The change was saved."))
    except SearchChanged:
        messages.error(request, _("The search was changed in another window meanwhile; look at it and save again."))
    except SearchRefused as refusal:
        messages.error(request, str(refusal))
    return redirect(address_of(found))


@login_required
@require_POST
def search_delete(request, pk):
    delete_search(_own(request, pk), by=actor_of(request))
    messages.success(request, _("The search was deleted."))
    return redirect("searches")


@never_cache
@login_required
def search_new(request, pk):
    """The hits that are new since the owner last looked; posted, the ones that were shown are seen."""
    found = _own(request, pk)
    if request.method == "POST":
        look_at(found, _shown(request))
        messages.success(request, _("Noted as seen."))
        return redirect("searches")
    new = new_hits(found) if found.subscribed else frozenset()
    rows = list_of_search(found).rows(new or (), request.user)
    ids = sorted(new or ())
    context = {"search": found, "new": new, "rows": rows[:MOST_SHOWN], "ids": ids, "more": len(rows) - MOST_SHOWN}
    return render(request, "directory/search_new.html", context)


def _shown(request) -> list[int]:
    texts = request.POST.get("ids", "").split(",")
    return [int(text) for text in texts if text.isascii() and text.isdigit() and len(text) < 19]
