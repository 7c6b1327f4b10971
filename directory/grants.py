"""Giving roles and taking them back: nobody to himself, nobody above his own reach, administration kept apart."""

from datetime import date

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from records.models import Event
from records.trail import Actor, record

from .models import Grant, Organization, Region, Role, User
from .models.roles import ADMINISTRATIVE


class GrantRefused(Exception):
    """A role was not given or taken back; the text says why."""


@transaction.atomic
def give_role(
    user: User,
    role: str,
    *,
    by: Actor,
    region: Region | None = None,
    organization: Organization | None = None,
    starts_on: date | None = None,
    ends_on: date | None = None,
    keeps_accounts: bool = False,
    note: str = "",
) -> Grant:
    """Give an account a role. `by` without an account is the command line of the server's keeper.

    Raises `GrantRefused`, or `django.core.exceptions.ValidationError` where role, place and days do not fit.
    """
    _lock(user, by)
    _refuse_reach(user, by, region)
    _refuse_mixture(user, role)
    place = {"region": region, "organization": organization, "keeps_accounts": keeps_accounts}
    days = {"starts_on": starts_on or timezone.localdate(), "ends_on": ends_on}
    return _write(Grant(user=user, role=role, note=note, **days, **place), by)


@transaction.atomic
def enrol_enterprise(
    user: User, organization: Organization, *, by: Actor, starts_on: date | None = None, ends_on: date | None = None
) -> Grant:
    """Let an account act for an enterprise. Who may confirm that is asked in `directory.registrations`.

    Raises `GrantRefused`, or `django.core.exceptions.ValidationError`.
    """
    User.objects.select_for_update().get(pk=user.pk)
    _refuse_mixture(user, Role.ENTERPRISE)
    days = {"starts_on": starts_on or timezone.localdate(), "ends_on": ends_on}
    return _write(Grant(user=user, role=Role.ENTERPRISE, organization=organization, **days), by)


def _write(grant: Grant, by: Actor) -> Grant:
    grant.granted_by, grant.granted_at = by.user, timezone.now()
    grant.full_clean()
    grant.save()
    said = {"role": grant.role, "region": str(grant.region or ""), "organization": str(grant.organization or "")}
    days = {"starts_on": grant.starts_on.isoformat(), "ends_on": grant.ends_on and grant.ends_on.isoformat()}
    given: dict[str, object] = {name: value for name, value in {**said, **days}.items() if value}
    if grant.keeps_accounts:
        given["keeps_accounts"] = True
    record(grant.user, Event.Action.GRANTED, {f"grant {grant.pk}": [None, given]}, by=by, reason=grant.note)
    return grant


@transaction.atomic
def take_back_role(grant: Grant, *, by: Actor, reason: str) -> Grant:
    """Take a role back at once. Raises `GrantRefused`; of two who try at once the second is refused."""
    _lock(grant.user, by)
    _refuse_reach(grant.user, by, grant.region)
    now = timezone.now()
    taken = Grant.objects.filter(pk=grant.pk, revoked_at=None).update(revoked_at=now, revoke_reason=reason[:200])
    if not taken:
        raise GrantRefused(_("This role was taken back already."))
    grant.refresh_from_db()
    record(grant.user, Event.Action.REVOKED, {f"grant {grant.pk}": [str(grant), None]}, by=by, reason=reason)
    return grant


def _lock(user: User, by: Actor) -> None:
    """Of two changes of one account's roles the second sees the first, and so does whoever gives while his own is taken back."""
    ids = {user.pk, by.user.pk} if by.user else {user.pk}
    list(User.objects.select_for_update().filter(pk__in=ids).order_by("pk"))


def _refuse_reach(user: User, by: Actor, region: Region | None) -> None:
    """Who gives or takes must be a security administrator of the place, and another person."""
    if by.user is None:
        return
    if by.user.pk == user.pk:
        raise GrantRefused(_("Nobody gives himself a role or takes one from himself."))
    # Read anew: what the request knows of its own roles may have been taken back by now.
    held = Grant.objects.holding().filter(user=by.user, user__is_active=True, role=Role.SECURITY_ADMIN)
    reach = [one.region for one in held.select_related("region")]
    if not any(own is None or (region is not None and region.path.startswith(own.path)) for own in reach):
        raise GrantRefused(_("Only a security administrator of that place gives this role."))


def _refuse_mixture(user: User, role: str) -> None:
    """An administrator or auditor is nothing else besides."""
    held = set(Grant.objects.filter(user=user, revoked_at=None).values_list("role", flat=True))
    others = held - {role}
    if others and (role in ADMINISTRATIVE or others & set(ADMINISTRATIVE)):
        raise GrantRefused(_("Administration, audit and business are kept apart: the account holds another role."))
