"""Example data (示例) to try the product with: `load_examples [--remove]`."""

import secrets

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from catalog.examples import load_example_standards, remove_example_standards
from catalog.models import Standard
from directory.grants import give_role
from directory.models import Organization, Region, Role, User
from directory.models.roles import OF_AN_ORGANIZATION
from records.models import Event
from records.trail import Actor, record
from records.versions import take_version

# Name, what it is called, role, division (a real one: examples need a place), what it is for.
ACCOUNTS = [
    (
        "cataloguer",
        "示例编目员",
        Role.CATALOGUER,
        "320000",
        "keeps the catalogue: imports, edits, settles quality flags",
    ),
    ("county", "示例县级人员", Role.STAFF, "320682", "staff of a county's bureau"),
    ("city", "示例市级人员", Role.STAFF, "320600", "staff of a city's bureau"),
    ("province", "示例省级人员", Role.STAFF, "320000", "staff of a province's bureau"),
    ("enterprise", "示例企业", Role.ENTERPRISE, "", "an enterprise"),
    ("secretariat", "示例秘书处", Role.SECRETARIAT, "", "a committee's secretariat"),
    ("expert", "示例专家", Role.EXPERT, "", "an expert"),
    ("auditor", "示例审计员", Role.AUDITOR, "", "reads everything, the trail included; changes nothing"),
    ("admin", "示例系统管理员", Role.SYSTEM_ADMIN, "", "accounts and settings; no business"),
    ("security", "示例安全管理员", Role.SECURITY_ADMIN, "", "gives roles to others and takes them back"),
]
ORGANIZATION = "示例企业有限公司"


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
        for name, full_name, role, code, what in ACCOUNTS:
            password = self._account(name, full_name)
            if password:
                self._appoint(name, role, code, by)
            shown = f"{name} / {password}" if password else f"{name}: an account of that name is in use; left alone"
            self.stdout.write(f"  {shown}  — {what}")

    def _account(self, name: str, full_name: str) -> str | None:
        user, _new = User.objects.get_or_create(username=name, defaults={"full_name": full_name, "is_example": True})
        if not user.is_example:
            return None
        password = secrets.token_urlsafe(9)
        user.set_password(password)
        user.is_active = True
        user.save()
        return password

    def _appoint(self, name: str, role: str, code: str, by: Actor) -> None:
        user = User.objects.get(username=name)
        organization = None
        if role in OF_AN_ORGANIZATION:
            organization, _new = Organization.objects.get_or_create(
                name=ORGANIZATION, defaults={"kind": Organization.Kind.OTHER, "is_example": True}
            )
        if not user.current_grants:
            region = Region.objects.valid().get(code=code) if code else None
            give_role(user, role, by=by, region=region, organization=organization)

    def _remove(self, by: Actor) -> None:
        left = remove_example_standards(by=by)
        accounts = list(User.objects.select_for_update().filter(is_example=True, is_active=True))
        for user in accounts:
            take_version(user, user.version)
            user.is_active = False
            user.save(update_fields=["is_active"])
            record(user, Event.Action.UPDATED, {"is_active": [True, False]}, by=by)
        closed = len(accounts)
        self.stdout.write(f"Removed the examples; {left} records changed since were left; {closed} accounts closed.")
