"""Cutting the list of drafting units that a foreword prints into the names it holds, in their order. Pure.

“本标准主要起草单位：A公司、B研究院、C中心等。” holds three names in the role 主要起草单位. Nothing is invented and nothing lost:
the pieces, joined, are the text again. Where a cut is not certain (an English name with a comma, 和 between two bodies,
a bracket that never closes) the stretch is a piece of its own kind, `unread`, with the reason.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from .drafting_roles import names_people

NAME, ROLE, SEPARATOR, INCOMPLETE, PEOPLE, UNREAD = "name", "role", "separator", "incomplete", "people", "unread"
LONGEST_NAME = 200
LONGEST_TEXT = 20_000

CJK = "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
OPENING, CLOSING = "(（[［【〔〖《〈“「『{", ")）]］】〕〗》〉”」』}"
PAIRS = dict(zip(CLOSING, OPENING, strict=True)) | {")": "(", "）": "("}
SAME = {"（": "("}  # a bracket opened in one width is often closed in the other

# 本标准主要起草单位： · 负责起草单位： · 主要起草人：
LABEL = re.compile(
    rf"(?:本[{CJK}]{{2,8}}?(?:的)?)?"
    rf"([{CJK}、/]{{0,12}}(?:单位|机构|部门|组织|人员|人|专家|归口|提出|起草|牵头|参编|主编))\s*[:：]"
)
# 本标准由A、B负责起草，C参加起草。
BY = re.compile(rf"(?:本[{CJK}]{{2,10}}?)?由")
VERB = re.compile(
    r"(?:共同|联合)?(?:(?:负责|主要|牵头|参加|参与|协助)?(?:起草|编制|制定|修订)|提出并(?:技术)?归口|提出|(?:技术)?归口(?:管理)?)$"
)
STOP = re.compile(r"[。\r\n]")
HARD = set("、，;；\r\n\t|。")  # between names wherever they stand outside brackets
# Characters at which anything can happen within a name; at all others it goes on.
SPECIAL = frozenset(OPENING + CLOSING + "/, \xa0\u2003\u3000①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳") | HARD
CIRCLED = "①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳"
NUMBERING = re.compile(r"(?:(\d{1,3})\s*[.．、)）]|[(（](\d{1,3})[)）]|([①-⑳]))\s*(?![\d.])")
INCOMPLETE_END = re.compile(
    r"\s*等\s*(?:共?\s*[\d一二三四五六七八九十百余多]+\s*)?(?:余|多)?(?:家|个|所)?(?:单位|企业|机构|公司|院校|组织)?$"
)
# Words that end the name of a body: what follows them after a blank or 和 may be another body.
ENDING = (
    "公司|集团|研究院|研究所|科学院|设计院|检验院|检测院|学院|大学|中心|协会|学会|总局|管理局|监督局|委员会|工厂|总厂|医院"
    "|总站|联合会|商会|事务所|促进会|银行|部|厅"
)  # fmt: skip
DOUBTFUL = re.compile(rf"(?:{ENDING})[)）]?(?:\s+|\s*(?:以及|和|及|与)\s*)(?=[{CJK}A-Za-z（(])")
NOT_AFTER = re.compile(r"(?:部|厅)\s*(?:和|及|与)")  # 信息部和…: the short endings count before a blank only
COMPANY = re.compile(
    r"(?:\b(?:Ltd|Limited|Inc|Incorporated|LLC|L\.L\.C|LLP|PLC|Corp|Corporation|Company|Co|GmbH|AG|KG|SE|BV|B\.V|NV|N\.V|"
    r"SA|S\.A|S\.A\.S|SpA|S\.p\.A|AB|Oy|A/S|Pty|Pte|KK|K\.K)\.?)$",
    re.IGNORECASE,
)
FORM_FOLLOWS = re.compile(
    r"\s*(?:Ltd|Limited|Inc|Incorporated|LLC|L\.L\.C|LLP|PLC|Corp|S\.A|N\.V|B\.V|GmbH)\b\.?", re.IGNORECASE
)

NOT_CLOSED, TOO_LONG, TWO_BODIES, COMMA, ROLE_INSIDE = "bracket", "long", "bodies", "comma", "role"
# A role that no mark sets apart from the name: 主要起草单位A公司 · A公司负责起草.
ROLE_WITHIN = re.compile(
    r"^(?:本[^、，]{2,8}?)?(?:负责|主要|牵头|参加|参与|共同|协助)?(?:起草|编制|提出|归口)(?:单位|机构|部门)"
    r"|(?:负责|主要|牵头|参加|参与|共同|协助)(?:起草|编制|制定)$"
)


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of the text: what kind it is, and for a stretch that was not read, why."""

    kind: str
    text: str
    role: str = ""
    why: str = ""


@dataclass(frozen=True, slots=True)
class Drafter:
    """One name as printed, with the role printed before (or behind) it; "" where none is."""

    name: str
    role: str = ""


@dataclass(slots=True)
class DraftingUnits:
    pieces: list[Piece] = field(default_factory=list)

    @property
    def drafters(self) -> list[Drafter]:
        return [Drafter(piece.text, piece.role) for piece in self.pieces if piece.kind == NAME]

    @property
    def unread(self) -> list[Piece]:
        return [piece for piece in self.pieces if piece.kind == UNREAD]

    @property
    def is_incomplete(self) -> bool:
        """Whether the list says itself that it names only some (等)."""
        return any(piece.kind == INCOMPLETE for piece in self.pieces)


def read_drafters(text: str) -> DraftingUnits:
    """The names in a list of drafting units, in order; see the module's own words."""
    if len(text) > LONGEST_TEXT:
        return DraftingUnits([Piece(UNREAD, text, why=TOO_LONG)])
    pieces: list[Piece] = []
    for role, start, stop, body_at in _sections(text):
        if body_at > start:
            pieces.append(Piece(ROLE, text[start:body_at]))
        body = text[body_at:stop]
        if names_people(role):
            pieces += _kept(PEOPLE, body)
        else:
            pieces += _section(body, role)
    return DraftingUnits([piece for piece in pieces if piece.text])


def _sections(text: str) -> Iterator[tuple[str, int, int, int]]:
    """Stretches under one label: the role, where the stretch begins and ends, where its names begin."""
    labels = [match for match in LABEL.finditer(text) if _begins_section(text, match.start())]
    first = labels[0].start() if labels else len(text)
    if first > 0:
        yield "", 0, first, 0
    for at, label in enumerate(labels):
        stop = labels[at + 1].start() if at + 1 < len(labels) else len(text)
        yield label[1], label.start(), stop, label.end()


def _begins_section(text: str, at: int) -> bool:
    """A label stands at the beginning or behind a mark, not within a name."""
    before = text[:at].rstrip(" \t\u3000")
    return not before or before[-1] in "。；;，,、\n\r:：" or before != text[:at]


def _kept(kind: str, text: str, **more: str) -> list[Piece]:
    """A stretch without the blanks and stops around it, which are separators."""
    inner = text.strip(" \t\r\n\u3000。；;，,、")
    if not inner:
        return [Piece(SEPARATOR, text)]
    at = text.index(inner)
    return [Piece(SEPARATOR, text[:at]), Piece(kind, inner, **more), Piece(SEPARATOR, text[at + len(inner) :])]


def _section(body: str, role: str) -> list[Piece]:
    """The pieces of the names under one label; sentences (本标准由A起草。) carry their role at their end."""
    if role or not BY.match(body.lstrip()):
        return _list(body, role)
    pieces: list[Piece] = []
    at = 0
    for stop in [*(match.end() for match in STOP.finditer(body)), len(body)]:
        pieces += _sentence(body[at:stop])
        at = stop
    return pieces


def _sentence(text: str) -> list[Piece]:
    by = BY.match(text.lstrip())
    if not by:
        return _list(text, "")
    start = len(text) - len(text.lstrip()) + by.end()
    pieces = [Piece(ROLE, text[:start])]
    waiting: list[Piece] = []
    for piece in _list(text[start:], ""):
        verb = VERB.search(piece.text) if piece.kind == NAME or piece.why == ROLE_INSIDE else None
        if not verb:
            waiting.append(piece)
            continue
        said = verb[0]
        waiting += [*_name(piece.text[: verb.start()], "", ""), Piece(ROLE, said)]
        pieces += [Piece(one.kind, one.text, said if one.kind == NAME else "", one.why) for one in waiting]
        waiting = []
    return [*pieces, *waiting]


def _list(text: str, role: str) -> list[Piece]:
    """Names between separators."""
    pieces: list[Piece] = []
    at = 0
    for start, stop, why in _cuts(text):
        pieces += _name(text[at:start], role, why)
        pieces.append(Piece(SEPARATOR, text[start:stop]))
        at = stop
    return pieces


def _cuts(text: str) -> Iterator[tuple[int, int, str]]:
    """Where names end: the separator's beginning and end, and why the name before it is in doubt ("" where it is not)."""
    depth: list[str] = []
    opened_at = 0
    number = 0
    begin = True  # of a name
    at = start = 0
    doubt = ""
    lists = bool(re.search("[;；、]", text))
    while at < len(text):
        char = text[at]
        if (
            (begin or char.isspace() or char in CIRCLED)
            and not depth
            and (found := _numbering(text, at, number, begin))
        ):
            number, end = found
            yield at, end, doubt
            at, begin, doubt, start = end, True, "", end
            continue
        if char in OPENING:
            depth.append(SAME.get(char, char))
            opened_at = at
        elif char in PAIRS and depth and depth[-1] == SAME.get(PAIRS[char], PAIRS[char]):
            depth.pop()
        elif not depth and (kind := _separates(text, at, lists, start)):
            if kind == "doubt":
                doubt = COMMA
            else:
                yield at, at + 1, doubt
                begin, doubt, start = True, "", at + 1
                at += 1
                continue
        begin = begin and char.isspace()
        at += 1
    yield len(text), len(text), NOT_CLOSED if depth and opened_at >= 0 else doubt


def _numbering(text: str, at: int, last: int, begin: bool) -> tuple[int, int] | None:
    """A list's own number (1. · （2） · ③) that goes on from the last one: that number and where it ends."""
    lead = at
    while lead < len(text) and text[lead].isspace():
        lead += 1
    if lead == at and not begin and text[at] not in CIRCLED:
        return None
    match = NUMBERING.match(text, lead)
    if not match:
        return None
    value = int(match[1] or match[2] or 0) or ord(match[3] or "①") - ord("①") + 1
    return (value, match.end()) if value == last + 1 else None


def _separates(text: str, at: int, lists: bool, start: int) -> str:
    """Whether a character ends a name: "yes", "doubt" (a comma within or between English names), or ""."""
    char = text[at]
    if char in HARD:
        return "yes"
    before, after = _neighbour(text, at, -1), _neighbour(text, at, 1)
    if char == "/":
        return "yes" if not (before.isascii() and after.isascii()) else ""
    if char != ",":
        return ""
    if not (before and after) or not (before.isascii() and after.isascii()):
        return "yes"
    if FORM_FOLLOWS.match(text, at + 1):
        return ""
    if COMPANY.search(text[start:at].rstrip()):
        return "yes"
    return "" if lists else "doubt"


def _neighbour(text: str, at: int, step: int) -> str:
    """The nearest character that is no blank; "" at the text's end."""
    at += step
    while 0 <= at < len(text) and text[at].isspace():
        at += step
    return text[at] if 0 <= at < len(text) else ""


def _name(text: str, role: str, doubt: str) -> list[Piece]:
    """One name with the blanks around it; 等 at its end is a piece of its own."""
    inner = text.strip()
    if not inner:
        return [Piece(SEPARATOR, text)]
    at = text.index(inner)
    end = at + len(inner)
    rest = [Piece(SEPARATOR, text[end:])]
    if not any(char.isalnum() for char in inner):
        return [Piece(SEPARATOR, text)]
    if incomplete := INCOMPLETE_END.search(inner):
        rest.insert(0, Piece(INCOMPLETE, incomplete[0]))
        inner = inner[: incomplete.start()]
    if not inner:
        return [Piece(SEPARATOR, text[:at]), *rest]
    why = doubt or _why_doubtful(inner)
    kind = UNREAD if why else NAME
    return [Piece(SEPARATOR, text[:at]), Piece(kind, inner, "" if why else role, why), *rest]


def _why_doubtful(name: str) -> str:
    if len(name) > LONGEST_NAME:
        return TOO_LONG
    if name.count("(") + name.count("（") != name.count(")") + name.count("）"):
        return NOT_CLOSED
    if ROLE_WITHIN.search(name):
        return ROLE_INSIDE
    outside = re.sub(r"[（(][^（）()]*[)）]", lambda match: "（" + "＿" * (len(match[0]) - 2) + "）", name)
    match = DOUBTFUL.search(outside)
    return TWO_BODIES if match and not NOT_AFTER.match(match[0]) else ""
