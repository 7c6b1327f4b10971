"""What each page says, to whom it opens, and at what cost."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from catalog.editions import void_editions
from catalog.models import QualityFlag
from records.models import Event
from records.trail import SYSTEM
from tests.factories import PASSWORD, import_csv, make_standard
from tests.web.pages import Page, make_every_state

pytestmark = pytest.mark.django_db


def text(response) -> str:
    return Page(response.content.decode()).text


def day(days: int) -> str:
    return (timezone.localdate() + timedelta(days=days)).isoformat()


def test_home_counts_by_level_and_lists_what_moves(client):
    make_standard("GB/T 1-2020", "旧", implemented_on="2020-01-01")
    make_standard("GB/T 1-2024", "新", published_on=day(-10), implemented_on=day(10), replaces=["GB/T 1-2020"])
    make_standard("HJ 2-2024", "近", implemented_on=day(-5))
    make_standard("GB/T 1-2020/XG1-2021", "修改单", implemented_on=day(-5))

    shown = text(client.get("/"))

    assert "2 国家标准" in shown
    assert "1 行业标准" in shown
    lists = [re.findall(r"[A-Z/]+ \d-\d{4}", part) for part in re.split("新近实施|即将实施|即将失效", shown)[-3:]]
    assert lists == [["HJ 2-2024"], ["GB/T 1-2024"], ["GB/T 1-2020"]]


def test_an_empty_catalogue_says_what_to_do_next(client, cataloguer):
    public = client.get("/")
    client.force_login(cataloguer)
    staff = client.get("/")

    assert [answer.status_code for answer in (public, staff)] == [200, 200]
    assert ('href="/imports/"' in public.content.decode(), staff.content.decode().count('href="/imports/"')) == (
        False,
        2,
    )


def test_a_unique_number_opens_at_once(client):
    make_standard("GB/T 1-2020", "茶叶")

    response = client.get("/standards/?q=gbt1-2020")

    assert (response.status_code, response["Location"]) == (302, "/standards/gb-t-1-2020/")


def test_words_that_hit_once_show_the_list(client):
    make_standard("GB/T 1-2020", "茶叶")

    assert client.get("/standards/?q=茶叶").status_code == 200


def test_nothing_found_says_what_to_loosen(client):
    make_standard("GB/T 1-2020", "绿茶", implemented_on="2020-01-01")
    make_standard("HJ 2-2020", "红茶", implemented_on="2020-01-01")

    response = client.get("/standards/?q=茶 咖啡&level=national")
    html = response.content.decode()

    assert response.status_code == 200
    assert re.findall(r'<li><a href="(\?[^"]+)">([^<]+)</a>: (\d+)', html) == [
        ("?q=%E8%8C%B6&amp;level=national", "去掉词语“咖啡”", "1")
    ]


def test_places_count_on_over_pages(client):
    for serial in range(1, 8):
        make_standard(f"GB/T {serial}-2020", "茶叶")

    html = client.get("/standards/?page_size=3&page=2").content.decode()

    assert re.findall(r'<ol class="hits" start="(\d+)"', html) == ["4"]


def test_a_replaced_standard_leads_over_several_steps_to_what_is_in_force(client):
    slugs = make_every_state()

    html = client.get(f"/standards/{slugs['replaced twice']}/").content.decode()
    notice = re.search(r'<div class="notice bad">.*?</div>', html, re.S)[0]

    assert re.findall(r'href="/standards/([^"]+)/"', notice) == ["gb-t-1-2020", "gb-t-1-2010", "gb-t-1-2020"]
    assert "2010-01-01" in notice


STATES = {
    "in force": "现行",
    "replaced": "被代替",
    "withdrawn, inferred": "推定",
    "soon void": "将被代替",
    "upcoming": "即将实施",
    "unknown": "待核",
    "suspended": "公告第1号",
    "partly replaced": "部分代替",
    "amendment": "修改单",
    "translation": "外文版",
}


def test_each_state_is_said_in_words(client):
    slugs = make_every_state()

    missing = {
        name: words for name, words in STATES.items() if words not in text(client.get(f"/standards/{slugs[name]}/"))
    }

    assert missing == {}


def test_days_left_are_counted(client):
    make_standard("GB 2-2010", "水", implemented_on="2010-01-01")
    make_standard("GB 2-2024", "水", published_on=day(-1), implemented_on=day(30), replaces=["GB 2-2010"])

    pages = [text(client.get(path)) for path in ("/standards/gb-2-2010/", "/standards/?q=水", "/")]

    assert [bool(re.search(r"\b30 天", page)) for page in pages] == [True, True, True]


def test_the_page_answers_for_a_chosen_day(client):
    slugs = make_every_state()

    then = text(client.get(f"/standards/{slugs['replaced']}/?on=2012-01-01"))
    now = text(client.get(f"/standards/{slugs['replaced']}/"))

    assert ("自 2020-01-01 起" in now, "自 2020-01-01 起被代替" in then) == (True, False)


def test_an_undated_address_leads_to_the_family(client):
    make_standard("GB/T 1-2020")

    response = client.get("/standards/gb-t-1/")

    assert (response.status_code, response["Location"]) == (302, "/families/gb-t-1/")


@pytest.mark.parametrize(
    "path",
    [
        "/standards/gb-t-9-2020/",
        "/families/gb-t-9/",
        "/classifications/ics/99/",
        "/classifications/udc/",
        "/nothing/",
        "/standards/%00/",
        "/families/%00/",
        "/standards/a%00b/report/",
    ],
)
def test_what_is_not_there_says_so(client, path):
    response = client.get(path)

    assert response.status_code == 404
    assert "请求编号" in text(response) or response["X-Request-Id"] in text(response)


def test_a_voided_standard_is_gone_with_its_family(client):
    void_editions([make_standard("GB/T 1-2020")], by=SYSTEM, reason="误录")

    assert [client.get(path).status_code for path in ("/standards/gb-t-1-2020/", "/families/gb-t-1/")] == [404, 404]


def test_classes_are_browsed_with_exact_counts(client):
    make_standard("GB/T 1-2020", ics=["67.140.10", "67.040"], ccs=["X55"])
    make_standard("GB/T 2-2020", ics=["67.140.10"], ccs=["X55", "X04"])
    make_standard("GB/T 3-2020/XG1-2021", "修改单", ics=["67.140.10"])

    def counts(path: str) -> dict[str, int]:
        rows = re.findall(r"<tr>(.*?)</tr>", client.get(path).content.decode(), re.S)[1:]
        cells = [re.sub(r"<[^>]+>|\s+", " ", row).split() for row in rows]
        return {cell[0]: int(cell[-1]) for cell in cells if cell[-1] != "0"}

    assert {
        path: counts(path) for path in ("/classifications/ics/", "/classifications/ics/67/", "/classifications/ccs/")
    } == {
        "/classifications/ics/": {"67": 2},
        "/classifications/ics/67/": {"67.040": 1, "67.140": 2},
        "/classifications/ccs/": {"X": 2},
    }
    assert counts("/classifications/ccs/X/") == {"X04": 1, "X55": 2}


def test_a_report_becomes_a_flag_and_is_traced(client):
    make_standard("GB/T 1-2020")

    response = client.post("/standards/gb-t-1-2020/report/", {"text": "标题有误", "contact": "13800000000"})

    flag = QualityFlag.objects.get(kind="reported")
    assert (response.status_code, response["Location"]) == (302, "/standards/gb-t-1-2020/?reported=1#report")
    assert (flag.standard.number, flag.detail) == ("GB/T 1-2020", {"text": "标题有误", "contact": "13800000000"})
    assert Event.objects.filter(object_type="catalog.qualityflag").count() == 1
    assert "13800000000" not in client.get("/standards/gb-t-1-2020/").content.decode()


@pytest.mark.parametrize("words", ["", "a" * 1001, "x\x00y", "反\u202e向"])
def test_a_report_that_cannot_stand_keeps_what_was_typed(client, words):
    make_standard("GB/T 1-2020")

    response = client.post("/standards/gb-t-1-2020/report/", {"text": words, "contact": "王工"})
    html = response.content.decode()

    assert (response.status_code, QualityFlag.objects.filter(kind="reported").count()) == (400, 0)
    assert 'value="王工"' in html
    assert 'role="alert"' in html
    assert 'href="#id_text"' in html


def test_signing_in_and_out(client, cataloguer):
    wrong = client.post("/login/", {"username": "cataloguer", "password": "wrong"})
    right = client.post("/login/?next=/imports/", {"username": "cataloguer", "password": PASSWORD, "next": "/imports/"})
    inside = client.get("/imports/").status_code
    out = client.post("/logout/")
    after = client.get("/imports/").status_code

    assert 'value="cataloguer"' in wrong.content.decode()
    assert (right.status_code, right["Location"]) == (302, "/imports/")
    assert (inside, out.status_code, after, client.get("/logout/").status_code) == (200, 302, 302, 405)


@pytest.mark.parametrize(
    "target",
    ["https://evil.example/", "//evil.example/", "javascript:alert(1)", "/\\evil.example", "http:evil.example"],
)
def test_signing_in_and_switching_the_language_never_lead_outside(client, cataloguer, target):
    login = client.post("/login/", {"username": "cataloguer", "password": PASSWORD, "next": target})
    language = client.post("/language/", {"language": "en", "next": target})

    assert (login["Location"], language["Location"]) == ("/desk/", "/")


def test_the_chosen_language_stays(client):
    client.post("/language/", {"language": "en", "next": "/"})
    english = client.get("/standards/")
    client.post("/language/", {"language": "zh-hans", "next": "/"})
    chinese = client.get("/standards/")
    strange = client.post("/language/", {"language": "xx", "next": "/"})

    assert [Page(page.content.decode()).lang for page in (english, chinese, client.get("/"))] == [
        "en",
        "zh-CN",
        "zh-CN",
    ]
    assert (english["Content-Language"], chinese["Content-Language"], strange.status_code) == ("en", "zh-hans", 302)


def test_a_browser_that_prefers_english_sees_chinese_first(client):
    page = client.get("/", headers={"Accept-Language": "en-US,en"})

    assert Page(page.content.decode()).lang == "zh-CN"


STAFF = [
    ("get", "/imports/"),
    ("get", "/imports/{pk}/"),
    ("get", "/imports/{pk}/rejects/"),
    ("post", "/imports/{pk}/columns/"),
    ("post", "/imports/{pk}/apply/"),
    ("post", "/imports/{pk}/discard/"),
    ("post", "/imports/{pk}/revert/"),
    ("get", "/flags/"),
    ("post", "/flags/{flag}/settle/"),
]


def test_staff_pages_open_to_cataloguers_only(client, clerk, cataloguer, tmp_path):
    batch = import_csv(tmp_path, "标准编号,标准名称\nGB/T 1-2020,茶叶\n坏,坏\n", apply=False)
    make_standard("GB/T 2-2020")
    flag = QualityFlag.objects.create(
        standard=make_standard("GB/T 3-2020"), kind="reported", subject="x", opened_at=timezone.now()
    )
    paths = [(method, path.format(pk=batch.pk, flag=flag.pk)) for method, path in STAFF]

    anonymous = {path: getattr(client, method)(path) for method, path in paths}
    client.force_login(clerk)
    refused = {path: getattr(client, method)(path).status_code for method, path in paths}
    client.force_login(cataloguer)
    absent = {
        path: getattr(client, method)(path).status_code
        for method, path in ((method, path.format(pk=99999, flag=99999)) for method, path in STAFF)
        if "9" in path
    }

    batch.refresh_from_db()
    flag.refresh_from_db()
    assert {path: (answer.status_code, answer["Location"]) for path, answer in anonymous.items()} == {
        path: (302, f"/login/?next={path}") for _method, path in paths
    }
    assert refused == {path: 403 for _method, path in paths}
    assert absent == dict.fromkeys(absent, 404)
    assert (batch.state, flag.settled_at) == ("previewed", None)


def test_writing_pages_are_not_read(client, cataloguer):
    client.force_login(cataloguer)

    statuses = {path: client.get(path.format(pk=1, flag=1)).status_code for method, path in STAFF if method == "post"}

    assert statuses == dict.fromkeys(statuses, 405)


def test_the_page_for_a_refused_form_is_ours(client, django_user_model):
    strict = type(client)(enforce_csrf_checks=True)

    response = strict.post("/language/", {"language": "en"})

    assert response.status_code == 403
    assert Page(response.content.decode()).lang == "zh-CN"


def test_a_failure_needs_no_database_and_shows_no_trace(client, monkeypatch):
    client.raise_request_exception = False
    monkeypatch.setattr("catalog.views.lists.payload", lambda *args, **kwargs: 1 / 0)

    response = client.get("/standards/")

    assert response.status_code == 500
    assert (Page(response.content.decode()).lang, response["X-Request-Id"] in text(response)) == ("zh-CN", True)
    assert "ZeroDivisionError" not in response.content.decode()


def test_an_unknown_host_is_refused(client):
    assert client.get("/", headers={"Host": "evil.example"}).status_code == 400


COSTED = [
    "/",
    "/standards/",
    "/standards/?q=茶叶",
    "/standards/?status=in_force&level=national",
    "/families/gb-t-1/",
    "/standards/hj-2001-2001/",
    "/classifications/ics/",
    "/classifications/ics/67/",
    "/flags/",
    "/imports/",
]


@pytest.mark.parametrize("path", COSTED)
def test_the_number_of_queries_does_not_grow_with_the_rows(client, cataloguer, tmp_path, path):
    client.force_login(cataloguer)

    def queries() -> int:
        client.get(path)
        with CaptureQueriesContext(connection) as captured:
            assert client.get(path).status_code == 200
        return len(captured)

    def more(years) -> None:
        for year in years:
            standard = make_standard(
                f"GB/T 1-{year}",
                "茶叶",
                ics=["67.140.10"],
                ccs=["X55"],
                department=f"部{year}",
                published_on=day(-1000 - year),
                implemented_on=day(-1000 - year),
                replaces=[f"GB/T 1-{year - 1}"],
            )
            QualityFlag.objects.create(standard=standard, kind="reported", subject="x", opened_at=timezone.now())
            make_standard(f"DB32/T {year}-{year}", "茶叶", implemented_on=day(-3), withdrawn_on=day(30))
            make_standard(f"HJ {year}-{year}", "茶叶", published_on=day(-3), implemented_on=day(30))
            import_csv(tmp_path, f"标准编号,标准名称\nYY/T {year}-{year},茶叶\n坏,坏\n", name=f"{year}.csv")

    more([2001, 2002])
    few = queries()
    more([2003, 2004, 2005])

    assert queries() == few
