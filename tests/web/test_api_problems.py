"""Every refusal of the API has one shape, a stable code and words a person can read."""

import re

import pytest
from django.core.cache import cache
from knox.models import get_token_model

from tests.factories import make_standard

pytestmark = pytest.mark.django_db
LIST = "/api/v1/standards/"
CHINESE = re.compile(r"[\u4e00-\u9fff]")
STALE = {"etag", "version", "changed_by", "changed_at"}  # told to a late writer
MEMBERS = {"type", "title", "status", "code", "detail", "request_id"}


@pytest.fixture
def answers(client, token, clerk):
    """One refusal of each kind, by its code."""
    make_standard("GB/T 1-2020")
    one = f"{LIST}gb-t-1-2020/"
    key = {"Authorization": f"Token {token}"}
    json = {"content_type": "application/json"}
    body = {"number": "GB/T 1-2020", "title": "茶叶"}
    other = get_token_model().objects.create(clerk)[1]
    return {
        (400, "invalid"): client.get(LIST, {"level": "x"}),
        (400, "parse_error"): client.post(LIST, "{", headers=key, **json),
        (401, "not_authenticated"): client.post(LIST, body, **json),
        (401, "authentication_failed"): client.get(LIST, headers={"Authorization": "Token nonsense"}),
        (403, "permission_denied"): client.post(LIST, body, headers={"Authorization": f"Token {other}"}, **json),
        (404, "not_found"): client.get(f"{LIST}gb-t-9-2020/"),
        (405, "method_not_allowed"): client.put(one, body, headers=key, **json),
        (406, "not_acceptable"): client.get(LIST, headers={"Accept": "image/png"}),
        (409, "exists"): client.post(LIST, body, headers=key, **json),
        (412, "stale"): client.patch(one, {}, headers={**key, "If-Match": '"7"'}, **json),
        (415, "unsupported_media_type"): client.post(LIST, "a=1", content_type="text/plain", headers=key),
        (428, "version_missing"): client.patch(one, {}, headers=key, **json),
    }


def test_each_refusal_has_its_status_and_code(answers):
    found = {ends: (answer.status_code, answer.json()["code"]) for ends, answer in answers.items()}

    assert found == {ends: ends for ends in answers}


def test_each_refusal_is_problem_json_in_chinese(answers):
    bodies = {ends: answer.json() for ends, answer in answers.items()}

    assert {answer["Content-Type"] for answer in answers.values()} == {"application/problem+json"}
    assert {ends: set(body) - {"errors", "url", *STALE} for ends, body in bodies.items()} == dict.fromkeys(
        bodies, MEMBERS
    )
    assert {ends: body["status"] for ends, body in bodies.items()} == {ends: ends[0] for ends in bodies}
    assert {body["type"].removesuffix(body["code"]) for body in bodies.values()} == {"urn:standards-hub:problem:"}
    assert [ends for ends, body in bodies.items() if not CHINESE.search(body["title"])] == []
    assert [ends for ends, body in bodies.items() if not CHINESE.search(body["detail"])] == []
    assert {ends: answer["X-Request-Id"] for ends, answer in answers.items()} == {
        ends: body["request_id"] for ends, body in bodies.items()
    }


def test_refusals_say_what_the_protocol_asks(answers):
    assert answers[401, "not_authenticated"]["WWW-Authenticate"] == "Token"
    assert answers[405, "method_not_allowed"]["Allow"] == "GET, PATCH, DELETE, HEAD, OPTIONS"
    assert answers[409, "exists"].json()["url"] == f"http://testserver{LIST}gb-t-1-2020/"


def test_errors_name_field_code_and_message(client):
    body = client.get(LIST, {"page_size": "0"}).json()

    assert [set(error) for error in body["errors"]] == [{"field", "code", "message"}]
    assert (body["errors"][0]["field"], bool(CHINESE.search(body["errors"][0]["message"]))) == ("page_size", True)


@pytest.mark.parametrize(
    "path",
    [
        "/api/v1/nothing/",
        "/api/nothing/",
        "/api/v1/standards/%00/",
        "/api/v1/standards/a%00b/",
        "/api/v1/families/%00/",
        "/api/v1/families/nothing/",
        "/api/v1/standards/" + "a" * 3000 + "/",
        "/api/v1/standards/%ED%A0%80/",
        "/api/v1/standards/%F0%9F%91%A8/",
        "/api/v1/standards/../../etc/passwd/",
    ],
)
def test_what_is_not_there_is_a_problem_too(client, path):
    response = client.get(path)

    assert (response.status_code, response["Content-Type"], response.json()["code"]) == (
        404,
        "application/problem+json",
        "not_found",
    )


def test_a_failure_of_ours_is_a_problem_too(client, monkeypatch):
    client.raise_request_exception = False
    monkeypatch.setattr("catalog.api.data_as_of", lambda: 1 / 0)

    response = client.get(LIST)

    assert (response.status_code, response["Content-Type"], response.json()["code"]) == (
        500,
        "application/problem+json",
        "error",
    )
    assert "Traceback" not in response.content.decode()
    assert response.json()["request_id"] == response["X-Request-Id"]


def test_too_many_requests_are_told_how_long_to_wait(client):
    for _ in range(120):
        client.get(LIST)

    refused = client.get(LIST)
    cache.clear()

    assert (refused.status_code, refused.json()["code"], refused["Content-Type"]) == (
        429,
        "throttled",
        "application/problem+json",
    )
    assert 0 < int(refused["Retry-After"]) <= 60
    assert CHINESE.search(refused.json()["detail"])
    assert client.get(LIST).status_code == 200


def test_exports_without_an_account_are_throttled_earlier(client, token):
    make_standard("GB/T 1-2020")

    anonymous = [client.get(LIST, {"format": "csv"}).status_code for _ in range(11)]
    lists = client.get(LIST).status_code
    signed = [
        client.get(LIST, {"format": "csv"}, headers={"Authorization": f"Token {token}"}).status_code for _ in range(11)
    ]

    assert (anonymous, lists, signed) == ([200] * 10 + [429], 200, [200] * 11)


def test_a_made_up_address_does_not_escape_the_throttle(client):
    statuses = [
        client.get(LIST, {"format": "csv"}, headers={"X-Forwarded-For": f"10.0.0.{n}"}).status_code for n in range(11)
    ]

    assert statuses[-1] == 429


def test_another_method_on_a_list_is_refused(client, token):
    key = {"Authorization": f"Token {token}"}

    calls = {
        path: client.post(path, {}, content_type="application/json", headers=key).status_code
        for path in ("/api/v1/standards/facets/", "/api/v1/regions/", "/api/v1/classifications/", "/api/v1/families/x/")
    }

    assert calls == dict.fromkeys(calls, 405)
