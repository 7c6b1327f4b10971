"""Handing rejected rows back: the user's own file with a column that says why."""

from pathlib import Path

from django.db import transaction

from tabular.annotating import annotate_rejects
from tabular.limits import UPLOAD_LIMITS, Limits

from .importing import known_names
from .models import Event, ImportBatch, ImportRow
from .remarks import say
from .trail import Actor, record


@transaction.atomic
def note_rejects_taken(batch: ImportBatch, *, by: Actor) -> None:
    """Leave the event of rejected rows that somebody took away."""
    record(batch, Event.Action.EXPORTED, {"rejected": [None, batch.rejected]}, by=by)


def write_rejects(batch: ImportBatch, source: Path, out: Path, *, limits: Limits = UPLOAD_LIMITS) -> None:
    """Write the rejected rows of a batch as the source file would hold them, plus 错误原因."""
    rows = batch.rows.filter(outcome=ImportRow.Outcome.REJECTED).values_list("number", "problems")
    rejects = {number: [(one["column"], say(one)) for one in problems] for number, problems in rows.iterator()}
    annotate_rejects(source, rejects, out, limits=limits, name=batch.file_name, known_names=known_names(batch.kind))
