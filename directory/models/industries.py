"""The industrial classification for national economic activities (GB/T 4754-2017)."""

from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _


class Industry(models.Model):
    """A section (门类), division (大类), group (中类) or class (小类): A, 01, 011, 0111."""

    code = models.CharField(_("code"), max_length=4)
    name = models.CharField(_("name"), max_length=100, blank=True)
    name_en = models.CharField(_("English name"), max_length=200, blank=True)
    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="children", verbose_name=_("above it")
    )
    # The codes from the section down, `/A/01/011/0111/`: a subtree is one prefix with a separator.
    path = models.CharField(_("path"), max_length=30, editable=False, db_index=True)

    class Meta:
        verbose_name = _("industry")
        verbose_name_plural = _("industries")
        ordering = ["code"]
        constraints = [models.UniqueConstraint(fields=["code"], name="an_industry_code_stands_once")]

    def __str__(self):
        return f"{self.code} {self.shown_name}".rstrip()

    @property
    def shown_name(self) -> str:
        """In the reader's language, where there is a name in it."""
        english, chinese = self.name_en, self.name
        return (english or chinese) if get_language() == "en" else (chinese or english)
