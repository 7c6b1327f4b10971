"""A double click: two requests at the same moment with one token do the work once, on either database."""

import time

import pytest
from django.http import HttpResponse, HttpResponseRedirect
from django.test import RequestFactory

from records.models import FormToken
from records.once import once
from tests.factories import make_user
from tests.threads import at_once, own_database

pytestmark = pytest.mark.django_db(transaction=True)


class Session:
    session_key = "a key"


def clicks(view, user, times=6):
    def click():
        request = RequestFactory().post("/make/", {"form_token": "one"})
        request.user, request.session = user, Session()
        answer: HttpResponse = view(request)
        return answer["Location"]

    return at_once(*[click] * times)


def counting():
    made = []

    def make(request):
        time.sleep(0.2)
        made.append(1)
        return HttpResponseRedirect(f"/made/{len(made)}/")

    return make, made


def test_the_work_is_done_once_and_all_are_led_to_it(tmp_path):
    user = make_user()
    make, made = counting()

    with own_database(tmp_path):
        places = clicks(once(make), user)
        stored = list(FormToken.objects.values_list("answer", flat=True))

    assert (places, len(made), stored) == (["/made/1/"] * 6, 1, ["/made/1/"])


def test_without_the_guard_it_would_be_done_as_often_as_it_is_sent(tmp_path):
    """The control."""
    user = make_user()
    make, made = counting()

    with own_database(tmp_path):
        clicks(make, user)

    assert len(made) == 6
