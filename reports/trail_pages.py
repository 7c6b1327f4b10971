"""A way through the trail that costs the same on page 1 and on page 20,000: each part begins where the last one ended."""

import binascii
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _

from records.models import Event, EventQuerySet

PAGE = 50
LARGEST_PAGE = 500
COUNTED = 10_000  # more are not counted: counting a million takes longer than finding fifty
CHUNK = 2000

Place = tuple[datetime, int]


class BadCursor(ValueError):
    """A cursor that was not given out here."""


@dataclass(frozen=True, slots=True)
class Part:
    """Some events, newest first; `older` is the cursor of those that follow."""

    events: list[Event]
    older: str = ""


def part_of(found: EventQuerySet, cursor: str = "", size: int = PAGE) -> Part:
    """The events after a cursor. Raises `BadCursor`."""
    events = list(found.newest_first(read_cursor(cursor))[: size + 1])
    if len(events) <= size:
        return Part(events)
    return Part(events[:size], write_cursor(events[size - 1]))


def counted(found: EventQuerySet) -> tuple[int, bool]:
    """How many there are, and whether there are more than are counted."""
    number = found.order_by()[: COUNTED + 1].count()
    return min(number, COUNTED), number > COUNTED


def every(found: EventQuerySet) -> Iterator[Event]:
    """All events of a view, piece by piece, in constant memory."""
    place: Place | None = None
    while events := list(found.newest_first(place)[:CHUNK]):
        yield from events
        place = (events[-1].at, events[-1].pk)


def write_cursor(event: Event) -> str:
    return urlsafe_b64encode(f"{event.at.isoformat()} {event.pk}".encode()).decode().rstrip("=")


def read_cursor(text: str) -> Place | None:
    """The place that a cursor names; None for an empty one, which begins."""
    if not text:
        return None
    try:
        moment, number = urlsafe_b64decode(text + "=" * (-len(text) % 4)).decode().split(" ")
        at = parse_datetime(moment)
    except (ValueError, binascii.Error):
        at, number = None, ""
    if at is None or timezone.is_naive(at) or not (number.isascii() and number.isdigit() and len(number) < 19):
        raise BadCursor(_("This cursor was not given out here; begin with an empty one."))
    return at, int(number)
