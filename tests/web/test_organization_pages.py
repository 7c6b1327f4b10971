"""The public pages of organizations, and those on which staff keep them."""

import csv
import io
from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from directory.industries import load_industries, read_industries
from directory.merging import merge_organizations
from directory.models import DifferentOrganizations, Industry, Organization, OrganizationMerge, OrganizationName, Role
from directory.naming import rename_organization
from records.models import Event
from records.trail import SYSTEM
from tests.factories import appoint, make_name, make_organization, make_standard, make_user

pytestmark = pytest.mark.django_db
LIST = "/organizations/"
REFORM = date(2019, 1, 10)


def staff(client, code: str = "320600", role: str = Role.STAFF):
    user = make_user(f"{role}-{code}")
    appoint(user, role, code)
    client.force_login(user)
    return client


def listed(client, **asked) -> list[str]:
    answer = client.get(LIST, asked)
    assert answer.status_code == 200
    return [one.name for one in answer.context["rows"]]


def page(one: Organization, act: str = "") -> str:
    return reverse(f"organization{act and '_' + act}", args=[one.pk])


def test_bodies_are_found_by_any_part_of_any_of_their_names(client):
    bureau = rename_organization(make_organization("南通市质监局"), "南通市市场监督管理局", on=REFORM, by=SYSTEM)
    make_name(bureau, "NTAMR", kind="foreign")
    make_organization("某某研究院")

    found = {q: listed(client, q=q) for q in ("质监", "市场", "监督 南通", "ntam", "研究", "监究", "无此", "局")}

    both = ["南通市市场监督管理局"]
    assert found == {
        "质监": both, "市场": both, "监督 南通": both, "ntam": both, "研究": ["某某研究院"], "监究": [], "无此": [], "局": both,
    }  # fmt: skip


def test_the_best_hits_come_first(client):
    for name in ("甲检测中心", "检测中心", "检测中心乙"):
        make_organization(name)

    assert listed(client, q="检测中心") == ["检测中心", "检测中心乙", "甲检测中心"]


def test_filters_and_what_is_neither_voided_nor_merged(client):
    coded = make_organization("甲", "320682", credit_code="91320600MA00000290")
    make_organization("乙", "321200", kind="school")
    gone, merged = make_organization("丙"), make_organization("丁")
    Organization.objects.filter(pk=gone.pk).update(voided_at=timezone.now())
    Organization.objects.filter(pk=merged.pk).update(merged_into=coded)

    assert listed(client) == ["乙", "甲"]
    assert listed(client, kind="school") == ["乙"]
    assert (listed(client, region="3206"), listed(client, region="320600"), listed(client, region="999999")) == (
        ["甲"], ["甲"], [],
    )  # fmt: skip
    assert (listed(client, coded="yes"), listed(client, coded="no")) == (["甲"], ["乙"])


def test_an_industry_filter_means_all_below_it(client, tmp_path):
    from_table = tmp_path / "table.csv"
    from_table.write_text("代码,名称\n01,农业\n011,谷物种植\n", encoding="utf-8")
    load_industries(read_industries(from_table)[0], by=SYSTEM)
    make_organization("种稻的", industry=Industry.objects.get(code="011"))
    make_organization("采矿的", industry=Industry.objects.get(code="B"))

    assert [listed(client, industry=code) for code in ("a", "01", "B", "99")] == [
        ["种稻的"],
        ["种稻的"],
        ["采矿的"],
        [],
    ]


@pytest.mark.parametrize(
    "asked", [{"colour": "red"}, {"kind": "x"}, {"page": "0"}, {"page": "9"}, {"coded": "perhaps"}]
)
def test_what_cannot_be_asked_is_said(client, asked):
    make_organization()

    answer = client.get(LIST, asked)

    assert (answer.status_code, len(answer.context["faults"])) == (400, 1)


def test_the_view_is_taken_away_as_a_file(client):
    make_organization("甲", "320682", credit_code="91320600MA00000290")
    make_organization("乙", "321200")

    answer = client.get(LIST, {"format": "csv", "region": "3206"})

    rows = list(csv.reader(io.StringIO(b"".join(answer).decode("utf-8-sig"))))
    assert [row[:4] for row in rows[1:]] == [["甲", rows[1][1], "如皋市", "91320600MA00000290"]]


def test_the_list_takes_as_many_queries_whatever_it_lists(client):
    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            listed(client, q="公司")
        return len(captured)

    make_organization("某某公司")
    few = queries()
    for number in range(3):
        make_name(make_organization(f"某某公司{number}"), "旧公司")

    assert queries() == few


def test_the_profile_shows_names_with_their_days_and_what_happened(client):
    bureau = rename_organization(make_organization("南通市质监局"), "南通市市监局", on=date(2014, 3, 1), by=SYSTEM)
    merge_organizations(make_organization("南通市工商局"), bureau, by=SYSTEM, reason="机构改革", on=REFORM)

    answer = client.get(page(bureau))

    sections = {section.name: rows for section, rows in answer.context["sections"]}
    assert [(one.name, one.kind, one.valid_from, one.valid_to) for one in sections["names"]] == [
        ("南通市市监局", "legal", date(2014, 3, 1), None),
        ("南通市质监局", "legal", None, date(2014, 3, 1)),
        ("南通市工商局", "former", None, REFORM),
    ]
    assert [(str(one.day), str(one.other or "")) for one in sections["timeline"]] == [
        ("2014-03-01", ""),
        ("2019-01-10", "南通市工商局"),
    ]


def test_the_profile_counts_the_standards_it_answers_for(client):
    make_standard("GB/T 1-2020", department="某局", implemented_on="2020-01-01")
    make_standard("GB/T 2-2020", department="某局", implemented_on="2099-01-01")
    make_standard("GB/T 2-2020/XG1-2021", department="某局", implemented_on="2021-01-01")
    make_standard("HJ 3-2020", department="某局", implemented_on="2020-01-01")
    make_standard("HJ 4-2020", department="别的局", implemented_on="2020-01-01")

    answer = client.get(page(Organization.objects.get(name="某局")))

    rows = {section.name: rows for section, rows in answer.context["sections"]}["answered"]
    assert [(row.level, row.count, row.in_force) for row in rows] == [("national", 2, 1), ("industry", 1, 1)]


def test_a_standard_says_what_its_department_was_called_then_and_leads_to_it(client):
    standard = make_standard("GB/T 1-2010", department="某质监局", published_on="2010-01-01")
    bureau = rename_organization(Organization.objects.get(name="某质监局"), "某市监局", on=REFORM, by=SYSTEM)

    text = client.get(standard.get_absolute_url()).content.decode()

    assert ("某质监局" in text, f'href="{page(bureau)}"' in text) == (True, True)


def test_the_profile_takes_as_many_queries_whatever_hangs_on_it(client):
    make_standard("GB/T 1-2010", department="某局")
    bureau = Organization.objects.get(name="某局")

    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert client.get(page(bureau)).status_code == 200
        return len(captured)

    few = queries()
    for number in range(3):
        make_standard(f"GB/T {number + 2}-2010", department="某局")
        merge_organizations(
            make_organization(f"旧局{number}"),
            Organization.objects.get(pk=bureau.pk),
            by=SYSTEM,
            reason="并",
            on=REFORM,
        )

    assert queries() == few


def test_a_merged_body_leads_to_the_other_and_a_voided_one_is_absent(client):
    source, target, gone = make_organization("甲"), make_organization("乙"), make_organization("丙")
    merge_organizations(source, target, by=SYSTEM, reason="同一机构")
    Organization.objects.filter(pk=gone.pk).update(voided_at=timezone.now())

    assert client.get(page(source)).headers["Location"] == page(target)
    assert client.get(page(gone)).status_code == 404


@pytest.mark.parametrize(
    ("role", "code", "seen"),
    [
        ("", "", ""),
        (Role.STAFF, "320682", "张三 13812345678"),
        (Role.STAFF, "320000", "张三 13812345678"),
        (Role.STAFF, "321200", ""),
        (Role.CATALOGUER, "320600", ""),
        (Role.AUDITOR, "", "张* 138****5678"),
        (Role.ENTERPRISE, "own", "张三 13812345678"),
        (Role.SECRETARIAT, "own", "张* 138****5678"),
        (Role.ENTERPRISE, "other", ""),
    ],
)
def test_only_those_who_keep_it_see_whom_to_call(client, role, code, seen):
    body = make_organization("某某公司", "320682", contact_person="张三", contact_phone="13812345678")
    if role:
        user = make_user()
        place = {"own": body, "other": make_organization("别的公司")}.get(code)
        appoint(user, role, "" if place else code, **({"organization": place} if place else {}))
        client.force_login(user)

    answer = client.get(page(body))

    contact = answer.context["contact"]
    assert (" ".join(contact) if contact else "") == seen
    assert ("13812345678" in answer.content.decode()) == ("13812345678" in seen)
    assert b"13812345678" not in client.get(LIST, {"format": "jsonl"}).getvalue()
    assert b"13812345678" not in client.get("/api/v1/organizations/").content


def test_staff_put_a_contact_on_record_and_the_trail_does_not_repeat_it(client):
    body = make_organization("某某公司", "320682")
    staff(client)

    answer = client.post(
        page(body, "contact"), {"version": 1, "contact_person": "张三", "contact_phone": "13812345678"}
    )

    body.refresh_from_db()
    assert (answer.status_code, body.contact_person, body.contact_phone, body.version) == (
        302,
        "张三",
        "13812345678",
        2,
    )
    assert "张三" not in str(list(body_events(body).values_list("changes", flat=True)))
    assert body_events(body).count() == 1


def body_events(body):
    return Event.objects.about(body)


@pytest.mark.parametrize("act", ["rename", "contact", "merge", "split"])
@pytest.mark.parametrize(("code", "status"), [("320600", 200), ("320000", 200), ("320682", 403), ("321200", 403)])
def test_who_opens_the_pages_of_a_body_of_the_city(client, act, code, status):
    body = make_organization("某某公司", "320600")
    staff(client, code)

    assert client.get(page(body, act)).status_code == status


def test_a_county_renames_its_own_and_does_not_merge_them(client):
    body = make_organization("某某公司", "320682")
    staff(client, "320682")

    answers = {act: client.get(page(body, act)).status_code for act in ("rename", "contact", "merge", "split")}

    assert answers == {"rename": 200, "contact": 200, "merge": 403, "split": 403}
    context = client.get(page(body)).context
    assert (context["is_keeper"], context["may_merge"]) == (True, False)


def test_renaming_on_its_page(client):
    body = make_organization("南通市质监局")
    staff(client)
    sent = {"version": 1, "name": "南通市市监局", "on": "2019年1月10日", "document": "苏发〔2019〕1号"}

    wrong = client.post(page(body, "rename"), sent | {"on": "哪天"})
    done = client.post(page(body, "rename"), sent)
    stale = client.post(page(body, "rename"), sent | {"name": "又一名称", "on": "2020-01-01"})

    body.refresh_from_db()
    assert (wrong.status_code, done.status_code, stale.status_code) == (400, 302, 409)
    assert (body.name, OrganizationName.objects.get(valid_to=REFORM).name) == ("南通市市监局", "南通市质监局")
    assert 'value="又一名称"' in stale.content.decode()  # what was typed is kept


def test_a_merge_is_shown_then_done_then_undone(client):
    source, target = make_organization("甲机构"), make_organization("乙机构")
    staff(client)

    shown = client.get(page(source, "merge"), {"into": f"#{target.pk}"})
    sent = {"version": 1, "into_version": 1, "into": "乙机构", "reason": "同一机构", "step": "merge"}
    done = client.post(page(source, "merge"), sent)

    merge = OrganizationMerge.objects.get()
    assert (shown.status_code, shown.context["preview"]) == (200, None)  # no reason yet
    assert done.headers["Location"] == reverse("organization_move", args=[merge.pk])
    assert client.get(done.headers["Location"]).context["move"].counts[0][1] == 1
    undone = client.post(reverse("organization_move_undo", args=[merge.pk]), {"reason": "看错了"})
    source.refresh_from_db()
    assert (undone.status_code, source.merged_into) == (302, None)


def test_the_preview_of_a_merge_writes_nothing(client):
    source, target = make_organization("甲机构"), make_organization("乙机构")
    staff(client)

    answer = client.post(
        page(source, "merge"), {"version": 1, "into": "乙机构", "reason": "同一机构", "step": "preview"}
    )

    assert (answer.status_code, answer.context["preview"].count) == (200, 1)
    assert (OrganizationMerge.objects.count(), Organization.objects.filter(merged_into=target).count()) == (0, 0)


@pytest.mark.parametrize(
    ("into", "status"),
    [("无此机构", 400), ("#999999", 400), ("泰州机构", 400), ("同名", 400), ("甲机构", 400), ("", 400)],
)
def test_a_merge_that_cannot_be_is_said_at_the_form(client, into, status):
    source = make_organization("甲机构")
    make_organization("泰州机构", "321200")
    for place in ("320682", "320681"):
        make_organization("同名", place)
    staff(client)

    answer = client.post(
        page(source, "merge"), {"version": 1, "into": into, "reason": "试", "step": "merge", "into_version": 1}
    )

    assert (answer.status_code, OrganizationMerge.objects.count()) == (status, 0)
    assert answer.context["form"].errors


def test_a_merge_of_what_changed_since_it_was_shown_is_shown_again(client):
    source, target = make_organization("甲机构"), make_organization("乙机构")
    Organization.objects.filter(pk=target.pk).update(version=5)
    staff(client)
    sent = {"version": 1, "into_version": 1, "into": f"#{target.pk}", "reason": "同一机构", "step": "merge"}

    stale = client.post(page(source, "merge"), sent)

    assert (stale.status_code, OrganizationMerge.objects.count()) == (409, 0)


def test_a_split_is_shown_then_done_then_undone(client):
    body = make_organization("甲机构")
    name = make_name(body, "乙机构旧称")
    staff(client)
    sent = {
        "version": 1, "new_name": "乙机构", "new_kind": "institute", "reason": "两个机构",
        "row": f"directory.organizationname:{name.pk}",
    }  # fmt: skip

    shown = client.post(page(body, "split"), sent | {"step": "preview"})
    assert (shown.status_code, shown.context["preview"].count) == (200, 1)
    done = client.post(page(body, "split"), sent | {"step": "split"})

    split = OrganizationMerge.objects.get()
    assert (done.status_code, split.target.name, name.__class__.objects.get(pk=name.pk).organization) == (
        302, "乙机构", split.target,
    )  # fmt: skip
    client.post(reverse("organization_move_undo", args=[split.pk]), {"reason": "看错了"})
    name.refresh_from_db()
    assert name.organization == body


@pytest.mark.parametrize(
    "change", [{"row": "x"}, {"row": "catalog.standard:1"}, {"new_name": ""}, {"into": "甲机构"}, {"row": []}]
)
def test_a_split_that_cannot_be_is_said_at_the_form(client, change):
    body = make_organization("甲机构")
    name = make_name(body, "旧称")
    staff(client)
    sent = {
        "version": 1, "new_name": "乙机构", "new_kind": "other", "reason": "试", "step": "split",
        "row": f"directory.organizationname:{name.pk}",
    }  # fmt: skip

    answer = client.post(page(body, "split"), sent | change)

    assert (answer.status_code, OrganizationMerge.objects.count()) == (400, 0)


def test_a_merge_of_another_division_is_neither_shown_nor_undone(client):
    merge = merge_organizations(make_organization("甲"), make_organization("乙"), by=SYSTEM, reason="同一机构")
    staff(client, "321200")

    assert client.get(reverse("organization_move", args=[merge.pk])).status_code == 403
    assert client.post(reverse("organization_move_undo", args=[merge.pk]), {"reason": "试"}).status_code == 403
    merge.refresh_from_db()
    assert merge.undone_at is None


def test_duplicates_of_ones_own_division_are_listed_and_told_apart(client):
    one, other = make_organization("中心小学", "320682"), make_organization("中心小学", "320600", kind="school")
    make_organization("中心小学", "321200")
    staff(client)
    address = reverse("organization_duplicates")

    assert [(a.pk, b.pk) for a, b, _why in client.get(address).context["pairs"]] == [(one.pk, other.pk)]
    narrowed = {key: client.get(address, asked).context["count"] for key, asked in {
        "reason": {"reason": "1"}, "other reason": {"reason": "2"}, "kind": {"kind": "school"}, "region": {"region": "320682"},
    }.items()}  # fmt: skip
    assert narrowed == {"reason": 1, "other reason": 0, "kind": 0, "region": 0}
    assert client.get(address, {"reason": "x"}).status_code == 400

    client.post(reverse("organization_apart"), {"one": one.pk, "other": other.pk, "reason": ""})
    assert DifferentOrganizations.objects.count() == 0
    client.post(reverse("organization_apart"), {"one": one.pk, "other": other.pk, "reason": "两所学校"})
    assert client.get(address).context["count"] == 0
