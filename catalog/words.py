"""A source's words for a status, and what they come to. Pure. The words themselves are kept as its claim."""

from typing import Literal

Verdict = Literal["in_force", "upcoming", "void", "suspended", "planned"]

STATUS_WORDS: dict[str, Verdict] = {
    "现行": "in_force",
    "现行有效": "in_force",
    "有效": "in_force",
    "确认有效": "in_force",
    "继续有效": "in_force",
    "active": "in_force",
    "in force": "in_force",
    "即将实施": "upcoming",
    "未实施": "upcoming",
    "upcoming": "upcoming",
    "废止": "void",
    "已废止": "void",
    "作废": "void",
    "已作废": "void",
    "被代替": "void",
    "被替代": "void",
    "abolished": "void",
    "withdrawn": "void",
    "superseded": "void",
    "暂不实施": "suspended",
    "暂缓实施": "suspended",
    "在研": "planned",
    "计划": "planned",
    # ISO's harmonized stage codes (ISO/IEC Directives): 60 published, 90 under review, 95 withdrawn
    "60": "in_force",
    "90": "in_force",
    "95": "void",
    "00": "planned",
    "10": "planned",
    "20": "planned",
    "30": "planned",
    "40": "planned",
    "50": "planned",
}


def verdict_of(words: str) -> Verdict | None:
    """What status words come to; None for words that say nothing we know."""
    return STATUS_WORDS.get(words.strip().casefold())
