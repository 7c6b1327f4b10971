"""Bodies that issue, keep or draft standards, and enterprises."""

from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Substr
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from records.registered import Registered
from tabular.dates import PartialDate

from ..access import paths_above_county, placed_below
from ..credit_codes import fault_of, tidy_code
from ..placing import PlacedQuerySet, keeps_unplaced
from .industries import Industry
from .names import name_on
from .regions import Region
from .roles import Role

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


CONTACT = ("contact_person", "contact_phone")
PRECISIONS = [("day", _("day")), ("month", _("month")), ("year", _("year"))]


def known_day(day: date | None, precision: Any) -> PartialDate | None:
    """A day as far as it is known."""
    return PartialDate(day, precision) if day else None


class OrganizationQuerySet(PlacedQuerySet):
    """Bodies are kept by the staff of their division and those above it, without a division by the provinces."""

    roles = (Role.STAFF,)

    def standing(self):
        """Bodies that are neither voided nor merged into another."""
        return self.filter(voided_at__isnull=True, merged_into__isnull=True)

    def known_to(self, user):
        """Those that an account sees, and those that lead to one: a merged body has a page, a voided one is absent."""
        return self.filter(voided_at__isnull=True)

    def mergeable_by(self, user):
        """Those that an account may merge and split: cities and provinces do."""
        return self.standing().within_merging_reach(user)

    def within_merging_reach(self, user):
        """Those of a city's or province's division, merged and voided ones among them."""
        paths = paths_above_county(user, *self.roles)
        inside = placed_below(paths, "region")
        return self.filter(inside | Q(region__isnull=True) if keeps_unplaced(paths) else inside)


class Organization(Registered):
    """A body that issues, keeps or drafts standards, or an enterprise. `name` is its legal name of today, or its last one.

    Only those who keep it see its contact. A body that was merged stays on record and leads to the other.
    """

    class Kind(models.TextChoices):
        DEPARTMENT = "department", _("government department")
        ENTERPRISE = "enterprise", _("enterprise")
        INSTITUTION = "institution", _("public institution")
        ASSOCIATION = "association", _("association")
        SCHOOL = "school", _("university or school")
        INSTITUTE = "institute", _("research institute")
        COMMITTEE = "committee", _("committee body")
        OTHER = "other", _("other body")

    name = models.CharField(_("name"), max_length=200)
    name_en = models.CharField(_("English name"), max_length=200, blank=True)
    kind = models.CharField(_("kind"), max_length=20, choices=Kind, default=Kind.DEPARTMENT)
    credit_code = models.CharField(_("credit code"), max_length=18, blank=True, validators=[check_credit_code])
    region = models.ForeignKey(
        Region, models.PROTECT, null=True, blank=True, related_name="organizations", verbose_name=_("division")
    )
    industry = models.ForeignKey(
        Industry, models.PROTECT, null=True, blank=True, related_name="organizations", verbose_name=_("industry")
    )
    address = models.CharField(_("address"), max_length=200, blank=True)
    contact_person = models.CharField(_("contact person"), max_length=50, blank=True)
    contact_phone = models.CharField(_("contact phone"), max_length=50, blank=True)
    established_on = models.DateField(_("established"), null=True, blank=True)
    established_precision = models.CharField(_("known to the"), max_length=5, choices=PRECISIONS, default="day")
    dissolved_on = models.DateField(_("dissolved"), null=True, blank=True)
    dissolved_precision = models.CharField(_("known to the"), max_length=5, choices=PRECISIONS, default="day")
    merged_into = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="absorbed",
        verbose_name=_("merged into"),
    )

    objects = OrganizationQuerySet.as_manager()

    class Meta:
        verbose_name = _("organization")
        verbose_name_plural = _("organizations")
        ordering = ["name", "id"]
        indexes = [
            models.Index(fields=["name", "id"], name="organization_by_name"),
            # Its nine characters for the body itself, which stay when another department registers it.
            models.Index(Substr("credit_code", 9, 9), name="organization_by_body_code", condition=~Q(credit_code="")),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["name"],
                condition=Q(kind="department", voided_at__isnull=True, merged_into__isnull=True),
                name="a_department_name_stands_once",
                violation_error_message=_("There is a department of this name already."),
            ),
            models.UniqueConstraint(
                fields=["credit_code"],
                condition=~Q(credit_code="") & Q(voided_at__isnull=True),
                name="a_credit_code_stands_once",
                violation_error_message=_("Another organization has this credit code."),
            ),
            models.CheckConstraint(
                condition=Q(merged_into__isnull=True) | ~Q(merged_into=F("id")),
                name="an_organization_is_not_merged_into_itself",
            ),
            models.CheckConstraint(
                condition=Q(established_on__isnull=True)
                | Q(dissolved_on__isnull=True)
                | Q(dissolved_on__gte=F("established_on")),
                name="an_organization_ends_after_it_began",
                violation_error_message=_("An organization cannot be dissolved before it was established."),
            ),
        ]

    def __str__(self):
        return self.name

    def get_absolute_url(self):
        return reverse("organization", args=[self.pk])

    def fill(self) -> None:
        """Write a credit code as the standard does."""
        self.credit_code = tidy_code(self.credit_code)

    def clean(self):
        self.fill()

    @property
    def other_names(self) -> list[str]:
        """What else it is or was called, each once."""
        names = sorted((one for one in self.names.all() if one.voided_at is None), key=lambda one: one.pk)
        return list(dict.fromkeys(one.name for one in names if one.name != self.name))

    @property
    def known_established(self) -> PartialDate | None:
        return known_day(self.established_on, self.established_precision)

    @property
    def known_dissolved(self) -> PartialDate | None:
        return known_day(self.dissolved_on, self.dissolved_precision)

    def name_on(self, day: date) -> str:
        """What it was called on a day, as far as the names on record say; else what it is called now."""
        return name_on(list(self.names.all()), day) or self.name

    def other_name_on(self, day: date | None) -> str:
        """What it was called on a day, where that was another name than today's."""
        then = self.name_on(day) if day else self.name
        return "" if then == self.name else then

    def shown_on(self, day: date) -> str:
        """Its name of today, with that of the day where it was another: 南通市市场监督管理局（时名：南通市质量技术监督局）."""
        then = self.other_name_on(day)
        return _("%(now)s (then: %(then)s)") % {"now": self.name, "then": then} if then else self.name
