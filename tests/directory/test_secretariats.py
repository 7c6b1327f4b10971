"""Secretariat seats: appointed, ended, handed over; main seats never overlap; counted for any day."""

from datetime import date

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.template.loader import render_to_string
from django.utils import translation

from directory.committee_pages import seats_held
from directory.committee_registers import COMMITTEES, SEATS
from directory.merging import merge_organizations, undo_merge
from directory.models import (
    Committee,
    CommitteeKind,
    CommitteeLevel,
    Organization,
    Region,
    Role,
    SecretariatSeat,
    User,
)
from directory.organization_registers import ORGANIZATIONS
from directory.seat_counts import seat_counts, seated_in, seats_on
from directory.secretariats import appoint_secretariat, end_secretariat, transfer_secretariat
from records.models import Event
from records.registering import amend, void
from records.trail import SYSTEM, Actor
from tests.factories import appoint, import_records, make_committee, make_organization, make_record, make_user
from tests.web.pages import Page

pytestmark = pytest.mark.django_db
DAY = date(2020, 5, 1)


def keeper(code: str, name: str = "keeper") -> Actor:
    user = make_user(name)
    appoint(user, Role.STAFF, code)
    return Actor(user=User.objects.get(pk=user.pk), channel="web")


@pytest.fixture
def committee():
    return make_committee()


@pytest.fixture
def institute():
    return make_organization("甲研究院", "321200")


@pytest.fixture
def works():
    return make_organization("乙工厂", "320682")


def seats():
    rows = SecretariatSeat.objects.standing().order_by("holds_from", "organization__name")
    return list(rows.values_list("organization__name", "share", "starts_on", "ends_on"))


def test_a_seat_is_appointed_and_leaves_a_trace(committee, institute):
    seat = appoint_secretariat(committee, institute, from_on=DAY, by=SYSTEM, document="国标委发〔2020〕1号")

    assert seats() == [("甲研究院", "main", DAY, None)]
    event = Event.objects.about(seat).get()
    assert (event.action, event.document) == ("created", "国标委发〔2020〕1号")


@pytest.mark.parametrize(
    ("first", "last"),
    [
        (DAY, None),
        (date(2019, 1, 1), None),
        (date(2022, 1, 1), None),
        (date(2019, 1, 1), DAY),
        (date(2021, 6, 1), None),
    ],
)
def test_a_main_seat_in_the_way_of_another_is_refused_by_name(committee, institute, works, first, last):
    appoint_secretariat(committee, institute, from_on=DAY, by=SYSTEM)

    with pytest.raises(ValidationError) as refusal, translation.override("en"):
        appoint_secretariat(committee, works, from_on=first, to_on=last, by=SYSTEM)

    words = "甲研究院 holds the seat of SAC/TC 901 from 2020-05-01 to …; end that one first."
    assert refusal.value.message_dict == {"starts_on": [words]}
    assert seats() == [("甲研究院", "main", DAY, None)]


def test_seats_that_touch_do_not_overlap(committee, institute, works):
    appoint_secretariat(committee, institute, from_on=DAY, to_on=date(2021, 12, 31), by=SYSTEM)

    appoint_secretariat(committee, works, from_on=date(2022, 1, 1), by=SYSTEM)

    assert seats() == [("甲研究院", "main", DAY, date(2021, 12, 31)), ("乙工厂", "main", date(2022, 1, 1), None)]


def test_an_organization_shows_the_seats_of_the_day_before_those_it_held(committee, institute, works):
    other, third = make_committee("SAC/TC 902", "丙"), make_committee("SAC/TC 903", "丁")
    appoint_secretariat(committee, institute, from_on=DAY, to_on=date(2021, 12, 31), by=SYSTEM, document="批复甲")
    appoint_secretariat(other, institute, from_on=date(2019, 1, 1), share="joint", by=SYSTEM)
    appoint_secretariat(third, institute, from_on=DAY, by=SYSTEM)
    appoint_secretariat(other, works, from_on=DAY, by=SYSTEM)
    void(COMMITTEES, [third], by=SYSTEM, reason="错")

    then, now = (seats_held(institute, day) for day in (DAY, date(2024, 1, 1)))

    shown = [[(line.seat.committee.number, line.holds) for line in lines] for lines in (then, now)]
    assert shown == [
        [("SAC/TC 901", True), ("SAC/TC 902", True)],
        [("SAC/TC 902", True), ("SAC/TC 901", False)],
    ]
    text = Page(render_to_string("directory/profile_committees.html", {"rows": {"seats": now}})).text
    assert "2020-05-01 – 2021-12-31 SAC/TC 901 示例标准化技术委员会 主承担 · 批复甲" in text


def test_joint_seats_stand_beside_a_main_one_but_nobody_sits_twice(committee, institute, works):
    appoint_secretariat(committee, institute, from_on=DAY, by=SYSTEM)
    appoint_secretariat(committee, works, from_on=DAY, share="joint", by=SYSTEM)

    with pytest.raises(ValidationError):
        appoint_secretariat(committee, institute, from_on=date(2021, 1, 1), share="joint", by=SYSTEM)

    assert seats() == [("乙工厂", "joint", DAY, None), ("甲研究院", "main", DAY, None)]


def test_what_is_known_to_the_year_only_is_in_nobodys_way_within_it(committee, institute, works):
    """One ended in 2015, the other began in 2015: nothing says that they overlap."""
    make_record(SEATS, committee="TC901", organization="甲研究院", share="main", starts_on="2010", ends_on="2015")

    make_record(SEATS, committee="TC901", organization="乙工厂", share="main", starts_on="2015年")

    assert [name for name, *_rest in seats()] == ["甲研究院", "乙工厂"]


def test_a_voided_seat_is_in_nobodys_way(committee, institute, works):
    seat = appoint_secretariat(committee, institute, from_on=DAY, by=SYSTEM)
    void(SEATS, [seat], by=SYSTEM, reason="录入错误")

    appoint_secretariat(committee, works, from_on=DAY, by=SYSTEM)

    assert seats() == [("乙工厂", "main", DAY, None)]


def test_a_seat_ends_once(committee, institute):
    seat = appoint_secretariat(committee, institute, from_on=DAY, by=SYSTEM)

    ended = end_secretariat(seat, on=date(2021, 1, 31), version=1, by=SYSTEM, document="通知")
    with pytest.raises(ValidationError):
        end_secretariat(ended, on=date(2021, 2, 1), version=2, by=SYSTEM)

    assert seats() == [("甲研究院", "main", DAY, date(2021, 1, 31))]
    assert list(Event.objects.about(seat).values_list("action", "document")) == [("updated", "通知"), ("created", "")]


def test_a_seat_cannot_end_before_it_began(committee, institute):
    seat = appoint_secretariat(committee, institute, from_on=DAY, by=SYSTEM)

    with pytest.raises(ValidationError):
        end_secretariat(seat, on=date(2020, 4, 30), version=1, by=SYSTEM)

    assert seats() == [("甲研究院", "main", DAY, None)]


def test_a_seat_is_handed_over_in_one_step(committee, institute, works):
    seat = appoint_secretariat(committee, institute, from_on=DAY, by=SYSTEM)

    transfer_secretariat(seat, works, from_on=date(2023, 1, 1), version=1, by=SYSTEM, document="批复")

    assert seats() == [("甲研究院", "main", DAY, date(2022, 12, 31)), ("乙工厂", "main", date(2023, 1, 1), None)]


def test_a_handing_over_that_cannot_be_ended_leaves_all_as_it_was(committee, institute, works):
    seat = appoint_secretariat(committee, institute, from_on=DAY, by=SYSTEM)

    for to, day in ((works, DAY), (institute, date(2023, 1, 1))):
        with pytest.raises(ValidationError):
            transfer_secretariat(seat, to, from_on=day, version=1, by=SYSTEM)

    assert seats() == [("甲研究院", "main", DAY, None)]
    assert Event.objects.filter(object_type="directory.secretariatseat").count() == 1


def test_the_keeper_follows_the_main_seat_and_is_at_least_a_city(committee, institute, works):
    seat = appoint_secretariat(committee, institute, from_on=DAY, by=SYSTEM)
    before = Committee.objects.get().keeper.code
    transfer_secretariat(seat, works, from_on=date(2023, 1, 1), version=1, by=SYSTEM)

    # 320682 is a county of 320600.
    assert (before, Committee.objects.get().keeper.code) == ("321200", "320600")


def test_the_keeper_goes_along_when_a_merge_moves_the_main_seat_and_back_when_it_is_undone(committee, institute, works):
    appoint_secretariat(committee, institute, from_on=DAY, by=SYSTEM)

    merge = merge_organizations(institute, works, by=SYSTEM, reason="同一单位")
    merged = Committee.objects.get().keeper.code
    undo_merge(merge, by=SYSTEM, reason="看错了")

    assert (merged, Committee.objects.get().keeper.code) == ("320600", "321200")


def test_the_keeper_goes_along_when_the_seats_body_comes_to_another_division(committee, institute):
    appoint_secretariat(committee, institute, from_on=DAY, by=SYSTEM)
    body = Organization.objects.get(pk=institute.pk)

    amend(ORGANIZATIONS, body, {"region": region("320682").pk}, version=body.version, by=SYSTEM)

    assert Committee.objects.get().keeper.code == "320600"


def test_who_keeps_a_committee(committee, institute):
    appoint_secretariat(committee, institute, from_on=DAY, by=SYSTEM)
    unkept = make_committee("SAC/TC 902")
    users = {code: keeper(code, f"of{code}").user for code in ("320000", "321200", "320600", "321283", "330000")}

    kept = {code: set(Committee.objects.editable_by(user)) for code, user in users.items()}

    assert kept == {
        "320000": {committee, unkept},
        "321200": {committee},
        "320600": set(),
        "321283": set(),  # a county, though of the city that keeps it
        "330000": {unkept},
    }


def test_another_citys_staff_appoint_and_end_nothing(committee, institute, works):
    seat = appoint_secretariat(committee, institute, from_on=DAY, by=SYSTEM)
    other = keeper("320600")

    with pytest.raises(PermissionDenied):
        end_secretariat(seat, on=date(2021, 1, 1), version=1, by=other)
    with pytest.raises(PermissionDenied):
        appoint_secretariat(committee, works, from_on=DAY, share="joint", by=other)

    assert seats() == [("甲研究院", "main", DAY, None)]


# --- counting -------------------------------------------------------------------------------------------------------


def region(code: str) -> Region:
    return Region.objects.valid().get(code=code)


def test_a_seat_counts_on_the_days_on_which_it_certainly_holds(committee, institute):
    make_record(SEATS, committee="TC901", organization="甲研究院", share="main", starts_on="2015", ends_on="2018-06")

    days = [date(2015, 6, 1), date(2015, 12, 31), date(2018, 6, 1), date(2018, 6, 2), date(2019, 1, 1)]
    held = [seats_on(day, region("321200")).count() for day in days]

    assert held == [0, 1, 1, 0, 0]


def test_a_seat_of_unknown_beginning_counts_from_the_day_it_was_seen(committee, institute):
    make_record(SEATS, committee="TC901", organization="甲研究院", share="main", seen_on="2024-03-01")

    assert [seats_on(date(2024, 2, day)).count() for day in (1, 29)] == [0, 0]
    assert seats_on(date(2024, 3, 1)).count() == 1


def test_the_division_is_that_of_the_day(committee):
    """海门 was a county-level city of its own code until 2020, then a district of Nantong."""
    appoint_secretariat(committee, make_organization("丙公司", "320614"), from_on=date(2015, 1, 1), by=SYSTEM)
    then, now = date(2018, 1, 1), date(2024, 1, 1)
    old = Region.objects.valid(then).get(code="320684")

    counted = {
        "old code then": seats_on(then, old).count(),
        "its city then": seats_on(then, region("320600")).count(),
        "new code then": seats_on(then, Region.objects.get(code="320614", valid_to=None)).count(),
        "new code now": seats_on(now, Region.objects.get(code="320614", valid_to=None)).count(),
        "old code now": seats_on(now, old).count(),
        "another city": seats_on(now, region("321200")).count(),
    }

    assert counted == {
        "old code then": 1,
        "its city then": 1,
        "new code then": 1,  # what it was made of
        "new code now": 1,
        "old code now": 1,  # what followed it
        "another city": 0,
    }


def test_the_sentence_of_a_citys_report(institute, works):
    """“9个国家、省级专业标准化技术委员会、工作组秘书处落户”: kinds and levels stay apart until the sentence is built."""
    for number in ("SAC/TC 911", "SAC/TC 912", "SAC/TC 912/SC 1", "SAC/SWG 9", "JS/TC 9", "ISO/TC 911"):
        place = {"region": "320000"} if number.startswith("JS") else {}
        appoint_secretariat(make_committee(number, f"示例{number}", **place), institute, from_on=DAY, by=SYSTEM)
    elsewhere = make_committee("SAC/TC 913", "外地")
    appoint_secretariat(elsewhere, works, from_on=DAY, by=SYSTEM)
    gone = make_committee("SAC/TC 914", "已撤销", established_on="2010-01-01", dissolved_on="2019-01-01")
    appoint_secretariat(gone, institute, from_on=date(2012, 1, 1), by=SYSTEM)
    # A joint seat beside the main one does not count the committee twice.
    joint = make_organization("丁大学", "321200")
    appoint_secretariat(Committee.objects.get(number="SAC/TC 911"), joint, from_on=DAY, share="joint", by=SYSTEM)

    counts = seat_counts(date(2022, 1, 1), region("321200"))
    levels = (CommitteeLevel.NATIONAL, CommitteeLevel.PROVINCIAL)
    kinds = (CommitteeKind.TC, CommitteeKind.SC, CommitteeKind.WG)
    total = sum(counts[str(level), str(kind)] for level in levels for kind in kinds)

    assert counts == {
        ("national", "tc"): 2,
        ("national", "sc"): 1,
        ("national", "wg"): 1,
        ("provincial", "tc"): 1,
        ("international", "tc"): 1,
    }
    assert (
        f"{total}个国家、省级专业标准化技术委员会、工作组秘书处落户"
        == "5个国家、省级专业标准化技术委员会、工作组秘书处落户"
    )
    assert seat_counts(date(2015, 1, 1), region("321200")) == {("national", "tc"): 1}
    assert set(seated_in(date(2022, 1, 1), region("320600"))) == {elsewhere}


def test_examples_are_left_out_as_soon_as_there_is_a_real_committee(institute):
    example = make_committee("SAC/TC 921", "示例", is_example=True)
    appoint_secretariat(example, institute, from_on=DAY, by=SYSTEM, is_example=True)
    alone = seat_counts(date(2022, 1, 1))
    appoint_secretariat(make_committee("SAC/TC 922/SC 1", "真"), institute, from_on=DAY, by=SYSTEM)

    assert (alone, seat_counts(date(2022, 1, 1))) == ({("national", "tc"): 1}, {("national", "sc"): 1})


# --- files ----------------------------------------------------------------------------------------------------------


def test_an_example_does_not_count_in_a_division_without_a_real_committee(institute):
    made = make_record(COMMITTEES, number="SAC/TC 999", name="示例", is_example=True)
    appoint_secretariat(made, institute, from_on=DAY, by=SYSTEM)
    before = seat_counts(date(2022, 1, 1), region("321200"))

    make_committee("SAC/TC 901", "甲")

    assert (before, seat_counts(date(2022, 1, 1), region("321200"))) == ({("national", "tc"): 1}, {})


def test_a_file_of_seats_names_what_overlaps(tmp_path, committee, institute, works):
    make_committee("SAC/TC 902", "另一")
    appoint_secretariat(committee, institute, from_on=DAY, by=SYSTEM)
    text = (
        "标委会编号,秘书处承担单位,承担方式,起始日期,终止日期\n"
        "TC901,乙工厂,主,2021-01-01,\n"
        "TC902,乙工厂,主,2018,2019-12-31\n"
        "TC902,甲研究院,主,2020-01-01,\n"
        "TC902,乙工厂,主,2021-01-01,\n"
        "TC902,乙工厂,联合,2021-02-01,\n"
        "TC999,乙工厂,主,2021-01-01,\n"
        "TC902,没有的单位,主,2021-01-01,\n"
    )

    batch = import_records(tmp_path, "secretariat-seats", text)

    outcomes = list(batch.rows.order_by("number").values_list("outcome", flat=True))
    assert outcomes == ["rejected", "created", "created", "rejected", "created", "rejected", "rejected"]
    first, fourth = (batch.rows.get(number=number).problems[0] for number in (2, 5))
    assert first["params"] == {"committee": "SAC/TC 901", "organization": "甲研究院", "from": "2020-05-01", "to": "…"}
    assert fourth["params"] == {"row": 4, "organization": "甲研究院"}
    again = import_records(tmp_path, "secretariat-seats", text)
    assert again.counts == {"read": 7, "created": 0, "updated": 0, "unchanged": 3, "rejected": 4}
