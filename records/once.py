"""A form that is sent twice (a double click, a retry over a bad line) does its work once.

`{% form_token %}` puts a token into a form, `@once` on the view that takes it: the first request with a token does the
work, any other waits for it and is led to where the first one was. A form that was not taken frees its token, so that
it can be corrected and sent again. Tokens are kept for a day and belong to the session they were sent in.
"""

import hashlib
import secrets
import time
from collections.abc import Callable
from datetime import timedelta
from functools import wraps
from typing import Any

from django.db import connection
from django.shortcuts import redirect, render, resolve_url
from django.utils import timezone
from django.utils.translation import gettext as _

from .models import FormToken

FIELD = "form_token"
KEPT = timedelta(days=1)
# A request that has not ended after so long was killed; its form may be sent again.
DEAD = timedelta(minutes=10)
PATIENCE, STEP = 30.0, 0.1
CLAIM = """
INSERT INTO records_formtoken AS stands (token_hash, user_id, answer, at) VALUES (%(token)s, %(user)s, '', %(now)s)
ON CONFLICT (token_hash) DO UPDATE SET answer = '', at = %(now)s
WHERE (stands.answer = '' AND stands.at <= %(dead)s) OR stands.at <= %(old)s
RETURNING id
"""


def once(view: Callable) -> Callable:
    """Let a view take each form once. Forms without a token are taken as often as they come."""

    @wraps(view)
    def taken_once(request: Any, *args: Any, **kwargs: Any) -> Any:
        token = token_hash(request)
        if token is None:
            return view(request, *args, **kwargs)
        if answer := _claim_or_wait(request, token):
            return answer
        location = ""
        try:
            response = view(request, *args, **kwargs)
            location = _led_to(response)
        finally:
            row = FormToken.objects.filter(token_hash=token)
            row.update(answer=location) if location else row.delete()
        return response

    taken_once.is_once = True  # type: ignore[attr-defined]
    return taken_once


def _led_to(response: Any) -> str:
    """Where a form that was taken led; nothing where it was not taken."""
    if 300 <= response.status_code < 400 and not getattr(response, "is_not_taken", False):
        return response["Location"]
    return getattr(response, "leads_to", "")


def taken(response: Any, again: str) -> Any:
    """Mark an answer that is shown once: the same form sent again leads to the page named."""
    response.leads_to = resolve_url(again)
    return response


def new_token() -> str:
    """What a form is known by when it is sent again."""
    return secrets.token_urlsafe(24)


def not_taken(response: Any) -> Any:
    """Mark a redirect that says what was wrong: the corrected form may come with the same token."""
    response.is_not_taken = True
    return response


def token_hash(request: Any) -> str | None:
    """What a sent form goes by: its token, in this session, at this address; None where it bears none."""
    token = request.POST.get(FIELD, "") if request.method == "POST" else ""
    if not token:
        return None
    parts = (request.session.session_key or "", request.path, token[:200])
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()


def _claim_or_wait(request: Any, token: str) -> Any:
    """None where the form is ours to take, otherwise the answer of who took it."""
    until = time.monotonic() + PATIENCE
    while not _claim(token, request.user.pk):
        if location := FormToken.objects.filter(token_hash=token).values_list("answer", flat=True).first():
            return redirect(location)
        if time.monotonic() > until:
            words = {
                "heading": _("This form is still being carried out"),
                "advice": _("It was sent before. Wait a moment and look whether it is done; do not send it again."),
            }
            return render(request, "error.html", {"status": 409, **words}, status=409)
        time.sleep(STEP)
    forget_old_tokens()
    return None


def _claim(token: str, user: int | None) -> bool:
    now, instant = timezone.now(), connection.ops.adapt_datetimefield_value
    values = {
        "token": token,
        "user": user,
        "now": instant(now),
        "dead": instant(now - DEAD),
        "old": instant(now - KEPT),
    }
    with connection.cursor() as cursor:
        cursor.execute(CLAIM, values)
        return cursor.fetchone() is not None


def forget_old_tokens() -> None:
    """Drop some of those that are kept no longer, passing over those that somebody is just writing."""
    old = FormToken.objects.filter(at__lt=timezone.now() - KEPT)
    some = old.select_for_update(skip_locked=True).values("pk")[:1000]
    FormToken.objects.filter(pk__in=some).delete()
