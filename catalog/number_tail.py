"""What follows the serial: year, edition notes, amendments, the adopted number, a locator. Pure."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field

from . import prefixes
from .number_foreign import is_foreign, parse_foreign
from .standard_number import NotAStandardNumber, StandardNumber

LOCATOR = (
    r"(?:附录 ?[A-Z](?![A-Z])(?:\.[0-9]+){0,5}(?:[、,和及][A-Z](?:\.[0-9]+){0,5}(?![A-Z0-9]))*"
    r"|第 ?(?:[0-9]+(?:\.[0-9]+){0,5}|[一二三四五六七八九十百]{1,5})(?:[、~-](?:[0-9]+(?:\.[0-9]+){0,5}))* ?"
    r"(?:章|节|条款|条|款|项|法|篇)"
    r"|[0-9]{1,3}(?:\.[0-9]{1,3}){0,5} ?(?:条款|条|款|项|节|章)"
    r"|(?:表|图|公式) ?(?:[A-Z]\.?)?[0-9]+(?:[.-][0-9]+){0,3}"
    r"|[0-9]{1,3}(?:\.[0-9]{1,3}){1,5}(?![0-9A-Z.%-]))"
)

_LANGUAGES = "|".join(sorted(prefixes.LANGUAGES, key=len, reverse=True))
_LANGUAGE = re.compile(rf" ?(?:({_LANGUAGES})(?![A-Z0-9])|\(({_LANGUAGES})\))")
_LANGUAGE_NAME = re.compile(rf" ?\(?({'|'.join(prefixes.LANGUAGE_NAMES)})版\)?")
_AMENDMENT = re.compile(r" ?/? ?XG ?([0-9]{1,2})(?:[-:]([0-9]{4}|[0-9]{2}))?(?![0-9])")
_AMENDMENT_WORDS = re.compile(r" ?/?《?第 ?([0-9]{1,2}) ?号(修改单|勘误表?)》?")
_REVISION = re.compile(r" ?\(?((?:19|20)[0-9]{2}) ?年? ?(?:局部)?(?:修订版?|修改版?|版)\)?")
_BRACKETED_YEAR = re.compile(r" ?\(R?((?:19|20)[0-9]{2}) ?(?:年)?(?:确认|复审|复审确认|重新确认)?\)")
_NOTE = re.compile(r" ?\((试行|暂行|部分|所有部分|全部|系列)\)")
_DRAFT = re.compile(r" ?\(?(征求意见稿|报批稿|送审稿|草案|讨论稿)\)?")
_DUAL = re.compile(r"(?= ?[/(]| (?:IDT|EQV|MOD|NEQ)) ?[/(]? ?(IDT|EQV|MOD|NEQ)?[ :,]*(?=[A-Z])")
_DEGREE = re.compile(r"(?:[, ]+(IDT|EQV|MOD|NEQ))?\)?")
_LOCATOR_TAIL = re.compile(rf"[ ,]?(?:中的|中|的)? ?({LOCATOR})")
_END = re.compile(r"[ .,;:。、《》”\"]*$|《.*$| ?的?(?:要求|规定)$")


@dataclass(slots=True)
class Tail:
    """The parts read so far."""

    engineering: bool = False
    amendment: str = ""
    revision: str = ""
    language: str = ""
    note: str = ""
    locator: str = ""
    dual: StandardNumber | None = field(default=None)


def read_year(printed: str, family: str) -> int | None:
    """The year meant. Two digits only mean 1949 to 1999: four are printed since the mid-1990s (rules C1)."""
    if not printed:
        return None
    if printed.isdigit():
        if len(printed) == 4 and "1949" <= printed <= "2099":
            return int(printed)
        if len(printed) == 2 and printed >= "49":
            return 1900 + int(printed)
        if len(printed) == 4:
            raise NotAStandardNumber("year_out_of_range", f"年代号“{printed}”不在 1949 至 2099 之间", family)
    raise NotAStandardNumber("incomplete_year", f"年份不完整：“{printed}”应写成四位年代号", family)


def read_tail(rest: str, engineering: bool = False) -> tuple[Tail, str]:
    """Everything known that follows the year, and what is left over."""
    tail = Tail(engineering)
    while end := next(filter(None, (reader(rest, tail) for reader in _READERS)), 0):
        rest = rest[end:]
    return tail, "" if _END.match(rest) else rest


def _read_language(rest: str, tail: Tail) -> int:
    if match := _LANGUAGE.match(rest):
        tail.language = match[1] or match[2]
        return match.end()
    if match := _LANGUAGE_NAME.match(rest):
        tail.language = prefixes.LANGUAGE_NAMES[match[1]]
        return match.end()
    return 0


def _read_amendment(rest: str, tail: Tail) -> int:
    if match := _AMENDMENT.match(rest):
        year = read_year(match[2] or "", "")
        amendment = f"XG{int(match[1])}" + (f"-{year}" if year else "")
    elif match := _AMENDMENT_WORDS.match(rest):
        amendment = f"{'XG' if match[2] == '修改单' else '勘误'}{int(match[1])}"
    else:
        return 0
    tail.amendment = f"{tail.amendment}/{amendment}".lstrip("/")
    return match.end()


def _read_revision(rest: str, tail: Tail) -> int:
    """`2018年版` is an edition; `(1990)` says that 1979 was reaffirmed, but revises an engineering code."""
    if match := _REVISION.match(rest):
        tail.revision = f"{match[1]}年版"
    elif match := _BRACKETED_YEAR.match(rest):
        if tail.engineering:
            tail.revision = f"{match[1]}年版"
    elif match := _NOTE.match(rest):
        tail.note = match[1]
        return match.end()
    else:
        return 0
    tail.note = match[0].strip(" ()").lower()
    return match.end()


def _refuse_draft(rest: str, tail: Tail) -> int:
    if match := _DRAFT.match(rest):
        raise NotAStandardNumber("draft", f"这是{match[1]}，还不是发布的标准")
    return 0


def _read_dual(rest: str, tail: Tail) -> int:
    """The number adopted identically. MOD, EQV and NEQ are relations, no second number (GB/T 1.2-2020)."""
    match = _DUAL.match(rest)
    if not match or not is_foreign(rest[match.end() :]):
        return 0
    dual, left = parse_foreign(rest[match.end() :])
    degree = _DEGREE.match(left)
    assert degree
    if (match[1] or degree[1] or "IDT") == "IDT":
        tail.dual = dual
    return len(rest) - len(left) + degree.end()


def _read_locator(rest: str, tail: Tail) -> int:
    if not (match := _LOCATOR_TAIL.match(rest)):
        return 0
    tail.locator = f"{tail.locator} {match[1]}".strip()
    return match.end()


_READERS: tuple[Callable[[str, Tail], int], ...] = (
    _read_language,
    _read_amendment,
    _read_revision,
    _refuse_draft,
    _read_dual,
    _read_locator,
)
