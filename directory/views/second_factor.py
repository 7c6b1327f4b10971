"""The second step of signing in: giving a code, setting an authenticator up, removing it."""

import segno
from django.conf import settings
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters

from records.addresses import client_address
from records.confirming import confirmed, safe_next
from records.trail import actor_of

from ..forms import CodeForm, refusal
from ..second_factors import (
    CodeRefused,
    address_of,
    check_code,
    factor_of,
    held,
    is_offered,
    is_required,
    new_seed,
    remove_factor,
    secret_text,
    set_up_factor,
)
from ..sessions import MARK
from ..signin import SECOND_FACTOR, seconds_to_wait, sign_in

SEED = "new_second_factor"


@sensitive_post_parameters("code")
@never_cache
def login_code(request):
    """The code after the password; only then a session begins."""
    user = held(request)
    if user is None:
        messages.warning(request, _("Enter your password again; the code was not given in time."))
        return redirect("login")
    form = CodeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        target = safe_next(request, settings.LOGIN_REDIRECT_URL)
        try:
            check_code(request, user, form.cleaned_data["code"])
        except CodeRefused:
            form.add_error(
                "code", refusal(request, name=user.username, otherwise=_("This code is not valid (any more)."))
            )
        else:
            sign_in(request, user=user, second_factor=True)
            return redirect(target)
    context = {"form": form, "next": safe_next(request, settings.LOGIN_REDIRECT_URL)}
    answer = render(request, "directory/login_code.html", context, status=400 if form.errors else 200)
    if form.errors and (seconds := seconds_to_wait(user.username, client_address(request))):
        answer.status_code = 429
        answer["Retry-After"] = seconds
    return answer


@sensitive_post_parameters("code")
@never_cache
@confirmed
def second_factor(request):
    """Set an authenticator up: the secret as a picture and as text, kept once it has given a right code."""
    if not is_offered():
        raise Http404
    if factor := factor_of(request.user):
        left = factor.recovery_codes.filter(used_at=None).count()
        return render(request, "directory/second_factor.html", {"factor": factor, "left": left})
    seed = request.session.setdefault(SEED, new_seed())
    form = CodeForm(request.POST or None)
    if request.method == "POST" and form.is_valid() and (codes := _set_up(request, seed, form)):
        return render(request, "directory/second_factor_made.html", {"codes": codes})
    context = {
        "form": form,
        "secret": secret_text(seed),
        "picture": segno.make(address_of(seed, request.user)).svg_data_uri(scale=5, light="#fff"),
        "required": is_required(request.user),
    }
    return render(request, "directory/second_factor.html", context, status=400 if form.errors else 200)


def _set_up(request, seed: str, form: CodeForm) -> list[str]:
    values = {"seed": seed, "code": form.cleaned_data["code"], "session": request.session.get(MARK)}
    try:
        codes = set_up_factor(request.user, **values, by=actor_of(request))
    except CodeRefused:
        form.add_error(
            "code", ValidationError(_("This is not the code that the authenticator shows now. Is its clock right?"))
        )
        return []
    del request.session[SEED]
    request.session[SECOND_FACTOR] = True
    return codes


@never_cache
@confirmed
def second_factor_remove(request):
    """Sign in with the password alone again, or set another authenticator up."""
    if request.method == "POST":
        if remove_factor(request.user, by=actor_of(request)):
            request.session.pop(SECOND_FACTOR, None)
            messages.success(request, _("The authenticator was removed; its recovery codes no longer count."))
        return redirect("account")
    return render(request, "directory/second_factor_remove.html")
