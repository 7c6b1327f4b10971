"""Terms of committees (届) with their members."""

from calendar import monthrange
from datetime import date, timedelta

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from records.registered import Registered

from .committees import Committee, KeptQuerySet
from .organizations import Organization
from .periods import in_order, precision


def months_later(day: date, months: int) -> date:
    """The same day so many months later (earlier, where negative), or that month's last."""
    at = day.year * 12 + day.month - 1 + months
    year, month = divmod(at, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def years_later(start: date, years: int) -> date:
    """The last day of so many years: a term of five years from 2020-03-01 ends on 2025-02-28."""
    same = months_later(start, 12 * years)
    return same - timedelta(days=1) if same.day == start.day else same


class CommitteeTerm(Registered):
    """One term of a committee. Its end is a datum: a last day, or its length in years; `due_on` says either way."""

    committee = models.ForeignKey(Committee, models.PROTECT, related_name="terms", verbose_name=_("committee"))
    number = models.PositiveSmallIntegerField(_("term number"), null=True, blank=True)
    starts_on = models.DateField(_("from"))
    starts_precision = precision()
    years = models.PositiveSmallIntegerField(_("years"), null=True, blank=True)
    ends_on = models.DateField(_("to and including"), null=True, blank=True)
    ends_precision = precision()
    due_on = models.DateField(_("ends"), null=True, blank=True, editable=False)
    document = models.CharField(_("document"), max_length=200, blank=True)
    remark = models.CharField(_("remark"), max_length=300, blank=True)

    objects = KeptQuerySet.as_manager()

    class Meta:
        verbose_name = _("term")
        verbose_name_plural = _("terms")
        ordering = ["committee", "-starts_on"]
        indexes = [models.Index(fields=["due_on"], name="term_due", condition=Q(due_on__isnull=False))]
        constraints = [
            models.UniqueConstraint(
                fields=["committee", "starts_on"],
                condition=Q(voided_at__isnull=True),
                name="a_term_begins_once",
                violation_error_message=_("A term of this committee begins on that day already."),
            ),
            models.UniqueConstraint(
                fields=["committee", "number"],
                condition=Q(voided_at__isnull=True, number__isnull=False),
                name="a_term_number_stands_once",
                violation_error_message=_("This committee has a term of that number already."),
            ),
            models.CheckConstraint(
                condition=in_order("starts", "ends"),
                name="a_term_ends_after_it_began",
                violation_error_message=_("A term cannot end before it begins."),
            ),
            models.CheckConstraint(
                condition=Q(years__isnull=True) | Q(years__gte=1, years__lte=20),
                name="a_term_lasts_some_years",
                violation_error_message=_("A term lasts from 1 to 20 years."),
            ),
        ]

    def __str__(self):
        shown = _("term %(number)s") % {"number": self.number} if self.number else self.starts_on.isoformat()
        return f"{self.committee.label} · {shown}"

    def fill(self) -> None:
        """The last day: as stated (of a month or year its last), else from the length."""
        self.due_on = self.ends_on
        if self.ends_on and self.ends_precision == "year":
            self.due_on = self.ends_on.replace(month=12, day=31)
        elif self.ends_on and self.ends_precision == "month":
            self.due_on = self.ends_on.replace(day=monthrange(self.ends_on.year, self.ends_on.month)[1])
        elif self.ends_on is None and self.starts_on and self.years:
            self.due_on = years_later(self.starts_on, self.years)


class MemberQuerySet(KeptQuerySet):
    keeper = "term__committee__keeper"
    hangs_on = ("term", "term__committee")


class CommitteeMember(Registered):
    """A person's place in one term. The phone is for those who keep the committee only."""

    class Position(models.TextChoices):
        CHAIR = "chair", _("chair")
        VICE = "vice", _("vice-chair")
        SECRETARY = "secretary", _("secretary-general")
        DEPUTY = "deputy", _("deputy secretary-general")
        MEMBER = "member", _("member")
        OBSERVER = "observer", _("observer")

    term = models.ForeignKey(CommitteeTerm, models.PROTECT, related_name="members", verbose_name=_("term"))
    person = models.CharField(_("person"), max_length=60)
    position = models.CharField(_("position"), max_length=10, choices=Position, default=Position.MEMBER)
    organization = models.ForeignKey(
        Organization,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="committee_members",
        verbose_name=_("organization"),
    )
    unit = models.CharField(_("unit as printed"), max_length=200, blank=True)
    interest = models.CharField(_("interest group"), max_length=40, blank=True)
    starts_on = models.DateField(_("from"), null=True, blank=True)
    ends_on = models.DateField(_("to and including"), null=True, blank=True)
    phone = models.CharField(_("phone"), max_length=40, blank=True)

    objects = MemberQuerySet.as_manager()

    class Meta:
        verbose_name = _("committee member")
        verbose_name_plural = _("committee members")
        ordering = ["term", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["term", "person", "unit"],
                condition=Q(voided_at__isnull=True),
                name="a_member_stands_once_in_a_term",
                violation_error_message=_("This person of this unit is a member of this term already."),
            ),
            models.CheckConstraint(
                condition=Q(starts_on__isnull=True) | Q(ends_on__isnull=True) | Q(ends_on__gte=models.F("starts_on")),
                name="a_membership_ends_after_it_began",
                violation_error_message=_("A membership cannot end before it begins."),
            ),
        ]

    def __str__(self):
        return f"{self.person} · {self.get_position_display()} · {self.term}"

    @property
    def shown_unit(self) -> str:
        return self.unit or (self.organization.name if self.organization else "")
