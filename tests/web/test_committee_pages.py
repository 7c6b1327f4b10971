"""Pages of committees: the right rows, who may do what, a constant number of queries; the desk's warnings."""

import csv
import io
from datetime import date, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from directory.committee_registers import COMMITTEES, MIRRORS
from directory.models import Committee, CommitteeMember, CommitteeTerm, Role, SecretariatSeat, User
from directory.secretariats import appoint_secretariat
from directory.term_registers import ASSESSMENTS, MEMBERS, TERMS
from records.registering import amend
from records.trail import SYSTEM, Actor
from reports.desk import desk_of
from tests.factories import appoint, make_committee, make_organization, make_record, make_user
from tests.web.forms import opened_form
from tests.web.pages import Page

pytestmark = pytest.mark.django_db
DAY = date(2020, 1, 1)


def account(code: str, role: str = Role.STAFF) -> Client:
    user = make_user(f"{role}{code}")
    appoint(user, role, code)
    client = Client()
    client.force_login(user)
    return client


def read_page(answer) -> Page:
    assert answer.status_code == 200
    return Page(answer.content.decode())


def soon(days: int) -> str:
    return (timezone.localdate() + timedelta(days=days)).isoformat()


@pytest.fixture
def committees():
    """Two national ones with a subcommittee, seated in two cities, a provincial and an international one."""
    one = make_committee("SAC/TC 901", "甲标准化技术委员会", established_on="2010-05-01", scope="饲料")
    sub = make_committee("SAC/TC 901/SC 2", "甲标准化技术委员会乙分会", established_on="2015")
    other = make_committee("SAC/TC 902", "丙标准化技术委员会", approved_on="2020-01-01")
    make_committee(
        "JS/TC 9", "江苏丁标准化技术委员会", region="320000", established_on="2000-01-01", dissolved_on="2018-01-01"
    )
    make_committee("ISO/TC 901", "", name_en="Plastics")
    make_record(MIRRORS, committee="SAC/TC 901", mirrors="ISO/TC 901")
    taizhou, nantong = make_organization("泰州某院", "321200"), make_organization("如皋某公司", "320682")
    appoint_secretariat(one, taizhou, from_on=date(2010, 5, 1), to_on=date(2018, 12, 31), by=SYSTEM)
    appoint_secretariat(one, nantong, from_on=date(2019, 1, 1), by=SYSTEM)
    appoint_secretariat(sub, taizhou, from_on=DAY, by=SYSTEM)
    appoint_secretariat(other, nantong, from_on=DAY, by=SYSTEM)
    return {"one": one, "sub": sub, "other": other}


def rows(address: str, client: Client | None = None) -> list[dict[str, str]]:
    answer = (client or Client()).get(f"{address}{'&' if '?' in address else '?'}format=csv", HTTP_ACCEPT_LANGUAGE="en")
    assert answer.status_code == 200, answer.content
    text = b"".join(answer.streaming_content).decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text)))


def numbers(query: str) -> list[str]:
    return [next(iter(row.values())) for row in rows(f"/committees/?{query}")]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", ["SAC/TC 901", "SAC/TC 901/SC 2", "SAC/TC 902", "JS/TC 9", "ISO/TC 901"]),
        ("q=tc901sc2", ["SAC/TC 901/SC 2"]),
        ("q=丙", ["SAC/TC 902"]),
        ("level=provincial&level=international", ["JS/TC 9", "ISO/TC 901"]),
        ("kind=sc", ["SAC/TC 901/SC 2"]),
        ("status=approved", ["SAC/TC 902"]),
        ("status=dissolved", ["JS/TC 9"]),
        ("status=established&on=2017-01-01", ["SAC/TC 901", "SAC/TC 901/SC 2", "JS/TC 9"]),
        ("seat=321200", ["SAC/TC 901/SC 2"]),
        ("seat=321200&on=2015-01-01", ["SAC/TC 901"]),
        ("seat=3206", ["SAC/TC 901", "SAC/TC 902"]),
        ("seat=32", ["SAC/TC 901", "SAC/TC 901/SC 2", "SAC/TC 902"]),
        ("seat=999999", []),
        ("parent=tc901", ["SAC/TC 901/SC 2"]),
        ("parent=tc999", []),
    ],
)
def test_the_list_shows_the_right_committees(committees, query, found):
    assert numbers(query) == found


def test_the_export_names_the_secretariat_of_the_day(committees):
    then = [row for row in rows("/committees/?q=tc901&on=2012-01-01") if "SAC/TC 901" in row.values()]
    now = [row for row in rows("/committees/?q=tc901") if "SAC/TC 901" in row.values()]

    assert ("泰州某院" in then[0].values(), "如皋某公司" in now[0].values()) == (True, True)


@pytest.mark.parametrize("query", ["colour=red", "level=x", "on=gestern", "page=99", "page=x"])
def test_what_cannot_be_asked_is_said(committees, query):
    answer = Client().get(f"/committees/?{query}")

    assert answer.status_code == 400
    assert 'role="alert"' in answer.content.decode()


def test_one_committee_shows_what_stands_around_it(committees):
    make_record(TERMS, committee="TC901", number="2", starts_on="2021-01-01", years="5")
    make_record(MEMBERS, term="TC901", person="张某", position="主任委员", unit="泰州某院", phone="13800000000")
    make_record(ASSESSMENTS, committee="TC901", year="2020", grade="二级")

    page: Page = read_page(Client().get("/committees/sac-tc-901/"))

    for word in ("甲标准化技术委员会", "如皋某公司", "泰州某院", "张某", "二级", "Plastics", "乙分会", "饲料"):
        assert word in page.text, word
    assert "13800000000" not in page.text


def test_the_phone_is_for_those_who_keep_the_committee(committees):
    make_record(TERMS, committee="TC901", number="2", starts_on="2021-01-01", years="5")
    member = make_record(MEMBERS, term="TC901", person="张某", unit="某院", phone="13800000000")
    clients = {
        "public": Client(),
        "other city": account("321200"),
        "county": account("320682"),
        "keeper": account("320600"),
    }

    seen = {
        name: "13800000000" in client.get(f"/registers/committee-members/{member.pk}/").content.decode()
        for name, client in clients.items()
    }

    assert seen == {"public": False, "other city": False, "county": False, "keeper": True}
    assert CommitteeMember.objects.get().phone == "13800000000"
    listed = b"".join(Client().get("/registers/committee-members/?format=csv").streaming_content)
    assert "13800000000" not in listed.decode()
    assert "13800000000" not in Client().get("/api/v1/committee-members/").content.decode()


def test_the_history_is_told_in_words_to_those_who_keep_it_and_to_the_auditor(committees):
    keeper = account("320600")
    member = "/registers/committee-members/{}/"
    make_record(TERMS, committee="TC901", number="2", starts_on="2021-01-01", years="5")
    pk = make_record(MEMBERS, term="TC901", person="张某", unit="某院", phone="13800000000", position="委员").pk
    by = Actor(user=User.objects.get(username="staff320600"), channel="web")
    amend(COMMITTEES, committees["one"], {"kind": "project"}, version=1, by=by)
    amend(MEMBERS, CommitteeMember.objects.get(pk=pk), {"position": "chair"}, version=1, by=by)
    clients = {
        "keeper": keeper,
        "auditor": account("", Role.AUDITOR),
        "other city": account("321200"),
        "public": Client(),
    }

    told = {
        name: [
            "类别：技术委员会 → 项目委员会" in read_page(client.get("/committees/sac-tc-901/")).text,
            "职务：委员 → 主任委员" in read_page(client.get(member.format(pk))).text,
        ]
        for name, client in clients.items()
    }

    assert told == {
        "keeper": [True, True], "auditor": [True, True], "other city": [False, False], "public": [False, False]
    }  # fmt: skip


def test_the_back_office_tells_a_committees_history_to_the_division_that_keeps_it(committees):
    make_record(TERMS, committee="TC901", number="2", starts_on="2021-01-01", years="5")
    term = CommitteeTerm.objects.get()
    paths = [
        f"/admin/directory/committee/{committees['one'].pk}/history/",
        f"/admin/directory/committeeterm/{term.pk}/history/",
    ]
    clients = {code: account(code) for code in ("320600", "320000", "321200")}

    told = {
        code: ["2021" in page_text(client, paths[1]), "饲料" in page_text(client, paths[0])]
        for code, client in clients.items()
    }

    assert told == {"320600": [True, True], "320000": [True, True], "321200": [False, False]}


def page_text(client: Client, path: str) -> str:
    return read_page(client.get(path)).text


def test_a_number_whose_parent_is_not_on_record_says_so():
    make_committee("SAC/TC 950/SC 1", "孤")

    text = Client().get("/committees/sac-tc-950-sc-1/").content.decode()

    assert "SAC/TC 950" in text.split("tree")[1]


def test_a_body_without_a_number_has_a_page_of_its_own():
    make_committee("", "某市标准化委员会", kind="协调机构", level="市级", region="321200")

    assert Client().get("/committees/某市标准化委员会/").status_code == 200


@pytest.mark.parametrize("path", ["/committees/nothing/", "/committees/seats/99/end/"])
def test_what_is_not_there(path):
    client = account("320000")

    assert client.get(path).status_code == 404


def test_a_seat_is_handed_over_and_ended_by_hand(committees):
    client = account("320600")
    seat = SecretariatSeat.objects.get(committee=committees["one"], ends_on=None)
    make_organization("新院", "321200")

    address = f"/committees/seats/{seat.pk}/transfer/"
    form = opened_form(client, address) | {"organization": "新院", "from_on": "2024年1月1日", "document": "批复"}
    wrong = client.post(address, form | {"organization": "没有"})
    forged = client.post(address, form | {"opened": "1"})
    done = client.post(address, form)
    gone = client.get(f"/committees/seats/{SecretariatSeat.objects.get(organization__name='新院').pk}/end/")

    assert (wrong.status_code, "没有" in wrong.content.decode(), forged.status_code) == (400, True, 400)
    assert (done.status_code, done["Location"]) == (302, "/committees/sac-tc-901/")
    assert gone.status_code == 403  # it went to another city with its seat
    keeper = account("321200")
    new = SecretariatSeat.objects.get(organization__name="新院")
    address = f"/committees/seats/{new.pk}/end/"
    form = opened_form(keeper, address) | {"on": "2024-06-30"}
    early = keeper.post(address, form | {"on": "2023-01-01"})
    SecretariatSeat.objects.filter(pk=new.pk).update(version=2)
    stale = keeper.post(address, form)
    ended = keeper.post(address, opened_form(keeper, address) | {"on": "2024-06-30"})
    assert (early.status_code, stale.status_code, ended.status_code) == (400, 409, 302)
    new.refresh_from_db()
    assert new.ends_on == date(2024, 6, 30)


def test_other_divisions_see_a_committee_and_change_nothing(committees):
    seat = SecretariatSeat.objects.get(committee=committees["sub"])
    answers = {}
    for code in ("320600", "321283", "321200"):
        client = account(code)
        page = client.get("/committees/sac-tc-901-sc-2/").content.decode()
        answers[code] = (
            f"/committees/seats/{seat.pk}/end/" in page,
            client.get(f"/committees/seats/{seat.pk}/end/").status_code,
            client.get(f"/registers/committees/{committees['sub'].pk}/edit/").status_code,
        )

    assert answers == {"320600": (False, 403, 403), "321283": (False, 403, 403), "321200": (True, 200, 200)}


def test_the_list_of_ending_terms_counts_the_days_and_names_what_is_over(committees):
    make_record(TERMS, committee="TC901", number="2", starts_on="2020-01-01", ends_on=soon(40))
    make_record(TERMS, committee="TC901SC2", number="1", starts_on="2015-01-01", ends_on=soon(-10))
    make_record(TERMS, committee="TC902", number="1", starts_on="2015-01-01", ends_on=soon(500))

    page: Page = read_page(Client().get("/committees/terms/"))
    narrow: Page = read_page(Client().get("/committees/terms/?ending=1"))
    wide = Client().get("/registers/committee-terms/?ending=12&format=csv")

    assert ("SAC/TC 901 甲" in page.text, "SAC/TC 901/SC 2" in page.text, "SAC/TC 902" in page.text) == (
        True,
        True,
        False,
    )
    assert " 40 " in page.text
    assert "SAC/TC 901" not in narrow.text
    exported = b"".join(wide.streaming_content).decode("utf-8-sig").splitlines()
    assert [line.split(",")[0] for line in exported[1:]] == ["SAC/TC 901"]


def test_the_page_shows_every_term_that_it_counts(committees):
    make_record(TERMS, committee="TC901", number="2", starts_on="2020-01-01", ends_on=soon(40))
    make_record(TERMS, committee="TC902", number="1", starts_on="2015-01-01", ends_on=soon(500))

    answer = Client().get("/committees/terms/?ending=24")

    rows = [(one.term.committee.number, one.months) for one in answer.context["warned"]]
    assert (answer.context["page"].count, rows) == (2, [("SAC/TC 901", 3), ("SAC/TC 902", None)])
    assert "SAC/TC 902" in read_page(answer).text


def test_the_page_says_how_many_have_ended_where_it_shows_only_the_last(committees, monkeypatch):
    monkeypatch.setattr("directory.views.committees.OVER", 1)
    make_record(TERMS, committee="TC901", number="2", starts_on="2010-01-01", ends_on=soon(-40))
    make_record(TERMS, committee="TC902", number="1", starts_on="2015-01-01", ends_on=soon(-10))

    answer = Client().get("/committees/terms/")
    every = Client().get("/registers/committee-terms/?over=true&format=csv")

    shown = [one.term.committee.number for one in answer.context["ended"]]
    assert (answer.context["ended_count"], shown) == (2, ["SAC/TC 902"])
    assert 'href="/registers/committee-terms/?over=true"' in answer.content.decode()
    assert len(b"".join(every.streaming_content).splitlines()) == 3


def test_the_desk_warns_those_who_keep_the_committee(committees):
    make_record(TERMS, committee="TC901", number="2", starts_on="2020-01-01", ends_on=soon(40))
    make_record(TERMS, committee="TC901SC2", number="1", starts_on="2015-01-01", ends_on=soon(-10))
    for code in ("320600", "321200", "320000", "320682"):
        appoint(make_user(code), Role.STAFF, code)

    shown = {
        code: [one.term.committee.number for one in desk_of(User.objects.get(username=code)).terms]
        for code in ("320600", "321200", "320000", "320682")
    }

    assert shown == {
        "320600": ["SAC/TC 901"],
        "321200": ["SAC/TC 901/SC 2"],
        "320000": ["SAC/TC 901/SC 2", "SAC/TC 901"],
        "320682": [],
    }
    client = Client()
    client.force_login(User.objects.get(username="320600"))
    assert "/committees/sac-tc-901/" in client.get("/desk/").content.decode()


@pytest.mark.parametrize("path", ["/committees/", "/committees/terms/", "/committees/sac-tc-901/"])
def test_the_pages_ask_as_much_for_three_as_for_one(path):
    def asked() -> int:
        with CaptureQueriesContext(connection) as queries:
            assert Client().get(path).status_code == 200
        return len(queries)

    def add(at: int) -> None:
        sub = make_committee(f"SAC/TC 901/SC {at}", f"分会{at}")
        appoint_secretariat(sub, make_organization(f"院{at}", "321200"), from_on=DAY, by=SYSTEM)
        appoint_secretariat(
            Committee.objects.get(number="SAC/TC 901"),
            make_organization(f"校{at}"),
            from_on=DAY,
            share="joint",
            by=SYSTEM,
        )
        make_record(TERMS, committee=f"TC901SC{at}", starts_on="2020-01-01", ends_on=soon(at))
        make_record(TERMS, committee="TC901", starts_on=f"201{at}-01-01", years="1", number=str(at))
        for person in range(at):
            make_record(MEMBERS, term=f"TC901 {at}", person=f"甲{person}", unit=f"院{at}")

    make_committee("SAC/TC 901", "甲")
    add(1)
    one = asked()
    add(2)
    add(3)

    assert asked() == one
