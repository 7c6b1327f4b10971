"""What waits for an account, what has changed around it, and what ends soon: the staff's home."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone

from catalog.models import QualityFlag
from directory.access import grants_of, may_catalogue, paths_of
from directory.models import CommitteeTerm, Grant, Registration, Role, SavedSearch
from directory.models.roles import OF_A_DIVISION
from directory.searches import News, news_of
from directory.term_warnings import TermWarning, longest_lead, terms_ending, terms_over, warnings
from records.models import Event, ImportBatch

SHORT = 8  # rows in each list
RECENT = timedelta(days=7)
SOON = timedelta(days=90)


@dataclass(frozen=True, slots=True)
class Desk:
    """The lists of one account's desk; each is short and leads to the whole."""

    grants: list[Grant]
    previews: QuerySet[ImportBatch]
    flags: int
    registrations: QuerySet[Registration]
    waiting: int
    changes: list[Event]
    ending: list[Grant]
    news: list[News]
    terms: list[TermWarning]


def desk_of(user: Any, on: date | None = None) -> Desk:
    """What an account finds on its desk on a day (today unless told otherwise)."""
    on = on or timezone.localdate()
    catalogues = may_catalogue(user)
    previews = ImportBatch.objects.filter(state=ImportBatch.State.PREVIEWED).order_by("-pk")
    applicants = Registration.objects.editable_by(user).waiting()
    return Desk(
        grants=grants_of(user),
        previews=previews.within(paths_of(user, Role.CATALOGUER), user)[:SHORT] if catalogues else previews.none(),
        flags=QualityFlag.objects.editable_by(user).filter(settled_at=None).count() if catalogues else 0,
        registrations=applicants.select_related("region").order_by("sent_at", "pk")[:SHORT],
        waiting=applicants.count() if paths_of(user, Role.STAFF) else 0,
        changes=changes_around(user),
        ending=_ending(user, on),
        news=news_of(user, most=SHORT),
        terms=_terms(user, on),
    )


def changes_around(user: Any) -> list[Event]:
    """The latest changes made for the account's divisions; for one without a division its own.

    What somebody keeps or takes away for himself is no change, and not his colleagues' business.
    """
    since = Event.objects.filter(at__gte=timezone.now() - RECENT)
    since = since.exclude(action__in=(Event.Action.SIGNED_IN, Event.Action.EXPORTED))
    since = since.exclude(object_type=SavedSearch._meta.label_lower)
    paths = paths_of(user, *OF_A_DIVISION)
    found = [event for path in paths for event in since.in_division(path)[:SHORT]]
    if not paths:
        found = list(since.filter(actor=user)[:SHORT])
    return sorted({event.pk: event for event in found}.values(), key=lambda event: -event.pk)[:SHORT]


def _terms(user: Any, on: date) -> list[TermWarning]:
    """Terms of the committees that the account keeps: those that have ended, then those that end soon."""
    kept = CommitteeTerm.objects.editable_by(user)
    over = list(terms_over(on, kept)[:SHORT])
    soon = list(terms_ending(on, longest_lead(), kept)[: SHORT - len(over)])
    return warnings([*over, *soon], on)


def _ending(user: Any, on: date) -> list[Grant]:
    """Roles that end within three months: one's own, for a security administrator those of his places."""
    grants = Grant.objects.holding(on).filter(ends_on__lte=on + SOON).select_related("user", "region", "organization")
    reach = [grant.region for grant in grants_of(user, Role.SECURITY_ADMIN)]
    if not reach:
        return list(grants.filter(user=user)[:SHORT])
    mine = [one for one in grants if any(own is None or one.path.startswith(own.path) for own in reach)]
    return sorted(mine, key=lambda grant: grant.ends_on or date.max)[:SHORT]
