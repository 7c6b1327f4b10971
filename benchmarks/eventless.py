"""What the trail costs a bulk import: the same file applied with its events and without them (run by `Engine.measure`).

Each is rolled back, so that all begin with the same catalogue. Without means that the verb's own call writes nothing.
"""

import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from .engines import hand_over, start_django

start_django()

from django.db import transaction  # noqa: E402

import catalog.editions as editions  # noqa: E402
import records.importing as importing  # noqa: E402
from records.models import Event  # noqa: E402
from records.source_facts import import_facts  # noqa: E402
from records.trail import SYSTEM  # noqa: E402

from . import generate  # noqa: E402
from .timing import best  # noqa: E402

TURNS = 3
FIRST = 300_000  # what the other measurements load ends here


def measure(rows: int) -> dict[str, Any]:
    """Seconds of preview and apply, with events and without; the two take turns."""
    taken: dict[str, list[float]] = {"with": [], "without": []}
    events = 0
    with TemporaryDirectory() as folder:
        path = generate.write_csv(Path(folder) / "measured.csv", FIRST, FIRST + rows)
        for _turn in range(TURNS):
            for name in taken:
                seconds, written = _import(path, events=name == "with")
                taken[name].append(seconds)
                events = max(events, written)
    return {"rows": rows, "events": events} | {name: best(values) for name, values in taken.items()}


def _import(path: Path, *, events: bool) -> tuple[float, int]:
    kept = [(module, module.record_many) for module in (editions, importing) if hasattr(module, "record_many")]
    if not events:
        for module, _write in kept:
            module.record_many = lambda entries, **about: sum(1 for _entry in entries)  # type: ignore[attr-defined]
    before = Event.objects.count()
    try:
        with transaction.atomic():
            start = time.perf_counter()
            batch = importing.preview_file(path, kind="standards", facts=import_facts(path, name="measured"), by=SYSTEM)
            importing.apply_batch(batch, by=SYSTEM)
            seconds, written = time.perf_counter() - start, Event.objects.count() - before
            transaction.set_rollback(True)
    finally:
        for module, write in kept:
            module.record_many = write  # type: ignore[attr-defined]
    return seconds, written


if __name__ == "__main__":
    hand_over(measure(int(sys.argv[1])))
