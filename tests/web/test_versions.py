"""A late save is refused on every record that people edit, nothing typed is lost, and both changes can be merged."""

from datetime import datetime

import pytest
from django import forms
from django.contrib import admin
from django.core.cache import cache
from django.urls import reverse

from catalog.models import Classification, Prefix, Standard
from directory.models import Region, User
from records.admin import VersionedAdmin
from records.conflicts import VersionForm
from records.models import Event, ImportProfile, Versioned
from records.registers import REGISTERS
from standards_hub.api import router
from tests.factories import make_standard, make_user
from tests.web.forms import form_of, opened_form
from tests.web.pages import Page

pytestmark = pytest.mark.django_db

# A field of each record that people edit, with two values that differ from what stands.
EDITED = {
    "catalog.standard": ("title", "后到", "先来"),
    "catalog.prefix": ("name", "后到", "先来"),
    "catalog.classification": ("name", "后到", "先来"),
    "directory.region": ("name", "后到", "先来"),
    "directory.user": ("full_name", "后到", "先来"),
    "records.importprofile": ("name", "后到", "先来"),
}
# Registered models that nobody edits in a form, each with what keeps two who write at once apart.
NEVER_EDITED = {
    "catalog.standardrelation": "added and taken back; both lock the standards they join",
    "catalog.qualityflag": "settled once, by a conditional update",
    "directory.grant": "given and taken back once, by a conditional update",
    "directory.apitoken": "made and revoked; revoking twice finds nothing",
    "records.importbatch": "moves from state to state by a conditional update",
    "records.event": "written once",
    "directory.organization": "edited, renamed, merged on its own pages, by the version it was opened with",
    "directory.organizationmerge": "undone once, both organizations locked",
    "directory.industry": "a table that is loaded",
    "catalog.contribution": "edited with its standard's whole list, each row by the version it was opened with",
} | {
    one.model._meta.label_lower: "edited on its own page, by the version it was opened with"
    for one in REGISTERS.values()
}
# Forms of models that change no record that stands.
ADDING = {"RelationForm": "adds a relation", "GrantForm": "gives a role"}


def example(label: str):
    makers = {
        "catalog.standard": lambda: make_standard("GB/T 1-2020", "茶叶"),
        "catalog.prefix": lambda: Prefix.objects.get(code="YY"),
        "catalog.classification": lambda: Classification.objects.get(scheme="ics", code="67"),
        "directory.region": lambda: Region.objects.valid().get(code="320682"),
        "directory.user": lambda: make_user("li"),
        "records.importprofile": lambda: ImportProfile.objects.create(
            kind="standards", shape="a", name="甲", mapping={"number": "编号"}
        ),
    }
    return makers[label]()


def address(record) -> str:
    return reverse(f"admin:{record._meta.app_label}_{record._meta.model_name}_change", args=[record.pk])


@pytest.fixture
def root(client):
    client.force_login(make_user("root", every_role=True))
    return client


# --- what has to be locked -------------------------------------------------------------------------------------------


def test_every_registered_model_is_locked_or_never_edited():
    locked = {m._meta.label_lower for m, options in admin.site._registry.items() if isinstance(options, VersionedAdmin)}
    others = {m._meta.label_lower for m in admin.site._registry} - locked

    assert (locked, others) == (EDITED.keys(), NEVER_EDITED.keys())
    of_forms = {model._meta.label_lower for model in Versioned.__subclasses__() if not model._meta.abstract}
    assert of_forms | {"catalog.standard"} == locked


def test_what_is_never_edited_has_no_form_to_change_it(root):
    request = root.get("/admin/").wsgi_request

    formless = {
        model._meta.label_lower
        for model, options in admin.site._registry.items()
        if not options.has_change_permission(request, model._default_manager.first() or model())
    }

    assert formless - {"catalog.standard", "directory.region"} == NEVER_EDITED.keys()


def test_every_form_of_a_model_belongs_to_a_locked_page_or_only_adds():
    def below(form):
        return {form} | {one for child in form.__subclasses__() for one in below(child)}

    apps = {"catalog", "directory", "records", "pilots", "reports", "standards_hub"}
    written = {form for form in below(forms.ModelForm) if form.__module__.split(".")[0] in apps}
    written = {form for form in written if not issubclass(form, VersionForm)}  # what a locked page makes of its form
    locked = {options.form for options in admin.site._registry.values() if isinstance(options, VersionedAdmin)}

    assert {form.__name__ for form in written - locked} == ADDING.keys()


def test_every_write_of_the_api_asks_for_the_version(client, token):
    standard = make_standard("GB/T 1-2020", "茶叶")
    found = {
        (name, method)
        for _prefix, viewset, name in router.registry
        for method, action in (("put", "update"), ("patch", "partial_update"), ("delete", "destroy"))
        if hasattr(viewset, action)
    }
    path, headers = f"/api/v1/standards/{standard.slug}/?reason=x", {"Authorization": f"Token {token}"}
    answers = {
        (method, tag): getattr(client, method)(
            path,
            {"title": "咖啡"},
            content_type="application/json",
            headers=headers | ({"If-Match": tag} if tag else {}),
        )
        for method in ("patch", "delete")
        for tag in ("", '"7"')
    }

    of_registers = {(kind, method) for kind in REGISTERS for method in ("patch", "delete")}  # tested in test_policies
    # That of contributions is tested in test_contribution_api.
    kinds = ("standard", "contribution")
    assert found - of_registers == {(kind, method) for kind in kinds for method in ("patch", "delete")}
    assert {ends: answer.status_code for ends, answer in answers.items()} == {
        (method, tag): 412 if tag else 428 for method in ("patch", "delete") for tag in ("", '"7"')
    }


def test_a_late_program_is_told_the_present_version_and_who_was_first(client, token):
    standard = make_standard("GB/T 1-2020", "茶叶")
    path, headers = f"/api/v1/standards/{standard.slug}/", {"Authorization": f"Token {token}"}
    json = {"content_type": "application/json"}
    client.patch(path, {"title": "先来"}, headers={**headers, "If-Match": '"1"'}, **json)

    late = client.patch(path, {"title": "后到"}, headers={**headers, "If-Match": '"1"'}, **json)

    body = late.json()
    assert (late.status_code, body["version"], body["changed_by"], body["etag"]) == (412, 2, "cataloguer", late["ETag"])
    assert datetime.fromisoformat(body["changed_at"]) == Event.objects.about(standard).first().at
    again = client.patch(path, {"scope": "范围"}, headers={**headers, "If-Match": late["ETag"]}, **json)
    assert (again.status_code, Standard.objects.get().title, Standard.objects.get().scope) == (200, "先来", "范围")


def test_of_two_programs_that_change_different_fields_in_turn_no_change_is_lost(client, token):
    standard = make_standard("GB/T 1-2020", "茶叶")
    path, headers = f"/api/v1/standards/{standard.slug}/", {"Authorization": f"Token {token}"}
    tags = dict.fromkeys(("scope", "filing_number"), '"1"')
    written = dict.fromkeys(tags, "")
    refused = 0

    def change(field, text):
        sent = {"content_type": "application/json", "headers": {**headers, "If-Match": tags[field]}}
        answer = client.patch(path, {field: text}, **sent)
        tags[field] = answer["ETag"]
        return answer.status_code

    lost = []
    for turn in range(200):
        cache.clear()  # the throttle's
        for field in tags:
            while (status := change(field, f"{field} {turn}")) == 412:
                refused += 1
            written[field] = f"{field} {turn}"
            standard.refresh_from_db()
            if status != 200 or {name: getattr(standard, name) for name in written} != written:
                lost.append((turn, field))

    assert (lost, refused, standard.version) == ([], 399, 401)


# --- the pages --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("label", EDITED)
def test_a_late_save_is_refused_and_keeps_what_was_typed(root, label):
    record, (field, mine, theirs) = example(label), EDITED[label]
    form = opened_form(root, address(record))
    first = root.post(address(record), form | {field: theirs, "form_token": "a"})

    late = root.post(address(record), form | {field: mine, "form_token": "b"})

    record.refresh_from_db()
    said = Page(late.content.decode()).text
    assert (first.status_code, late.status_code) == (302, 409)
    assert (getattr(record, field), record.version) == (theirs, 2)
    assert {mine in said, theirs in said, "root" in said} == {True}
    assert Event.objects.about(record).filter(action="updated").count() == 1


@pytest.mark.parametrize("take", ["mine", "theirs"])
@pytest.mark.parametrize("label", EDITED)
def test_the_conflict_page_saves_what_is_chosen(root, label, take):
    record, (field, mine, theirs) = example(label), EDITED[label]
    form = opened_form(root, address(record))
    root.post(address(record), form | {field: theirs, "form_token": "a"})
    late = root.post(address(record), form | {field: mine, "form_token": "b"})

    saved = root.post(address(record), form_of(late.content.decode(), "opened") | {f"take-{field}": take})

    record.refresh_from_db()
    assert (saved.status_code, getattr(record, field)) == (302, {"mine": mine, "theirs": theirs}[take])
    assert record.version == {"mine": 3, "theirs": 2}[take]


@pytest.mark.parametrize("label", EDITED)
@pytest.mark.parametrize("opened", ["missing", "forged", "another's", "nonsense"])
def test_a_save_that_does_not_say_its_version_is_refused_and_keeps_what_was_typed(root, label, opened):
    record, (field, mine, _theirs) = example(label), EDITED[label]
    form = opened_form(root, address(record)) | {field: mine}
    other = make_user("other")
    texts = {
        "forged": form["opened"][:-3] + "AAA",
        "another's": opened_form(root, address(other))["opened"],
        "nonsense": "1",
    }
    form.pop("opened")

    answer = root.post(address(record), form | ({"opened": texts[opened]} if opened in texts else {}))

    record.refresh_from_db()
    page = answer.content.decode()
    assert (answer.status_code, record.version, getattr(record, field) == mine) == (200, 1, False)
    assert mine in page
    assert (
        root.post(address(record), form_of(page, "opened")).status_code == 302
    )  # it was looked through and sent again


def test_the_page_of_a_standard_shows_the_three_versions_side_by_side(root):
    standard = make_standard("GB/T 1-2020", "原名", scope="原范围", published_on="2020-01-01")
    form = opened_form(root, address(standard))
    root.post(address(standard), form | {"title": "先来", "scope": "新范围", "form_token": "a"})

    late = root.post(
        address(standard), form | {"title": "后到", "title_en": "tea", "published_on": "2020-1-1", "form_token": "b"}
    )

    rows = {row.name: (row.was, row.now, row.mine, row.changed_by) for row in late.context["rows"] if row.changed_by}
    assert rows == {
        "title": ("原名", "先来", "后到", "both"),
        "scope": ("原范围", "新范围", "原范围", "theirs"),
        "title_en": ("", "", "tea", "mine"),
    }
    said = Page(late.content.decode()).text
    assert {word in said for word in ("双方都改了", "您改了", "他人改了", "原名", "先来", "后到")} == {True}


def test_fields_that_only_one_of_the_two_changed_are_chosen_already(root):
    standard = make_standard("GB/T 1-2020", "原名")
    form = opened_form(root, address(standard))
    root.post(address(standard), form | {"scope": "新范围", "form_token": "a"})
    late = root.post(address(standard), form | {"title": "后到", "form_token": "b"})

    root.post(address(standard), form_of(late.content.decode(), "opened"))

    standard.refresh_from_db()
    assert (standard.title, standard.scope) == ("后到", "新范围")


def test_whoever_is_late_again_meets_the_page_again(root):
    standard = make_standard("GB/T 1-2020", "原名")
    form = opened_form(root, address(standard))
    root.post(address(standard), form | {"title": "先来", "form_token": "a"})
    late = form_of(root.post(address(standard), form | {"title": "后到", "form_token": "b"}).content.decode(), "opened")
    root.post(address(standard), opened_form(root, address(standard)) | {"title": "第三", "form_token": "c"})

    again = root.post(address(standard), late | {"take-title": "mine"})

    rows = {row.name: (row.was, row.now, row.mine) for row in again.context["rows"] if row.changed_by}
    assert (again.status_code, rows) == (409, {"title": ("先来", "第三", "后到")})


def test_a_form_with_mistakes_keeps_the_version_it_was_opened_with(root):
    standard = make_standard("GB/T 1-2020", "原名")
    form = opened_form(root, address(standard))
    wrong = root.post(address(standard), form | {"published_on": "昨天", "form_token": "a"})
    root.post(address(standard), form | {"title": "先来", "form_token": "b"})

    late = root.post(address(standard), form_of(wrong.content.decode(), "opened") | {"published_on": "2020-01-01"})

    assert (wrong.status_code, late.status_code) == (200, 409)


def test_whoever_may_not_change_a_record_meets_no_conflict(client):
    standard = make_standard("GB/T 1-2020")
    client.force_login(make_user("nobody"))

    assert client.post(address(standard), {"title": "x"}).status_code == 302  # to sign in


def test_many_to_many_edits_are_traced_and_told_by_name(root):
    old, new = Region.objects.valid().get(code="320682"), Region.objects.valid().get(code="320681")
    form = opened_form(root, address(old))

    root.post(address(old), form | {"successors": [new.pk]})

    event = Event.objects.about(old).get()
    assert event.changes == {"successors": [[], [str(new)]]}


def test_a_password_that_is_set_leaves_the_rest_of_the_account_alone(root, monkeypatch):
    """The account is read, somebody changes it, the password is saved."""
    user = make_user("li")
    path = reverse("admin:auth_user_password_change", args=[user.pk])
    saved = User.save

    def save_late(self, **fields):
        User.objects.filter(pk=user.pk, version=1).update(full_name="先来", version=2)
        saved(self, **fields)

    monkeypatch.setattr(User, "save", save_late)

    root.post(path, {"password1": "Long enough 778", "password2": "Long enough 778", "usable_password": "true"})

    user.refresh_from_db()
    assert (user.full_name, user.version, user.check_password("Long enough 778")) == ("先来", 2, True)
