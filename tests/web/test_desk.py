"""The desk: what waits, what has changed, what ends, and nothing of other divisions."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from catalog.models import Standard
from directory.models import Role, User
from records.importing import revert_batch
from records.models import ImportBatch
from records.trail import Actor
from tests.factories import appoint, import_csv, make_standard, make_user

pytestmark = pytest.mark.django_db
TEXT = "标准编号,标准名称\n{},茶\n"


def cataloguer(code, name):
    user = make_user(name)
    appoint(user, Role.CATALOGUER, code)
    return User.objects.get(pk=user.pk)


def actor(user):
    return Actor(user=user, channel="web", role=user.acting.role, division=user.acting.division)


@pytest.fixture
def people():
    return {
        "province": cataloguer("320000", "province"),
        "city": cataloguer("320600", "city"),
        "county": cataloguer("320682", "county"),
        "abroad": cataloguer("330000", "abroad"),
    }


@pytest.fixture
def previews(people, tmp_path):
    """A preview waits for each of them, and one of the server's keeper."""
    for at, (name, user) in enumerate(people.items(), start=1):
        import_csv(tmp_path, TEXT.format(f"GB/T {at}-2020"), name=f"{name}.csv", by=actor(user), apply=False)
    import_csv(tmp_path, TEXT.format("GB/T 9-2020"), name="keeper.csv", by=Actor(channel="command"), apply=False)


SEEN = {
    "province": {"province.csv", "city.csv", "county.csv", "keeper.csv"},
    "city": {"city.csv", "county.csv"},
    "county": {"county.csv"},
    "abroad": {"abroad.csv", "keeper.csv"},
}


@pytest.mark.parametrize("name", SEEN)
def test_previews_of_ones_own_division_wait_on_the_desk_and_in_the_list(people, previews, client, name):
    client.force_login(people[name])

    waiting = {batch.file_name for batch in client.get(reverse("desk")).context["desk"].previews}
    listed = {batch.file_name for batch in client.get(reverse("imports")).context["page"]}
    opened = {
        batch.file_name for batch in ImportBatch.objects.all()
        if client.get(reverse("import", args=[batch.pk])).status_code == 200
    }  # fmt: skip

    assert (waiting, listed, opened) == (SEEN[name], SEEN[name], SEEN[name])


def test_another_divisions_batch_cannot_be_applied(people, previews, client):
    client.force_login(people["county"])
    foreign = ImportBatch.objects.get(file_name="abroad.csv")

    answer = client.post(reverse("import_apply", args=[foreign.pk]))

    foreign.refresh_from_db()
    assert (answer.status_code, foreign.state) == (404, "previewed")


def test_a_revert_leaves_the_standards_of_other_divisions(people, tmp_path):
    text = "标准编号,标准名称\nGB/T 1-2020,茶\nDB33/T 1-2020,醋\n"
    batch = import_csv(tmp_path, text, by=Actor(channel="command"))

    revert_batch(batch, by=actor(people["province"]))

    assert set(Standard.objects.filter(voided_at=None).values_list("number", flat=True)) == {"DB33/T 1-2020"}
    assert batch.rows.get(label="DB33/T 1-2020").revert_refused == "a local standard of another division"


def test_changes_of_ones_own_divisions_are_told(people, client):
    for at, (name, user) in enumerate(people.items(), start=1):
        make_standard(f"GB/T {at}-2020", name, by=actor(user))

    told = {}
    for name, user in people.items():
        client.force_login(user)
        told[name] = {event.object_label for event in client.get(reverse("desk")).context["desk"].changes}

    assert told == {
        "province": {"GB/T 1-2020", "GB/T 2-2020", "GB/T 3-2020"},
        "city": {"GB/T 2-2020", "GB/T 3-2020"},
        "county": {"GB/T 3-2020"},
        "abroad": {"GB/T 4-2020"},
    }


def test_flags_are_counted_as_far_as_one_may_settle_them(people, client):
    for number in ("GB/T 1-2020", "DB32/T 1-2020", "DB33/T 1-2020"):
        make_standard(number, implemented_on=None)
    client.force_login(people["city"])

    assert client.get(reverse("desk")).context["desk"].flags == 1


def test_roles_that_end_are_told_to_their_holders_and_to_the_security_administrator_of_the_place(client):
    today = timezone.localdate()
    officer, security, elsewhere = make_user("officer"), make_user("security"), make_user("elsewhere")
    appoint(officer, Role.STAFF, "320682", ends_on=today + timedelta(days=30))
    appoint(officer, Role.CATALOGUER, "320682", ends_on=today + timedelta(days=200))
    appoint(security, Role.SECURITY_ADMIN, "320600")
    appoint(elsewhere, Role.SECURITY_ADMIN, "330000")

    told = {}
    for user in (officer, security, elsewhere):
        client.force_login(user)
        told[user.username] = [grant.role for grant in client.get(reverse("desk")).context["desk"].ending]

    assert told == {"officer": ["staff"], "security": ["staff"], "elsewhere": []}


def test_the_desk_asks_a_constant_number_of_queries(people, client, tmp_path):
    client.force_login(people["city"])
    asked = []
    for at in range(1, 5):
        import_csv(tmp_path, TEXT.format(f"GB/T {at}-2020"), name=f"{at}.csv", by=actor(people["city"]), apply=False)
        make_standard(f"GB/T 9{at}-2020", implemented_on=None, by=actor(people["city"]))
        client.get(reverse("desk"))
        with CaptureQueriesContext(connection) as captured:
            client.get(reverse("desk"))
        asked.append(len(captured))

    assert (len(set(asked)), max(asked) <= 20) == (1, True)
