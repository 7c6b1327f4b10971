"""Families, their editions, and what relates one standard to another."""

from collections.abc import Sequence
from datetime import date, timedelta

from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from directory.access import may_audit, paths_of, placed_below
from directory.models import Role

from .. import lifecycle
from ..levels import LOCAL, Kind, Level, Nature, Status
from .classification import Classification
from .left_out import left_out_of_figures
from .status import in_force_q, status_case, was_known_q

PRECISIONS = [("day", _("day")), ("month", _("month")), ("year", _("year"))]


class Family(models.Model):
    """A number without its year: all editions of one standard, such as `GB/T 24421.2`.

    `base_key` leaves the nature out, so that GB 14833 and GB/T 14833 find each other.
    """

    key = models.CharField(_("key"), max_length=120)
    slug = models.CharField(_("address"), max_length=150)
    number = models.CharField(_("number without year"), max_length=120)
    base_key = models.CharField(_("key without nature"), max_length=120)

    class Meta:
        verbose_name = _("family")
        verbose_name_plural = _("families")
        ordering = ["key"]
        # Not `db_index`, which on PostgreSQL makes a second index for beginnings that nobody asks for.
        indexes = [models.Index(fields=["base_key"], name="family_base")]
        constraints = [
            models.UniqueConstraint(fields=["key"], name="a_family_key_stands_once"),
            models.UniqueConstraint(fields=["slug"], name="a_family_address_stands_once"),
        ]

    def __str__(self):
        return self.number

    def get_absolute_url(self):
        return reverse("family", args=[self.slug])


def within_reach(paths: Sequence[str], prefix: str = "") -> Q:
    """Standards that divisions keep, by their paths; `prefix` leads to the standard (`standard__`)."""
    if not paths:
        return Q(pk__in=[])
    return ~Q(**{f"{prefix}level__in": LOCAL}) | placed_below(paths, f"{prefix}region")


def overseen(user, prefix: str = "") -> Q:
    """What an account looks after, voided records too: the auditor all, staff what cataloguers of their divisions keep."""
    # An empty Q would vanish from an OR instead of letting everything through.
    return ~Q(pk__in=[]) if may_audit(user) else within_reach(paths_of(user, Role.STAFF, Role.CATALOGUER), prefix)


class StandardQuerySet(models.QuerySet):
    def visible_to(self, user):
        """What an account may see: the catalogue is public, voided records are not."""
        return self.filter(voided_at__isnull=True)

    def editable_by(self, user):
        """What an account may change (`catalog.keeping`): all but the local standards of other divisions."""
        return self.filter(within_reach(paths_of(user, Role.CATALOGUER)), voided_at__isnull=True)

    def with_status(self, on: date | None = None):
        """Each row with its `status` on a day (today unless told otherwise)."""
        return self.annotate(status=status_case(on or timezone.localdate()))

    def in_force(self, on: date | None = None):
        """Standards that apply on a day (today unless told otherwise)."""
        return self.filter(in_force_q(on or timezone.localdate()))

    def counted(self):
        """What a figure counts: standards, without amendments, corrigenda and foreign-language editions."""
        return self.filter(kind=Kind.STANDARD)

    def for_figures(self, *, examples: bool = False):
        """What a figure counts from: without examples as soon as there is one real record, unless they are asked for."""
        left_out = [] if examples else left_out_of_figures()
        return self.exclude(pk__in=left_out) if left_out else self

    def soon_in_force(self, on: date, days: int):
        """Published standards that will be implemented within so many days."""
        beginning = self.filter(implemented_on__gt=on, implemented_on__lte=on + timedelta(days=days))
        return beginning.with_status(on).filter(status=Status.UPCOMING)

    def soon_void(self, on: date, days: int):
        """Standards in force that are replaced or withdrawn within so many days (现行，将被代替).

        On a past day those of which one knew it then (`lifecycle.end_as_told`).
        """
        end = on + timedelta(days=days)
        replaced = Q(replaced_on__gt=on, replaced_on__lte=end)
        if on < timezone.localdate():
            return self.in_force(on).filter(replaced, _successor_was_known(on))
        return self.in_force(on).filter(replaced | Q(withdrawn_on__gt=on, withdrawn_on__lte=end))


def _successor_was_known(on: date) -> Exists:
    """Whether the edition that ends a standard by beginning was known on a day."""
    begins = Q(source__implemented_on=OuterRef("replaced_on")) | Q(source__resumed_on=OuterRef("replaced_on"))
    successors = StandardRelation.objects.filter(
        begins, was_known_q(on, "source__"), target=OuterRef("pk"), kind="replaces", voided_at__isnull=True
    )
    return Exists(successors)


class FacetWord(models.Model):
    """What facets count of a standard, as `catalog.facet_words` writes it; never changed, never deleted."""

    word = models.CharField(max_length=200, unique=True)

    def __str__(self):
        return self.word


def _facet_word():
    """The number of a word: neither looked up by it nor checked, as words are never deleted."""
    return models.ForeignKey(
        FacetWord, models.PROTECT, db_constraint=False, db_index=False, editable=False, related_name="+"
    )


class Standard(models.Model):
    """One edition of a standard, or an amendment, corrigendum or foreign-language edition of one.

    Its status is not here: `with_status(on)` and `status_on(on)` derive it from the days. `replaced_on` is
    written by the verb that records a full replacement (the successor's day of implementation; the
    earliest counts). `withdrawal_claimed_on` is the earliest own day of a source that says 废止 without
    giving a day. `ics_fields` and `ccs_fields` repeat the first levels of the classifications, `facet_main` and
    `facet_more` what facets count, so that a narrow index answers for the wide rows (`catalog.facets`).
    """

    key = models.CharField(_("key"), max_length=120)
    slug = models.CharField(_("address"), max_length=150)
    number = models.CharField(_("number"), max_length=120)
    number_fold = models.CharField(max_length=120, editable=False)
    serial_fold = models.CharField(max_length=120, editable=False)
    sort_key = models.CharField(max_length=160, editable=False)
    family = models.ForeignKey(Family, models.PROTECT, related_name="editions", verbose_name=_("family"))
    kind = models.CharField(_("kind"), max_length=12, choices=Kind, default=Kind.STANDARD)
    prefix = models.CharField(_("prefix"), max_length=20)
    level = models.CharField(_("level"), max_length=15, choices=Level)
    nature = models.CharField(_("nature"), max_length=12, choices=Nature)
    year = models.PositiveSmallIntegerField(_("year"), null=True, blank=True)
    region = models.ForeignKey(
        "directory.Region",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="standards",
        verbose_name=_("issuing division"),
    )
    body = models.CharField(_("issuing body's code"), max_length=40, blank=True)

    title = models.CharField(_("title"), max_length=500, blank=True)
    title_en = models.CharField(_("English title"), max_length=500, blank=True)
    title_fold = models.CharField(max_length=1000, editable=False)
    scope = models.TextField(_("scope"), blank=True)
    department = models.ForeignKey(
        "directory.Organization",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="standards",
        verbose_name=_("competent department"),
    )
    filing_number = models.CharField(_("filing number"), max_length=40, blank=True)
    classifications = models.ManyToManyField(
        Classification, blank=True, related_name="standards", verbose_name=_("classifications")
    )
    ics_fields = models.CharField(max_length=60, editable=False, blank=True)
    ccs_fields = models.CharField(max_length=60, editable=False, blank=True)
    facet_main = _facet_word()
    facet_more = _facet_word()

    published_on = models.DateField(_("published"), null=True, blank=True)
    published_precision = models.CharField(_("known to the"), max_length=5, choices=PRECISIONS, default="day")
    implemented_on = models.DateField(_("implemented"), null=True, blank=True)
    implemented_precision = models.CharField(_("known to the"), max_length=5, choices=PRECISIONS, default="day")
    withdrawn_on = models.DateField(_("withdrawn"), null=True, blank=True)
    withdrawn_precision = models.CharField(_("known to the"), max_length=5, choices=PRECISIONS, default="day")
    replaced_on = models.DateField(_("replaced"), null=True, blank=True, editable=False)
    replaced_precision = models.CharField(max_length=5, choices=PRECISIONS, default="day", editable=False)
    withdrawal_claimed_on = models.DateField(_("said to be withdrawn, first on"), null=True, blank=True, editable=False)
    suspended_on = models.DateField(_("suspended from"), null=True, blank=True)
    resumed_on = models.DateField(_("resumed on"), null=True, blank=True)
    status_document = models.CharField(_("document of withdrawal or suspension"), max_length=200, blank=True)

    is_example = models.BooleanField(_("example"), default=False)
    voided_at = models.DateTimeField(_("voided at"), null=True, blank=True, editable=False)
    void_reason = models.CharField(_("why voided"), max_length=200, blank=True, editable=False)
    version = models.PositiveIntegerField(_("version"), default=1, editable=False)
    created_at = models.DateTimeField(_("created at"), editable=False)
    updated_at = models.DateTimeField(_("updated at"), editable=False)

    objects = StandardQuerySet.as_manager()

    class Meta:
        verbose_name = _("standard")
        verbose_name_plural = _("standards")
        ordering = ["sort_key"]
        indexes = [
            models.Index(fields=["sort_key"], name="standard_sorted"),
            models.Index(fields=["implemented_on"], name="standard_implemented"),
            models.Index(fields=["published_on"], name="standard_published"),
            models.Index(fields=["replaced_on"], name="standard_replaced", condition=Q(replaced_on__isnull=False)),
            models.Index(fields=["withdrawn_on"], name="standard_withdrawn", condition=Q(withdrawn_on__isnull=False)),
            models.Index(fields=["updated_at", "id"], name="standard_updated"),
            models.Index(fields=["id"], name="standard_example", condition=Q(is_example=True, voided_at__isnull=True)),
            # Everything that counting and most filters read, in an index a fifth as wide as the rows.
            models.Index(
                fields=[
                    "level",
                    "facet_main",
                    "facet_more",
                    "voided_at",
                    "published_on",
                    "implemented_on",
                    "implemented_precision",
                    "replaced_on",
                    "replaced_precision",
                    "withdrawn_on",
                    "withdrawn_precision",
                    "withdrawal_claimed_on",
                    "suspended_on",
                    "resumed_on",
                    "nature",
                    "kind",
                    "year",
                    "prefix",
                    "department",
                    "region",
                    "id",  # so that PostgreSQL joins the hits of a search to the index alone
                ],
                name="standard_counted",
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["key"],
                condition=Q(voided_at__isnull=True),
                name="an_edition_stands_once",
                violation_error_message=_("This edition is in the catalogue already."),
            ),
            models.UniqueConstraint(
                fields=["slug"], condition=Q(voided_at__isnull=True), name="an_edition_has_an_address_of_its_own"
            ),
            models.CheckConstraint(
                condition=~Q(title="", title_en=""),
                name="a_standard_has_a_title",
                violation_error_message=_("A standard needs a title, Chinese or English."),
            ),
            models.CheckConstraint(
                condition=Q(published_on__isnull=True)
                | Q(withdrawn_on__isnull=True)
                | Q(withdrawn_on__gte=F("published_on"))
                | ~Q(withdrawn_precision="day"),
                name="a_standard_is_withdrawn_after_it_was_published",
                violation_error_message=_("A standard cannot be withdrawn before it was published."),
            ),
            models.CheckConstraint(
                condition=Q(resumed_on__isnull=True) | Q(suspended_on__isnull=False, resumed_on__gte=F("suspended_on")),
                name="a_standard_resumes_after_it_was_suspended",
                violation_error_message=_("A standard cannot be resumed before it was suspended."),
            ),
            models.CheckConstraint(
                condition=Q(suspended_on__isnull=True) | ~Q(status_document=""),
                name="a_suspension_names_its_document",
                violation_error_message=_("A suspension needs the document that ordered it."),
            ),
        ]

    def __str__(self):
        return self.number

    def get_absolute_url(self):
        return reverse("standard", args=[self.slug])

    @property
    def life_days(self) -> lifecycle.LifeDays:
        return lifecycle.LifeDays(**{name: getattr(self, name) for name in lifecycle.LifeDays.__dataclass_fields__})

    @property
    def department_then(self) -> str:
        """What its department was called when it was published, where that was another name."""
        return self.department.other_name_on(self.published_on or self.implemented_on) if self.department else ""

    def status_on(self, on: date | None = None) -> Status:
        """The status on a day (today unless told otherwise)."""
        return Status(lifecycle.status_on(self.life_days, on or timezone.localdate()))

    @property
    def other_title(self) -> str:
        """The title in the other language, where there are both."""
        both = self.title and self.title_en
        return "" if not both else self.title if get_language() == "en" else self.title_en

    @property
    def shown_title(self) -> str:
        if get_language() == "en":
            return self.title_en or self.title
        return self.title or self.title_en


class StandardRelation(models.Model):
    """`source` does something to `target`: replaces it, amends it, adopts it …

    Stored once and read both ways. The ends are keys; while an edition is not in the catalogue its end
    dangles: the foreign key is empty, the number stands as text, and `catalog.relations` joins it when the
    edition arrives. An inferred relation (推定) was concluded from the catalogue, not read in a source, and
    never counts as certain.
    """

    class Kind(models.TextChoices):
        REPLACES = "replaces", _("replaces")
        PARTLY_REPLACES = "partly_replaces", _("partly replaces")
        AMENDS = "amends", _("amends")
        CORRECTS = "corrects", _("corrects")
        TRANSLATES = "translates", _("translates")
        RENUMBERED_FROM = "renumbered_from", _("renumbered from")
        ADOPTS = "adopts", _("adopts")
        UPGRADED_FROM = "upgraded_from", _("upgraded from")
        JOINT_WITH = "joint_with", _("issued jointly with")

    class Degree(models.TextChoices):
        """GB/T 1.2-2020: only IDT and MOD are adoption (采用); NEQ is not."""

        IDT = "IDT", _("identical (IDT)")
        MOD = "MOD", _("modified (MOD)")
        NEQ = "NEQ", _("not equivalent (NEQ)")

    source = models.ForeignKey(
        Standard, models.PROTECT, null=True, blank=True, related_name="relations", verbose_name=_("standard")
    )
    source_key = models.CharField(_("standard's key"), max_length=120)
    source_number = models.CharField(_("standard's number"), max_length=120)
    kind = models.CharField(_("relation"), max_length=16, choices=Kind)
    target = models.ForeignKey(
        Standard,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="reverse_relations",
        verbose_name=_("other standard"),
    )
    target_key = models.CharField(_("other standard's key"), max_length=120)
    target_number = models.CharField(_("other standard's number"), max_length=120)
    degree = models.CharField(_("degree of adoption"), max_length=3, choices=Degree, blank=True)
    locality = models.CharField(_("which part"), max_length=200, blank=True)
    inferred = models.BooleanField(_("inferred"), default=False)
    voided_at = models.DateTimeField(_("voided at"), null=True, blank=True, editable=False)

    class Meta:
        verbose_name = _("relation")
        verbose_name_plural = _("relations")
        indexes = [
            models.Index(fields=["source_key"], name="relation_source"),
            models.Index(fields=["target_key"], name="relation_target"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["source_key", "kind", "target_key"],
                condition=Q(voided_at__isnull=True),
                name="a_relation_is_stored_once",
            ),
            models.CheckConstraint(
                condition=~Q(target_key=F("source_key")),
                name="a_standard_is_not_related_to_itself",
                violation_error_message=_("A standard cannot be related to itself."),
            ),
            models.CheckConstraint(
                condition=Q(kind="adopts") | Q(degree=""),
                name="only_an_adoption_has_a_degree",
                violation_error_message=_("Only an adoption has a degree."),
            ),
        ]

    def __str__(self):
        return f"{self.source_number} {self.get_kind_display()} {self.target_number}"
