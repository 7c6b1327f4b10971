"""Load a newer table of divisions: `load_divisions FILE [--year Y] [--apply] [--as USER]`."""

from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from directory.division_loading import Table, TableRefused, load_divisions, plan_divisions, read_divisions
from directory.division_plan import KINDS, Key, Plan
from directory.models import User
from records.models import Event
from records.remarks import say
from records.trail import Actor
from tabular.errors import TableError

SHOWN = 20  # refused rows; of the difference everything is shown


class Command(BaseCommand):
    help = "Show what a table of divisions (csv, xlsx: code, name, years, successors) changes; --apply writes it."

    def add_arguments(self, parser):
        parser.add_argument("file", type=Path)
        parser.add_argument("--year", type=int, help="the year from which a table without years of its own holds")
        parser.add_argument("--apply", action="store_true", help="write it; without this nothing is written")
        parser.add_argument("--as", dest="user", metavar="USER", help="the account in whose name it is written")
        parser.add_argument("--reason", default="", help="under what it is written: a decision, a notice")

    def handle(self, *args, **options):
        path = options["file"]
        if not path.is_file():
            raise CommandError(f"{path}: no such file.")
        by = self._actor(options["user"])
        try:
            table = read_divisions(path)
            if options["apply"]:
                plan = load_divisions(table, year=options["year"], by=by, reason=options["reason"])
            else:
                plan = plan_divisions(table, year=options["year"])
        except TableError as refusal:
            raise CommandError(f"{path}: {say(refusal)}") from refusal
        except TableRefused as refusal:
            self._refuse(path, refusal)
        self._show(plan, table)
        changed = any(keys for kind, keys in plan.by_kind().items() if kind != "unchanged")
        if not changed:
            self.stdout.write("Nothing changes.")
        else:
            self.stdout.write("Written." if options["apply"] else "Nothing was written; --apply writes this.")

    def _actor(self, name: str | None) -> Actor:
        if name is None:
            return Actor(channel=Event.Channel.COMMAND)
        user = User.objects.filter(username=name, is_active=True).first()
        if user is None:
            raise CommandError(f"There is no open account {name}.")
        return Actor(user, Event.Channel.COMMAND, role=user.acting.role, division=user.acting.division)

    def _refuse(self, path: Path, refusal: TableRefused) -> None:
        for number, text in refusal.reasons[:SHOWN]:
            self.stderr.write(f"{path.name}:{number}: {text}" if number else f"{path.name}: {text}")
        raise CommandError(f"{path.name}: refused; {len(refusal.reasons)} reasons, nothing was written.")

    def _show(self, plan: Plan, table: Table) -> None:
        found = plan.by_kind()
        for kind in KINDS[:-1]:
            for key in found[kind]:
                self.stdout.write(f"{kind:<10}{_words(plan, key)}")
        counts = " ".join(f"{kind}={len(found[kind])}" for kind in KINDS)
        self.stdout.write(f"read={len(table.lines)} headings={table.skipped} {counts}")


def _words(plan: Plan, key: Key) -> str:
    """One division of the difference: what it was, what it will be."""
    old, new = plan.before.get(key), plan.after[key]
    parts = [f"{new.code} {old.name if old and old.name != new.name else new.name}"]
    if old and old.name != new.name:
        parts.append(f"→ {new.name}")
    if old is None or old.valid_to != new.valid_to:
        parts.append(f"{new.valid_from or ''}–{new.valid_to or ''}")
    if new.above and (old is None or old.above != new.above):
        parts.append(f"under {plan.after[new.above].name} {new.above[0]}")
    if heirs := sorted(
        f"{plan.after[heir].name} {heir[0]}" for heir in new.heirs - (old.heirs if old else frozenset())
    ):
        parts.append(f"→ {'、'.join(heirs)}")
    elif old and old.valid_to != new.valid_to and not new.heirs:
        parts.append("(no successor named)")
    return " ".join(parts)
