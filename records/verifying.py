"""Proving the trail against its seals: the first event or seal that is not what was sealed.

Everything is read in order, page by page; memory does not grow with the trail. Writers and sealers may go on meanwhile.
"""

import hashlib
import struct
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

from django.db import transaction

from . import second_place
from .event_digests import SIZE, event_digests
from .id_ranges import Range, covers, outside, without
from .models import Event, Seal
from .seals import as_line, header_of, is_authentic, mac_of
from .trail import Actor, Change, record_many

ENTRY = struct.Struct(f">q{SIZE}s")
PAGE = 20  # seals read at once, each of up to a megabyte
LINES = 500  # lines of the second place compared at once


@dataclass(frozen=True, slots=True)
class Fault:
    """The first thing that is wrong: an `event` or a `seal`, its number, and what happened to it."""

    what: str
    number: int
    happened: str  # edited, removed, inserted, reordered, missing, swapped
    more: str = ""

    def __str__(self) -> str:
        return f"{self.what} {self.number} was {self.happened}" + (f" ({self.more})" if self.more else "")


class Tampered(Exception):
    def __init__(self, *fault: Any) -> None:
        self.fault = Fault(*fault)
        super().__init__(str(self.fault))


@dataclass(slots=True)
class Verified:
    """What was looked at. `pending` are events that came late and that no seal has yet."""

    seals: int = 0
    events: int = 0
    unsealed: int = 0
    lagging: int = 0  # seals that the second place does not have yet
    torn: int = 0  # its lines that a crash left unfinished
    pending: list[Range] = field(default_factory=list)


def verify_trail() -> Verified:
    """Hold every event against the seals and every seal against the one before and the second place. Raises `Tampered`."""
    done = Verified()
    previous = Seal(number=0, last_id=0)
    for seal in _seals():
        _check_chain(seal, previous)
        _check_late(seal, done)
        _check_range(seal, previous, done)
        done.seals, done.events, previous = done.seals + 1, done.events + seal.count, seal
    _check_second_place(done)
    late = sum(high - low + 1 for low, high in done.pending)
    done.unsealed = late + Event.objects.filter(pk__gt=previous.last_id).count()
    return done


@transaction.atomic
def note_verified(done: Verified | None = None, *, fault: str = "") -> None:
    """Leave the event of a verification and what it found; the seal it tells of is the last one it saw."""
    changes = (
        {"fault": [None, fault]} if done is None else {"events": [None, done.events], "unsealed": [None, done.unsealed]}
    )
    number = done.seals if done else 0
    entry = Change(Event.Action.VERIFIED, Seal._meta.label_lower, number, f"#{number}", changes)
    record_many([entry], by=Actor(channel=Event.Channel.COMMAND))


def _seals() -> Iterator[Seal]:
    last, size = 0, PAGE
    while True:
        following = Seal.objects.filter(number__gt=last).order_by("number")
        try:
            page = list(following[:size])
        except (ValueError, TypeError):  # a column that cannot be read
            if size == 1:
                raise Tampered("seal", following.values_list("number", flat=True)[0], "edited") from None
            size = 1
            continue
        if not page:
            return
        yield from page
        last = page[-1].number


# --- seals ----------------------------------------------------------------------------------------------------


def _check_chain(seal: Seal, previous: Seal) -> None:
    if seal.number != previous.number + 1:
        raise Tampered("seal", previous.number + 1, "missing")
    if not _bears_its_code(seal):
        raise Tampered("seal", seal.number, *_how_changed(seal))
    digests = bytes(seal.digests)
    if hashlib.new(seal.algorithm, digests).hexdigest() != seal.digest:
        raise Tampered("seal", seal.number, "edited", "its digests")
    if seal.previous != previous.mac:
        raise Tampered("seal", seal.number, "edited", f"it does not follow seal {previous.number}")


def _bears_its_code(seal: Seal) -> bool:
    try:
        return is_authentic(as_line(seal))
    except (AttributeError, TypeError):  # a moment that is none
        return False


def _how_changed(seal: Seal) -> tuple[str, ...]:
    """Whether this is another seal under a wrong number, or none of ours."""
    for number in Seal.objects.order_by("number").values_list("number", flat=True).iterator():
        try:
            if mac_of(header_of(seal) | {"number": number}) == seal.mac:
                return ("swapped", f"it is seal {number}")
        except (AttributeError, TypeError, ValueError):
            break
    return ("edited",)


def _check_second_place(done: Verified) -> None:
    """Seals that only the second place has were deleted; where both have one, it is the same."""
    held, highest = set(), 0
    numbered: list[second_place.Line] = []
    for at, line in second_place.lines():
        if line is None:
            done.torn += 1
        elif not is_authentic(line):
            raise Tampered("line", at, "edited", "in the second place")
        else:
            numbered.append(line)
            highest = max(highest, line["number"])
        if len(numbered) == LINES:
            held |= _compare_lines(numbered)
            numbered = []
    held |= _compare_lines(numbered)
    if gone := next((number for number in range(1, highest) if number not in held), None):
        raise Tampered("seal", gone, "removed", "from the second place")
    done.lagging = max(0, done.seals - highest)


def _compare_lines(lines: list[second_place.Line]) -> set[int]:
    numbers = {line["number"] for line in lines}
    stored = dict(Seal.objects.filter(number__in=numbers).values_list("number", "mac"))
    for line in sorted(lines, key=lambda one: one["number"]):
        if line["number"] not in stored:
            raise Tampered("seal", line["number"], "missing", "the second place has it")
        if stored[line["number"]] != line["mac"]:
            raise Tampered("seal", line["number"], "edited", "the second place has another")
    return numbers


# --- events ---------------------------------------------------------------------------------------------------


def _check_late(seal: Seal, done: Verified) -> None:
    """What came late is as it was sealed; what came later than a gap is kept open came otherwise."""
    expected = _entries(seal, late=True)
    for low, high in seal.late:
        _compare(islice(expected, high - low + 1), (low, high), seal, _refuse)
    if done.pending:
        done.pending = without(done.pending, [pk for pk, _digest in _entries(seal, late=True)])
        for pk in outside(done.pending, _gaps(seal)):
            raise Tampered("event", pk, "inserted")


def _check_range(seal: Seal, previous: Seal, done: Verified) -> None:
    """The events of the seal's own range: those it saw, unchanged, and none but in its gaps."""
    gaps = _gaps(seal)

    def extra(pk: int) -> None:
        if not covers(gaps, pk):
            raise Tampered("event", pk, "inserted")
        if done.pending and done.pending[-1][1] == pk - 1:
            done.pending[-1] = (done.pending[-1][0], pk)
        else:
            done.pending.append((pk, pk))

    low = seal.first_id if previous.number else None
    _compare(_entries(seal, late=False), (low, seal.last_id), seal, extra)


def _gaps(seal: Seal) -> list[Range]:
    return [(low, high) for low, high, _since in seal.gaps]


def _entries(seal: Seal, *, late: bool) -> Iterator[tuple[int, bytes]]:
    count = sum(high - low + 1 for low, high in seal.late) * ENTRY.size
    digests = bytes(seal.digests)
    return ENTRY.iter_unpack(digests[:count] if late else digests[count:])


def _refuse(pk: int) -> None:
    raise Tampered("event", pk, "inserted")


def _compare(
    expected: Iterable[tuple[int, bytes]], ids: tuple[int | None, int], seal: Seal, extra: Callable[[int], None]
) -> None:
    """Walk what was sealed and what is there side by side; `extra` judges an event that was not sealed here."""
    wanted = iter(expected)
    want = next(wanted, None)
    for found in event_digests(*ids, seal.algorithm):
        if found == want:
            want = next(wanted, None)
        elif want is None or found[0] < want[0]:
            extra(found[0])
        elif found[0] > want[0]:
            raise Tampered("event", want[0], "removed")
        else:
            raise Tampered("event", found[0], *_how_moved(*found))
    if want is not None:
        raise Tampered("event", want[0], "removed")


def _how_moved(pk: int, digest: bytes) -> tuple[str, ...]:
    """Whether what stands at an id was sealed at another, or is nothing that was sealed."""
    for seal in _seals():
        digests = bytes(seal.digests)
        for other, sealed in ENTRY.iter_unpack(digests[: len(digests) // ENTRY.size * ENTRY.size]):
            if sealed == digest and other != pk:
                return ("reordered", f"it is event {other}")
    return ("edited",)
