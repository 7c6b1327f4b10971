"""The back-office: everything opens, is searched, costs the same few queries; every save goes through a verb."""

import pytest
from django.contrib import admin
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from catalog.models import Classification, Prefix, QualityFlag, Standard, StandardRelation
from catalog.search import matching
from catalog.tokens import parse_query
from directory.models import ApiToken, Organization
from records.admin import RegisterAdmin
from records.models import Event
from tests.factories import import_csv, make_standard, make_user
from tests.web.forms import opened_form

pytestmark = pytest.mark.django_db
FORM = {
    "number": "gbt 1—2020",
    "title": "茶叶",
    "published_precision": "day",
    "implemented_precision": "day",
    "withdrawn_precision": "day",
}


@pytest.fixture
def root(client):
    """The client of an account with every role."""
    client.force_login(make_user("root", every_role=True))
    return client


def names() -> list[str]:
    return [f"{model._meta.app_label}_{model._meta.model_name}" for model in admin.site._registry]


def change(standard: Standard) -> str:
    return reverse("admin:catalog_standard_change", args=[standard.pk])


def hits(text: str) -> list[str]:
    return list(matching(Standard.objects.filter(voided_at=None), parse_query(text)).values_list("number", flat=True))


def test_every_list_form_and_search_answers(root, tmp_path):
    make_standard("GB/T 1-2020", "茶叶", replaces=["GB/T 1-2010"])
    import_csv(tmp_path, "标准编号,标准名称\nGB/T 2-2020,茶叶\n坏,坏\n")
    answers = {}
    led_on = set()  # the forms of registers are their own pages
    for model, options in admin.site._registry.items():
        base = f"admin:{model._meta.app_label}_{model._meta.model_name}"
        if isinstance(options, RegisterAdmin):
            led_on |= {f"{base}_add", f"{base}_change"}
        lists = reverse(f"{base}_changelist")
        searches = ["", "?q=茶叶", "?q=GB/T 1", "?q=%00", "?q=%27%22%5C%25_*(", "?q=" + "a" * 300, "?p=0", "?o=1"]
        answers |= {lists + one: root.get(lists + one).status_code for one in searches}
        if options.has_add_permission(root.get("/admin/").wsgi_request):
            answers[f"{base}_add"] = root.get(reverse(f"{base}_add")).status_code
        if (first := model._default_manager.first()) is not None:
            answers[f"{base}_change"] = root.get(reverse(f"{base}_change", args=[first.pk])).status_code

    allowed = {200, 302}
    assert {path: status for path, status in answers.items() if status not in allowed} == {}
    # The back-office of a register leads to the record's own pages.
    led = tuple(
        f"admin:{model._meta.app_label}_{model._meta.model_name}_"
        for model, options in admin.site._registry.items()
        if isinstance(options, RegisterAdmin)
    )
    assert {path for path, status in answers.items() if status == 302} <= {
        path for path in answers if "?" in path or "relation" in path or path.startswith(led)
    }


def test_what_is_registered():
    assert set(names()) >= {
        "catalog_standard", "catalog_standardrelation", "catalog_prefix", "catalog_classification", "catalog_qualityflag",
        "directory_organization", "directory_region", "directory_user", "directory_apitoken",
        "records_importbatch", "records_event", "records_importprofile",
    }  # fmt: skip


def test_nothing_is_deleted(root):
    make_standard("GB/T 1-2020")

    deletable = {
        f"{model._meta.label}" for model, options in admin.site._registry.items()
        if options.has_delete_permission(root.get("/admin/").wsgi_request)
    }  # fmt: skip

    assert deletable <= {"directory.ApiToken", "auth.Group"}


def test_the_product_s_own_search_finds(root):
    make_standard("GB/T 1-2020", "质量管理", department="农业农村部")
    make_standard("GB/T 2-2020", "咖啡")
    address = reverse("admin:catalog_standard_changelist")

    found = {
        text: ["GB/T 1-2020" in page, "GB/T 2-2020" in page]
        for text in ("gbt1-2020", "质量", "zlgl", "农业农村部", "咖啡", "量管")
        if (page := root.get(address, {"q": text}).content.decode())
    }

    assert found == {
        "gbt1-2020": [True, False],
        "质量": [True, False],
        "zlgl": [True, False],
        "农业农村部": [True, False],
        "咖啡": [False, True],
        "量管": [True, False],
    }


def test_autocomplete_answers(root):
    standard = make_standard("GB/T 1-2020", "茶叶", department="农业农村部")
    address = reverse("admin:autocomplete")

    fields = [
        ("catalog", "standard", "department", "农业", str(standard.department_id)),
        ("catalog", "standardrelation", "source", "gbt1", str(standard.pk)),
        ("catalog", "standard", "classifications", "67", str(Classification.objects.get(scheme="ics", code="67").pk)),
    ]
    answers = [
        root.get(address, {"app_label": app, "model_name": model, "field_name": field, "term": term}).json()["results"][
            0
        ]["id"]
        for app, model, field, term, _pk in fields
    ]

    assert answers == [field[-1] for field in fields]


def test_adding_goes_through_the_verb(root):
    food = Classification.objects.get(scheme="ics", code="67")

    response = root.post(reverse("admin:catalog_standard_add"), {**FORM, "classifications": [food.pk]})

    standard = Standard.objects.get()
    event = Event.objects.get(object_type="catalog.standard")
    assert response.status_code == 302
    assert (standard.number, standard.slug, standard.family.number, standard.ics_fields) == (
        "GB/T 1-2020",
        "gb-t-1-2020",
        "GB/T 1",
        "67",
    )
    assert (event.action, event.actor.username, event.channel) == ("created", "root", "web")
    assert hits("茶叶") == ["GB/T 1-2020"]


def test_changing_goes_through_the_verb(root):
    standard = make_standard("GB/T 1-2020", "茶叶", scope="范围", ics=["67"], replaces=["GB/T 1-2010"])

    response = root.post(change(standard), opened_form(root, change(standard)) | {"title": "咖啡"})

    standard.refresh_from_db()
    event = Event.objects.filter(object_type="catalog.standard").first()
    assert response.status_code == 302
    assert (standard.title, standard.version, standard.number) == ("咖啡", 2, "GB/T 1-2020")
    assert event.changes == {"title": ["茶叶", "咖啡"]}
    assert (hits("茶叶"), hits("咖啡")) == ([], ["GB/T 1-2020"])
    assert StandardRelation.objects.filter(voided_at=None).count() == 1


def test_saving_without_a_change_leaves_no_trace(root):
    standard = make_standard("GB/T 1-2020", "茶叶")
    before = Event.objects.count()

    root.post(change(standard), opened_form(root, change(standard)))

    standard.refresh_from_db()
    assert (standard.version, Event.objects.count()) == (1, before)


@pytest.mark.parametrize(
    "values",
    [
        {"number": "不是标准号"},
        {"number": "GB/T 1"},
        {"number": "GB/T 9-2020"},
        {"title": ""},
        {"title": "茶\u202e叶"},
        {"published_on": "2020-01-01", "withdrawn_on": "2019-01-01"},
        {"suspended_on": "2020-01-01"},
        {"resumed_on": "2020-01-01"},
        {"published_on": "昨天"},
    ],
)
def test_values_that_cannot_stand_are_refused(root, values):
    make_standard("GB/T 9-2020")

    response = root.post(reverse("admin:catalog_standard_add"), {**FORM, **values})

    assert (response.status_code, Standard.objects.count()) == (200, 1)
    assert "errorlist" in response.content.decode()


def test_voiding_needs_a_reason(root):
    standard = make_standard("GB/T 1-2020", "茶叶")
    address = reverse("admin:catalog_standard_changelist")
    action = {"action": "void", "_selected_action": [standard.pk]}

    root.post(address, {**action, "reason": " "})
    standard.refresh_from_db()
    without = standard.voided_at
    root.post(address, {**action, "reason": "误录"})
    standard.refresh_from_db()

    assert (without, standard.voided_at is None, standard.void_reason) == (None, False, "误录")
    assert Event.objects.first().action == "voided"
    assert hits("茶叶") == []


def test_relations_are_added_and_voided_with_what_follows(root):
    old = make_standard("GB/T 1-2010", implemented_on="2010-01-01")
    new = make_standard("GB/T 1-2020", implemented_on="2020-01-01")

    added = root.post(
        reverse("admin:catalog_standardrelation_add"), {"source": new.pk, "kind": "replaces", "target": old.pk}
    )
    old.refresh_from_db()
    replaced, relation = old.replaced_on, StandardRelation.objects.get()
    again = root.post(
        reverse("admin:catalog_standardrelation_add"), {"source": new.pk, "kind": "replaces", "target": old.pk}
    )
    root.post(
        reverse("admin:catalog_standardrelation_changelist"),
        {"action": "void", "_selected_action": [relation.pk], "reason": "误录"},
    )
    old.refresh_from_db()
    relation.refresh_from_db()

    assert (added.status_code, again.status_code) == (302, 200)
    assert (str(replaced), old.replaced_on, relation.voided_at is None) == ("2020-01-01", None, False)
    assert Event.objects.filter(object_type="catalog.standard", object_label="GB/T 1-2020").count() == 3


def test_a_relation_to_itself_is_refused(root):
    standard = make_standard("GB/T 1-2020")

    response = root.post(
        reverse("admin:catalog_standardrelation_add"),
        {"source": standard.pk, "kind": "replaces", "target": standard.pk},
    )

    assert (response.status_code, StandardRelation.objects.count()) == (200, 0)


def test_reference_data_is_traced(root):
    prefix = Prefix.objects.get(code="YY")
    path = reverse("admin:catalog_prefix_change", args=[prefix.pk])

    response = root.post(path, opened_form(root, path) | {"name": "医疗器械"})

    event = Event.objects.get(object_type="catalog.prefix")
    assert (response.status_code, event.action, event.changes["name"]) == (302, "updated", [prefix.name, "医疗器械"])


def test_a_prefix_that_staff_add_is_read_at_once(root):
    root.post(reverse("admin:catalog_prefix_add"), {"code": "QZ", "level": "industry", "name": "新行业"})

    root.post(reverse("admin:catalog_standard_add"), {**FORM, "number": "QZ/T 1-2026"})

    assert list(Standard.objects.values_list("number", "level")) == [("QZ/T 1-2026", "industry")]


def test_a_token_is_shown_once_and_works(root, client):
    user = make_user("program", cataloguer=True)

    response = root.post(reverse("admin:directory_apitoken_add"), {"user": user.pk, "name": "收割"}, follow=True)
    key = str(next(iter(response.context["messages"])))[-64:].strip("。 ")
    answer = client.post(
        "/api/v1/standards/",
        {"number": "GB/T 1-2020", "title": "茶叶"},
        content_type="application/json",
        headers={"Authorization": f"Token {key}"},
    )

    assert (answer.status_code, ApiToken.objects.get().user) == (201, user)
    assert key not in root.get(reverse("admin:directory_apitoken_changelist")).content.decode()
    assert key not in str(list(Event.objects.values_list("changes", flat=True)))


def test_a_password_never_stands_in_the_trail(root):
    response = root.post(
        reverse("admin:directory_user_add"),
        {"username": "neu", "password1": "Long enough 77", "password2": "Long enough 77", "usable_password": "true"},
    )

    event = Event.objects.get(object_type="directory.user")
    assert response.status_code == 302
    assert "password" not in event.changes


def test_clerks_do_not_enter(client, clerk):
    client.force_login(clerk)

    assert {client.get(reverse(f"admin:{name}_changelist")).status_code for name in names()} == {302}


@pytest.mark.parametrize(
    "name",
    ["catalog_standard", "catalog_standardrelation", "catalog_qualityflag", "directory_organization", "records_event"],
)
def test_the_number_of_queries_does_not_grow_with_the_rows(root, name):
    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert root.get(reverse(f"admin:{name}_changelist")).status_code == 200
        return len(captured)

    def more(years) -> None:
        for year in years:
            standard = make_standard(f"GB/T 1-{year}", department=f"部{year}", replaces=[f"GB/T 1-{year - 1}"])
            QualityFlag.objects.create(standard=standard, kind="reported", subject="x", opened_at=standard.created_at)

    more([2001])
    queries()
    few = queries()
    more([2002, 2003, 2004])

    assert queries() == few
    assert Organization.objects.count() >= 4
