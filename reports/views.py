"""Pages of what it adds up to."""

from functools import wraps
from urllib.parse import urlencode

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from directory.access import may_audit
from records.confirming import confirmed
from records.exporting import FORMATS
from records.models import Event
from records.trail import actor_of

from .desk import desk_of
from .trail_exports import SHEET_ROWS, TooLong, export_response
from .trail_filters import TrailFilter
from .trail_pages import BadCursor, counted, part_of
from .trail_words import proof, told


@login_required
def desk(request):
    """The account's own home: what waits, what has changed, what ends."""
    return render(request, "reports/desk.html", {"desk": desk_of(request.user), "on": timezone.localdate()})


def auditor_required(view):
    """Signed in as the auditor: others are told to sign in, or refused."""

    @login_required
    @wraps(view)
    def guarded(request, *args, **kwargs):
        if not may_audit(request.user):
            raise PermissionDenied
        return view(request, *args, **kwargs)

    return guarded


def _asked(request) -> tuple[TrailFilter, list[str]]:
    """The view that an address asks for, and what is wrong with the asking."""
    view = TrailFilter(request.GET, Event.objects.all())
    errors = [_("There is no filter called “%(name)s”.") % {"name": name} for name in view.unknown_parameters]
    if not view.is_valid():
        errors += [f"{view.filters[name].label}: {text}" for name, texts in view.errors.items() for text in texts]
    return view, errors


@never_cache
@auditor_required
@require_safe
def trail(request):
    """The auditor's search: newest first, each part from where the last one ended."""
    view, errors = _asked(request)
    context = {"view": view, "errors": errors, "proof": proof()}
    if not errors:
        try:
            part = part_of(view.qs, request.GET.get("cursor", ""))
        except BadCursor as refusal:
            errors.append(str(refusal))
        else:
            context |= {"part": part, "entries": told(part.events, request.user), "asked": urlencode(view.asked)}
            context["count"] = counted(view.qs) if part.older or "cursor" in request.GET else (len(part.events), False)
    return render(request, "reports/trail.html", context, status=400 if errors else 200)


@never_cache
@auditor_required
@require_safe
@confirmed
def trail_export(request):
    """The whole view as a file; asks for the password once more."""
    view, errors = _asked(request)
    form = request.GET.get("format", "")
    if form not in FORMATS:
        errors.append(_("Formats are csv, xlsx and jsonl."))
    if not errors:
        try:
            return export_response(view.qs, form, view.asked, by=actor_of(request))
        except TooLong:
            limit = {"limit": f"{SHEET_ROWS:,}"}
            errors.append(_("A sheet takes %(limit)s events; choose CSV or fewer days.") % limit)
    return render(request, "reports/trail.html", {"view": view, "errors": errors, "proof": proof()}, status=400)
