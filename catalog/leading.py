"""Who leads a standard's drafting (主导): named, versioned rules over its printed list. Pure.

Policies differ (C6 of the domain's rules): some count only the first drafter, some the first two, some those printed as
负责起草单位 and else the first two, and for international standards some count only what an expert group recognised.
So no contribution stores that it leads; a figure says by which rule, in which version, it was counted.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from .drafting_roles import DRAFTING, LEAD

INTERNATIONAL = "international"


@dataclass(frozen=True, slots=True)
class Line:
    """One contribution as the rules see it. `rank` None: nobody knows the place; it then leads by no place."""

    rank: int | None
    role: str
    recognised: bool = False


@dataclass(frozen=True)
class LeadRule:
    """A rule by its name and version; `definition` in Chinese and English, `source` where it comes from."""

    name: str
    version: int
    label: str
    label_zh: str
    definition: str
    definition_zh: str
    source: str
    source_zh: str
    leads: Callable[[Sequence[Line], str], list[bool]]

    @property
    def key(self) -> str:
        return f"{self.name}/{self.version}"


def takes_part(line: Line) -> bool:
    """Whether a contribution counts at all: who drafted, or whose part was recognised."""
    return line.role in DRAFTING or line.recognised


def _among_first(lines: Sequence[Line], places: int) -> list[bool]:
    return [line.role in DRAFTING and line.rank is not None and line.rank <= places for line in lines]


def first(lines: Sequence[Line], level: str) -> list[bool]:
    return _among_first(lines, 1)


def first_two(lines: Sequence[Line], level: str) -> list[bool]:
    return _among_first(lines, 2)


def printed(lines: Sequence[Line], level: str) -> list[bool]:
    named = [line.role == LEAD for line in lines]
    return named if any(named) else _among_first(lines, 2)


def recognized(lines: Sequence[Line], level: str) -> list[bool]:
    return [line.recognised for line in lines] if level == INTERNATIONAL else printed(lines, level)


RULES = {
    rule.name: rule
    for rule in (
        LeadRule(
            "first",
            1,
            "First drafter only",
            "仅第一起草单位",
            "Only the body printed first in the list of drafting units leads.",
            "仅排名第一的起草单位为主导。",
            "District and city notices on awards that name the first drafting unit only.",
            "仅奖励第一起草单位的地方奖励办法。",
            first,
        ),
        LeadRule(
            "first_two",
            1,
            "First two drafters",
            "前两位起草单位",
            "The bodies printed first and second in the list of drafting units lead.",
            "排名前两位的起草单位为主导。",
            "District and city notices on awards that name the first two drafting units.",
            "奖励前两位起草单位的地方奖励办法。",
            first_two,
        ),
        LeadRule(
            "printed",
            1,
            "Printed as responsible, else the first two",
            "前言载明负责起草，否则前两位",
            "Those whom the foreword prints as responsible for drafting (负责起草, 牵头, 主编) lead; where it prints nobody so, "
            "the first two drafting units.",
            "前言载明“负责起草”（牵头、主编等）的单位为主导；前言未载明的，排名前两位的起草单位为主导。",
            "The foreword's list (GB/T 1.1-2020) and the rule “负责起草单位, otherwise first two” of award notices.",
            "标准前言所列起草单位（GB/T 1.1—2020）；奖励办法中“前言载明负责起草单位的从其载明，否则前两位”的规定。",
            printed,
        ),
        LeadRule(
            "recognized",
            1,
            "Recognised for international standards",
            "国际标准须经认定",
            "For an international standard only a contribution leads that an expert group has recognised by a document; "
            "every other standard is judged by the rule “printed”.",
            "国际标准仅以专家组认定（有认定文件）的贡献为主导；其他标准按“前言载明负责起草，否则前两位”判定。",
            "Two district notices that have an expert group recognise the lead of international standards.",
            "由专家组认定国际标准主导单位的区级通知。",
            recognized,
        ),
    )
}
DEFAULT = "printed"
