"""Example data (示例) to try the product with: `load_examples [--remove]`."""

import secrets

from django.conf import settings
from django.contrib.auth.models import Permission
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from catalog.examples import load_example_standards, remove_example_standards
from catalog.models import Standard
from directory.models import User
from records.models import Event
from records.trail import Actor

ACCOUNTS = [
    ("cataloguer", "示例编目员", "keeps the catalogue: imports, edits, settles quality flags"),
    ("admin", "示例管理员", "everything, the back-office included"),
]


class Command(BaseCommand):
    help = "Load a small example catalogue and example accounts, all marked 示例; --remove takes them away again."

    def add_arguments(self, parser):
        parser.add_argument("--remove", action="store_true", help="remove the examples and close the example accounts")

    @transaction.atomic
    def handle(self, *args, **options):
        by = Actor(channel=Event.Channel.COMMAND)
        if options["remove"]:
            return self._remove(by)
        if settings.PRODUCTION:
            raise CommandError("A production server gets no example accounts.")
        if load_example_standards(by=by):
            self.stdout.write("Loaded the example catalogue (示例).")
        elif Standard.objects.filter(is_example=False, voided_at__isnull=True).exists():
            self.stdout.write("The catalogue holds data already; it was left alone, and no example account was opened.")
            return None
        self.stdout.write("Example accounts (new passwords with every load):")
        for name, full_name, what in ACCOUNTS:
            password = self._account(name, full_name)
            shown = f"{name} / {password}" if password else f"{name}: an account of that name is in use; left alone"
            self.stdout.write(f"  {shown}  — {what}")

    def _account(self, name: str, full_name: str) -> str | None:
        user, new = User.objects.get_or_create(
            username=name, defaults={"full_name": full_name, "is_example": True, "is_staff": True}
        )
        if not user.is_example:
            return None
        password = secrets.token_urlsafe(9)
        user.set_password(password)
        user.is_active, user.is_superuser = True, name == "admin"
        user.save()
        if new:
            apps = ["catalog", "records", "directory"]
            user.user_permissions.set(
                Permission.objects.filter(content_type__app_label__in=apps).exclude(content_type__model="user")
            )
        return password

    def _remove(self, by: Actor) -> None:
        left = remove_example_standards(by=by)
        closed = User.objects.filter(is_example=True).update(is_active=False)
        self.stdout.write(f"Removed the examples; {left} records changed since were left; {closed} accounts closed.")
