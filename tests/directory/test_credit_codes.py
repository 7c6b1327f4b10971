"""Unified social credit codes: what is wrong is told to the character (GB 32100-2015)."""

import pytest
from django.core.exceptions import ValidationError
from django.utils import translation
from stdnum.cn import uscc

from directory.credit_codes import ALPHABET, Fault, fault_of, tidy_code
from directory.models import Organization, check_credit_code

GOOD = ["91350100M000100Y43", "91110108551385082Q", "91320600MA00000290"]


@pytest.mark.parametrize("code", GOOD)
def test_right_codes_have_no_fault(code):
    assert fault_of(code) is None


@pytest.mark.parametrize(
    ("code", "fault"),
    [
        ("91350100M000100Y4A", Fault("check", 18, "A", "3")),
        ("91310115MA1H8R7C6D", Fault("check", 18, "D", uscc.calc_check_digit("91310115MA1H8R7C6"))),
        ("91350100M0O0100Y43", Fault("letter", 11, "O")),
        ("91350100M000100Y4", Fault("length", 18, "17", "18")),
        ("91350100M000100Y433", Fault("length", 18, "19", "18")),
        ("9135A100M000100Y43", Fault("digit", 5, "A")),
        ("B1350100M000100Y43", Fault("department", 1, "B")),
        ("", Fault("length", 1, "0", "18")),
    ],
)
def test_the_first_fault_is_named(code, fault):
    assert fault_of(code) == fault


def test_every_wrong_character_in_every_place_is_found():
    code = GOOD[0]

    missed = [
        (at, letter)
        for at in range(18)
        for letter in ALPHABET
        if letter != code[at] and fault_of(code[:at] + letter + code[at + 1 :]) is None
    ]

    assert missed == []


def test_codes_agree_with_the_package_where_it_knows_the_department():
    bodies = [
        f"91{region}{body}" for region in ("320682", "110000") for body in ("MA0000000", "60003734Q", "123456789")
    ]

    codes = [body + letter for body in bodies for letter in ALPHABET]

    assert [code for code in codes if (fault_of(code) is None) != uscc.is_valid(code)] == []
    assert sum(fault_of(code) is None for code in codes) == len(bodies)


def test_rural_collectives_have_codes_the_package_refuses():
    body = "N2320682MF0000000"

    assert fault_of(body + uscc.calc_check_digit(body)) is None


def test_how_it_is_typed_does_not_matter():
    assert tidy_code(" 91350100-m000 100ｙ43 ") == GOOD[0]


@pytest.mark.parametrize(
    ("code", "sentence"),
    [
        ("91350100M000100Y4A", "第18位校验码为“A”，按前17位应为“3”。"),
        ("91350100M0O0100Y43", "第11位“O”不是统一社会信用代码所用的字符（不用字母 I、O、S、V、Z）。"),
        ("91350100M000100Y4", "统一社会信用代码应为18位，现有17位。"),
    ],
)
def test_the_sentence_says_where_and_what_is_expected(code, sentence):
    with translation.override("zh-hans"), pytest.raises(ValidationError) as refusal:
        check_credit_code(code)

    assert refusal.value.messages == [sentence]


@pytest.mark.django_db
def test_an_organization_keeps_its_code_tidied():
    one = Organization(name="某公司", kind="enterprise", credit_code="91350100m000100y43")

    one.full_clean()

    assert one.credit_code == GOOD[0]
