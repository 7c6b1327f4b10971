"""Enterprises that register themselves, until their division has confirmed or refused them."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from records.paths import under_any

from ..masking import mask_email, mask_phone
from .organizations import Organization, check_credit_code
from .regions import Region
from .roles import Role


class RegistrationQuerySet(models.QuerySet):
    def editable_by(self, user):
        """Those that an account decides: staff of the division or one above it, never its own."""
        return self.filter(under_any(_paths(user, Role.STAFF), "region__path")).exclude(user=user.pk)

    def visible_to(self, user):
        """Those that an account decides; to the auditor all."""
        if any(grant.role == Role.AUDITOR for grant in _grants(user)):
            return self.all()
        return self.editable_by(user) if user.is_authenticated else self.none()

    def waiting(self):
        return self.filter(state=Registration.State.WAITING)


def _grants(user) -> list:
    return user.current_grants if user.is_authenticated else []


def _paths(user, role: str) -> list[str]:
    return [grant.region.path for grant in _grants(user) if grant.role == role and grant.region]


class Registration(models.Model):
    """What an enterprise said of itself, and what its division answered. What was said is never changed: a
    corrected registration is a new one. `handler` is the officer who has taken it on.
    """

    class State(models.TextChoices):
        WAITING = "waiting", _("waiting")
        CONFIRMED = "confirmed", _("confirmed")
        REFUSED = "refused", _("refused")

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="registrations", verbose_name=_("account")
    )
    credit_code = models.CharField(_("credit code"), max_length=18, validators=[check_credit_code], db_index=True)
    name = models.CharField(_("name of the enterprise"), max_length=200)
    region = models.ForeignKey(Region, models.PROTECT, related_name="registrations", verbose_name=_("division"))
    contact = models.CharField(_("contact person"), max_length=50)
    phone = models.CharField(_("phone"), max_length=30)
    email = models.EmailField(_("e-mail"))
    sent_at = models.DateTimeField(_("sent at"), default=timezone.now, editable=False)
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.WAITING)
    handler = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("in the hands of"),
    )
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("decided by")
    )
    decided_at = models.DateTimeField(_("decided at"), null=True, blank=True)
    reason = models.CharField(_("reason"), max_length=500, blank=True)
    organization = models.ForeignKey(
        Organization,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="registrations",
        verbose_name=_("organization"),
    )
    is_example = models.BooleanField(_("example"), default=False)

    objects = RegistrationQuerySet.as_manager()

    class Meta:
        verbose_name = _("registration")
        verbose_name_plural = _("registrations")
        ordering = ["-sent_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["user"], condition=Q(state="waiting"), name="one_registration_of_an_account_waits"
            ),
            models.CheckConstraint(
                condition=Q(state="waiting", decided_at__isnull=True)
                | Q(~Q(state="waiting"), decided_at__isnull=False),
                name="a_registration_is_decided_on_a_day",
            ),
            models.CheckConstraint(
                condition=Q(state="confirmed", organization__isnull=False)
                | Q(~Q(state="confirmed"), organization__isnull=True),
                name="a_confirmed_registration_has_its_organization",
            ),
            models.CheckConstraint(condition=~Q(state="refused", reason=""), name="a_refusal_says_why"),
        ]

    def __str__(self):
        return f"{self.name} {self.credit_code}"

    @property
    def masked_phone(self) -> str:
        return mask_phone(self.phone)

    @property
    def masked_email(self) -> str:
        return mask_email(self.email)
