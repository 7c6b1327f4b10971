"""An account's own page: its sessions, its API tokens, its password. Nobody else's can be named here."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from records.confirming import confirmed, note_confirmed, safe_next
from records.once import once, taken
from records.trail import actor_of

from ..forms import ConfirmForm, TokenForm
from ..models import ApiToken, UserSession
from ..searches import news_of
from ..second_factors import is_offered
from ..sessions import MARK, end_sessions
from ..tokens import make_token, revoke_token

SEARCHES = 8  # on the account's page; the rest on their own


@never_cache
@login_required
def account(request):
    """Who I am here, where I am signed in, which programs act for me."""
    context = {
        "sessions": UserSession.objects.standing(request.user),
        "current": request.session.get(MARK),
        "tokens": ApiToken.objects.filter(user=request.user).order_by("-created"),
        "registrations": request.user.registrations.select_related("region", "organization"),
        "now": timezone.now(),
        "news": news_of(request.user, most=SEARCHES),
        "second_factor_offered": is_offered(),
    }
    return render(request, "directory/account.html", context)


@login_required
@require_POST
@once
def session_end(request, pk):
    if not end_sessions(request.user, by=actor_of(request), only=pk):
        raise Http404
    messages.success(request, _("The session was ended."))
    return redirect("account")


@login_required
@require_POST
@once
def sessions_end(request):
    """End all sessions but this one."""
    end_sessions(request.user, by=actor_of(request), but=request.session.get(MARK))
    messages.success(request, _("All your other sessions were ended."))
    return redirect("account")


@never_cache
@confirmed
@once
def token_make(request):
    """A new token; the page that answers is the only one that shows it."""
    form = TokenForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        key = make_token(request.user, **form.cleaned_data, by=actor_of(request))
        made = render(request, "directory/token_made.html", {"key": key, "name": form.cleaned_data["name"]})
        return taken(made, "account")  # sent again, it leads to the list: the key is shown once
    return render(request, "directory/token_make.html", {"form": form}, status=400 if form.errors else 200)


@login_required
@require_POST
@once
def token_revoke(request):
    digest = request.POST.get("digest", "").replace("\x00", "")
    token = get_object_or_404(ApiToken, user=request.user, digest=digest)
    revoke_token(token, by=actor_of(request))
    messages.success(request, _("The token was revoked."))
    return redirect("account")


@sensitive_post_parameters()
@never_cache
@login_required
def confirm_password(request):
    """The password once more, then back to what asked for it."""
    form = ConfirmForm(request.POST or None, request=request)
    if request.method == "POST" and form.is_valid():
        note_confirmed(request)
        return redirect(safe_next(request, "account"))
    context = {"form": form, "next": safe_next(request, "account")}
    return render(request, "directory/confirm_password.html", context, status=400 if form.errors else 200)
