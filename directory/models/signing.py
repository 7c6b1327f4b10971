"""What signing in needs to remember."""

from datetime import timedelta

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class SignInTries(models.Model):
    """How many passwords were looked at for an account name, from one address or (`*`) from all.

    A row is a window: it counts from its first try until a full window has passed since its last one, so that no
    stretch of time of that length holds more than the limit. Names are kept as digests: what is typed into the name's
    box is now and then a password.
    """

    account = models.CharField(_("digest of the account name"), max_length=64)
    address = models.CharField(_("address"), max_length=45)
    taken = models.PositiveIntegerField(_("tries"))
    last_at = models.DateTimeField(_("last try at"), db_index=True)
    before_at = models.DateTimeField(_("the try before it at"))
    refused_at = models.DateTimeField(_("in the trail since"), null=True)

    class Meta:
        verbose_name = _("sign-in tries")
        verbose_name_plural = _("sign-in tries")
        constraints = [
            models.UniqueConstraint(fields=["account", "address"], name="tries_of_an_account_stand_once_per_address")
        ]

    def __str__(self):
        return f"{self.account[:12]} · {self.address}: {self.taken}"


def idle_limit(user) -> timedelta:
    """How long a session may stand still: shorter for staff, whose screens show more."""
    return timedelta(minutes=settings.SESSION_IDLE_MINUTES_STAFF if user.is_staff else settings.SESSION_IDLE_MINUTES)


class UserSessionQuerySet(models.QuerySet):
    def standing(self, user):
        """An account's sessions within both limits."""
        now = timezone.now()
        oldest = now - timedelta(hours=settings.SESSION_HOURS)
        return self.filter(user=user, started_at__gt=oldest, seen_at__gt=now - idle_limit(user))


class UserSession(models.Model):
    """A session of an account, as its owner sees it. Ending it is deleting it: a session without its row is over."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="sessions")
    key_hash = models.CharField(_("hash of the session's key"), max_length=64)
    address = models.CharField(_("address"), max_length=45, blank=True)
    agent = models.CharField(_("browser"), max_length=200, blank=True)
    started_at = models.DateTimeField(_("started at"))
    seen_at = models.DateTimeField(_("last seen at"))

    objects = UserSessionQuerySet.as_manager()

    class Meta:
        verbose_name = _("session")
        verbose_name_plural = _("sessions")
        ordering = ["-seen_at"]
        constraints = [models.UniqueConstraint(fields=["key_hash"], name="a_session_stands_once")]

    def __str__(self):
        return f"{self.user} · {self.address} · {self.started_at:%Y-%m-%d %H:%M}"


class EarlierPassword(models.Model):
    """The hash of a password an account was given, and when: how old it is, and what may not be taken again."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="earlier_passwords")
    password = models.CharField(_("hash"), max_length=128)
    set_at = models.DateTimeField(_("set at"))

    class Meta:
        verbose_name = _("earlier password")
        verbose_name_plural = _("earlier passwords")
        ordering = ["-set_at", "-id"]

    def __str__(self):
        return f"{self.user} · {self.set_at:%Y-%m-%d}"
