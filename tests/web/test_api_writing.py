"""Writing through the API: who may, what is taken, what is refused, what it leaves behind."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from knox.models import get_token_model

from catalog.models import Standard, StandardRelation
from records.models import Event
from tests.factories import make_standard, make_user

pytestmark = pytest.mark.django_db
LIST = "/api/v1/standards/"
BODY = {"number": "gb/t 1—2020", "title": " 茶叶  通则 ", "implemented_on": "2020-02-01"}


@pytest.fixture
def api(client, token):
    """A cataloguer's program."""

    def send(method: str, path: str = LIST, data=None, **headers):
        sent = {"Authorization": f"Token {token}"} | {name.replace("_", "-"): value for name, value in headers.items()}
        call = getattr(client, method)
        return call(path, data, content_type="application/json", headers=sent)

    return send


def address(standard: Standard) -> str:
    return f"{LIST}{standard.slug}/"


def test_creating_answers_the_whole_record_and_leaves_a_trace(api, cataloguer):
    response = api(
        "post", data={**BODY, "ics": ["67.140.10"], "ccs": ["X55"], "department": "农业农村部", "reason": "补录"}
    )

    body = response.json()
    event = Event.objects.get(object_type="catalog.standard")
    assert response.status_code == 201
    assert (body["number"], body["title"], body["ics"], body["ccs"], body["department"], body["version"]) == (
        "GB/T 1-2020",
        "茶叶 通则",
        ["67.140.10"],
        ["X55"],
        "农业农村部",
        1,
    )
    assert response["ETag"] == api("get", "/api/v1/standards/gb-t-1-2020/")["ETag"]
    assert (event.actor, event.channel, event.action, event.reason) == (cataloguer, "api", "created", "补录")
    assert api("get", LIST + "?q=茶叶").json()["count"] == 1


def test_changing_with_the_version_that_was_read(api):
    standard = make_standard("GB/T 1-2020", "茶叶", scope="范围", implemented_on="2020-02-01")
    tag = api("get", address(standard))["ETag"]

    response = api("patch", address(standard), {"title": "咖啡", "implemented_on": "2020-03-01"}, If_Match=tag)

    body = response.json()
    event = Event.objects.filter(object_type="catalog.standard").first()
    assert response.status_code == 200
    assert (body["title"], body["implemented_on"], body["scope"], body["version"]) == ("咖啡", "2020-03-01", "范围", 2)
    assert event.changes == {"title": ["茶叶", "咖啡"], "implemented_on": ["2020-02-01", "2020-03-01"]}
    assert api("get", LIST + "?q=茶叶").json()["count"] == 0


def test_changing_nothing_leaves_no_trace(api):
    standard = make_standard("GB/T 1-2020", "茶叶")
    before = Event.objects.count()

    response = api("patch", address(standard), {"title": "茶叶"}, If_Match='"1"')

    assert (response.status_code, response.json()["version"], Event.objects.count()) == (200, 1, before)


def test_a_null_takes_a_day_back(api):
    standard = make_standard("GB/T 1-2020", withdrawn_on="2021-01-01")

    response = api("patch", address(standard), {"withdrawn_on": None}, If_Match='"1"')

    assert response.json()["withdrawn_on"] is None


def test_voiding_needs_a_reason_and_takes_the_record_out(api):
    standard = make_standard("GB/T 1-2020", "茶叶")

    without = api("delete", address(standard), If_Match='"1"')
    voided = api("delete", address(standard) + "?reason=误录", If_Match='"1"')

    standard.refresh_from_db()
    event = Event.objects.filter(object_type="catalog.standard").first()
    assert (without.status_code, without.json()["errors"][0]["field"]) == (400, "reason")
    assert (voided.status_code, api("get", address(standard)).status_code) == (204, 404)
    assert (standard.void_reason, event.action, event.reason) == ("误录", "voided", "误录")


def test_writes_without_the_right_are_refused_and_change_nothing(client, clerk):
    standard = make_standard("GB/T 1-2020", "茶叶")
    keys = {"": 401, "Token nonsense": 401, f"Token {get_token_model().objects.create(clerk)[1]}": 403}
    calls = [("post", LIST), ("patch", address(standard)), ("delete", address(standard) + "?reason=x")]

    answers = {
        (key, method): getattr(client, method)(
            path,
            {**BODY, "number": "GB/T 9-2020"},
            content_type="application/json",
            headers={"If-Match": '"1"'} | ({"Authorization": key} if key else {}),
        )
        for key in keys
        for method, path in calls
    }

    assert {ends: answer.status_code for ends, answer in answers.items()} == {
        (key, method): status for key, status in keys.items() for method, _path in calls
    }
    assert {answer["Content-Type"] for answer in answers.values()} == {"application/problem+json"}
    assert list(Standard.objects.values_list("number", "title", "voided_at")) == [("GB/T 1-2020", "茶叶", None)]


def test_a_session_does_not_write(client, cataloguer):
    client.force_login(cataloguer)

    assert client.post(LIST, BODY, content_type="application/json").status_code == 401


def test_dead_tokens_do_not_write(client, cataloguer):
    model = get_token_model()
    expired, expired_key = model.objects.create(cataloguer)
    model.objects.filter(pk=expired.pk).update(expiry=timezone.now() - timedelta(seconds=1))
    revoked, revoked_key = model.objects.create(cataloguer)
    revoked.delete()
    former = make_user("former", cataloguer=True)
    _token, former_key = model.objects.create(former)
    former.is_active = False
    former.save()

    statuses = [
        client.post(LIST, BODY, content_type="application/json", headers={"Authorization": f"Token {key}"}).status_code
        for key in (expired_key, revoked_key, former_key)
    ]

    assert statuses == [401, 401, 401]


def test_an_existing_number_in_another_spelling_is_a_conflict_that_links_to_it(api):
    make_standard("GB/T 1-2020")

    answers = [api("post", data={**BODY, "number": text}) for text in ("GB/T 1-2020", "gbt1-2020", "ＧＢ／Ｔ 1—2020")]

    assert {(answer.status_code, answer.json()["code"]) for answer in answers} == {(409, "exists")}
    assert {answer.json()["url"] for answer in answers} == {"http://testserver/api/v1/standards/gb-t-1-2020/"}


@pytest.mark.parametrize(("method", "body"), [("patch", {"title": "咖啡"}), ("delete", None)])
def test_without_the_version_nothing_is_changed(api, method, body):
    standard = make_standard("GB/T 1-2020", "茶叶")

    missing = api(method, address(standard) + "?reason=x", body)
    stale = api(method, address(standard) + "?reason=x", body, If_Match='"7"')
    nonsense = api(method, address(standard) + "?reason=x", body, If_Match="*")

    standard.refresh_from_db()
    assert [(answer.status_code, answer.json()["code"]) for answer in (missing, stale, nonsense)] == [
        (428, "version_missing"),
        (412, "stale"),
        (412, "stale"),
    ]
    assert (standard.title, standard.version, standard.voided_at) == ("茶叶", 1, None)


def test_the_second_of_two_writers_is_refused(api):
    standard = make_standard("GB/T 1-2020", "茶叶")
    tag = api("get", address(standard))["ETag"]

    first = api("patch", address(standard), {"title": "咖啡"}, If_Match=tag)
    second = api("patch", address(standard), {"scope": "范围"}, If_Match=tag)

    assert (first.status_code, second.status_code) == (200, 412)


REFUSED = [
    ({"number": "不是标准号"}, "number"),
    ({"number": "GB/T 1"}, "number"),
    ({"number": ""}, "number"),
    ({"number": None}, "number"),
    ({"number": "DB320682/T 1-2019"}, "number"),
    ({"number": ["GB/T 1-2020"]}, "number"),
    ({"title": ""}, "title"),
    ({"title": "茶\u0000叶"}, "title"),
    ({"title": "茶\u202e叶"}, "title"),
    ({"title": "x" * 501}, "title"),
    ({"title": {"zh": "茶"}}, "title"),
    ({"published_on": "2024-02-30"}, "published_on"),
    ({"published_on": "昨天"}, "published_on"),
    ({"published_on": "2020-01-01", "withdrawn_on": "2019-01-01"}, "withdrawn_on"),
    ({"suspended_on": "2020-01-01"}, "status_document"),
    ({"ics": ["A00"]}, "ics"),
    ({"ics": ["99.999"]}, "ics"),
    ({"ics": "67.140"}, "ics"),
    ({"ccs": ["67"]}, "ccs"),
    ({"replaces": ["不是标准号"]}, "replaces.0"),
    ({"replaces": ["GB/T 1-2020"]}, "replaces"),
    ({"colour": "red"}, "colour"),
    ({"id": 1}, "id"),
    ({"version": 9}, "version"),
    ({"status": "in_force"}, "status"),
    ({"replaced_on": "2020-01-01"}, "replaced_on"),
    ({"is_example": True}, "is_example"),
    ({"voided_at": None}, "voided_at"),
    ({"slug": "x"}, "slug"),
    ({"key": "x"}, "key"),
    ({"level": "group"}, "level"),
    ({"family": 1}, "family"),
]


@pytest.mark.parametrize(("values", "field"), REFUSED, ids=lambda value: ascii(value)[:40])
def test_values_that_cannot_stand_are_refused_with_the_field(api, values, field):
    response = api("post", data={**BODY, **values})

    body = response.json()
    assert (response.status_code, body["code"]) == (400, "invalid")
    assert {error["field"].removesuffix(".0") for error in body["errors"]} == {field.removesuffix(".0")}
    assert not Standard.objects.exists()


@pytest.mark.parametrize("text", ["", "[]", "1", '"x"', "null", "{", "[{}]", '{"title": "\\ud800"}', "\xff"])
def test_bodies_that_are_no_record_are_refused(api, client, token, text):
    response = client.generic(
        "POST", LIST, text, content_type="application/json", headers={"Authorization": f"Token {token}"}
    )

    assert (response.status_code, response["Content-Type"]) == (400, "application/problem+json")


def test_resuming_what_was_never_suspended_contradicts_the_record(api):
    created = api("post", data={**BODY, "resumed_on": "2020-01-01"})
    standard = make_standard("GB/T 2-2020", published_on="2020-01-01")
    changed = api("patch", address(standard), {"withdrawn_on": "2019-01-01"}, If_Match='"1"')
    untitled = api("patch", address(standard), {"title": ""}, If_Match='"1"')

    assert [answer.status_code for answer in (created, changed, untitled)] == [400, 400, 400]
    assert not Standard.objects.filter(number="GB/T 1-2020").exists()


def test_the_number_is_not_changed(api):
    standard = make_standard("GB/T 1-2020")

    response = api("patch", address(standard), {"number": "GB/T 2-2020"}, If_Match='"1"')

    assert (response.status_code, response.json()["errors"][0]["field"]) == (400, "number")


def test_what_is_replaced_is_exchanged_and_nothing_else(api):
    make_standard("GB/T 1-2000")
    make_standard("GB/T 1-2010", implemented_on="2010-01-01")
    middle = make_standard("GB/T 1-2015", implemented_on="2015-01-01", replaces=["GB/T 1-2010"])
    make_standard("GB/T 1-2020", implemented_on="2020-01-01", replaces=["GB/T 1-2015"])
    make_standard("GB/T 1-2015/XG1-2016", "修改单", relations=[
        ["gb/t 1-2015/xg1-2016", "amends", "gb/t 1-2015", "GB/T 1-2015/XG1-2016", "GB/T 1-2015", "", ""]
    ])  # fmt: skip

    response = api("patch", address(middle), {"replaces": ["GB/T 1-2000", "gbt 1—2000"]}, If_Match='"1"')

    current = StandardRelation.objects.filter(voided_at=None).values_list("source_number", "kind", "target_number")
    assert response.status_code == 200
    assert set(current) == {
        ("GB/T 1-2015", "replaces", "GB/T 1-2000"),
        ("GB/T 1-2020", "replaces", "GB/T 1-2015"),
        ("GB/T 1-2015/XG1-2016", "amends", "GB/T 1-2015"),
    }
    days = dict(Standard.objects.filter(kind="standard").values_list("number", "replaced_on"))
    assert {number: day and day.year for number, day in days.items()} == {
        "GB/T 1-2000": 2015,
        "GB/T 1-2010": None,
        "GB/T 1-2015": 2020,
        "GB/T 1-2020": None,
    }


def test_what_a_number_says_about_relations_is_stored(api):
    amendment = api("post", data={"number": "GB/T 1-2020/XG1-2021", "title": "修改单"})
    adoption = api("post", data={"number": "GB/T 2-2020/ISO 9:2015", "title": "采用", "replaces": ["GB/T 2-2010"]})

    assert (amendment.status_code, adoption.status_code) == (201, 201)
    stored = StandardRelation.objects.values_list("source_number", "kind", "target_number", "degree")
    assert set(stored) == {
        ("GB/T 1-2020/XG1-2021", "amends", "GB/T 1-2020", ""),
        ("GB/T 2-2020", "adopts", "ISO 9:2015", "IDT"),
        ("GB/T 2-2020", "replaces", "GB/T 2-2010", ""),
    }


def test_a_voided_number_may_be_entered_again(api):
    standard = make_standard("GB/T 1-2020")
    api("delete", address(standard) + "?reason=误录", If_Match='"1"')

    response = api("post", data=BODY)

    assert (response.status_code, response.json()["version"]) == (201, 1)


@pytest.mark.parametrize("character", ["𠮷", "𬭛", "𪚥", "㛃", "👨‍👩‍👧", "ﷺ", "㍿", "é"])
def test_rare_characters_come_back_unchanged(api, character):
    title = character * 100

    created = api("post", data={**BODY, "title": title})

    assert created.status_code == 201
    assert api("get", reverse("api:standard-detail", args=["gb-t-1-2020"])).json()["title"] == title
