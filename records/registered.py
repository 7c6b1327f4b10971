"""What every simple record has: a version, and an end that leaves it on record."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from .models import Versioned


class RegisteredQuerySet(models.QuerySet):
    """Records of a register; each kind says for itself who may change them.

    `hangs_on` leads to the records without which one of its own means nothing: with them it goes out of sight.
    """

    hangs_on: tuple[str, ...] = ()

    def standing(self):
        """Records that were not voided."""
        return self.filter(voided_at__isnull=True)

    def visible_to(self, user):
        """What an account may see: registers are public; voided records, and what hangs on one, are not."""
        return self.standing().filter(**{f"{way}__voided_at__isnull": True for way in self.hangs_on})

    def editable_by(self, user):
        """What an account may change."""
        raise NotImplementedError(f"{type(self).__name__} has to say who may change its records.")

    def for_figures(self):
        """What a figure counts from: without examples as soon as there is one real record."""
        # The whole table is asked: a selection that holds examples only counts none beside real records elsewhere.
        real = self.model._default_manager.standing().filter(is_example=False)
        return self.filter(is_example=False) if real.exists() else self


class Registered(Versioned):
    """A record that is entered, amended and voided through `records.registering`, never deleted."""

    is_example = models.BooleanField(_("example"), default=False, editable=False)
    voided_at = models.DateTimeField(_("voided at"), null=True, editable=False)
    void_reason = models.CharField(_("why voided"), max_length=200, blank=True, editable=False)

    class Meta:
        abstract = True
