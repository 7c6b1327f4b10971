"""Mails of new hits: `send_digests`, once a day."""

from django.core.management.base import BaseCommand

from directory.digests import send_digests


class Command(BaseCommand):
    help = "Tell accounts by e-mail of new hits of the searches they subscribe to; run again, it tells nothing twice."

    def handle(self, *args, **options):
        sent = send_digests()
        for search in sent.too_many:
            self.stderr.write(f"Search {search.pk} of {search.user} has too many hits by now and is not watched.")
        self.stdout.write(f"{sent.mails} mails, {sent.hits} new hits.")
