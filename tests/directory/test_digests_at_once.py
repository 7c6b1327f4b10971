"""Two runs at the same moment tell a new hit once, on either database; of two windows one saves."""

import pytest
from django.core import mail

from directory.digests import send_digests
from directory.models import SavedSearch
from directory.searches import SearchChanged, SearchRefused, change_search, save_search
from records.trail import Actor
from tests.factories import make_search, make_standard, make_user
from tests.reference import load_reference
from tests.threads import at_once, own_database

pytestmark = pytest.mark.django_db(transaction=True)


def test_two_runs_at_once_send_one_mail(tmp_path):
    load_reference()
    user = make_user("reader", email="reader@example.org")
    make_search(user, "茶", "q=茶", subscribed=True, by_mail=True)
    make_standard("GB/T 1-2020", "茶")

    with own_database(tmp_path):
        runs = at_once(*[send_digests] * 4)

    assert (sorted(run.hits for run in runs), len(mail.outbox)) == ([0, 0, 0, 1], 1)


def test_of_two_changes_at_once_one_is_refused(tmp_path):
    load_reference()
    user = make_user("reader")
    search = make_search(user, "茶")

    def rename(name):
        def work():
            try:
                return change_search(search, version=1, name=name, by=Actor(user=user)).name
            except SearchChanged:
                return None

        return work

    with own_database(tmp_path):
        names = at_once(rename("a"), rename("b"), rename("c"))
        kept = SavedSearch.objects.get().name

    assert [name for name in names if name] == [kept]


def test_of_two_searches_of_one_name_at_once_one_is_kept(tmp_path):
    load_reference()
    user = make_user("reader")

    def save():
        try:
            save_search(user, list_key="standards", name="茶", query="", by=Actor(user=user))
        except SearchRefused:
            return False
        return True

    with own_database(tmp_path):
        saved = at_once(save, save, save)
        kept = SavedSearch.objects.count()

    assert (sorted(saved), kept) == ([False, False, True], 1)
