"""An enterprise registers itself against its credit code; its division confirms or refuses it.

Whoever registers learns nothing of who is registered already: a known credit code waits like any other and its division
is told; an account name that is taken is answered like a free one.
"""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_variables

from records.models import Event
from records.trail import Actor, Changes, record

from .access import paths_of
from .acts import CONTACT_SHOWN, REFUSED
from .grants import GrantRefused, enrol_enterprise
from .masking import mask_email, mask_phone
from .models import Grant, Organization, Region, Registration, Role, User
from .naming import OrganizationRefused, locked, raise_version, settle_names


class RegistrationRefused(Exception):
    """A registration was not taken or not decided; the text says why."""


class AlreadyDecided(RegistrationRefused):
    """Somebody decided it first; the text says who and when."""


@dataclass(frozen=True, slots=True)
class Facts:
    """What an enterprise says of itself."""

    credit_code: str
    name: str
    region: Region
    contact: str
    phone: str
    email: str


@sensitive_variables("password")
@transaction.atomic
def register_enterprise(*, username: str, password: str, facts: Facts, by: Actor) -> Registration | None:
    """Open an account without a role, and leave its registration with the division. None where the name is taken:
    the same work was done for it, and nobody may be told.
    """
    user = User(username=username, email=facts.email, full_name=facts.contact)
    user.set_password(password)
    known = User.objects.filter(username__iexact=username).first()
    if known is None:
        try:
            with transaction.atomic():
                user.save()
        except IntegrityError:  # taken in this moment
            known = User.objects.get(username=username)
    if known is not None:
        record(known, REFUSED, {"registration": [None, by.address]}, by=by)
        return None
    record(user, Event.Action.CREATED, {"username": [None, username]}, by=by)
    return _send(user, facts, by)


@transaction.atomic
def send_registration(user: User, *, facts: Facts, by: Actor) -> Registration:
    """Register with an account that is there: the corrected form after a refusal. Raises `RegistrationRefused`."""
    User.objects.select_for_update().get(pk=user.pk)
    if Registration.objects.waiting().filter(user=user).exists():
        raise RegistrationRefused(_("Your registration waits for its division already."))
    if Grant.objects.filter(user=user, revoked_at=None).exists():
        raise RegistrationRefused(_("This account holds a role already."))
    return _send(user, facts, by)


def _send(user: User, facts: Facts, by: Actor) -> Registration:
    said = {name: getattr(facts, name) for name in ("credit_code", "name", "region", "contact", "phone", "email")}
    registration = Registration.objects.create(user=user, **said)
    told = {
        **said,
        "region": str(facts.region),
        "phone": mask_phone(facts.phone),
        "email": mask_email(facts.email),
    }
    record(registration, Event.Action.REGISTERED, {name: [None, value] for name, value in told.items()}, by=by)
    return registration


@transaction.atomic
def confirm_registration(
    registration: Registration, *, by: Actor, starts_on: date | None = None, ends_on: date | None = None
) -> Registration:
    """Let the account act for the organization of its credit code, which is made where it is not known.

    Raises `AlreadyDecided`, `RegistrationRefused`, or `django.core.exceptions.ValidationError` about the days.
    """
    locked = _to_decide(registration, by)
    organization = _organization_of(locked, by)
    try:
        enrol_enterprise(locked.user, organization, by=by, starts_on=starts_on, ends_on=ends_on)
    except GrantRefused as refusal:
        raise RegistrationRefused(str(refusal)) from refusal
    return _decide(locked, Registration.State.CONFIRMED, by, organization=organization)


@transaction.atomic
def refuse_registration(registration: Registration, *, by: Actor, reason: str) -> Registration:
    """Refuse with a reason, which the applicant reads. Raises `AlreadyDecided` or `RegistrationRefused`."""
    if not reason.strip():
        raise RegistrationRefused(_("Say why the registration is refused; the applicant reads it."))
    return _decide(_to_decide(registration, by), Registration.State.REFUSED, by, reason=reason.strip()[:500])


@transaction.atomic
def take_on_registration(registration: Registration, *, by: Actor) -> Registration:
    """Take a registration into one's hands; others of the division still may decide it."""
    locked = _to_decide(registration, by)
    before = locked.handler
    if before != by.user:
        locked.handler = by.user
        locked.save(update_fields=["handler"])
        record(locked, Event.Action.UPDATED, {"handler": [before and before.username, by.name]}, by=by)
    return locked


@transaction.atomic
def show_contact(registration: Registration, *, by: Actor) -> dict[str, str]:
    """Phone and e-mail in full; that they were looked at stands in the trail."""
    if not _reaches(registration, by):
        raise RegistrationRefused(_("Only staff of the division, or of one above it, decide this."))
    record(registration, CONTACT_SHOWN, {"contact_shown": [None, by.name]}, by=by)
    return {"phone": registration.phone, "email": registration.email}


def known_of(registration: Registration) -> dict[str, Any]:
    """What its division should know before it decides: the organization of the code or the name, its accounts, rivals."""
    organization = _bearer_of(registration.credit_code)
    namesakes = Organization.objects.standing().filter(name=registration.name)
    namesake = namesakes.exclude(pk=organization.pk if organization else None).first()
    accounts = Grant.objects.holding().filter(role=Role.ENTERPRISE, organization=organization).select_related("user")
    rivals = Registration.objects.waiting().filter(credit_code=registration.credit_code).exclude(pk=registration.pk)
    return {
        "organization": organization,
        "namesake": namesake,
        "accounts": [grant.user for grant in accounts] if organization else [],
        "rivals": rivals.count(),
    }


def _reaches(registration: Registration, by: Actor) -> bool:
    return by.user is None or Registration.objects.editable_by(by.user).filter(pk=registration.pk).exists()


def _to_decide(registration: Registration, by: Actor) -> Registration:
    """The registration, locked, where it waits and the actor may decide it: of two at once the second sees the first."""
    locked = Registration.objects.select_for_update(of=("self",)).get(pk=registration.pk)
    if not _reaches(locked, by):
        raise RegistrationRefused(_("Only staff of the division, or of one above it, decide this."))
    if locked.state != Registration.State.WAITING:
        who = locked.decided_by.get_username() if locked.decided_by else "—"
        at = timezone.localtime(locked.decided_at).strftime("%Y-%m-%d %H:%M")
        text = _("%(who)s decided this registration at %(at)s: %(state)s.")
        raise AlreadyDecided(text % {"who": who, "at": at, "state": locked.get_state_display()})
    return locked


def _decide(registration: Registration, state: str, by: Actor, **facts: Any) -> Registration:
    registration.state, registration.decided_by, registration.decided_at = state, by.user, timezone.now()
    for name, value in facts.items():
        setattr(registration, name, value)
    registration.save(update_fields=["state", "decided_by", "decided_at", *facts])
    changes: Changes = {"state": ["waiting", str(state)], **{name: [None, str(value)] for name, value in facts.items()}}
    record(registration, Event.Action.SETTLED, changes, by=by, reason=facts.get("reason", ""))
    return registration


def _organization_of(registration: Registration, by: Actor) -> Organization:
    """The organization of the credit code: known, or known by its name without a code, or made now."""
    if known := _bearer_of(registration.credit_code):
        _refuse_elsewhere(known, by)
        return known
    if namesake := _namesake_of(registration):
        _refuse_elsewhere(namesake, by)
        return _give_code(namesake, registration, by)
    code, name = registration.credit_code, registration.name
    facts = {"name": name, "kind": Organization.Kind.ENTERPRISE, "region": registration.region}
    # Where another officer makes it in this moment, his stands.
    made, is_new = Organization.objects.get_or_create(
        credit_code=code, voided_at=None, defaults=facts | {"is_example": registration.is_example}
    )
    if is_new:
        settle_names([made])
        said = {"name": name, "credit_code": code, "region": str(registration.region)}
        record(made, Event.Action.CREATED, {field: [None, value] for field, value in said.items()}, by=by)
    return made


def _bearer_of(code: str) -> Organization | None:
    """The body that stands for a credit code: the one that bears it, or the one into which that was merged."""
    bearers = Organization.objects.filter(credit_code=code, voided_at=None)
    found = bearers.select_related("region", "merged_into__region").first()
    while found is not None and found.merged_into is not None:
        found = found.merged_into
    return found


def _namesake_of(registration: Registration) -> Organization | None:
    """The only body of its name that has no code yet. Raises `RegistrationRefused` where the name does not tell whom it means."""
    named = Organization.objects.standing().filter(name=registration.name).select_related("region")
    if named.filter(kind=Organization.Kind.DEPARTMENT).exists():
        raise RegistrationRefused(_("Another organization is called %(name)s.") % {"name": registration.name})
    uncoded = list(named.filter(credit_code="")[:2])
    if len(uncoded) > 1:
        text = _(
            "Several organizations are called %(name)s; merge them, or give the one that is meant its credit code."
        )
        raise RegistrationRefused(text % {"name": registration.name})
    return uncoded[0] if uncoded else None


def _give_code(namesake: Organization, registration: Registration, by: Actor) -> Organization:
    try:
        found = locked(namesake.pk, namesake.version)
    except OrganizationRefused as refusal:
        raise RegistrationRefused(str(refusal)) from refusal
    said: Changes = {"credit_code": ["", registration.credit_code]}
    if found.region is None:
        said["region"] = [None, str(registration.region)]
    found.credit_code, found.region = registration.credit_code, found.region or registration.region
    raise_version(found, "credit_code", "region")
    record(found, Event.Action.UPDATED, said, by=by)
    return found


def _refuse_elsewhere(organization: Organization, by: Actor) -> None:
    """Whoever lets an account act for a known organization must reach that one too."""
    if by.user is None or organization.region is None:
        return
    if not organization.region.path.startswith(tuple(paths_of(by.user, Role.STAFF))):
        text = _("The enterprise of this code belongs to %(region)s; that division, or one above both, confirms it.")
        raise RegistrationRefused(text % {"region": organization.region})
