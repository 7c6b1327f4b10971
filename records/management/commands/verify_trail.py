"""Prove the trail against its seals: `verify_trail`; exit 1 and the first bad event or seal where something was changed."""

from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError

from records.verifying import Tampered, note_verified, verify_trail


class Command(BaseCommand):
    help = "Hold every event against the seals, and every seal against the one before and the second place."

    def handle(self, *args, **options):
        try:
            done = verify_trail()
        except Tampered as found:
            self._note(fault=str(found.fault))
            raise CommandError(f"The trail was tampered with: {found.fault}.") from found
        self.stdout.write(f"{done.events} events stand as {done.seals} seals say; {done.unsealed} are not sealed yet.")
        if done.lagging:
            self.stdout.write(f"The second place lacks the last {done.lagging} seals; seal_trail writes them there.")
        if done.torn:
            self.stdout.write(f"The second place has {done.torn} unfinished lines, as a crash leaves them.")
        self._note(done)

    def _note(self, *result, **fault):
        """The auditor's page shows the last result; where this account may only read, it says so and goes on."""
        try:
            note_verified(*result, **fault)
        except DatabaseError as refusal:
            self.stderr.write(f"The result could not be written into the trail: {refusal}")
