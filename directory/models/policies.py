"""Policy documents: what a division issued on standards, and from when it applies."""

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from records.registered import Registered

from ..placing import PlacedQuerySet
from .regions import Region


class PolicyDocumentQuerySet(PlacedQuerySet):
    def effective(self, on=None):
        """Documents that apply on a day (today unless told otherwise)."""
        on = on or timezone.localdate()
        return self.filter(effective_on__lte=on).exclude(ends_on__lte=on)


class PolicyDocument(Registered):
    """A regulation, measure, plan or opinion; it applies from `effective_on` to before `ends_on`."""

    class Kind(models.TextChoices):
        REGULATION = "regulation", _("local regulation")
        RULE = "rule", _("government rule")
        MEASURE = "measure", _("administrative measure")
        PLAN = "plan", _("plan")
        OPINION = "opinion", _("opinion")
        NOTICE = "notice", _("notice")
        OTHER = "other", _("other document")

    title = models.CharField(_("title"), max_length=200)
    number = models.CharField(_("document number"), max_length=100, blank=True)
    kind = models.CharField(_("kind"), max_length=12, choices=Kind)
    region = models.ForeignKey(
        Region, models.PROTECT, null=True, blank=True, related_name="policies", verbose_name=_("division")
    )
    issuer = models.CharField(_("issued by"), max_length=200, blank=True)
    issued_on = models.DateField(_("issued on"), null=True, blank=True)
    issued_precision = models.CharField(max_length=5, default="day", editable=False)
    effective_on = models.DateField(_("effective from"), null=True, blank=True)
    ends_on = models.DateField(_("ends on"), null=True, blank=True)
    summary = models.TextField(_("summary"), blank=True)

    objects = PolicyDocumentQuerySet.as_manager()

    class Meta:
        verbose_name = _("policy document")
        verbose_name_plural = _("policy documents")
        ordering = ["-issued_on", "title"]
        constraints = [
            models.CheckConstraint(
                condition=Q(effective_on__isnull=True)
                | Q(ends_on__isnull=True)
                | Q(ends_on__gt=models.F("effective_on")),
                name="a_policy_ends_after_it_took_effect",
                violation_error_message=_("A document cannot end before it takes effect."),
            ),
        ]

    def __str__(self):
        return f"{self.title} {self.number}".strip()
