"""An enterprise registers itself: first its division, then the form. Nothing here says who is registered already."""

from django.contrib import messages
from django.core.cache import cache
from django.db.models import Q
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters

from records.addresses import client_address
from records.once import once
from records.trail import actor_of

from ..models import Region, full_code
from ..registration_forms import FactsForm, RegisterForm
from ..registrations import RegistrationRefused, register_enterprise, send_registration

AN_HOUR = 10  # registrations from one address
FOUND = 50  # divisions a search shows


def region_of(text: str) -> Region | None:
    """The division of a code that stands today; None where there is none."""
    return Region.objects.valid().filter(code=full_code(text)).select_related("parent__parent").first()


@sensitive_post_parameters("password1", "password2")
@never_cache
@once
def register(request):
    """Choose the division, then say who one is; signed in, the account that is there is used."""
    region = region_of(request.GET.get("region", ""))
    if region is None:
        return render(request, "directory/register_place.html", _places(request))
    form = _form(request)
    if request.method == "POST" and form.is_valid():
        if _too_many(request):
            form.add_error(None, _("Too many registrations have come from here in the last hour. Try again later."))
            return _page(request, form, region, 429)
        try:
            return _take(request, form, region)
        except RegistrationRefused as refusal:
            form.add_error(None, str(refusal))
    return _page(request, form, region, 400 if request.method == "POST" else 200)


def register_sent(request):
    """The same page for every registration that was taken."""
    return render(request, "directory/register_sent.html")


def _form(request):
    if not request.user.is_authenticated:
        return RegisterForm(request.POST or None)
    last = request.user.registrations.first()
    names = ("credit_code", "name", "contact", "phone", "email")
    return FactsForm(request.POST or None, initial={name: getattr(last, name) for name in names} if last else None)


def _take(request, form, region: Region):
    facts, by = form.facts(region), actor_of(request)
    if request.user.is_authenticated:
        send_registration(request.user, facts=facts, by=by)
        messages.success(request, _("Your registration was sent to its division."))
        return redirect("account")
    values = form.cleaned_data
    register_enterprise(username=values["username"], password=values["password1"], facts=facts, by=by)
    return redirect("register_sent")


def _page(request, form, region: Region, status: int):
    return render(request, "directory/register.html", {"form": form, "region": region}, status=status)


def _places(request) -> dict:
    """The divisions to choose from: those of a search, or those right below one, or the provinces."""
    typed = request.GET.get("q", "").replace("\x00", "").strip()[:50]
    under = region_of(request.GET.get("under", ""))
    divisions = Region.objects.valid().select_related("parent__parent").order_by("code")
    if typed:
        divisions = divisions.filter(Q(name__contains=typed) | Q(code__startswith=typed))[: FOUND + 1]
    else:
        divisions = divisions.filter(parent=under)
    found = list(divisions)
    context = {"divisions": found[:FOUND] if typed else found, "more": bool(typed) and len(found) > FOUND}
    return {**context, "typed": typed, "under": under}


def _too_many(request) -> bool:
    """Whether an address has sent its hour's share."""
    key = f"registrations:{client_address(request)}:{timezone.now():%Y%m%d%H}"
    cache.add(key, 0, 3600)
    return cache.incr(key) > AN_HOUR
