"""Who may act as what, for which division or organization, from when to when."""

from datetime import date

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from .organizations import Organization
from .regions import Region
from .roles import OF_A_DIVISION, OF_AN_ORGANIZATION, Role


class GrantQuerySet(models.QuerySet):
    def holding(self, on: date | None = None):
        """Grants that hold on a day (today unless told otherwise)."""
        on = on or timezone.localdate()
        return self.filter(revoked_at=None, starts_on__lte=on).exclude(ends_on__lt=on)


class Grant(models.Model):
    """A role given to an account for a place and a time; taken back, it stays on record.

    A security administrator with a division gives roles within it only, one without anywhere. `ends_on` is the last
    day on which the grant holds.
    """

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="grants", verbose_name=_("account"))
    role = models.CharField(_("role"), max_length=20, choices=Role)
    region = models.ForeignKey(
        Region, models.PROTECT, null=True, blank=True, related_name="grants", verbose_name=_("division")
    )
    organization = models.ForeignKey(
        Organization, models.PROTECT, null=True, blank=True, related_name="grants", verbose_name=_("organization")
    )
    starts_on = models.DateField(_("from"), default=timezone.localdate)
    ends_on = models.DateField(_("to and including"), null=True, blank=True)
    keeps_accounts = models.BooleanField(
        _("keeps the accounts of the division"),
        default=False,
        help_text=_("Gives one-time passwords and hands over open work, within the division."),
    )
    note = models.CharField(_("note"), max_length=200, blank=True)
    granted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        editable=False,
        related_name="+",
        verbose_name=_("granted by"),
    )
    granted_at = models.DateTimeField(_("granted at"), editable=False)
    revoked_at = models.DateTimeField(_("revoked at"), null=True, editable=False)
    revoke_reason = models.CharField(_("why revoked"), max_length=200, blank=True, editable=False)

    objects = GrantQuerySet.as_manager()

    class Meta:
        verbose_name = _("grant")
        verbose_name_plural = _("grants")
        ordering = ["user", "role", "-starts_on"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True) | Q(ends_on__gte=models.F("starts_on")),
                name="a_grant_ends_after_it_began",
                violation_error_message=_("A grant cannot end before it begins."),
            ),
            models.CheckConstraint(
                condition=Q(role__in=OF_A_DIVISION, region__isnull=False, organization__isnull=True)
                | Q(role__in=OF_AN_ORGANIZATION, organization__isnull=False, region__isnull=True)
                | Q(role=Role.SECURITY_ADMIN, organization__isnull=True)
                | Q(
                    role__in=(Role.EXPERT, Role.AUDITOR, Role.SYSTEM_ADMIN),
                    region__isnull=True,
                    organization__isnull=True,
                ),
                name="a_grant_has_the_place_its_role_needs",
                violation_error_message=_(
                    "Staff and cataloguers are named for a division, enterprises and secretariats for an organization,"
                    " the other roles for neither."
                ),
            ),
            models.CheckConstraint(
                condition=Q(keeps_accounts=False) | Q(role=Role.STAFF),
                name="only_staff_keep_accounts",
                violation_error_message=_("Only staff of a division keep its accounts."),
            ),
            *(
                models.UniqueConstraint(
                    fields=["user", "role", *([place] if place else [])],
                    condition=Q(
                        revoked_at__isnull=True,
                        **{f"{other}__isnull": True for other in ("region", "organization") if other != place},
                    ),
                    name=f"a_grant_stands_once_for_{place or 'the_whole'}",
                    violation_error_message=_("The account holds this role there already."),
                )
                for place in ("region", "organization", "")
            ),
        ]

    def __str__(self):
        place = self.region or self.organization
        return f"{self.get_role_display()} · {place}" if place else str(self.get_role_display())

    @property
    def path(self) -> str:
        """The path of the division it is held for: its own, or that of its organization."""
        region = self.region or (self.organization.region if self.organization else None)
        return region.path if region else ""
