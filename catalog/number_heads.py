"""What stands before the serial: prefix, mark, division or body. One recogniser per kind. Pure."""

import re
from collections.abc import Callable, Collection, Mapping
from typing import NamedTuple

from . import prefixes
from .standard_number import NotAStandardNumber

Known = Mapping[str, str] | Collection[str] | None


class Head(NamedTuple):
    """The head in canonical form, what it says, the rest of the text, and how the serial may look."""

    prefix: str
    text: str
    level: str
    nature: str
    rest: str
    mark: str = ""
    region: str = ""
    body: str = ""
    letters: bool = False
    hyphens: tuple[int, int] = (0, 0)


_GROUP_SPACED = re.compile(r"T[/_-](?=[0-9]*[A-Z])([A-Z0-9]{2,16}(?:-[A-Z]{1,4})?)[ _](?=(?:[A-Z]:)?[A-Z]{0,2}[0-9])")
_GROUP_GLUED = re.compile(
    r"T[/_-]([A-Z0-9]{1,15}[A-Z](?:-[A-Z]{1,4})?)(?:-(?=[0-9]+-[0-9])|_| (?=G:))?"
    r"(?=(?:G:[A-Z]{0,2})?[0-9]{1,12}[A-Z]?(?![0-9A-Z]))"
)
_ENTERPRISE = re.compile(
    r"Q[/_-](?:([0-9A-Z\u3400-\u9fff& -]{0,40}[A-Z\u3400-\u9fff])(?: |-(?=[0-9]+-[0-9]))?|([0-9]{2,9})[ -])"
    r"([0-9]{1,12}(?: [0-9]{1,6}){0,4})(?![0-9])(?=[A-Z]?(?:[.(:/~-]|$| ))"
)
_DIVISION = re.compile(r"([0-9]{6})(?=[A-Z])")
_LOCAL = re.compile(r"DB ?([0-9]{2,8})(\(J\))?(?:[/_ -]?([TZ])(?![A-Z])|[/ ])[ _-]*(?=[0-9OIL])")
_LOCAL_GLUED = re.compile(r"DB([0-9]+)")
_LOCAL_FOOD = re.compile(r"DBS ?([0-9]{2})[/ _-](?=[0-9])")
_LOCAL_BUILDING = re.compile(r"(DBJ|DGJ) ?([0-9]{2})[/_](TJ|T|J)?[ -]?(?=[0-9])")
_LOCAL_BUILDING_CODED = re.compile(r"(DBJ|DGJ|DG)(?:[/_-]?(TJ|T|J))?[ -]?(?=([0-9]{2})-[0-9])")
_METROLOGY = re.compile(r"JJ([FG])[ _-]?(?:[(\[]([^()\[\]]{1,12})[)\]])?[ _-]?(?=[0-9])")
_LETTERED = re.compile(r"(?:(JTG)(?:[/_ -]?(T))?|(TSG|ZBN|ZB))[ _/-]*(?=[A-Z]{0,3} ?[0-9])")
_CONSTRUCTION = re.compile(r"建标[ -]?(?=[0-9])")
_ORDINARY = re.compile(r"([A-Z]{1,9})\*?(?:[/_-](SH)(?![0-9A-Z]))?(?:[/_ -]([TZ])(?![A-Z]))?[ /_-]*(?=[0-9OIL])")

_OLD_CHEMICAL = re.compile(r"[0-9]-[0-9]{3,5}(?:-|$)")

OWN_SHAPES = frozenset({"T", "Q", "DBS", "DBJ", "DGJ", "DG", "JJG", "JJF"})
"""Prefixes with a recogniser of their own, never followed by a serial in the ordinary way."""


def read_head(text: str, known: Known = None) -> Head | None:
    """The head a folded text begins with. Raises `NotAStandardNumber` where a head is wrong by rule."""
    for reader in _READERS.get(text[:1], ()):
        if head := reader(text):
            return head
    return _read_ordinary(text, known)


def _read_group(text: str) -> Head | None:
    match = _GROUP_SPACED.match(text) or _GROUP_GLUED.match(text)
    if not match:
        return None
    body, rest = match[1], text[match.end() :]
    return Head("T", f"T/{body}", "group", "voluntary", rest, body=body, letters=True, hyphens=(0, 3))


def _read_enterprise(text: str) -> Head | None:
    """A body may hold a division code, letters and blanks: `Q/320684 ABC 001`, `Q/CSG 2 16 004`."""
    match = _ENTERPRISE.match(text)
    if not match:
        return None
    body = _DIVISION.sub(r"\1 ", (match[1] or match[2]).replace(" ", ""), count=1)
    region = body[:6] if body[:6].isdigit() and body[:2] in prefixes.PROVINCES and len(body) > 5 else ""
    rest = match[3].replace(" ", "") + text[match.end() :]
    return Head("Q", f"Q/{body}", "enterprise", "voluntary", rest, region=region, body=body, hyphens=(0, 2))


def _read_local(text: str) -> Head | None:
    """`DB` with a division code. Two digits are a province, four a city; `00` is the province again."""
    match = _LOCAL.match(text)
    if not match:
        if glued := _LOCAL_GLUED.match(text):
            _check_division(glued[1])
            raise NotAStandardNumber("malformed", f"“{text}”缺少顺序号，应写成 DB{glued[1]}/T 1234-2020 的形式")
        return None
    code = _check_division(match[1])
    mark = match[3] or ""
    level = "provincial" if len(code) == 2 else "municipal"
    head = f"DB{code}{match[2] or ''}/{mark}"
    region, nature = code.ljust(6, "0"), prefixes.nature_of("DB", mark)
    return Head("DB", head, level, nature, text[match.end() :], mark, region, hyphens=(0, 1))


def _check_division(code: str) -> str:
    if len(code) == 6:
        raise NotAStandardNumber(
            "county_code",
            f"地方标准代号只有两位（省）或四位（设区的市）数字，DB{code} 是六位的县级代码，县级不能发布地方标准",
        )
    if len(code) not in (2, 4) or code[:2] not in prefixes.PROVINCES:
        raise NotAStandardNumber("unknown_region", f"DB{code} 不是省（两位）或设区的市（四位）的行政区划代码")
    if code[2:] == "00":
        return code[:2]
    if len(code) == 4 and code[:2] in prefixes.MUNICIPALITIES:
        raise NotAStandardNumber("county_code", f"DB{code} 是直辖市的区县，只有省和设区的市可以发布地方标准")
    return code


def _read_food(text: str) -> Head | None:
    match = _LOCAL_FOOD.match(text)
    if not match:
        return None
    region = _check_division(match[1]) + "0000"
    return Head("DBS", f"DBS {match[1]}/", "provincial", "mandatory", text[match.end() :].lstrip(), region=region)


def _read_building(text: str) -> Head | None:
    """Local engineering: `DGJ32/TJ 173` has the division first, `DBJ/T 15-38` an old code in the serial."""
    if match := _LOCAL_BUILDING.match(text):
        prefix, code, mark, rest = match[1], match[2], match[3] or "", text[match.end() :]
        region = _check_division(code) + "0000"
        head = f"{prefix}{code}/{mark}"
        return Head(prefix, head, "provincial", prefixes.nature_of(prefix, mark), rest, mark, region, hyphens=(0, 1))
    if match := _LOCAL_BUILDING_CODED.match(text):
        mark, rest = match[2] or "", text[match.end() :]
        head = f"{match[1]}/{mark}" if mark else match[1]
        prefix = "DG/TJ" if head == "DG/TJ" else match[1]
        region = prefixes.region_of_engineering_code(match[3])
        return Head(prefix, head, "provincial", prefixes.nature_of(prefix, mark), rest, mark, region, hyphens=(1, 1))
    return None


def _read_metrology(text: str) -> Head | None:
    """Provinces write their short name in brackets, departments theirs: JJG(苏), JJF(电子)."""
    match = _METROLOGY.match(text)
    if not match:
        return None
    prefix, body = f"JJ{match[1]}", (match[2] or "").strip()
    head = f"{prefix}({body})" if body else prefix
    region = prefixes.region_of_short_name(body)
    return Head(prefix, head, "metrology", "mandatory", text[match.end() :], region=region, body=body)


def _read_lettered(text: str) -> Head | None:
    match = _LETTERED.match(text)
    if not match:
        return None
    prefix, mark = prefixes.PRINTED[match[1] or match[3]], match[2] or ""
    rest = text[match.end() :]
    if prefix.startswith("ZB"):
        rest = rest.replace(" ", "")
    level, nature = prefixes.LEVELS[prefix], prefixes.nature_of(prefix, mark)
    hyphens = (0, 2) if prefix == "JTG" else (0, 0)
    head = f"{prefix}/{mark}" if mark else prefix
    return Head(prefix, head, level, nature, rest, mark, letters=True, hyphens=hyphens)


def _read_construction(text: str) -> Head | None:
    """`建标 177-2016` is a construction-project standard; `建标〔2012〕177号` is a document."""
    match = _CONSTRUCTION.match(text)
    return Head("建标", "建标", "other", "mandatory", text[match.end() :]) if match else None


def _read_ordinary(text: str, known: Known) -> Head | None:
    """`GB/T`, `GB-T`, `GB_T`, `GB T`, `GBT`; but `GBZ` is itself a prefix (国家职业卫生标准), not `GB/Z`."""
    match = _ORDINARY.match(text)
    if not match or match[1] in OWN_SHAPES:
        return None
    prefix, mark = _split_mark(f"{match[1]}/{match[2]}" if match[2] else match[1], match[3] or "", known)
    if prefix in prefixes.LETTER_SERIALS:
        return None
    level = prefixes.level_of(prefix, known)
    if not level:
        raise NotAStandardNumber("unknown_prefix", f"“{match[1]}”不是已知的标准代号")
    rest = text[match.end() :]
    if prefix == "DB" and rest.startswith("29-"):
        return _read_tianjin(mark, rest)
    hyphenated = prefix in prefixes.HYPHEN_SERIALS or (prefix == "HG" and _OLD_CHEMICAL.match(rest))
    hyphens = (0, 2) if hyphenated else (0, 0)
    head = f"{prefix}/{mark}" if mark else prefix
    return Head(prefix, head, level, prefixes.nature_of(prefix, mark), rest, mark, hyphens=hyphens)


def _read_tianjin(mark: str, rest: str) -> Head:
    """`DB/T 29-202-2010` is local engineering of 天津; any other `DB/T` is seismology."""
    head = f"DB/{mark}" if mark else "DB"
    nature, region = prefixes.nature_of("DB", mark), prefixes.region_of_engineering_code("29")
    return Head("DB", head, "provincial", nature, rest, mark, region, hyphens=(1, 1))


def _split_mark(letters: str, mark: str, known: Known) -> tuple[str, str]:
    printed = prefixes.PRINTED.get(letters, letters)
    if prefixes.level_of(printed, known):
        return printed, mark
    if not mark and letters[-1] in "TZ":
        shorter = letters[:-1]
        shorter = {"NBSH": "NB/SH"}.get(shorter, prefixes.PRINTED.get(shorter, shorter))
        if prefixes.level_of(shorter, known):
            return shorter, letters[-1]
    return printed, mark


_READERS: Mapping[str, tuple[Callable[[str], Head | None], ...]] = {
    "T": (_read_group, _read_lettered),
    "Q": (_read_enterprise,),
    "D": (_read_food, _read_building, _read_local),
    "J": (_read_metrology, _read_lettered),
    "Z": (_read_lettered,),
    "建": (_read_construction,),
}
