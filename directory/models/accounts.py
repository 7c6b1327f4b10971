"""Accounts and their keys to the API."""

from typing import Any, NamedTuple

from django.contrib.auth.models import AbstractUser, UserManager
from django.db import models
from django.db.models import Exists, OuterRef
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from knox.models import AbstractAuthToken

from records.models import Versioned
from records.paths import under_any

from .roles import ADMINISTRATIVE, OFFICE, Role


class Acting(NamedTuple):
    """Under which role and for which division (as a path) somebody acts, as the trail writes it down."""

    role: str = ""
    division: str = ""


class AccountManager(UserManager):
    """Accounts have no rights of their own: roles are given with `manage.py appoint` or by a security administrator."""

    def create_user(self, username: str, email: str | None = None, password: str | None = None, **fields: Any) -> Any:
        return self._create_user(username, email, password, **fields)

    def create_superuser(self, *args: Any, **fields: Any) -> Any:
        raise NotImplementedError("There are no superusers; give roles with: manage.py appoint USERNAME ROLE")

    def kept_by(self, user: Any) -> models.QuerySet:
        """The accounts that an account keeps: gives one-time passwords to, hands over the work of; never its own.

        A system administrator keeps all. Staff who keep a division's accounts keep those whose every role and
        registration lies within it; administrators and auditors are beyond them.
        """
        others, grants = self.exclude(pk=user.pk), user.current_grants if user.is_authenticated else []
        if any(grant.role == Role.SYSTEM_ADMIN for grant in grants):
            return others
        paths = [grant.region.path for grant in grants if grant.keeps_accounts and grant.region]
        standing = self.model._meta.get_field("grants").related_model.objects.filter(revoked_at=None)
        asked = self.model._meta.get_field("registrations").related_model.objects.filter(user=OuterRef("pk"))
        place = under_any(paths, "region__path") | under_any(paths, "organization__region__path")
        inside = standing.filter(place).exclude(role__in=ADMINISTRATIVE)
        mine = inside.filter(user=OuterRef("pk"))
        beyond = standing.filter(user=OuterRef("pk")).exclude(pk__in=inside.values("pk"))
        asks_here = asked.filter(under_any(paths, "region__path"))
        return others.filter(Exists(mine) | Exists(asks_here)).exclude(Exists(beyond))


class User(Versioned, AbstractUser):
    """An account. What it may do follows from its grants (`directory.access`), from nothing else."""

    full_name = models.CharField(_("full name"), max_length=50, blank=True)
    is_example = models.BooleanField(_("example"), default=False)
    password_is_temporary = models.BooleanField(_("password set by somebody else"), default=False, editable=False)

    # Django's own rights are not used: whoever had them would stand outside the matrix and the trail.
    is_superuser = False
    groups = None
    user_permissions = None

    objects = AccountManager()

    class Meta(AbstractUser.Meta):
        verbose_name = _("account")
        verbose_name_plural = _("accounts")

    @property
    def is_staff(self) -> bool:  # type: ignore[override]
        """Whether the account works for the bureau, as Django's back-office asks."""
        return any(grant.role in OFFICE for grant in self.current_grants)

    @cached_property
    def current_grants(self) -> list[Any]:
        """The grants that hold today, read once for a request."""
        if not self.is_active or self.pk is None:
            return []
        return list(self.grants.holding().select_related("region", "organization", "organization__region"))

    @property
    def acting(self) -> Acting:
        """The role and division under which the account acts: the widest division comes first."""
        grants = sorted(self.current_grants, key=lambda grant: (not grant.path, grant.path, grant.role))
        return Acting(grants[0].role, grants[0].path) if grants else Acting()

    def has_perm(self, perm, obj=None):
        return self.is_active and super().has_perm(perm, obj)


class ApiToken(AbstractAuthToken):
    """A key to the API for a program: hashed, expiring, revocable, shown once when it is made."""

    name = models.CharField(_("what for"), max_length=100, blank=True)

    class Meta:
        verbose_name = _("API token")
        verbose_name_plural = _("API tokens")

    def __str__(self):
        return f"{self.user} · {self.name or self.token_key}"
