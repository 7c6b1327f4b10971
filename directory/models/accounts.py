"""Accounts and their keys to the API."""

from django.contrib.auth.models import AbstractUser
from django.db import models
from django.utils.translation import gettext_lazy as _
from knox.models import AbstractAuthToken


class User(AbstractUser):
    """An account. What it may do is asked of `directory.access`, never of the account itself."""

    full_name = models.CharField(_("full name"), max_length=50, blank=True)
    is_example = models.BooleanField(_("example"), default=False)

    class Meta(AbstractUser.Meta):
        verbose_name = _("account")
        verbose_name_plural = _("accounts")


class ApiToken(AbstractAuthToken):
    """A key to the API for a program: hashed, expiring, revocable, shown once when it is made."""

    name = models.CharField(_("what for"), max_length=100, blank=True)

    class Meta:
        verbose_name = _("API token")
        verbose_name_plural = _("API tokens")

    def __str__(self):
        return f"{self.user} · {self.name or self.token_key}"
