"""Which committee looks after a standard."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from records.registered import Registered, RegisteredQuerySet

from .standard import Standard


class CareQuerySet(RegisteredQuerySet):
    """Whoever may change the standard says who looks after it."""

    hangs_on = ("standard", "committee")

    def editable_by(self, user):
        return self.standing().filter(standard__in=Standard.objects.editable_by(user))


class Care(Registered):
    """A committee is in charge of a standard (归口), carries the work out (执行) …"""

    class Role(models.TextChoices):
        IN_CHARGE = "in_charge", _("in charge")
        EXECUTES = "executes", _("carries out")
        DRAFTS = "drafts", _("drafts")

    standard = models.ForeignKey(Standard, models.PROTECT, related_name="cares", verbose_name=_("standard"))
    committee = models.ForeignKey(
        "directory.Committee", models.PROTECT, related_name="cares", verbose_name=_("committee")
    )
    role = models.CharField(pgettext_lazy("care", "role"), max_length=9, choices=Role, default=Role.IN_CHARGE)

    objects = CareQuerySet.as_manager()

    class Meta:
        verbose_name = _("care of a standard")
        verbose_name_plural = _("care of standards")
        ordering = ["standard", "role", "committee"]
        indexes = [models.Index(fields=["committee", "standard"], name="care_of_committee")]
        constraints = [
            models.UniqueConstraint(
                fields=["standard", "committee", "role"],
                condition=Q(voided_at__isnull=True),
                name="a_care_stands_once",
                violation_error_message=_("This is on record already."),
            )
        ]

    def __str__(self):
        return f"{self.standard.number} · {self.committee.label} · {self.get_role_display()}"
