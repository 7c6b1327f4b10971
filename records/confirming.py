"""What a stolen session must not do alone asks for the password once more."""

from collections.abc import Callable
from datetime import timedelta
from functools import wraps
from typing import Any
from urllib.parse import urlencode

from django.contrib.auth.decorators import login_required
from django.shortcuts import redirect, resolve_url
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme

CONFIRMED = "confirmed_at"
VALID = timedelta(minutes=15)


def safe_next(request: Any, otherwise: str) -> str:
    """Where a form asks to go on, as long as it is one of our own pages."""
    target = request.POST.get("next") or request.GET.get("next", "")
    own = url_has_allowed_host_and_scheme(target, {request.get_host()}, require_https=request.is_secure())
    return target if own else resolve_url(otherwise)


def note_confirmed(request: Any) -> None:
    request.session[CONFIRMED] = timezone.now().timestamp()


def is_confirmed(request: Any) -> bool:
    """Whether the password was entered in this session a short while ago."""
    at = request.session.get(CONFIRMED, 0)
    return 0 <= timezone.now().timestamp() - at < VALID.total_seconds()


def confirmed(view: Callable) -> Callable:
    """Signed in, and the password entered once more within the last minutes."""

    @login_required
    @wraps(view)
    def asked(request: Any, *args: Any, **kwargs: Any) -> Any:
        if is_confirmed(request):
            return view(request, *args, **kwargs)
        return ask_for_password(request.get_full_path())

    return asked


def ask_for_password(then: str) -> Any:
    """To the page that asks for the password once more; `then` is where it leads afterwards."""
    return redirect(f"{resolve_url('confirm_password')}?{urlencode({'next': then})}")
