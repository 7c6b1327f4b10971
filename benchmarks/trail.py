"""The trail: sealing and proving it, and asking it, against hand-written SQL for the same rows (run by `Engine.measure`)."""

import random
import sys
import time
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

from .engines import hand_over, start_django

start_django()

from django.db import connection  # noqa: E402
from django.test import Client  # noqa: E402
from django.utils import timezone  # noqa: E402

from directory.models import Grant, Region, Role, User  # noqa: E402
from records.bulk import insert, insert_values  # noqa: E402
from records.models import Event  # noqa: E402
from records.seals import seal_trail  # noqa: E402
from records.verifying import verify_trail  # noqa: E402
from reports.trail_filters import TrailFilter, midnight  # noqa: E402

from .timing import best, database_clock, percentile  # noqa: E402

LAST = datetime(2026, 11, 1, tzinfo=UTC)
DAYS, ACTORS, CHUNK, TURNS, ASKED, PAGE = 365, 200, 20_000, 5, 40, 50
TYPES = ("catalog.standard", "catalog.qualityflag", "directory.organization", "pilots.project")
NAMES = (
    "at", "actor_id", "actor_name", "role", "division", "channel", "action", "object_type", "object_id", "object_label",
    "changes", "address", "request_id", "document",
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
    address, request = f"10.{actor % 7}.{actor}.{key % 9}", f"{number // 4:012x}"
    document = f"文〔2026〕{number % 997}号" if number % 50 == 0 else ""
    changes = {"title": [f"旧名称{number}", f"新名称{number}"], "implemented_on": ["2026-01-01", "2026-07-01"]}
    return (
        LAST - step * (count - number), actors[actor].pk, actors[actor].username, "county",
        paths[actor * len(paths) // len(actors) + key % 16], "web", action, TYPES[key % 4], key,
        f"GB/T {key}-{2000 + key % 26}", changes, address, request, document,
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
    result |= {"page": _page()}
    return result | {"queries": {name: _compare(cases) for name, cases in _questions(count).items()}}


def _page() -> dict[str, float]:
    """The auditor's first page through the whole product: p95 of the database's part and of the rest."""
    user, _is_new = User.objects.get_or_create(username="bench-auditor")
    if not user.grants.exists():
        Grant.objects.create(user=user, role=Role.AUDITOR, granted_at=timezone.now())
    client = Client(SERVER_NAME="127.0.0.1")
    client.force_login(user)
    inside, outside = [], []
    for _turn in range(4 * TURNS):
        start = time.perf_counter()
        with database_clock() as clock:
            answer = client.get("/trail/", {"action": "voided"})
        assert answer.status_code == 200
        inside.append(clock.seconds)
        outside.append(time.perf_counter() - start - clock.seconds)
    return {"database": percentile(inside, 0.95), "rest": percentile(outside, 0.95)}


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
        "the auditor's search: name, account, week, action": [_search(event) for event in events],
        "the auditor's search: an account's month": [_of_account(event) for event in events],
        "the auditor's search: a rare action in a division": [_rare(event) for event in events],
        "the auditor's search: an address": [_stated(event, "address") for event in events],
        "the auditor's search: a request": [_stated(event, "request_id") for event in events],
        "the auditor's search: a document": [_stated(event, "document") for event in events if event.document]
        or [_stated(events[0], "document")],
        "the auditor's search: a day": [_day(event) for event in events],
        "page 1,000 of all events": [_deep(event) for event in events],
    }


def _some_ids(count: int) -> list[int]:
    return list(Event.objects.order_by("pk").values_list("pk", flat=True)[:: max(1, count // 500)])


def _asked(**parameters: Any) -> Any:
    """What the auditor's page makes of its address."""
    view = TrailFilter({name: str(value) for name, value in parameters.items()}, Event.objects.all())
    assert view.is_valid(), view.errors
    return view.qs.newest_first()


def _day_of(moment: datetime) -> date:
    return timezone.localtime(moment).date()


def _of_account(event: Event) -> Case:
    first = _day_of(event.at - timedelta(days=15))
    found = _asked(actor=event.actor_name, from_on=first, to_on=first + timedelta(days=29))
    return found, "actor_id = %s AND at >= %s AND at < %s", [event.actor_id, *_days(midnight(first), 30)]


def _rare(event: Event) -> Case:
    where, values = _beginning("division", event.division)
    rare = "action = 'voided' AND NOT action = 'created' AND NOT action = 'updated'"
    return _asked(action="voided", division=event.division.strip("/").split("/")[-1]), f"{rare} AND {where}", values


def _stated(event: Event, name: str) -> Case:
    value = getattr(event, name)
    return _asked(**{name: value}), f"{name} = %s AND {name} > ''", [value]


def _day(event: Event) -> Case:
    first = _day_of(event.at)
    return _asked(from_on=first, to_on=first), "at >= %s AND at < %s", _days(midnight(first), 1)


def _deep(event: Event) -> Case:
    """As far in as an event stands: what the address of any later page asks."""
    found = Event.objects.newest_first((event.at, event.pk))
    return found, "(at, id) < (%s, %s)", [connection.ops.adapt_datetimefield_value(event.at), event.pk]


def _history(event: Event) -> Case:
    found = Event.objects.filter(object_type=event.object_type, object_id=event.object_id).order_by("-at", "-id")
    return found, "object_type = %s AND object_id = %s", [event.object_type, event.object_id]


def _division(event: Event) -> Case:
    start = event.at - timedelta(days=15)
    found = Event.objects.in_division(event.division).between(start, start + timedelta(days=30)).newest_first()
    where, values = _beginning("division", event.division)
    return found, f"{where} AND at >= %s AND at < %s", [*values, *_days(start, 30)]


def _search(event: Event) -> Case:
    label, start = event.object_label[:7], event.at - timedelta(days=3)
    found = Event.objects.labelled(label).between(start, start + timedelta(days=7))
    where, values = _beginning("object_label", label)
    return (
        found.filter(actor=event.actor_id, action=event.action).newest_first(),
        f"{where} AND at >= %s AND at < %s AND actor_id = %s AND action = %s",
        [*values, *_days(start, 7), event.actor_id, event.action],
    )


def _beginning(column: str, text: str) -> tuple[str, list[Any]]:
    if connection.vendor == "postgresql":
        return f"{column} LIKE %s", [text + "%"]
    # The same hint as the product's: without it SQLite goes through all of a month for a division.
    return f"likelihood({column} >= %s, 0.001) AND {column} < %s", [text, text + "\U0010ffff"]


def _days(start: datetime, days: int) -> list[Any]:
    adapt = connection.ops.adapt_datetimefield_value
    return [adapt(start), adapt(start + timedelta(days=days))]


def _compare(cases: list[Case]) -> dict[str, Any]:
    """p50 and p95 of what each case took at best, in the database alone; the two take turns."""
    times: dict[str, list[float]] = {"product": [], "by_hand": []}
    agrees = 0
    for found, where, values in cases:
        sql = f"SELECT {COLUMNS} FROM records_event WHERE {where} ORDER BY at DESC, id DESC LIMIT {PAGE}"
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
