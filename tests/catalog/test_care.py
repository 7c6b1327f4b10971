"""Committees that look after standards: read from files, kept with the standard, shown on both pages."""

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client

from catalog.care_register import CARE
from catalog.caring import CareReader, care_reader
from catalog.editions import save_edition
from catalog.models import Care, Standard
from directory.committee_registers import COMMITTEES
from directory.models import Committee
from records.importing import apply_batch, preview_file, revert_batch
from records.models import Event
from records.registering import amend, void
from records.source_facts import import_facts
from records.trail import SYSTEM, Actor
from tests.factories import appoint, import_csv, make_committee, make_record, make_standard, make_user
from tests.web.pages import Page

pytestmark = pytest.mark.django_db


@pytest.fixture
def committees():
    make_committee("SAC/TC 901", "全国甲标准化技术委员会")
    make_committee("SAC/TC 901/SC 2", "全国甲标准化技术委员会乙分会")
    make_committee("ISO/TC 901", "", name_en="Plastics")
    make_committee("ISO/TC 901/SC 4", "", name_en="Burning behaviour")
    make_committee("ISO/TC 902/SC 4", "", name_en="Terminology")
    make_committee("ISO/TC 901/SC 1", "", name_en="Terminology")
    make_committee("ISO/IEC JTC 91", "", name_en="Information technology")


@pytest.mark.parametrize(
    ("text", "keys", "unknown"),
    [
        ("TC901", ["sac/tc 901"], []),
        ("全国甲标准化技术委员会", ["sac/tc 901"], []),
        ("全国甲标准化技术委员会（SAC/TC 901）", ["sac/tc 901"], []),
        ("SAC/TC 901、SAC/TC 901/SC 2", ["sac/tc 901", "sac/tc 901/sc 2"], []),
        ("全国甲", [], []),
        ("工业和信息化部", [], []),
        ("TC 999", [], ["TC 999"]),
        ("Terminology", [], []),
        ('["TC 901 Burning behaviour"]', ["iso/tc 901/sc 4"], []),
        ('["TC 901 Plastics", "IEC 91 Information technology"]', ["iso/tc 901", "iec+iso/jtc 91"], []),
        ('["TC 902 Terminology"]', ["iso/tc 902/sc 4"], []),
        ('["TC 901 Something else"]', [], ["TC 901 Something else"]),
        ('["TMBG Technical Management Board - groups"]', [], []),
        ("[", [], []),
        ("", [], []),
    ],
)
def test_a_cell_names_a_committee_by_number_or_exact_name_only(committees, text, keys, unknown):
    assert care_reader().read(text) == (keys, unknown)


def test_without_committees_nothing_is_named():
    assert CareReader().read("全国甲标准化技术委员会") == ([], [])


def cared() -> set:
    return set(Care.objects.standing().values_list("standard__number", "committee__number", "role"))


FILE = "标准编号,标准名称,主管部门,归口单位,执行单位\nGB/T 90001-2020,某,农业农村部,TC901,SAC/TC 901/SC 2\nGB/T 90002-2020,某,农业农村部,TC 999,\n"


def test_a_file_of_standards_says_who_looks_after_them(tmp_path, committees):
    batch = import_csv(tmp_path, FILE)
    again = import_csv(tmp_path, FILE)

    assert cared() == {
        ("GB/T 90001-2020", "SAC/TC 901", "in_charge"),
        ("GB/T 90001-2020", "SAC/TC 901/SC 2", "executes"),
    }
    assert (batch.created, again.unchanged) == (2, 2)
    notes = [note["params"] for row in batch.rows.all() for note in row.notes]
    assert notes == [{"text": "TC 999"}]
    standard = Standard.objects.get(number="GB/T 90001-2020")
    assert standard.department.name == "农业农村部"
    event = Event.objects.about(standard).get()
    assert event.changes["care"] == [None, [["sac/tc 901", "in_charge"], ["sac/tc 901/sc 2", "executes"]]]


def test_a_column_of_departments_may_name_a_committee(tmp_path, committees):
    import_csv(
        tmp_path,
        "标准编号,标准名称,归口单位\nGB/T 90001-2020,某,全国甲标准化技术委员会\nGB/T 90002-2020,某,农业农村部\n",
    )

    assert cared() == {("GB/T 90001-2020", "SAC/TC 901", "in_charge")}


def test_a_later_file_adds_and_a_revert_takes_away(tmp_path, committees):
    make_standard("GB/T 90001-2020", "某")
    batch = import_csv(tmp_path, FILE)
    added = cared()

    revert_batch(batch, by=SYSTEM)

    assert (len(added), cared()) == (2, set())
    assert Care.objects.exclude(voided_at=None).count() == 2


def test_a_revert_leaves_what_was_entered_or_voided_by_hand_since(tmp_path, committees):
    make_standard("GB/T 90001-2020", "某")
    earlier = make_record(CARE, standard="GB/T 90001-2020", committee="ISO/TC 901", role="归口")
    batch = import_csv(tmp_path, FILE)
    make_record(CARE, standard="GB/T 90001-2020", committee="ISO/TC 901/SC 4", role="起草")
    void(CARE, [earlier], by=SYSTEM, reason="错")

    revert_batch(batch, by=SYSTEM)

    assert cared() == {("GB/T 90001-2020", "ISO/TC 901/SC 4", "drafts")}


def test_a_standards_history_says_in_words_who_looks_after_it(tmp_path, committees):
    import_csv(tmp_path, FILE)
    auditor = make_user("auditor")
    appoint(auditor, "auditor")
    client = Client()
    client.force_login(auditor)

    text = Page(client.get("/standards/gb-t-90001-2020/").content.decode()).text

    assert "归口：加入 SAC/TC 901 归口、SAC/TC 901/SC 2 执行" in text


def test_what_was_entered_by_hand_since_the_preview_stays(tmp_path, committees):
    make_standard("GB/T 90001-2020", "某")
    batch = import_csv(tmp_path, FILE, apply=False)
    make_record(CARE, standard="GB/T 90001-2020", committee="ISO/TC 901", role="起草")

    apply_batch(batch, by=SYSTEM)

    assert {(committee, role) for _number, committee, role in cared()} == {
        ("ISO/TC 901", "drafts"),
        ("SAC/TC 901", "in_charge"),
        ("SAC/TC 901/SC 2", "executes"),
    }


def test_care_is_entered_changed_and_voided_by_whoever_keeps_the_standard(committees):
    make_standard("GB/T 90001-2020", "某")
    make_standard("DB3206/T 9-2021", "地方")
    user = make_user("of-taizhou")
    appoint(user, "cataloguer", "321200")
    by = Actor(user=type(user).objects.get(pk=user.pk), channel="web")

    care = make_record(CARE, by=by, standard="gbt90001-2020", committee="TC901", role="归口")
    with pytest.raises(PermissionDenied):
        make_record(CARE, by=by, standard="DB3206/T 9-2021", committee="TC901", role="归口")
    changed = amend(CARE, care, {"role": "executes"}, version=1, by=by)

    assert cared() == {("GB/T 90001-2020", "SAC/TC 901", "executes")}
    void(CARE, [changed], by=by, reason="错")
    assert (cared(), Event.objects.about(care).count()) == (set(), 3)


def test_both_pages_lead_to_each_other(committees):
    make_standard("GB/T 90001-2000", "旧", implemented_on="2000-01-01")
    make_standard("GB/T 90001-2020", "某", implemented_on="2020-01-01", replaces=["GB/T 90001-2000"])
    for number in ("GB/T 90001-2000", "GB/T 90001-2020"):
        make_record(CARE, standard=number, committee="TC901", role="归口")
    client = Client()

    standard = client.get("/standards/gb-t-90001-2020/").content.decode()
    committee = client.get("/committees/sac-tc-901/").content.decode()
    earlier = client.get("/committees/sac-tc-901/?on=2010-01-01").content.decode()

    assert 'href="/committees/sac-tc-901/"' in standard
    places = [committee.index(f'href="/standards/gb-t-90001-{year}/"') for year in (2020, 2000)]
    assert places == sorted(places)
    assert ("badge replaced" in committee, "badge replaced" in earlier) == (True, False)


def test_a_voided_committee_is_no_longer_shown(committees):
    make_standard("GB/T 90001-2020", "某")
    make_record(CARE, standard="GB/T 90001-2020", committee="TC901", role="归口")

    void(COMMITTEES, [Committee.objects.get(number="SAC/TC 901")], by=SYSTEM, reason="错")

    assert "/committees/" not in Client().get("/standards/gb-t-90001-2020/").content.decode().split("<main")[1]


def test_the_state_of_a_standard_knows_its_care_as_the_form_leaves_it(committees):
    """Changing the title by hand leaves the care alone."""
    standard = make_standard("GB/T 90001-2020", "某")
    make_record(CARE, standard="GB/T 90001-2020", committee="TC901", role="归口")

    save_edition(standard, {"title": "改"}, by=SYSTEM)

    assert cared() == {("GB/T 90001-2020", "SAC/TC 901", "in_charge")}


def test_real_open_data_names_only_what_it_says(shared_data, tmp_path):
    """ISO's standards carry a committee's number and name; its committees are read first."""
    path = shared_data / "reference" / "iso_technical_committees.jsonl"
    apply_batch(preview_file(path, kind="committees", facts=import_facts(path), by=SYSTEM), by=SYSTEM)
    lines = (shared_data / "standards" / "iso.jsonl").read_text(encoding="utf-8").splitlines()
    short = tmp_path / "iso.jsonl"
    short.write_text("\n".join(lines[::10]), encoding="utf-8")

    batch = apply_batch(preview_file(short, kind="standards", facts=import_facts(short), by=SYSTEM), by=SYSTEM)

    linked = Care.objects.values("standard").distinct().count()
    assert batch.mapping["care"] == "tc"
    assert linked > batch.created / 2
    assert set(Care.objects.values_list("committee__level", flat=True)) == {"international"}
