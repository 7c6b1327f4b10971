"""Each object's history in words: what is told, who sees how much of it, on pages and in the back-office."""

import pytest
from django.contrib import admin
from django.contrib.admin.models import LogEntry
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from catalog.care_register import CARE
from catalog.contributing import Entry, write_contributions
from catalog.editions import save_edition, void_editions
from catalog.models import Classification, Prefix, QualityFlag, Standard, StandardRelation
from directory.grants import give_role, take_back_role
from directory.merging import merge_organizations
from directory.models import ApiToken, Organization, Region, Role, User
from records.models import Event, ImportBatch, ImportProfile
from records.trail import SYSTEM, Actor, record
from tests.catalog.ledger import enter
from tests.factories import (
    appoint,
    import_csv,
    make_committee,
    make_committee_world,
    make_organization,
    make_policy,
    make_record,
    make_standard,
    make_user,
)
from tests.web.forms import opened_form
from tests.web.pages import Page

pytestmark = pytest.mark.django_db


def appointed(name: str, role: str, code: str = "") -> User:
    user = make_user(name)
    appoint(user, role, code)
    return User.objects.get(pk=user.pk)


def acting(user: User) -> Actor:
    return Actor(user, "web", role=user.acting.role, division=user.acting.division)


def said(client, standard: Standard, query: str = "") -> str:
    return Page(client.get(reverse("standard", args=[standard.slug]) + query).content.decode()).text


def changes_told(client, standard: Standard) -> list[str]:
    page = client.get(reverse("standard", args=[standard.slug])).context["history"]
    return [str(line) for line in page.object_list[0].lines]


@pytest.fixture
def auditor(client):
    client.force_login(appointed("auditor", Role.AUDITOR))
    return client


def test_plain_fields_are_told_before_and_after(auditor):
    standard = make_standard("GB/T 1-2020", "茶叶", department="农业农村部")
    save_edition(standard, {"department": "商务部", "published_precision": "month"}, by=SYSTEM)

    assert set(changes_told(auditor, standard)) == {"主管部门：农业农村部 → 商务部", "发布日期精确到：日 → 月"}


def test_relations_and_codes_are_told_as_added_and_taken_back(auditor):
    standard = make_standard("GB/T 1-2020", "茶叶", ics=["67"], replaces=["GB/T 1-2010"])
    fact = ["gb/t 1-2020", "replaces", "gb/t 1-2000", "GB/T 1-2020", "GB/T 1-2000", "", ""]
    save_edition(Standard.objects.get(), {"relations": [fact], "ics": ["13", "67.140"]}, by=SYSTEM)

    assert set(changes_told(auditor, standard)) == {
        "关系：GB/T 1-2020 代替 GB/T 1-2000，加入",
        "关系：GB/T 1-2020 代替 GB/T 1-2010，移除",
        "ICS：加入 13、67.140；移除 67",
    }


def test_what_a_source_says_is_told_word_by_word(auditor, tmp_path):
    import_csv(tmp_path, "标准编号,标准名称,状态\nGB/T 1-2020,茶叶,现行\n", source="省局", name="a_2024-01-01.csv")
    batch = import_csv(tmp_path, "标准编号,标准名称,状态\nGB/T 1-2020,茶叶,废止\n", source="省局", name="b_2025-01-01.csv")  # fmt: skip

    told = changes_told(auditor, Standard.objects.get())

    assert {"“省局”的说法 · 截至：2024-01-01 → 2025-01-01", "“省局”的说法 · 状态（来源原文）：现行 → 废止"} <= set(told)
    assert f"导入批次 #{batch.pk}" in said(auditor, Standard.objects.get())


def test_who_acted_is_told_with_role_and_division(auditor):
    standard = make_standard("GB/T 1-2020", "茶叶")
    save_edition(standard, {"title": "红茶"}, by=acting(appointed("li", Role.CATALOGUER, "320600")), reason="勘误")

    text = said(auditor, standard)

    assert "li (南通市 · 编目员) 更新 · 勘误" in text


SEEN = {
    "auditor": (Role.AUDITOR, "", {"甲", "乙", "丙"}),
    "staff of the division": (Role.STAFF, "320600", {"甲", "乙", "丙"}),
    "staff above": (Role.STAFF, "320000", {"甲", "乙", "丙"}),
    "staff beside": (Role.STAFF, "320500", {"丙"}),
    "expert": (Role.EXPERT, "", {"丙"}),
    "system administrator": (Role.SYSTEM_ADMIN, "", {"丙"}),
}


@pytest.mark.parametrize("who", SEEN)
def test_all_is_seen_by_auditors_ones_scope_by_staff_and_else_ones_own(client, who):
    """Row 33 of the matrix, on a local standard of 南通市; what is called 丙 is the reader's own."""
    role, code, seen = SEEN[who]
    reader = appointed("reader", role, code)
    standard = make_standard("DB3206/T 1-2020", "标准")
    for document, by in (("甲", SYSTEM), ("乙", Actor(make_user("other"))), ("丙", Actor(reader))):
        record(standard, Event.Action.UPDATED, {"scope": ["", document]}, by=by, document=f"文件{document}")
    client.force_login(reader)

    text = said(client, standard)

    assert {one for one in "甲乙丙" if f"文件{one}" in text} == seen


def test_the_public_sees_no_history(client):
    standard = make_standard("GB/T 1-2020")

    assert client.get(reverse("standard", args=[standard.slug])).context["history"] is None


def test_a_long_history_is_paged_and_costs_the_same(auditor):
    standard = make_standard("GB/T 1-2020")

    def queries(count: int, query: str = "") -> int:
        for number in range(count):
            by = Actor(make_user(f"user{Event.objects.count()}"), role="staff", division="/320000/320600/")
            record(standard, Event.Action.UPDATED, {"scope": ["", str(number)]}, by=by)
        with CaptureQueriesContext(connection) as captured:
            assert auditor.get(reverse("standard", args=[standard.slug]) + query).status_code == 200
        return len(captured)

    queries(1)
    few = queries(1)

    assert queries(43) == few
    pages = [
        auditor.get(reverse("standard", args=[standard.slug]), {"page": page}).context["history"] for page in (1, 2, 3)
    ]
    assert [len(page.object_list) for page in pages] == [20, 20, 6]
    assert "第 2 页，共 3 页" in said(auditor, standard, "?page=2")


# --- the back-office ----------------------------------------------------------------------------------------------------


@pytest.fixture
def root(client):
    client.force_login(make_user("root", every_role=True))
    return client


def test_every_registered_model_tells_its_history_in_our_words(root, tmp_path):
    import_csv(tmp_path, "标准编号,标准名称\nGB/T 1-2020,茶\n")
    make_standard("GB/T 2-2020", replaces=["GB/T 2-2010"], implemented_on=None)
    user = make_user("li")
    ApiToken.objects.create(user)
    ImportProfile.objects.create(kind="standards", shape="a", mapping={"number": "x"})
    appoint(user, Role.EXPERT)
    merge_organizations(make_organization("旧"), make_organization("新"), by=SYSTEM, reason="并")
    enter(Standard.objects.get(number="GB/T 1-2020"), "某厂")
    make_policy()
    make_committee_world()
    make_record(CARE, standard="GB/T 2-2020", committee="SAC/TC 901")

    answers = {}
    for model in admin.site._registry:
        path = f"admin:{model._meta.app_label}_{model._meta.model_name}_history"
        page = root.get(reverse(path, args=[model._default_manager.first().pk]))
        answers[model._meta.label] = (page.status_code, "history" in page.content.decode())

    assert set(answers.values()) == {(200, True)}


def told(client, target) -> str:
    name = f"admin:{target._meta.app_label}_{target._meta.model_name}_history"
    return Page(client.get(reverse(name, args=[target.pk])).content.decode()).text


def test_accounts_and_grants_tell_roles_given_and_taken_back(root):
    user, keeper = make_user("li"), Actor(channel="command")
    grant = give_role(user, Role.STAFF, by=keeper, region=Region.objects.valid().get(code="320600"), note="到岗")
    take_back_role(grant, by=keeper, reason="离任")

    for text in (told(root, user), told(root, grant)):
        assert "角色：授予 市场监管人员 · 南通市 320600" in text
        assert "角色：收回 市场监管人员 · 南通市 320600" in text
        assert {"到岗" in text, "离任" in text} == {True}


def test_a_batch_a_flag_and_a_relation_tell_what_became_of_them(root, tmp_path):
    batch = import_csv(tmp_path, "标准编号,标准名称,替代情况\nGB/T 1-2020,茶,GB/T 1-2010\n")
    flag = QualityFlag.objects.filter(standard__number="GB/T 1-2020").first()
    root.post(reverse("flag_settle", args=[flag.pk]), {"resolution": "已核对原文"})

    assert "状态：已预览 → 已导入" in told(root, batch)
    assert "处理结果：空 → 已核对原文" in told(root, flag)
    assert "关系：GB/T 1-2020 代替 GB/T 1-2010，加入" in told(root, StandardRelation.objects.get())
    assert "变更记录" in Page(root.get(reverse("import", args=[batch.pk])).content.decode()).text


def test_django_s_own_log_is_no_second_trail(root):
    standard, prefix = make_standard("GB/T 1-2020", "茶"), Prefix.objects.get(code="YY")
    for target, values in ((standard, {"title": "红茶"}), (prefix, {"name": "医疗"})):
        path = reverse(f"admin:{target._meta.app_label}_{target._meta.model_name}_change", args=[target.pk])
        root.post(path, opened_form(root, path) | values)
    root.post(reverse("admin:catalog_prefix_add"), {"code": "QZ", "level": "industry", "name": "新行业"})

    assert LogEntry.objects.count() == 0
    assert Event.objects.filter(object_type="catalog.prefix").count() == 2


def test_another_division_s_organization_is_read_and_its_history_not_told(client):
    client.force_login(appointed("li", Role.CATALOGUER, "320600"))
    rows = {
        code: Organization.objects.create(name=code, region=Region.objects.valid().get(code=code))
        for code in ("320600", "320500")
    }
    for row in rows.values():
        record(row, Event.Action.UPDATED, {"name_en": ["", f"old {row.name}"]}, by=SYSTEM)

    pages = {code: Page(client.get(row.get_absolute_url()).content.decode()).text for code, row in rows.items()}
    assert {code: f"old {code}" in told(client, row) for code, row in rows.items()} == {"320600": True, "320500": False}
    assert {code: f"old {code}" in text for code, text in pages.items()} == {"320600": True, "320500": False}


@pytest.mark.parametrize(("code", "shown"), [("320600", True), ("320500", False)])
def test_contributions_and_cares_of_another_division_are_read_and_their_history_not_told(client, code, shown):
    client.force_login(appointed("li", Role.CATALOGUER, code))
    (made,) = enter(make_standard("GB/T 1-2020", "茶"), make_organization("甲院", "320600"))
    make_committee("SAC/TC 901")
    make_standard("DB3206/T 1-2020", "地方")
    care = make_record(CARE, standard="DB3206/T 1-2020", committee="SAC/TC 901", role="归口")

    (unresolved,) = enter(Standard.objects.get(number="DB3206/T 1-2020"), "乙院")

    name = "admin:catalog_{}_history"
    pages = [client.get(reverse(name.format(one._meta.model_name), args=[one.pk])) for one in (made, unresolved, care)]
    assert [bool(page.context["page"].object_list) for page in pages] == [shown] * 3


@pytest.mark.parametrize(
    ("role", "code", "shown"), [("cataloguer", "320600", True), ("cataloguer", "320500", False), ("auditor", "", True)]
)
def test_voided_contributions_and_those_of_voided_standards_are_listed_to_those_who_kept_them(
    client, role, code, shown
):
    client.force_login(appointed("li", role, code))
    (voided,) = enter(make_standard("DB3206/T 1-2020", "甲"), "甲院")
    (standing,) = enter(make_standard("DB3206/T 3-2020", "丙"), "丙院")
    gone = make_standard("DB3206/T 2-2020", "乙")
    (orphan,) = enter(gone, "乙院")
    write_contributions([Entry(voided.standard_id, None, voided)], by=SYSTEM, reason="错")
    void_editions([gone], by=SYSTEM, reason="错")

    page = client.get(reverse("admin:catalog_contribution_changelist") + "?voided=all").content.decode()
    path = "admin:catalog_contribution_history"
    opened = {one.printed_name: client.get(reverse(path, args=[one.pk])).status_code for one in (voided, orphan)}

    assert {one.printed_name: one.printed_name in page for one in (voided, orphan, standing)} == {
        "甲院": shown, "乙院": shown, "丙院": True
    }  # fmt: skip
    assert set(opened.values()) == {200 if shown else 404}


@pytest.mark.parametrize(
    ("role", "code", "shown"),
    [("staff", "320600", True), ("staff", "320500", False), ("staff", "320682", False), ("auditor", "", True)],
)
def test_a_merge_is_listed_to_those_who_reach_both_ends(client, role, code, shown):
    client.force_login(appointed("li", role, code))
    merge = merge_organizations(
        make_organization("甲院"), make_organization("乙院"), on=None, by=SYSTEM, reason="同一单位"
    )

    page = client.get(reverse("admin:directory_organizationmerge_changelist")).content.decode()
    answer = client.get(reverse("admin:directory_organizationmerge_change", args=[merge.pk]))

    assert ("同一单位" in page, answer.status_code) == (shown, 200 if shown else 404)


def test_what_a_table_or_a_file_brings_leaves_its_event(tmp_path):
    import_csv(tmp_path, "标准编号,标准名称,ICS\nGB/T 1-2020,茶,67.140.10\n")

    nameless = Classification.objects.filter(scheme="ics", code__in=["67.140", "67.140.10"])
    events = Event.objects.filter(object_type="catalog.classification")
    assert {(one.object_id, one.action) for one in events} == {(row.pk, "created") for row in nameless}
    assert {one.batch_id for one in events} == {ImportBatch.objects.get().pk}
