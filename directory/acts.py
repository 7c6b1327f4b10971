"""The trail's words for what happens to an account's keys: one place, so that the pages and the auditor agree."""

from records.models import Event

SIGNED_IN, REFUSED = Event.Action.SIGNED_IN, Event.Action.REFUSED
SIGNED_OUT = PASSWORD_CHANGED = Event.Action.UPDATED
KEY_MADE, KEY_REVOKED = Event.Action.CREATED, Event.Action.VOIDED
FACTOR_SET_UP, FACTOR_REMOVED, RECOVERY_USED = Event.Action.CREATED, Event.Action.VOIDED, Event.Action.UPDATED
UNLOCKED = Event.Action.UPDATED
CONTACT_SHOWN = HANDED_OVER = Event.Action.UPDATED
