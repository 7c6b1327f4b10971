"""The number of one edition of a standard, its written forms and the keys by which it is known. Pure."""

import re
from dataclasses import dataclass, field, replace
from functools import cached_property

from .prefixes import RANKS

_DIGITS_OR_LETTERS = re.compile(r"[0-9]+|[A-Z]+")
_SERIAL = re.compile(r"([A-Z:]*)([0-9]*)([A-Z]*)")
_NOT_FOLDED = re.compile(r"[^0-9a-z\u3400-\u9fff]")


class NotAStandardNumber(ValueError):
    """A text that is no standard number. `reason` is Chinese for a person, `code` is stable for programs.

    `suggestion` is what the writer may have meant, or "". It is never applied by itself.
    """

    def __init__(self, code: str, reason: str, suggestion: str = "") -> None:
        super().__init__(reason)
        self.code = code
        self.reason = reason
        self.suggestion = suggestion

    def __reduce__(self) -> tuple[type, tuple[str, str, str]]:
        return type(self), (self.code, self.reason, self.suggestion)


@dataclass(frozen=True, eq=False)
class StandardNumber:
    """One edition, or a family when `year` is None. Equal when the `key` is equal.

    `head` is everything before the serial in canonical form (`GB/T`, `DB3206/T`, `T/CECS`, `ISO/IEC TS`),
    `prefix` its first element without mark, division or body (`GB`, `DB`, `T`, `ISO/IEC`). `serial` and
    `part` keep their zeros and letters as printed: YY/T 0287 is not YY/T 287. `dual`, `note`, `locator`
    and `year_printed` are no part of the identity.
    """

    prefix: str
    level: str
    nature: str
    head: str
    serial: str
    part: str = ""
    year: int | None = None
    year_printed: str = ""
    mark: str = ""
    region: str = ""
    body: str = ""
    amendment: str = ""
    revision: str = ""
    language: str = ""
    stage: str = ""
    note: str = ""
    locator: str = ""
    dual: "StandardNumber | None" = field(default=None, repr=False)
    colon: bool = False
    part_mark: str = "."

    def __str__(self) -> str:
        return self._text

    @cached_property
    def _text(self) -> str:
        edition = f"({self.revision})" if self.revision.endswith("版") else self.revision
        amendment = f"/{self.amendment}" if self.amendment else ""
        return f"{self.family}{self._dated}{edition}{amendment}{self.language}"

    def __eq__(self, other: object) -> bool:
        return self.key == other.key if isinstance(other, StandardNumber) else NotImplemented

    def __hash__(self) -> int:
        return hash(self.key)

    @property
    def _dated(self) -> str:
        return "" if self.year is None else f"{':' if self.colon else '-'}{self.year}"

    @property
    def _number(self) -> str:
        return self.serial + self._tail

    @property
    def _tail(self) -> str:
        return f"{self.part_mark}{self.part}" if self.part else ""

    @cached_property
    def family(self) -> str:
        """The undated canonical form, as a reference without a date is written."""
        gap = "" if self.prefix == "DBS" else " "
        return f"{self.head}{gap}{self.serial}{self._tail}"

    @property
    def kind(self) -> str:
        """standard, amendment, corrigendum or translation: only the first is counted as a standard."""
        if self.language:
            return "translation"
        if not self.amendment:
            return "standard"
        last = self.amendment.rpartition("/")[2]
        return "corrigendum" if "Cor" in last or last.startswith("勘误") else "amendment"

    @property
    def base(self) -> "StandardNumber | None":
        """The edition that this one translates, amends or corrects; None for a standard."""
        if self.language:
            return replace(self, language="", dual=None)
        if self.amendment:
            shorter, _, _ = self.amendment.rpartition("/")
            return replace(self, amendment=shorter, stage="", dual=None)
        return None

    @property
    def edition(self) -> str:
        """`2018年版` for a partial revision, the suffix for a foreign-language edition, or ""."""
        return self.revision + self.language

    @cached_property
    def key(self) -> str:
        """One per edition, whatever the spelling: the canonical form in lower case."""
        return str(self).lower()

    @property
    def family_key(self) -> str:
        """Shared by all editions, amendments and translations of one number; has prefix and nature."""
        return self.family.lower()

    @property
    def base_key(self) -> str:
        """The family without its nature: shared by GB 14833 and GB/T 14833, ISO 1 and ISO/TS 1."""
        return f"{self._unmarked} {self._number}".lower()

    @property
    def _unmarked(self) -> str:
        head = self.head.rstrip("/ ")
        if self.mark and head.endswith(self.mark):
            head = head[: -len(self.mark)].rstrip("/ ")
        return head

    @property
    def slug(self) -> str:
        """The key for a URL path: dots stay, blanks, slashes and colons become hyphens. Injective."""
        return f"{self.family_slug}{self._slug_tail}"

    @property
    def _slug_tail(self) -> str:
        return str(self).removeprefix(self.family).lower().replace("年版)", "ed").translate(_SLUG)

    @property
    def family_slug(self) -> str:
        head = self.head.lower().rstrip("/ ").replace("(", "-").replace(")", "")
        number = self._number.lower().replace("/", "_").replace(":", "_")
        return f"{head.replace('/', '-').replace(' ', '-')}-{number}"

    @cached_property
    def serial_fold(self) -> str:
        """The number without its prefix for the search index: `24421x2y2023`."""
        year = "" if self.year is None else f"y{self.year}"
        edition = self.revision.lower().replace("年版", "")
        extra = f"{'e' if edition else ''}{edition}{self.amendment.lower().replace('-', 'y').replace(':', 'y')}"
        number = self._number.lower().translate(_FOLD)
        return _NOT_FOLDED.sub("", f"{number}{year}{extra}{self.language.lower()}")

    @property
    def number_fold(self) -> str:
        """The whole number for the search index: `gbt24421x2y2023`."""
        return _NOT_FOLDED.sub("", self.head.lower()) + self.serial_fold

    @property
    def sort_key(self) -> str:
        """Digits and lower-case letters of fixed width, so that Python and every collation agree.

        Level, prefix, division and body, serial, part, nature, then the newest edition first (rules C1).
        """
        head, digits, suffix = _split_serial(self.serial)
        groups = _DIGITS_OR_LETTERS.findall(self.serial[len(head + digits + suffix) :] + "." + self.part)
        year = "0000" if self.year is None else f"{9999 - self.year:04d}"
        extra = _fixed(f"{self.amendment}{self.revision}{self.language}{self.stage}", 24)
        return "".join(
            [
                f"{RANKS[self.level]:02d}",
                _fixed(self.prefix, 8),
                self.region or "000000",
                _fixed(self.body, 16),
                _fixed(head, 3),
                digits.zfill(12)[:12],
                _fixed(suffix, 2),
                "".join(_fixed_group(group) for group in groups[:6]).ljust(36, "0"),
                _fixed(self.mark, 3),
                year,
                extra,
            ]
        )


_FOLD = str.maketrans({".": "x", "-": "x", "/": "x"})
_SLUG = str.maketrans({" ": "-", "/": "-", ":": "-", "(": "-", "+": "_"})


def _split_serial(serial: str) -> tuple[str, str, str]:
    match = _SERIAL.match(serial)
    assert match
    head, digits, suffix = match.groups()
    return head, digits, suffix


def _fixed(text: str, width: int) -> str:
    """Lower-case letters and digits, other characters by code point, cut and filled to a width."""
    plain = text.lower()
    if not (plain.isascii() and plain.isalnum()):
        plain = "".join(c if c.isascii() else f"{ord(c):05x}" for c in plain if c.isalnum())
    return plain[:width].ljust(width, "0")


def _fixed_group(group: str) -> str:
    return group.zfill(6)[-6:] if group.isdigit() else _fixed(group, 6)
