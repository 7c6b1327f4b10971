"""Another division's record in any field that relates one record to another: refused on every channel, and nothing is saved."""

import pytest
from django.contrib import admin
from django.db.models import ForeignKey, ManyToManyField
from django.urls import reverse
from knox.models import get_token_model

from catalog.models import Standard, StandardRelation
from directory.models import Grant, Organization, Region, Role, User
from records.admin import RegisterAdmin
from records.models import Event
from records.trail import Actor
from tests.factories import appoint, import_csv, make_organization, make_standard, make_user

pytestmark = pytest.mark.django_db
OWN, FOREIGN = "DB3206/T 1-2020", "DB33/T 1-2020"

# Fields of forms that name no record of a division, each with its reason.
NOT_OF_A_DIVISION = {
    ("catalog.standard", "department"): "departments are named by all",
    ("catalog.standard", "classifications"): "a table for all",
    ("catalog.prefix", "successor"): "a table for all",
    ("catalog.classification", "parent"): "a table for all",
    ("directory.region", "parent"): "kept by the system administrator, who has no division",
    ("directory.region", "successors"): "kept by the system administrator, who has no division",
    ("directory.apitoken", "user"): "made by the system administrator, who has no division",
    ("directory.grant", "user"): "accounts have no division; whom it may be given is told by the role's place",
}
REFUSED = {
    ("directory.grant", "region"),
    ("directory.grant", "organization"),
    ("catalog.standardrelation", "source"),
    ("catalog.standardrelation", "target"),
}


@pytest.fixture
def world():
    make_standard(OWN)
    make_standard(FOREIGN)
    user = make_user("nantong")
    appoint(user, Role.CATALOGUER, "320600")
    return User.objects.get(pk=user.pk)


def region(code: str) -> Region:
    return Region.objects.valid().get(code=code)


def pk_of(number: str) -> int:
    return Standard.objects.get(number=number).pk


def test_every_field_of_every_form_is_refused_or_has_a_reason(client):
    client.force_login(make_user("root", every_role=True))
    request = client.get("/admin/").wsgi_request
    cells = set()
    for model, options in admin.site._registry.items():
        if isinstance(options, RegisterAdmin):
            continue  # leads to the record's own page; its reach is tested in test_policies
        if options.has_add_permission(request) or options.has_change_permission(request):
            names = set(options.get_form(request).base_fields)
            related = [f for f in [*model._meta.fields, *model._meta.many_to_many] if f.name in names]
            cells |= {(model._meta.label_lower, f.name) for f in related if isinstance(f, ForeignKey | ManyToManyField)}

    assert cells == REFUSED | NOT_OF_A_DIVISION.keys()


@pytest.mark.parametrize(
    ("source", "kind", "target", "taken"),
    [
        (OWN, "amends", FOREIGN, True),  # names the other, and changes nothing about it
        (FOREIGN, "amends", OWN, False),
        (OWN, "replaces", FOREIGN, False),
        (OWN, "partly_replaces", FOREIGN, False),
    ],
)
def test_a_relation_is_stated_by_whoever_keeps_what_it_changes(client, world, source, kind, target, taken):
    client.force_login(world)
    form = {"source": pk_of(source), "kind": kind, "target": pk_of(target)}
    before = Event.objects.count()

    answer = client.post(reverse("admin:catalog_standardrelation_add"), form)

    assert (answer.status_code, StandardRelation.objects.count()) == ((302, 1) if taken else (200, 0))
    assert taken or (Event.objects.count() == before and "DB" in answer.content.decode())


def test_a_relation_of_others_is_not_taken_back(client, world):
    make_standard("DB33/T 2-2020", replaces=[FOREIGN])
    client.force_login(world)
    relation = StandardRelation.objects.get()

    client.post(
        reverse("admin:catalog_standardrelation_changelist"),
        {"action": "void", "_selected_action": [relation.pk], "reason": "x"},
    )

    relation.refresh_from_db()
    assert relation.voided_at is None


def test_through_the_api_nobody_ends_what_he_does_not_keep(client, world):
    headers = {"Authorization": f"Token {get_token_model().objects.create(world)[1]}"}
    json = {"content_type": "application/json"}

    made = client.post(
        "/api/v1/standards/",
        {"number": "DB3206/T 2-2020", "title": "标准", "replaces": [FOREIGN]},
        headers=headers,
        **json,
    )
    slug = Standard.objects.get(number=OWN).slug
    changed = client.patch(
        f"/api/v1/standards/{slug}/", {"replaces": [FOREIGN]}, headers={**headers, "If-Match": '"1"'}, **json
    )

    for answer in (made, changed):
        assert (answer.status_code, [one["field"] for one in answer.json()["errors"]]) == (400, ["replaces"])
    assert (StandardRelation.objects.count(), Standard.objects.count()) == (0, 2)


def test_a_row_of_a_file_that_ends_what_one_does_not_keep_is_rejected_with_its_cell(world, tmp_path):
    text = f"标准编号,标准名称,替代情况\nDB3206/T 2-2020,改,{FOREIGN}\nDB3206/T 3-2020,改,{OWN}\n"

    batch = import_csv(tmp_path, text, by=Actor(user=world, channel="web"))

    rejected = batch.rows.get(outcome="rejected")
    assert (rejected.label, [problem["cell"] for problem in rejected.problems]) == ("DB3206/T 2-2020", ["C2"])
    assert list(StandardRelation.objects.values_list("target_number", flat=True)) == [OWN]


def test_an_organization_is_neither_made_nor_moved_into_another_division(client):
    own, other = make_organization("本市", "320600"), make_organization("外省", "330000")
    user = make_user("keeper")
    appoint(user, Role.STAFF, "320600")
    client.force_login(user)
    form = {"name": "新", "kind": "other", "version": 1}

    made = client.post(reverse("register_add", args=["organizations"]), form | {"region": "330000"})
    moved, foreign = (
        client.post(reverse("register_edit", args=["organizations", one.pk]), form | {"region": code})
        for one, code in ((own, "330000"), (other, "320600"))
    )

    own.refresh_from_db()
    assert (made.status_code, moved.status_code, foreign.status_code) == (400, 400, 403)
    assert (own.region.code, own.name, Organization.objects.filter(name="新").exists()) == ("320600", "本市", False)


@pytest.mark.parametrize("place", ["region", "organization"])
def test_a_role_for_another_division_is_not_given(client, place):
    keeper, user = make_user("keeper"), make_user("li")
    appoint(keeper, Role.SECURITY_ADMIN, "320600")
    client.force_login(User.objects.get(pk=keeper.pk))
    organization = Organization.objects.create(name="某企业", region=region("330000"))
    values = {"region": {"role": "staff", "region": region("330000").pk}, "organization": {"role": "enterprise", "organization": organization.pk}}[place]  # fmt: skip

    answer = client.post(reverse("admin:directory_grant_add"), {"user": user.pk, "starts_on": "2026-01-01", **values})

    assert (answer.status_code, Grant.objects.filter(user=user).count()) == (200, 0)
