"""Who drafted which standard: the names a foreword prints, in their order, and the organizations they mean."""

from datetime import date

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from directory.access import grants_of, paths_of, placed_below
from directory.models import Organization, Role

from ..levels import DRAFTING, DraftingRole, Kind, Level
from ..lifecycle import period_start
from .standard import Standard

# The rules of `catalog.leading` in SQL (a test compares the two). Which lead by the rule `printed` depends on the whole
# list of a standard, so that outcome has a column of its own.
LEADS = {
    "first": Q(role__in=DRAFTING, rank=1),
    "first_two": Q(role__in=DRAFTING, rank__lte=2),
    "printed": Q(leads_as_printed=True),
    "recognized": Q(standard__level=Level.INTERNATIONAL, recognised=True)
    | (~Q(standard__level=Level.INTERNATIONAL) & Q(leads_as_printed=True)),
}


class ContributionQuerySet(models.QuerySet):
    def visible_to(self, user):
        """What an account may see: the ledger is public, voided records and those of voided standards are not."""
        return self.filter(voided_at__isnull=True, standard__voided_at__isnull=True)

    def editable_by(self, user):
        """What an account may change: contributions of the organizations that its division keeps, as staff or as
        cataloguer of that division; a name without an organization is every cataloguer's."""
        mine = Q(organization__in=Organization.objects.editable_by(user).values("pk"))
        if grants_of(user, Role.CATALOGUER):
            mine |= Q(organization__isnull=True) | placed_below(paths_of(user, Role.CATALOGUER), "organization__region")
        return self.visible_to(user).filter(mine)

    def taking_part(self):
        """Those that a figure counts at all: drafters, and whose part was recognised."""
        return self.filter(Q(role__in=DRAFTING) | Q(recognised=True))

    def leading(self, rule: str):
        """Those that lead by a rule of `catalog.leading`."""
        return self.filter(LEADS[rule])

    def unresolved(self):
        """Printed names of which nobody has said which organization they mean."""
        return self.filter(organization__isnull=True)

    def counted(self):
        """Contributions to what counts as a standard: not to amendments, corrigenda and foreign-language editions."""
        return self.filter(standard__kind=Kind.STANDARD)

    def for_figures(self):
        """What a figure counts from: without examples as soon as there is one real record."""
        # The whole ledger is asked: a selection that holds examples only counts none beside real records elsewhere.
        real = {"is_example": False, "standard__is_example": False}
        standing = self.model._default_manager.visible_to(None)
        return self.filter(**real) if standing.filter(**real).exists() else self

    def published_by(self, on: date):
        """Contributions to standards that were certainly published by a day.

        What says nothing of its publication was published when it was implemented, or in the year of its number.
        """
        return self.filter(
            _over("published", on)
            | Q(standard__published_on__isnull=True) & _over("implemented", on)
            | Q(standard__published_on__isnull=True, standard__implemented_on__isnull=True, standard__year__lt=on.year)
        )

    def published_after(self, since: date):
        """Contributions to standards that were certainly published after a day; without any date of it none is."""
        # The first day of the period in which a month or year was published has to lie behind the day as well.
        return self.filter(
            Q(standard__published_on__gt=since) | Q(standard__published_on__isnull=True, standard__year__gt=since.year)
        )


def _over(name: str, on: date) -> Q:
    """A date of the standard that has certainly come by a day, as `catalog.models.status` asks it."""
    name = f"standard__{name}"
    return (
        Q(**{f"{name}_on__lt": period_start(on, "year")})
        | Q(**{f"{name}_on__lte": on, f"{name}_precision": "day"})
        | Q(**{f"{name}_on__lt": period_start(on, "month"), f"{name}_precision": "month"})
    )


class Contribution(models.Model):
    """One name in the list of those who drafted a standard.

    `rank` is the place among the drafting units, NULL where nobody knows it and for roles that have none.
    `printed_role` is the source's word, `role` its class. Whether it leads (主导) is not here: rules say so
    (`catalog.leading`); only the outcome of one of them is kept, `leads_as_printed`, and written together with the
    standard's whole list. `recognised` says that an expert group recognised the lead of an international standard.
    """

    standard = models.ForeignKey(
        Standard, models.PROTECT, db_index=False, related_name="contributions", verbose_name=_("standard")
    )
    organization = models.ForeignKey(
        "directory.Organization",
        models.PROTECT,
        null=True,
        blank=True,
        db_index=False,
        related_name="contributions",
        verbose_name=_("organization"),
    )
    printed_name = models.CharField(_("printed name"), max_length=200)
    name_key = models.CharField(max_length=200, editable=False)
    rank = models.PositiveSmallIntegerField(_("rank"), null=True, blank=True)
    printed_role = models.CharField(_("printed role"), max_length=60, blank=True)
    role = models.CharField(_("role"), max_length=12, choices=DraftingRole, default=DraftingRole.DRAFTER)
    leads_as_printed = models.BooleanField(default=False, editable=False)

    source = models.CharField(_("source"), max_length=100, blank=True)
    evidence = models.TextField(_("evidence"), blank=True)
    document = models.CharField(_("document of the evidence"), max_length=200, blank=True)
    recognised = models.BooleanField(_("lead recognised"), default=False)
    recognition_document = models.CharField(_("document of the recognition"), max_length=200, blank=True)
    verified_at = models.DateTimeField(_("verified at"), null=True, blank=True, editable=False)
    verified_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        db_index=False,
        editable=False,
        related_name="+",
        verbose_name=_("verified by"),
    )

    is_example = models.BooleanField(_("example"), default=False)
    voided_at = models.DateTimeField(_("voided at"), null=True, blank=True, editable=False)
    void_reason = models.CharField(_("why voided"), max_length=200, blank=True, editable=False)
    version = models.PositiveIntegerField(_("version"), default=1, editable=False)

    objects = ContributionQuerySet.as_manager()

    class Meta:
        verbose_name = _("contribution")
        verbose_name_plural = _("contributions")
        ordering = ["standard", F("rank").asc(nulls_last=True), "id"]
        indexes = [
            # Everything a figure reads of an organization's contributions, so that the rows themselves are left alone.
            models.Index(
                fields=[
                    "organization",
                    "standard",
                    "role",
                    "rank",
                    "leads_as_printed",
                    "recognised",
                    "voided_at",
                    "is_example",
                ],
                name="contribution_counted",
            ),
            models.Index(
                fields=["name_key", "standard"],
                name="contribution_unresolved",
                condition=Q(organization__isnull=True, voided_at__isnull=True),
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["standard", "rank"],
                condition=Q(voided_at__isnull=True),
                name="a_rank_of_a_standard_is_held_once",
                violation_error_message=_("Another name of this standard has this rank already."),
            ),
            models.CheckConstraint(
                condition=Q(rank__isnull=True) | Q(rank__gte=1),
                name="ranks_begin_with_one",
                violation_error_message=_("Ranks begin with 1."),
            ),
            models.CheckConstraint(
                condition=~Q(printed_name=""),
                name="a_contribution_has_a_printed_name",
                violation_error_message=_("A contribution needs the name as it was printed."),
            ),
            models.CheckConstraint(
                condition=Q(recognised=False) | ~Q(recognition_document=""),
                name="a_recognition_names_its_document",
                violation_error_message=_("A recognition needs its document."),
            ),
            models.CheckConstraint(
                condition=Q(verified_at__isnull=True, verified_by__isnull=True)
                | Q(verified_at__isnull=False, verified_by__isnull=False),
                name="who_verified_a_contribution_is_known_with_when",
            ),
            models.CheckConstraint(
                condition=Q(voided_at__isnull=True) | Q(leads_as_printed=False),
                name="what_is_voided_leads_nothing",
            ),
        ]

    def __str__(self):
        return self.printed_name
