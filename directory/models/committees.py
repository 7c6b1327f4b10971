"""Committees: who they are, in which committee they stand, since when, and who keeps their record."""

import unicodedata
from datetime import date

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Case, CharField, F, Q, Value, When
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from records.registered import Registered, RegisteredQuerySet

from ..access import grants_of, paths_above_county, placed_below
from ..committee_numbers import CommitteeNumber, NotACommitteeNumber, committee_named, parse_committee
from ..committee_status import CommitteeDays, status_on
from .periods import day, in_order, inside, over, precision
from .regions import Region
from .roles import Role

ADDRESS_MARKS = str.maketrans(dict.fromkeys(" /\\?#%&+:;,.()[]（）【】、，。·“”《》", "-"))


class CommitteeLevel(models.TextChoices):
    """Who set a committee up."""

    INTERNATIONAL = "international", _("international")
    NATIONAL = "national", _("national")
    PROVINCIAL = "provincial", _("provincial")
    MUNICIPAL = "municipal", _("municipal")


LOCAL_LEVELS = (CommitteeLevel.PROVINCIAL, CommitteeLevel.MUNICIPAL)


class CommitteeKind(models.TextChoices):
    """What sort of body it is (rules C8)."""

    TC = "tc", _("technical committee")
    SC = "sc", _("subcommittee")
    WG = "wg", _("working group")
    TF = "tf", _("task force")
    JOINT = "joint", _("joint committee")
    PROJECT = "project", _("project committee")
    MIRROR = "mirror", _("domestic counterpart body")
    COORDINATION = "coordination", _("coordination body")
    OTHER = "other", _("other group")


GROUP_KINDS = {
    "TC": "tc",
    "SC": "sc",
    "WG": "wg",
    "SWG": "wg",
    "JWG": "wg",
    "TF": "tf",
    "JTC": "joint",
    "PC": "project",
}


class CommitteeStatus(models.TextChoices):
    """What a committee is on a day (`directory.committee_status`)."""

    ESTABLISHED = "established", pgettext_lazy("committee", "established")
    APPROVED = "approved", pgettext_lazy("committee", "approved to prepare")
    DISSOLVED = "dissolved", pgettext_lazy("committee", "dissolved")
    NOT_YET = "not_yet", pgettext_lazy("committee", "not yet established")
    UNKNOWN = "unknown", _("to be verified")


def keeping_paths(user) -> list[str]:
    """The divisions whose committees an account keeps: staff of a city or province, not of a county (rows 24 and 25)."""
    return paths_above_county(user, Role.STAFF)


def is_provincial(user) -> bool:
    """Whether an account may establish and dissolve committees (row 26)."""
    grants = grants_of(user, Role.STAFF)
    return any(grant.region and grant.region.level == Region.Level.PROVINCE for grant in grants)


class KeptQuerySet(RegisteredQuerySet):
    """What belongs to a committee is kept by the division that keeps the committee, and those above it.

    What nobody keeps is the provinces'. `keeper` leads to the division.
    """

    keeper = "committee__keeper"
    hangs_on = ("committee",)

    def editable_by(self, user):
        inside_reach = placed_below(keeping_paths(user), self.keeper)
        if is_provincial(user):
            inside_reach |= Q(**{f"{self.keeper}__isnull": True})
        return self.standing().filter(inside_reach)


class CommitteeQuerySet(KeptQuerySet):
    keeper = "keeper"
    hangs_on = ()

    def with_status(self, on: date | None = None):
        """Each row with its `status` on a day (today unless told otherwise)."""
        return self.annotate(status=committee_status_case(on or timezone.localdate()))

    def matching(self, text: str):
        """Committees whose number, in any spelling, or names hold what was typed."""
        text = unicodedata.normalize("NFKC", text).strip()
        number = committee_named(text)
        found = Q(key__startswith=number.key) if number else Q()
        words = text.split()
        named = Q()
        for word in words:
            named &= Q(name__icontains=word) | Q(name_en__icontains=word) | Q(number__icontains=word)
        folded = "".join(c for c in text.lower() if c.isalnum())
        if folded.isascii() and any(c.isdigit() for c in folded):
            named |= Q(number_fold__contains=folded)
        return self.filter(found | named) if number else self.filter(named)


class MirrorQuerySet(KeptQuerySet):
    hangs_on = ("committee", "mirrors")


def committee_status_case(on: date) -> Case:
    """The status on a day as an expression; the questions come in the order of `directory.committee_status`."""
    undated = Q(established_on__isnull=True)
    questions = [
        (over("dissolved", on), CommitteeStatus.DISSOLVED),
        (inside("dissolved", on) | inside("established", on), CommitteeStatus.UNKNOWN),
        (Q(dissolved_on__gt=on) & undated, CommitteeStatus.UNKNOWN),
        (over("established", on), CommitteeStatus.ESTABLISHED),
        (over("approved", on), CommitteeStatus.APPROVED),
        (inside("approved", on), CommitteeStatus.UNKNOWN),
        (Q(established_on__gt=on) | Q(approved_on__gt=on), CommitteeStatus.NOT_YET),
    ]
    whens = [When(question, then=Value(str(status))) for question, status in questions]
    return Case(*whens, default=Value(str(CommitteeStatus.UNKNOWN)), output_field=CharField())


def validate_number(text: str) -> None:
    try:
        parse_committee(text)
    except NotACommitteeNumber as refusal:
        raise ValidationError(refusal.reason) from refusal


class Committee(Registered):
    """A body that drafts or looks after standards, or coordinates those that do.

    `key` is that of its number, or of its name where it has none; `parent` is the committee its number stands in, linked
    as soon as that is on record (`parent_key` waits for it). `keeper` follows from the main secretariat's division
    (`directory.secretariats`). Status is asked, never stored.
    """

    number = models.CharField(_("number"), max_length=60, blank=True, validators=[validate_number])
    key = models.CharField(max_length=220, editable=False)
    slug = models.CharField(_("address"), max_length=220, editable=False)
    sort_key = models.CharField(max_length=220, editable=False)
    number_fold = models.CharField(max_length=60, blank=True, editable=False)
    parent_key = models.CharField(max_length=220, blank=True, editable=False)
    name = models.CharField(_("name"), max_length=200, blank=True)
    name_en = models.CharField(_("English name"), max_length=300, blank=True)
    kind = models.CharField(_("kind"), max_length=12, choices=CommitteeKind)
    level = models.CharField(_("level"), max_length=13, choices=CommitteeLevel)
    region = models.ForeignKey(
        Region, models.PROTECT, null=True, blank=True, related_name="committees", verbose_name=_("division")
    )
    keeper = models.ForeignKey(
        Region,
        models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="kept_committees",
        verbose_name=_("kept by"),
    )
    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="children", verbose_name=_("stands in")
    )
    approved_on, approved_precision = day(_("approved to prepare on")), precision()
    established_on, established_precision = day(_("established on")), precision()
    dissolved_on, dissolved_precision = day(_("dissolved on")), precision()
    secretariat_printed = models.CharField(_("secretariat as the source prints it"), max_length=200, blank=True)
    scope = models.TextField(pgettext_lazy("committee", "scope"), blank=True)
    remark = models.CharField(_("remark"), max_length=300, blank=True)

    objects = CommitteeQuerySet.as_manager()
    settled = ("keeper",)

    class Meta:
        verbose_name = _("committee")
        verbose_name_plural = _("committees")
        ordering = ["sort_key"]
        indexes = [
            models.Index(fields=["sort_key"], name="committee_sorted"),
            models.Index(fields=["parent_key"], name="committee_waits_for", condition=~Q(parent_key="")),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["key"],
                condition=Q(voided_at__isnull=True),
                name="a_committee_stands_once",
                violation_error_message=_(
                    "A committee of this number (or, without a number, of this name) is on record."
                ),
            ),
            models.UniqueConstraint(
                fields=["slug"], condition=Q(voided_at__isnull=True), name="a_committee_has_an_address_of_its_own"
            ),
            models.CheckConstraint(
                condition=~Q(name="", name_en=""),
                name="a_committee_has_a_name",
                violation_error_message=_("A committee needs a name, Chinese or English."),
            ),
            models.CheckConstraint(
                condition=Q(level__in=LOCAL_LEVELS, region__isnull=False)
                | (~Q(level__in=LOCAL_LEVELS) & Q(region__isnull=True)),
                name="a_local_committee_names_its_division",
                violation_error_message=_("A provincial or municipal committee names its division, the others none."),
            ),
            models.CheckConstraint(
                condition=in_order("established", "dissolved"),
                name="a_committee_is_dissolved_after_it_was_established",
                violation_error_message=_("A committee cannot be dissolved before it was established."),
            ),
            models.CheckConstraint(
                condition=in_order("approved", "established"),
                name="a_committee_is_established_after_it_was_approved",
                violation_error_message=_("A committee cannot be established before it was approved."),
            ),
            models.CheckConstraint(
                condition=Q(parent__isnull=True) | ~Q(parent=F("id")),
                name="a_committee_does_not_stand_in_itself",
                violation_error_message=_("A committee cannot stand in itself."),
            ),
        ]

    def __str__(self):
        return f"{self.number} {self.shown_name}".strip()

    def get_absolute_url(self):
        return reverse("committee", args=[self.slug])

    @property
    def shown_name(self) -> str:
        return self.name or self.name_en

    @property
    def label(self) -> str:
        """What it is called where there is room for little."""
        return self.number or self.shown_name

    @property
    def parsed(self) -> CommitteeNumber | None:
        return committee_named(self.number) if self.number else None

    @property
    def days(self) -> CommitteeDays:
        return CommitteeDays(**{name: getattr(self, name) for name in CommitteeDays.__dataclass_fields__})

    def status_on(self, on: date | None = None) -> CommitteeStatus:
        return CommitteeStatus(status_on(self.days, on or timezone.localdate()))

    def fill(self) -> None:
        """The columns that follow from the number, or from the name of a body without one."""
        number = self.parsed
        if number is None:
            self.key, self.slug, self.sort_key = named_columns(self.number or self.shown_name)
            self.number_fold = self.parent_key = ""
            return
        self.number = str(number)
        self.key, self.slug, self.sort_key, self.number_fold = number.key, number.slug, number.sort_key, number.fold
        self.parent_key = number.parent.key if number.parent else ""
        self.kind = self.kind or GROUP_KINDS.get(number.group, CommitteeKind.OTHER)
        self.level = self.level or number.level


def named_columns(name: str) -> tuple[str, str, str]:
    """Key, address and order of a body without a number: its name, folded; in an order both databases have."""
    plain = " ".join(unicodedata.normalize("NFKC", name).casefold().split())
    slug = "-".join(part for part in plain.translate(ADDRESS_MARKS).split("-") if part)
    return f"name:{plain}"[:220], slug[:200] or "-", f"4{plain.encode('utf-16-be').hex()}"[:220]


class CommitteeMirror(Registered):
    """A national body stands for an international one at home (国内技术对口)."""

    committee = models.ForeignKey(
        Committee, models.PROTECT, related_name="mirrored", verbose_name=_("domestic committee or body")
    )
    mirrors = models.ForeignKey(
        Committee, models.PROTECT, related_name="mirrors", verbose_name=_("international committee")
    )

    objects = MirrorQuerySet.as_manager()

    class Meta:
        verbose_name = _("mirroring")
        verbose_name_plural = _("mirrorings")
        ordering = ["committee", "mirrors"]
        constraints = [
            models.UniqueConstraint(
                fields=["committee", "mirrors"],
                condition=Q(voided_at__isnull=True),
                name="a_mirroring_stands_once",
                violation_error_message=_("This is on record already."),
            ),
            models.CheckConstraint(
                condition=~Q(committee=F("mirrors")),
                name="a_committee_does_not_mirror_itself",
                violation_error_message=_("A committee cannot mirror itself."),
            ),
        ]

    def __str__(self):
        return f"{self.committee.label} → {self.mirrors.label}"
