"""The trail's words for what happens to an account's keys: one place, so that the pages and the auditor agree."""

from records.models import Event

SIGNED_IN = SIGNED_OUT = REFUSED = PASSWORD_CHANGED = Event.Action.UPDATED
KEY_MADE, KEY_REVOKED = Event.Action.CREATED, Event.Action.VOIDED
