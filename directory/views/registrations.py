"""Enterprises that registered themselves, as their division sees and decides them."""

from functools import wraps

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.db.models import Q
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from records.once import once
from records.trail import actor_of

from ..access import may_see_registrations
from ..models import Registration
from ..registration_forms import ConfirmForm, RefuseForm, RegistrationFilterForm
from ..registrations import (
    AlreadyDecided,
    RegistrationRefused,
    confirm_registration,
    known_of,
    refuse_registration,
    show_contact,
    take_on_registration,
)

ROWS = 50


def reader_required(view):
    """Signed in, and staff or the auditor."""

    @login_required
    @wraps(view)
    def guarded(request, *args, **kwargs):
        if not may_see_registrations(request.user):
            raise PermissionDenied
        return view(request, *args, **kwargs)

    return guarded


def _to_decide(request, pk):
    """A registration the account may decide; 404 where it does not see it, 403 where it only sees it."""
    registration = get_object_or_404(
        Registration.objects.visible_to(request.user).select_related("region", "user"), pk=pk
    )
    if not Registration.objects.editable_by(request.user).filter(pk=pk).exists():
        raise PermissionDenied
    return registration


@reader_required
def registration_list(request):
    """Those of one's own divisions, the waiting ones unless others are asked for."""
    form = RegistrationFilterForm(request.GET if "state" in request.GET else {"state": "waiting", **request.GET.dict()})
    form.is_valid()
    rows = Registration.objects.visible_to(request.user).select_related("region__parent", "handler")
    if state := form.cleaned_data.get("state"):
        rows = rows.filter(state=state)
    if typed := form.cleaned_data.get("q"):
        rows = rows.filter(Q(name__contains=typed) | Q(credit_code__startswith=typed.upper()))
    page = Paginator(rows, ROWS).get_page(request.GET.get("page"))
    return render(request, "directory/registration_list.html", {"page": page, "form": form})


@never_cache
@reader_required
def registration_detail(request, pk):
    seen = Registration.objects.visible_to(request.user).select_related("region__parent__parent", "user", "decided_by")
    return _page(request, get_object_or_404(seen, pk=pk))


def _page(request, registration, *, status: int = 200, **context):
    decides = Registration.objects.editable_by(request.user).filter(pk=registration.pk).exists()
    if decides and registration.state == Registration.State.WAITING:
        context = {"confirm_form": ConfirmForm(), "refuse_form": RefuseForm(), **context}
    context = {"registration": registration, "known": known_of(registration), "decides": decides, **context}
    return render(request, "directory/registration_detail.html", context, status=status)


def _conflict(request, registration, refusal: Exception):
    """Wrong state: the page as it is now, with who decided it and when."""
    registration.refresh_from_db()
    return _page(request, registration, status=409, problem=str(refusal))


@reader_required
@require_POST
@once
def registration_confirm(request, pk):
    registration = _to_decide(request, pk)
    form = ConfirmForm(request.POST)
    if not form.is_valid():
        return _page(request, registration, status=400, confirm_form=form)
    try:
        confirm_registration(registration, by=actor_of(request), **form.cleaned_data)
    except AlreadyDecided as refusal:
        return _conflict(request, registration, refusal)
    except (RegistrationRefused, ValidationError) as refusal:
        texts = refusal.messages if isinstance(refusal, ValidationError) else [str(refusal)]
        return _page(request, registration, status=400, confirm_form=form, problem=" ".join(texts))
    messages.success(request, _("The enterprise was confirmed."))
    return redirect("registration", pk)


@reader_required
@require_POST
@once
def registration_refuse(request, pk):
    registration = _to_decide(request, pk)
    form = RefuseForm(request.POST)
    if not form.is_valid():
        return _page(request, registration, status=400, refuse_form=form)
    try:
        refuse_registration(registration, by=actor_of(request), reason=form.cleaned_data["reason"])
    except AlreadyDecided as refusal:
        return _conflict(request, registration, refusal)
    messages.success(request, _("The registration was refused; the applicant reads the reason on his account's page."))
    return redirect("registration", pk)


@reader_required
@require_POST
def registration_take(request, pk):
    """Take it into one's own hands."""
    registration = _to_decide(request, pk)
    try:
        take_on_registration(registration, by=actor_of(request))
    except AlreadyDecided as refusal:
        return _conflict(request, registration, refusal)
    return redirect("registration", pk)


@never_cache
@reader_required
@require_POST
def registration_contact(request, pk):
    """Phone and e-mail in full; that they were looked at stands in the trail."""
    registration = _to_decide(request, pk)
    return _page(request, registration, contact=show_contact(registration, by=actor_of(request)))
