"""A table as a file to save: csv and JSON lines streamed, xlsx by way of a file of its own; who took it is written down."""

import tempfile
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from django.db import transaction
from django.db.models import Model
from django.http import FileResponse, StreamingHttpResponse
from django.shortcuts import render
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _

from tabular.writing import Column, write_csv, write_jsonl, write_xlsx

from .confirming import ask_for_password, is_confirmed
from .models import Event
from .throttling import FORMATS, seconds_to_wait
from .trail import Actor, Change, actor_of, record_many

MANY = 10_000  # rows beyond which staff enter their password once more (row 6 of the matrix)
TYPES = {"csv": "text/csv; charset=utf-8", "jsonl": "application/x-ndjson; charset=utf-8"}
Rows = Iterable[Mapping[str, Any]]

__all__ = ["FORMATS", "asks_for_password", "export_page", "note_export", "refusal", "table_response"]


def table_response(
    columns: Sequence[Column], rows: Rows, *, form: str, title: str, name: str = "", notes: Sequence[str] = ()
) -> Any:
    """Rows as `form` (one of `FORMATS`), in a file of a name, which is the title where none is given.

    `title` heads the sheet of an xlsx, `notes` stand below it; JSON lines hold the rows as they are, `columns` or not.
    """
    name = f"{name or title}.{form}"
    if form == "xlsx":
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "table.xlsx"
            write_xlsx(path, columns, rows, title=title, notes=notes)
            stream = path.open("rb")  # the name may go, the open file stays
        return FileResponse(stream, as_attachment=True, filename=name)
    content = write_csv(columns, rows) if form == "csv" else write_jsonl(rows)
    headers = {"Content-Disposition": content_disposition_header(True, name) or "attachment"}
    return StreamingHttpResponse(content, content_type=TYPES[form], headers=headers)


@transaction.atomic
def note_export(model: type[Model], label: str, taken: Mapping[str, Any], *, by: Actor) -> None:
    """Write down who took a view of some records away, and what is told of it. Nothing for the public."""
    if by.user is None:
        return
    changes = {name: [None, value] for name, value in taken.items()}
    record_many([Change(Event.Action.EXPORTED, model._meta.label_lower, 0, label, changes)], by=by)


def export_page(
    request: Any, model: type[Model], columns: Sequence[Column], rows: Rows, *, form: str, title: str, count: int
) -> Any:
    """The whole view of a page's address as a file, or why it is not to be had at once; `count` is its rows."""
    if answer := refusal(request, count, request.get_full_path()):
        return answer
    taken = {"query": request.GET.urlencode(), "rows": count, "format": form}
    note_export(model, str(model._meta.verbose_name_plural), taken, by=actor_of(request))
    return table_response(columns, rows, form=form, title=title)


def refusal(request: Any, count: int, then: str) -> Any:
    """What answers an export that is not to be had at once, or None: people without an account are throttled.

    Staff confirm a large one with their password and are led on to `then`.
    """
    if not request.user.is_authenticated and (seconds := seconds_to_wait(request)):
        return _too_many(request, seconds)
    return ask_for_password(then) if asks_for_password(request, count) else None


def asks_for_password(request: Any, count: int) -> bool:
    return request.user.is_authenticated and request.user.is_staff and count > MANY and not is_confirmed(request)


def _too_many(request: Any, seconds: int) -> Any:
    words = {
        "status": 429,
        "heading": _("Too many exports for the moment"),
        "advice": _("Without an account some exports a minute are possible; go on in %(seconds)s seconds.")
        % {"seconds": seconds},
    }
    response = render(request, "error.html", words, status=429)
    response["Retry-After"] = str(seconds)
    return response
