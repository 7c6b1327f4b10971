"""An account that is closed in the back-office is out at once, its tokens too; a password set there names who set it."""

import pytest
from django.test import Client
from django.urls import reverse
from knox.models import get_token_model

from directory.models import ApiToken, Role, User, UserSession
from records.models import Event
from tests.factories import PASSWORD, appoint, make_user
from tests.web.forms import opened_form

pytestmark = pytest.mark.django_db


@pytest.fixture
def keeper(client):
    user = make_user("keeper")
    appoint(user, Role.SYSTEM_ADMIN)
    client.force_login(user)
    return client


@pytest.fixture
def officer():
    user = make_user("officer", full_name="王芳")
    appoint(user, Role.CATALOGUER, "320000")
    return user


def test_closing_an_account_ends_its_sessions_and_tokens(keeper, officer):
    browser = Client()
    browser.post(reverse("login"), {"username": "officer", "password": PASSWORD})
    key = get_token_model().objects.create(officer)[1]
    before = browser.get(reverse("imports")).status_code

    path = reverse("admin:directory_user_change", args=[officer.pk])
    form = opened_form(keeper, path)
    del form["is_active"]
    keeper.post(path, form)

    token = Client().get("/api/v1/standards/", headers={"Authorization": f"Token {key}"}).status_code
    assert (before, browser.get(reverse("imports")).status_code, token) == (200, 302, 401)
    assert not UserSession.objects.filter(user=officer).exists()
    assert not ApiToken.objects.filter(user=officer).exists()


def test_a_password_set_by_the_administrator_names_him_in_the_trail(keeper, officer):
    new = "红烧鲫鱼配一碗白米饭2024"

    keeper.post(
        reverse("admin:auth_user_password_change", args=[officer.pk]),
        {"password1": new, "password2": new, "usable_password": "true"},
    )

    assert User.objects.get(pk=officer.pk).check_password(new)
    assert "keeper" in set(Event.objects.filter(object_id=officer.pk).values_list("actor_name", flat=True))
