"""Denied access and what was taken away are in the trail; a crawler does not flood it."""

import pytest
from django.test import Client
from knox.models import get_token_model

from directory.denied import MOST
from directory.models import Role, User
from records.models import Event
from tests.factories import PASSWORD, appoint, import_csv, make_standard, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def officer():
    user = make_user("officer")
    appoint(user, Role.EXPERT)
    return User.objects.get(pk=user.pk)


def told(**which) -> list[tuple]:
    return list(Event.objects.filter(**which).order_by("pk").values_list("actor_name", "role", "channel", "changes"))


def test_a_denied_page_is_in_the_trail(client, officer):
    client.force_login(officer)

    assert client.get("/imports/").status_code == 403
    assert told(action="refused") == [("officer", "expert", "web", {"denied": [None, "GET /imports/"]})]


def test_a_denied_operation_of_the_api_is_in_the_trail(officer):
    key = get_token_model().objects.create(officer)[1]

    answer = Client().post("/api/v1/standards/", "{}", "application/json", headers={"Authorization": f"Token {key}"})

    assert answer.status_code == 403
    assert told(action="refused") == [("officer", "expert", "api", {"denied": [None, "POST /api/v1/standards/"]})]


def test_who_has_no_account_leaves_none(client):
    client.get("/imports/")
    client.post("/api/v1/standards/", "{}", "application/json")

    assert told(action="refused") == []


def test_what_is_absent_is_not_denied(client, officer):
    client.force_login(officer)
    client.get("/standards/none/")

    assert told(action="refused") == []


def test_a_crawler_leaves_so_many_an_hour_and_the_last_says_so(client, officer):
    client.force_login(officer)
    for _time in range(MOST + 5):
        assert client.get("/flags/").status_code == 403

    changes = [one[3] for one in told(action="refused")]
    assert len(changes) == MOST
    assert [sorted(one) for one in changes] == [["denied"]] * (MOST - 1) + [["denied", "further"]]


# --- taken away -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("form", ["csv", "jsonl", "xlsx"])
def test_an_export_by_a_token_is_in_the_trail(cataloguer, token, form):
    make_standard("GB/T 1-2020")

    answer = Client().get(
        "/api/v1/standards/", {"format": form, "q": "GB/T 1"}, headers={"Authorization": f"Token {token}"}
    )

    assert answer.status_code == 200
    [(actor, role, channel, changes)] = told(action="exported")
    assert (actor, role, channel, changes["query"], changes["rows"], changes["format"]) == (
        "cataloguer", "cataloguer", "api", [None, f"format={form}&q=GB%2FT+1"], [None, 1], [None, form],
    )  # fmt: skip


def test_an_export_from_a_page_is_its_visitors(client, cataloguer):
    client.post("/login/", {"username": "cataloguer", "password": PASSWORD})

    client.post("/standards/export/file/", {"format": "csv", "columns": "number"})

    assert [(actor, role, channel) for actor, role, channel, _changes in told(action="exported")] == [
        ("cataloguer", "cataloguer", "web")
    ]


def test_a_list_is_no_export_and_the_publics_exports_leave_none(client):
    client.get("/api/v1/standards/")
    client.get("/api/v1/standards/", {"format": "csv"})

    assert told(action="exported") == []


def test_rejected_rows_that_are_taken_are_in_the_trail(client, cataloguer, tmp_path):
    batch = import_csv(tmp_path, "标准编号,标准名称\nGB/T 9-2020,醋\n坏,坏\n", apply=False)
    client.force_login(cataloguer)

    assert client.get(f"/imports/{batch.pk}/rejects/").status_code == 200
    assert told(action="exported") == [("cataloguer", "cataloguer", "web", {"rejected": [None, 1]})]
