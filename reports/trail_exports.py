"""Taking the auditor's view away: all its events as CSV, XLSX or JSON lines; that it was taken is an event itself."""

import json
from collections.abc import Iterable, Iterator
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from records.exporting import note_export, table_response
from records.masking import masked, masked_text
from records.models import Event, EventQuerySet
from records.trail import Actor
from tabular.writing import Column

from .trail_pages import every

SHEET_ROWS = 1_000_000  # a sheet of Excel has 1,048,576


class TooLong(Exception):
    """More events than a sheet has rows."""


def row_of(event: Event) -> dict[str, Any]:
    """An event as API and export give it; personal numbers masked."""
    return {
        "id": event.pk,
        "at": timezone.localtime(event.at).isoformat(),
        "actor": event.actor_name,
        "role": event.role,
        "division": event.division,
        "channel": event.channel,
        "address": event.address,
        "request_id": event.request_id,
        "action": event.action,
        "object_type": event.object_type,
        "object_id": event.object_id,
        "object_label": event.object_label,
        "changes": masked(event.changes),
        "reason": masked_text(event.reason),
        "document": event.document,
        "batch": event.batch_id,
    }


def columns() -> list[Column]:
    labels = {field.name: str(field.verbose_name) for field in Event._meta.concrete_fields}
    numbers = {"id", "object_id", "batch"}
    titles = labels | {"id": _("number"), "actor": labels["actor_name"], "object_id": _("object's number")}
    return [
        Column(name, titles[name], "number" if name in numbers else "text") for name in row_of(Event(at=timezone.now()))
    ]


def _cells(events: Iterable[Event]) -> Iterator[dict[str, Any]]:
    for event in events:
        row = row_of(event)
        yield row | {"changes": json.dumps(row["changes"], ensure_ascii=False)}


def note_taken(form: str, asked: dict[str, str], *, by: Actor) -> None:
    """Leave the event of a view of the trail that was taken away."""
    note_export(Event, "trail", {"format": form} | ({"view": asked} if asked else {}), by=by)


def export_response(found: EventQuerySet, form: str, asked: dict[str, str], *, by: Actor) -> Any:
    """The whole view as a file to save; that it was taken is written down. Raises `TooLong`, before anything is written."""
    if form == "xlsx" and found.order_by()[: SHEET_ROWS + 1].count() > SHEET_ROWS:
        raise TooLong
    note_taken(form, asked, by=by)
    rows = map(row_of, every(found)) if form == "jsonl" else _cells(every(found))
    name = f"{_('trail')}_{timezone.localtime():%Y%m%d_%H%M}"
    return table_response(columns(), rows, form=form, title=_("trail"), name=name)
