"""Finding the numbers of standards in prose, tables and lists. Pure.

One bounded pattern is searched from left to right and each hit is read by `parse`, so the time is linear in
the text: every position costs at most a fixed number of steps. A hit must not stand inside a word or a URL.
An undated hit must look like a citation: `GB 2760` and `GB/T 5782` do, `8 GB 3200` and `ISO 7 级` do not.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from . import prefixes
from .citation_patterns import SERIAL, citation_pattern
from .number_heads import OWN_SHAPES, Known
from .number_parsing import parse
from .number_tail import LOCATOR
from .number_text import FOLDED, INVISIBLE
from .standard_number import NotAStandardNumber, StandardNumber

MAX_RANGE = 200
"""Numbers one range expands to."""

_CHARACTERS = FOLDED | {code: chr(code - 32) for code in range(ord("a"), ord("z") + 1)}
_HIDDEN = re.compile(f"[{INVISIBLE}]")

_CONTINUED = re.compile(
    rf" ?(?:、|,|和|及|与|;) ?(?P<serial>{SERIAL})"
    r"(?P<year>[-一](?:19|20)[0-9]{2}(?![0-9A-Z年]|-[0-9]| ?年))?(?![-:~%])"
)
_TO_LOCATOR = re.compile(
    rf"(?:《[^《》\n]{{0,60}}》)? ?\(?(?:标准)?(?:中的|中|的|之)? ?(?:规范性|资料性)?(?P<locator>{LOCATOR})"
)
_BARE_CLAUSE = re.compile(r"[0-9.]+")
_NUMBER_BEFORE = re.compile(r"[0-9.] ?$")
_SMALL_LETTER = re.compile("[a-z]")

_TOO_MANY = f"编号范围超过 {MAX_RANGE} 个，只展开前 {MAX_RANGE} 个"
_NOT_ORDINARY = OWN_SHAPES.union(prefixes.INTERNATIONAL, prefixes.FOREIGN)
_REPAIRABLE = frozenset({"incomplete_year", "year_out_of_range", "part_separator"})
_SAFE_UNDATED = frozenset({"GB", "GBZ", "YY", "GBJ", "ISO", "IEC", "ISO/IEC", "CECS", "JJG", "JJF"})


Found = tuple[list[StandardNumber], str, int]
"""Numbers, problem, end."""


@dataclass(frozen=True, slots=True)
class Citation:
    """One number cited at `text[start:end]`. Numbers expanded from one range share the place.

    `locator` is the clause that follows (附录A, 第3章). `problem` says in Chinese what was wrong with the
    number as written: a year that is incomplete leaves an undated number.
    """

    start: int
    end: int
    text: str
    number: StandardNumber
    locator: str = ""
    problem: str = ""


def find_numbers(text: str, known: Known = None) -> Iterator[Citation]:
    """Every standard cited in a text, in order, with its offsets; ranges and lists expanded."""
    places: list[int] | None = None
    visible = text
    if not text.isascii() and _HIDDEN.search(text):
        places = [at for at, character in enumerate(text) if character not in INVISIBLE]
        visible = "".join(text[at] for at in places)
    for citation in _find(visible, known):
        if places is None:
            yield citation
        else:
            start, end = places[citation.start], places[citation.end - 1] + 1
            yield replace(citation, start=start, end=end, text=text[start:end])


def _find(text: str, known: Known) -> Iterator[Citation]:
    folded = text.translate(_CHARACTERS)
    pattern = citation_pattern(frozenset(known or ()) - _NOT_ORDINARY)
    at = 0
    while match := pattern.search(folded, at):
        found = None if match["url"] else _read(match, text, known)
        if not found:
            at = match.end() if match["url"] or match["foreign"] else match.end("head")
            continue
        numbers, problem, end = found
        listed, at = _read_list(folded, end, numbers)
        last = listed[-1].number if listed else numbers[-1]
        locator, at = _read_locator(folded, at, dated=last.year is not None)
        for number in numbers:
            yield Citation(match.start(), end, text[match.start() : end], number, "" if listed else locator, problem)
        for entry in listed:
            own = locator if entry is listed[-1] else ""
            yield replace(entry, text=text[entry.start : entry.end], locator=own)


def _read(match: "re.Match[str]", text: str, known: Known) -> Found | None:
    """The numbers of one hit, what is wrong with them, and where it ends; None when it is no citation."""
    if match["to"] and (found := _read_range(match, text, known)):
        return found
    end = match.end("one") if match["to"] else match.end()
    problem = ""
    try:
        number = parse(text[match.start() : end], known)
    except NotAStandardNumber as refusal:
        if refusal.code not in _REPAIRABLE or not refusal.suggestion:
            return None
        number, problem = parse(refusal.suggestion, known), refusal.reason
    if problem or number.year is not None or _looks_cited(number, match, text):
        return [number], problem, end
    return None


def _looks_cited(number: StandardNumber, match: "re.Match[str]", text: str) -> bool:
    """Whether an undated hit is a citation, not a quantity (`8 GB 3200`), a model or a class (`ISO 7 级`)."""
    after = text[match.end() : match.end() + 2].lstrip()
    if number.level == "enterprise" or after.startswith(("年", "月", "%", "级")):
        return False
    if "/" in match[0]:
        return number.level != "group" or len(number.body) > 2
    if "\n" in match[0]:
        return False
    if number.prefix in _SAFE_UNDATED:
        quantity = number.head == "GB" and _NUMBER_BEFORE.search(text, max(0, match.start() - 2), match.start())
        if quantity:
            return bool(number.part) and len(number.serial) > 2
        return bool(number.part) or len(number.serial) > 1
    return len(number.prefix + number.serial) > 4 and not _SMALL_LETTER.search(text, match.start(), match.end())


def _read_range(match: "re.Match[str]", text: str, known: Known) -> Found | None:
    """`GB/T 13680~13681-1992`, `GB/T 4728.1~4728.5`, `GB/T 19851.1~11-2005`; the last year is that of all."""
    year = "to_year" if match["to_year"] else "year"
    try:
        first = parse(text[match.start() : match.end("serial")] + text[match.start(year) : match.end(year)], known)
    except NotAStandardNumber:
        return None
    numbers = _expand(first, match["to"])
    problem = _TOO_MANY if len(numbers) > MAX_RANGE else ""
    return (numbers[:MAX_RANGE], problem, match.end()) if len(numbers) > 1 else None


def _expand(first: StandardNumber, to: str) -> list[StandardNumber]:
    """The numbers from the first to `to`, one too many if there are more than allowed; [] for no range."""
    serial, _, part = to.partition(".")
    if not first.part:
        stop = first.serial[: max(0, len(first.serial) - len(serial))] + serial
        steps = _steps(first.serial, "" if part else stop)
        return [replace(first, serial=f"{step:0{len(first.serial)}}") for step in steps]
    stem, dot, last = first.part.rpartition(".")
    stem_to, _, last_to = (part or serial).rpartition(".")
    if part and (serial, stem_to) != (first.serial, stem):
        return []
    return [replace(first, part=f"{stem}{dot}{step}") for step in _steps(last, last_to)]


def _steps(start: str, stop: str) -> range:
    """Ascending, both ends included, cut one after `MAX_RANGE`."""
    if not (start.isdigit() and stop.isdigit()):
        return range(0)
    return range(int(start), min(int(stop), int(start) + MAX_RANGE) + 1)


def _read_list(folded: str, at: int, numbers: list[StandardNumber]) -> tuple[list[Citation], int]:
    """`YY/T 0466.1、0466.2-2020`: what has no prefix must be dated, or be another part of the same serial."""
    listed: list[Citation] = []
    first = numbers[0]
    if len(numbers) > 1 or first.level in {"international", "other", "enterprise"}:
        return listed, at
    while (match := _CONTINUED.match(folded, at)) and _continues(match, first):
        year = match["year"][1:] if match["year"] else ""
        serial, _, part = match["serial"].partition(".")
        number = replace(
            first, serial=serial, part=part, year=int(year) if year else None, year_printed=year,
            amendment="", revision="", language="", note="", dual=None,
        )  # fmt: skip
        at = match.end()
        listed.append(Citation(match.start("serial"), at, "", number))
    return listed, at


def _continues(match: "re.Match[str]", first: StandardNumber) -> bool:
    serial, _, part = match["serial"].partition(".")
    if part and serial == first.serial:
        return True
    like_a_year = serial.startswith(("19", "20")) and len(serial) == 4
    return bool(match["year"]) and len(serial) == len(first.serial) and not like_a_year


def _read_locator(folded: str, at: int, *, dated: bool) -> tuple[str, int]:
    """The clause after a number. A bare `4.5` is one after 的 or 中, or directly after a dated number."""
    match = _TO_LOCATOR.match(folded, at)
    if not match:
        return "", at
    locator = match["locator"]
    connected = folded[at : match.start("locator")].strip(" (")
    if _BARE_CLAUSE.fullmatch(locator) and not (connected or (dated and not locator.startswith("0"))):
        return "", at
    return locator, match.end()
