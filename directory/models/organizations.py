"""Bodies that issue, keep or draft standards."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from records.models import Versioned

from .regions import Region


class Organization(Versioned):
    """A body that issues, keeps or drafts standards."""

    class Kind(models.TextChoices):
        DEPARTMENT = "department", _("government department")
        OTHER = "other", _("other body")

    name = models.CharField(_("name"), max_length=200)
    name_en = models.CharField(_("English name"), max_length=200, blank=True)
    kind = models.CharField(_("kind"), max_length=20, choices=Kind, default=Kind.DEPARTMENT)
    region = models.ForeignKey(
        Region, models.PROTECT, null=True, blank=True, related_name="organizations", verbose_name=_("division")
    )
    is_example = models.BooleanField(_("example"), default=False)

    class Meta:
        verbose_name = _("organization")
        verbose_name_plural = _("organizations")
        ordering = ["name"]
        constraints = [models.UniqueConstraint(fields=["name"], name="an_organization_name_stands_once")]

    def __str__(self):
        return self.name
