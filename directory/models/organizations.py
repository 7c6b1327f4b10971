"""Bodies that issue, keep or draft standards, and enterprises."""

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from records.models import Versioned

from ..credit_codes import fault_of, tidy_code
from .regions import Region

FAULTS = {
    "length": _("A credit code has %(expected)s characters; this one has %(found)s."),
    "letter": _(
        "Character %(position)s, “%(found)s”, is none of a credit code (the letters I, O, S, V, Z are not used)."
    ),
    "department": _("Character 1, “%(found)s”, names no registering department."),
    "digit": _(
        "Character %(position)s, “%(found)s”, should be a digit: characters 3 to 8 are the registering division."
    ),
    "check": _("Character 18, the check character, is “%(found)s”; the other seventeen ask for “%(expected)s”."),
}


def check_credit_code(text: str) -> None:
    """Say which character of a credit code is wrong, and what is expected where that is known."""
    if fault := fault_of(tidy_code(text)):
        params = {"position": fault.position, "found": fault.found, "expected": fault.expected}
        raise ValidationError(FAULTS[fault.wrong], code=f"credit_code_{fault.wrong}", params=params)


class Organization(Versioned):
    """A body that issues, keeps or drafts standards, or an enterprise."""

    class Kind(models.TextChoices):
        DEPARTMENT = "department", _("government department")
        ENTERPRISE = "enterprise", _("enterprise")
        OTHER = "other", _("other body")

    name = models.CharField(_("name"), max_length=200)
    name_en = models.CharField(_("English name"), max_length=200, blank=True)
    kind = models.CharField(_("kind"), max_length=20, choices=Kind, default=Kind.DEPARTMENT)
    credit_code = models.CharField(_("credit code"), max_length=18, blank=True, validators=[check_credit_code])
    region = models.ForeignKey(
        Region, models.PROTECT, null=True, blank=True, related_name="organizations", verbose_name=_("division")
    )
    is_example = models.BooleanField(_("example"), default=False)

    class Meta:
        verbose_name = _("organization")
        verbose_name_plural = _("organizations")
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(fields=["name"], name="an_organization_name_stands_once"),
            models.UniqueConstraint(
                fields=["credit_code"],
                condition=~Q(credit_code=""),
                name="a_credit_code_stands_once",
                violation_error_message=_("Another organization has this credit code."),
            ),
        ]

    def __str__(self):
        return self.name

    def clean(self):
        self.credit_code = tidy_code(self.credit_code)
