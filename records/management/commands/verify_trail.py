"""Prove the trail against its seals: `verify_trail`; exit 1 and the first bad event or seal where something was changed."""

from django.core.management.base import BaseCommand, CommandError

from records.verifying import Tampered, verify_trail


class Command(BaseCommand):
    help = "Hold every event against the seals, and every seal against the one before and the second place."

    def handle(self, *args, **options):
        try:
            done = verify_trail()
        except Tampered as found:
            raise CommandError(f"The trail was tampered with: {found.fault}.") from found
        self.stdout.write(f"{done.events} events stand as {done.seals} seals say; {done.unsealed} are not sealed yet.")
        if done.lagging:
            self.stdout.write(f"The second place lacks the last {done.lagging} seals; seal_trail writes them there.")
        if done.torn:
            self.stdout.write(f"The second place has {done.torn} unfinished lines, as a crash leaves them.")
