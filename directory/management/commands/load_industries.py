"""Load the full industrial classification: `load_industries FILE [--dry-run]`."""

from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from directory.industries import load_industries, read_industries
from records.models import Event
from records.remarks import say
from records.trail import Actor
from tabular.errors import TableError


class Command(BaseCommand):
    help = "Load or update GB/T 4754 from csv, xlsx, json or jsonl. Nothing is removed; says what is new and changed."

    def add_arguments(self, parser):
        parser.add_argument("file", type=Path)
        parser.add_argument("--dry-run", action="store_true", help="say what would change, save nothing")

    def handle(self, *args, **options):
        if not options["file"].is_file():
            raise CommandError(f"{options['file']}: no such file.")
        try:
            rows, rejected = read_industries(options["file"])
        except TableError as refusal:
            raise CommandError(f"{options['file']}: {say(refusal)}") from refusal
        for line in rejected[:20]:
            self.stderr.write(line)
        by = Actor(channel=Event.Channel.COMMAND)
        counts = load_industries(rows, by=by, dry_run=options["dry_run"])
        derived = sum(row.derived for row in rows)
        words = " ".join(f"{name}={count}" for name, count in counts.items())
        read = len(rows) - derived + len(rejected)
        self.stdout.write(f"read={read} derived={derived} {words} rejected={len(rejected)}")
