"""Whether a committee's members are such as the rules for its level and kind ask: findings, never refusals."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from .models import CommitteeMember, CommitteeTerm, CompositionRule

Position = CommitteeMember.Position


@dataclass(frozen=True, slots=True)
class Finding:
    """A breach in words, and the rule with its source and evidence."""

    text: str
    rule: CompositionRule


def composition_findings(term: CommitteeTerm, on: date | None = None) -> list[Finding]:
    """What of a term's composition on a day (today unless told otherwise) the rule does not allow; nothing without a rule."""
    rule = rule_for(term)
    if rule is None:
        return []
    members = members_on(term, on or timezone.localdate())
    texts = [*_numbers(members, rule), *_shares(members, rule), *_chairs(members, rule), *_persons(term, members, rule)]
    return [Finding(text, rule) for text in texts]


def rule_for(term: CommitteeTerm) -> CompositionRule | None:
    """The rule of the committee's level and kind: that of the nearest division, else the one for everywhere."""
    committee = term.committee
    rules = CompositionRule.objects.standing().filter(level=committee.level, kind=committee.kind)
    path = committee.region.path if committee.region else ""
    fitting = [one for one in rules.select_related("region") if one.region is None or path.startswith(one.region.path)]
    return max(fitting, key=lambda one: len(one.region.path) if one.region else 0, default=None)


def members_on(term: CommitteeTerm, on: date) -> list[CommitteeMember]:
    """Members on a day, without observers."""
    standing = term.members.standing().exclude(position=Position.OBSERVER).select_related("organization")
    serving = standing.filter(Q(starts_on__isnull=True) | Q(starts_on__lte=on)).exclude(ends_on__lt=on)
    return list(serving.order_by("pk"))


def _numbers(members: Sequence[CommitteeMember], rule: CompositionRule) -> Iterable[str]:
    held = Counter(member.position for member in members)
    if rule.least_members is not None and len(members) < rule.least_members:
        told = {"count": len(members), "limit": rule.least_members}
        yield _("%(count)s members; at least %(limit)s are needed.") % told
    if held[Position.CHAIR] != 1:
        yield _("%(count)s chairs; there is one.") % {"count": held[Position.CHAIR]}
    if held[Position.SECRETARY] != 1:
        yield _("%(count)s secretaries-general; there is one.") % {"count": held[Position.SECRETARY]}
    if rule.most_vice_chairs is not None and held[Position.VICE] > rule.most_vice_chairs:
        told = {"count": held[Position.VICE], "limit": rule.most_vice_chairs}
        yield _("%(count)s vice-chairs; at most %(limit)s are allowed.") % told
    if rule.most_deputies is not None and held[Position.DEPUTY] > rule.most_deputies:
        told = {"count": held[Position.DEPUTY], "limit": rule.most_deputies}
        yield _("%(count)s deputy secretaries-general; at most %(limit)s are allowed.") % told


def _shares(members: Sequence[CommitteeMember], rule: CompositionRule) -> Iterable[str]:
    if rule.most_of_interest is not None:
        for interest, count in _counted(member.interest for member in members):
            if count * 100 > len(members) * rule.most_of_interest:
                told = {"group": interest, "count": count, "all": len(members), "limit": rule.most_of_interest}
                yield _("%(count)s of %(all)s members are of “%(group)s”; at most %(limit)s%% are allowed.") % told
    if rule.most_of_unit is not None:
        for unit, count in _counted(unit_of(member) for member in members):
            if count > rule.most_of_unit:
                told = {"unit": unit, "count": count, "limit": rule.most_of_unit}
                yield _("%(count)s members are of %(unit)s; at most %(limit)s are allowed.") % told


def _counted(words: Iterable[str]) -> list[tuple[str, int]]:
    return sorted(Counter(word for word in words if word).items())


def _chairs(members: Sequence[CommitteeMember], rule: CompositionRule) -> Iterable[str]:
    if not rule.chairs_apart:
        return
    chairs = {unit_of(member) for member in members if member.position == Position.CHAIR}
    for member in members:
        if member.position == Position.VICE and unit_of(member) and unit_of(member) in chairs:
            told = {"person": member.person, "unit": unit_of(member)}
            yield _("Vice-chair %(person)s is of the chair's own unit, %(unit)s.") % told


def _persons(term: CommitteeTerm, members: Sequence[CommitteeMember], rule: CompositionRule) -> Iterable[str]:
    """People of one name and unit are taken for the same."""
    if rule.most_of_person is None:
        return
    seats: dict[tuple[str, str], set[int]] = {}
    running = CommitteeMember.objects.standing().filter(
        person__in={member.person for member in members},
        term__voided_at__isnull=True,
        term__committee__voided_at__isnull=True,
        term__committee__level=term.committee.level,
    )
    running = running.exclude(position=Position.OBSERVER).exclude(term__due_on__lt=term.starts_on)
    for one in running.select_related("organization", "term"):
        seats.setdefault((one.person, unit_of(one)), set()).add(one.term.committee_id)
    for member in members:
        count = len(seats.get((member.person, unit_of(member)), ()))
        if count > rule.most_of_person:
            told = {"person": member.person, "unit": unit_of(member), "count": count, "limit": rule.most_of_person}
            yield _("%(person)s of %(unit)s sits on %(count)s committees; at most %(limit)s are allowed.") % told


def unit_of(member: CommitteeMember) -> str:
    """The unit a member counts for: the organization where it is known, else the unit as printed."""
    return member.organization.name if member.organization else member.unit
