"""What the second step of signing in needs to remember."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class SecondFactor(models.Model):
    """An account's authenticator. `seed` is half of its secret; the other half is the server's own key.

    `last_step` is the time step of the last code that was taken: a code counts once, and none before it does.
    """

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="second_factor", verbose_name=_("account")
    )
    seed = models.CharField(max_length=64)
    last_step = models.BigIntegerField(default=0)
    enrolled_at = models.DateTimeField(_("set up at"))

    class Meta:
        verbose_name = _("second factor")
        verbose_name_plural = _("second factors")

    def __str__(self):
        return str(self.user)


class RecoveryCode(models.Model):
    """A code for whoever lost the authenticator; kept as a digest, taken once."""

    factor = models.ForeignKey(SecondFactor, models.CASCADE, related_name="recovery_codes")
    digest = models.CharField(max_length=64)
    used_at = models.DateTimeField(_("used at"), null=True)

    class Meta:
        verbose_name = _("recovery code")
        verbose_name_plural = _("recovery codes")
        constraints = [
            models.UniqueConstraint(fields=["factor", "digest"], name="a_recovery_code_stands_once_for_an_account")
        ]

    def __str__(self):
        return f"{self.factor} · {self.digest[:8]}"
