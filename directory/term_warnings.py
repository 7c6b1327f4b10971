"""Warnings before a committee's term ends. How many months before is a table that staff keep (`TermRule`)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from .models import CommitteeTerm, TermRule
from .models.committee_terms import months_later
from .models.periods import inside

# What a warning is shown and judged by.
SHOWN = (
    "number",
    "starts_on",
    "due_on",
    "is_example",
    *(f"committee__{name}" for name in ("number", "name", "name_en", "slug", "level", "region__path", "keeper__name")),
)
DEFAULT_LEADS = (12, 6, 3)  # where no rule says otherwise


@dataclass(frozen=True, slots=True)
class TermWarning:
    """A term that ends: how many days are left (below 0: it has ended), and the warning that is due, None while none is."""

    term: CommitteeTerm
    days_left: int
    months: int | None
    renewal_on: date | None

    @property
    def is_over(self) -> bool:
        return self.days_left < 0


def terms_ending(on: date, months: int, terms: QuerySet | None = None) -> QuerySet:
    """Terms whose last day lies from a day on to so many months later, of committees that still stand.

    A term that another has followed warns of nothing.
    """
    return _last_terms(on, terms).filter(due_on__gte=on, due_on__lte=months_later(on, months)).order_by("due_on", "pk")


def terms_over(on: date, terms: QuerySet | None = None) -> QuerySet:
    """Terms that have ended and that no other has followed, the latest end first."""
    return _last_terms(on, terms).filter(due_on__lt=on).order_by("-due_on", "pk")


def _last_terms(on: date, asked: QuerySet | None) -> QuerySet:
    terms: Any = CommitteeTerm.objects.all() if asked is None else asked
    later = CommitteeTerm.objects.standing().filter(
        committee=OuterRef("committee"), starts_on__gt=OuterRef("starts_on")
    )
    # Not the negation of `over`: the planner reads that worse than what may still stand.
    stands = (
        Q(committee__dissolved_on__isnull=True) | Q(committee__dissolved_on__gt=on) | inside("committee__dissolved", on)
    )
    standing = terms.standing().filter(stands, committee__voided_at__isnull=True)
    return standing.filter(~Exists(later)).select_related("committee", "committee__region", "committee__keeper")


def longest_lead() -> int:
    """The most months before which any rule warns."""
    leads = [lead for rule in TermRule.objects.standing() for lead in rule.leads]
    return max(leads, default=DEFAULT_LEADS[0])


def warnings(terms: Iterable[CommitteeTerm], on: date) -> list[TermWarning]:
    """The warnings that are due for some terms on a day, each by the rule of its committee."""
    return [one for one in warned(terms, on) if one.months is not None]


def warned(terms: Iterable[CommitteeTerm], on: date) -> list[TermWarning]:
    """Terms whose end is known, all of them, each with the warning that is due by the rule of its committee."""
    if isinstance(terms, QuerySet):
        terms = terms.only(*SHOWN)  # a committee's scope runs to pages
    rules = list(TermRule.objects.standing().select_related("region"))
    return [_warning(term, term.due_on, on, rules) for term in terms if term.due_on is not None]


def _warning(term: CommitteeTerm, ends: date, on: date, rules: Sequence[TermRule]) -> TermWarning:
    rule = rule_of(term, rules)
    leads = rule.leads if rule else DEFAULT_LEADS
    due = [lead for lead in leads if ends <= months_later(on, lead)]
    renewal = rule.renewal_months if rule else None
    renewal_on = months_later(ends, -renewal) if renewal else None
    return TermWarning(term, (ends - on).days, min(due, default=None), renewal_on)


def rule_of(term: CommitteeTerm, rules: Sequence[TermRule]) -> TermRule | None:
    """The rule of the committee's level: that of the nearest division, else the one for everywhere."""
    committee = term.committee
    path = committee.region.path if committee.region else ""
    fitting = [
        rule
        for rule in rules
        if rule.level == committee.level and (rule.region is None or path.startswith(rule.region.path))
    ]
    return max(fitting, key=lambda rule: len(rule.region.path) if rule.region else 0, default=None)
