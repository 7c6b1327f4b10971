"""A committee's number in any spelling."""

import csv
import json
import pickle
from itertools import pairwise

import pytest

from directory.committee_numbers import NotACommitteeNumber, committee_named, parse_committee

SPELLINGS = {
    "SAC/TC 264/SC 1": "SAC/TC 264/SC 1",
    "TC76": "SAC/TC 76",
    "TC-76": "SAC/TC 76",
    "TC 076": "SAC/TC 76",
    "TC20SC4": "SAC/TC 20/SC 4",
    "sac tc 76 sc2": "SAC/TC 76/SC 2",
    "SACTC76": "SAC/TC 76",
    "ＳＡＣ／ＴＣ　７６": "SAC/TC 76",
    "示例标准化技术委员会（SAC/TC 76）": "SAC/TC 76",
    "TC76（示例标准化技术委员会）": "SAC/TC 76",
    "示例标委会(TC76/SC2)分会": "SAC/TC 76/SC 2",
    "SAC/SWG 3": "SAC/SWG 3",
    "SAC/TC 28/SC 7/TF 1": "SAC/TC 28/SC 7/TF 1",
    "ISO/TC 34": "ISO/TC 34",
    "ISO TC 34 SC 5": "ISO/TC 34/SC 5",
    "IEC TC 113": "IEC/TC 113",
    "ISO/IEC JTC1/SC7": "ISO/IEC JTC 1/SC 7",
    "ISO/IEC/JTC 4": "ISO/IEC JTC 4",
    "JTC 1": "ISO/IEC JTC 1",
    "IEC/ISO JSyC BDC": "IEC/ISO JSyC BDC",
    "ISO/PC 245": "ISO/PC 245",
    "ISO/WS ESG": "ISO/WS ESG",
    "GD/TC22": "GD/TC 22",
    "JS/TC 12": "JS/TC 12",
    "SC/TC 5": "SC/TC 5",
}


@pytest.mark.parametrize(("text", "number"), SPELLINGS.items())
def test_each_spelling_means_one_number(text, number):
    assert str(parse_committee(text)) == number


@pytest.mark.parametrize("text", sorted(set(SPELLINGS.values())))
def test_what_is_printed_is_read_again(text):
    number = parse_committee(text)

    assert (str(number), parse_committee(str(number))) == (text, number)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "empty"),
        ("　", "empty"),
        ("SC4", "no_committee"),
        ("TC", "no_serial"),
        ("SAC/TC", "no_serial"),
        ("TC76、TC77", "several"),
        ("示例标准化技术委员会", "not_a_number"),
        ("GB/T 1.1", "not_a_number"),
        ("TC 10 Fasteners", "not_a_number"),
        ("TC 123456", "not_a_number"),
    ],
)
def test_what_is_no_number_is_refused_with_its_reason(text, code):
    with pytest.raises(NotACommitteeNumber) as refusal:
        parse_committee(text)

    assert (refusal.value.code, committee_named(text)) == (code, None)
    assert refusal.value.reason


def test_a_refusal_survives_the_way_between_processes():
    refusal = pickle.loads(pickle.dumps(NotACommitteeNumber("empty", "没有编号")))

    assert (refusal.code, refusal.reason) == ("empty", "没有编号")


def test_a_number_without_a_body_takes_that_of_its_list():
    assert str(parse_committee("TC 34", body="ISO")) == "ISO/TC 34"


def test_joint_bodies_are_one_in_either_order():
    one, other = parse_committee("IEC/ISO JTC 3"), parse_committee("ISO/IEC JTC 3")

    assert (one == other, hash(one) == hash(other), str(one) == str(other)) == (True, True, False)


def test_what_follows_from_a_number():
    number = parse_committee("TC20SC4")

    assert (number.key, number.slug, number.fold) == ("sac/tc 20/sc 4", "sac-tc-20-sc-4", "sactc20sc4")
    assert (number.group, str(number.parent), number.parent.parent) == ("SC", "SAC/TC 20", None)
    assert number != "sac/tc 20/sc 4"


@pytest.mark.parametrize(
    ("text", "level", "region"),
    [
        ("SAC/TC 1", "national", ""),
        ("ISO/IEC JTC 1", "international", ""),
        ("GD/TC22", "provincial", "440000"),
        ("NT/TC 1", "", ""),
    ],
)
def test_the_body_suggests_the_level(text, level, region):
    number = parse_committee(text)

    assert (number.level, number.region) == (level, region)


def test_numbers_stand_in_the_order_of_their_serials():
    texts = ["SAC/TC 9", "SAC/TC 9/SC 2", "SAC/TC 9/SC 10", "SAC/TC 10", "SAC/SWG 3", "GD/TC 1", "ISO/TC 1"]

    keys = [parse_committee(text).sort_key for text in texts]

    assert all(one < other for one, other in pairwise(keys))
    assert {key.isalnum() and key == key.lower() for key in keys} == {True}


def test_every_real_number_is_read_and_has_an_address_of_its_own(shared_data):
    with (shared_data / "reference" / "sac_committees.csv").open(encoding="utf-8-sig", newline="") as lines:
        national = [parse_committee(row["tc_code"]) for row in csv.DictReader(lines)]
    lines = (shared_data / "reference" / "iso_technical_committees.jsonl").read_text(encoding="utf-8").splitlines()
    rows = [json.loads(line) for line in lines]
    international = {row["id"]: parse_committee(row["reference"]) for row in rows}

    assert (len(national), len({number.slug for number in national})) == (118, 118)
    assert (len(international), len({number.slug for number in international.values()})) == (785, 785)
    # ISO's own list prints one number unlike all others: ISO/IEC/JTC 4.
    assert [row["reference"] for row in rows if str(international[row["id"]]) != row["reference"]] == ["ISO/IEC/JTC 4"]
    # The code alone names the parent that ISO's list names by its id.
    assert {
        row["reference"] for row in rows if international[row["id"]].parent != international.get(row["parentId"])
    } == set()
