"""The number of a committee, in any spelling people use: `SAC/TC 264/SC 1`, `TC76`, `ISO/IEC JTC 1`, `GD/TC22`. Pure.

A number is a body and a path of groups, each a kind and a serial: the first stands in the body, each further one in the
one before. What level a body is of is only suggested here: a committee's own record says it.
"""

import re
from dataclasses import dataclass
from functools import cached_property

# What is read as a group. Longer words come first: `JTC` ends in `TC`.
GROUPS = ("JSyC", "JTC", "JWG", "SWG", "SyC", "AHG", "CAG", "TC", "SC", "WG", "TF", "PC", "WS", "AG", "SG")
# Those that carry a word in place of a serial: ISO/WS ESG, IEC/ISO JSyC BDC.
WORDED = frozenset({"JSyC", "SyC", "WS"})
# Joint bodies stand before their first group with a blank: ISO/IEC JTC 1, but ISO/TC 34.
JOINT = frozenset({"JTC", "JSyC"})
# Groups that stand in another one and mean nothing alone.
INSIDE = frozenset({"SC", "JWG", "AHG", "CAG", "AG", "SG"})
INTERNATIONAL = frozenset({"ISO", "IEC", "ITU", "OIML", "CODEX"})
NATIONAL = "SAC"
# The letters of GB/T 2260 for the provinces, as provincial committees bear them (GD/TC22 is known, the rest follows).
PROVINCES = {
    "BJ": "110000", "TJ": "120000", "HE": "130000", "SX": "140000", "NM": "150000", "LN": "210000", "JL": "220000",
    "HL": "230000", "SH": "310000", "JS": "320000", "ZJ": "330000", "AH": "340000", "FJ": "350000", "JX": "360000",
    "SD": "370000", "HA": "410000", "HB": "420000", "HN": "430000", "GD": "440000", "GX": "450000", "HI": "460000",
    "CQ": "500000", "SC": "510000", "GZ": "520000", "YN": "530000", "XZ": "540000", "SN": "610000", "GS": "620000",
    "QH": "630000", "NX": "640000", "XJ": "650000",
}  # fmt: skip

_WIDTHS = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}
_MARKS = {**dict.fromkeys(map(ord, "－–—―‐‑−"), "-"), **dict.fromkeys(map(ord, "∕╱⁄"), "/"), 0x3000: " ", 0xA0: " "}
_INVISIBLE = dict.fromkeys(map(ord, "\u200b\u200c\u200d\ufeff\u00ad"))
_FOLD: dict[int, int | str | None] = {**_WIDTHS, **_MARKS, **_INVISIBLE}
_HAN = re.compile(r"[\u3400-\u9fff、，。·《》“”]+")
_BRACKETED = re.compile(r"[(\[【〔]([^()\[\]【】〔〕]*)[)\]】〕]")
_GROUP = re.compile(rf"[/ -]*({'|'.join(GROUPS)})[ .:/_-]*", re.IGNORECASE)
_SERIAL = re.compile(r"([0-9]{1,5})(?![0-9])")
_WORD = re.compile(r"([A-Z][A-Z0-9]{0,14})(?![A-Z0-9])", re.IGNORECASE)
_BODY = re.compile(r"[A-Z]{2,8}(?:/[A-Z]{2,8})*")
_ORDER = {
    kind: at
    for at, kind in enumerate(
        ("TC", "JTC", "PC", "SC", "SWG", "WG", "JWG", "TF", "AG", "CAG", "AHG", "SG", "SyC", "JSyC", "WS")
    )
}
_NAMES = {name.upper(): name for name in GROUPS}


class NotACommitteeNumber(ValueError):
    """A text that is no committee's number. `reason` is Chinese for a person, `code` is stable for programs."""

    def __init__(self, code: str, reason: str) -> None:
        super().__init__(reason)
        self.code = code
        self.reason = reason

    def __reduce__(self) -> tuple[type, tuple[str, str]]:
        return type(self), (self.code, self.reason)


@dataclass(frozen=True, eq=False)
class CommitteeNumber:
    """A body (`SAC`, `ISO/IEC`, `GD`) and the path of groups in it: (("TC", "264"), ("SC", "1"))."""

    body: str
    path: tuple[tuple[str, str], ...]

    def __str__(self) -> str:
        return self._text

    @cached_property
    def _text(self) -> str:
        gap = " " if self.path[0][0] in JOINT else "/"
        return f"{self.body}{gap}{'/'.join(f'{kind} {serial}' for kind, serial in self.path)}"

    def __eq__(self, other: object) -> bool:
        return self.key == other.key if isinstance(other, CommitteeNumber) else NotImplemented

    def __hash__(self) -> int:
        return hash(self.key)

    @cached_property
    def key(self) -> str:
        """One per committee, whatever the spelling: joint bodies in the order of their letters, all in small ones."""
        groups = "/".join(f"{kind} {serial}" for kind, serial in self.path)
        return f"{'+'.join(sorted(self.body.split('/')))}/{groups}".lower()

    @property
    def slug(self) -> str:
        """The key for a URL path: `sac-tc-264-sc-1`. Injective, as neither bodies nor serials hold hyphens."""
        return re.sub(r"[ /+]", "-", self.key)

    @property
    def fold(self) -> str:
        """The number without what people vary, to be searched by: `sactc264sc1`."""
        return re.sub(r"[^a-z0-9]", "", str(self).lower())

    @property
    def sort_key(self) -> str:
        """National committees first, then those of divisions, then international ones; serials by value."""
        rank = 3 if self.level == "international" else 1 if self.body == NATIONAL else 2
        groups = "".join(f"{_ORDER[kind]:02d}{serial.lower():0>15}" for kind, serial in self.path)
        body = self.body.replace("/", "").lower()
        return f"{rank}{body:<17}{groups}"[:120].replace(" ", "0")

    @property
    def parent(self) -> "CommitteeNumber | None":
        """The number of the committee it stands in; None at the top."""
        return CommitteeNumber(self.body, self.path[:-1]) if len(self.path) > 1 else None

    @property
    def group(self) -> str:
        """The kind of its last group: TC, SC, WG …"""
        return self.path[-1][0]

    @property
    def level(self) -> str:
        """The level that the body suggests: international, national, provincial, or "" where it does not say."""
        if set(self.body.split("/")) & INTERNATIONAL:
            return "international"
        if self.body == NATIONAL:
            return "national"
        return "provincial" if self.body in PROVINCES else ""

    @property
    def region(self) -> str:
        """The division code of a provincial body, or ""."""
        return PROVINCES.get(self.body, "")


def parse_committee(text: str, *, body: str = NATIONAL) -> CommitteeNumber:
    """Read one committee's number; `body` is that of a number which names none (`TC76`).

    Names around it, brackets and any width are no hindrance: `全国饲料工业标准化技术委员会（SAC/TC 76）`.
    Raises `NotACommitteeNumber`.
    """
    plain = " ".join(text.translate(_FOLD).split())
    if not plain:
        raise NotACommitteeNumber("empty", "没有编号")
    found = [number for part in _parts(plain) if (number := _read(part, body)) is not None]
    if not found:
        raise _refusal(plain)
    if any(other != found[0] for other in found[1:]):
        raise NotACommitteeNumber("several", f"有多个编号：{'、'.join(map(str, found))}")
    return found[0]


def committee_named(text: str, *, body: str = NATIONAL) -> CommitteeNumber | None:
    """The number that a text bears, or None."""
    try:
        return parse_committee(text, body=body)
    except NotACommitteeNumber:
        return None


def _parts(text: str) -> list[str]:
    """What may be a number: the content of brackets, and what stands between Chinese words outside them."""
    inside = _BRACKETED.findall(text)
    outside = _HAN.split(_BRACKETED.sub(" ", text))
    return [part.strip(" /-,;:.") for part in [*inside, *outside] if part.strip(" /-,;:.")]


def _read(text: str, body: str) -> CommitteeNumber | None:
    """A number that a part consists of; None where it is something else."""
    head, rest = _split_body(text)
    path = _groups(rest)
    if not path or (not head and path[0][0] in INSIDE):
        return None
    if not head and path[0][0] in JOINT:
        head = "ISO/IEC"
    return CommitteeNumber(head or body, path)


def _split_body(text: str) -> tuple[str, str]:
    """`SAC/TC 264` → `SAC` and `TC 264`; a number that begins with a group has no body."""
    if _at_group(text):
        return "", text
    match = _BODY.match(text.upper())
    # `SACTC76`: the body may run into the first group.
    for end in range(match.end() if match else 0, 1, -1):
        if _at_group(text[end:]) and _BODY.fullmatch(text[:end].upper()):
            return text[:end].upper(), text[end:]
    return "", ""


def _at_group(text: str) -> bool:
    return bool(_groups(text))


def _groups(text: str) -> tuple[tuple[str, str], ...]:
    """The whole text as a path of groups; nothing where any of it is left over."""
    path: list[tuple[str, str]] = []
    at = 0
    while at < len(text):
        match = _GROUP.match(text, at)
        if match is None:
            return ()
        kind = _NAMES[match[1].upper()]
        serial = (_WORD if kind in WORDED else _SERIAL).match(text, match.end())
        if serial is None:
            return ()
        path.append((kind, _serial(serial[1])))
        at = serial.end()
    return tuple(path)


def _serial(text: str) -> str:
    return str(int(text)) if text.isdigit() else text.upper()


def _refusal(text: str) -> NotACommitteeNumber:
    shown = text if len(text) <= 40 else text[:39] + "…"
    if re.fullmatch(rf"(?:{'|'.join(INSIDE)})[ .]*[0-9]+", text, re.IGNORECASE):
        return NotACommitteeNumber("no_committee", f"“{shown}”没有写明属于哪个技术委员会")
    if re.search(rf"(?:^|[/ ])(?:{'|'.join(GROUPS)})[/ ]*$", text, re.IGNORECASE):
        return NotACommitteeNumber("no_serial", f"“{shown}”缺少序号")
    return NotACommitteeNumber("not_a_number", f"“{shown}”不是技术委员会编号")
