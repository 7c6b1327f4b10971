"""Taking a filtered view away: CSV, XLSX and JSON lines, all rows, streamed."""

import tempfile
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

from django.db.models import QuerySet
from django.http import FileResponse, StreamingHttpResponse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _

from tabular.writing import Column, write_csv, write_jsonl, write_xlsx

from .freshness import data_as_of
from .levels import Kind, Level, Nature, Status
from .payload import payload

FORMATS = ("csv", "xlsx", "jsonl")
CHUNK = 2000


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
    ids = standards.values_list("pk", flat=True).iterator(chunk_size=CHUNK)
    part: list[int] = []
    model = standards.model
    for pk in ids:
        part.append(pk)
        if len(part) == CHUNK:
            yield _ordered(model, part, on, base)
            part = []
    if part:
        yield _ordered(model, part, on, base)


def _ordered(model, ids: list[int], on: date, base: str) -> list[dict[str, Any]]:
    rows = {row["id"]: row for row in payload(model.objects.filter(pk__in=ids), on, base, with_id=True)}
    return [rows[pk] for pk in ids if pk in rows]


def json_rows(standards: QuerySet, on: date, base: str = "") -> Iterator[dict[str, Any]]:
    """The rows of the API's list, each with the day of its status and the day as of which the data stand."""
    days = {"on": on.isoformat(), "as_of": data_as_of().isoformat()}
    for rows in chunks(standards, on, base):
        for row in rows:
            del row["id"]
            yield {**row, **days}


def table_rows(standards: QuerySet, on: date, **constant: Any) -> Iterator[dict[str, Any]]:
    """Rows for a table: words instead of codes, lists joined, days as days; `constant` stands in every row.

    The words are looked up now, in the reader's language; the rows are streamed when the request is over.
    """
    choices = {"level": Level, "nature": Nature, "kind": Kind, "status": Status}
    words = {name: {str(one): str(one.label) for one in kind} for name, kind in choices.items()}
    words["remark"] = {
        "is_example": _("Example"),
        "inferred": _("Replacement inferred"),
        "partly_replaced": _("Partly replaced"),
    }
    keys = [column.key for column in columns()]
    return ({key: _cell(row, key, words) for key in keys} | constant for rows in chunks(standards, on) for row in rows)


def _cell(row: dict[str, Any], key: str, words: dict[str, dict[str, str]]) -> Any:
    if key == "remark":
        return "、".join(word for name, word in words["remark"].items() if row.get(name))
    value = row.get(key)
    if key in words:
        return words[key][value]
    if isinstance(value, list):
        return "、".join(value)
    if value and key.endswith("_on"):
        return date.fromisoformat(value) if len(value) == 10 else value
    return value
