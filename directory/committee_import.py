"""Files of committees and of what belongs to them, where a row is more than its cells.

A committee's number says its level, kind and parent; a list of ISO's committees says which secretariats China holds; a
seat must not overlap another of the same file; a grade is one of the scale that fits the committee.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, gettext_noop

from records.cells import is_blank
from records.columns import Field
from records.importing import Planned, RowPlan, SourceRow, StagedRow
from records.models import Event, ImportBatch, ImportRow
from records.register_import import RegisterImporter
from records.registering import void
from records.registers import State
from records.remarks import Note
from records.trail import Actor, Change, record_many

from .committee_numbers import CommitteeNumber, committee_named
from .committee_references import COMMITTEE, grade_text
from .committee_registers import COMMITTEES, ESTABLISHING, SEATS
from .models import Committee, CommitteeLevel, Grade, Organization, SecretariatSeat
from .models.committees import GROUP_KINDS, CommitteeKind, is_provincial, named_columns
from .models.secretariats import OVERLAPS, overlap_parts
from .naming import settle_names
from .secretariats import seen_seats
from .term_registers import ASSESSMENTS, MEMBERS

PARENT_MISSING = gettext_noop("{parent}, in which it stands, is not on record")
SUSPENDED = "suspended"
NOT_ESTABLISHED_BY_YOU = gettext_noop("Only provincial staff establish and dissolve committees.")
OVERLAPS_ROW = gettext_noop("Row {row} gives the seat to {organization} for some of these days")
# ISO's member for China holds the secretariat on behalf of a domestic body that ISO's list does not name.
CHINA = "SAC"
CHINA_NAME, CHINA_NAME_EN = "国家标准化管理委员会", "Standardization Administration of China"


class CommitteeImporter(RegisterImporter):
    """Committees: known again by their number in any spelling, without one by their name."""

    @property
    def fields(self):
        return (
            *super().fields,
            Field("source_status", gettext_lazy("status in the source's words"), ("status", "状态")),
        )

    def plan(self, rows: Sequence[SourceRow], batch: ImportBatch, planned: Planned) -> Iterable[RowPlan]:
        rows = self._completed(rows)
        plans = list(super().plan(rows, batch, planned))
        self._refuse_establishing(plans, batch)
        self._note_parents(plans, planned)
        return plans

    def _completed(self, rows: Sequence[SourceRow]) -> list[SourceRow]:
        """What the number says of a committee that is not on record yet: its level, kind and division."""
        numbers = {row.number: committee_named(str(row.cells.get("number") or "")) for row in rows}
        keys = {number.key for number in numbers.values() if number}
        known = set(Committee.objects.standing().filter(key__among=keys).values_list("key", flat=True))
        return [self._complete(row, numbers[row.number], known) for row in rows]

    def _complete(self, row: SourceRow, number: CommitteeNumber | None, known: set[str]) -> SourceRow:
        cells = {name: value for name, value in row.cells.items() if name != "source_status"}
        status = str(row.cells.get("source_status") or "").strip()
        if status.casefold() == SUSPENDED and is_blank(cells.get("remark")):
            cells["remark"] = _("The source says: %(status)s") % {"status": status}
        if number is not None and number.key not in known:
            said = {"level": number.level, "kind": GROUP_KINDS.get(number.group, CommitteeKind.OTHER)}
            said |= {"region": number.region} if number.level == CommitteeLevel.PROVINCIAL else {}
            cells |= {name: str(word) for name, word in said.items() if is_blank(cells.get(name))}
        return SourceRow(row.number, cells)

    def _refuse_establishing(self, plans: list[RowPlan], batch: ImportBatch) -> None:
        user = batch.previewed_by
        if user is None or is_provincial(user):
            return
        for at, plan in enumerate(plans):
            if plan.outcome == ImportRow.Outcome.UPDATED and ESTABLISHING & plan.changes.keys():
                problems = [Note(NOT_ESTABLISHED_BY_YOU)]
                plans[at] = RowPlan(plan.number, ImportRow.Outcome.REJECTED, plan.label, problems=problems)

    def _note_parents(self, plans: list[RowPlan], planned: Planned) -> None:
        """Say which committees are named by a number only; nothing is invented for them."""
        numbers = {plan.number: _number_of(plan) for plan in plans}
        wanted = {number.parent for number in numbers.values() if number and number.parent}
        found = set(
            Committee.objects.standing().filter(key__among={one.key for one in wanted}).values_list("key", flat=True)
        )
        for plan in plans:
            number = numbers[plan.number]
            parent = number.parent if number else None
            if parent and parent.key not in found and planned.state(repr((parent.key,))) is None:
                plan.notes.append(Note(PARENT_MISSING, {"parent": str(parent)}, "number"))

    def _identity(self, state: State) -> tuple:
        number = committee_named(state["number"]) if state["number"] else None
        return (number.key if number else named_columns(state["number"] or state["name"] or state["name_en"])[0],)

    def _known(self, states: Sequence[State]) -> dict[tuple, list[Any]]:
        keys = {self._identity(state)[0] for state in states}
        return {(one.key,): [one] for one in Committee.objects.standing().filter(key__among=keys)}

    def _label(self, state: State) -> str:
        return str(state["number"] or state["name"] or state["name_en"])[:200]

    def write(self, rows: Sequence[StagedRow], batch: ImportBatch, by: Actor) -> None:
        super().write(rows, batch, by)
        states = [row.values["after"] for row in rows]
        keys = {self._identity(state)[0] for state in states if state["secretariat_printed"] == CHINA}
        held = Committee.objects.standing().filter(key__among=keys, level=CommitteeLevel.INTERNATIONAL)
        if held:
            remark = _("Held by China's member body; which domestic body does the work is not stated.")
            seen_seats(held, china(by, batch), on=batch.as_of, remark=remark, batch=batch, by=by)

    def _revert(self, batch: ImportBatch, by: Actor) -> dict[int, str]:
        """The seats that came with the committees go with them."""
        label = SecretariatSeat._meta.label_lower
        made = Event.objects.filter(batch=batch, object_type=label, action=Event.Action.CREATED)
        seats = SecretariatSeat.objects.standing().filter(pk__in=made.values("object_id"), version=1)
        if seats:
            void(SEATS, list(seats), by=by, reason=_("Import batch %(number)s was reverted") % {"number": batch.pk})
        return super()._revert(batch, by)


def _number_of(plan: RowPlan) -> CommitteeNumber | None:
    return committee_named(plan.label) if plan.outcome != ImportRow.Outcome.REJECTED else None


def china(by: Actor, batch: ImportBatch) -> Organization:
    """ISO's member for China, put on record where it is not."""
    organization, new = Organization.objects.get_or_create(
        name=CHINA_NAME,
        kind=Organization.Kind.DEPARTMENT,
        voided_at=None,
        merged_into=None,
        defaults={"name_en": CHINA_NAME_EN},
    )
    if new:
        settle_names([organization])
        label = Organization._meta.label_lower
        changes = {"name": [None, CHINA_NAME], "name_en": [None, CHINA_NAME_EN]}
        record_many([Change(Event.Action.CREATED, label, organization.pk, CHINA_NAME, changes)], by=by, batch=batch)
    return organization


class SeatImporter(RegisterImporter):
    """Seats: a row that overlaps a seat on record, or of an earlier row, is rejected and names it."""

    def plan(self, rows: Sequence[SourceRow], batch: ImportBatch, planned: Planned) -> Iterable[RowPlan]:
        plans = list(super().plan(rows, batch, planned))
        writing = [plan for plan in plans if plan.outcome in (ImportRow.Outcome.CREATED, ImportRow.Outcome.UPDATED)]
        seats = {plan.number: _seat_of(plan) for plan in writing}
        committees = {seat.committee_id for seat in seats.values()}
        standing = SecretariatSeat.objects.standing().filter(committee__among=committees)
        beside: dict[int, list[tuple[int, SecretariatSeat]]] = {}
        for seat in standing.select_related("committee", "organization"):
            beside.setdefault(seat.committee_id, []).append((0, seat))
        names = dict(
            Organization.objects.filter(pk__among={s.organization_id for s in seats.values()}).values_list("pk", "name")
        )
        for at, plan in enumerate(plans):
            if (seat := seats.get(plan.number)) is not None:
                others = beside.setdefault(seat.committee_id, [])
                plans[at] = _refuse_overlapping(plan, seat, others, names)
                if plans[at] is plan:
                    others.append((plan.number, seat))
        return plans


def _seat_of(plan: RowPlan) -> SecretariatSeat:
    assert plan.values is not None
    state = plan.values["after"]
    seat = SecretariatSeat(pk=plan.object_id)
    for name in SEATS.written:
        field = SEATS.field(name)
        setattr(seat, field.attname, field.to_python(state[name]) if name.endswith("_on") else state[name])
    seat.fill()
    return seat


def _refuse_overlapping(
    plan: RowPlan, seat: SecretariatSeat, others: list[tuple[int, SecretariatSeat]], names: dict[int, str]
) -> RowPlan:
    for row, other in others:
        if (plan.object_id is not None and other.pk == plan.object_id) or not seat.collides(other):
            continue
        if row:
            note = Note(OVERLAPS_ROW, {"row": row, "organization": names[other.organization_id]}, "starts_on")
        else:
            note = Note(OVERLAPS, overlap_parts(other), "starts_on")
        return RowPlan(plan.number, ImportRow.Outcome.REJECTED, plan.label, problems=[note])
    return plan


class MemberImporter(RegisterImporter):
    """Members: the committee in one column, the term's number in another."""

    @property
    def fields(self):
        return (*super().fields, Field("session", gettext_lazy("term number"), ("届次", "届", "第几届")))

    def plan(self, rows: Sequence[SourceRow], batch: ImportBatch, planned: Planned) -> Iterable[RowPlan]:
        return super().plan([self._joined(row) for row in rows], batch, planned)

    def _joined(self, row: SourceRow) -> SourceRow:
        cells = {name: value for name, value in row.cells.items() if name != "session"}
        session = str(row.cells.get("session") or "").strip().removeprefix("第").removesuffix("届")
        if session and not is_blank(cells.get("term")):
            cells["term"] = f"{str(cells['term']).strip()} 第{session}届"
        return SourceRow(row.number, cells)


class AssessmentImporter(RegisterImporter):
    """Assessments: a grade's bare name means that of the scale by which the committee is assessed."""

    def plan(self, rows: Sequence[SourceRow], batch: ImportBatch, planned: Planned) -> Iterable[RowPlan]:
        texts = {str(row.cells.get("committee") or "").strip() for row in rows} - {""}
        ids = {text: named[0].pk for text, named in COMMITTEE.find(texts).items() if len(named) == 1}
        committees = Committee.objects.select_related("region").in_bulk(set(ids.values()))
        grades = list(Grade.objects.standing().filter(scale__voided_at=None).select_related("scale", "scale__region"))
        known = {text: committees[pk] for text, pk in ids.items()}
        return super().plan([self._meant(row, known, grades) for row in rows], batch, planned)

    def _meant(self, row: SourceRow, known: dict[str, Committee], grades: list[Grade]) -> SourceRow:
        committee = known.get(str(row.cells.get("committee") or "").strip())
        name, year = str(row.cells.get("grade") or "").strip(), str(row.cells.get("year") or "")[:4]
        if committee is None or not name:
            return row
        fitting = [grade for grade in grades if grade.name == name and _fits(grade, committee, year)]
        best = max(fitting, key=_nearness, default=None)
        return replace(row, cells={**row.cells, "grade": grade_text(best)}) if best else row


def _fits(grade: Grade, committee: Committee, year: str) -> bool:
    scale, path = grade.scale, committee.region.path if committee.region else ""
    begun = scale.year is None or not year.isdecimal() or scale.year <= int(year)
    return scale.level == committee.level and begun and (scale.region is None or path.startswith(scale.region.path))


def _nearness(grade: Grade) -> tuple[int, int]:
    return len(grade.scale.region.path) if grade.scale.region else 0, grade.scale.year or 0


COMMITTEE_IMPORTERS = (
    CommitteeImporter(COMMITTEES),
    SeatImporter(SEATS),
    MemberImporter(MEMBERS),
    AssessmentImporter(ASSESSMENTS),
)
