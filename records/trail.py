"""Writing the trail (痕迹化): one event per changed object, in the transaction of the change."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import connection, models
from django.utils import timezone

from .bulk import insert
from .models import Event, ImportBatch

Changes = dict[str, list[Any]]


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts and from where. `user` is None for the system itself and for the public."""

    user: Any = None
    channel: str = Event.Channel.SYSTEM
    address: str = ""

    @property
    def name(self) -> str:
        return self.user.get_username() if self.user else ""


SYSTEM = Actor()


def actor_of(request: Any, channel: str = Event.Channel.WEB) -> Actor:
    """The actor behind an HTTP request; the address is the peer's, never a header's word."""
    user = request.user if request.user.is_authenticated else None
    return Actor(user=user, channel=channel, address=request.META.get("REMOTE_ADDR", ""))


def plain(value: Any) -> Any:
    """A field's value as JSON writes it: days and instants in ISO form, related objects by their key."""
    if isinstance(value, date | datetime):
        return value.isoformat()
    if isinstance(value, models.Model):
        return value.pk
    if isinstance(value, Decimal):
        return str(value)
    return value


def differences(before: dict[str, Any], after: dict[str, Any]) -> Changes:
    """The fields whose value differs, as `{field: [before, after]}`; what is absent counts as None."""
    return {
        name: [plain(before.get(name)), plain(after.get(name))]
        for name in {**before, **after}
        if plain(before.get(name)) != plain(after.get(name))
    }


@dataclass(slots=True)
class Change:
    """One object's change on its way into the trail. `object_id` may be set after the object is saved."""

    action: str
    object_type: str
    object_id: int
    label: str
    changes: Changes


def record_many(entries: Iterable[Change], *, by: Actor, reason: str = "", batch: ImportBatch | None = None) -> int:
    """Append one event per change; returns how many. Must run inside the change's own transaction.

    An update without changes is none.
    """
    if not connection.in_atomic_block:
        raise RuntimeError("The trail is written in the transaction of the change.")
    now = timezone.now()
    events = [
        Event(
            at=now,
            actor=by.user,
            actor_name=by.name,
            channel=by.channel,
            address=by.address,
            action=entry.action,
            object_type=entry.object_type,
            object_id=entry.object_id,
            object_label=entry.label[:200],
            changes=entry.changes,
            reason=reason,
            batch=batch,
        )
        for entry in entries
        if entry.changes or entry.action != Event.Action.UPDATED
    ]
    insert(events)
    return len(events)


def record(
    target: models.Model,
    action: str,
    changes: Changes,
    *,
    by: Actor,
    reason: str = "",
    batch: ImportBatch | None = None,
) -> None:
    """Append the event of one object; an update without changes is none."""
    entry = Change(action, target._meta.label_lower, target.pk, str(target), changes)
    record_many([entry], by=by, reason=reason, batch=batch)
