"""What was done with whole organizations: merged, split, told apart."""

from collections import Counter

from django.apps import apps
from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from .organizations import Organization


class OrganizationMerge(models.Model):
    """What a merge or a split moved, row by row, so that it can be undone.

    `moved` holds for each row its table, its key, the columns that changed with their values before and after, and the digest of the row as
    the move left it: a row whose digest is another was touched since.
    """

    class Kind(models.TextChoices):
        MERGE = "merge", _("merge")
        SPLIT = "split", _("split")

    kind = models.CharField(_("kind"), max_length=5, choices=Kind)
    source = models.ForeignKey(Organization, models.PROTECT, related_name="+", verbose_name=_("moved from"))
    target = models.ForeignKey(Organization, models.PROTECT, related_name="+", verbose_name=_("moved to"))
    on = models.DateField(_("day of the change"), null=True)
    reason = models.CharField(_("reason"), max_length=200)
    document = models.CharField(_("document"), max_length=200, blank=True)
    moved = models.JSONField(_("rows moved"), default=list)
    made_target = models.BooleanField(_("the other was made by it"), default=False)
    at = models.DateTimeField(_("at"))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("who"))
    undone_at = models.DateTimeField(_("undone at"), null=True)
    undone_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("undone by")
    )
    undo_reason = models.CharField(_("why undone"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("merge or split")
        verbose_name_plural = _("merges and splits")
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["source"],
                condition=Q(kind="merge", undone_at__isnull=True),
                name="an_organization_is_merged_once",
            ),
            models.CheckConstraint(condition=~Q(source=F("target")), name="a_merge_has_two_ends"),
        ]

    def __str__(self):
        return f"{self.source} → {self.target}"

    @property
    def counts(self) -> list[tuple[str, int]]:
        """How many rows of each table it moved, without the two bodies' own."""
        own = {self.source_id, self.target_id}
        counter = Counter(
            entry["table"]
            for entry in self.moved
            if entry["table"] != "directory.organization" or entry["id"] not in own
        )
        return [(str(apps.get_model(table)._meta.verbose_name_plural), count) for table, count in counter.items()]


class DifferentOrganizations(models.Model):
    """Two bodies that somebody looked at and found to be two: they are not proposed as one again."""

    first = models.ForeignKey(Organization, models.PROTECT, related_name="+", verbose_name=_("organization"))
    second = models.ForeignKey(Organization, models.PROTECT, related_name="+", verbose_name=_("other organization"))
    reason = models.CharField(_("reason"), max_length=200, blank=True)
    at = models.DateTimeField(_("at"))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("who"))

    class Meta:
        verbose_name = _("different organizations")
        verbose_name_plural = _("different organizations")
        constraints = [
            models.UniqueConstraint(fields=["first", "second"], name="two_organizations_are_told_apart_once"),
            models.CheckConstraint(
                condition=Q(first__lt=F("second")), name="the_older_of_two_organizations_comes_first"
            ),
        ]

    def __str__(self):
        return f"{self.first} ≠ {self.second}"
