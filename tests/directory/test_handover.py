"""An officer's open work passes to a colleague at once or not at all."""

import pytest
from django.urls import reverse
from django.utils import timezone

from directory.handover import KINDS, HandoverRefused, hand_over, open_work
from directory.models import Grant, Region, Registration, Role, User
from directory.registrations import refuse_registration, take_on_registration
from records.confirming import CONFIRMED
from records.models import Event, ImportBatch
from records.trail import Actor
from tests.factories import import_csv, make_registration, make_user

pytestmark = pytest.mark.django_db
KEEPER = Actor(channel="command")
TEXT = "标准编号,标准名称\nGB/T 1-2020,茶\n"


def officer(name, code, *roles, **fields):
    user = make_user(name)
    for role in roles:
        Grant.objects.create(
            user=user, role=role, region=Region.objects.valid().get(code=code), granted_at=timezone.now(), **fields
        )
    return User.objects.get(pk=user.pk)


def actor(user):
    return Actor(user=user, channel="web", role=user.acting.role, division=user.acting.division)


BOTH = (Role.STAFF, Role.CATALOGUER)


@pytest.fixture
def people():
    return {
        "leaver": officer("leaver", "320682", *BOTH),
        "colleague": officer("colleague", "320682", *BOTH),
        "above": officer("above", "320600", *BOTH),
        "neighbour": officer("neighbour", "320681", *BOTH),
        "staff": officer("staff", "320682", Role.STAFF),
        "keeper": officer("keeper", "320600", Role.STAFF, keeps_accounts=True),
    }


@pytest.fixture
def work(people, tmp_path):
    """Of each kind something open, something that is done, and something of another's."""
    leaver = actor(people["leaver"])
    rows = [make_registration(f"applicant{at}", "320682", number=at) for at in range(4)]
    for row in rows[:3]:
        take_on_registration(row, by=leaver)
    take_on_registration(rows[3], by=actor(people["colleague"]))
    refuse_registration(rows[2], by=leaver, reason="x")
    preview = import_csv(tmp_path, TEXT, by=leaver, apply=False)
    done = import_csv(tmp_path, TEXT, name="done.csv", by=leaver)
    return {"registrations": rows[:2], "preview": preview, "done": done}


def in_hands(user):
    return (
        set(Registration.objects.filter(handler=user).values_list("name", flat=True)),
        set(ImportBatch.objects.filter(previewed_by=user).values_list("file_name", flat=True)),
    )


def test_the_kinds_that_exist():
    assert set(KINDS) == {"registrations", "previews"}


@pytest.mark.parametrize("to", ["colleague", "above"])
def test_everything_open_passes_and_what_is_done_stays(people, work, to):
    before = {kind.name: len(rows) for kind, rows in open_work(people["leaver"]).items()}
    others = in_hands(people[to])

    count = hand_over(people["leaver"], people[to], by=actor(people["keeper"]), reason="调离")

    assert (before, count) == ({"registrations": 2, "previews": 1}, 3)
    assert in_hands(people["leaver"]) == ({"某2公司"}, {"done.csv"})
    assert in_hands(people[to]) == (others[0] | {"某0公司", "某1公司"}, others[1] | {"list.csv"})
    assert open_work(people["leaver"]) == {}
    events = Event.objects.filter(actor=people["keeper"])
    assert sorted(events.values_list("object_type", "reason")) == [
        ("directory.registration", "调离"), ("directory.registration", "调离"), ("records.importbatch", "调离"),
    ]  # fmt: skip
    assert events.first().changes in (
        {"handler": ["leaver", to]}, {"previewed_by": ["leaver", to]},
    )  # fmt: skip


@pytest.mark.parametrize("to", ["neighbour", "staff", "leaver", None])
def test_who_may_not_take_all_of_it_gets_none(people, work, to):
    before = (in_hands(people["leaver"]), Event.objects.count())

    with pytest.raises(HandoverRefused):
        hand_over(people["leaver"], people.get(to), by=actor(people["keeper"]), reason="调离")

    assert (in_hands(people["leaver"]), Event.objects.count()) == before


@pytest.mark.parametrize(("by", "reason"), [("colleague", "调离"), ("leaver", "调离"), ("keeper", " ")])
def test_only_who_keeps_the_accounts_hands_over_and_says_why(people, work, by, reason):
    before = in_hands(people["leaver"])

    with pytest.raises(HandoverRefused):
        hand_over(people["leaver"], people["colleague"], by=actor(people[by]), reason=reason)

    assert in_hands(people["leaver"]) == before


def test_the_account_is_closed_in_the_same_step(people, work):
    hand_over(people["leaver"], people["colleague"], by=actor(people["keeper"]), reason="退休", end="account")

    leaver = User.objects.get(username="leaver")
    assert (leaver.is_active, Grant.objects.filter(user=leaver, revoked_at=None).count()) == (False, 2)
    assert Event.objects.get(object_type="directory.user", actor=people["keeper"]).changes == {
        "is_active": [True, False]
    }


def test_roles_are_taken_back_only_by_who_may_and_otherwise_nothing_is_done(people, work):
    before = in_hands(people["leaver"])

    with pytest.raises(HandoverRefused):
        hand_over(people["leaver"], people["colleague"], by=actor(people["keeper"]), reason="调离", end="roles")
    left = in_hands(people["leaver"])
    hand_over(people["leaver"], people["colleague"], by=KEEPER, reason="调离", end="roles")

    assert left == before
    assert Grant.objects.filter(user=people["leaver"], revoked_at=None).count() == 0


def test_the_page_shows_what_moves_and_moves_it(client, people, work):
    client.force_login(people["keeper"])
    session = client.session
    session[CONFIRMED] = timezone.now().timestamp()
    session.save()
    path = reverse("account_hand_over", args=[people["leaver"].pk])

    shown = client.get(path).content.decode()
    wrong = client.post(path, {"colleague": "nobody", "reason": "调离"})
    refused = client.post(path, {"colleague": "neighbour", "reason": "调离"})
    done = client.post(path, {"colleague": "colleague", "reason": "调离"})

    assert [word in shown for word in ("某0公司", "某1公司", "list.csv", "某2公司", "done.csv")] == [True] * 3 + [
        False
    ] * 2
    assert (wrong.status_code, refused.status_code, done.status_code) == (400, 400, 302)
    assert "无权接手其中3项" in refused.content.decode()
    assert open_work(people["leaver"]) == {}
