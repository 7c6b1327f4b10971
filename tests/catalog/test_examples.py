"""The example catalogue: marked on every face, repeatable, removable, out of the figures once real data come."""

import re

import pytest
from django.core.management import CommandError, call_command

from catalog.examples import load_example_standards, remove_example_standards
from catalog.models import Standard
from directory.credit_codes import fault_of
from directory.models import Grant, Organization, Registration, Role, User
from records.models import ImportBatch
from records.trail import SYSTEM
from tests.factories import make_standard

pytestmark = pytest.mark.django_db


def statuses() -> dict[str, str]:
    return {one.number: str(one.status_on()) for one in Standard.objects.filter(voided_at=None)}


def test_examples_are_marked_and_none_is_rejected():
    batch = load_example_standards(by=SYSTEM)

    assert (batch.rejected, batch.is_example, batch.read) == (0, True, batch.created)
    assert set(Standard.objects.values_list("is_example", flat=True)) == {True}


def test_examples_show_what_time_does():
    load_example_standards(by=SYSTEM)

    found = statuses()

    assert set(found.values()) >= {"in_force", "upcoming", "replaced", "unknown"}
    assert (found["GB/T 19001-2016"], found["GB/T 19001-2008"]) == ("in_force", "replaced")
    assert Standard.objects.soon_void(Standard.objects.first().created_at.date(), 90).count() == 1


def test_loading_again_changes_nothing():
    load_example_standards(by=SYSTEM)

    assert (load_example_standards(by=SYSTEM), ImportBatch.objects.count()) == (None, 1)


def test_where_other_data_stand_they_are_left_alone():
    make_standard("GB/T 1-2020")

    assert (load_example_standards(by=SYSTEM), Standard.objects.count()) == (None, 1)


def test_removing_takes_all_away_but_what_was_changed():
    load_example_standards(by=SYSTEM)

    left = remove_example_standards(by=SYSTEM)

    assert (left, statuses()) == (0, {})


def test_examples_leave_the_figures_when_a_real_record_comes(client):
    load_example_standards(by=SYSTEM)
    before = re.findall(r"<strong>(\d+)</strong>", client.get("/").content.decode())
    make_standard("GB/T 1-2020", implemented_on="2020-01-01")

    after = re.findall(r"<strong>(\d+)</strong>", client.get("/").content.decode())

    assert (len(before) > 1, after) == (True, ["1"])


def test_page_api_facets_and_export_leave_examples_out_together_and_count_them_when_asked(client):
    loaded = load_example_standards(by=SYSTEM).created
    make_standard("GB/T 1-2020", implemented_on="2020-01-01")
    national = Standard.objects.filter(level="national", kind="standard").count()

    def counts(query: str) -> tuple:
        api = client.get(f"/api/v1/standards/?{query}").json()["count"]
        facets = client.get(f"/api/v1/standards/facets/?{query}").json()["status"]
        page = client.get(f"/standards/?{query}").context["page"].count
        file = b"".join(client.get(f"/api/v1/standards/?format=jsonl&{query}").streaming_content).count(b"\n")
        told = client.get(f"/standards/export/?{query}").context["count"]
        return api, sum(one["count"] for one in facets), page, file, told

    tiles = {query: {v: n for v, _l, n in client.get(f"/?{query}").context["levels"]} for query in ("", "examples=1")}
    classes = {
        query: {child.code: n for child, n in client.get(f"/classifications/ics/?{query}").context["children"]}["03"]
        for query in ("", "examples=1")
    }

    assert (counts(""), counts("examples=1")) == ((1,) * 5, (loaded + 1,) * 5)
    assert [tiles[query]["national"] for query in tiles] == [1, national]
    assert [counts(f"level=national&kind=standard&{query}")[0] for query in tiles] == [1, national]
    assert (classes[""], classes["examples=1"] > 0) == (0, True)


def test_a_page_says_how_many_examples_it_left_out(client):
    loaded = load_example_standards(by=SYSTEM).created
    alone = client.get("/standards/")
    make_standard("GB/T 1-2020", implemented_on="2020-01-01")
    beside, asked = client.get("/standards/"), client.get("/standards/?examples=1")
    narrow = client.get("/standards/?level=national")

    group = Standard.objects.filter(is_example=True, level="group").count()
    assert [page.context["left_out"] for page in (alone, beside, asked, narrow)] == [0, loaded, 0, loaded - group]
    assert [("计入示例" in page.content.decode()) for page in (alone, beside, asked)] == [False, True, True]


def test_the_mark_stands_on_every_face(client):
    load_example_standards(by=SYSTEM)

    pages = [
        client.get(path).content.decode()
        for path in ("/", "/standards/?q=质量", "/standards/gb-t-19001-2016/", "/families/gb-t-19001/")
    ]
    row = client.get("/api/v1/standards/gb-t-19001-2016/").json()
    table = b"".join(client.get("/api/v1/standards/?format=csv&q=质量").streaming_content).decode()

    assert ["示例" in page for page in pages] == [True] * 4
    assert (row["is_example"], table.count("示例") >= table.count("质量管理体系 要求")) == (True, True)


def test_the_command_makes_accounts_that_can_sign_in(client, capsys):
    call_command("load_examples")
    accounts = re.findall(r"^  (\w+) / (\S+)", capsys.readouterr().out, re.M)

    signed = [client.login(username=name, password=password) for name, password in accounts]

    assert signed == [True] * 14
    assert [name for name, _password in accounts] == [
        "cataloguer", "county", "city", "province", "county2", "city2", "province2", "enterprise", "applicant", "secretariat", "expert", "auditor", "admin", "security"
    ]  # fmt: skip
    assert set(User.objects.values_list("is_example", flat=True)) == {True}
    assert set(Grant.objects.values_list("role", flat=True)) == set(Role.values)


def test_an_enterprise_is_confirmed_and_one_waits():
    call_command("load_examples")
    call_command("load_examples")

    enterprise = Organization.objects.get(name="示例企业有限公司")
    assert (enterprise.name, fault_of(enterprise.credit_code), enterprise.is_example) == (
        "示例企业有限公司",
        None,
        True,
    )
    assert list(enterprise.grants.values_list("user__username", "role")) == [("enterprise", "enterprise")]
    waiting = Registration.objects.get()
    assert (waiting.user.username, waiting.state, waiting.is_example) == ("applicant", "waiting", True)
    assert {user for user in User.objects.all() if Registration.objects.visible_to(user).exists()} == {
        User.objects.get(username=name) for name in ("county", "city", "province", "auditor")
    }


def test_the_command_can_be_repeated_and_undone(capsys):
    call_command("load_examples")
    call_command("load_examples")
    call_command("load_examples", "--remove")

    assert statuses() == {}
    assert set(User.objects.values_list("is_active", flat=True)) == {False}


def test_real_accounts_of_the_same_name_are_left_alone():
    User.objects.create_user("admin", password="a real password 1")

    call_command("load_examples")

    user = User.objects.get(username="admin")
    assert (user.is_example, user.is_superuser, user.check_password("a real password 1")) == (False, False, True)


def test_production_gets_no_example_accounts(settings):
    settings.PRODUCTION = True

    with pytest.raises(CommandError):
        call_command("load_examples")

    assert not User.objects.exists()
