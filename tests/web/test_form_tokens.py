"""Every form that makes or changes something is taken once, however often it is sent."""

import re
from pathlib import Path

import pytest
from django.contrib import admin
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from catalog.models import QualityFlag, Standard
from directory.models import ApiToken, Grant, User
from records.admin import RegisterAdmin
from records.models import Event
from records.once import once
from tests.factories import import_csv, make_standard, make_user
from tests.reference import load_reference
from tests.threads import at_once, own_database
from tests.web.forms import form_of

ROOT = Path(__file__).resolve().parents[2]
APPS = ("standards_hub", "reports", "pilots", "catalog", "directory", "records")
FORM = re.compile(r"<form\b[^>]*method=.post.*?</form>", re.S)

# Views that take a POST and need no token, each with its reason.
SAFE = {
    "login": "makes no record but the session; wrong tries are counted by the sign-in itself",
    "logout": "ending a session twice is ending it",
    "language": "Django's own: sets a cookie",
    "password_change": "the old password is spent by the first",
    "password_reset": "makes no record; mails are limited by the sign-in's slots",
    "password_reset_confirm": "the link is spent by the first",
    "confirm_password": "notes in the session that the password was entered",
    "login_code": "the code is spent by the first",
    "second_factor": "the code is spent by the first",
    "second_factor_remove": "the second finds nothing",
    "search_edit": "written by the version it was opened with",
    "search_update": "written by the version it was opened with",
    "search_delete": "the second finds nothing",
    "search_new": "marks what was shown as seen; twice is once",
    "registration_take": "taken once, by a conditional update",
    "registration_contact": "makes no record but the trail's, of each time it is shown",
    "standard_export_file": "makes no record but the trail's, of each file that is taken",
}
# Templates with such forms.
SAFE_TEMPLATES = {
    "login.html": SAFE["login"],
    "base.html": f"{SAFE['logout']}; {SAFE['language']}",
    "password_change.html": SAFE["password_change"],
    "password_reset.html": SAFE["password_reset"],
    "password_reset_confirm.html": SAFE["password_reset_confirm"],
    "confirm_password.html": SAFE["confirm_password"],
    "login_code.html": SAFE["login_code"],
    "second_factor.html": SAFE["second_factor"],
    "second_factor_remove.html": SAFE["second_factor_remove"],
    "search_edit.html": f"{SAFE['search_edit']}; {SAFE['search_delete']}",
    "search_new.html": SAFE["search_new"],
    "save_search.html": SAFE["search_update"],
    "registration_detail.html": SAFE["registration_contact"],
    "registration_decide.html": SAFE["registration_take"],
    "standard_export.html": SAFE["standard_export_file"],
}


def test_every_form_bears_a_token_or_a_reason():
    files = [path for app in APPS for path in (ROOT / app).rglob("*.html")]
    without = {path.name for path in files for form in FORM.findall(path.read_text()) if "{% form_token %}" not in form}

    assert without == SAFE_TEMPLATES.keys()


def views(resolver: URLResolver, namespace: str = ""):
    for one in resolver.url_patterns:
        if isinstance(one, URLResolver):
            yield from views(one, namespace + (f"{one.namespace}:" if one.namespace else ""))
        elif isinstance(one, URLPattern) and one.name:
            yield namespace + one.name, one.callback


def takes_post(view) -> bool:
    """Whether a page's view does anything with a POST, by its code or that of what it wraps."""
    names: set[str] = set()
    while view is not None:
        kind = getattr(view, "view_class", None)
        if kind is not None:
            return hasattr(kind, "post")
        names |= set(view.__code__.co_names) | {str(one) for one in view.__code__.co_consts}
        names |= {str(one.cell_contents) for one in view.__closure__ or () if isinstance(one.cell_contents, list)}
        view = getattr(view, "__wrapped__", None)
    return bool({"POST", "once"} & names) or any("'POST'" in one for one in names)


def test_every_view_that_takes_a_form_takes_it_once_or_has_a_reason():
    pages = {
        name: view
        for name, view in views(get_resolver())
        if not name.startswith(("admin:", "api:")) and name not in ("schema", "api_docs")
    }
    taking = {name for name, view in pages.items() if takes_post(view)}

    assert {name for name in taking if not getattr(pages[name], "is_once", False)} == SAFE.keys()
    assert {"imports", "import_apply", "flag_settle", "standard_report", "token_make", "session_end"} <= taking


@pytest.mark.django_db
def test_every_form_of_the_back_office_bears_a_token(client):
    """But to delete: the second finds nothing."""
    client.force_login(make_user("root", every_role=True))
    make_standard("GB/T 1-2020", implemented_on=None)
    request = client.get("/admin/").wsgi_request
    pages = []
    for model, options in admin.site._registry.items():
        base, first = f"admin:{model._meta.app_label}_{model._meta.model_name}", model._default_manager.first()
        if options.has_add_permission(request) and not isinstance(options, RegisterAdmin):  # leads to its own page
            pages.append(reverse(f"{base}_add"))
        if first is not None and options.has_change_permission(request, first):
            pages.append(reverse(f"{base}_change", args=[first.pk]))
        if first is not None and options.actions:
            pages.append(reverse(f"{base}_changelist"))
    pages.append(reverse("admin:auth_user_password_change", args=[User.objects.first().pk]))

    found = {path: form_of(client.get(path).content.decode(), "form_token") for path in pages}

    assert len(found) > 12
    assert {path for path, form in found.items() if len(form["form_token"]) < 20} == set()


# --- sent twice, one after the other -----------------------------------------------------------------------------------


@pytest.fixture
def root(client, db):
    client.force_login(make_user("root", every_role=True))
    return client


def send_twice(client, page: str, field: str, values: dict, path: str = "") -> list[int]:
    form = form_of(client.get(page).content.decode(), field) | values
    return [client.post(path or page, form).status_code for _time in range(2)]


def test_a_back_office_form_sent_twice_makes_one_record(root):
    account = make_user("li")

    answers = {
        "standard": send_twice(root, reverse("admin:catalog_standard_add"), "number", {"number": "GB/T 1-2020", "title": "茶"}),
        "token": send_twice(root, reverse("admin:directory_apitoken_add"), "name", {"user": account.pk, "name": "收割"}),
        "grant": send_twice(root, reverse("admin:directory_grant_add"), "role", {"user": account.pk, "role": "expert"}),
    }  # fmt: skip

    assert list(answers.values()) == [[302, 302]] * 3
    made = [Standard.objects.count(), ApiToken.objects.count(), Grant.objects.filter(user=account).count()]
    assert made == [1, 1, 1]


def test_an_action_that_was_not_done_may_be_sent_again(root):
    standard = make_standard("GB/T 1-2020")
    page = reverse("admin:catalog_standard_changelist")
    form = form_of(root.get(page).content.decode(), "reason") | {"action": "void", "_selected_action": [standard.pk]}

    for reason in ("", "误录"):
        root.post(page, form | {"reason": reason})

    standard.refresh_from_db()
    assert standard.void_reason == "误录"


def test_a_batch_is_applied_once_and_both_are_led_to_it(root, tmp_path):
    batch = import_csv(tmp_path, "标准编号,标准名称\nGB/T 1-2020,茶\n", apply=False)
    page = reverse("import", args=[batch.pk])

    answers = send_twice(root, page, "form_token", {}, reverse("import_apply", args=[batch.pk]))

    said = [str(one) for one in root.get(page).context["messages"]]
    assert (answers, len(said), Standard.objects.count()) == ([302, 302], 1, 1)


def test_a_report_sent_twice_is_one_flag(client, db):
    standard = make_standard("GB/T 1-2020", implemented_on="2020-01-01")
    page = reverse("standard", args=[standard.slug])

    answers = send_twice(client, page, "text", {"text": "有误"}, reverse("standard_report", args=[standard.slug]))

    assert (answers, QualityFlag.objects.count()) == ([302, 302], 1)


def test_a_token_is_made_once_and_shown_once(client, db):
    user = make_user("li")
    client.force_login(user)
    client.post(reverse("confirm_password"), {"password": "a test password 1"})
    page = reverse("token_make")
    form = form_of(client.get(page).content.decode(), "name") | {"name": "收割", "days": "5"}

    first, second = (client.post(page, form) for _time in range(2))

    assert (first.status_code, second.status_code, second["Location"]) == (200, 302, reverse("account"))
    assert ApiToken.objects.count() == 1


# --- sent at the same moment -------------------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("with_token", [True, False], ids=["with the token", "the control without it"])
def test_fifty_posts_of_one_form_at_once(tmp_path, with_token):
    load_reference()
    standard = make_standard("GB/T 1-2020", implemented_on="2020-01-01")
    client = Client()
    client.force_login(make_user("li"))
    path = reverse("standard_report", args=[standard.slug])
    form = form_of(client.get(reverse("standard", args=[standard.slug])).content.decode(), "text") | {"text": "有误"}
    if not with_token:
        del form["form_token"]

    def click():
        own = Client()
        own.cookies = client.cookies
        return own.post(path, form).status_code

    with own_database(tmp_path):
        answers = [status for _round in range(5) for status in at_once(*[click] * 10)]
        reports = QualityFlag.objects.filter(kind="reported").count()
        events = Event.objects.filter(object_type="catalog.qualityflag").count()

    assert answers == [302] * 50
    assert (reports, events) == ((1, 1) if with_token else (50, 50))


def test_the_guard_is_known_by_its_mark():
    assert once(lambda request: None).is_once
