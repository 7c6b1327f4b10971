"""Sealing the trail: what stood in it at a moment, chained, and keyed from outside the database.

A writer never waits for a seal. Events are read as they are, without a lock; what is not committed yet is a gap, carried
on from seal to seal for a day, and sealed as late once it is there. Only the seal's own row is written, last.
"""

import hashlib
import hmac
from datetime import UTC, datetime, timedelta
from typing import Any

import orjson
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import connection, transaction
from django.utils import timezone

from . import second_place
from .event_digests import Entry, event_digests, pack
from .id_ranges import holes, runs
from .models import Seal

LIMIT = 50_000  # events of one seal
GAP_LIFE = timedelta(days=1)  # no transaction of ours takes longer
HEADER = ("number", "at", "algorithm", "first_id", "last_id", "count", "late", "gaps", "digest", "previous")


class TrailBroken(Exception):
    """The second place holds a seal that the database does not; sealing on would hide it."""


def seal_trail() -> list[Seal]:
    """Seal what is not sealed yet; returns the seals that were made.

    Of several that try at once, one does it. A crash between the database and the second place leaves a seal that the
    next call writes there. Not to be called inside a transaction: the second place would know of a seal that may yet be
    rolled back. Raises `TrailBroken`, `OSError` where the second place cannot be written.
    """
    _complete_second_place()
    made = []
    while seal := _seal_some():
        made.append(seal)
        second_place.append([as_line(seal)])
        if seal.count < LIMIT:
            break
    return made


def _complete_second_place() -> None:
    """Write the seals there that it lacks at its end."""
    # It is asked first: a seal that another process makes meanwhile is in the database before it is there.
    last = second_place.last_line(is_authentic)
    held = last["number"] if last else 0
    newest = _latest().number
    if held > newest:
        raise TrailBroken(f"The second place holds seal {held}, the database ends with seal {newest}.")
    missing = Seal.objects.filter(number__gt=held).defer("digests").order_by("number")
    while part := list(missing[:1000]):
        second_place.append([as_line(seal) for seal in part])
        missing = missing.filter(number__gt=part[-1].number)


def _latest() -> Seal:
    """The seal to chain to; before the first, one that covers nothing."""
    return Seal.objects.defer("digests").order_by("-number").first() or Seal(number=0, last_id=0)


def _seal_some() -> Seal | None:
    """Make the next seal, of at most `LIMIT` events; None where there is nothing to seal or another is at it."""
    latest, now = _latest(), timezone.now()
    late, gaps = _come_late(latest, now)
    first = latest.last_id + 1
    fresh = list(event_digests(first, None, settings.TRAIL_ALGORITHM, LIMIT - len(late)))
    if not late and not fresh:
        return None
    last = fresh[-1][0] if fresh else latest.last_id
    gaps += [(*gap, _moment(now)) for gap in holes(first, last, (pk for pk, _digest in fresh))]
    digests = pack([*late, *fresh])
    seal = Seal(
        number=latest.number + 1,
        at=now,
        algorithm=settings.TRAIL_ALGORITHM,
        first_id=first,
        last_id=last,
        count=len(late) + len(fresh),
        late=runs(pk for pk, _digest in late),
        gaps=gaps,
        digests=digests,
        digest=hashlib.new(settings.TRAIL_ALGORITHM, digests).hexdigest(),
        previous=latest.mac,
    )
    seal.mac = mac_of(header_of(seal))
    return _store(seal)


def _come_late(latest: Seal, now: datetime) -> tuple[list[Entry], list[tuple[int, int, str]]]:
    """Events that were gaps up to now, and the gaps that are still to be looked at the next time."""
    late: list[Entry] = []
    gaps: list[tuple[int, int, str]] = []
    for low, high, since in latest.gaps:
        room = LIMIT - len(late)
        found = list(event_digests(low, high, settings.TRAIL_ALGORITHM, room))
        late += found
        is_young = now - datetime.fromisoformat(since) < GAP_LIFE
        if is_young or len(found) == room:
            gaps += [(*gap, since) for gap in holes(low, high, (pk for pk, _digest in found))]
    return late, gaps


@transaction.atomic
def _store(seal: Seal) -> Seal | None:
    """Write the seal, unless another one has taken its place meanwhile."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_try_advisory_xact_lock(hashtext('records.seals'))")
            if not cursor.fetchone()[0]:
                return None
    if _latest().number != seal.number - 1:
        return None
    seal.save()
    return seal


# --- what a seal says ---------------------------------------------------------------------------------------


def header_of(seal: Seal) -> dict[str, Any]:
    """Everything of a seal that its code is over; the digests are in by their digest."""
    header = {name: getattr(seal, name) for name in HEADER}
    return header | {"at": _moment(seal.at)}


def as_line(seal: Seal) -> dict[str, Any]:
    """A seal as the second place keeps it."""
    return header_of(seal) | {"mac": seal.mac}


def mac_of(header: dict[str, Any]) -> str:
    """The message authentication code of a header, under the key that the database does not know."""
    if not settings.TRAIL_KEY:
        raise ImproperlyConfigured("TRAIL_KEY is not set: the trail cannot be sealed or verified.")
    text = orjson.dumps(header, option=orjson.OPT_SORT_KEYS)
    return hmac.new(settings.TRAIL_KEY.encode(), text, str(header["algorithm"])).hexdigest()


def is_authentic(line: dict[str, Any]) -> bool:
    """Whether a line or a seal's fields bear the code that the key gives them."""
    if line.keys() != {*HEADER, "mac"}:
        return False
    header = {name: line[name] for name in HEADER}
    try:
        return hmac.compare_digest(mac_of(header), str(line["mac"]))
    except (ValueError, TypeError):  # an algorithm that does not exist, text that is none
        return False


def _moment(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="microseconds")
