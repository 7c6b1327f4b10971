"""A password that is due is changed before anything else is done."""

from urllib.parse import urlencode

from django.contrib import messages
from django.shortcuts import redirect, resolve_url
from django.utils.translation import gettext as _

from .passwords import is_due

OPEN = {"login", "logout", "language", "password_change", "password_reset", "live", "ready"}


class PasswordAgeMiddleware:
    """Leads to the page that changes it; the API goes by its tokens' own days."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    def process_view(self, request, view, args, kwargs):
        if request.path.startswith("/api/") or request.resolver_match.url_name in OPEN:
            return None
        if not request.user.is_authenticated or not is_due(request.user):
            return None
        messages.warning(request, _("Your password is due for a change."))
        return redirect(f"{resolve_url('password_change')}?{urlencode({'next': request.get_full_path()})}")
