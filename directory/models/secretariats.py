"""Where a committee's secretariat sits, from when to when."""

from collections.abc import Sequence
from datetime import date

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext, gettext_noop
from django.utils.translation import gettext_lazy as _

from records.registered import Registered
from tabular.dates import PartialDate

from .committees import Committee, KeptQuerySet
from .organizations import Organization
from .periods import day, in_order, precision

OVERLAPS = gettext_noop("{organization} holds the seat of {committee} from {from} to {to}; end that one first.")


class SeatQuerySet(KeptQuerySet):
    def holding(self, on: date | None = None):
        """Seats that certainly hold on a day (today unless told otherwise).

        One that begins or ends in a month or year known only as such holds from that period's end, to its beginning;
        one whose beginning nobody knows holds from the day it was seen.
        """
        on = on or timezone.localdate()
        return self.standing().filter(holds_from__lte=on).exclude(holds_to__lt=on)


class SecretariatSeat(Registered):
    """An organization holds a committee's secretariat, alone or jointly; `ends_on` is the last day.

    Main seats of one committee never overlap. `holds_from` and `holds_to` bound the days on which it certainly holds:
    what the constraint of PostgreSQL, the check and the counts go by. `seen_on` is the day of the source that shows a seat
    whose beginning is not known.
    """

    class Share(models.TextChoices):
        MAIN = "main", _("main seat")
        JOINT = "joint", _("joint seat")

    committee = models.ForeignKey(Committee, models.PROTECT, related_name="seats", verbose_name=_("committee"))
    organization = models.ForeignKey(
        Organization, models.PROTECT, related_name="secretariat_seats", verbose_name=_("organization")
    )
    share = models.CharField(_("share"), max_length=5, choices=Share, default=Share.MAIN)
    starts_on, starts_precision = day(_("from")), precision()
    seen_on = models.DateField(_("first seen on"), null=True, blank=True)
    ends_on, ends_precision = day(_("to and including")), precision()
    holds_from = models.DateField(null=True, blank=True, editable=False)
    holds_to = models.DateField(null=True, blank=True, editable=False)
    document = models.CharField(_("document"), max_length=200, blank=True)
    remark = models.CharField(_("remark"), max_length=300, blank=True)

    objects = SeatQuerySet.as_manager()

    class Meta:
        verbose_name = _("secretariat seat")
        verbose_name_plural = _("secretariat seats")
        ordering = ["committee", "-holds_from", "share"]
        indexes = [models.Index(fields=["organization", "holds_from"], name="seat_of_organization")]
        # Main seats do not overlap: on PostgreSQL by the exclusion `main_seats_do_not_overlap` of a migration.
        constraints = [
            models.UniqueConstraint(
                fields=["committee", "organization", "holds_from"],
                condition=Q(voided_at__isnull=True),
                name="a_seat_begins_once",
                violation_error_message=_("This organization's seat begins on that day already."),
            ),
            models.CheckConstraint(
                condition=Q(starts_on__isnull=False) | Q(seen_on__isnull=False),
                name="a_seat_has_a_beginning_or_was_seen",
                violation_error_message=_("Say since when, or on which day of a source the seat was seen."),
            ),
            models.CheckConstraint(
                condition=in_order("starts", "ends"),
                name="a_seat_ends_after_it_began",
                violation_error_message=_("A seat cannot end before it begins."),
            ),
        ]

    def __str__(self):
        return f"{self.committee.label} · {self.organization.name} · {self.get_share_display()}"

    def fill(self) -> None:
        start, end = self.starts_on or self.seen_on, self.ends_on
        known = self.starts_precision if self.starts_on else "day"
        self.holds_from = PartialDate(start, known).end if start else None  # type: ignore[arg-type]
        self.holds_to = end

    @property
    def is_certain(self) -> bool:
        """Whether there is a day on which it certainly holds."""
        return self.holds_from is not None and (self.holds_to is None or self.holds_to >= self.holds_from)

    def collides(self, other: "SecretariatSeat") -> bool:
        """Whether both certainly hold on one day and may not: two main seats, or two of one organization."""
        if not (self.is_certain and other.is_certain):
            return False
        apart = (self.holds_to is not None and self.holds_to < other.holds_from) or (
            other.holds_to is not None and other.holds_to < self.holds_from
        )
        return not apart and (self.share == other.share == "main" or self.organization_id == other.organization_id)

    def clean(self) -> None:
        """Refuse what overlaps on record, by name; of two at once the database lets one in."""
        if self.holds_from is not None and self.committee_id is not None:
            refuse_overlap([self])


def refuse_overlap(seats: Sequence[SecretariatSeat]) -> None:
    """Raises `ValidationError` that names the other seat."""
    standing = SecretariatSeat.objects.standing().filter(committee__among={seat.committee_id for seat in seats})
    beside: dict[int, list[SecretariatSeat]] = {}
    for other in standing.select_related("organization", "committee").order_by("holds_from", "pk"):
        beside.setdefault(other.committee_id, []).append(other)
    for seat in seats:
        for other in beside.get(seat.committee_id, ()):
            if other.pk != seat.pk and seat.collides(other):
                raise ValidationError({"starts_on": gettext(OVERLAPS).format(**overlap_parts(other))})


def overlap_parts(other: SecretariatSeat) -> dict[str, str]:
    first = other.starts_on.isoformat() if other.starts_on else "?"
    last = other.ends_on.isoformat() if other.ends_on else "…"
    return {"committee": other.committee.label, "organization": other.organization.name, "from": first, "to": last}
