"""Printed names that mean no organization yet: which ones wait, and saying whom they mean.

Nothing is guessed: a person says whom a name means, for all contributions that bear it at once, and the name is put on record
with the organization, so that the next file knows it.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction
from django.db.models import Count, Max, QuerySet
from django.utils.translation import gettext as _

from directory.models import Organization, OrganizationName
from directory.naming import index
from directory.organization_names import name_key
from directory.resolving import Candidate, resolve_names
from records.models import Event
from records.trail import Actor, record

from .contributing import ContributionRefused, Entry, state_of, write_contributions
from .models import Contribution


@dataclass(frozen=True, slots=True)
class Waiting:
    """A printed name that waits: its key, a spelling, on how many standards it stands, whom it may mean."""

    key: str
    name: str
    standards: int
    organization: Candidate | None = None
    candidates: Sequence[Candidate] = field(default_factory=tuple)


def waiting_keys(contributions: QuerySet[Contribution]) -> QuerySet:
    """The names that wait among some contributions, those on most standards first: key, a spelling, standards."""
    unresolved = contributions.filter(organization__isnull=True, voided_at__isnull=True).order_by()
    named = unresolved.values("name_key").annotate(
        name=Max("printed_name"), standards=Count("standard_id", distinct=True)
    )
    return named.order_by("-standards", "name_key")


def with_candidates(rows: Sequence[dict[str, Any]]) -> list[Waiting]:
    """Some of those names with whom each may mean by now, in a constant number of queries."""
    meant = resolve_names([row["name"] for row in rows])
    sure = [found.organization for found in meant.values() if found.organization]
    names = dict(Organization.objects.filter(pk__in=sure).values_list("pk", "name"))
    waiting = []
    for row in rows:
        found = meant[row["name"]]
        known = Candidate(found.organization, names[found.organization], "is called so") if found.organization else None
        waiting.append(Waiting(row["name_key"], row["name"], row["standards"], known, found.candidates))
    return waiting


@transaction.atomic
def say_who(
    key: str,
    organization: Organization,
    *,
    contributions: QuerySet[Contribution],
    by: Actor,
    reason: str = "",
    remember: bool = True,
) -> int:
    """Say which organization a printed name means, for all of some contributions that bear it; returns how many.

    `contributions` are those that the actor may change. With `remember` the name becomes one of the organization's names,
    where the actor may give it one.
    Raises `ContributionRefused` where the organization does not stand or nothing waits under this name any more.
    """
    standing = Organization.objects.standing().select_for_update(of=("self",)).filter(pk=organization.pk).first()
    if standing is None:
        raise ContributionRefused(_("%(name)s was merged or voided in the meantime.") % {"name": organization})
    rows = list(contributions.filter(name_key=key, organization__isnull=True).order_by("pk"))
    if not rows:
        raise ContributionRefused(_("Nothing waits under this name any more; somebody may have been faster."))
    entries = [Entry(row.standard_id, state_of(row) | {"organization_id": standing.pk}, row) for row in rows]
    write_contributions(entries, by=by, reason=reason)
    if remember and may_name(standing, by):
        _remember(standing, rows[0].printed_name, by, reason)
    return len(rows)


def may_name(organization: Organization, by: Actor) -> bool:
    """Whether an actor may put another name of an organization on record."""
    return by.user is None or Organization.objects.editable_by(by.user).filter(pk=organization.pk).exists()


def _remember(organization: Organization, name: str, by: Actor, reason: str) -> None:
    """Put a name as printed on record with its organization, unless it bears it already."""
    key = name_key(name)[:200]
    if OrganizationName.objects.standing().filter(organization=organization, key=key).exists():
        return
    made = OrganizationName(organization=organization, name=name, kind=OrganizationName.Kind.SHORT)
    made.is_example = organization.is_example
    made.save()
    changes = {"organization": [None, organization.pk], "name": [None, name], "kind": [None, str(made.kind)]}
    record(made, Event.Action.CREATED, changes, by=by, reason=reason)
    index([organization.pk])
