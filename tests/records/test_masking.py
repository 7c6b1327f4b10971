"""Personal numbers in the trail are masked wherever they stand; what only looks like one is not."""

import pytest

from records.masking import masked


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ("13812345678", "138****5678"),
        ("联系人张三，电话13812345678。", "联系人张三，电话138****5678。"),
        (["13812345678", {"a": "19987654321"}], ["138****5678", {"a": "199****4321"}]),
        (13812345678, "138****5678"),
        ("320602199001011234", "320602********1234"),
        ("32060219900101123X", "320602********123X"),
        ("913206021234567890", "913206021234567890"),  # a credit code: no day of birth
        ("GB/T 13812345678901", "GB/T 13812345678901"),
        ("2026-01-02T13:05:00+08:00", "2026-01-02T13:05:00+08:00"),
        (True, True),
        (None, None),
        (42, 42),
        ("", ""),
    ],
)
def test_numbers_of_persons(value, shown):
    assert masked(value) == shown


@pytest.mark.parametrize(
    ("name", "value", "shown"),
    [
        ("phone", "0513-85012345", "****-****2345"),
        ("contact_mobile", "138 1234 5678", "*** **** 5678"),
        ("联系电话", "85012345", "****2345"),
        ("telephone", "", ""),
        ("title", "0513-85012345", "0513-85012345"),
    ],
)
def test_what_stands_in_a_telephones_field(name, value, shown):
    assert masked(value, name) == shown
    assert masked({name: value}) == {name: shown}
