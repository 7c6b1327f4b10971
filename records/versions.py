"""Optimistic locking: a record says which version it is, and a save says which version it changes.

A form carries what it was opened with, signed together with the record's identity, so that it can be neither left out
nor made up. `take_version` moves the record on; of two who changed one version the second gets `Stale`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.core import signing

from .models import Event

FIELD = "opened"
SALT = "records.versions"
Values = Mapping[str, list[str]]


class Stale(Exception):
    """Somebody changed the record after it was read."""


@dataclass(frozen=True, slots=True)
class Opened:
    """What a form was opened with: the version, the last event of the trail, the values as a browser sends them."""

    version: int
    event: int
    values: Values


def take_version(target: Any, version: int) -> None:
    """Move a record from one version to the next, in the transaction of the change. Raises `Stale`."""
    rows = type(target)._base_manager.filter(pk=target.pk, version=version)
    if not rows.update(version=version + 1):
        raise Stale(str(target))
    target.version = version + 1


def opened_with(target: Any, values: Values) -> str:
    """What goes into the form's hidden field."""
    last = Event.objects.about(target).values_list("pk", flat=True).first() or 0
    content = {**_identity(target), "version": target.version, "event": last, "values": dict(values)}
    return signing.dumps(content, salt=SALT, compress=True)


def read_opened(text: str, target: Any) -> Opened | None:
    """What a form of this record was opened with; None where it is missing, forged, or another record's."""
    try:
        content = signing.loads(text, salt=SALT)
    except signing.BadSignature:
        return None
    if {name: content.get(name) for name in ("of", "pk")} != _identity(target):
        return None
    return Opened(content["version"], content["event"], content["values"])


def _identity(target: Any) -> dict[str, Any]:
    return {"of": target._meta.label_lower, "pk": target.pk}
