"""ICS and CCS codes as files bring them: what is repaired, and what must stay unread."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog.codes import read_codes

FIELDS = frozenset(["01", "03", "07", "11", "13", "25", "27", "29", "31", "35", "59", "65", "71", "83", "97"])


def read(text, under_ccs=""):
    codes = read_codes(text, FIELDS, under_ccs)
    return codes.ics, codes.ccs, codes.unread


@pytest.mark.parametrize("code", ["01", "29.020", "65.020.20", "01.040.03"])
def test_a_whole_ics_code_is_taken_as_it_stands(code):
    codes = read_codes(code, FIELDS)

    assert (codes.ics, codes.repaired, codes.unread) == ([code], [], [])


@pytest.mark.parametrize(
    ("printed", "code"),
    [
        ("29.02", "29.020"),
        ("7.06", "07.060"),
        ("3.180.01", "03.180.01"),
        ("27.1", "27.100"),
        ("11.1", "11.100"),
        ("1.04", "01.040"),
    ],
)
def test_what_a_spreadsheet_took_for_a_number_is_repaired_and_said_so(printed, code):
    codes = read_codes(printed, FIELDS)

    assert (codes.ics, codes.repaired, codes.unread) == ([code], [(printed, code)], [])


@pytest.mark.parametrize(
    ("printed", "codes"),
    [
        ("03.220.2013.020", ["03.220.20", "13.020"]),
        ("01.12003.220", ["01.120", "03.220"]),
        ("13.02065.020.20", ["13.020", "65.020.20"]),
    ],
)
def test_codes_without_anything_between_them_are_parted(printed, codes):
    assert read(printed) == (codes, [], [])


@pytest.mark.parametrize("separator", [",", "，", ";", "；", "、", "/", " ", "\u3000", "\n", ", ", "、、"])
def test_several_codes_in_a_cell_are_each_read(separator):
    assert read(f"59.080.60{separator}83.140") == (["59.080.60", "83.140"], [], [])


def test_separators_at_the_ends_say_nothing():
    assert [read("01.040.01、、"), read(" "), read("")] == [(["01.040.01"], [], []), ([], [], []), ([], [], [])]


@pytest.mark.parametrize(
    ("printed", "code"),
    [("A00", "A00"), ("c75", "C75"), ("CCSB21", "B21"), ("ccsp66", "P66"), ("Y 57", "Y57"), ("C00/09", "C00/09")],
)
def test_a_ccs_code_is_read_in_every_spelling(printed, code):
    assert read("", printed) == ([], [code], [])


def test_a_ccs_code_under_the_heading_of_ics_is_a_ccs_code_and_the_other_way_round():
    assert read("Z60, 13.020", "65.020.20") == (["13.020", "65.020.20"], ["Z60"], [])


def test_a_code_that_stands_twice_is_read_once():
    assert read("29.020,29.02", "A00;A00") == (["29.020"], ["A00"], [])


@pytest.mark.parametrize(
    "printed",
    [
        "110",  # which zeros and point were lost is anybody's guess
        "11.40.55",
        "11.40.040",
        "11.040.1",  # .01 or .10
        "12.020",  # there is no field 12
        "3",
        "29.",
        "29.0200",
        "无",
    ],
)
def test_what_is_not_certain_stays_unread(printed):
    assert read(printed) == ([], [], [printed])


@pytest.mark.parametrize("printed", ["Q841", "C2710", "I21", "O50", "A", "AB12", "68", "31"])
def test_what_is_no_ccs_code_stays_unread_under_its_heading(printed):
    # Q841 is a code of GB/T 4754; CCS has no I and no O; 31 would be an ICS field elsewhere.
    assert read("", printed) == ([], [], [printed])


def test_an_industry_code_behind_a_slash_does_not_spoil_the_ccs_code_before_it():
    assert read("", "CCSC00/09/Q841") == ([], ["C00/09"], ["Q841"])


@given(st.text(alphabet="0123456789.ABCQ/;、 CS无", max_size=30))
def test_whatever_the_text_good_codes_are_well_formed(text):
    import re

    ics, ccs, _unread = read(text, text)

    assert [code for code in ics if not re.fullmatch(r"\d\d(\.\d{3}(\.\d\d)?)?", code)] == []
    assert [code for code in ccs if not re.fullmatch(r"[A-HJ-NP-Z]\d\d(/\d\d)?", code)] == []
    assert {code[:2] for code in ics} <= FIELDS


@given(st.lists(st.sampled_from(["29.020", "65.020.20", "A00", "Z60", "01"]), unique=True))
def test_reading_what_was_read_changes_nothing(codes):
    first = read_codes(",".join(codes), FIELDS)

    again = read_codes(",".join(first.ics + first.ccs), FIELDS)

    assert (again.ics, again.ccs, again.repaired, again.unread) == (first.ics, first.ccs, [], [])
