"""What a source's prose on replacement says: 代替 A、B · 被 C 代替 · D（部分）. Pure.

The cell of an official list mixes both directions, departments and announcements
(`代替GB 2763-2014被GB 2763-2019代替标准类别：…`); only what stands beside a word of replacement counts,
and a cell under a heading of replacement may leave the word out.
"""

import re
from dataclasses import dataclass
from typing import Literal

from .numbers import StandardNumber, find_numbers

Direction = Literal["replaces", "replaced_by"]

NONE_WORDS = frozenset(["", "无", "-", "—", "/", "null", "None"])
# Text that follows the replacement in the same cell and cites standards for other reasons.
OTHER_MATTER = re.compile(
    r"(主管部门|标准类别|归口|公告|备注|引用|发布部门|本规范|本规程|采用|参考)\s*[:：]?|引用(了)?下列文件|引用以下文件"
)
BY = re.compile(r"被\s*([^被]*?)\s*(?:部分)?(?:代替|替代|取代)")
PARTLY_AFTER = re.compile(r"\s*[（(]?\s*部分(?:代替|替代|内容)?\s*[)）]?")


@dataclass(frozen=True, slots=True)
class Mention:
    """One standard that a cell names as replaced, or as the one that replaces."""

    direction: Direction
    number: StandardNumber
    partly: bool = False


def read_replacements(text: str, default: Direction = "replaces") -> list[Mention]:
    """The standards a cell names, in order, each once. `default` is the direction its heading gives."""
    if text.strip() in NONE_WORDS:
        return []
    mentions: list[Mention] = []
    rest = text
    for match in BY.finditer(text):
        mentions += _mentions(match[1], "replaced_by", partly="部分" in match[0])
        rest = rest.replace(match[0], " ; ")
    rest = rest[: other.start()] if (other := OTHER_MATTER.search(rest)) else rest
    mentions += _mentions(rest, default, partly=rest.strip().startswith(("部分代替", "部分替代")))
    unique: dict[tuple[str, str], Mention] = {}
    for mention in mentions:
        unique.setdefault((mention.direction, mention.number.key), mention)
    return list(unique.values())


def _mentions(text: str, direction: Direction, *, partly: bool) -> list[Mention]:
    return [
        Mention(direction, found.number, partly or bool(PARTLY_AFTER.match(text, found.end)))
        for found in find_numbers(text)
        if found.number.year is not None
    ]
