"""Give an account a role from the server's own command line: `appoint USERNAME ROLE [--region CODE] [--new]`."""

import secrets

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from directory.grants import GrantRefused, give_role
from directory.models import Organization, Region, Role, User, full_code
from directory.resolving import resolve_names
from records.models import Event
from records.trail import Actor, record


class Command(BaseCommand):
    help = "Give an account a role; the first accounts of a new server are made here (--new)."

    def add_arguments(self, parser):
        parser.add_argument("username")
        parser.add_argument("role", choices=Role.values)
        parser.add_argument(
            "--region", metavar="CODE", help="the division, for staff, cataloguers and security administrators"
        )
        parser.add_argument(
            "--organization",
            metavar="NAME",
            help="the organization or its credit code, for enterprises and secretariats",
        )
        parser.add_argument("--new", action="store_true", help="make the account, with a password that is printed once")

    @transaction.atomic
    def handle(self, *args, **options):
        by = Actor(channel=Event.Channel.COMMAND)
        user = self._account(options["username"], options["new"], by)
        try:
            grant = give_role(
                user,
                options["role"],
                by=by,
                region=self._region(options["region"]),
                organization=self._organization(options["organization"]),
            )
        except ValidationError as error:
            raise CommandError("\n".join(error.messages)) from error
        except GrantRefused as refusal:
            raise CommandError(str(refusal)) from refusal
        self.stdout.write(f"{user}: {grant}")

    def _account(self, name: str, new: bool, by: Actor) -> User:
        user = User.objects.filter(username=name).first()
        if user is None and not new:
            raise CommandError(f"There is no account {name}; --new makes it.")
        if user is None:
            password = secrets.token_urlsafe(12)
            user = User.objects.create_user(name, password=password)
            record(user, Event.Action.CREATED, {"username": [None, name]}, by=by)
            self.stdout.write(f"New account {name} / {password}")
        return user

    def _region(self, code: str | None) -> Region | None:
        if not code:
            return None
        region = Region.objects.valid().filter(code=full_code(code)).first()
        if region is None:
            raise CommandError(f"There is no division {code} today.")
        return region

    def _organization(self, name: str | None) -> Organization | None:
        if not name:
            return None
        found = resolve_names([name])[name]
        if found.is_unknown:
            raise CommandError(f"There is no organization {name}.")
        if found.organization is None:
            meant = "; ".join(f"{one.text} {one.reason}" for one in found.candidates)
            raise CommandError(f"{name} may be: {meant}. Name it by its credit code or its full name.")
        return Organization.objects.get(pk=found.organization)
