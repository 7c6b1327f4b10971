"""By what committees are looked at: composition, terms, grades. Tables that staff keep; what is unverified says so."""

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from records.registered import Registered, RegisteredQuerySet

from .committees import Committee, CommitteeKind, CommitteeLevel, KeptQuerySet, is_provincial
from .periods import precision
from .regions import Region


class Evidence(models.TextChoices):
    """How well a rule is known: what is not verified is a default that staff settle."""

    VERIFIED = "verified", _("verified against its source")
    DRAFT = "draft", _("from a draft for consultation")
    STATED = "stated", _("stated in an article")
    MEMORY = "memory", _("unverified default")


class RuleQuerySet(RegisteredQuerySet):
    """Rules hold for every committee of a level: provincial staff keep them."""

    def editable_by(self, user):
        return self.standing() if is_provincial(user) else self.none()


class Sourced(Registered):
    """A rule, where it comes from, and how well it is known."""

    source = models.CharField(_("source"), max_length=200)
    evidence = models.CharField(_("evidence"), max_length=10, choices=Evidence, default=Evidence.MEMORY)

    class Meta:
        abstract = True


def _level(**options):
    return models.CharField(_("level"), max_length=13, choices=CommitteeLevel, **options)


def _place():
    return models.ForeignKey(
        Region,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("division"),
        help_text=_("Empty: everywhere."),
    )


def _most(label):
    return models.PositiveSmallIntegerField(label, null=True, blank=True)


def _once(name: str, fields: list[str], optional: str, message) -> list[models.UniqueConstraint]:
    """Unique also where `optional` is empty: a database takes two empty values for different ones."""
    standing = Q(voided_at__isnull=True)
    return [
        models.UniqueConstraint(
            fields=[*fields, optional], condition=standing, name=name, violation_error_message=message
        ),
        models.UniqueConstraint(
            fields=fields,
            condition=standing & Q(**{f"{optional}__isnull": True}),
            name=f"{name}_without_{optional}",
            violation_error_message=message,
        ),
    ]


class CompositionRule(Sourced):
    """Limits for the members of a term; an empty limit is none. Breaches are findings, never refusals."""

    level = _level()
    kind = models.CharField(_("kind"), max_length=12, choices=CommitteeKind)
    region = _place()
    least_members = _most(_("least members"))
    most_vice_chairs = _most(_("most vice-chairs"))
    most_deputies = _most(_("most deputy secretaries-general"))
    most_of_interest = models.PositiveSmallIntegerField(
        _("most of one interest group, in percent"), null=True, blank=True
    )
    most_of_unit = _most(_("most members of one unit"))
    most_of_person = _most(_("most committees of one person"))
    chairs_apart = models.BooleanField(_("chair and vice-chairs of different units"), default=False)

    objects = RuleQuerySet.as_manager()

    class Meta:
        verbose_name = _("composition rule")
        verbose_name_plural = _("composition rules")
        ordering = ["level", "kind", "id"]
        constraints = [
            *_once(
                "a_composition_rule_stands_once",
                ["level", "kind"],
                "region",
                _("There is a rule for this level, kind and division already."),
            ),
            models.CheckConstraint(
                condition=Q(most_of_interest__isnull=True) | Q(most_of_interest__gte=1, most_of_interest__lte=100),
                name="a_share_is_a_percentage",
                violation_error_message=_("A share is from 1 to 100 percent."),
            ),
        ]

    def __str__(self):
        return (
            f"{self.get_level_display()} · {self.get_kind_display()}{f' · {self.region.name}' if self.region else ''}"
        )


def validate_months(text: str) -> None:
    parts = [part.strip() for part in text.replace("，", ",").replace("、", ",").split(",") if part.strip()]
    if not parts or not all(part.isdecimal() and 1 <= int(part) <= 60 for part in parts):
        raise ValidationError(_("Months are whole numbers from 1 to 60, such as 12,6,3."))


class TermRule(Sourced):
    """How long a term is as a rule, and how many months before its end the keepers are warned."""

    level = _level()
    region = _place()
    years = models.PositiveSmallIntegerField(_("years"), null=True, blank=True)
    renewal_months = models.PositiveSmallIntegerField(
        _("months before the end by which renewal papers are due"), null=True, blank=True
    )
    lead_months = models.CharField(
        _("warn so many months before"), max_length=40, default="12,6,3", validators=[validate_months]
    )

    objects = RuleQuerySet.as_manager()

    class Meta:
        verbose_name = _("term rule")
        verbose_name_plural = _("term rules")
        ordering = ["level", "id"]
        constraints = _once(
            "a_term_rule_stands_once", ["level"], "region", _("There is a rule for this level and division already.")
        )

    def __str__(self):
        return f"{self.get_level_display()}{f' · {self.region.name}' if self.region else ''}"

    @property
    def leads(self) -> tuple[int, ...]:
        """The months of the warnings, the longest first."""
        text = self.lead_months.replace("，", ",").replace("、", ",")
        return tuple(sorted({int(part) for part in text.split(",") if part.strip().isdigit()}, reverse=True))


class GradeScale(Sourced):
    """The grades by which one authority assesses its committees; a changed scale is a new one."""

    authority = models.CharField(_("authority"), max_length=100)
    level = _level()
    region = _place()
    year = models.PositiveSmallIntegerField(_("first year"), null=True, blank=True)

    objects = RuleQuerySet.as_manager()

    class Meta:
        verbose_name = _("grade scale")
        verbose_name_plural = _("grade scales")
        ordering = ["level", "authority", "id"]
        constraints = _once(
            "a_grade_scale_stands_once",
            ["authority", "level"],
            "year",
            _("This authority has a scale from that year already."),
        )

    def __str__(self):
        return f"{self.authority} · {self.get_level_display()}{f' · {self.year}' if self.year else ''}"


class Grade(Registered):
    """One grade of a scale; rank 1 is the best."""

    scale = models.ForeignKey(GradeScale, models.PROTECT, related_name="grades", verbose_name=_("grade scale"))
    name = models.CharField(_("grade"), max_length=20)
    rank = models.PositiveSmallIntegerField(_("rank, 1 the best"))
    rectification_months = models.PositiveSmallIntegerField(_("months for rectification"), null=True, blank=True)
    consequence = models.CharField(_("consequence"), max_length=200, blank=True)

    objects = RuleQuerySet.as_manager()

    class Meta:
        verbose_name = _("grade")
        verbose_name_plural = _("grades")
        ordering = ["scale", "rank"]
        constraints = [
            models.UniqueConstraint(
                fields=["scale", field],
                condition=Q(voided_at__isnull=True),
                name=f"a_{field}_stands_once_in_its_scale",
                violation_error_message=_("The scale has this already."),
            )
            for field in ("name", "rank")
        ]

    def __str__(self):
        return f"{self.scale} · {self.name}"


class CommitteeAssessment(Registered):
    """What a committee was found to be in one year, on the scale of who assessed it."""

    committee = models.ForeignKey(Committee, models.PROTECT, related_name="assessments", verbose_name=_("committee"))
    year = models.PositiveSmallIntegerField(_("year"))
    grade = models.ForeignKey(Grade, models.PROTECT, related_name="assessments", verbose_name=_("grade"))
    announced_on = models.DateField(_("announced"), null=True, blank=True)
    announced_precision = precision()
    document = models.CharField(_("document"), max_length=200, blank=True)
    rectify_by = models.DateField(_("rectification due"), null=True, blank=True)
    remark = models.CharField(_("remark"), max_length=300, blank=True)

    objects = KeptQuerySet.as_manager()

    class Meta:
        verbose_name = _("assessment")
        verbose_name_plural = _("assessments")
        ordering = ["committee", "-year"]
        constraints = [
            models.UniqueConstraint(
                fields=["committee", "year"],
                condition=Q(voided_at__isnull=True),
                name="a_committee_is_assessed_once_a_year",
                violation_error_message=_("This committee was assessed in that year already."),
            ),
            models.CheckConstraint(
                condition=Q(year__gte=1949, year__lte=2100),
                name="an_assessment_has_a_year",
                violation_error_message=_("A year from 1949 to 2100."),
            ),
        ]

    def __str__(self):
        return f"{self.committee.label} · {self.year} · {self.grade.name}"
