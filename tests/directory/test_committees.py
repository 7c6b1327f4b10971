"""Committees on record: what follows from the number, status on a day, who may change what, and files of them."""

from datetime import date
from itertools import product

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from directory.committee_registers import COMMITTEES, plain_text
from directory.committee_status import CommitteeDays, status_on
from directory.models import Committee, CommitteeStatus, Organization, Role, SecretariatSeat, User
from directory.secretariats import appoint_secretariat
from records import registering
from records.importing import ImportRefused, apply_batch, preview_file, revert_batch
from records.models import Event
from records.registering import amend, void
from records.source_facts import import_facts
from records.trail import SYSTEM, Actor
from tests.factories import appoint, import_records, make_committee, make_organization, make_user

pytestmark = pytest.mark.django_db


def keeper(code: str, name: str = "keeper") -> Actor:
    user = make_user(name)
    appoint(user, Role.STAFF, code)
    return Actor(user=User.objects.get(pk=user.pk), channel="web")


def test_what_follows_from_the_number():
    one = make_committee("tc901sc2", "示例分会")

    assert (one.number, one.kind, one.level, one.slug) == ("SAC/TC 901/SC 2", "sc", "national", "sac-tc-901-sc-2")


def test_the_trail_says_what_followed_from_the_number():
    changes = Event.objects.about(make_committee("tc901", "甲")).get().changes

    assert changes == {
        "number": [None, "SAC/TC 901"], "name": [None, "甲"], "kind": [None, "tc"], "level": [None, "national"]
    }  # fmt: skip


def test_a_committee_finds_the_one_it_stands_in_whichever_comes_first():
    child = make_committee("SAC/TC 901/SC 2", "示例分会")
    waits = child.parent
    parent = make_committee("SAC/TC 901")
    other = make_committee("SAC/TC 901/SC 3", "示例三分会")

    child.refresh_from_db()
    other.refresh_from_db()

    assert (waits, child.parent, other.parent) == (None, parent, parent)


def test_a_voided_committee_lets_go_of_those_that_stood_in_it():
    parent, child = make_committee(), make_committee("SAC/TC 901/SC 2", "示例分会")

    void(COMMITTEES, [parent], by=SYSTEM, reason="重复")

    child.refresh_from_db()
    assert child.parent is None
    again = make_committee()
    child.refresh_from_db()
    assert child.parent == again


@pytest.mark.parametrize(
    ("cells", "field"),
    [
        ({"number": "饲料"}, "number"),
        ({"number": "SC 3"}, "number"),
        ({"number": "", "name": "某市标准化协调机制"}, "level"),
        ({"number": "NT/TC 1"}, "level"),
        ({"number": "NT/TC 1", "level": "市级"}, "region"),
        ({"region": "320600"}, "region"),
        ({"name": ""}, "name"),
        ({"established_on": "2020", "dissolved_on": "2019-01-01"}, None),
    ],
)
def test_what_is_wrong_with_a_committee_is_said_at_its_field(cells, field):
    with pytest.raises(ValidationError) as refusal:
        make_committee(**{"number": "SAC/TC 901", **cells})

    told = refusal.value.message_dict
    assert field is None or next(iter(told)) == field
    assert Committee.objects.count() == 0


def test_the_same_committee_in_another_spelling_is_on_record_already():
    make_committee("SAC/TC 901")

    with pytest.raises(ValidationError):
        make_committee("tc901", "又一个")

    assert Committee.objects.count() == 1


def test_a_body_without_a_number_is_known_by_its_name():
    one = make_committee("", "某市标准化委员会", kind="协调机构", level="市级", region="321200")

    assert (one.key, one.slug, str(one)) == ("name:某市标准化委员会", "某市标准化委员会", "某市标准化委员会")
    with pytest.raises(ValidationError):
        make_committee("", "某市标准化委员会", kind="协调机构", level="市级", region="321200")


def test_a_number_outweighs_a_parent_that_was_typed_and_nobody_stands_in_himself():
    one, other = make_committee("SAC/TC 901"), make_committee("SAC/TC 902", "乙")
    child = make_committee("SAC/TC 901/SC 1", "甲一")
    loose = make_committee("", "某机制", kind="协调机构", level="全国")

    for record, parent in ((child, other), (one, child)):
        with pytest.raises(ValidationError):
            amend(COMMITTEES, record, {"parent": parent.pk}, version=1, by=SYSTEM)
    amend(COMMITTEES, loose, {"parent": one.pk}, version=1, by=SYSTEM)

    loose.refresh_from_db()
    assert loose.parent == one


DAYS = [None, (date(2019, 1, 1), "year"), (date(2020, 3, 1), "month"), (date(2020, 3, 15), "day")]
ASKED = [date(2018, 12, 31), date(2019, 6, 1), date(2020, 3, 1), date(2020, 3, 15), date(2020, 4, 1), date(2021, 1, 1)]


def test_the_status_in_sql_is_that_of_the_rule():
    made = []
    for at, three in enumerate(product(DAYS, DAYS, DAYS)):
        given = {}
        for name, one in zip(("approved", "established", "dissolved"), three, strict=True):
            if one:
                given |= {f"{name}_on": one[0], f"{name}_precision": one[1]}
        fields = {"key": str(at), "slug": str(at), "name": "名", "kind": "tc", "level": "national"}
        known = [three[at][0] for at in range(3) if three[at]]
        if known == sorted(known):
            made.append(Committee(**fields, **given))
    Committee.objects.bulk_create(made)

    for on in ASKED:
        rows = {one.pk: one.status for one in Committee.objects.with_status(on)}
        assert rows == {one.pk: str(one.status_on(on)) for one in Committee.objects.all()}
    assert len(made) > 20


@pytest.mark.parametrize(
    ("days", "on", "status"),
    [
        ({}, date(2020, 1, 1), "unknown"),
        ({"approved_on": date(2020, 1, 1)}, date(2019, 12, 31), "not_yet"),
        ({"approved_on": date(2020, 1, 1)}, date(2020, 1, 1), "approved"),
        ({"approved_on": date(2020, 1, 1), "established_on": date(2020, 9, 15)}, date(2020, 9, 14), "approved"),
        ({"approved_on": date(2020, 1, 1), "established_on": date(2020, 9, 15)}, date(2020, 9, 15), "established"),
        ({"established_on": date(2020, 1, 1), "established_precision": "year"}, date(2020, 12, 31), "unknown"),
        ({"established_on": date(2020, 1, 1), "established_precision": "year"}, date(2021, 1, 1), "established"),
        ({"established_on": date(2020, 1, 1), "dissolved_on": date(2022, 1, 1)}, date(2022, 1, 1), "dissolved"),
        ({"dissolved_on": date(2022, 1, 1)}, date(2021, 1, 1), "unknown"),
    ],
)
def test_the_status_on_a_day(days, on, status):
    assert status_on(CommitteeDays(**days), on) == status
    assert status in CommitteeStatus.values


@pytest.mark.parametrize(
    ("typed", "numbers"),
    [
        ("TC901", {"SAC/TC 901", "SAC/TC 901/SC 2"}),
        ("ｔｃ　901 ｓｃ2", {"SAC/TC 901/SC 2"}),
        ("sc2", {"SAC/TC 901/SC 2"}),
        ("甲 分会", {"SAC/TC 901/SC 2"}),
        ("iso/iec jtc 8", {"IEC/ISO JTC 8"}),
        ("quantum", {"IEC/ISO JTC 8"}),
        ("90", {"SAC/TC 901", "SAC/TC 901/SC 2"}),
        ("%", set()),
    ],
)
def test_a_committee_is_found_by_number_in_any_spelling_and_by_its_names(typed, numbers):
    make_committee("SAC/TC 901", "甲标准化技术委员会")
    make_committee("SAC/TC 901/SC 2", "甲标准化技术委员会乙分会")
    make_committee("IEC/ISO JTC 8", "", name_en="Quantum technologies")

    assert set(Committee.objects.matching(typed).values_list("number", flat=True)) == numbers


def test_a_citys_staff_keep_their_committee_but_do_not_establish_or_dissolve():
    city, province = keeper("321200", "city"), keeper("320000", "province")
    committee = make_committee("SAC/TC 901", by=province)
    appoint_secretariat(committee, make_organization("甲", "321200"), from_on=date(2020, 1, 1), by=province)

    with pytest.raises(PermissionDenied):
        make_committee("SAC/TC 902", "乙", by=city)
    with pytest.raises(PermissionDenied):
        amend(COMMITTEES, committee, {"dissolved_on": "2024-01-01"}, version=1, by=city)
    amend(COMMITTEES, committee, {"scope": "饲料"}, version=1, by=city)
    amend(COMMITTEES, Committee.objects.get(), {"dissolved_on": "2024-01-01"}, version=2, by=province)

    told = Committee.objects.values_list("number", "scope", "dissolved_on", "version")
    assert list(told) == [("SAC/TC 901", "饲料", date(2024, 1, 1), 3)]


# --- files ----------------------------------------------------------------------------------------------------------


def outcome(batch):
    return batch.counts


def test_a_file_says_what_is_missing_above_and_invents_nothing(tmp_path):
    text = "tc_code,tc_name,mentions\nTC901,甲,3\nTC901SC1,甲一,2\nTC902SC1,乙一,1\nSC9,丙,1\nTC903,,1\n"

    batch = import_records(tmp_path, "committees", text)

    assert outcome(batch) == {"read": 5, "created": 3, "updated": 0, "unchanged": 0, "rejected": 2}
    notes = {row.label: [note["params"] for note in row.notes] for row in batch.rows.filter(outcome="created")}
    assert notes == {"SAC/TC 901": [], "SAC/TC 901/SC 1": [], "SAC/TC 902/SC 1": [{"parent": "SAC/TC 902"}]}
    assert set(Committee.objects.values_list("number", "parent__number")) == {
        ("SAC/TC 901", None),
        ("SAC/TC 901/SC 1", "SAC/TC 901"),
        ("SAC/TC 902/SC 1", None),
    }
    assert "mentions" not in batch.mapping.values()


def test_the_same_file_again_changes_nothing_whatever_the_spelling(tmp_path):
    import_records(tmp_path, "committees", "编号,名称\nTC901,甲\nGD/TC22,乙\n,\n")

    again = import_records(tmp_path, "committees", "编号,名称\nSAC/TC 901,甲\nＧＤ／ＴＣ２２,乙\n")

    assert outcome(again) == {"read": 2, "created": 0, "updated": 0, "unchanged": 2, "rejected": 0}
    local = Committee.objects.get(number="GD/TC 22")
    assert (local.level, local.region.code, local.keeper.code) == ("provincial", "440000", "440000")


def test_a_citys_file_changes_its_own_committees_and_establishes_none(tmp_path):
    city = keeper("321200")
    appoint_secretariat(make_committee(), make_organization("甲", "321200"), from_on=date(2020, 1, 1), by=SYSTEM)
    make_committee("SAC/TC 902", "外地")
    text = "编号,名称,成立日期\nTC901,改名,\nTC902,改名,\nTC903,新的,\n"

    batch = import_records(tmp_path, "committees", text, by=city)
    days = import_records(tmp_path, "committees", "编号,名称,成立日期\nTC901,改名,2020-01-01\n", by=city)

    assert list(batch.rows.order_by("number").values_list("outcome", flat=True)) == ["updated", "rejected", "rejected"]
    assert outcome(days)["rejected"] == 1
    assert set(Committee.objects.values_list("number", "name")) == {("SAC/TC 901", "改名"), ("SAC/TC 902", "外地")}


ISO = (
    '{"reference":"ISO/TC 901","title":{"en":"Widgets"},"status":"Active","secretariat":{"acronym":"SAC"},'
    '"creationDate":"1990-01-01","scope":{"en":"<p>One</p>\\n<ul><li>Two &amp; three</li></ul>"},"parentId":null}\n'
    '{"reference":"ISO/TC 902","title":{"en":"Gadgets"},"status":"Suspended","secretariat":{"acronym":"DIN"},'
    '"creationDate":"1991-01-01","scope":{"en":"plain"},"parentId":null}\n'
)


def test_secretariats_that_china_holds_become_seats_that_go_again_with_their_file(tmp_path):
    path = tmp_path / "iso_20240501.jsonl"
    path.write_text(ISO, encoding="utf-8")

    batch = apply_batch(preview_file(path, kind="committees", facts=import_facts(path), by=SYSTEM), by=SYSTEM)

    seat = SecretariatSeat.objects.get()
    assert (seat.committee.number, seat.organization.name) == ("ISO/TC 901", "国家标准化管理委员会")
    assert (seat.starts_on, seat.seen_on, bool(seat.remark)) == (None, date(2024, 5, 1), True)
    scopes = dict(Committee.objects.values_list("number", "scope"))
    assert scopes == {"ISO/TC 901": "One Two & three", "ISO/TC 902": "plain"}
    printed = set(Committee.objects.values_list("secretariat_printed", "remark"))
    assert {word for word, _remark in printed} == {"SAC", "DIN"}
    assert sum("Suspended" in remark for _word, remark in printed) == 1
    revert_batch(batch, by=SYSTEM)
    assert (SecretariatSeat.objects.standing().count(), Committee.objects.standing().count()) == (0, 0)
    assert Organization.objects.filter(name="国家标准化管理委员会").count() == 1


def test_a_revert_out_of_reach_is_refused_whole(tmp_path):
    batch = import_records(tmp_path, "committees", "tc_code,tc_name\nTC901,甲\nTC902,乙\n")

    with pytest.raises(ImportRefused):
        revert_batch(batch, by=keeper("320600"))

    batch.refresh_from_db()
    assert (batch.state, Committee.objects.standing().count()) == ("applied", 2)


def test_a_revert_that_would_give_back_what_another_has_by_now_is_refused_whole(tmp_path):
    make_committee("SAC/TC 901", "甲", established_on="2019-05-01")
    batch = import_records(tmp_path, "committees", "编号,名称,成立日期\nTC901,甲,2021-05-01\n")
    Committee.objects.update(approved_on="2020-01-01")

    with pytest.raises(ImportRefused):
        revert_batch(batch, by=SYSTEM)

    batch.refresh_from_db()
    assert (batch.state, Committee.objects.get().established_on) == ("applied", date(2021, 5, 1))


def test_who_amends_to_what_another_wrote_a_moment_ago_is_told(monkeypatch):
    one, other = make_committee("SAC/TC 901", "甲"), make_committee("SAC/TC 902", "乙")
    judged = registering._validate

    def then_the_other_is_faster(register, record):
        judged(register, record)
        Committee.objects.filter(pk=other.pk).update(key=record.key)

    monkeypatch.setattr(registering, "_validate", then_the_other_is_faster)

    with pytest.raises(ValidationError):
        amend(COMMITTEES, one, {"number": "SAC/TC 903"}, version=1, by=SYSTEM)

    one.refresh_from_db()
    assert (one.number, Event.objects.about(one).count()) == ("SAC/TC 901", 1)


def test_markup_becomes_text():
    assert plain_text("<p>a<br>b</p>&lt;c&gt; x < y") == "a\nb\n<c> x < y"
    assert plain_text("no markup, 5 < 6") == "no markup, 5 < 6"


def reconcile(path):
    before = Event.objects.count()
    batch = apply_batch(preview_file(path, kind="committees", facts=import_facts(path), by=SYSTEM), by=SYSTEM)
    return batch.counts, Event.objects.count() - before


def test_the_national_list_reconciles(shared_data):
    path = shared_data / "reference" / "sac_committees.csv"

    first, _events = reconcile(path)
    again, events = reconcile(path)

    assert first == {"read": 118, "created": 118, "updated": 0, "unchanged": 0, "rejected": 0}
    # One event only: that the second batch was applied.
    assert (again, events) == ({"read": 118, "created": 0, "updated": 0, "unchanged": 118, "rejected": 0}, 1)
    missing = Committee.objects.filter(parent=None).exclude(parent_key="").values_list("parent_key", flat=True)
    numbers = {113, 114, 150, 160, 19, 195, 280, 297, 35, 595, 596}
    assert set(missing) == {f"sac/tc {number}" for number in numbers}


def test_the_international_list_reconciles_with_the_secretariats_held_by_china(shared_data):
    path = shared_data / "reference" / "iso_technical_committees.jsonl"

    first, _events = reconcile(path)
    again, events = reconcile(path)

    assert first == {"read": 785, "created": 785, "updated": 0, "unchanged": 0, "rejected": 0}
    assert (again, events) == ({"read": 785, "created": 0, "updated": 0, "unchanged": 785, "rejected": 0}, 1)
    assert SecretariatSeat.objects.filter(organization__name="国家标准化管理委员会").count() == 90
    assert Committee.objects.filter(secretariat_printed="SAC").count() == 90
    assert Committee.objects.filter(parent=None).exclude(parent_key="").count() == 0
    assert not Committee.objects.filter(scope__contains="<").exclude(scope__contains="< ").exists()
