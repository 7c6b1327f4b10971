"""A table as a file to save: csv and JSON lines streamed, xlsx by way of a file of its own."""

import tempfile
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from django.http import FileResponse, StreamingHttpResponse
from django.utils.http import content_disposition_header

from tabular.writing import Column, write_csv, write_jsonl, write_xlsx

FORMATS = ("csv", "xlsx", "jsonl")


def table_response(
    columns: Sequence[Column], rows: Iterable[Mapping[str, Any]], *, form: str, title: str, notes: Sequence[str] = ()
) -> Any:
    """Rows as `form` (one of `FORMATS`), called by their title."""
    name = f"{title}.{form}"
    if form == "xlsx":
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "table.xlsx"
            write_xlsx(path, columns, rows, title=title, notes=notes)
            stream = path.open("rb")
        return FileResponse(stream, as_attachment=True, filename=name)
    if form == "csv":
        content, kind = write_csv(columns, rows), "text/csv; charset=utf-8"
    else:
        content, kind = write_jsonl(rows), "application/x-ndjson; charset=utf-8"
    headers = {"Content-Disposition": content_disposition_header(True, name)}
    return StreamingHttpResponse(content, content_type=kind, headers=headers)
