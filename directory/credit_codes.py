"""What is wrong with a unified social credit code (GB 32100-2015), to the character. Pure.

Eighteen characters: the registering department, the kind of body, six digits of the registering division, nine of the
body, one check character. The letters I, O, S, V and Z are not used. `python-stdnum` computes the check character; its
own `validate` refuses departments with a letter (N for rural collectives, A, Y), which the standard gives out.
"""

import unicodedata
from dataclasses import dataclass
from typing import Literal

from stdnum.cn import uscc

LENGTH = 18
ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
# Table 1 of the standard, as later completed: which departments register.
DEPARTMENTS = frozenset("123456789ANY")

Wrong = Literal["length", "letter", "department", "digit", "check"]


@dataclass(frozen=True, slots=True)
class Fault:
    """The first thing that is wrong: `position` counts from 1; for a length, `found` is the number of characters."""

    wrong: Wrong
    position: int
    found: str
    expected: str = ""


def tidy_code(text: str) -> str:
    """A code without what people put between its characters, in capitals and of plain width."""
    return "".join(unicodedata.normalize("NFKC", text).replace("-", " ").split()).upper()


def fault_of(code: str) -> Fault | None:
    """What is wrong with a tidied code; None where nothing is."""
    for position, found in enumerate(code[:LENGTH], start=1):
        if wrong := _wrong_character(position, found):
            return Fault(wrong, position, found)
    if len(code) != LENGTH:
        return Fault("length", min(len(code), LENGTH) + (len(code) < LENGTH), str(len(code)), str(LENGTH))
    expected = uscc.calc_check_digit(code[:-1])
    return None if code[-1] == expected else Fault("check", LENGTH, code[-1], expected)


def _wrong_character(position: int, found: str) -> Wrong | None:
    if found not in ALPHABET:
        return "letter"
    if position == 1 and found not in DEPARTMENTS:
        return "department"
    return "digit" if 3 <= position <= 8 and not found.isdigit() else None
