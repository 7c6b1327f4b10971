"""A form sent twice does its work once, and both get the first one's answer."""

import re
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from catalog.models import QualityFlag
from records import once as once_module
from records.models import Event, FormToken, ImportBatch
from records.once import forget_old_tokens
from tests.factories import make_standard, make_user

pytestmark = pytest.mark.django_db
START = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
FORM_TOKEN = re.compile(r'name="form_token" value="([\w-]+)"')


@pytest.fixture
def staff(client, cataloguer):
    client.force_login(cataloguer)
    client.get("/")
    return client


def token_of(client, path="/imports/") -> str:
    return FORM_TOKEN.search(client.get(path).content.decode())[1]


def upload(client, token, text="标准编号,标准名称\nGB/T 1-2020,茶\n"):
    file = SimpleUploadedFile("list.csv", text.encode(), content_type="text/csv")
    values = {"file": file, "source": "省局", "as_of": "2024-05-01"}
    return client.post("/imports/", values | ({"form_token": token} if token else {}))


def test_a_form_sent_twice_makes_one_batch(staff):
    token = token_of(staff)

    answers = [upload(staff, token) for _time in range(3)]

    batch = ImportBatch.objects.get()
    assert [(answer.status_code, answer["Location"]) for answer in answers] == [(302, f"/imports/{batch.pk}/")] * 3


def test_every_form_has_a_token_of_its_own(staff):
    upload(staff, token_of(staff))
    upload(staff, token_of(staff))

    assert ImportBatch.objects.count() == 2


def test_without_the_token_two_forms_make_two_batches(staff):
    """The control."""
    upload(staff, None)
    upload(staff, None)

    assert ImportBatch.objects.count() == 2


def test_a_form_that_was_refused_may_be_corrected_and_sent_again(staff):
    token = token_of(staff)

    statuses = [upload(staff, token, text).status_code for text in ("", "标准编号,标准名称\nGB/T 1-2020,茶\n")]

    assert (statuses, ImportBatch.objects.count()) == ([400, 302], 1)


def test_a_flag_is_settled_once_and_says_so_once(staff):
    flag = QualityFlag.objects.filter(standard=make_standard("GB/T 1-2020", implemented_on=None)).first()
    path, token = f"/flags/{flag.pk}/settle/", token_of(staff, "/flags/")

    empty = staff.post(path, {"form_token": token, "resolution": ""})
    answers = [staff.post(path, {"form_token": token, "resolution": "looked up"}) for _time in range(2)]

    assert {answer["Location"] for answer in [empty, *answers]} == {"/flags/?"}
    said = [str(message) for message in staff.get("/flags/").context["messages"]]
    assert len(said) == 2  # how to settle it, and that it was
    assert Event.objects.filter(object_type="catalog.qualityflag", action="settled").count() == 1


def test_a_token_means_nothing_in_another_s_session_or_at_another_address(staff):
    token = token_of(staff)
    other = Client()
    other.force_login(make_user("other", cataloguer=True))
    upload(staff, token)

    upload(other, token)

    assert ImportBatch.objects.count() == 2


def test_a_token_is_kept_for_a_day(staff):
    token = token_of(staff)
    with time_machine.travel(START, tick=False) as clock:
        staff.force_login(make_user("late", cataloguer=True))
        upload(staff, token)
        clock.shift(timedelta(hours=23, minutes=59))
        forget_old_tokens()
        kept = FormToken.objects.count()
        clock.shift(timedelta(minutes=2))
        forget_old_tokens()

    assert (kept, FormToken.objects.count()) == (1, 0)


def test_a_form_whose_request_failed_may_be_sent_again(staff, monkeypatch):
    staff.raise_request_exception = False
    token = token_of(staff)
    with monkeypatch.context() as broken:
        broken.setattr("catalog.views.staff.preview_file", lambda *args, **kwargs: 1 / 0)
        failed = upload(staff, token).status_code

    assert (failed, upload(staff, token).status_code, ImportBatch.objects.count()) == (500, 302, 1)


def test_a_form_that_is_still_being_carried_out_is_not_taken_again(staff, monkeypatch):
    monkeypatch.setattr(once_module, "PATIENCE", 0.0)
    token = token_of(staff)
    upload(staff, token)
    FormToken.objects.update(answer="")

    waiting = upload(staff, token)
    FormToken.objects.update(at=START - timedelta(days=3))
    dead = upload(staff, token)

    assert (waiting.status_code, dead.status_code, ImportBatch.objects.count()) == (409, 302, 2)
