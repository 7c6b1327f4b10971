"""API tokens of an account: made for a program, valid for some days, shown once, revoked."""

from datetime import timedelta

from django.db import transaction

from records.trail import Actor, Change, record_many

from .acts import KEY_MADE, KEY_REVOKED
from .models import ApiToken, User

LONGEST_DAYS = 90


@transaction.atomic
def make_token(user: User, *, name: str, days: int, by: Actor) -> str:
    """Make a token; what is returned is stored nowhere. Raises ValueError where it would be valid for too long."""
    if not 1 <= days <= LONGEST_DAYS:
        raise ValueError(f"A token is valid for 1 to {LONGEST_DAYS} days.")
    made, key = ApiToken.objects.create(user, expiry=timedelta(days=days), name=name)
    _record(made, KEY_MADE, {"name": ["", name], "days": [None, days]}, by)
    return key


@transaction.atomic
def revoke_token(token: ApiToken, *, by: Actor) -> None:
    _record(token, KEY_REVOKED, {"name": [token.name, ""]}, by)
    token.delete()


def _record(token: ApiToken, action: str, changes: dict, by: Actor) -> None:
    # Its own key is its hash; the trail numbers objects, so a token stands under its account.
    record_many([Change(action, ApiToken._meta.label_lower, token.user_id, str(token), changes)], by=by)
