"""The tables a standard's number and subject are read against: prefixes, ICS, CCS."""

from django.db import models
from django.db.models import Q
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from records.models import Versioned

from ..levels import Level


class Prefix(Versioned):
    """A number prefix such as GB, YY or XF, with the years in which it was given out.

    Staff add prefixes here as they appear; `catalog.prefixes` holds those that the parser knows by itself.
    """

    code = models.CharField(_("prefix"), max_length=20)
    level = models.CharField(_("level"), max_length=15, choices=Level)
    name = models.CharField(_("field"), max_length=60)
    name_en = models.CharField(_("field in English"), max_length=80, blank=True)
    department = models.CharField(_("competent department"), max_length=100, blank=True)
    department_en = models.CharField(_("competent department in English"), max_length=150, blank=True)
    valid_from = models.PositiveSmallIntegerField(_("first year"), null=True, blank=True)
    valid_to = models.PositiveSmallIntegerField(_("last year"), null=True, blank=True)
    successor = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="predecessors", verbose_name=_("successor")
    )
    note = models.CharField(_("note"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("prefix")
        verbose_name_plural = _("prefixes")
        ordering = ["code"]
        constraints = [
            models.UniqueConstraint(fields=["code"], name="a_prefix_stands_once"),
            models.CheckConstraint(
                condition=Q(valid_from__isnull=True)
                | Q(valid_to__isnull=True)
                | Q(valid_to__gte=models.F("valid_from")),
                name="a_prefix_ends_after_it_began",
            ),
        ]

    def __str__(self):
        return f"{self.code} {self.name}"


class Classification(Versioned):
    """A node of ICS (`01.040.03`) or CCS (`A00`).

    The first levels ship with the product. A deeper code that a file brings before the full table is
    loaded has a row without a name, until `load_classification` names it.
    """

    class Scheme(models.TextChoices):
        ICS = "ics", "ICS"
        CCS = "ccs", "CCS"

    scheme = models.CharField(_("scheme"), max_length=3, choices=Scheme)
    code = models.CharField(_("code"), max_length=10)
    name = models.CharField(_("name"), max_length=200, blank=True)
    name_en = models.CharField(_("English name"), max_length=300, blank=True)
    note = models.TextField(_("note"), blank=True)
    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="children", verbose_name=_("parent")
    )

    class Meta:
        verbose_name = _("classification")
        verbose_name_plural = _("classifications")
        ordering = ["scheme", "code"]
        constraints = [
            models.UniqueConstraint(fields=["scheme", "code"], name="a_classification_code_stands_once_in_its_scheme")
        ]

    def __str__(self):
        return f"{self.code} {self.label}".strip()

    @property
    def label(self) -> str:
        """The name in the reader's language, or in the other one where that is all there is."""
        if get_language() == "en":
            return self.name_en or self.name
        return self.name or self.name_en
