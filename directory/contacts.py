"""Whom to call at an organization: for those who keep it, and for itself; masked for those who only look on."""

from typing import Any, NamedTuple

from django.db import transaction

from records.models import Event
from records.trail import Actor, differences, record

from .access import grants_of
from .masking import mask_phone
from .models import Organization, Role
from .models.organizations import CONTACT
from .naming import locked, raise_version


class Contact(NamedTuple):
    """A person and a telephone number; either may be blank."""

    person: str
    phone: str


def contact_of(organization: Organization, user: Any, *, is_keeper: bool) -> Contact | None:
    """What an account sees of a contact (row 28 of the matrix); None where it sees nothing, or there is nothing."""
    contact = Contact(organization.contact_person, organization.contact_phone)
    if not any(contact):
        return None
    own = {
        grant.role
        for grant in grants_of(user, Role.ENTERPRISE, Role.SECRETARIAT)
        if grant.organization_id == organization.pk
    }
    if is_keeper or Role.ENTERPRISE in own:
        return contact
    if Role.SECRETARIAT in own or grants_of(user, Role.AUDITOR):
        return Contact(contact.person[:1] + "*" * len(contact.person[1:]), mask_phone(contact.phone))
    return None


@transaction.atomic
def keep_contact(organization: Organization, contact: Contact, *, by: Actor) -> Organization:
    """Put on record whom to call. Raises `directory.naming.OrganizationRefused`, where it was changed since it was read too."""
    found = locked(organization.pk, organization.version)
    before = {name: getattr(found, name) for name in CONTACT}
    found.contact_person, found.contact_phone = contact
    changes = differences(before, {name: getattr(found, name) for name in CONTACT})
    if changes:
        raise_version(found, *CONTACT)
        # Personal data do not go into a trail that is kept for ever: that they changed does.
        record(found, Event.Action.UPDATED, {name: ["…", "…"] for name in changes}, by=by)
    return found
