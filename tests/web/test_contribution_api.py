"""Contributions through the REST API: rows, figures, files, writing with the version that was read."""

import json

import pytest
from django.test import Client
from knox.models import get_token_model

from catalog.models import Contribution
from directory.merging import merge_organizations
from directory.models import Role, User
from records.models import Event
from records.trail import SYSTEM
from tests.catalog.ledger import enter, make_ledger
from tests.factories import appoint, make_organization, make_standard, make_user

pytestmark = pytest.mark.django_db
URL = "/api/v1/contributions/"


def caller(name: str, role: str, code: str) -> Client:
    user = make_user(name)
    appoint(user, role, code)
    token = get_token_model().objects.create(User.objects.get(pk=user.pk))[1]
    return Client(headers={"Authorization": f"Token {token}"})


def send(client: Client, method: str, path: str, body: dict | None = None, **headers: str):
    return client.generic(method, path, json.dumps(body or {}), "application/json", headers=headers)


def test_rows_say_under_which_rules_they_lead(client):
    make_ledger()

    answer = client.get(URL, {"level": "international", "region": "3206"}).json()

    assert (answer["count"], answer["standards"]) == (2, 2)
    assert [(row["standard"], row["rank"], row["leads_under"]) for row in answer["results"]] == [
        ("ISO 4:2023", 1, ["first", "first_two", "printed"]),
        ("ISO 5:2025", 3, ["recognized"]),
    ]


@pytest.mark.parametrize("rule", ["first", "first_two", "printed", "recognized"])
def test_figures_are_those_that_the_rows_come_to(client, rule):
    make_ledger()
    asked = {"region": "3206", "rule": rule, "on": "2026-06-30"}

    answer = client.get(f"{URL}counts/", asked).json()

    assert answer["rule"]["name"] == rule
    for figure in answer["levels"]:
        for role in ("lead", "participate"):
            rows = client.get(URL, {**asked, "counted": "1", "level": figure["level"], "role": role}).json()
            assert rows["standards"] == figure[role]


@pytest.mark.parametrize("asked", [{"colour": "red"}, {"rule": "last"}, {"format": "pdf"}, {"page": "0"}])
def test_what_cannot_be_asked_is_refused(client, asked):
    assert client.get(URL, asked).status_code == 400


@pytest.mark.parametrize("path", [URL, f"{URL}counts/"])
@pytest.mark.parametrize("form", ["csv", "xlsx", "jsonl"])
def test_a_view_as_a_file(client, path, form):
    make_ledger()

    answer = client.get(path, {"format": form, "level": "provincial"})

    content = b"".join(answer.streaming_content)
    assert answer.status_code == 200
    assert form == "xlsx" or "DB32/T 3-2025" in content.decode() or path != URL


@pytest.mark.parametrize("path", [URL, f"{URL}counts/"])
def test_who_takes_a_file_is_noted(path):
    make_ledger()

    answer = caller("c", Role.STAFF, "320600").get(path, {"format": "csv"})

    rows = len(b"".join(answer.streaming_content).splitlines()) - 1
    events = Event.objects.filter(action="exported", channel="api")
    assert [(one.actor_name, one.changes["rows"], one.changes["format"]) for one in events] == [
        ("c", [None, rows], [None, "csv"])
    ]


def test_a_name_that_two_bore_waits_where_only_the_year_is_known():
    make_standard("GB/T 1-2015", published_on="2015-01-01", published_precision="year")
    make_organization("甲公司").names.update(valid_to="2015-06-01")
    make_organization("甲公司", "320500").names.update(valid_from="2015-06-01")

    made = send(
        caller("c", Role.CATALOGUER, "320600"), "POST", URL, {"standard": "gb-t-1-2015", "printed_name": "甲公司"}
    )

    assert (made.status_code, made.json()["organization"]) == (201, None)


def test_a_contribution_is_entered_amended_and_voided_with_its_trail():
    make_standard("GB/T 1-2020", published_on="2020-01-01")
    organization = make_organization("甲公司")
    api = caller("c", Role.CATALOGUER, "320600")

    made = send(api, "POST", URL, {"standard": "gb-t-1-2020", "printed_name": "甲公司", "rank": 1})
    assert (made.status_code, made.json()["organization"], made["ETag"]) == (201, organization.pk, '"1"')
    path = f"{URL}{made.json()['id']}/"
    amended = send(api, "PATCH", path, {"printed_role": "负责起草单位"}, **{"If-Match": made["ETag"]})
    assert (amended.status_code, amended.json()["role"], amended["ETag"]) == (200, "lead_drafter", '"2"')
    voided = send(api, "DELETE", f"{path}?reason=误录", **{"If-Match": amended["ETag"]})
    assert voided.status_code == 204

    events = Event.objects.filter(object_type="catalog.contribution").order_by("pk")
    assert list(events.values_list("action", "channel")) == [("created", "api"), ("updated", "api"), ("voided", "api")]
    assert api.get(path).status_code == 404


def test_who_read_an_older_version_or_none_is_refused():
    (row,) = enter(make_standard("GB/T 1-2020"), "某厂")
    api = caller("c", Role.CATALOGUER, "320600")
    path = f"{URL}{row.pk}/"

    assert send(api, "PATCH", path, {"rank": 2}).status_code == 428
    assert send(api, "PATCH", path, {"rank": 2}, **{"If-Match": '"7"'}).status_code == 412
    assert Contribution.objects.get().rank == 1


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"printed_name": "乙", "rank": 1}, 400),
        ({"printed_name": ""}, 400),
        ({"printed_name": "乙", "rank": 0}, 400),
        ({"printed_name": "乙", "colour": "red"}, 400),
        ({"printed_name": "乙", "organization": 999999}, 400),
        ({"printed_name": "乙", "recognition_document": "认定1号"}, 400),
        ({"printed_name": "乙", "standard": "none"}, 404),
    ],
)
def test_what_cannot_stand_is_refused(body, status):
    enter(make_standard("GB/T 1-2020"), "甲")
    api = caller("c", Role.CATALOGUER, "320600")

    assert send(api, "POST", URL, {"standard": "gb-t-1-2020", **body}).status_code == status
    assert Contribution.objects.count() == 1


def test_another_divisions_contribution_is_read_and_not_written():
    (row,) = enter(make_standard("GB/T 1-2020"), make_organization("苏州公司", "320500"))
    api = caller("s", Role.STAFF, "320600")
    path = f"{URL}{row.pk}/"

    assert api.get(path).status_code == 200
    assert send(api, "PATCH", path, {"rank": 2}, **{"If-Match": '"1"'}).status_code == 403
    assert Contribution.objects.get().rank == 1


def test_a_merge_of_organizations_takes_their_contributions_along(client):
    one, other = make_organization("甲公司"), make_organization("乙公司")
    standard = make_standard("GB/T 1-2020", published_on="2020-01-01")
    enter(standard, one, other)

    merge_organizations(one, other, by=SYSTEM, reason="合并")

    rows = Contribution.objects.order_by("rank")
    assert list(rows.values_list("printed_name", "organization_id")) == [("甲公司", other.pk), ("乙公司", other.pk)]
    answer = client.get(f"{URL}counts/", {"organization": other.pk}).json()
    assert answer["total"] == {"lead": 1, "participate": 0, "total": 1}
