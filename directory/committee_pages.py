"""What the pages of committees show: rows of a list, one committee with everything around it, terms that end."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Prefetch, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tabular.dates import PartialDate
from tabular.writing import Column

from .composition import Finding, composition_findings
from .models import Committee, CommitteeMember, CommitteeStatus, CommitteeTerm, Organization, SecretariatSeat
from .profiles import Section, add_section

MAIN = SecretariatSeat.Share.MAIN
POSITIONS = tuple(CommitteeMember.Position.values)


def partial(day: date | None, precision: str) -> PartialDate | None:
    return PartialDate(day, precision) if day else None  # type: ignore[arg-type]


def columns() -> list[Column]:
    """The columns of the list's export."""
    return [
        Column("number", _("Number"), width=22),
        Column("name", _("Name"), width=44),
        Column("name_en", _("English name"), width=44),
        Column("level", _("Level"), width=10),
        Column("kind", _("Kind"), width=16),
        Column("status", _("Status"), width=12),
        Column("parent", _("Stands in"), width=18),
        Column("seat", _("Secretariat"), width=36),
        Column("printed", _("Secretariat as the source prints it"), width=30),
        Column("established_on", _("Established"), kind="date", width=12),
        Column("dissolved_on", _("Dissolved"), kind="date", width=12),
    ]


def rows_of(committees: QuerySet, on: date) -> list[dict[str, Any]]:
    """Committees as list and export show them, each with its main secretariat of a day; three queries in all."""
    seats = SecretariatSeat.objects.holding(on).filter(share=MAIN).select_related("organization")
    seats = seats.prefetch_related("organization__names")
    found = (
        committees.with_status(on)
        .select_related("parent")
        .prefetch_related(Prefetch("seats", queryset=seats, to_attr="seats_held"))
    )
    return [_row(committee, on) for committee in found]


def _row(committee: Any, on: date) -> dict[str, Any]:
    return {
        "slug": committee.slug,
        "number": committee.number,
        "name": committee.name,
        "name_en": committee.name_en,
        "shown": committee.shown_name,
        "level": committee.get_level_display(),
        "kind": committee.get_kind_display(),
        "state": committee.status,
        "status": str(CommitteeStatus(committee.status).label),
        "parent": committee.parent.label if committee.parent else "",
        "seat": "、".join(seat.organization.shown_on(on) for seat in committee.seats_held),
        "printed": committee.secretariat_printed,
        "established_on": partial(committee.established_on, committee.established_precision),
        "dissolved_on": partial(committee.dissolved_on, committee.dissolved_precision),
        "is_example": committee.is_example,
    }


@dataclass(frozen=True, slots=True)
class SeatLine:
    """A seat as its committee's page shows it: who, under which name of that time, from when to when."""

    seat: SecretariatSeat
    name: str
    holds: bool
    start: PartialDate | None
    end: PartialDate | None


def seat_lines(committee: Committee, on: date) -> list[SeatLine]:
    seats = committee.seats.standing().select_related("organization", "organization__region")
    seats = seats.prefetch_related("organization__names")
    return [_seat_line(seat, on) for seat in seats.order_by("-holds_from", "-share", "pk")]


def _seat_line(seat: SecretariatSeat, on: date) -> SeatLine:
    holds = seat.holds_from is not None and seat.holds_from <= on and (seat.holds_to is None or on <= seat.holds_to)
    day = on if holds else (seat.ends_on or seat.holds_from or on)
    start = partial(seat.starts_on, seat.starts_precision)
    return SeatLine(seat, seat.organization.shown_on(day), holds, start, partial(seat.ends_on, seat.ends_precision))


def seats_held(organization: Organization, on: date) -> list[SeatLine]:
    """The seats that an organization holds or held, those of the day first: a section of its own page."""
    seats = organization.secretariat_seats.standing().filter(committee__voided_at__isnull=True)
    seats = seats.select_related("committee").prefetch_related("organization__names")
    lines = [_seat_line(seat, on) for seat in seats.order_by("-holds_from", "pk")]
    return sorted(lines, key=lambda line: not line.holds)


@dataclass(frozen=True, slots=True)
class TermBlock:
    """A term with its roster, in the order of positions, and what the rule has against it (the latest term only)."""

    term: CommitteeTerm
    members: list[CommitteeMember]
    findings: list[Finding]


def term_blocks(committee: Committee, on: date) -> list[TermBlock]:
    members = CommitteeMember.objects.standing().select_related("organization").order_by("pk")
    terms = committee.terms.standing().prefetch_related(Prefetch("members", queryset=members, to_attr="roster"))
    ordered = list(terms.select_related("committee__region").order_by("-starts_on", "pk"))
    return [_term_block(term, at, on) for at, term in enumerate(ordered)]


def _term_block(term: Any, at: int, on: date) -> TermBlock:
    roster = sorted(term.roster, key=lambda member: POSITIONS.index(member.position))
    findings = composition_findings(term, on) if at == 0 and roster else []
    return TermBlock(term, roster, findings)


def ancestors(committee: Committee) -> list[Committee]:
    """The committees above, the highest first."""
    above: list[Committee] = []
    one = committee.parent
    while one is not None and one not in above:
        above.insert(0, one)
        one = one.parent
    return above


def tree(committee: Committee, on: date) -> list[dict[str, Any]]:
    """The committees below, two levels deep, each with its status of a day."""
    children = list(committee.children.standing().with_status(on).order_by("sort_key"))
    ids = [child.pk for child in children]
    grandchildren: dict[int, list[Any]] = {}
    for one in Committee.objects.standing().filter(parent__in=ids).with_status(on).order_by("sort_key"):
        grandchildren.setdefault(one.parent_id, []).append(one)
    return [_node(child, [_node(one, []) for one in grandchildren.get(child.pk, [])]) for child in children]


def _node(committee: Any, children: list[dict[str, Any]]) -> dict[str, Any]:
    label = str(CommitteeStatus(committee.status).label)
    return {"committee": committee, "state": committee.status, "status": label, "children": children}


def mirrors_of(committee: Committee) -> tuple[list[Committee], list[Committee]]:
    """Whom it mirrors, and who mirrors it."""
    mirrored = committee.mirrored.standing().select_related("mirrors")
    mirrors = committee.mirrors.standing().select_related("committee")
    return _standing(one.mirrors for one in mirrored), _standing(one.committee for one in mirrors)


def _standing(committees: Iterable[Committee]) -> list[Committee]:
    return sorted((one for one in committees if one.voided_at is None), key=lambda one: one.sort_key)


def below_count(nodes: Sequence[dict[str, Any]]) -> int:
    return sum(1 + len(node["children"]) for node in nodes)


def committees_of(organization: Organization, on: date) -> dict[str, Any] | None:
    """The section of an organization's page: seats it holds or held, and committees in whose terms it has members."""
    members = CommitteeMember.objects.standing().filter(organization=organization, term__voided_at__isnull=True)
    mine = Committee.objects.standing().filter(pk__in=members.values("term__committee"))
    seats, sits_on = seats_held(organization, on), list(mine.order_by("sort_key", "pk"))
    return {"seats": seats, "sits_on": sits_on} if seats or sits_on else None


add_section(Section("committees", gettext_lazy("Committees"), "directory/profile_committees.html", committees_of))
