"""Taking a filtered view away: CSV, XLSX and JSON lines, all rows, streamed."""

import tempfile
from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.http import FileResponse, StreamingHttpResponse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from records.models import Event
from records.trail import Actor, Change, record_many
from tabular.writing import Column, write_csv, write_jsonl, write_xlsx

from .columns import COLUMNS, columns, remark
from .freshness import data_as_of
from .models import Standard
from .payload import payload
from .sheets import id_chunks, table_rows

FORMATS = ("csv", "xlsx", "jsonl")


@transaction.atomic
def note_export(*, by: Actor, query: str, rows: int, keys: Sequence[str], form: str) -> None:
    """Write down who took a view away: what was asked for, how many rows, which columns. Nothing for the public."""
    if by.user is None:
        return
    taken = {"query": query, "rows": rows, "columns": list(keys or COLUMNS), "format": form}
    changes = {name: [None, value] for name, value in taken.items()}
    label = _("list of standards")
    record_many([Change(Event.Action.EXPORTED, Standard._meta.label_lower, 0, label, changes)], by=by)


def file_name(on: date, form: str, *, narrowed: bool) -> str:
    """What a saved view is called; it carries the day of the statuses."""
    parts = [pgettext("file name", "standards"), *([pgettext("file name", "filtered")] if narrowed else [])]
    return f"{'_'.join([*parts, format(on, '%Y%m%d')])}.{form}"


def export_response(
    standards: QuerySet, on: date, form: str, base: str = "", *, keys: Sequence[str] = (), narrowed: bool = False
):
    """The whole view as a file to save, with the columns of `keys` (all without any). `base` as in `payload`."""
    name, chosen = file_name(on, form, narrowed=narrowed), columns(keys)
    if form == "xlsx":
        return _xlsx(standards, on, name, chosen)
    if form == "csv":
        # A csv has no room for notes: the day as of which the data stand is a column.
        rows = table_rows(standards, on, as_of=data_as_of())
        content, kind = write_csv([*chosen, Column("as_of", _("As of"))], rows), "text/csv; charset=utf-8"
    else:
        content, kind = write_jsonl(json_rows(standards, on, base, keys)), "application/x-ndjson; charset=utf-8"
    response = StreamingHttpResponse(content, content_type=kind)
    response["Content-Disposition"] = _attachment(name)
    response["X-Data-As-Of"] = data_as_of().isoformat()
    return response


def _attachment(name: str) -> str:
    return content_disposition_header(as_attachment=True, filename=name) or "attachment"


def _xlsx(standards: QuerySet, on: date, name: str, chosen: list[Column]) -> FileResponse:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "export.xlsx"
        write_xlsx(path, chosen, table_rows(standards, on), title=_("Standards"), notes=notes(on))
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


def json_rows(standards: QuerySet, on: date, base: str = "", keys: Sequence[str] = ()) -> Iterator[dict[str, Any]]:
    """The rows of the API's list, each with the day of its status and the day as of which the data stand.

    With `keys` only these of its values; `remark`, which the API has as three marks, is then their words.
    """
    days = {"on": on.isoformat(), "as_of": data_as_of().isoformat()}
    for rows in chunks(standards, on, base):
        for row in rows:
            del row["id"]
            yield {**_only(row, keys), **days}


def _only(row: dict[str, Any], keys: Sequence[str]) -> dict[str, Any]:
    return {key: remark(row) if key == "remark" else row.get(key) for key in keys} if keys else row
