"""What a source's prose on replacement says: 代替 A、B · 被 C 代替 · D（部分）. Pure.

The cell of an official list mixes both directions, departments and announcements
(`代替GB 2763-2014被GB 2763-2019代替标准类别：…`); only what stands beside a word of replacement counts,
and a cell under a heading of replacement may leave the word out.
"""

import re
from dataclasses import dataclass
from typing import Literal

from .number_heads import Known
from .numbers import NotAStandardNumber, StandardNumber, find_numbers, parse

Direction = Literal["replaces", "replaced_by"]

NONE_WORDS = frozenset(["", "无", "-", "—", "/", "null", "None"])
# Text that follows the replacement in the same cell and cites standards for other reasons.
OTHER_MATTER = re.compile(
    r"(主管部门|标准类别|归口|公告|备注|引用|发布部门|本规范|本规程|采用|参考)\s*[:：]?|引用(了)?下列文件|引用以下文件"
)
BY = re.compile(r"被\s*([^被]*?)\s*(?:部分)?(?:代替|替代|取代)")
WORD = re.compile(r"(部分)?(?:代替|替代|取代)")
HAN = re.compile(r"[\u3400-\u9fff]")
TITLE = re.compile(r"《[^》]*》")
LONGEST_TITLE = 30
PARTLY_AFTER = re.compile(r"\s*[（(]?\s*部分(?:代替|替代|内容)?\s*[)）]?")


@dataclass(frozen=True, slots=True)
class Mention:
    """One standard that a cell names as replaced, or as the one that replaces."""

    direction: Direction
    number: StandardNumber
    partly: bool = False


def read_replacements(text: str, default: Direction = "replaces", known: Known = None) -> list[Mention]:
    """The standards a cell names, in order, each once. `default` is the direction its heading gives.

    `known` are the prefixes that staff keep, as `numbers.parse` takes them.
    """
    if text.strip() in NONE_WORDS:
        return []
    mentions: list[Mention] = []
    rest = text
    for match in BY.finditer(text):
        partly = "部分" in match[0]
        mentions += [Mention("replaced_by", number, partly or half) for number, half in _dated(match[1], known)]
        rest = rest.replace(match[0], " ; ")
    rest = rest[: other.start()] if (other := OTHER_MATTER.search(rest)) else rest
    if WORD.search(rest) or not _is_prose(rest, known):
        mentions += [Mention(default, number, partly) for number, partly in _dated(rest, known)]
    unique: dict[tuple[str, str], Mention] = {}
    for mention in mentions:
        unique.setdefault((mention.direction, mention.number.key), mention)
    return list(unique.values())


def _dated(text: str, known: Known) -> list[tuple[StandardNumber, bool]]:
    """The dated numbers of a text, and whether each stands after 部分代替 or before （部分）."""
    words = [(match.start(), bool(match[1])) for match in WORD.finditer(text)]
    found = []
    for one in find_numbers(text, known):
        before = [partly for start, partly in words if start < one.start]
        if one.number.year is not None:
            found.append((one.number, (before[-1:] == [True]) or bool(PARTLY_AFTER.match(text, one.end))))
    return found or _alone(text, known)


def _alone(text: str, known: Known) -> list[tuple[StandardNumber, bool]]:
    """The number that a text is, of a form too odd to be looked for in prose (ISO 105-C:1982)."""
    try:
        number = parse(text, known)
    except NotAStandardNumber:
        return []
    return [(number, False)] if number.year is not None else []


def _is_prose(text: str, known: Known) -> bool:
    """Whether more is said than numbers and their titles: without a word of replacement they are only cited."""
    rest = TITLE.sub("", text)
    if len(HAN.findall(rest)) <= LONGEST_TITLE:
        return False
    for one in find_numbers(rest, known):
        rest = rest.replace(one.text, " ")
    return len(HAN.findall(rest)) > LONGEST_TITLE
