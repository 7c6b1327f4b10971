"""Taking a filtered view away: CSV, XLSX and JSON lines, all rows, streamed."""

import tempfile
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.http import FileResponse, StreamingHttpResponse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _

from records.models import Event
from records.trail import Actor, Change, record_many
from tabular.writing import Column, write_csv, write_jsonl, write_xlsx

from .freshness import data_as_of
from .payload import payload
from .sheets import id_chunks, table_rows

FORMATS = ("csv", "xlsx", "jsonl")


def columns() -> list[Column]:
    return [
        Column("number", _("Number"), width=26),
        Column("title", _("Title"), width=50),
        Column("title_en", _("English title"), width=40),
        Column("level", _("Level"), width=10),
        Column("nature", _("Nature"), width=10),
        Column("kind", _("Kind"), width=12),
        Column("status", _("Status"), width=12),
        Column("published_on", _("Published"), kind="date", width=12),
        Column("implemented_on", _("Implemented"), kind="date", width=12),
        Column("ends_on", _("Void from"), kind="date", width=12),
        Column("replaced_by", _("Replaced by"), width=30),
        Column("replaces", _("Replaces"), width=30),
        Column("ics", "ICS", width=16),
        Column("ccs", "CCS", width=10),
        Column("region", _("Division code"), width=12),
        Column("department", _("Competent department"), width=28),
        Column("remark", _("Remark"), width=16),
    ]


def export_response(standards: QuerySet, on: date, form: str, base: str = ""):
    """The whole view as a file to save; its name carries the day of the statuses. `base` as in `payload`."""
    name = f"{_('standards')}_{on:%Y%m%d}.{form}"
    if form == "xlsx":
        return _xlsx(standards, on, name)
    if form == "csv":
        # A csv has no room for notes: the day as of which the data stand is a column.
        rows = table_rows(standards, on, as_of=data_as_of())
        content, kind = write_csv([*columns(), Column("as_of", _("As of"))], rows), "text/csv; charset=utf-8"
    else:
        content, kind = write_jsonl(json_rows(standards, on, base)), "application/x-ndjson; charset=utf-8"
    response = StreamingHttpResponse(content, content_type=kind)
    response["Content-Disposition"] = _attachment(name)
    response["X-Data-As-Of"] = data_as_of().isoformat()
    return response


def note_export(form: str, asked: dict[str, Any], *, by: Actor) -> None:
    """Leave the event of a view that an account took away. The public's exports are of what is public, and leave none."""
    if by.user is not None:
        changes: dict[str, list[Any]] = {"format": [None, form], **({"view": [None, asked]} if asked else {})}
        with transaction.atomic():
            record_many([Change(Event.Action.EXPORTED, "catalog.standard", 0, "standards", changes)], by=by)


def _attachment(name: str) -> str:
    return content_disposition_header(as_attachment=True, filename=name) or "attachment"


def _xlsx(standards: QuerySet, on: date, name: str) -> FileResponse:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "export.xlsx"
        write_xlsx(path, columns(), table_rows(standards, on), title=_("Standards"), notes=notes(on))
        stream = path.open("rb")  # the name may go, the open file stays
    response = FileResponse(stream, as_attachment=True, filename=name)
    response["X-Data-As-Of"] = data_as_of().isoformat()
    return response


def notes(on: date) -> list[str]:
    """What a reader of the file must know: as of when, and what the words mean."""
    return [
        _("Status on %(day)s, computed from the dates of each standard.") % {"day": on.isoformat()},
        _("Data as of %(day)s.") % {"day": data_as_of().isoformat()},
        _("A blank cell means that nothing is known, not that there is nothing."),
    ]


def chunks(standards: QuerySet, on: date, base: str = "") -> Iterator[list[dict[str, Any]]]:
    """The view's payload rows in its own order, piece by piece, in constant memory."""
    for ids in id_chunks(standards):
        found = payload(standards.model.objects.filter(pk__among=ids), on, base, with_id=True)
        rows = {row["id"]: row for row in found}
        yield [rows[pk] for pk in ids if pk in rows]


def json_rows(standards: QuerySet, on: date, base: str = "") -> Iterator[dict[str, Any]]:
    """The rows of the API's list, each with the day of its status and the day as of which the data stand."""
    days = {"on": on.isoformat(), "as_of": data_as_of().isoformat()}
    for rows in chunks(standards, on, base):
        for row in rows:
            del row["id"]
            yield {**row, **days}
