"""The trail: sealing and proving it, and asking it, against hand-written SQL for the same rows (run by `Engine.measure`)."""

import random
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from .engines import hand_over, start_django

start_django()

from django.db import connection  # noqa: E402

from directory.models import Region, User  # noqa: E402
from records.bulk import insert, insert_values  # noqa: E402
from records.models import Event  # noqa: E402
from records.seals import seal_trail  # noqa: E402
from records.verifying import verify_trail  # noqa: E402

from .timing import best, database_clock, percentile  # noqa: E402

LAST = datetime(2026, 11, 1, tzinfo=UTC)
DAYS, ACTORS, CHUNK, TURNS, ASKED, PAGE = 365, 200, 20_000, 5, 40, 50
TYPES = ("catalog.standard", "catalog.qualityflag", "directory.organization", "pilots.project")
NAMES = (
    "at", "actor_id", "actor_name", "role", "division", "channel", "action", "object_type", "object_id", "object_label",
    "changes",
)  # fmt: skip
COLUMNS = ", ".join(str(field.column) for field in Event._meta.concrete_fields)


def fill(count: int) -> None:
    """Events of a year: every actor acts for one division, an object is changed some five times."""
    dice, have = random.Random(7), Event.objects.count()
    actors = list(User.objects.filter(username__startswith="bench-").order_by("pk"))
    if not actors:
        actors = [User(username=f"bench-{n}", date_joined=LAST) for n in range(ACTORS)]
        insert(actors)
    paths = list(Region.objects.order_by("pk").values_list("path", flat=True))
    step = timedelta(days=DAYS) / count
    for start in range(have, count, CHUNK):
        rows = [_event(dice, number, count, actors, paths, step) for number in range(start, min(start + CHUNK, count))]
        insert_values(Event, NAMES, rows)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE records_event" if connection.vendor == "postgresql" else "ANALYZE records_event")


def _event(dice: random.Random, number: int, count: int, actors: list, paths: list[str], step: timedelta) -> tuple:
    key = dice.randrange(max(1, count // 5))
    actor = dice.randrange(len(actors))
    action = dice.choices(["updated", "created", "voided", "signed_in"], [80, 12, 2, 6])[0]
    changes = {"title": [f"旧名称{number}", f"新名称{number}"], "implemented_on": ["2026-01-01", "2026-07-01"]}
    return (
        LAST - step * (count - number), actors[actor].pk, actors[actor].username, "county",
        paths[actor * len(paths) // len(actors) + key % 16], "web", action, TYPES[key % 4], key,
        f"GB/T {key}-{2000 + key % 26}", changes,
    )  # fmt: skip


def measure(count: int) -> dict[str, Any]:
    fill(count)
    sealing, made = _seconds(seal_trail)
    proving, done = _seconds(verify_trail)
    result: dict[str, Any] = {
        "events": count,
        "sealed_now": sum(seal.count for seal in made),
        "seal": sealing,
        "verify": proving,
        "rate": done.events / proving,
    }
    return result | {"queries": {name: _compare(cases) for name, cases in _questions(count).items()}}


def _seconds(call: Callable[[], Any]) -> tuple[float, Any]:
    start = time.perf_counter()
    answer = call()
    return time.perf_counter() - start, answer


Case = tuple[Any, str, list[Any]]  # the product's query, the same by hand, its values


def _questions(count: int) -> dict[str, list[Case]]:
    dice = random.Random(11)
    events = [Event.objects.get(pk=pk) for pk in dice.sample(list(_some_ids(count)), ASKED)]
    return {
        "an object's history": [_history(event) for event in events],
        "a division's events of a month": [_division(event) for event in events],
        "the auditor's search": [_search(event) for event in events],
    }


def _some_ids(count: int) -> list[int]:
    return list(Event.objects.order_by("pk").values_list("pk", flat=True)[:: max(1, count // 500)])


def _history(event: Event) -> Case:
    found = Event.objects.filter(object_type=event.object_type, object_id=event.object_id)
    return found, "object_type = %s AND object_id = %s", [event.object_type, event.object_id]


def _division(event: Event) -> Case:
    start = event.at - timedelta(days=15)
    found = Event.objects.in_division(event.division).between(start, start + timedelta(days=30))
    where, values = _beginning("division", event.division)
    return found, f"{where} AND at >= %s AND at < %s", [*values, *_days(start, 30)]


def _search(event: Event) -> Case:
    label, start = event.object_label[:7], event.at - timedelta(days=3)
    found = Event.objects.labelled(label).between(start, start + timedelta(days=7))
    where, values = _beginning("object_label", label)
    return (
        found.filter(actor=event.actor_id, action=event.action),
        f"{where} AND at >= %s AND at < %s AND actor_id = %s AND action = %s",
        [*values, *_days(start, 7), event.actor_id, event.action],
    )


def _beginning(column: str, text: str) -> tuple[str, list[Any]]:
    if connection.vendor == "postgresql":
        return f"{column} LIKE %s", [text + "%"]
    return f"{column} >= %s AND {column} < %s", [text, text + "\U0010ffff"]


def _days(start: datetime, days: int) -> list[Any]:
    adapt = connection.ops.adapt_datetimefield_value
    return [adapt(start), adapt(start + timedelta(days=days))]


def _compare(cases: list[Case]) -> dict[str, Any]:
    """p50 and p95 of what each case took at best, in the database alone; the two take turns."""
    times: dict[str, list[float]] = {"product": [], "by_hand": []}
    agrees = 0
    for found, where, values in cases:
        sql = f"SELECT {COLUMNS} FROM records_event WHERE {where} ORDER BY id DESC LIMIT {PAGE}"
        taken: dict[str, list[float]] = {"product": [], "by_hand": []}
        for _turn in range(TURNS):
            with database_clock() as clock:
                ours = [event.pk for event in found.all()[:PAGE]]
            taken["product"].append(clock.seconds)
            with database_clock() as clock, connection.cursor() as cursor:
                cursor.execute(sql, values)
                theirs = [row[0] for row in cursor.fetchall()]
            taken["by_hand"].append(clock.seconds)
        agrees += ours == theirs
        for name, seconds in taken.items():
            times[name].append(best(seconds))
    spread = {name: [percentile(seconds, share) for share in (0.5, 0.95)] for name, seconds in times.items()}
    return {"cases": len(cases), "agrees": agrees} | spread


if __name__ == "__main__":
    hand_over(measure(int(sys.argv[1])))
