"""No axe finding of any impact on our own pages, on a desk and on a phone; nothing to scroll sideways."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.urls import reverse

from catalog.contribution_examples import load_example_contributions
from catalog.editions import save_edition
from catalog.models import Standard
from directory.models import CommitteeMember, Role, SecretariatSeat
from directory.organization_examples import load_example_organizations
from records.models import ImportBatch
from records.trail import SYSTEM
from tests.browser.test_journey import sign_in
from tests.factories import PASSWORD, appoint, import_csv, make_user

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True), pytest.mark.xdist_group("browser")]

PUBLIC = [
    "/",
    "/standards/",
    "/standards/?q=质量&status=in_force",
    "/standards/?q=没有这样的标准 质量",
    "/standards/?on=昨天",
    "/standards/?view=table",
    "/standards/export/?view=table&q=质量",
    "/standards/gb-t-19001-2016/",
    "/standards/gb-t-19001-2000/",
    "/families/gb-t-19001/",
    "/classifications/ics/",
    "/classifications/ccs/A/",
    "/committees/",
    "/committees/?q=没有这样的委员会",
    "/committees/sac-tc-990/",
    "/committees/terms/",
    "/contributions/",
    "/contributions/?level=x",
    "/contributions/counts/?region=3206",
    "/standards/t-slbz-002-2026/",
    "/registers/secretariat-seats/",
    "/registers/committee-members/",
    "/registers/standard-care/",
    "/login/",
    "/reset/",
    "/no-such-page/",
]


@pytest.fixture
def drafted(examples):
    """The example catalogue with those who drafted it."""
    load_example_organizations(by=SYSTEM)
    load_example_contributions(by=SYSTEM)


def findings(page) -> list[str]:
    violations = Axe().run(page).response["violations"]
    return [f"{one['id']}: {one['nodes'][0]['html'][:120]}" for one in violations]


@pytest.mark.parametrize("width", [1280, 360])
def test_public_pages(page, live_server, drafted, width):
    page.set_viewport_size({"width": width, "height": 800})
    found = {}

    for path in PUBLIC:
        page.goto(live_server.url + path)
        sideways = page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth")
        found[path] = findings(page) + (["scrolls sideways"] if sideways else [])

    assert {path: faults for path, faults in found.items() if faults} == {}


def test_staff_pages(hub, drafted, tmp_path):
    batch = import_csv(
        tmp_path, "标准编号,标准名称,实施日期,状态\nGB/T 90003-2020,某标准,,现行\n坏编号,某标准,,\n", apply=False
    )
    sign_in(hub)
    paths = ["/imports/", f"/imports/{batch.pk}/", f"/imports/{ImportBatch.objects.earliest('pk').pk}/", "/flags/"]
    paths += ["/desk/", "/account/", "/account/password/", "/account/confirm/"]
    paths += ["/contributions/unresolved/", "/standards/t-slbz-002-2026/contributions/"]
    paths.append(Standard.objects.first().get_absolute_url())

    found = {}
    for path in paths:
        hub.goto(hub.hub_url + path)
        found[path] = findings(hub)

    assert {path: faults for path, faults in found.items() if faults} == {}


def sign_in_as(hub, name):
    hub.goto(f"{hub.hub_url}/login/")
    hub.get_by_label("账号").fill(name)
    hub.get_by_label("密码").fill(PASSWORD)
    hub.get_by_role("main").get_by_role("button", name="登录").click()


def test_the_pages_of_those_who_keep_committees(hub, examples):
    appoint(make_user("keeper"), Role.STAFF, "320000")
    sign_in_as(hub, "keeper")
    seat = SecretariatSeat.objects.filter(ends_on=None).first()
    member = CommitteeMember.objects.first()
    paths = [f"/committees/seats/{seat.pk}/{page}/" for page in ("transfer", "end")]
    paths += [seat.committee.get_absolute_url(), "/desk/", "/registers/committees/add/", "/registers/term-rules/"]
    paths += [f"/registers/committee-members/{member.pk}/{page}" for page in ("", "edit/")]

    found = {}
    for path in paths:
        answer = hub.goto(hub.hub_url + path)
        found[path] = findings(hub) + ([answer.status] if answer.status != 200 else [])

    assert {path: faults for path, faults in found.items() if faults} == {}


def test_the_auditors_pages(hub, examples):
    user = make_user("auditor")
    appoint(user, Role.AUDITOR)
    sign_in_as(hub, "auditor")
    hub.goto(f"{hub.hub_url}/account/confirm/")
    hub.get_by_label("密码").fill(PASSWORD)
    hub.get_by_role("main").get_by_role("button").click()

    found = {}
    paths = [
        "/trail/",
        "/trail/?division=x",
        "/trail/?q=无",
        "/account/second-factor/",
        "/account/second-factor/remove/",
    ]
    for path in [*paths, "/imports/", "/flags/"]:
        hub.goto(hub.hub_url + path)
        found[path] = findings(hub)

    assert {path: faults for path, faults in found.items() if faults} == {}


@pytest.mark.parametrize("width", [1280, 360])
def test_the_page_of_a_late_save(hub, examples, width):
    sign_in(hub)
    hub.set_viewport_size({"width": width, "height": 800})
    standard = Standard.objects.get(number="GB/T 19001-2016")
    hub.goto(hub.hub_url + reverse("admin:catalog_standard_change", args=[standard.pk]))
    save_edition(standard, {"scope": "范围"}, by=SYSTEM)
    hub.locator("#id_title").fill("后到的题目")
    hub.locator("input[name=_save]").click()

    sideways = hub.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth")

    assert hub.locator("fieldset.versions").count() == 2
    assert (findings(hub), sideways) == ([], False)


def test_a_mistake_takes_the_focus_to_the_summary(hub, examples):
    hub.goto(f"{hub.hub_url}/standards/?year=abc&q=质量")

    assert hub.evaluate("document.activeElement.className") == "summary"
    assert hub.get_by_role("searchbox").input_value() == "质量"
