"""Load a full classification table: `load_classification {ics,ccs} FILE [--dry-run]`."""

from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from catalog.classifying import load_classification, read_classification
from records.models import Event
from records.remarks import say
from records.trail import Actor
from tabular.errors import TableError


class Command(BaseCommand):
    help = "Load or update ICS or CCS from csv, xlsx, json or jsonl. Nothing is removed; says what is new and changed."

    def add_arguments(self, parser):
        parser.add_argument("scheme", choices=["ics", "ccs"])
        parser.add_argument("file", type=Path)
        parser.add_argument("--dry-run", action="store_true", help="say what would change, save nothing")

    def handle(self, *args, **options):
        if not options["file"].is_file():
            raise CommandError(f"{options['file']}: no such file.")
        try:
            nodes, rejected = read_classification(options["scheme"], options["file"])
        except TableError as refusal:
            raise CommandError(f"{options['file']}: {say(refusal)}") from refusal
        for line in rejected[:20]:
            self.stderr.write(line)
        counts = load_classification(
            options["scheme"], nodes, by=Actor(channel=Event.Channel.COMMAND), dry_run=options["dry_run"]
        )
        total = len(rejected) + sum(counts.values())
        words = " ".join(f"{name}={count}" for name, count in counts.items())
        self.stdout.write(f"read={total} {words} rejected={len(rejected)}")
