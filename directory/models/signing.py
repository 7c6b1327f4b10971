"""What signing in needs to remember."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class SignInTries(models.Model):
    """How many passwords were looked at for an account name, from one address or (`*`) from all.

    A row is a window: it counts from its first try until a full window has passed since its last one, so that no
    stretch of time of that length holds more than the limit. Names are kept as digests: what is typed into the name's
    box is now and then a password.
    """

    account = models.CharField(_("digest of the account name"), max_length=64)
    address = models.CharField(_("address"), max_length=45)
    taken = models.PositiveIntegerField(_("tries"))
    last_at = models.DateTimeField(_("last try at"), db_index=True)
    before_at = models.DateTimeField(_("the try before it at"))
    refused_at = models.DateTimeField(_("in the trail since"), null=True)

    class Meta:
        verbose_name = _("sign-in tries")
        verbose_name_plural = _("sign-in tries")
        constraints = [
            models.UniqueConstraint(fields=["account", "address"], name="tries_of_an_account_stand_once_per_address")
        ]

    def __str__(self):
        return f"{self.account[:12]} · {self.address}: {self.taken}"
