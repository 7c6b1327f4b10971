"""The pages of organizations in a browser: nothing for axe to find, and a merge from the list of duplicates to its undoing."""

import pytest
from playwright.sync_api import expect

from directory.models import Organization, OrganizationMerge, Role
from directory.organization_examples import load_example_organizations
from records.trail import SYSTEM
from tests.browser.test_accessibility import findings
from tests.factories import PASSWORD, appoint, make_user

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True), pytest.mark.xdist_group("browser")]


@pytest.fixture
def city(hub, reference):
    """The browser of a city's officer, with the example organizations on record."""
    load_example_organizations(by=SYSTEM)
    appoint(make_user("city"), Role.STAFF, "320600")
    hub.goto(f"{hub.hub_url}/login/")
    hub.get_by_label("账号").fill("city")
    hub.get_by_label("密码").fill(PASSWORD)
    hub.get_by_role("main").get_by_role("button", name="登录").click()
    expect(hub.get_by_role("button", name="退出")).to_be_visible()
    return hub


@pytest.mark.parametrize("width", [1280, 360])
def test_axe_finds_nothing(city, width):
    city.set_viewport_size({"width": width, "height": 800})
    body = Organization.objects.get(name="示例市市场监督管理局")
    paths = ["/organizations/", "/organizations/?q=无此机构", "/organizations/?kind=x", "/organizations/duplicates/"]
    paths += [f"/organizations/{body.pk}/{act}" for act in ("", "rename/", "contact/", "merge/", "split/")]
    paths += [
        f"/organizations/moves/{OrganizationMerge.objects.get().pk}/",
        "/registers/organizations/add/",
        "/registers/organization-names/",
    ]
    found = {}

    for path in paths:
        city.goto(city.hub_url + path)
        sideways = city.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth")
        found[path] = findings(city) + (["scrolls sideways"] if sideways else [])

    assert {path: faults for path, faults in found.items() if faults} == {}


def test_from_a_pair_that_may_be_one_to_the_merge_and_back(city):
    city.goto(f"{city.hub_url}/organizations/duplicates/")
    city.get_by_role("link", name="合并").click()
    city.get_by_label("原因").fill("同一企业")
    city.get_by_role("button", name="预览将移动的记录").click()
    expect(city.get_by_role("heading", name="将移动的记录")).to_be_visible()
    city.get_by_role("button", name="确认合并").click()
    expect(city.get_by_role("heading", level=1)).to_contain_text("→")
    assert Organization.objects.filter(merged_into__isnull=False).count() == 2

    city.get_by_label("原因").fill("看错了")
    city.get_by_role("button", name="撤销", exact=True).click()

    expect(city.get_by_text("已撤销").first).to_be_visible()
    assert Organization.objects.filter(merged_into__isnull=False).count() == 1
