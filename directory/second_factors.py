"""The second step of signing in: a code of an authenticator (TOTP, RFC 6238), or a recovery code.

Codes go through the same door as passwords and count with them (`directory.signin`): a slot is taken before a code is
looked at, and given back when it was right. The database alone is not enough to make a code: the secret is drawn from the
stored seed with the server's own key.
"""

import secrets
import unicodedata
from base64 import b32encode
from datetime import timedelta
from typing import Any
from urllib.parse import quote

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.crypto import constant_time_compare, salted_hmac
from django.views.decorators.debug import sensitive_variables
from django_otp.oath import TOTP

from records.addresses import client_address
from records.trail import Actor, record

from .acts import FACTOR_REMOVED, FACTOR_SET_UP, RECOVERY_USED, REFUSED
from .models import RecoveryCode, SecondFactor, User
from .sessions import end_sessions
from .signin import give_back, slot_of, take_slot

ISSUER = "Standards Hub"
DIGITS, DRIFT = 6, 1
RECOVERY_CODES = 10
HELD, HELD_FOR = "password_given", timedelta(minutes=5)
LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"  # none that is taken for another


class CodeRefused(Exception):
    """No code was looked at, or it was wrong."""


def is_offered() -> bool:
    return settings.SECOND_FACTOR != "off"


def is_required(user: Any) -> bool:
    """Whether an account may do nothing without: staff, where the setting says so."""
    return settings.SECOND_FACTOR == "staff" and bool(user.is_staff)


def factor_of(user: Any) -> SecondFactor | None:
    """The authenticator that signing in asks for."""
    return SecondFactor.objects.filter(user=user).first() if is_offered() else None


# --- secrets and codes ------------------------------------------------------------------------------------------


def new_seed() -> str:
    return secrets.token_hex(20)


def secret_of(seed: str, key: str | None = None) -> bytes:
    """The 160 bits that the authenticator holds (RFC 4226, 4)."""
    return salted_hmac("directory.second_factors", seed, secret=key, algorithm="sha1").digest()


def secret_text(seed: str) -> str:
    """The secret as it is typed in where no picture can be taken: base32, in groups of four."""
    text = b32encode(secret_of(seed)).decode()
    return " ".join(text[at : at + 4] for at in range(0, len(text), 4))


def address_of(seed: str, user: User) -> str:
    """What the QR code says: `otpauth://totp/…`."""
    label = quote(f"{ISSUER}:{user.username}")
    return f"otpauth://totp/{label}?secret={secret_text(seed).replace(' ', '')}&issuer={quote(ISSUER)}"


def matching_step(seed: str, code: str) -> int | None:
    """The time step a code belongs to: the present one, the one before or the one after; None for no such code."""
    plain = unicodedata.normalize("NFKC", code).replace(" ", "")
    if not (plain.isascii() and plain.isdigit() and len(plain) == DIGITS):
        return None
    now = timezone.now().timestamp()
    for key in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS):
        for drift in range(-DRIFT, DRIFT + 1):
            totp = TOTP(secret_of(seed, key), digits=DIGITS, drift=drift)
            totp.time = now
            if constant_time_compare(f"{totp.token():0{DIGITS}}", plain):
                return int(totp.t())
    return None


def _digest(factor: SecondFactor, code: str, key: str | None = None) -> str:
    plain = "".join(one for one in unicodedata.normalize("NFKC", code).lower() if one in LETTERS)
    return salted_hmac("directory.recovery", f"{factor.pk}:{plain}", secret=key, algorithm="sha256").hexdigest()


# --- setting up and removing ------------------------------------------------------------------------------------


@transaction.atomic
def set_up_factor(user: User, *, seed: str, code: str, by: Actor, session: str | None = None) -> list[str]:
    """Keep an authenticator once it has given a right code; returns the recovery codes, which are stored nowhere.

    Sessions that began without it end, but for the one with the mark `session`. Raises `CodeRefused`, also where the
    account has an authenticator already.
    """
    step = matching_step(seed, code)
    if step is None:
        raise CodeRefused
    given = {"seed": seed, "last_step": step, "enrolled_at": timezone.now()}
    factor, is_new = SecondFactor.objects.get_or_create(user=user, defaults=given)
    if not is_new:
        raise CodeRefused
    record(user, FACTOR_SET_UP, {"second_factor": [None, "set up"]}, by=by)
    end_sessions(user, by=by, but=session)
    return _make_recovery_codes(factor)


def _make_recovery_codes(factor: SecondFactor) -> list[str]:
    plain = ["".join(secrets.choice(LETTERS) for _letter in range(10)) for _code in range(RECOVERY_CODES)]
    RecoveryCode.objects.bulk_create(RecoveryCode(factor=factor, digest=_digest(factor, code)) for code in plain)
    return [f"{code[:5]}-{code[5:]}" for code in plain]


@transaction.atomic
def remove_factor(user: User, *, by: Actor, reason: str = "") -> bool:
    """Forget an account's authenticator and its recovery codes; whether there was one."""
    deleted, _models = SecondFactor.objects.filter(user=user).delete()
    if deleted:
        record(user, FACTOR_REMOVED, {"second_factor": ["set up", None]}, by=by, reason=reason)
    return bool(deleted)


@transaction.atomic
def reset_factor(user: User, *, by: Actor, reason: str) -> bool:
    """Take an authenticator that was lost off an account; its sessions end. Whether there was one."""
    removed = remove_factor(user, by=by, reason=reason)
    if removed:
        end_sessions(user, by=by)
    return removed


# --- asking -----------------------------------------------------------------------------------------------------


@sensitive_variables("code")
def check_code(request: Any, user: User, code: str) -> None:
    """Take a code of the authenticator or a recovery code, each once. Raises `CodeRefused`.

    Wrong ones leave an event each: whoever gives one knows the password.
    """
    factor = factor_of(user)
    slot = slot_of(user.username, client_address(request))
    if factor is None or not take_slot(slot):
        raise CodeRefused
    by = Actor(user, channel="web", address=client_address(request), request_id=getattr(request, "request_id", ""))
    if _takes(factor, code, by):
        give_back(slot)
        return
    with transaction.atomic():
        record(user, REFUSED, {"second_factor": [None, by.address]}, by=by)
    raise CodeRefused


@transaction.atomic
def _takes(factor: SecondFactor, code: str, by: Actor) -> bool:
    """Whether a code is right and was not taken before; of two at once with one code, one is."""
    step = matching_step(factor.seed, code)
    if step is not None:
        newer = SecondFactor.objects.filter(pk=factor.pk, last_step__lt=step)
        return bool(newer.update(last_step=step))
    digests = [_digest(factor, code, key) for key in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)]
    unused = RecoveryCode.objects.filter(factor=factor, digest__in=digests, used_at=None)
    if not unused.update(used_at=timezone.now()):
        return False
    left = RecoveryCode.objects.filter(factor=factor, used_at=None).count()
    record(factor.user, RECOVERY_USED, {"recovery_codes": [left + 1, left]}, by=by)
    return True


# --- between the two steps --------------------------------------------------------------------------------------


def hold(request: Any, user: User) -> None:
    """Remember in the session whose password was right; nobody is signed in by it."""
    at = timezone.now().timestamp()
    request.session[HELD] = {"user": user.pk, "at": at, "password": user.get_session_auth_hash()}


def held(request: Any) -> User | None:
    """Whose code is asked for: none after five minutes, for a closed account, or once the password changed."""
    told = request.session.get(HELD, {})
    user = User.objects.filter(pk=told.get("user"), is_active=True).first()
    if user is None or not 0 <= timezone.now().timestamp() - told["at"] < HELD_FOR.total_seconds():
        return None
    return user if constant_time_compare(told["password"], user.get_session_auth_hash()) else None
