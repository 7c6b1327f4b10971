"""From a standard to who drafted it, to the organization's page, to the committee it holds, and back to the standard."""

import pytest
from playwright.sync_api import expect

from catalog.contribution_examples import load_example_contributions
from catalog.models import Standard
from directory.organization_examples import load_example_organizations
from records.trail import SYSTEM

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True), pytest.mark.xdist_group("browser")]


def test_a_standard_its_drafters_their_committee_and_back(hub, examples):
    load_example_organizations(by=SYSTEM)
    load_example_contributions(by=SYSTEM)
    standard = Standard.objects.filter(number__startswith="T/SLBZ 001", kind="standard").latest("year")
    heading = hub.get_by_role("heading", level=1)

    hub.goto(hub.hub_url + standard.get_absolute_url())
    hub.get_by_role("main").get_by_role("link", name="示例标准化研究院").first.click()
    expect(heading).to_contain_text("示例标准化研究院")
    expect(hub.get_by_role("main").get_by_role("link", name=standard.number)).to_be_visible()
    hub.get_by_role("main").get_by_role("link", name="SAC/TC 990").first.click()
    expect(heading).to_contain_text("全国儿童用品标准化技术委员会")
    expect(hub.get_by_role("main").get_by_role("link", name="示例标准化研究院").first).to_be_visible()
    hub.get_by_role("main").get_by_role("link", name=standard.number).click()

    expect(hub).to_have_url(hub.hub_url + standard.get_absolute_url())
