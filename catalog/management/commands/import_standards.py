"""Import catalogue files: `import_standards FILE... [--profile NAME] [--dry-run] [--rejects FILE]`."""

from datetime import date
from pathlib import Path

from django.contrib.auth import get_user_model
from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from catalog.importing import PROFILES, import_facts
from records.importing import ImportRefused, apply_batch, preview_file
from records.models import Event, ImportBatch, ImportRow
from records.rejects import write_rejects
from records.remarks import say
from records.trail import Actor
from tabular.errors import TableError
from tabular.limits import COMMAND_LIMITS


class Command(BaseCommand):
    help = "Import standards from csv, xlsx, xls, json, jsonl or block files; each file is one batch."

    # They load every page's code to look at it, before a file's first row is read; `manage.py check` does that.
    requires_system_checks = ()

    def add_arguments(self, parser):
        parser.add_argument("files", nargs="+", type=Path, metavar="FILE")
        parser.add_argument("--profile", choices=sorted(PROFILES), help="how the files are built, where it is special")
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
        profile = PROFILES.get(options["profile"] or "")
        facts = import_facts(path, source=options["source"], as_of=options["as_of"])
        try:
            batch = preview_file(
                path,
                kind="standards",
                facts=facts,
                by=by,
                limits=COMMAND_LIMITS,
                form=profile.form if profile else None,
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
