"""Seal what is not sealed yet: `seal_trail`. The web process does the same every `SEAL_EVERY` seconds."""

from django.core.management.base import BaseCommand, CommandError

from records.seals import TrailBroken, seal_trail


class Command(BaseCommand):
    help = "Seal the events that no seal covers yet, and complete the second place."

    def handle(self, *args, **options):
        try:
            made = seal_trail()
        except (TrailBroken, OSError) as trouble:
            raise CommandError(str(trouble)) from trouble
        for seal in made:
            late = sum(high - low + 1 for low, high in seal.late)
            self.stdout.write(
                f"Seal {seal.number}: events {seal.first_id} to {seal.last_id}, {seal.count} sealed"
                + (f", {late} of them late" if late else "")
            )
        if not made:
            self.stdout.write("Nothing to seal.")
