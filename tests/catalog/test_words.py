"""What a source's words for a status come to."""

import pytest

from catalog.words import STATUS_WORDS, verdict_of


@pytest.mark.parametrize(
    ("words", "verdict"),
    [
        ("现行", "in_force"),
        (" 现行 ", "in_force"),
        ("确认有效", "in_force"),
        ("即将实施", "upcoming"),
        ("作废", "void"),
        ("已作废", "void"),
        ("废止", "void"),
        ("Withdrawn", "void"),
        ("暂不实施", "suspended"),
        ("在研", "planned"),
        ("95", "void"),
        ("60", "in_force"),
        ("None", None),
        ("", None),
        ("修订中", None),
    ],
)
def test_words_and_what_they_come_to(words, verdict):
    assert verdict_of(words) == verdict


def test_the_words_are_kept_as_they_are_compared():
    assert [word for word in STATUS_WORDS if word != word.strip().casefold()] == []
