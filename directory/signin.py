"""The one door for passwords: pages, back-office and whatever asks `authenticate` go through it.

A slot is taken before a password is looked at and given back when it was right, so that parallel tries cannot have more
passwords looked at than the limit. Names nobody has take slots, cost a hash and are answered like any other.
"""

import math
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from ipaddress import ip_address, ip_network
from typing import Any

from django.conf import settings
from django.contrib import auth
from django.db import connection, transaction
from django.db.models import Case, F, When
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.views.decorators.debug import sensitive_variables

from records.addresses import client_address, plain_address
from records.models import Event
from records.trail import Actor, Change, actor_of, record, record_many

from .access import GrantBackend
from .acts import REFUSED, SIGNED_IN, SIGNED_OUT, UNLOCKED
from .models import SignInTries, User
from .sessions import forget_session, register_session

EVERYWHERE = "*"
SECOND_FACTOR = "second_factor"  # where a session says that it began with both steps
KEPT = timedelta(days=1)
TAKE = """
INSERT INTO directory_signintries AS stands (account, address, taken, last_at, before_at) VALUES (%(account)s, %(address)s, 1, %(now)s, %(now)s)
ON CONFLICT (account, address) DO UPDATE SET
    taken = CASE WHEN stands.last_at <= %(over)s THEN 1 ELSE stands.taken + 1 END,
    refused_at = CASE WHEN stands.last_at <= %(over)s THEN NULL ELSE stands.refused_at END,
    before_at = stands.last_at,
    last_at = %(now)s
WHERE stands.last_at <= %(over)s OR stands.taken < %(limit)s
RETURNING taken
"""


@dataclass(frozen=True, slots=True)
class Slot:
    """The right to have one password looked at."""

    account: str
    address: str
    at: datetime

    def counted(self) -> Iterator[tuple[str, int]]:
        """Where it counts, and the limit there; always in this order, so that two never wait for each other."""
        yield self.address, settings.SIGN_IN_TRIES_PER_ADDRESS
        yield EVERYWHERE, settings.SIGN_IN_TRIES_PER_ACCOUNT


class Full(Exception):
    """No more passwords are looked at here for now."""


def slot_of(name: str, address: str) -> Slot:
    """The slot of a name, however it is written, and an address; of IPv6 the network, all of which one peer may use."""
    folded = unicodedata.normalize("NFKC", name[:254]).strip().casefold()
    plain = plain_address(address)
    if plain and ip_address(plain).version == 6:
        plain = str(ip_network(f"{plain}/64", strict=False))
    digest = salted_hmac("directory.signin", folded, algorithm="sha256").hexdigest()
    return Slot(digest, plain, timezone.now())


def window() -> timedelta:
    return timedelta(minutes=settings.SIGN_IN_WINDOW_MINUTES)


def take_slot(slot: Slot) -> bool:
    """Take a slot where one is left, in a transaction of its own: it counts before the password is looked at."""
    try:
        with transaction.atomic(durable=True):
            for address, limit in slot.counted():
                _take(slot, address, limit)
    except Full:
        return False
    return True


def _take(slot: Slot, address: str, limit: int) -> None:
    instant = connection.ops.adapt_datetimefield_value
    values = {
        "account": slot.account,
        "address": address,
        "now": instant(slot.at),
        "over": instant(slot.at - window()),
        "limit": limit,
    }
    with connection.cursor() as cursor:
        cursor.execute(TAKE, values)
        if cursor.fetchone() is None:
            raise Full


@transaction.atomic
def give_back(slot: Slot) -> None:
    """Undo the taking of a slot whose password was right."""
    earlier = Case(When(last_at=slot.at, then=F("before_at")), default=F("last_at"))
    for address, _limit in slot.counted():
        row = SignInTries.objects.filter(account=slot.account, address=address, taken__gt=0)
        row.update(taken=F("taken") - 1, last_at=earlier)


def seconds_to_wait(name: str, address: str) -> int:
    """How long no password is looked at for a name from an address; 0 where one is."""
    slot = slot_of(name, address)
    rows = {row.address: row for row in SignInTries.objects.filter(account=slot.account)}
    full = [rows[place].last_at for place, limit in slot.counted() if place in rows and rows[place].taken >= limit]
    return max(0, math.ceil((max(full) + window() - slot.at).total_seconds())) if full else 0


@transaction.atomic
def unlock(user: User, *, by: Actor, reason: str) -> bool:
    """Let an account's passwords be looked at again, from every address; whether any had counted."""
    rows = SignInTries.objects.filter(account=slot_of(user.username, "").account)
    taken = sum(rows.filter(address=EVERYWHERE).values_list("taken", flat=True))
    if not taken:
        return False
    rows.delete()
    record(user, UNLOCKED, {"wrong_tries": [taken, 0]}, by=by, reason=reason)
    return True


@transaction.atomic
def record_refusal(slot: Slot, *, name: str, address: str) -> None:
    """Leave one event for all wrong passwords of a window; the name is written only where it is an account's."""
    row = SignInTries.objects.filter(account=slot.account, address=slot.address, refused_at__isnull=True)
    pk = User.objects.filter(username=name).values_list("pk", flat=True).first()
    if row.update(refused_at=slot.at):
        label = name if pk else slot.account[:12]
        entry = Change(REFUSED, User._meta.label_lower, pk or 0, label, {"refused": [None, address]})
        record_many([entry], by=Actor(channel=Event.Channel.WEB, address=address))


class AccountBackend(GrantBackend):
    """Django's accounts behind the door."""

    @sensitive_variables("password")
    def authenticate(
        self, request: Any, username: str | None = None, password: str | None = None, **kwargs: Any
    ) -> User | None:
        if username is None or password is None:
            return None
        address = client_address(request) if request is not None else ""
        slot = slot_of(username, address)
        if not take_slot(slot):
            return None
        user = super().authenticate(request, username=username, password=password)
        if isinstance(user, User):
            give_back(slot)
            return user
        record_refusal(slot, name=username, address=address)
        return None


@transaction.atomic
def sign_in(request: Any, *, user: User, second_factor: bool = False) -> None:
    """Begin a session under a new key; nothing of a session that was there before stays.

    `second_factor` says that a code of the account's authenticator was given after the password.
    """
    if request.user.is_authenticated:
        forget_session(request)
    request.session.flush()
    auth.login(request, user)
    register_session(request)
    by = actor_of(request)
    changes = {"signed_in": [None, by.address]}
    if second_factor:
        request.session[SECOND_FACTOR] = True
        changes["second_factor"] = [None, "given"]
    record(user, SIGNED_IN, changes, by=by)
    forget_old_tries()


@transaction.atomic
def sign_out(request: Any) -> None:
    """End a session on the server too."""
    if request.user.is_authenticated:
        by = actor_of(request)
        record(request.user, SIGNED_OUT, {"signed_out": [None, by.address]}, by=by)
        forget_session(request)
    auth.logout(request)


def forget_old_tries() -> None:
    """Drop some rows that count for nothing any more, passing over those that somebody is just writing."""
    old = SignInTries.objects.filter(last_at__lt=timezone.now() - max(KEPT, window()))
    some = old.select_for_update(skip_locked=True).values("pk")[:1000]
    SignInTries.objects.filter(pk__in=some).delete()
