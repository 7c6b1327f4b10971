"""Pages of contributions: the ledger, figures that lead to their rows, a list by hand, names that wait."""

import re
from urllib.parse import urlencode

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from catalog.contributing import Entry, state_of, write_contributions
from catalog.models import Contribution, Standard
from directory.models import OrganizationName, Role, User
from directory.organization_names import name_key
from records.models import Event, ImportBatch
from records.trail import SYSTEM
from tests.catalog.ledger import enter, make_ledger, place
from tests.factories import appoint, make_organization, make_standard, make_user

pytestmark = pytest.mark.django_db
DAY = "2026-06-30"


def account(name: str, role: str, code: str) -> User:
    user = make_user(name)
    appoint(user, role, code)
    return User.objects.get(pk=user.pk)


def numbers(answer) -> list[str]:
    return [standard.number for standard, _rows in answer.context["standards"]]


# --- the ledger --------------------------------------------------------------------------------------------------------


def test_the_ledger_lists_standards_with_those_who_drafted_them(client):
    make_ledger()

    answer = client.get("/contributions/", {"region": "3206", "level": "national"})

    assert numbers(answer) == ["GB/T 1-2020", "GB/T 1-2020/XG1-2021", "GB/T 2-2024", "GB/T 7-2027"]
    rows = dict(answer.context["standards"])[Standard.objects.get(number="GB/T 1-2020")]
    assert [(row["rank"], row["printed_name"]) for row in rows] == [(1, "甲公司"), (2, "乙研究院")]
    assert answer.context["contributions"] == 5


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ({"unresolved": "1"}, ["GB/T 1-2020", "ISO 4:2023"]),
        ({"name": "丙"}, ["GB/T 2-2024", "ISO 5:2025"]),
        ({"q": "DB32"}, ["DB32/T 3-2025"]),
        ({"year": "2025"}, ["DB32/T 3-2025", "ISO 5:2025"]),
        ({"verified": "1"}, []),
        ({"standard": "iso-5-2025"}, ["ISO 5:2025"]),
        ({"part": "keeper"}, []),
        ({"years": "2", "on": DAY}, ["DB32/T 3-2025", "ISO 5:2025"]),
        ({"role": "lead", "rule": "recognized", "level": "international"}, ["ISO 5:2025"]),
        ({"ordering": "-published_on", "level": "international"}, ["ISO 5:2025", "ISO 4:2023"]),
    ],
)
def test_filters_of_the_ledger(client, asked, expected):
    make_ledger()

    assert numbers(client.get("/contributions/", asked)) == expected


@pytest.mark.parametrize(
    "asked",
    [
        {"level": "x"}, {"colour": "red"}, {"region": "3"}, {"organization": "0"}, {"organization": "x"}, {"rule": "last"},
        {"on": "soon"}, {"years": "0"}, {"page": "99999999"}, {"year": "20"}, {"q": "\x00"},
    ],
)  # fmt: skip
def test_a_view_that_cannot_be_shown_says_why(client, asked):
    answer = client.get("/contributions/", asked)

    assert answer.status_code == 400
    assert len(answer.context["errors"]) == 1


def test_what_is_voided_is_not_listed(client):
    make_ledger()
    gone = Standard.objects.get(number="ISO 4:2023")
    Standard.objects.filter(pk=gone.pk).update(voided_at="2026-01-01T00:00Z")
    row = Contribution.objects.get(standard__number="DB32/T 3-2025")
    write_contributions([Entry(row.standard_id, None, row)], by=SYSTEM, reason="误录")

    assert numbers(client.get("/contributions/")) == [
        "DB32/T 3-2025", "GB/T 1-2020", "GB/T 1-2020/XG1-2021", "GB/T 2-2024", "GB/T 7-2027", "ISO 5:2025",
    ][1:]  # fmt: skip


@pytest.mark.parametrize("path", ["/contributions/", "/contributions/counts/", "/contributions/unresolved/"])
def test_a_page_asks_as_much_for_three_as_for_one(client, path, django_assert_max_num_queries):
    client.force_login(make_user(every_role=True))
    enter(make_standard("GB/T 1-2020", published_on="2020-01-01"), place("甲", "320600"), "无")
    client.get(path)
    with django_assert_max_num_queries(60) as one:
        client.get(path)
    for serial in (2, 3):
        enter(
            make_standard(f"GB/T {serial}-2020", published_on="2020-01-01"),
            place(f"甲{serial}", "320600"),
            f"无{serial}",
        )
    with django_assert_max_num_queries(60) as three:
        client.get(path)

    assert len(three) == len(one)


# --- figures -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("rule", ["first", "first_two", "printed", "recognized"])
def test_every_figure_of_the_page_leads_to_exactly_its_standards(client, rule):
    make_ledger()

    answer = client.get("/contributions/counts/", {"region": "3206", "rule": rule, "on": DAY})

    links = re.findall(r'<a href="(/contributions/\?[^"]+)">([\d,]+)</a>', answer.content.decode())
    assert len(links) == 2 * (3 + 1 + 2)  # three levels, their sum, two organizations
    for link, figure in links:
        listed = client.get(link.replace("&amp;", "&"))
        assert listed.context["page"].count == int(figure), link


def test_the_division_counts_fewer_than_its_organizations_together(client):
    make_ledger()

    answer = client.get("/contributions/counts/", {"region": "3206", "on": DAY, "level": "national"})

    assert answer.context["total"].lead == 1
    assert [count.lead for _organization, count in answer.context["organizations"]] == [1, 1]


def test_the_page_says_what_its_rule_means(client):
    text = client.get("/contributions/counts/", {"rule": "recognized"}).content.decode()

    assert "国际标准仅以专家组认定（有认定文件）的贡献为主导" in text


# --- a standard's page and its list by hand ------------------------------------------------------------------------------


def test_a_standards_page_shows_its_drafters(client):
    ledger = make_ledger()

    answer = client.get("/standards/gb-t-1-2020/")

    rows = answer.context["drafters"]
    assert [(row["rank"], row["printed_name"], row["leads_under"]) for row in rows] == [
        (1, "甲公司", ["first", "first_two", "printed", "recognized"]),
        (2, "乙研究院", ["first_two", "printed", "recognized"]),
        (3, "丁", []),
    ]
    assert f"/organizations/{ledger['a'].pk}/" in answer.content.decode()


@pytest.fixture
def standard():
    return make_standard("GB/T 1-2020", published_on="2020-01-01")


@pytest.fixture
def staff(client):
    """Staff of 南通."""
    client.force_login(account("staff", Role.STAFF, "320600"))
    return client


@pytest.fixture
def keeper(client):
    """A cataloguer of 南通."""
    client.force_login(account("keeper", Role.CATALOGUER, "320600"))
    return client


def address(standard) -> str:
    return reverse("contribution_edit", args=[standard.slug])


def form_of(client, standard) -> dict:
    """The page's form as it is sent when nothing is typed."""
    answer = client.get(address(standard))
    data = {}
    for row in answer.context["rows"]:
        data |= {field.html_name: "" if field.value() in (None, False) else field.value() for field in row}
        del data[f"{row.prefix}-void"]
    return data


def standing(standard) -> list[tuple]:
    rows = Contribution.objects.filter(standard=standard, voided_at=None).order_by("rank", "pk")
    return list(rows.values_list("rank", "printed_name", "printed_role", "organization__name"))


def test_a_list_is_entered_from_what_the_foreword_prints(keeper, standard):
    make_organization("甲公司")

    answer = keeper.post(
        address(standard), {"printed_list": "负责起草单位：甲公司。参加起草单位：乙院。", "document": "标准文本"}
    )

    assert (answer.status_code, answer["Location"]) == (302, "/standards/gb-t-1-2020/")
    assert standing(standard) == [(1, "甲公司", "负责起草单位", "甲公司"), (2, "乙院", "参加起草单位", None)]
    assert set(Event.objects.filter(object_type="catalog.contribution").values_list("document", flat=True)) == {
        "标准文本"
    }


def test_rows_are_changed_added_and_voided_at_once(keeper, standard):
    first, second = enter(standard, "甲", "乙")
    data = form_of(keeper, standard) | {
        f"row-{first.pk}-rank": "2", f"row-{second.pk}-void": "on", "new-0-rank": "1", "new-0-printed_name": "丙",
        "reason": "对照文本",
    }  # fmt: skip

    assert keeper.post(address(standard), data).status_code == 302

    assert standing(standard) == [(1, "丙", "", None), (2, "甲", "", None)]
    assert Contribution.objects.get(pk=second.pk).void_reason == "对照文本"


def test_voiding_needs_a_reason_and_typed_words_stay(keeper, standard):
    (row,) = enter(standard, "甲")
    data = form_of(keeper, standard) | {f"row-{row.pk}-void": "on", "new-0-printed_name": "我输入的名称"}

    answer = keeper.post(address(standard), data)

    assert answer.status_code == 400
    assert "我输入的名称" in answer.content.decode()
    assert standing(standard) == [(1, "甲", "", None)]


@pytest.mark.parametrize(
    ("typed", "where"),
    [
        ({"new-0-printed_name": "甲", "new-0-rank": "0"}, "new-0"),
        ({"new-0-rank": "3"}, "new-0"),
        ({"new-0-printed_name": "甲", "new-0-organization": "没有的单位"}, "new-0"),
        ({"new-0-printed_name": "甲", "new-0-organization": "#99999"}, "new-0"),
        ({"new-0-printed_name": "甲", "new-0-organization": "同名公司"}, "new-0"),
        ({"new-0-printed_name": "长" * 201}, "new-0"),
        ({"printed_list": "甲研究院和乙中心"}, "form"),
        ({"new-0-printed_name": "甲", "new-0-rank": "1", "new-1-printed_name": "乙", "new-1-rank": "1"}, "form"),
    ],
)
def test_what_cannot_stand_says_where_and_keeps_what_was_typed(keeper, standard, typed, where):
    make_organization("同名公司", "320100")
    make_organization("同名公司", "320500")

    answer = keeper.post(address(standard), typed)

    assert answer.status_code == 400
    told = {row.prefix: row.errors for row in answer.context["rows"]} | {"form": answer.context["form"].errors}
    assert {name for name, errors in told.items() if errors} == {where}
    assert standing(standard) == []
    text = answer.content.decode()
    assert all(value in text for value in typed.values())


def test_an_organization_is_chosen_by_its_number_among_namesakes(keeper, standard):
    make_organization("同名公司", "320100")
    meant = make_organization("同名公司", "320500")

    keeper.post(address(standard), {"new-0-printed_name": "同名公司", "new-0-organization": f"同名公司 #{meant.pk}"})

    assert Contribution.objects.get().organization == meant


def test_whoever_was_slower_keeps_his_words_and_sees_what_stands(keeper, standard):
    first, second = enter(standard, "甲", "乙")
    data = form_of(keeper, standard) | {f"row-{first.pk}-rank": "7", f"row-{second.pk}-printed_role": "参加单位"}
    now = Contribution.objects.get(pk=first.pk)
    write_contributions([Entry(standard.pk, state_of(now) | {"rank": 5}, now)], by=SYSTEM)
    gone = Contribution.objects.get(pk=second.pk)
    write_contributions([Entry(standard.pk, None, gone)], by=SYSTEM, reason="误录")

    answer = keeper.post(address(standard), data)

    assert answer.status_code == 409
    values = {field.html_name: field.value() for row in answer.context["rows"] for field in row}
    assert values[f"row-{first.pk}-rank"] == "7"
    assert (values["new-3-printed_name"], values["new-3-printed_role"]) == ("乙", "参加单位")
    assert standing(standard) == [(5, "甲", "", None)]

    again = {name: value for name, value in values.items() if value not in (None, False)}
    assert keeper.post(address(standard), again).status_code == 302
    assert standing(standard) == [(2, "乙", "参加单位", None), (7, "甲", "", None)]


def test_a_person_vouches_for_the_list_he_keeps(keeper, standard):
    enter(standard, "甲")

    keeper.post(address(standard), form_of(keeper, standard) | {"verified": "on", "new-0-printed_name": "乙"})

    assert set(Contribution.objects.values_list("verified_by__username", flat=True)) == {"keeper"}


def test_who_may_change_which_rows(staff, standard):
    mine, theirs = make_organization("南通公司", "320613"), make_organization("苏州公司", "320500")
    enter(standard, mine, theirs, "无名")

    answer = staff.get(address(standard))

    assert [row.contribution.printed_name for row in answer.context["rows"] if row.contribution] == ["南通公司"]
    assert [one.printed_name for one in answer.context["others"]] == ["苏州公司", "无名"]


def test_staff_enter_only_their_own_organizations(staff, standard):
    make_organization("南通公司", "320600")
    make_organization("苏州公司", "320500")

    assert staff.post(address(standard), {"new-0-printed_name": "苏州公司"}).status_code == 400
    assert staff.post(address(standard), {"new-0-printed_name": "不知名"}).status_code == 400
    assert standing(standard) == []
    assert staff.post(address(standard), {"new-0-printed_name": "南通公司"}).status_code == 302
    assert [row[1] for row in standing(standard)] == ["南通公司"]


def test_a_cataloguer_enters_nothing_at_another_divisions_standard(keeper):
    foreign = make_standard("DB3205/T 1-2020")

    assert keeper.get(address(foreign)).status_code == 403
    assert keeper.post(address(foreign), {"new-0-printed_name": "甲"}).status_code == 403
    assert Contribution.objects.count() == 0


def test_a_list_of_a_voided_standard_is_absent(keeper, standard):
    Standard.objects.filter(pk=standard.pk).update(voided_at="2026-01-01T00:00Z")

    assert keeper.get(address(standard)).status_code == 404


def test_a_standard_known_to_the_year_does_not_decide_a_name_that_two_bore(keeper, standard):
    Standard.objects.filter(pk=standard.pk).update(published_on="2015-01-01", published_precision="year")
    make_organization("甲公司").names.update(valid_to="2015-06-01")
    make_organization("甲公司", "320500").names.update(valid_from="2015-06-01")

    keeper.post(address(standard), {"printed_list": "负责起草单位：甲公司。"})
    Standard.objects.filter(pk=standard.pk).update(published_precision="day")
    keeper.post(address(standard), form_of(keeper, standard) | {"printed_list": "参加起草单位：甲公司。"})

    resolved = Contribution.objects.order_by("pk").values_list("organization__region__code", flat=True)
    assert list(resolved) == [None, "320600"]


# --- a view as a file --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("path", "rows"), [("/contributions/", 2), ("/contributions/counts/", 2)])
def test_a_view_is_taken_away_from_its_own_page_and_noted(staff, path, rows):
    make_ledger()
    asked = {"level": "provincial", "on": DAY} if "counts" in path else {"level": "national", "year": "2024"}

    page = staff.get(path, asked).content.decode()
    answer = staff.get(path, asked | {"format": "csv"})

    lines = b"".join(answer.streaming_content).decode("utf-8-sig").splitlines()
    event = Event.objects.get(action="exported")
    assert f'href="?{urlencode(asked | {"format": "csv"})}"'.replace("&", "&amp;") in page
    assert event.changes["rows"] == [None, len(lines) - 1]
    assert (event.object_type, event.changes["format"]) == ("catalog.contribution", [None, "csv"])
    assert len(lines) - 1 >= rows


@pytest.mark.parametrize("path", ["/contributions/", "/contributions/counts/"])
def test_staff_confirm_a_large_file(staff, path, monkeypatch):
    make_ledger()
    monkeypatch.setattr("records.exporting.MANY", 1)

    answer = staff.get(path, {"format": "csv"})

    assert (answer.status_code, Event.objects.filter(action="exported").count()) == (302, 0)


# --- names that wait -----------------------------------------------------------------------------------------------------


def test_one_click_says_whom_a_name_means(keeper, standard):
    organization = make_organization("甲实业公司")
    enter(standard, "甲实业有限公司")

    page = keeper.get("/contributions/unresolved/")
    (waiting,) = page.context["waiting"]
    assert [candidate.pk for candidate in waiting.candidates] == [organization.pk]
    answer = keeper.post(
        "/contributions/unresolved/say/", {"key": waiting.key, "organization": organization.pk}, follow=True
    )

    assert answer.context["waiting"] == []
    assert standing(standard) == [(1, "甲实业有限公司", "", "甲实业公司")]


def test_a_name_is_said_and_not_remembered_where_the_organization_is_kept_by_others(keeper, standard):
    foreign = make_organization("乙公司", "330100")
    enter(standard, "乙实业公司")
    told = {"key": name_key("乙实业公司"), "organization": foreign.pk}

    answer = keeper.post("/contributions/unresolved/say/", told, follow=True)

    assert standing(standard) == [(1, "乙实业公司", "", "乙公司")]
    assert set(OrganizationName.objects.filter(organization=foreign).values_list("name", flat=True)) == {"乙公司"}
    assert len(list(answer.context["messages"])) == 2


@pytest.mark.parametrize("number", ["", "x", "#", "999999", "99999999999999999999"])
def test_no_such_organization(keeper, standard, number):
    enter(standard, "甲")

    answer = keeper.post("/contributions/unresolved/say/", {"key": "甲", "organization": number}, follow=True)

    assert answer.status_code == 200
    assert len(list(answer.context["messages"])) == 1
    assert standing(standard) == [(1, "甲", "", None)]


def test_a_name_that_waits_no_more_says_so(keeper, standard):
    organization = make_organization("甲")

    answer = keeper.post(
        "/contributions/unresolved/say/", {"key": "\x00乙", "organization": organization.pk}, follow=True
    )

    assert [str(one) for one in answer.context["messages"]] == ["没有以该名称等待认定的记录，可能已有人先处理。"]


def test_an_organizations_page_shows_its_standards(client):
    ledger = make_ledger()

    text = client.get(f"/organizations/{ledger['a'].pk}/").content.decode()

    assert f"/contributions/?organization={ledger['a'].pk}&amp;counted=1&amp;level=national&amp;role=lead" in text


# --- importing through the page ------------------------------------------------------------------------------------------


def test_a_file_of_contributions_is_previewed_applied_and_handed_back(keeper, standard):
    file = SimpleUploadedFile("list.csv", "标准编号,起草单位\nGB/T 1-2020,甲、乙\nGB/T 9-2020,丙\n".encode())

    page = keeper.post(reverse("imports"), {"file": file, "kind": "contributions"}, follow=True)
    batch = ImportBatch.objects.get()
    assert (batch.kind, batch.created, batch.rejected) == ("contributions", 1, 1)
    assert "GB/T 9-2020不在标准目录中，请先导入该标准" in page.content.decode()
    keeper.post(reverse("import_apply", args=[batch.pk]))

    assert [row[1] for row in standing(standard)] == ["甲", "乙"]
    rejects = b"".join(keeper.get(reverse("import_rejects", args=[batch.pk])).streaming_content).decode()
    assert "丙" in rejects
    keeper.post(reverse("import_revert", args=[batch.pk]))
    assert standing(standard) == []


def test_each_kind_has_its_template(keeper):
    assert keeper.get("/imports/template.xlsx?kind=contributions").status_code == 200
    assert keeper.get("/imports/template.xlsx?kind=x").status_code == 404


def test_a_name_that_nobody_bears_is_entered_as_a_new_organization(keeper, standard):
    appoint(User.objects.get(username="keeper"), Role.STAFF, "320600")
    enter(standard, "全新公司")

    page = keeper.get("/contributions/unresolved/").content.decode()
    (link,) = re.findall(r'href="(/registers/organizations/add/[^"]+)"', page)
    form = keeper.get(link).context["form"]

    assert form["name"].value() == "全新公司"
