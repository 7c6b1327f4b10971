"""Who said what: every source's own words about a standard, with the source's own day."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from .standard import Standard


class SourceClaim(models.Model):
    """What one source says of one standard, in its own words, as of the source's own day.

    A later file of the same source replaces its claim; the trail keeps the earlier words. `values` maps
    the name of a field to the words as printed.
    """

    standard = models.ForeignKey(
        Standard, models.PROTECT, db_index=False, related_name="claims", verbose_name=_("standard")
    )
    source = models.CharField(_("source"), max_length=100)
    as_of = models.DateField(_("the source's own day"))
    values = models.JSONField(_("in its own words"), default=dict)
    batch = models.ForeignKey(
        "records.ImportBatch", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("import batch")
    )

    class Meta:
        verbose_name = _("source's claim")
        verbose_name_plural = _("sources' claims")
        constraints = [
            models.UniqueConstraint(fields=["standard", "source"], name="a_source_makes_one_claim_about_a_standard")
        ]

    def __str__(self):
        return f"{self.source} {self.as_of}"
