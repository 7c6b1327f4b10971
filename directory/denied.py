"""Access that was denied to somebody who is signed in, in the trail (ASVS 5, 16.3.2); a crawler does not flood it."""

import logging
from datetime import timedelta
from typing import Any

from django.db import DatabaseError, transaction
from django.utils import timezone

from records.models import Event
from records.trail import actor_of, record

from .acts import REFUSED

AN_HOUR = timedelta(hours=1)
MOST = 20  # of an account in an hour; the last says that more are not written

logger = logging.getLogger(__name__)


def note_denied(request: Any, channel: str = Event.Channel.WEB) -> None:
    """Leave an event of an answer 403. Visitors without an account leave none: they are asked to sign in.

    What cannot be written is logged, and the answer stays what it is.
    """
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return
    try:
        _note(request, user, channel)
    except DatabaseError:
        logger.exception("Denied access could not be written into the trail.")


@transaction.atomic
def _note(request: Any, user: Any, channel: str) -> None:
    recent = Event.objects.rarely(REFUSED).filter(actor=user, at__gte=timezone.now() - AN_HOUR)
    # Wrong codes count too: few, and whoever gives them is not the account's holder either.
    written = recent.count()
    if written >= MOST:
        return
    changes = {"denied": [None, f"{request.method} {request.path}"[:200]]}
    if written == MOST - 1:
        changes["further"] = [None, "not written for an hour"]
    record(user, REFUSED, changes, by=actor_of(request, channel))
