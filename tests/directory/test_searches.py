"""Saved searches: kept, opened, changed, shared, forgotten; each its own account's."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from directory import searches
from directory.grants import take_back_role
from directory.models import Role, SavedSearch, User
from directory.models.searches import above
from directory.packing import packed, unpacked
from directory.searches import SearchChanged, SearchRefused, change_search, delete_search, save_search
from records.models import Event
from records.trail import Actor
from tests.factories import appoint, make_search, make_standard, make_user

pytestmark = pytest.mark.django_db


def officer(name: str, code: str, role: str = Role.STAFF, **fields) -> User:
    user = make_user(name, **fields)
    appoint(user, role, code)
    return User.objects.get(pk=user.pk)


def act(user: User) -> Actor:
    return Actor(user=user, channel="web")


def events(search) -> list[tuple]:
    return [
        (event.action, sorted(event.changes))
        for event in Event.objects.filter(object_type="directory.savedsearch", object_id=search.pk).order_by("pk")
    ]


def test_a_view_is_kept_without_where_one_was_in_it(clerk):
    query = "page=3&q=茶&level=national&level=industry&columns=number&columns=title&view=table&id=4&search=9&on="

    search = save_search(clerk, list_key="standards", name="  茶  叶 ", query=query, by=act(clerk))

    assert (search.name, search.user, search.version) == ("茶 叶", clerk, 1)
    assert search.query == "columns=number%2Ctitle&level=industry&level=national&q=%E8%8C%B6&view=table"
    assert events(search) == [("created", ["list", "name", "query"])]


@pytest.mark.parametrize(
    ("values", "says"),
    [
        ({"name": " "}, "名称"),
        ({"name": "已有"}, "同名"),
        ({"list_key": "nothing"}, "没有这个列表"),
        ({"query": "colour=red"}, "colour"),
        ({"query": "year=x"}, "年代号"),
        ({"query": "department=" + "部" * 500}, "过长"),
    ],
)
def test_what_cannot_be_kept_is_refused_with_the_reason_and_leaves_nothing(clerk, values, says):
    make_search(clerk, "已有")
    before = Event.objects.count()

    with pytest.raises(SearchRefused) as refusal:
        save_search(clerk, by=act(clerk), **{"list_key": "standards", "name": "茶", "query": "q=茶"} | values)

    assert says in str(refusal.value)
    assert (SavedSearch.objects.count(), Event.objects.count()) == (1, before)


def test_an_account_keeps_so_many(clerk, monkeypatch):
    monkeypatch.setattr(searches, "MOST_SEARCHES", 2)
    make_search(clerk, "one")
    make_search(clerk, "two")

    with pytest.raises(SearchRefused):
        make_search(clerk, "three")
    make_search(make_user("other"), "three")

    assert SavedSearch.objects.filter(user=clerk).count() == 2


def test_another_account_may_use_the_same_name(clerk):
    make_search(clerk, "茶")

    assert make_search(make_user("other"), "茶").pk


def test_a_change_is_written_once_and_none_is_written_for_nothing(clerk):
    search = make_search(clerk, "茶", "q=茶")

    renamed = change_search(search, version=1, name="茶叶", by=act(clerk))
    same = change_search(renamed, version=2, name="茶叶", query="page=2&q=茶", by=act(clerk))

    assert (renamed.version, same.version, same.name) == (2, 2, "茶叶")
    assert events(search) == [("created", ["list", "name", "query"]), ("updated", ["name"])]


def test_of_two_windows_the_second_is_told(clerk):
    search = make_search(clerk, "茶")
    change_search(search, version=1, name="茶叶", by=act(clerk))

    with pytest.raises(SearchChanged):
        change_search(search, version=1, name="绿茶", by=act(clerk))

    assert SavedSearch.objects.get().name == "茶叶"


def test_a_search_is_deleted_and_the_trail_keeps_what_it_was(clerk):
    search = make_search(clerk, "茶", "q=茶")
    number = search.pk

    delete_search(search, by=act(clerk))

    event = Event.objects.get(object_type="directory.savedsearch", action="voided")
    assert (SavedSearch.objects.count(), event.object_id, event.changes["name"]) == (0, number, ["茶", None])


def test_who_reads_a_shared_search():
    people = {
        "owner": officer("owner", "320600"),
        "colleague": officer("colleague", "320600", Role.CATALOGUER),
        "below": officer("below", "320682"),
        "above": officer("above", "320000"),
        "beside": officer("beside", "320500"),
        "abroad": officer("abroad", "330000"),
        "nobody": make_user("nobody"),
        "auditor": officer("auditor", "", Role.AUDITOR),
    }
    shared = make_search(people["owner"], "shared", shared=True)
    private = make_search(people["owner"], "private")

    seen = {name: {one.name for one in SavedSearch.objects.visible_to(user)} for name, user in people.items()}
    editable = {name for name, user in people.items() if SavedSearch.objects.editable_by(user).exists()}

    assert (shared.shared_with, private.shared_with) == ("/320000/320600/", "")
    assert {name: found for name, found in seen.items() if found} == {
        "owner": {"shared", "private"},
        "colleague": {"shared"},
        "below": {"shared"},
    }
    assert editable == {"owner"}


def test_what_a_closed_account_shared_is_seen_no_longer():
    owner, colleague = officer("owner", "320600"), officer("colleague", "320600")
    make_search(owner, "shared", shared=True)

    User.objects.filter(pk=owner.pk).update(is_active=False)

    assert list(SavedSearch.objects.visible_to(colleague)) == []


def test_what_was_shared_by_who_works_there_no_longer_is_his_own_again():
    owner, colleague = officer("owner", "320600"), officer("colleague", "320600")
    make_search(owner, "shared", shared=True)

    take_back_role(owner.grants.get(), by=Actor(channel="command"), reason="moved")

    assert list(SavedSearch.objects.visible_to(colleague)) == []
    assert [one.name for one in SavedSearch.objects.visible_to(User.objects.get(pk=owner.pk))] == ["shared"]


def test_only_who_works_for_a_division_shares(clerk):
    search = make_search(clerk, "茶")

    with pytest.raises(SearchRefused):
        change_search(search, version=1, shared=True, by=act(clerk))

    assert not SavedSearch.objects.exclude(shared_with="").exists()


def test_one_click_saves_the_view_and_shows_its_name(client, clerk):
    make_standard("GB/T 1-2020", "茶")
    client.force_login(clerk)
    page = client.get("/standards/?q=茶&status=unknown&view=table&columns=title,number&ordering=-number")

    form = {"list": "standards", "name": page.context["suggested"], "query": page.context["query"]}
    opened = client.post(reverse("searches"), form, follow=True)

    saved = SavedSearch.objects.get()
    assert (saved.name, opened.context["saved"], opened.context["changed"]) == ("茶 待核", saved, False)
    assert [str(head["label"]) for head in opened.context["heads"]] == ["名称", "编号"]
    assert [head["sorted"] for head in opened.context["heads"]] == ["", "descending"]


def test_a_view_that_was_left_bears_a_star_and_a_button_until_it_is_saved(client, clerk):
    search = make_search(clerk, "茶", "q=茶")
    client.force_login(clerk)
    address = f"/standards/?q=茶&level=national&search={search.pk}"

    left = client.get(address)
    client.post(reverse("search_update", args=[search.pk]), {"version": "1", "query": left.context["query"]})
    kept = client.get(address)

    assert (left.context["changed"], reverse("search_update", args=[search.pk]) in left.content.decode()) == (
        True,
        True,
    )
    assert (kept.context["changed"], reverse("search_update", args=[search.pk]) in kept.content.decode()) == (
        False,
        False,
    )
    assert client.get(f"{address}&page=1").context["changed"] is False


def test_a_reader_of_a_shared_search_finds_no_button_to_save_it(client):
    owner, reader = officer("owner", "320600"), officer("reader", "320682")
    search = make_search(owner, "茶", "q=茶", shared=True)
    client.force_login(reader)

    page = client.get(f"/standards/?q=茶&level=national&search={search.pk}").content.decode()

    assert ("由 owner 共享" in page, reverse("search_update", args=[search.pk]) in page) == (True, False)
    assert reverse("search_edit", args=[search.pk]) not in page


def test_a_link_with_a_search_that_is_not_shared_shows_the_view_without_its_name(client, clerk):
    make_standard("GB/T 1-2020", "茶")
    search = make_search(clerk, "秘密", "q=茶")

    page = client.get(f"/standards/?q=茶&search={search.pk}")

    assert (page.status_code, page.context["page"].count, "秘密" in page.content.decode()) == (200, 1, False)


def test_the_form_changes_name_and_sharing_and_keeps_what_was_typed(client):
    owner = officer("owner", "320600")
    search, _other = make_search(owner, "茶"), make_search(owner, "醋")
    client.force_login(owner)
    address = reverse("search_edit", args=[search.pk])

    double = client.post(address, {"name": "醋", "version": "1"})
    done = client.post(address, {"name": "茶叶", "shared": "on", "version": "1"})
    stale = client.post(address, {"name": "绿茶", "version": "1"})

    search.refresh_from_db()
    assert (double.status_code, double.context["form"]["name"].value()) == (400, "醋")
    assert (done.status_code, search.name, search.shared_with) == (302, "茶叶", "/320000/320600/")
    assert (stale.status_code, stale.context["form"]["name"].value()) == (412, "绿茶")
    assert stale.context["form"]["version"].value() == 2


def test_a_name_that_is_taken_is_said_and_kept(client, clerk):
    make_search(clerk, "茶")
    client.force_login(clerk)

    page = client.post(reverse("searches"), {"list": "standards", "name": "茶", "query": "q=茶"})

    assert (page.status_code, page.context["form"]["name"].value()) == (400, "茶")
    assert page.context["form"]["query"].value() == "q=茶"


@pytest.mark.parametrize("name", ["a\x00b", "x" * 101])
def test_a_name_no_database_takes_is_refused(client, clerk, name):
    client.force_login(clerk)

    assert client.post(reverse("searches"), {"list": "standards", "name": name, "query": ""}).status_code == 400


def test_what_is_posted_as_a_view_may_be_anything(client, clerk):
    search = make_search(clerk, "茶", "q=茶")
    client.force_login(clerk)

    answers = [
        client.post(reverse("search_update", args=[search.pk]), fields).status_code
        for fields in (
            {},
            {"version": "x"},
            *({"version": "1", "query": one} for one in ("q=\x00", "a=%00&;", "\x00=1", "q=%00")),
        )
    ]

    search.refresh_from_db()
    assert (answers, search.query) == ([302] * 6, "q=%E8%8C%B6")


def test_others_searches_are_no_change_on_the_desk(client):
    owner, boss = officer("owner", "320682"), officer("boss", "320600")
    client.force_login(owner)
    client.post(reverse("searches"), {"list": "standards", "name": "秘密", "query": "q=茶"})
    client.force_login(boss)

    assert "秘密" not in client.get("/desk/").content.decode()


@pytest.mark.parametrize("path", ["/account/searches/", "/account/", "/desk/"])
def test_lists_of_searches_ask_a_constant_number_of_queries(client, path):
    owner = officer("owner", "320600")
    client.force_login(owner)
    make_standard("GB/T 1-2020", "茶")
    asked = []
    for name in "abc":
        make_search(owner, name, "q=茶", subscribed=True)
        client.get(path)
        with CaptureQueriesContext(connection) as captured:
            assert name in client.get(path).content.decode()
        asked.append(len(captured))

    assert len(set(asked)) == 1


def test_the_paths_above_a_division():
    assert above("/320000/320600/") == ["/320000/", "/320000/320600/"]
    assert above("") == []


@pytest.mark.parametrize("numbers", [set(), {1}, {5, 3, 10**12, 4}, set(range(0, 15000, 3))])
def test_numbers_are_packed_and_unpacked(numbers):
    assert unpacked(packed(numbers)) == numbers


def test_five_thousand_numbers_take_little_room():
    assert len(packed(range(300_000, 600_000, 60))) < 1000
    assert unpacked(None) == frozenset()
