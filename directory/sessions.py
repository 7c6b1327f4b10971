"""Sessions: idle and absolute limits kept on the server, seen and ended by their owner."""

import hashlib
from datetime import timedelta
from typing import Any

from django.contrib.auth import get_user
from django.contrib.auth.middleware import AuthenticationMiddleware
from django.contrib.auth.models import AnonymousUser
from django.db import transaction
from django.utils import timezone
from django.utils.functional import SimpleLazyObject

from records.addresses import client_address
from records.trail import Actor, record

from .acts import KEY_REVOKED, SIGNED_OUT
from .models import ApiToken, User, UserSession, idle_limit

# Where a session keeps the hash under which its row stands.
MARK = "registered"
SEEN_EVERY = timedelta(minutes=1)


class LimitedSessionMiddleware(AuthenticationMiddleware):
    """Django's, but the account of a session that is over is nobody."""

    def process_request(self, request: Any) -> None:
        super().process_request(request)
        unlimited = request.user
        request.user = SimpleLazyObject(lambda: _within_limits(request, unlimited))


def user_of_session(request: Any) -> Any:
    """Whose session a request belongs to, where another way of signing in has put its own answer on the request."""
    return _within_limits(request, get_user(request))


def _within_limits(request: Any, user: Any) -> Any:
    if not user.is_authenticated:
        # A closed account's session ends; open again, the account has to sign in anew.
        if MARK in request.session:
            forget_session(request)
            request.session.flush()
        return AnonymousUser()
    if _stands(request, user):
        return user
    request.session.flush()
    return AnonymousUser()


def _stands(request: Any, user: User) -> bool:
    """Whether a session may go on; notes that it was seen."""
    mark = request.session.get(MARK)
    if mark is None:
        register_session(request, user=user)
        return True
    now, key_hash = timezone.now(), hash_of(request)
    row = UserSession.objects.standing(user).filter(key_hash=mark).first()
    if row is None:
        forget_session(request)
        return False
    if now - row.seen_at >= SEEN_EVERY or key_hash != mark:
        UserSession.objects.filter(pk=row.pk).update(seen_at=now, key_hash=key_hash)
        if key_hash != mark:  # Django changed the key
            request.session[MARK] = key_hash
    return True


def hash_of(request: Any) -> str:
    return hashlib.sha256((request.session.session_key or "").encode()).hexdigest()


def register_session(request: Any, *, user: User | None = None) -> None:
    """Note a session that begins, and forget those of its account that are over."""
    user, now = user or request.user, timezone.now()
    values = {
        "user": user,
        "address": client_address(request),
        "agent": request.headers.get("User-Agent", "")[:200],
        "started_at": now,
        "seen_at": now,
    }
    UserSession.objects.filter(user=user, seen_at__lte=now - idle_limit(user)).delete()
    UserSession.objects.get_or_create(key_hash=hash_of(request), defaults=values)
    request.session[MARK] = hash_of(request)


def forget_session(request: Any) -> None:
    UserSession.objects.filter(key_hash=request.session.get(MARK, "")).delete()


@transaction.atomic
def end_sessions(user: User, *, by: Actor, only: int | None = None, but: str | None = None) -> int:
    """End one session of an account (by its row's key), or all, perhaps but that with a mark; how many ended."""
    rows = UserSession.objects.filter(user=user)
    rows = rows.filter(pk=only) if only else rows
    rows = rows.exclude(key_hash=but) if but else rows
    addresses = sorted(rows.values_list("address", flat=True))
    rows.delete()
    if addresses:
        record(user, SIGNED_OUT, {"sessions_ended": [addresses, []]}, by=by)
    return len(addresses)


@transaction.atomic
def end_everything(user: User, *, by: Actor, reason: str = "") -> bool:
    """End all sessions of an account and revoke all its tokens (it was closed, its password changed); if there were any."""
    sessions = UserSession.objects.filter(user=user).count()
    tokens = ApiToken.objects.filter(user=user)
    names = [str(token) for token in tokens]
    UserSession.objects.filter(user=user).delete()
    tokens.delete()
    if sessions:
        record(user, SIGNED_OUT, {"sessions_ended": [sessions, 0]}, by=by, reason=reason)
    if names:
        record(user, KEY_REVOKED, {"tokens": [names, []]}, by=by, reason=reason)
    return bool(sessions or names)
