"""E-mails that tell accounts of new hits of the searches they subscribe to: one mail an account, each hit once."""

from dataclasses import dataclass
from typing import NamedTuple

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.db import transaction
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.translation import ngettext

from .lists import Hit
from .models import SavedSearch, User
from .packing import packed, unpacked
from .searches import hits_of, list_of_search

ROWS = 20  # of each search that a mail names; the rest is counted
PATIENCE = 20  # seconds for the mail server


@dataclass(frozen=True, slots=True)
class Digest:
    """What a mail says of one search."""

    search: SavedSearch
    count: int
    rows: list[Hit]
    address: str


class Sent(NamedTuple):
    """What a run came to: mails sent, hits they told of, searches that have too many hits to be watched."""

    mails: int
    hits: int
    too_many: list[SavedSearch]


def send_digests() -> Sent:
    """Tell every account that asked for it. Running it again tells nothing twice."""
    waiting = SavedSearch.objects.filter(subscribed=True, by_mail=True, user__is_active=True).exclude(user__email="")
    users = User.objects.filter(pk__in=waiting.values("user")).order_by("pk")
    runs = [send_digest(user) for user in users]
    return Sent(
        sum(run.mails for run in runs), sum(run.hits for run in runs), [one for run in runs for one in run.too_many]
    )


@transaction.atomic
def send_digest(user: User) -> Sent:
    """One account's mail, if there is anything to tell.

    The hits count as told when the mail server has taken the mail: one that refuses it leaves them for the next run, and
    of two runs at once the second waits and finds nothing. A server that dies in the moment between repeats the mail.
    """
    rows = SavedSearch.objects.filter(user=user, subscribed=True, by_mail=True)
    digests, too_many = [], []
    for search in rows.select_for_update(of=("self",)).select_related("user").order_by("pk"):
        hits = hits_of(search)
        if hits is None:
            too_many.append(search)
        elif new := hits - unpacked(search.told):
            digests.append(_digest(search, new))
        if hits is not None and hits != unpacked(search.told):
            SavedSearch.objects.filter(pk=search.pk).update(told=packed(hits))
    if digests:
        _mail(user, digests)
    return Sent(bool(digests), sum(one.count for one in digests), too_many)


def _digest(search: SavedSearch, new: frozenset[int]) -> Digest:
    rows = list_of_search(search).rows(new, search.user)
    address = settings.SITE_URL + reverse("search_new", args=[search.pk]) if settings.SITE_URL else ""
    return Digest(search, len(new), rows[:ROWS], address)


def _mail(user: User, digests: list[Digest]) -> None:
    with translation.override(settings.LANGUAGE_CODE):
        count = sum(one.count for one in digests)
        subject = ngettext("%(count)s new hit of your searches", "%(count)s new hits of your searches", count)
        context = {"user": user, "digests": digests, "site": settings.SITE_URL}
        body = render_to_string("directory/digest_mail.txt", context)
        server = get_connection(timeout=PATIENCE)
        EmailMessage(subject % {"count": count}, body, to=[user.email], connection=server).send()
