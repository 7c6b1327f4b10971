"""An officer chooses columns, takes ticked rows away, saves the search, leaves it and saves the change."""

import csv
import io
import re

import pytest
from playwright.sync_api import expect

from directory.models import SavedSearch
from tests.browser.test_accessibility import findings
from tests.browser.test_journey import sign_in
from tests.factories import make_search, make_standard

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True), pytest.mark.xdist_group("browser")]


def test_columns_ticked_rows_and_a_saved_search(hub, examples):
    sign_in(hub)
    hub.goto(f"{hub.hub_url}/standards/?q=质量管理体系")

    hub.get_by_role("link", name="表格", exact=True).click()
    hub.get_by_text("选择列").click()
    hub.get_by_label("主管部门").uncheck()
    hub.get_by_label("发布日期").check()
    hub.get_by_role("button", name="显示这些列").click()
    expect(hub.locator("thead th")).to_have_text(
        ["勾选", "编号", "名称", "层级", "状态", "实施日期", "失效日期", "发布日期"]
    )
    hub.get_by_role("link", name="编号", exact=True).click()
    expect(hub.locator("th[aria-sort=ascending]")).to_contain_text("编号")

    hub.get_by_label("勾选 GB/T 19001-2016").check()
    hub.get_by_label("勾选 GB/T 19000-2016").check()
    hub.get_by_role("button", name="导出勾选的行").click()
    expect(hub.get_by_text("将导出 2 条，7 列")).to_be_visible()
    hub.get_by_label("层级").uncheck()
    expect(hub.get_by_text("将导出 2 条，6 列")).to_be_visible()
    hub.get_by_label("CSV").check()
    with hub.expect_download() as download:
        hub.get_by_role("button", name="保存文件").click()
    rows = list(csv.reader(io.StringIO(download.value.path().read_text(encoding="utf-8-sig"))))
    assert re.fullmatch(r"标准目录_筛选_\d{8}\.csv", download.value.suggested_filename)
    assert [row[0] for row in rows] == ["编号", "GB/T 19000-2016", "GB/T 19001-2016"]
    assert rows[0] == ["编号", "名称", "状态", "实施日期", "失效日期", "发布日期", "截至"]

    hub.go_back()
    expect(hub.locator("thead th")).to_have_count(8)
    hub.get_by_role("button", name="保存此检索").click()
    expect(hub.locator(".messages")).to_contain_text("检索已保存")
    expect(hub.locator(".saved strong")).to_have_text("质量管理体系")
    expect(hub.locator("thead th")).to_have_count(8)

    hub.get_by_role("link", name="被代替").first.click()
    expect(hub.locator(".saved strong")).to_contain_text("*")
    hub.get_by_role("button", name="保存更改").click()
    expect(hub.locator(".saved strong")).to_have_text("质量管理体系")
    assert "status=replaced" in SavedSearch.objects.get().query

    hub.get_by_role("link", name="名称、共享、订阅").click()
    hub.get_by_label("有新结果时提醒我").check()
    hub.get_by_role("button", name="保存", exact=True).click()
    make_standard("GB/T 19001-1994", "质量管理体系", implemented_on="1994-01-01", withdrawn_on="2000-01-01")
    hub.goto(f"{hub.hub_url}/desk/")
    expect(hub.get_by_role("link", name="质量管理体系", exact=True)).to_be_visible()


def test_all_rows_are_ticked_at_once(hub, examples):
    hub.goto(f"{hub.hub_url}/standards/?q=质量管理体系&view=table")
    hub.locator("[data-tick-all]").check()
    hub.get_by_role("button", name="导出勾选的行").click()

    expect(hub.get_by_text("只导出勾选的行")).to_be_visible()


def test_columns_are_chosen_and_saved_without_javascript(browser, live_server, examples):
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{live_server.url}/standards/?q=质量管理体系&view=table&columns=number")
    page.get_by_text("选择列").click()
    page.get_by_label("名称", exact=True).check()
    page.get_by_role("button", name="显示这些列").click()
    expect(page.locator("thead th")).to_have_text(["勾选", "编号", "名称"])
    page.get_by_label("勾选 GB/T 19001-2016").check()
    page.get_by_role("button", name="导出勾选的行").click()

    with page.expect_download() as download:
        page.get_by_role("button", name="保存文件").click()
    assert download.value.suggested_filename.endswith(".xlsx")
    context.close()


@pytest.mark.parametrize("width", [1280, 360])
def test_pages_of_searches_have_no_finding(hub, examples, width):
    sign_in(hub)
    user = SavedSearch._meta.get_field("user").related_model.objects.get(username="cataloguer")
    search = make_search(user, "质量", "q=质量", subscribed=True, shared=True)
    make_standard("GB/T 90001-2020", "质量", implemented_on="2020-01-01")
    hub.set_viewport_size({"width": width, "height": 800})
    paths = [
        "/account/searches/", f"/account/searches/{search.pk}/edit/", f"/account/searches/{search.pk}/new/", "/desk/",
        f"/standards/?q=质量&level=national&view=table&search={search.pk}", "/account/",
    ]  # fmt: skip

    found = {}
    for path in paths:
        hub.goto(hub.hub_url + path)
        sideways = hub.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth")
        found[path] = findings(hub) + (["scrolls sideways"] if sideways else [])

    assert {path: faults for path, faults in found.items() if faults} == {}
