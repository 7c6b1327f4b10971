"""What a password has to be, as `PASSWORD_POLICY` says, and what changing one does."""

import re
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.contrib.auth.hashers import check_password
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_variables

from records.trail import SYSTEM, Actor, record

from .acts import PASSWORD_CHANGED
from .local_words import is_guessable, local_words
from .models import EarlierPassword, User
from .sessions import end_everything

CLASSES = (r"[a-z]", r"[A-Z]", r"[0-9]", r"[^a-zA-Z0-9]")
REMEMBERED = 5
# Of made passwords: read out on the telephone and typed from a note.
LETTERS = "abcdefghijkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789"


@dataclass(frozen=True, slots=True)
class Policy:
    """The least length, the least number of classes, days until a new one is due, how many are not taken again."""

    length: int
    classes: int = 1
    days: int | None = None
    remembered: int = 0


POLICIES = {
    # OWASP ASVS 5, 6.2: length counts; no composition, no rotation.
    "asvs": Policy(length=12),
    # GB/T 22239-2019, 8.1.4.1 a): complexity, and a change now and then.
    "mlps3": Policy(length=10, classes=3, days=90, remembered=REMEMBERED),
}


def policy() -> Policy:
    return POLICIES[settings.PASSWORD_POLICY]


class PolicyValidator:
    """Length and, where the policy asks for it, classes of characters."""

    def validate(self, password: str, user: Any = None) -> None:
        if len(password) < policy().length:
            text = _("A password has at least %(length)s characters.")
            raise ValidationError(text, code="too_short", params={"length": policy().length})
        if sum(bool(re.search(one, password)) for one in CLASSES) < policy().classes:
            text = _("A password has three of these: small letters, capital letters, digits, signs.")
            raise ValidationError(text, code="too_plain")

    def get_help_text(self) -> str:
        texts = [_("At least %(length)s characters; several words are easy to remember.") % {"length": policy().length}]
        if policy().classes > 1:
            texts.append(_("Three of these: small letters, capital letters, digits, signs."))
        return " ".join(texts)


class GuessableValidator:
    """Local words and the account's own names, which those who know it try first."""

    def validate(self, password: str, user: Any = None) -> None:
        folded = password.casefold()
        if any(name in folded for name in own_names(user)):
            raise ValidationError(_("A password does not contain the account's own names."), code="own_name")
        if is_guessable(password, local_words()):
            text = _("This password is little more than words that anybody here would guess.")
            raise ValidationError(text, code="local_word")

    def get_help_text(self) -> str:
        return _("No common passwords, no names of divisions or bodies, not your own name.")


def own_names(user: Any) -> set[str]:
    """What an account is called, where it is long enough to be no accident."""
    if user is None:
        return set()
    names = {user.username, user.full_name, user.email.partition("@")[0]}
    return {name.casefold() for name in names if len(name) >= (3 if name.isascii() else 2)}


class EarlierPasswordValidator:
    """Refuses the last passwords where the policy says so. Django tells it of every change, through whichever door."""

    @sensitive_variables("password")
    def validate(self, password: str, user: Any = None) -> None:
        if not policy().remembered or user is None or user.pk is None:
            return
        earlier = EarlierPassword.objects.filter(user=user).values_list("password", flat=True)[: policy().remembered]
        if any(check_password(password, one) for one in {user.password, *earlier} if one):
            raise ValidationError(_("This password was used before."), code="used_before")

    def get_help_text(self) -> str:
        return _("None of the last %(count)s.") % {"count": policy().remembered} if policy().remembered else ""

    @transaction.atomic
    def password_changed(self, password: str, user: Any) -> None:
        """Remember the new one; end what was opened with the old one. An account's first is no change."""
        known = EarlierPassword.objects.filter(user=user)
        by = getattr(user, "changed_by", SYSTEM)
        ended = end_everything(user, by=by, reason=_("The password was changed."))
        if ended or by.user or user.last_login or known.exists():
            record(user, PASSWORD_CHANGED, {"password": [None, "changed"]}, by=by)
        if hasattr(user, "changed_by"):
            # A password that another has set is known to two; its owner changes it before anything else.
            user.password_is_temporary = bool(by.user and by.user.pk != user.pk)
            User.objects.filter(pk=user.pk).update(password_is_temporary=user.password_is_temporary)
        EarlierPassword.objects.create(user=user, password=user.password, set_at=timezone.now())
        known.exclude(pk__in=known.values("pk")[:REMEMBERED]).delete()


@sensitive_variables("password")
@transaction.atomic
def change_password(user: User, password: str, *, by: Actor) -> None:
    """Give an account a new password; all its sessions and tokens end."""
    user.set_password(password)
    user.changed_by = by  # type: ignore[attr-defined]
    user.save(update_fields=["password"])


class NotKept(Exception):
    """An account is not among those that the other one keeps."""


@sensitive_variables("password")
@transaction.atomic
def give_one_time_password(user: User, *, by: Actor) -> str:
    """Set a password that its owner must change at once; what is returned is stored nowhere. Raises `NotKept`."""
    if by.user is not None and not User.objects.kept_by(by.user).filter(pk=user.pk).exists():
        raise NotKept(str(user))
    password = _made_password(user)
    change_password(user, password, by=by)
    return password


@sensitive_variables("password")
def _made_password(user: User) -> str:
    """Three groups without letters that look alike; drawn until the policy takes it."""
    while True:
        password = "-".join("".join(secrets.choice(LETTERS) for _letter in range(5)) for _group in range(3))
        try:
            validate_password(password, user)
        except ValidationError:
            continue
        return password


def due_at(user: User) -> datetime | None:
    """When a new password is due; None where the policy asks for none."""
    days = policy().days
    if days is None:
        return None
    last = EarlierPassword.objects.filter(user=user).values_list("set_at", flat=True).first()
    return (last or user.date_joined) + timedelta(days=days)


def is_due(user: User) -> bool:
    due = due_at(user)
    return user.password_is_temporary or (due is not None and due <= timezone.now())
