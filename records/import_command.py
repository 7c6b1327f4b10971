"""What the commands that import files have in common: preview, apply, remarks, reconciliation."""

from datetime import date
from pathlib import Path
from typing import Any

from django.contrib.auth import get_user_model
from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from tabular.errors import TableError
from tabular.limits import COMMAND_LIMITS

from .importing import ImportRefused, apply_batch, preview_file
from .models import Event, ImportBatch, ImportRow
from .rejects import write_rejects
from .remarks import say
from .source_facts import import_facts
from .trail import Actor


class ImportCommand(BaseCommand):
    """Each file is one batch; exit 0 when it was applied, rejects or not."""

    # They load every page's code to look at it, before a file's first row is read; `manage.py check` does that.
    requires_system_checks = ()

    def add_arguments(self, parser):
        parser.add_argument("files", nargs="+", type=Path, metavar="FILE")
        parser.add_argument("--source", help="the source's name (default: the file's name without its day)")
        parser.add_argument("--as-of", type=date.fromisoformat, help="the source's own day, YYYY-MM-DD")
        parser.add_argument("--as", dest="actor", metavar="USER", help="the account in whose name it is done")
        parser.add_argument("--dry-run", action="store_true", help="preview only; save nothing")
        parser.add_argument("--rejects", type=Path, metavar="FILE", help="where rejected rows go, with their reasons")

    def handle(self, *args, **options):
        by = Actor(user=self._account(options["actor"]), channel=Event.Channel.COMMAND)
        if options["rejects"] and len(options["files"]) > 1:
            raise CommandError("--rejects takes one file at a time.")
        total = dict.fromkeys(("read", "created", "updated", "unchanged", "rejected"), 0)
        for path in options["files"]:
            batch = self._import(path, by, options)
            for name, count in batch.counts.items():
                total[name] += count
            if len(options["files"]) > 1:
                self.stdout.write(f"{path.name}: {_line(batch.counts)}")
        self.stdout.write(_line(total))

    def kind_of(self, options: dict[str, Any]) -> str:
        """The kind of record that the files hold."""
        raise NotImplementedError

    def form_of(self, options: dict[str, Any]) -> str | None:
        """How the files are built, where their headings alone do not say so."""
        return None

    def _account(self, name):
        if not name:
            return None
        user = get_user_model().objects.filter(username=name).first()
        if user is None:
            raise CommandError(f"There is no account {name}.")
        return user

    def _import(self, path: Path, by: Actor, options) -> ImportBatch:
        if not path.is_file():
            raise CommandError(f"{path}: no such file.")
        facts = import_facts(path, source=options["source"], as_of=options["as_of"])
        try:
            batch = preview_file(
                path,
                kind=self.kind_of(options),
                facts=facts,
                by=by,
                limits=COMMAND_LIMITS,
                form=self.form_of(options),
            )
            self._remark(batch, options)
            if not options["dry_run"]:
                apply_batch(batch, by=by)
        except (TableError, ImportRefused) as refusal:
            raise CommandError(f"{path}: {say(refusal)}") from refusal
        if options["rejects"] and batch.rejected:
            write_rejects(batch, path, options["rejects"], limits=COMMAND_LIMITS)
        if options["dry_run"]:
            batch.delete()  # a preview nobody will look at again
        return batch

    def _remark(self, batch: ImportBatch, options) -> None:
        if options["verbosity"] > 1 or options["dry_run"]:
            for field, column in batch.mapping.items():
                self.stdout.write(f"{column} → {field}")
        rejected = batch.rows.filter(outcome=ImportRow.Outcome.REJECTED)
        for row in rejected.iterator() if options["verbosity"] > 1 else rejected[:20]:
            reasons = "; ".join(f"{one['cell']} {say(one)}".strip() for one in row.problems)
            self.stderr.write(f"{batch.file_name}:{row.number}: {reasons}")
        if options["verbosity"] <= 1 and batch.rejected > 20:
            self.stderr.write(_("… and %(count)s more rejected rows") % {"count": batch.rejected - 20})


def _line(counts: dict[str, int]) -> str:
    return " ".join(f"{name}={count}" for name, count in counts.items())
