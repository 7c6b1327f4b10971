"""Reading ICS and CCS codes as files bring them: several in a cell, damaged by a spreadsheet. Pure.

A spreadsheet that takes a code for a number drops the zeros at its ends: 29.020 → 29.02, 07.060 → 7.06.
The repair is certain, because a group always has three digits and a field two. Whatever cannot be read
with certainty is returned as it stands, for a person.
"""

import re
from dataclasses import dataclass, field

# What stands between separators; a blank or a slash may also stand inside one CCS code: `Y 57`, the group `A00/09`.
PART = re.compile(r"(?:CCS)?[A-HJ-NP-Z]\s?\d{2}(?:/\d{2})?(?![^,，;；、/\s])|[^,，;；、/\s]+")
ICS = re.compile(r"(\d{1,2})(?:\.(\d{1,3})(?:\.(\d{1,2}))?)?")
# Two codes with nothing between them: widths are fixed, so where the first ends is certain.
JOINED = re.compile(r"\d{2}\.\d{3}(?:\.\d{2})?")
LETTER_APART = re.compile(r"\b([A-HJ-NP-Z])\s+(\d{2})\b")
CCS = re.compile(r"(?:CCS)?([A-HJ-NP-Z])\s?(\d{2}(?:/\d{2})?)")


@dataclass(slots=True)
class Codes:
    """What a cell holds: good codes, repairs as (printed, read), and what could not be read."""

    ics: list[str] = field(default_factory=list)
    ccs: list[str] = field(default_factory=list)
    repaired: list[tuple[str, str]] = field(default_factory=list)
    unread: list[str] = field(default_factory=list)

    def add(self, code: str, printed: str) -> None:
        scheme = self.ccs if code[0].isalpha() else self.ics
        if code not in scheme:
            scheme.append(code)
        if code != printed:
            self.repaired.append((printed, code))


def read_codes(text: str, ics_fields: frozenset[str], under_ccs: str = "") -> Codes:
    """The codes of a cell, whichever of the two schemes each belongs to.

    `ics_fields` are the two-digit fields that exist; a code of another field is not read. `under_ccs` is what
    stands under a heading of CCS: two digits there are a CCS code that lost its letter, not an ICS field.
    """
    codes = Codes()
    parts = [(part, False) for part in PART.findall(text.upper())]
    parts += [(part, True) for part in PART.findall(under_ccs.upper())]
    for part, in_ccs in parts:
        found = [] if in_ccs and part.isdigit() else _read(part, ics_fields)
        for code in found:
            codes.add(code, part)
        if not found:
            codes.unread.append(part)
    return codes


def _read(part: str, ics_fields: frozenset[str]) -> list[str]:
    if code := _ccs(part) or _ics(part, ics_fields):
        return [code]
    joined = JOINED.findall(part)
    if "".join(joined) == part and all(code[:2] in ics_fields for code in joined):
        return joined
    return []


def _ccs(part: str) -> str | None:
    match = CCS.fullmatch(part)
    return match[1] + match[2] if match else None


def _ics(part: str, ics_fields: frozenset[str]) -> str | None:
    match = ICS.fullmatch(part)
    if not match:
        return None
    field_code, group, subgroup = match.groups()
    field_code = field_code.zfill(2)
    if field_code not in ics_fields or (group is None and len(match[1]) < 2):
        return None
    if group is None:
        return field_code
    if subgroup is None:
        return f"{field_code}.{group.ljust(3, '0')}"
    # With two points it was no number to the spreadsheet: a short group or subgroup is not a lost zero.
    return f"{field_code}.{group}.{subgroup}" if len(group) == 3 and len(subgroup) == 2 else None
