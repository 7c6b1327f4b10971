"""A division put under another one: every path below it, and every copy that decides who sees a row, goes along."""

import pytest
from django.apps import apps
from django.db import models
from django.urls import reverse

from catalog.models import Classification
from directory.models import Region
from directory.moving import COPIES, MoveRefused, move_division
from records.models import Event, ImportBatch
from records.trail import Actor
from tests.factories import appoint, import_csv, make_user
from tests.web.forms import opened_form

pytestmark = pytest.mark.django_db
KEEPER = Actor(channel="command")
# Columns that hold a division's path: the tree's own, those that follow it, and the trail's, which stays as it was.
OWN, STAYS = {("directory.region", "path"), ("directory.industry", "path")}, {("records.event", "division")}


def division(code):
    return Region.objects.valid().get(code=code)


def paths(under):
    return set(Region.objects.within(under).values_list("path", flat=True))


def test_all_below_it_and_every_copy_goes_along(tmp_path):
    batch = import_csv(tmp_path, "标准编号,标准名称\nGB/T 1-2020,茶\n", apply=False)
    ImportBatch.objects.filter(pk=batch.pk).update(division="/320000/320600/320682/")
    city, below = division("320600"), paths("/320000/320600/")

    count = move_division(city, division("330000"), by=KEEPER, reason="试验")

    batch.refresh_from_db()
    assert paths("/320000/320600/") == set()
    assert paths("/330000/320600/") == {one.replace("/320000/", "/330000/") for one in below}
    assert batch.division == "/330000/320600/320682/"
    moved = Event.objects.filter(object_type="directory.region")
    assert (moved.count(), set(moved.values_list("reason", flat=True))) == (count, {"试验"})
    assert Event.objects.filter(object_type="records.importbatch", action="updated").count() == 1


def test_what_was_written_into_the_trail_stays(tmp_path):
    officer = make_user("officer")
    appoint(officer, "cataloguer", "320682")
    officer = type(officer).objects.get(pk=officer.pk)
    by = Actor(officer, "web", role=officer.acting.role, division=officer.acting.division)
    import_csv(tmp_path, "标准编号,标准名称\nGB/T 1-2020,茶\n", by=by)
    before = list(Event.objects.exclude(division="").values_list("pk", "division"))

    move_division(division("320682"), division("320500"), by=KEEPER)

    assert before
    assert list(Event.objects.exclude(division="").values_list("pk", "division")) == before


def test_moving_to_where_it_stands_leaves_no_trace():
    assert move_division(division("320682"), division("320600"), by=KEEPER) == 0
    assert not Event.objects.exists()


@pytest.mark.parametrize(
    ("code", "above"), [("320600", "320682"), ("320600", "320600"), ("320600", "320500"), ("320682", None)]
)
def test_where_it_cannot_stand_it_is_refused(code, above):
    before = paths("/")

    with pytest.raises(MoveRefused):
        move_division(division(code), division(above) if above else None, by=KEEPER)

    assert paths("/") == before


def test_every_column_that_copies_a_path_is_known():
    """A new column named path or division either follows the tree or is named here with its reason to stay."""
    found = {
        (model._meta.label_lower, field.name)
        for model in apps.get_models()
        for field in model._meta.get_fields()
        if isinstance(field, models.CharField) and field.name in ("path", "division")
    }

    assert found == OWN | STAYS | {(model._meta.label_lower, column) for model, column in COPIES}


@pytest.fixture
def root(client):
    client.force_login(make_user("root", every_role=True))
    return client


def test_in_the_back_office_it_is_moved_with_all_below_and_keeps_its_code(root):
    county = division("320682")
    page = reverse("admin:directory_region_change", args=[county.pk])
    values = {"name": "如皋市", "valid_from": 1991, "parent": division("320500").pk, "code": "999999", "path": "/9/"}

    answer = root.post(page, opened_form(root, page) | values)

    county.refresh_from_db()
    assert (answer.status_code, county.code, county.path) == (302, "320682", "/320000/320500/320682/")
    assert Event.objects.filter(object_type="directory.region").count() == 1


def test_in_the_back_office_a_wrong_place_is_refused_with_the_reason(root):
    city = division("320600")
    page = reverse("admin:directory_region_change", args=[city.pk])

    answer = root.post(page, opened_form(root, page) | {"parent": division("320682").pk})

    city.refresh_from_db()
    assert (answer.status_code, city.path) == (200, "/320000/320600/")
    assert answer.context["adminform"].form.errors.keys() == {"parent"}


def test_the_code_of_a_classification_is_given_once(root):
    node = Classification.objects.get(scheme="ics", code="67")

    page = reverse("admin:catalog_classification_change", args=[node.pk])

    root.post(page, opened_form(root, page) | {"name": "食品", "code": "99", "scheme": "ccs"})

    node.refresh_from_db()
    assert (node.scheme, node.code, node.name) == ("ics", "67", "食品")
