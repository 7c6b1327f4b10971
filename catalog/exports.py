"""Taking a filtered view away: CSV, XLSX and JSON lines, all rows, streamed."""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from records.exporting import note_export, table_response
from records.trail import Actor
from tabular.writing import Column

from .columns import COLUMNS, columns, remark
from .freshness import data_as_of
from .models import Standard
from .payload import payload
from .sheets import id_chunks, table_rows


def note_taken(*, by: Actor, query: str, rows: int, keys: Sequence[str], form: str) -> None:
    """Write down who took a view away: what was asked for, how many rows, which columns. Nothing for the public."""
    taken = {"query": query, "rows": rows, "columns": list(keys or COLUMNS), "format": form}
    note_export(Standard, _("list of standards"), taken, by=by)


def file_name(on: date, *, narrowed: bool) -> str:
    """What a saved view is called, without its form; it carries the day of the statuses."""
    parts = [pgettext("file name", "standards"), *([pgettext("file name", "filtered")] if narrowed else [])]
    return "_".join([*parts, format(on, "%Y%m%d")])


def export_response(
    standards: QuerySet, on: date, form: str, base: str = "", *, keys: Sequence[str] = (), narrowed: bool = False
):
    """The whole view as a file to save, with the columns of `keys` (all without any). `base` as in `payload`."""
    table, rows, told = columns(keys), table_rows(standards, on), notes(on)
    if form == "csv":
        # A csv has no room for notes: the day as of which the data stand is a column.
        table, rows = [*table, Column("as_of", _("As of"))], table_rows(standards, on, as_of=data_as_of())
    elif form == "jsonl":
        rows = json_rows(standards, on, base, keys)
    name = file_name(on, narrowed=narrowed)
    response = table_response(table, rows, form=form, title=_("Standards"), name=name, notes=told)
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
