"""Staff of a county, a city and a province, an enterprise and an auditor sign in: each sees the right world."""

import re

import pytest
from django.core.management import call_command
from playwright.sync_api import expect

from tests.browser.test_accessibility import findings
from tests.factories import make_registration

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True), pytest.mark.xdist_group("browser")]
WAITING = "示例申请企业有限公司"
STAFF = {"导入", "数据质量", "企业注册", "后台"}
# Account → which registrations it sees, and what stands in the menu besides what everybody has.
WORLDS = {
    "county": ({WAITING}, STAFF),
    "city": ({WAITING, "某1公司"}, STAFF),
    "province": ({WAITING, "某1公司", "某2公司"}, STAFF),
    "county2": ({"某3公司"}, STAFF),
    "enterprise": (None, set()),
    "auditor": ({WAITING, "某1公司", "某2公司", "某3公司"}, STAFF | {"操作痕迹"}),
}


@pytest.fixture
def accounts(reference, capsys):
    """The example accounts' passwords, as the command prints them, and registrations all over two provinces."""
    call_command("load_examples")
    for number, code in enumerate(("320681", "320500", "370102"), start=1):
        make_registration(f"applicant{number}", code, number=number)
    return dict(re.findall(r"^  (\w+) / (\S+)", capsys.readouterr().out, re.M))


def sign_in(hub, name, password):
    hub.goto(f"{hub.hub_url}/login/")
    hub.get_by_label("账号").fill(name)
    hub.get_by_label("密码").fill(password)
    hub.get_by_role("main").get_by_role("button", name="登录").click()
    expect(hub.locator("h1")).to_contain_text("工作台")


def menu(hub):
    return {link.inner_text(): link.get_attribute("href") for link in hub.locator(".menu a").all()}


@pytest.mark.parametrize("name", WORLDS)
def test_each_sees_the_right_world(hub, accounts, name):
    registrations, own = WORLDS[name]
    hub.goto(hub.hub_url)
    public = menu(hub).keys()
    sign_in(hub, name, accounts[name])

    desk = set(hub.locator("section[aria-labelledby=waiting] li li a").all_inner_texts())
    links = menu(hub)
    answers = {href: hub.request.get(hub.hub_url + href).status for href in links.values()}
    listed = hub.request.get(f"{hub.hub_url}/registrations/")
    trail = hub.request.get(f"{hub.hub_url}/admin/records/event/").status

    extra = {"账号"} if name == "province" else set()
    assert links.keys() - public - {"工作台"} == own | extra
    assert set(answers.values()) == {200}
    assert desk == (registrations if registrations and name != "auditor" else set())
    assert (set(re.findall(r'/registrations/\d+/">([^<]+)<', listed.text())) if listed.ok else None) == registrations
    assert trail == (200 if name == "auditor" else 403)


def test_an_enterprise_registers_is_confirmed_and_stands_there_with_its_role(hub, accounts):
    hub.goto(f"{hub.hub_url}/login/")
    hub.get_by_role("link", name="企业注册").click()
    hub.get_by_role("searchbox").fill("如皋")
    hub.get_by_role("button", name="查找").click()
    hub.get_by_role("link", name=re.compile("如皋市")).click()
    typed = {
        "统一社会信用代码": "91320682MA000000O0", "企业名称": "某糕点公司", "联系人": "李某", "电话": "13812345678",
        "电子邮箱": "li@example.cn", "账号名": "li-cakes", "再次输入密码": "five green kettles",
    }  # fmt: skip
    for label, text in typed.items():
        hub.get_by_label(label, exact=True).fill(text)
    hub.get_by_label("密码", exact=True).fill("five green kettles")
    hub.get_by_role("button", name="提交所在地确认").click()
    expect(hub.locator("#errors")).to_contain_text("第17位“O”")
    assert findings(hub) == []
    hub.get_by_label("统一社会信用代码").fill("91350100M000100Y43")
    for label in ("密码", "再次输入密码"):
        hub.get_by_label(label, exact=True).fill("five green kettles")
    hub.get_by_role("button", name="提交所在地确认").click()
    expect(hub.locator("h1")).to_have_text("注册申请已收到")

    sign_in(hub, "county", accounts["county"])
    hub.get_by_role("link", name="某糕点公司").click()
    assert findings(hub) == []
    hub.get_by_role("button", name="确认企业").click()
    expect(hub.locator(".messages")).to_contain_text("企业已确认")
    hub.get_by_role("button", name="退出").click()

    sign_in(hub, "li-cakes", "five green kettles")
    expect(hub.locator(".facts")).to_contain_text("某糕点公司")


def test_the_new_pages_have_no_axe_findings(hub, accounts):
    found = {}
    for path in ("/register/", "/register/?under=320600", "/register/?region=320682", "/register/sent/"):
        hub.goto(hub.hub_url + path)
        found[path] = findings(hub)
    sign_in(hub, "province", accounts["province"])
    for path in ("/registrations/", "/registrations/1/", "/desk/", "/accounts/"):
        hub.goto(hub.hub_url + path)
        found[path] = findings(hub)
    hub.get_by_label("密码").fill(accounts["province"])
    hub.get_by_role("button", name="继续").click()
    found["accounts"] = findings(hub)
    hub.get_by_role("link", name="移交").first.click()
    expect(hub.locator("h1")).to_contain_text("移交未办事项")
    found["hand over"] = findings(hub)

    assert {path: faults for path, faults in found.items() if faults} == {}
