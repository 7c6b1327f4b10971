"""Writing the trail (痕迹化): one event per changed object, in the transaction of the change."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import connection, models
from django.utils import timezone

from .addresses import client_address
from .bulk import insert_values
from .models import Event, ImportBatch

Changes = dict[str, list[Any]]


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts, in which role, for which division, and from where. `user` is None for the system and the public.

    `division` is the separator path of that moment (`/320000/320600/`).
    """

    user: Any = None
    channel: str = Event.Channel.SYSTEM
    address: str = ""
    role: str = ""
    division: str = ""
    request_id: str = ""

    @property
    def name(self) -> str:
        return self.user.get_username() if self.user else ""


SYSTEM = Actor()


def actor_of(request: Any, channel: str = Event.Channel.WEB) -> Actor:
    """The actor behind an HTTP request; the address is the peer's, or what a proxy of our own says of its peer.

    The role and division come from the account's `acting`, where it has one: an object with `role` and `division`.
    """
    acting = getattr(request.user, "acting", None)
    return Actor(
        user=request.user if request.user.is_authenticated else None,
        channel=channel,
        address=client_address(request),
        role=acting.role if acting else "",
        division=acting.division if acting else "",
        request_id=getattr(request, "request_id", ""),
    )


# Most values; asked first, because a large import asks for tens of values a row.
JSON_TYPES = frozenset({str, int, bool, float, list, dict, type(None)})


def plain(value: Any) -> Any:
    """A field's value as JSON writes it: days and instants in ISO form, related objects by their key."""
    if type(value) in JSON_TYPES:
        return value
    if isinstance(value, date | datetime):
        return value.isoformat()
    if isinstance(value, models.Model):
        return value.pk
    if isinstance(value, Decimal):
        return str(value)
    return value


def differences(before: dict[str, Any], after: dict[str, Any]) -> Changes:
    """The fields whose value differs, as `{field: [before, after]}`; what is absent counts as None."""
    pairs = ((name, plain(before.get(name)), plain(after.get(name))) for name in {**before, **after})
    return {name: [old, new] for name, old, new in pairs if old != new}


@dataclass(slots=True)
class Change:
    """One object's change on its way into the trail. `object_id` may be set after the object is saved."""

    action: str
    object_type: str
    object_id: int
    label: str
    changes: Changes


def record_many(
    entries: Iterable[Change], *, by: Actor, reason: str = "", document: str = "", batch: ImportBatch | None = None
) -> int:
    """Append one event per change; returns how many. Must run inside the change's own transaction.

    An update without changes is none. `document` is what the change was made under (a decision, a notice).
    """
    if not connection.in_atomic_block:
        raise RuntimeError("The trail is written in the transaction of the change.")
    act = {
        "at": timezone.now(),
        "actor_id": by.user.pk if by.user else None,
        "actor_name": by.name,
        "channel": str(by.channel),
        "address": by.address,
        "role": by.role,
        "division": by.division,
        "request_id": by.request_id,
        "reason": reason,
        "document": document,
        "batch_id": batch.pk if batch else None,
    }
    events = [
        (str(one.action), one.object_type, one.object_id, one.label[:200], one.changes, *act.values())
        for one in entries
        if one.changes or one.action != Event.Action.UPDATED
    ]
    insert_values(Event, ("action", "object_type", "object_id", "object_label", "changes", *act), events)
    return len(events)


def record(
    target: models.Model,
    action: str,
    changes: Changes,
    *,
    by: Actor,
    reason: str = "",
    document: str = "",
    batch: ImportBatch | None = None,
) -> None:
    """Append the event of one object; an update without changes is none."""
    entry = Change(action, target._meta.label_lower, target.pk, str(target), changes)
    record_many([entry], by=by, reason=reason, document=document, batch=batch)
