"""Example data (示例) to try the product with: `load_examples [--remove]`."""

import secrets

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from catalog.contribution_examples import load_example_contributions
from catalog.examples import (
    load_example_care,
    load_example_standards,
    remove_example_care,
    remove_example_standards,
)
from catalog.models import Standard
from directory.committee_examples import load_example_committees, remove_example_committees
from directory.grants import give_role
from directory.models import Region, Role, User
from directory.models.roles import OF_AN_ORGANIZATION
from directory.organization_examples import (
    BODY,
    ENTERPRISE,
    example_body,
    load_example_organizations,
    remove_example_organizations,
)
from directory.registrations import Facts, send_registration
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
    ("province", "示例省级人员", Role.STAFF, "320000", "staff of a province's bureau, keeps the accounts below it"),
    ("county2", "示例县级人员二", Role.STAFF, "370102", "staff of a county's bureau in another province"),
    ("city2", "示例市级人员二", Role.STAFF, "370100", "staff of that county's city"),
    ("province2", "示例省级人员二", Role.STAFF, "370000", "staff of that province"),
    ("enterprise", "示例企业", Role.ENTERPRISE, "", "an enterprise that its county has confirmed"),
    ("applicant", "示例申请人", "", "", "an enterprise that waits to be confirmed by county, city or province"),
    ("secretariat", "示例秘书处", Role.SECRETARIAT, "", "a committee's secretariat"),
    ("expert", "示例专家", Role.EXPERT, "", "an expert"),
    ("auditor", "示例审计员", Role.AUDITOR, "", "reads everything, the trail included; changes nothing"),
    ("admin", "示例系统管理员", Role.SYSTEM_ADMIN, "", "accounts and settings; no business"),
    ("security", "示例安全管理员", Role.SECURITY_ADMIN, "", "gives roles to others and takes them back"),
]
# The enterprise that waits to be confirmed. Its code is made up; its check character is right.
WAITING, WAITING_CODE = "示例申请企业有限公司", "91320682MAEXAMPE1M"
KEEPERS = {"province", "province2"}


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
        for name, count in (
            ("organizations", load_example_organizations(by=by)),
            ("committees", load_example_committees(by=by)),
            ("contributions", load_example_contributions(by=by)),
            ("committees' standards", load_example_care(by=by)),
        ):
            if count:
                self.stdout.write(f"Loaded {count} example {name} (示例).")
        self._open_accounts(by)

    def _open_accounts(self, by: Actor) -> None:
        self.stdout.write("Example accounts (new passwords with every load):")
        for name, full_name, role, code, what in ACCOUNTS:
            password = self._account(name, full_name)
            if password and role:
                self._appoint(name, role, code, by)
            shown = f"{name} / {password}" if password else f"{name}: an account of that name is in use; left alone"
            self.stdout.write(f"  {shown}  — {what}")

        self._register(by)

    def _register(self, by: Actor) -> None:
        """The registration that waits, once; an earlier load's may have been decided since."""
        user = User.objects.get(username="applicant")
        if not user.is_example or user.registrations.exists():
            return
        region = Region.objects.valid().get(code="320682")
        said = {"contact": user.full_name, "phone": "13800000000", "email": "applicant@example.cn"}
        facts = Facts(credit_code=WAITING_CODE, name=WAITING, region=region, **said)
        registration = send_registration(user, facts=facts, by=by)
        registration.is_example = True
        registration.save(update_fields=["is_example"])

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
        if user.current_grants:
            return
        organization = None
        if role in OF_AN_ORGANIZATION:
            organization = example_body(ENTERPRISE if role == Role.ENTERPRISE else BODY)
        region = Region.objects.valid().get(code=code) if code else None
        place = {"region": region, "organization": organization}
        give_role(user, role, by=by, **place, keeps_accounts=name in KEEPERS)

    def _remove(self, by: Actor) -> None:
        remove_example_care(by=by)
        left = remove_example_committees(by=by) + remove_example_standards(by=by)
        remove_example_organizations(by=by)
        accounts = list(User.objects.select_for_update().filter(is_example=True, is_active=True))
        for user in accounts:
            take_version(user, user.version)
            user.is_active = False
            user.save(update_fields=["is_active"])
            record(user, Event.Action.UPDATED, {"is_active": [True, False]}, by=by)
        closed = len(accounts)
        self.stdout.write(f"Removed the examples; {left} records changed since were left; {closed} accounts closed.")
