"""What organizations are called: a renaming, and what follows from names (the legal one, the keys, the index).

`Organization.name` is the legal name that is open. Whoever corrects a misspelling amends it; a renaming closes one legal
name and opens the next.
"""

from collections.abc import Collection
from datetime import date

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from records.bulk import insert
from records.models import Event
from records.trail import Actor, Changes, record

from . import search
from .keepers import refresh_keepers_beside
from .models import Organization, OrganizationName
from .transferring import RENAMED

LEGAL = OrganizationName.Kind.LEGAL


class OrganizationRefused(Exception):
    """What was asked of an organization was not done; the text says why."""


class OrganizationStale(OrganizationRefused):
    """Somebody changed the organization after it was read."""


def locked(pk: int, version: int | None = None) -> Organization:
    """A standing organization, locked until the transaction ends. Raises `OrganizationRefused`.

    `version` is the one that was read, where somebody decided by what he read.
    """
    found = Organization.objects.select_for_update(of=("self",)).select_related("merged_into").get(pk=pk)
    if found.merged_into:
        raise OrganizationRefused(
            _("%(name)s was merged into %(other)s.") % {"name": found, "other": found.merged_into}
        )
    if found.voided_at:
        raise OrganizationRefused(_("%(name)s was voided.") % {"name": found})
    if version is not None and found.version != version:
        raise OrganizationStale(
            _("Somebody changed %(name)s in the meantime. Look at it again and repeat what still holds.")
            % {"name": found}
        )
    return found


def raise_version(organization: Organization, *fields: str) -> None:
    """Save some columns as a new version."""
    organization.version += 1
    organization.save(update_fields=[*fields, "version"])


@transaction.atomic
def rename_organization(
    organization: Organization, name: str, *, on: date, by: Actor, document: str = "", reason: str = ""
) -> Organization:
    """Give an organization another legal name from a day on. Raises `OrganizationRefused`.

    `organization` is as it was read: of two who rename it at once the second is told.
    """
    found, name = locked(organization.pk, organization.version), " ".join(name.split())
    _refuse_name(found, name, on)
    now = _open_name(found)
    if now.valid_from is not None and on <= now.valid_from:
        words = {"name": now, "day": now.valid_from}
        raise OrganizationRefused(_("It is called %(name)s since %(day)s; the new name must begin later.") % words)
    now.valid_to, now.version = on, now.version + 1
    now.save(update_fields=["valid_to", "version"])
    before, found.name = found.name, name
    _legal_name(found, on).save()
    raise_version(found, "name")
    index([found.pk], [found.pk])
    changes: Changes = {"name": [before, name], "valid_from": [None, on.isoformat()]}
    record(found, Event.Action.UPDATED, changes, by=by, reason=reason, document=document)
    return found


def _refuse_name(organization: Organization, name: str, on: date) -> None:
    if not name:
        raise OrganizationRefused(_("Say what it is called now."))
    if name == organization.name:
        raise OrganizationRefused(_("It has this name already."))
    if on > timezone.localdate():
        raise OrganizationRefused(_("A renaming is put on record once it holds; this day lies in the future."))
    same = Organization.objects.standing().filter(name=name, kind=Organization.Kind.DEPARTMENT)
    if organization.kind == Organization.Kind.DEPARTMENT and same.exists():
        raise OrganizationRefused(_("There is a department of this name already."))


def _open_name(organization: Organization) -> OrganizationName:
    """The legal name of today; put on record where none was."""
    names = OrganizationName.objects.standing().filter(organization=organization, kind=LEGAL, valid_to=None)
    if (name := names.first()) is None:
        settle_names([organization])
        name = names.get()
    return name


def settle_names(organizations: Collection[Organization]) -> None:
    """Bring up to date what follows from organizations: the open legal name, the index, what higher apps hold, who keeps
    the committees whose secretariat they hold."""
    latest = {one.pk: one for one in organizations}  # a record that was amended comes as it was and as it is
    ids = list(latest)
    legal = OrganizationName.objects.standing().filter(organization__among=ids, kind=LEGAL)
    held = {one.organization_id: one for one in legal.filter(valid_to=None)}
    ended = dict(legal.exclude(valid_to=None).order_by("valid_to").values_list("organization_id", "valid_to"))
    made, renamed = [], []
    for organization in latest.values():
        if organization.voided_at:
            continue
        name = held.get(organization.pk)
        if name is None:
            made.append(_legal_name(organization, ended.get(organization.pk)))
        elif name.name != organization.name:
            name.name, name.version = organization.name, name.version + 1
            name.save()
            renamed.append(organization.pk)
    insert(made)
    index(ids, renamed)
    refresh_keepers_beside(ids)


def _legal_name(organization: Organization, valid_from: date | None = None) -> OrganizationName:
    name = OrganizationName(organization=organization, name=organization.name, kind=LEGAL, valid_from=valid_from)
    name.is_example = organization.is_example
    name.fill()
    return name


def index(ids: Collection[int], renamed: Collection[int] = ()) -> None:
    """Let organizations be found by their names of now; higher apps hold the names of some, too."""
    search.index(ids)
    for bring in RENAMED if renamed else ():
        bring(renamed)
