"""New hits of subscribed searches: each told once, in the product and by e-mail, whatever made them match."""

from datetime import timedelta

import pytest
from django.core import mail
from django.core.cache import cache
from django.core.management import call_command
from django.urls import reverse
from django.utils import timezone

from catalog import saving
from catalog.editions import save_edition, void_editions
from catalog.models import Standard
from directory.digests import send_digests
from directory.models import SavedSearch, User
from directory.searches import SearchRefused, change_search, new_hits, news_of
from records.trail import SYSTEM, Actor
from tests.factories import make_search, make_standard, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def reader(db):
    return make_user("reader", email="reader@example.org")


def subscribe(user: User, query: str, name: str = "茶", **values) -> SavedSearch:
    return make_search(user, name, query, subscribed=True, by_mail=bool(user.email), **values)


def fresh(search: SavedSearch) -> set[str]:
    new = new_hits(SavedSearch.objects.get(pk=search.pk))
    return set(Standard.objects.filter(pk__in=new).values_list("number", flat=True))


def counts(user: User) -> dict[str, int | None]:
    cache.clear()
    return {one.search.name: one.new for one in news_of(user)}


def test_what_matched_before_is_not_new_and_what_comes_is(reader):
    make_standard("GB/T 1-2020", "茶")
    search = subscribe(reader, "q=茶")

    assert fresh(search) == set()
    make_standard("GB/T 2-2020", "茶")
    make_standard("GB/T 3-2020", "醋")

    assert (fresh(search), counts(reader)) == ({"GB/T 2-2020"}, {"茶": 1})


def test_a_standard_that_is_changed_to_match_is_new(reader):
    standard = make_standard("GB/T 1-2020", "醋")
    search = subscribe(reader, "q=茶")

    save_edition(standard, {"title": "茶"}, by=SYSTEM)

    assert fresh(search) == {"GB/T 1-2020"}


def test_a_standard_that_matches_because_a_day_has_passed_is_new(reader, monkeypatch):
    tomorrow = timezone.localdate() + timedelta(days=1)
    make_standard("GB/T 1-2020", "茶", published_on="2020-01-01", implemented_on=tomorrow)
    search = subscribe(reader, "status=in_force")

    before = fresh(search), counts(reader)
    monkeypatch.setattr(timezone, "localdate", lambda *args: tomorrow)

    assert (before, fresh(search), counts(reader)) == ((set(), {"茶": 0}), {"GB/T 1-2020"}, {"茶": 1})


def test_what_matches_no_longer_is_not_told(reader):
    search = subscribe(reader, "q=茶")
    void_editions([make_standard("GB/T 1-2020", "茶")], by=SYSTEM, reason="double")

    assert fresh(search) == set()


def test_what_was_looked_at_is_seen_and_what_came_meanwhile_is_not(client, reader):
    search = subscribe(reader, "q=茶")
    make_standard("GB/T 1-2020", "茶")
    client.force_login(reader)
    address = reverse("search_new", args=[search.pk])
    page = client.get(address)
    make_standard("GB/T 2-2020", "茶")

    client.post(address, {"ids": ",".join(map(str, page.context["ids"]))})

    assert [row.label for row in page.context["rows"]] == ["GB/T 1-2020 茶"]
    assert (fresh(search), counts(reader)) == ({"GB/T 2-2020"}, {"茶": 1})


def test_looking_again_later_finds_it_as_new_if_it_had_gone(client, reader):
    search = subscribe(reader, "q=茶")
    standard = make_standard("GB/T 1-2020", "茶")
    client.force_login(reader)
    address = reverse("search_new", args=[search.pk])
    client.post(address, {"ids": str(standard.pk)})
    save_edition(standard, {"title": "醋"}, by=SYSTEM)
    client.post(address, {"ids": "x,,９"})

    save_edition(Standard.objects.get(), {"title": "茶"}, by=SYSTEM)

    assert fresh(search) == {"GB/T 1-2020"}


def test_a_mail_tells_each_hit_once_however_often_it_runs(reader):
    subscribe(reader, "q=茶")
    make_standard("GB/T 1-2020", "茶")

    first = send_digests()
    second = send_digests()
    make_standard("GB/T 2-2020", "茶")
    third = send_digests()

    assert [(run.mails, run.hits) for run in (first, second, third)] == [(1, 1), (0, 0), (1, 1)]
    assert [("GB/T 1-2020" in one.body, "GB/T 2-2020" in one.body) for one in mail.outbox] == [
        (True, False),
        (False, True),
    ]
    assert [(one.to, one.subject) for one in mail.outbox] == [(["reader@example.org"], "您订阅的检索有 1 条新结果")] * 2


def test_one_mail_holds_all_searches_of_an_account(reader, settings):
    settings.SITE_URL = "https://standards.example.org"
    subscribe(reader, "q=茶", "茶")
    subscribe(reader, "q=醋", "醋")
    subscribe(reader, "q=米", "米")
    make_standard("GB/T 1-2020", "茶")
    make_standard("GB/T 2-2020", "醋")

    send_digests()

    body = mail.outbox[0].body
    assert (len(mail.outbox), "茶: 1" in body, "醋: 1" in body, "米" in body) == (1, True, True, False)
    assert "https://standards.example.org/standards/gb-t-1-2020/" in body
    assert reverse("search_new", args=[SavedSearch.objects.get(name="茶").pk]) in body


def test_nothing_new_means_no_mail(reader):
    make_standard("GB/T 1-2020", "茶")
    subscribe(reader, "q=茶")

    call_command("send_digests")

    assert mail.outbox == []


def test_a_mail_that_the_server_refuses_is_sent_by_the_next_run(reader, settings):
    subscribe(reader, "q=茶")
    make_standard("GB/T 1-2020", "茶")
    works = settings.EMAIL_BACKEND
    settings.EMAIL_BACKEND = "tests.directory.test_digests.Refusing"

    with pytest.raises(ConnectionRefusedError):
        send_digests()
    settings.EMAIL_BACKEND = works
    send_digests()

    assert [one.to for one in mail.outbox] == [["reader@example.org"]]


class Refusing:
    """A mail server that is not there."""

    def __init__(self, **options):
        pass

    def send_messages(self, messages):
        raise ConnectionRefusedError


def test_what_was_seen_in_the_product_is_not_mailed(client, reader):
    search = subscribe(reader, "q=茶")
    standard = make_standard("GB/T 1-2020", "茶")
    client.force_login(reader)
    client.post(reverse("search_new", args=[search.pk]), {"ids": str(standard.pk)})

    assert send_digests().mails == 0


def test_a_mail_leaves_what_is_new_in_the_product(reader):
    search = subscribe(reader, "q=茶")
    make_standard("GB/T 1-2020", "茶")

    send_digests()

    assert fresh(search) == {"GB/T 1-2020"}


@pytest.mark.parametrize("change", [{"is_active": False}, {"email": ""}])
def test_closed_accounts_and_those_without_an_address_get_none(reader, change):
    subscribe(reader, "q=茶")
    make_standard("GB/T 1-2020", "茶")

    User.objects.filter(pk=reader.pk).update(**change)

    assert send_digests() == (0, 0, [])


def test_a_search_with_too_many_hits_cannot_be_subscribed_to(reader, monkeypatch):
    monkeypatch.setattr(saving, "MOST_HITS", 1)
    make_standard("GB/T 1-2020", "茶")
    make_standard("GB/T 2-2020", "茶")
    search = make_search(reader, "茶", "q=茶")

    with pytest.raises(SearchRefused, match="5000"):
        change_search(search, version=1, subscribed=True, by=Actor(user=reader))

    assert not SavedSearch.objects.filter(subscribed=True).exists()


def test_one_that_grows_too_large_is_said_to_and_told_again_when_it_shrinks(reader, monkeypatch, capsys):
    subscribe(reader, "q=茶")
    make_standard("GB/T 1-2020", "茶")
    monkeypatch.setattr(saving, "MOST_HITS", 0)

    call_command("send_digests")
    grown = counts(reader)
    monkeypatch.setattr(saving, "MOST_HITS", 5)

    assert ("too many hits" in capsys.readouterr().err, grown, counts(reader)) == (True, {"茶": None}, {"茶": 1})
    assert send_digests().hits == 1


def test_a_changed_view_begins_anew(reader):
    make_standard("GB/T 1-2020", "醋")
    search = subscribe(reader, "q=茶")
    make_standard("GB/T 2-2020", "茶")

    change_search(search, version=2, query="q=醋", by=Actor(user=reader))

    assert fresh(search) == set()


def test_a_mail_needs_an_address(clerk):
    search = make_search(clerk, "茶")

    with pytest.raises(SearchRefused):
        change_search(search, version=1, subscribed=True, by_mail=True, by=Actor(user=clerk))


def test_desk_and_account_tell_of_new_hits(client, reader):
    search = subscribe(reader, "q=茶")
    make_standard("GB/T 1-2020", "茶")
    client.force_login(reader)

    pages = [client.get(path).content.decode() for path in ("/desk/", "/account/", "/account/searches/")]

    link = reverse("search_new", args=[search.pk])
    assert [(link in page, "1 条新结果" in page) for page in pages] == [(True, True)] * 3
