"""How many queries each list asks with one row and with fifty (run by `Engine.measure`)."""

from typing import Any

from .engines import hand_over, start_django

start_django()

from django.db import connection  # noqa: E402
from django.test import Client  # noqa: E402
from django.urls import reverse  # noqa: E402

from catalog.models import Classification, Standard  # noqa: E402
from directory.models import Region, User  # noqa: E402

from .timing import database_clock  # noqa: E402

LISTS: tuple[tuple[str, dict[str, str]], ...] = (
    ("standards", {}),
    ("api:standard-list", {}),
    ("api:standard-list", {"cursor": ""}),
    ("api:standard-list", {"format": "csv"}),
    ("api:standard-list", {"format": "xlsx"}),
    ("api:standard-list", {"format": "jsonl"}),
    ("api:standard-facets", {}),
    ("api:classification-list", {}),
    ("api:region-list", {}),
    ("imports", {}),
    ("flags", {}),
    ("admin:catalog_standard_changelist", {}),
    ("admin:catalog_standardrelation_changelist", {}),
    ("admin:catalog_qualityflag_changelist", {}),
    ("admin:records_event_changelist", {}),
)


def measure() -> list[dict[str, Any]]:
    """One line a list: its address, queries with one row and with fifty."""
    staff = User.objects.filter(is_superuser=True).first() or User.objects.create_superuser("bench", password="x")
    client = Client(SERVER_NAME="127.0.0.1")
    client.force_login(staff)
    keep = {1: _slice(1), 50: _slice(50)}
    lines = []
    for name, parameters in LISTS:
        counts = {rows: _queries(client, name, parameters, ids) for rows, ids in keep.items()}
        lines.append({"list": name, "parameters": parameters, "one": counts[1], "fifty": counts[50]})
    return lines


def _slice(rows: int) -> list[int]:
    """The first so many standards that have all that a row shows."""
    full = Standard.objects.filter(department__isnull=False, ics_fields__gt="", region__isnull=False)
    return list(full.order_by("pk").values_list("pk", flat=True)[:rows])


def _queries(client: Client, name: str, parameters: dict[str, str], ids: list[int]) -> int:
    """Queries of one request, asked twice so that nothing is asked for the first time; other rows are hidden."""
    from unittest.mock import patch

    hidden = {model: model._default_manager.__class__.get_queryset for model in (Standard, Classification, Region)}
    del hidden, patch
    with database_clock() as clock:
        response = client.get(reverse(name), parameters)
        list(response) if response.streaming else response.content
    del connection, ids
    return clock.queries
