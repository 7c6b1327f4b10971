"""Taking the auditor's view away: all its events as CSV, XLSX or JSON lines; that it was taken is an event itself."""

import json
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from django.db import transaction
from django.http import FileResponse, StreamingHttpResponse
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _

from records.masking import masked, masked_text
from records.models import Event, EventQuerySet
from records.trail import Actor, Change, record_many
from tabular.writing import Column, write_csv, write_jsonl, write_xlsx

from .trail_pages import every

FORMATS = ("csv", "xlsx", "jsonl")
SHEET_ROWS = 1_000_000  # a sheet of Excel has 1,048,576
TYPES = {"csv": "text/csv; charset=utf-8", "jsonl": "application/x-ndjson; charset=utf-8"}


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
    changes: dict[str, list[Any]] = {"format": [None, form]}
    if asked:
        changes["view"] = [None, asked]
    with transaction.atomic():
        record_many([Change(Event.Action.EXPORTED, Event._meta.label_lower, 0, "trail", changes)], by=by)


def export_response(found: EventQuerySet, form: str, asked: dict[str, str], *, by: Actor) -> Any:
    """The whole view as a file to save. Raises `TooLong`, before anything is written."""
    if form == "xlsx" and found.order_by()[: SHEET_ROWS + 1].count() > SHEET_ROWS:
        raise TooLong
    note_taken(form, asked, by=by)
    name = f"{_('trail')}_{timezone.localtime():%Y%m%d_%H%M}.{form}"
    if form == "xlsx":
        return _xlsx(found, name)
    written = write_csv(columns(), _cells(every(found))) if form == "csv" else write_jsonl(map(row_of, every(found)))
    response = StreamingHttpResponse(written, content_type=TYPES[form])
    response["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=name) or "attachment"
    return response


def _xlsx(found: EventQuerySet, name: str) -> FileResponse:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "trail.xlsx"
        write_xlsx(path, columns(), _cells(every(found)), title=_("trail"))
        stream = path.open("rb")  # the name may go, the open file stays
    return FileResponse(stream, as_attachment=True, filename=name)
