"""What does not add up about a standard, until somebody settles it."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from .standard import Standard, overseen


class QualityFlagQuerySet(models.QuerySet):
    def visible_to(self, user):
        """The flags of standards that an account looks after; settling them is another matter."""
        return self.filter(overseen(user, "standard__"))

    def editable_by(self, user):
        """The flags of standards that an account keeps."""
        return self.filter(standard__in=Standard.objects.editable_by(user))


class QualityFlag(models.Model):
    """Something about a standard that a person should look at.

    `subject` tells flags of one kind apart (the field in conflict, the damaged code); an open flag of the
    same kind and subject stands once.
    """

    class Kind(models.TextChoices):
        SOURCES_DISAGREE = "sources_disagree", _("Sources disagree")
        STATUS_AGAINST_DATES = "status_against_dates", _("Stated status contradicts the dates")
        DATE_ORDER = "date_order", _("Dates out of order")
        DATE_MISSING = "date_missing", _("Day of implementation missing")
        CODE_DAMAGED = "code_damaged", _("Classification code damaged")
        DEPARTMENT_UNCLEAR = "department_unclear", _("Department cut off or unknown")
        SEVERAL_IN_FORCE = "several_in_force", _("Several editions in force")
        REPORTED = "reported", _("Reported by a visitor")

    standard = models.ForeignKey(Standard, models.PROTECT, related_name="flags", verbose_name=_("standard"))
    kind = models.CharField(_("kind"), max_length=25, choices=Kind)
    subject = models.CharField(_("subject"), max_length=120, blank=True)
    detail = models.JSONField(_("what was seen"), default=dict)
    opened_at = models.DateTimeField(_("opened at"))
    settled_at = models.DateTimeField(_("settled at"), null=True, blank=True)
    settled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("settled by")
    )
    resolution = models.TextField(_("how it was settled"), blank=True)

    objects = QualityFlagQuerySet.as_manager()

    class Meta:
        verbose_name = _("data-quality flag")
        verbose_name_plural = _("data-quality flags")
        ordering = ["-opened_at", "-id"]
        indexes = [
            models.Index(fields=["kind", "-id"], name="flag_open", condition=Q(settled_at__isnull=True)),
            models.Index(fields=["-opened_at", "-id"], name="flag_latest", condition=Q(settled_at__isnull=True)),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["standard", "kind", "subject"],
                condition=Q(settled_at__isnull=True),
                name="an_open_flag_stands_once",
            )
        ]

    def __str__(self):
        return f"{self.standard} · {self.get_kind_display()}"
