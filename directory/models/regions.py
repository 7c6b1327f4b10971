"""Divisions in the years of their validity."""

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from records.models import Versioned


class RegionQuerySet(models.QuerySet):
    def valid(self, on=None):
        """Divisions that exist on a day (today unless told otherwise); the tables know years only."""
        year = (on or timezone.localdate()).year
        return self.filter(Q(valid_from__isnull=True) | Q(valid_from__lte=year)).exclude(valid_to__lte=year)

    def within(self, path: str):
        """A division and all below it, of any year; `path` names codes, so namesakes of other years are among them."""
        return self.filter(path__under=path)

    def with_code(self, code: str):
        """The division of a code, in any of its years; `32` and `3206` mean `320000` and `320600`."""
        return self.filter(code=full_code(code)).order_by("-valid_from")


def full_code(code: str) -> str:
    """Six digits from a division code that may leave out its trailing zeros."""
    code = code.strip()
    return code.ljust(6, "0") if code.isdigit() and len(code) in (2, 4, 6) else code


class Region(Versioned):
    """A division of GB/T 2260 in the years of its validity: province, prefecture or county.

    A code that meant two divisions at different times has two rows. `path` holds the codes from the
    province down, `/320000/320600/320682/`, so that a subtree is one prefix with a separator.
    """

    class Level(models.TextChoices):
        PROVINCE = "province", _("province")
        PREFECTURE = "prefecture", _("prefecture")
        COUNTY = "county", _("county")

    code = models.CharField(_("code"), max_length=6)
    name = models.CharField(_("name"), max_length=50)
    level = models.CharField(_("level"), max_length=10, choices=Level)
    parent = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="children")
    path = models.CharField(_("path"), max_length=30, db_index=True)
    valid_from = models.PositiveSmallIntegerField(_("first year"), null=True, blank=True)
    valid_to = models.PositiveSmallIntegerField(_("year in which it ended"), null=True, blank=True)
    successors = models.ManyToManyField(
        "self", symmetrical=False, blank=True, related_name="predecessors", verbose_name=_("successors")
    )

    objects = RegionQuerySet.as_manager()

    class Meta:
        verbose_name = _("division")
        verbose_name_plural = _("divisions")
        ordering = ["code", "valid_from"]
        constraints = [
            models.UniqueConstraint(fields=["code", "valid_from"], name="a_division_code_begins_once_in_a_year"),
            models.UniqueConstraint(
                fields=["code"], condition=Q(valid_from__isnull=True), name="a_division_code_has_one_unknown_beginning"
            ),
            models.CheckConstraint(
                condition=Q(valid_from__isnull=True)
                | Q(valid_to__isnull=True)
                | Q(valid_to__gte=models.F("valid_from")),
                name="a_division_ends_after_it_began",
            ),
        ]

    def __str__(self):
        return f"{self.name} {self.code}"
