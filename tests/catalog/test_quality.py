"""Data-quality flags: opened by rules and visitors, settled once by staff or by what they follow from."""

import pytest

from catalog import quality
from catalog.editions import save_edition, void_editions
from catalog.merging import Finding
from catalog.models import QualityFlag, Standard
from records.models import Event
from records.trail import SYSTEM, Actor
from tests.factories import import_csv, make_standard

pytestmark = pytest.mark.django_db


@pytest.fixture
def standard():
    return make_standard("GB/T 1-2020", implemented_on="2020-01-01")


def open_flags(standard=None):
    flags = QualityFlag.objects.filter(settled_at=None)
    flags = flags.filter(standard=standard) if standard else flags
    return sorted(flags.values_list("kind", "subject"))


DISAGREE = Finding("sources_disagree", "title", {"recorded": "甲", "source": "乙源", "says": "乙"})
ORDER = Finding("date_order", "implemented_on", {"implemented": "2020-01-01", "published": None})


def test_a_finding_opens_a_flag_once(standard):
    quality.review({standard.pk: [DISAGREE, DISAGREE]})
    quality.review({standard.pk: [DISAGREE]})

    assert open_flags() == [("sources_disagree", "title")]
    assert QualityFlag.objects.get().detail == DISAGREE.detail


def test_what_follows_from_the_record_settles_itself_and_what_does_not_stays(standard):
    status = Finding("sources_disagree", "status", {"says": {}})
    quality.review({standard.pk: [DISAGREE, ORDER, status]})

    quality.review({standard.pk: []})

    assert open_flags() == [("sources_disagree", "title")]
    settled = QualityFlag.objects.filter(settled_at__isnull=False)
    assert set(settled.values_list("subject", "settled_by")) == {("implemented_on", None), ("status", None)}


def test_a_review_of_one_standard_leaves_the_others_flags(standard):
    other = make_standard("GB/T 2-2020", implemented_on="2020-01-01")
    quality.review({standard.pk: [ORDER], other.pk: [ORDER]})

    quality.review({other.pk: []})

    assert (open_flags(standard), open_flags(other)) == ([("date_order", "implemented_on")], [])


def test_staff_settle_a_flag_with_a_word_and_an_event(standard, cataloguer):
    quality.review({standard.pk: [DISAGREE]})
    flag = QualityFlag.objects.get()

    quality.settle_flag(flag, by=Actor(cataloguer, "web"), resolution="以国标委为准")

    flag.refresh_from_db()
    event = Event.objects.get(object_type="catalog.qualityflag")
    assert (bool(flag.settled_at), flag.settled_by, flag.resolution) == (True, cataloguer, "以国标委为准")
    assert (event.action, event.actor, event.changes) == ("settled", cataloguer, {"resolution": ["", "以国标委为准"]})


def test_a_flag_is_settled_once(standard, cataloguer):
    quality.review({standard.pk: [DISAGREE]})
    flag = QualityFlag.objects.get()
    quality.settle_flag(flag, by=Actor(cataloguer), resolution="一")

    with pytest.raises(quality.AlreadySettled):
        quality.settle_flag(flag, by=Actor(cataloguer), resolution="二")

    assert QualityFlag.objects.get().resolution == "一"
    assert Event.objects.filter(object_type="catalog.qualityflag").count() == 1


def test_what_a_person_settled_is_opened_again_only_by_another_observation(standard, cataloguer):
    quality.review({standard.pk: [DISAGREE]})
    quality.settle_flag(QualityFlag.objects.get(), by=Actor(cataloguer), resolution="已核")

    # The same, as a database may give its names back in another order.
    quality.review({standard.pk: [Finding("sources_disagree", "title", dict(reversed(DISAGREE.detail.items())))]})
    same = open_flags()
    quality.review({standard.pk: [Finding("sources_disagree", "title", {**DISAGREE.detail, "says": "丙"})]})

    assert (same, open_flags()) == ([], [("sources_disagree", "title")])


def test_what_settled_itself_is_opened_again_when_it_comes_back(standard):
    quality.review({standard.pk: [ORDER]})
    quality.review({standard.pk: []})

    quality.review({standard.pk: [ORDER]})

    assert open_flags() == [("date_order", "implemented_on")]


def test_a_visitors_report_becomes_a_flag_with_an_event(standard):
    flag = quality.report_error(
        standard, text="实施日期有误", contact="a@example.cn", by=Actor(None, "web", "10.0.0.9")
    )

    event = Event.objects.get(object_type="catalog.qualityflag")
    assert (flag.kind, flag.detail) == ("reported", {"text": "实施日期有误", "contact": "a@example.cn"})
    assert (event.object_id, event.action, event.address) == (flag.pk, "created", "10.0.0.9")
    assert "a@example.cn" not in str(event.changes)  # the trail is kept for ever, a visitor's address is not


def test_two_reports_about_one_standard_are_two_flags(standard):
    for text in ("一", "二"):
        quality.report_error(standard, text=text, contact="", by=SYSTEM)

    assert [kind for kind, _subject in open_flags()] == ["reported", "reported"]


# --- several editions in force ---------------------------------------------------------------------------------------------


def test_the_older_of_several_editions_in_force_is_flagged_with_the_newest():
    first = make_standard("GB/T 1-2000", implemented_on="2000-01-01")
    second = make_standard("GB/T 1-2010", implemented_on="2010-01-01")
    make_standard("GB/T 1-2020", implemented_on="2020-01-01")

    flags = QualityFlag.objects.filter(settled_at=None).values_list("standard", "kind")
    assert set(flags) == {(first.pk, "several_in_force"), (second.pk, "several_in_force")}


def test_a_last_day_settles_it():
    first = make_standard("GB/T 1-2000", implemented_on="2000-01-01")
    make_standard("GB/T 1-2010", implemented_on="2010-01-01")
    before = open_flags()

    save_edition(Standard.objects.get(pk=first.pk), {"withdrawn_on": "2010-01-01"}, by=SYSTEM)

    assert (before, open_flags()) == ([("several_in_force", "")], [])


def test_a_replacement_settles_it():
    make_standard("GB/T 1-2000", implemented_on="2000-01-01")
    second = make_standard("GB/T 1-2010", implemented_on="2010-01-01")
    fact = ["gb/t 1-2010", "replaces", "gb/t 1-2000", "GB/T 1-2010", "GB/T 1-2000", "", ""]

    save_edition(second, {"relations": [fact]}, by=SYSTEM)

    assert open_flags() == []


def test_a_voided_edition_settles_it():
    make_standard("GB/T 1-2000", implemented_on="2000-01-01")
    second = make_standard("GB/T 1-2010", implemented_on="2010-01-01")

    void_editions([Standard.objects.get(pk=second.pk)], by=SYSTEM, reason="误录")

    assert open_flags() == []


@pytest.mark.parametrize("number", ["GB/T 1-2010E", "GB/T 1-2000/XG1-2010", "GB/T 1.2-2010", "GB 1-2010"])
def test_what_is_no_other_edition_of_the_family_is_no_rival(number):
    make_standard("GB/T 1-2000", implemented_on="2000-01-01")
    make_standard(number, implemented_on="2010-01-01")

    assert open_flags() == []


# --- flags and hand edits ----------------------------------------------------------------------------------------------------


def test_a_correction_by_hand_settles_what_followed_from_the_wrong_value(tmp_path):
    import_csv(tmp_path, "code,title,实施日期\nGB/T 1-2020,题,\n")
    before = open_flags()

    save_edition(Standard.objects.get(), {"implemented_on": "2020-02-01"}, by=SYSTEM)

    assert (before, open_flags()) == ([("date_missing", "implemented_on")], [])


def test_the_flags_of_a_voided_standard_are_no_longer_open(tmp_path):
    import_csv(tmp_path, "code,title,实施日期\nGB/T 1-2020,题,\n")

    void_editions([Standard.objects.get()], by=SYSTEM, reason="误录")

    assert open_flags() == []


def test_a_source_that_calls_valid_what_another_row_replaced_is_flagged(tmp_path):
    text = "code,title,实施日期,状态,代替标准\nGB/T 1-2000,题,2000-01-01,现行,\nGB/T 1-2020,题,2020-01-01,现行,GB/T 1-2000\n"

    import_csv(tmp_path, text, name="x 2026-01-01.csv")

    assert open_flags() == [("status_against_dates", "replaced_on")]


def test_the_word_that_it_is_valid_settles_itself_when_the_replacement_goes(tmp_path):
    text = "code,title,实施日期,状态,代替标准\nGB/T 1-2000,题,2000-01-01,现行,\nGB/T 1-2020,题,2020-01-01,现行,GB/T 1-2000\n"
    import_csv(tmp_path, text, name="x 2026-01-01.csv")

    save_edition(Standard.objects.get(number="GB/T 1-2020"), {"implemented_on": "2027-01-01"}, by=SYSTEM)

    assert open_flags(Standard.objects.get(number="GB/T 1-2000")) == []


def test_a_word_from_before_the_replacement_was_true_then(tmp_path):
    header = "code,title,实施日期,状态,代替标准\n"
    import_csv(tmp_path, header + "GB/T 1-2000,题,2000-01-01,现行,\n", name="x 2019-01-01.csv")

    import_csv(tmp_path, header + "GB/T 1-2020,题,2020-01-01,现行,GB/T 1-2000\n", name="x 2026-01-01.csv")

    assert open_flags() == []
