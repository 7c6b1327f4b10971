"""Where staff have to sign in with two steps, an account without an authenticator sets one up before anything else."""

from urllib.parse import urlencode

from django.contrib import messages
from django.shortcuts import redirect, resolve_url
from django.utils.translation import gettext as _

from .password_age import OPEN
from .second_factors import factor_of, is_required
from .signin import SECOND_FACTOR, sign_out

ALSO_OPEN = OPEN | {"second_factor", "confirm_password", "favicon"}


class SecondFactorMiddleware:
    """Leads to the page that sets one up; a session that began before its time signs in anew. Tokens are not asked."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    def process_view(self, request, view, args, kwargs):
        if request.path.startswith("/api/") or request.resolver_match.url_name in ALSO_OPEN:
            return None
        if not request.user.is_authenticated or not is_required(request.user) or request.session.get(SECOND_FACTOR):
            return None
        if factor_of(request.user):
            sign_out(request)
            return redirect(f"{resolve_url('login')}?{urlencode({'next': request.get_full_path()})}")
        messages.warning(request, _("Set up an authenticator first; those who work for the bureau sign in with it."))
        return redirect("second_factor")
