"""A visitor looks standards up, a cataloguer imports a list: the whole way, in a browser."""

import csv
import io
import re

import pytest
from playwright.sync_api import expect

from catalog.models import QualityFlag, Standard
from tests.factories import PASSWORD, make_user

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True), pytest.mark.xdist_group("browser")]


def sign_in(hub):
    make_user("cataloguer", cataloguer=True)
    hub.goto(f"{hub.hub_url}/login/")
    hub.get_by_label("账号").fill("cataloguer")
    hub.get_by_label("密码").fill(PASSWORD)
    hub.get_by_role("main").get_by_role("button", name="登录").click()
    expect(hub.get_by_role("button", name="退出")).to_be_visible()


def test_from_a_search_to_the_edition_in_force(hub, examples):
    hub.goto(hub.hub_url)
    hub.keyboard.press("/")
    hub.keyboard.type("gbt19001")
    hub.keyboard.press("Enter")
    expect(hub.locator(".hit")).to_have_count(3)
    expect(hub.locator(".hit .number").first).to_have_text("GB/T 19001-2016")

    hub.get_by_role("link", name="被代替 2").click()
    expect(hub).to_have_url(re.compile("status=replaced"))
    expect(hub.locator(".hit")).to_have_count(2)
    hub.get_by_role("link", name="GB/T 19001-2000 质量管理体系 要求").click()

    expect(hub.locator(".notice.bad")).to_contain_text("自 2009-03-01 起被代替")
    hub.locator(".notice.bad").get_by_role("link", name="GB/T 19001-2016").first.click()

    expect(hub.locator("h1")).to_have_text("质量管理体系 要求")
    expect(hub.locator(".title .badge").first).to_have_text("现行")
    expect(hub.locator("#cite")).to_have_text("质量管理体系 要求: GB/T 19001—2016[S].")


def test_a_number_in_full_opens_its_page_at_once(hub, examples):
    hub.goto(hub.hub_url)
    hub.get_by_role("searchbox").fill("ＧＢ／Ｔ １９００１—2016")
    hub.keyboard.press("Enter")

    expect(hub).to_have_url(f"{hub.hub_url}/standards/gb-t-19001-2016/")


def test_a_file_is_previewed_applied_and_reverted(hub, reference, tmp_path):
    path = tmp_path / "目录_2026-11-01.csv"
    path.write_text(
        "标准编号,标准名称,发布日期,实施日期,状态,替代情况\n"
        "GB/T 90001-2020,浏览器试验标准,2020-01-05,2020/7/1,现行,代替GB/T 90001-2010\n"
        "GB/T 90001-2010,浏览器试验标准,2010-01-05,2010-07-01,废止,\n"
        "没有编号的一行,某标准,2020-01-01,2020-07-01,现行,\n",
        encoding="utf-8",
    )
    sign_in(hub)

    hub.get_by_role("link", name="导入", exact=True).click()
    hub.get_by_label("文件").set_input_files(path)
    hub.get_by_role("button", name="预览").click()
    expect(hub.locator(".counts")).to_contain_text("2 新增")
    expect(hub.locator("tr.rejected")).to_contain_text("A4")
    assert Standard.objects.count() == 0

    hub.get_by_role("button", name="确认导入").click()
    expect(hub.locator(".messages")).to_contain_text("已导入")
    with hub.expect_download() as download:
        hub.get_by_role("link", name="下载未通过的行（附原因）").click()
    rejects = list(csv.reader(io.StringIO(download.value.path().read_text(encoding="utf-8-sig"))))
    assert rejects[0][-1] == "错误原因"
    assert [row[0] for row in rejects[1:]] == ["没有编号的一行"]

    hub.goto(f"{hub.hub_url}/standards/gb-t-90001-2010/")
    expect(hub.locator(".notice.bad")).to_contain_text("自 2020-07-01 起被代替")
    hub.go_back()
    hub.get_by_role("button", name="撤销导入").click()
    expect(hub.locator(".messages")).to_contain_text("已撤销导入")
    assert Standard.objects.filter(voided_at__isnull=True).count() == 0


def test_columns_are_corrected_and_remembered(hub, reference, tmp_path):
    path = tmp_path / "list.csv"
    path.write_text("标准编号,标准名称,起用\nGB/T 90002-2020,试验标准,2020-07-01\n", encoding="utf-8")
    sign_in(hub)

    hub.goto(f"{hub.hub_url}/imports/")
    hub.get_by_label("文件").set_input_files(path)
    hub.get_by_role("button", name="预览").click()
    hub.get_by_label("实施日期").select_option("起用")
    hub.get_by_role("button", name="按这些列重新预览").click()
    expect(hub.locator(".messages")).to_contain_text("列的含义已更正")
    hub.get_by_role("button", name="确认导入").click()

    hub.goto(f"{hub.hub_url}/standards/gb-t-90002-2020/")
    expect(hub.locator(".facts-list")).to_contain_text("2020-07-01")


def test_a_view_is_taken_away(hub, examples):
    hub.goto(f"{hub.hub_url}/standards/?q=质量管理体系&status=in_force")
    hub.get_by_role("link", name="CSV").click()
    expect(hub.get_by_text("将导出 2 条，17 列")).to_be_visible()
    with hub.expect_download() as download:
        hub.get_by_role("button", name="保存文件").click()

    rows = list(csv.DictReader(io.StringIO(download.value.path().read_text(encoding="utf-8-sig"))))
    assert [row["编号"] for row in rows] == ["GB/T 19000-2016", "GB/T 19001-2016"]


def test_a_visitor_reports_an_error_and_staff_settle_it(hub, examples):
    hub.goto(f"{hub.hub_url}/standards/gb-t-2260-2007/")
    hub.get_by_text("报告本页错误").click()
    hub.get_by_label("哪里有误？").fill("实施日期有误")
    hub.get_by_role("button", name="提交").click()
    expect(hub.get_by_role("status")).to_contain_text("报错已记录")

    sign_in(hub)
    hub.goto(f"{hub.hub_url}/flags/?kind=reported")
    expect(hub.locator("tbody tr")).to_contain_text("实施日期有误")
    hub.get_by_label("如何处理的？").fill("核对无误")
    hub.get_by_role("main").get_by_role("button", name="处理").click()
    expect(hub.locator(".messages")).to_contain_text("已处理")
    assert QualityFlag.objects.get(kind="reported").resolution == "核对无误"


def test_english_is_one_click_away(hub, examples):
    hub.goto(hub.hub_url)
    hub.get_by_role("button", name="English").click()

    expect(hub.locator("h1")).to_have_text("Is it still in force?")
    expect(hub.locator("html")).to_have_attribute("lang", "en")


def test_a_search_works_without_javascript(browser, live_server, examples):
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(live_server.url)
    page.get_by_role("searchbox").fill("行政区划")
    page.get_by_role("button", name="检索").click()

    expect(page.locator(".hit .number")).to_have_text("GB/T 2260-2007")
    context.close()
