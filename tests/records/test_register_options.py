"""What a kind of record may ask for beyond its fields: tidied text, private fields, guarded changes, settled columns."""

from dataclasses import replace

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied
from django.test import Client, RequestFactory
from django.utils import translation

from directory.models import Grant, PolicyDocument, Role, User
from directory.registers import POLICIES
from records.cells import blank_of
from records.models import Event
from records.register_api import bodies
from records.register_rows import columns, facts
from records.registering import amend
from records.registers import REGISTERS, read_rows
from records.trail import SYSTEM, Actor
from tests.factories import appoint, make_policy, make_user
from tests.web.pages import Page

pytestmark = pytest.mark.django_db


def with_number(**options):
    """Policy documents, their number with some options."""
    items = tuple(replace(item, **options) if item.name == "number" else item for item in POLICIES.items)
    return replace(POLICIES, items=items)


def account(name: str, role: str = "", code: str = "") -> User:
    user = make_user(name)
    if role:
        appoint(user, role, code)
    return User.objects.get(pk=user.pk)


def as_user(user: User) -> Actor:
    return Actor(user=user, channel="web")


def test_a_text_is_tidied_before_it_is_read_and_what_is_no_text_is_left():
    register = with_number(read=lambda text: text.replace("【", "〔").replace("】", "〕"))

    values = [reading.values for reading in read_rows(register, [{"number": "通政【2020】1号"}, {"number": 7}])]

    assert values == [{"number": "通政〔2020〕1号"}, {"number": "7"}]


def test_a_private_field_is_shown_to_those_who_may_change_the_record():
    register, policy = with_number(private=True), make_policy(number="密号")
    request, keeper = RequestFactory().get("/"), account("keeper", Role.STAFF, "320600")

    given = {}
    for user in (keeper, account("beside", Role.STAFF, "320500"), AnonymousUser()):
        request.user = user
        given[user.get_username()] = bodies(register, [policy], request)[0]["number"]

    assert given == {"keeper": "密号", "beside": None, "": None}
    shown = [[value for _label, value in facts(register, policy, private=private)] for private in (True, False)]
    assert ["密号" in values for values in shown] == [True, False]


def test_some_changes_are_forbidden_to_an_account_and_none_to_the_server():
    register = replace(
        POLICIES, forbids=lambda before, after, user: "先问省里" if before["number"] != after["number"] else ""
    )
    policy, by = make_policy(), as_user(account("keeper", Role.STAFF, "320600"))

    with pytest.raises(PermissionDenied, match="先问省里"):
        amend(register, policy, {"number": "1号", "issuer": "市"}, version=1, by=by)
    named = amend(register, policy, {"issuer": "市"}, version=1, by=by)
    numbered = amend(register, named, {"number": "1号"}, version=2, by=SYSTEM)

    assert (numbered.number, numbered.issuer, numbered.version) == ("1号", "市", 3)
    assert Event.objects.about(policy).filter(action="updated").count() == 2


def test_a_settled_column_is_left_as_it_stands(monkeypatch):
    """It follows from other records and may have moved on since this one was read."""
    monkeypatch.setattr(PolicyDocument, "settled", ("summary",), raising=False)
    policy = make_policy()
    PolicyDocument.objects.update(summary="后来")

    amend(POLICIES, policy, {"number": "1号"}, version=1, by=SYSTEM)

    policy.refresh_from_db()
    assert (policy.number, policy.summary) == ("1号", "后来")


def test_a_new_records_event_says_what_stands_and_not_what_was_left_open():
    policy = make_policy(issued_on="2019-10", effective_on="2020-05-01")

    changes = Event.objects.about(policy).get().changes

    assert changes == {
        "title": [None, "某市办法"],
        "kind": [None, "measure"],
        "region": [None, f"#{policy.region_id} 320600"],
        "issued_on": [None, "2019-10-01"],
        "issued_precision": [None, "month"],
        "effective_on": [None, "2020-05-01"],
    }


def test_where_nothing_is_said_a_key_and_a_figure_are_unknown_and_a_text_is_empty():
    blanks = [blank_of(Grant._meta.get_field(name)) for name in ("user", "id", "note", "ends_on")]

    assert blanks == [{"user": None}, {"id": None}, {"note": ""}, {"ends_on": None}]


def test_a_records_history_is_told_in_words_to_those_who_keep_it_and_to_the_auditor():
    policy = make_policy()
    keeper = account("keeper", Role.STAFF, "320600")
    amend(POLICIES, policy, {"kind": "plan"}, version=1, by=as_user(keeper))
    accounts = [keeper, account("auditor", Role.AUDITOR), account("beside", Role.STAFF, "320500"), None]

    told = {}
    for user in accounts:
        client = Client()
        if user:
            client.force_login(user)
        page = Page(client.get(f"/registers/policies/{policy.pk}/").content.decode())
        told[user.username if user else ""] = "类别：规范性文件（办法） → 规划" in page.text

    assert told == {"keeper": True, "auditor": True, "beside": False, "": False}


@pytest.mark.parametrize("language", ["zh-hans", "en"])
@pytest.mark.parametrize("kind", REGISTERS)
def test_no_two_columns_of_a_kind_share_a_heading(kind, language):
    """A workbook's table refuses headings that stand twice."""
    with translation.override(language):
        labels = [str(column.label) for column in columns(REGISTERS[kind])]

    assert sorted(set(labels)) == sorted(labels)
