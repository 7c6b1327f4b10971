"""What organizations are and were called."""

from datetime import date

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from records.registered import Registered

from ..organization_names import name_key, similar_key
from ..placing import PlacedQuerySet
from .roles import Role


class OrganizationNameQuerySet(PlacedQuerySet):
    place = "organization__region"
    roles = (Role.STAFF,)

    def visible_to(self, user):
        """Names are as public as their bodies."""
        return self.standing().filter(organization__in=self._bodies().known_to(user))

    def editable_by(self, user):
        return self.standing().filter(organization__in=self._bodies().editable_by(user))

    def _bodies(self):
        return self.model._meta.get_field("organization").related_model.objects

    def holding(self, on: date | None = None):
        """Names that hold on a day (today unless told otherwise); an unknown beginning lies in the past."""
        on = on or timezone.localdate()
        return self.filter(Q(valid_from__isnull=True) | Q(valid_from__lte=on)).exclude(valid_to__lte=on)


class OrganizationName(Registered):
    """What a body is or was called, from a day (included) to a day (not included); NULL is unknown, or still so.

    A legal name that was given up keeps its kind and gets an end. Former names are those known without having been kept
    here as legal ones, and those of the bodies that were merged into this one.
    """

    class Kind(models.TextChoices):
        LEGAL = "legal", _("legal name")
        FORMER = "former", _("former name")
        SHORT = "short", _("short name")
        FOREIGN = "foreign", _("foreign name")

    organization = models.ForeignKey(
        "directory.Organization", models.PROTECT, related_name="names", verbose_name=_("organization")
    )
    name = models.CharField(_("name"), max_length=200)
    kind = models.CharField(_("kind"), max_length=10, choices=Kind, default=Kind.LEGAL)
    valid_from = models.DateField(_("from"), null=True, blank=True)
    valid_to = models.DateField(_("until (no longer on that day)"), null=True, blank=True)
    key = models.CharField(max_length=200, editable=False)
    similar_key = models.CharField(max_length=200, editable=False)

    objects = OrganizationNameQuerySet.as_manager()

    class Meta:
        verbose_name = _("organization's name")
        verbose_name_plural = _("organizations' names")
        ordering = ["organization", "valid_from", "id"]
        indexes = [
            models.Index(fields=["key", "organization"], name="name_by_key"),
            models.Index(fields=["similar_key", "organization"], name="name_by_similar_key"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["organization"],
                condition=Q(kind="legal", valid_to__isnull=True, voided_at__isnull=True),
                name="an_organization_has_one_legal_name_at_a_time",
                violation_error_message=_("The organization has a legal name already."),
            ),
            models.CheckConstraint(
                condition=Q(valid_from__isnull=True) | Q(valid_to__isnull=True) | Q(valid_to__gt=F("valid_from")),
                name="a_name_ends_after_it_began",
                violation_error_message=_("A name cannot end before it begins."),
            ),
        ]

    def __str__(self):
        return self.name

    def save(self, **kwargs):
        self.fill()
        super().save(**kwargs)

    def fill(self) -> None:
        """Keys follow from the name. NFKC may lengthen a text: ㍿ becomes four characters."""
        self.key, self.similar_key = name_key(self.name)[:200], similar_key(self.name)[:200]

    @property
    def shown_kind(self) -> str:
        """What readers call it: a legal name that was given up is a former one to them."""
        given_up = self.kind == self.Kind.LEGAL and self.valid_to is not None
        return str(self.Kind.FORMER.label if given_up else self.get_kind_display())

    def holds_on(self, day: date) -> bool:
        return (self.valid_from is None or self.valid_from <= day) and (self.valid_to is None or day < self.valid_to)


def name_on(names: list[OrganizationName], day: date) -> str:
    """The legal name of a day, or "" where the names do not say.

    A name whose beginning is unknown may be younger than the day: it gives way to the only former name of that day. Of several
    former names (of bodies that became one) none speaks for the whole.
    """
    kinds = OrganizationName.Kind
    held = [one for one in names if one.voided_at is None and one.holds_on(day)]
    legal = [one for one in held if one.kind == kinds.LEGAL]
    former = [one for one in held if one.kind == kinds.FORMER and one.valid_to is not None]
    certain = [one for one in legal if one.valid_from is not None]
    for found in (certain, former, legal):
        if len(found) == 1:
            return found[0].name
    return ""
