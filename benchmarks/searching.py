"""Search: the product's results page against hand-written SQL, tantivy and `icontains` (run by `Engine.measure`)."""

import sys
import time
from collections.abc import Callable
from typing import Any

from .engines import hand_over, start_django

start_django()

from django.db import connection  # noqa: E402
from django.test import Client  # noqa: E402
from django.utils import timezone  # noqa: E402

from catalog.facets import facet_counts  # noqa: E402
from catalog.filters import StandardFilter  # noqa: E402
from catalog.models import Standard  # noqa: E402
from directory.models import Organization, Region  # noqa: E402

from . import asked, sql_postgresql, sql_sqlite  # noqa: E402
from .answers import Answer, facets_of  # noqa: E402
from .queries import GROUPS, Parameters  # noqa: E402
from .tantivy_index import TantivyIndex  # noqa: E402
from .timing import best, database_clock  # noqa: E402

BY_HAND = {"sqlite": sql_sqlite, "postgresql": sql_postgresql}
# The product and its rivals take turns, so that a disturbance meets all of them.
TURNS = 5


def measure(turns: int) -> list[dict[str, Any]]:
    """One line a query: seconds by what was measured, hits, and whether both answers agree."""
    index = TantivyIndex(Standard.objects.visible_to(None))
    client = Client(SERVER_NAME="127.0.0.1")
    client.get("/standards/", {"q": "轴承"})
    paths = dict(Region.objects.values_list("pk", "path"))
    names = dict(Organization.objects.values_list("pk", "name"))
    lines = []
    for group, queries in GROUPS:
        for parameters in queries:
            line = _times(client, index, parameters, turns)
            by_hand, count = _by_hand(parameters)
            line |= {"group": group, "query": parameters, "hits": count}
            line["agrees"] = _product_answer(parameters) == (
                count,
                by_hand.ids,
                facets_of(by_hand.counts, paths, names),
            )
            lines.append(line)
    return lines


def _times(client: Client, index: TantivyIndex, parameters: Parameters, turns: int) -> dict[str, Any]:
    taken: dict[str, list[float]] = {name: [] for name in ("database", "rest", "by_hand", "tantivy", "icontains")}
    words = parameters.get("q", "")
    for _turn in range(turns):
        with database_clock() as clock:
            whole = _seconds(lambda: client.get("/standards/", parameters))
        taken["database"].append(clock.seconds)
        taken["rest"].append(whole - clock.seconds)
        with database_clock() as clock:
            _by_hand(parameters)
        taken["by_hand"].append(clock.seconds)
        if words:
            taken["tantivy"].append(_seconds(lambda: index.search(words)))
    if words:
        taken["icontains"] = [_seconds(lambda: _icontains(words))]
    return {name: best(values) for name, values in taken.items() if values}


def _seconds(call: Callable[[], Any]) -> float:
    start = time.perf_counter()
    call()
    return time.perf_counter() - start


def _by_hand(parameters: Parameters) -> tuple[Answer, int]:
    wanted = asked.read(parameters, connection.vendor)
    with connection.cursor() as cursor:
        answer = BY_HAND[connection.vendor].answer(cursor, wanted)
    return answer, answer.count


def _icontains(words: str) -> tuple[int, list]:
    """What most Django sites do: no facets, no relevance."""
    found = Standard.objects.visible_to(None)
    for word in words.split():
        found = found.filter(title__icontains=word)
    return found.count(), list(found.order_by("sort_key")[:20].values())


def _product_answer(parameters: Parameters) -> tuple[int, list[int], dict[str, dict[str, int]]]:
    view = StandardFilter(asked.as_request(parameters), Standard.objects.visible_to(None))
    day = view.on_day if "on" in parameters else timezone.localdate()
    facets = facet_counts(view.qs, day)
    counts = {name: {one.value: one.count for one in values} for name, values in facets.items()}
    return view.qs.order_by().count(), list(view.qs[:20].values_list("pk", flat=True)), counts


if __name__ == "__main__":
    hand_over(measure(int(sys.argv[1]) if len(sys.argv) > 1 else TURNS))
