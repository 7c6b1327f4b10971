"""A local standard is kept by its issuing division and those above; all others by every cataloguer."""

import re

import pytest
from django.urls import reverse
from knox.models import get_token_model

from catalog.keeping import out_of_reach
from catalog.models import QualityFlag, Standard
from catalog.numbers import parse
from directory.models import Role, User
from records.importing import ImportRefused, apply_batch
from records.trail import Actor
from tests.factories import appoint, import_csv, make_standard, make_user

pytestmark = pytest.mark.django_db
NUMBERS = [
    "GB/T 1-2020",
    "YY/T 1-2020",
    "T/CAS 1-2020",
    "DB32/T 1-2020",
    "DB3206/T 1-2020",
    "DB3201/T 1-2020",
    "DB33/T 1-2020",
]
REST = NUMBERS[:3]
KEPT = {
    "320000": [*REST, "DB32/T 1-2020", "DB3206/T 1-2020", "DB3201/T 1-2020"],
    "320600": [*REST, "DB3206/T 1-2020"],
    "320682": REST,
    "330000": [*REST, "DB33/T 1-2020"],
}


def cataloguer(code, name="keeper"):
    user = make_user(name)
    appoint(user, Role.CATALOGUER, code)
    return User.objects.get(pk=user.pk)


@pytest.fixture
def catalogue():
    for number in NUMBERS:
        make_standard(number, implemented_on=None)


@pytest.mark.parametrize("code", KEPT)
def test_what_a_cataloguer_keeps(catalogue, code):
    user = cataloguer(code)

    kept = set(Standard.objects.editable_by(user).values_list("number", flat=True))
    barred = out_of_reach([parse(number) for number in NUMBERS], user)

    assert kept == set(KEPT[code])
    assert barred == {parse(number).key for number in NUMBERS} - {parse(number).key for number in KEPT[code]}


@pytest.mark.parametrize("role", [Role.STAFF, Role.AUDITOR, Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN, Role.EXPERT])
def test_nobody_else_keeps_any(catalogue, role):
    user = make_user("other")
    appoint(user, role, "320000" if role == Role.STAFF else "")
    user = User.objects.get(pk=user.pk)

    assert not Standard.objects.editable_by(user).exists()
    assert len(out_of_reach(map(parse, NUMBERS), user)) == len(NUMBERS)


def test_through_the_api_another_divisions_standard_is_read_and_not_written(catalogue, client):
    key = get_token_model().objects.create(cataloguer("320600"))[1]
    headers = {"Authorization": f"Token {key}", "If-Match": '"1"'}
    addresses = {number: f"/api/v1/standards/{Standard.objects.get(number=number).slug}/" for number in NUMBERS}

    def answers(method, body=None):
        send = getattr(client, method)
        return {
            number: send(path + "?reason=x", body, content_type="application/json", headers=headers).status_code
            for number, path in addresses.items()
        }

    changed = answers("patch", {"title": "改"})

    assert {number for number, status in changed.items() if status == 200} == set(KEPT["320600"])
    assert {status for number, status in changed.items() if number not in KEPT["320600"]} == {403}
    assert set(Standard.objects.filter(title="改").values_list("number", flat=True)) == set(KEPT["320600"])


def test_through_the_api_another_divisions_standard_is_not_created(client):
    key = get_token_model().objects.create(cataloguer("320600"))[1]

    statuses = {
        number: client.post(
            "/api/v1/standards/", {"number": number, "title": "新"}, content_type="application/json",
            headers={"Authorization": f"Token {key}"},
        ).status_code
        for number in NUMBERS
    }  # fmt: skip

    assert statuses == {number: 201 if number in KEPT["320600"] else 403 for number in NUMBERS}
    assert set(Standard.objects.values_list("number", flat=True)) == set(KEPT["320600"])


def test_an_import_rejects_the_rows_of_other_divisions_by_name(catalogue, tmp_path):
    rows = "".join(f"{number},改\n" for number in [*NUMBERS, "DB33/T 2-2020"])

    batch = import_csv(
        tmp_path, "标准编号,标准名称\n" + rows, by=Actor(user=cataloguer("320600"), channel="web"), source="某单位"
    )

    rejected = set(batch.rows.filter(outcome="rejected").values_list("label", flat=True))
    assert rejected == {*NUMBERS, "DB33/T 2-2020"} - set(KEPT["320600"])
    assert {problem["cell"] for row in batch.rows.filter(outcome="rejected") for problem in row.problems} == {
        "A5",
        "A7",
        "A8",
        "A9",
    }
    assert not Standard.objects.filter(number="DB33/T 2-2020").exists()


def test_a_batch_is_not_applied_by_somebody_who_may_not(tmp_path):
    text = "标准编号,标准名称\nGB/T 5-2020,茶\nDB32/T 5-2020,醋\n"
    batch = import_csv(tmp_path, text, by=Actor(user=cataloguer("320000"), channel="web"), apply=False)

    with pytest.raises(ImportRefused):
        apply_batch(batch, by=Actor(user=cataloguer("320600", "other"), channel="web"))

    assert not Standard.objects.exists()


def _without_request(answer):
    """A page without the number of its request."""
    return re.sub(r"[0-9A-Za-z]{64}|[0-9a-f]{12}|/flags/\d+/", "", answer.content.decode())


def test_flags_of_other_divisions_are_neither_listed_nor_settled(catalogue, client):
    client.force_login(cataloguer("320600"))
    foreign = QualityFlag.objects.get(standard__number="DB33/T 1-2020")

    listed = {flag.standard.number for flag in client.get(reverse("flags")).context["page"]}
    answer = client.post(reverse("flag_settle", args=[foreign.pk]), {"resolution": "mine"})
    absent = client.post(reverse("flag_settle", args=[10**9]), {"resolution": "mine"})

    assert listed == set(KEPT["320600"])
    assert (answer.status_code, _without_request(answer)) == (404, _without_request(absent))
    assert QualityFlag.objects.get(pk=foreign.pk).settled_at is None


def test_the_back_office_shows_all_and_changes_and_voids_ones_own(catalogue, client):
    client.force_login(cataloguer("320600"))
    list_page = "/admin/catalog/standard/"
    pks = dict(Standard.objects.values_list("number", "pk"))

    editable = {
        number for number, pk in pks.items()
        if client.get(reverse("admin:catalog_standard_change", args=[pk])).context["has_change_permission"]
    }  # fmt: skip
    both = [pks["DB3206/T 1-2020"], pks["DB33/T 1-2020"]]
    client.post(list_page, {"action": "void", "_selected_action": both, "reason": "x", "index": 0})

    assert editable == set(KEPT["320600"])
    assert not Standard.objects.filter(voided_at__isnull=False).exists()


def test_a_local_standard_of_a_code_that_no_division_has_is_nobodys_to_keep():
    number = parse("DB3299/T 1-2020")
    make_standard(str(number))
    user = cataloguer("320000")

    assert out_of_reach([number], user) == {number.key}
    assert not Standard.objects.editable_by(user).exists()
