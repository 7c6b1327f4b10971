"""An organization's 标准化档案: what its page is made of. Higher apps add sections of their own."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tabular.dates import PartialDate

from .models import Organization, OrganizationMerge, OrganizationName
from .models.organizations import known_day


@dataclass(frozen=True)
class Section:
    """One part of the page: `rows` gives what its `template` shows, in a constant number of queries; nothing leaves it out.

    What says who the body is stands `aside`; what it does stands in the middle.
    """

    name: str
    title: Any
    template: str
    rows: Callable[[Organization, date], Any]
    aside: bool = False


SECTIONS: list[Section] = []


def add_section(section: Section) -> Section:
    SECTIONS.append(section)
    return section


def sections_of(organization: Organization, on: date) -> list[tuple[Section, Any]]:
    """The sections that have something to show, in the order in which they were added."""
    filled = ((section, section.rows(organization, on)) for section in SECTIONS)
    return [(section, rows) for section, rows in filled if rows]


@dataclass(frozen=True, slots=True)
class Moment:
    """Something that happened to a body: the day as far as it is known, what, and where it leads."""

    day: PartialDate
    text: str
    other: Organization | None = None


def timeline(organization: Organization, on: date) -> list[Moment]:
    """When it was established, renamed, joined by others and dissolved, as far as the days are known."""
    moments = [
        _moment(organization.established_on, organization.established_precision, _("Established")),
        _moment(organization.dissolved_on, organization.dissolved_precision, _("Dissolved")),
    ]
    for name in organization.names.all():
        if name.kind == OrganizationName.Kind.LEGAL and name.valid_from:
            moments.append(_moment(name.valid_from, "day", _("Named %(name)s") % {"name": name}))
    undone = Q(undone_at__isnull=True)
    for merge in OrganizationMerge.objects.filter(undone, target=organization).select_related("source"):
        if merge.kind == OrganizationMerge.Kind.MERGE and merge.on:
            moments.append(_moment(merge.on, "day", _("Joined by"), merge.source))
    return sorted((one for one in moments if one), key=lambda one: one.day.start)


def _moment(day: date | None, precision: str, text: str, other: Organization | None = None) -> Moment | None:
    known = known_day(day, precision)
    return Moment(known, text, other) if known else None


def names(organization: Organization, on: date) -> list[OrganizationName]:
    """Every name with its days: today's legal one first, then the newest."""
    said = [one for one in organization.names.all() if one.voided_at is None]
    kinds = OrganizationName.Kind.values

    def order(one: OrganizationName) -> tuple:
        begun = -one.valid_from.toordinal() if one.valid_from else 0
        return (
            not (one.kind == OrganizationName.Kind.LEGAL and one.valid_to is None),
            kinds.index(one.kind),
            begun,
            one.pk,
        )

    return sorted(said, key=order)


add_section(Section("names", gettext_lazy("Names"), "directory/profile_names.html", names, aside=True))
add_section(Section("timeline", gettext_lazy("Timeline"), "directory/profile_timeline.html", timeline, aside=True))
