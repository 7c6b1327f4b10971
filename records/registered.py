"""What every simple record has: a version, and an end that leaves it on record."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from .models import Versioned


class RegisteredQuerySet(models.QuerySet):
    """Records of a register; each kind says for itself who may change them."""

    def standing(self):
        """Records that were not voided."""
        return self.filter(voided_at__isnull=True)

    def visible_to(self, user):
        """What an account may see: registers are public, voided records are not."""
        return self.standing()

    def editable_by(self, user):
        """What an account may change."""
        raise NotImplementedError(f"{type(self).__name__} has to say who may change its records.")

    def for_figures(self):
        """What a figure counts from: without examples as soon as there is one real record."""
        real = self.filter(is_example=False)
        return real if real.exists() else self


class Registered(Versioned):
    """A record that is entered, amended and voided through `records.registering`, never deleted."""

    is_example = models.BooleanField(_("example"), default=False, editable=False)
    voided_at = models.DateTimeField(_("voided at"), null=True, editable=False)
    void_reason = models.CharField(_("why voided"), max_length=200, blank=True, editable=False)

    class Meta:
        abstract = True
