"""Numbers of ISO, IEC, ITU and of foreign publishers. Pure.

Year after a colon for ISO, IEC, ITU and EN, after a hyphen for ASTM, IEEE, ANSI. Draft stages are read, not
refused, because ISO's open data lists them: `ISO/IEC 23001-17:2024/CD Amd 2` is an amendment at stage CD and
`IEC/DIS 61400-4` a family of its own; neither is ever the key of what was published.
"""

import re

from . import prefixes
from .standard_number import NotAStandardNumber, StandardNumber

_PUBLISHERS = "|".join((*prefixes.INTERNATIONAL, *prefixes.FOREIGN))
_STAGES = "FDIS|DIS|CDV|CD|AWI|PWI|PRF|NP|WD|FDAM|DAM"
_TYPES = "GUIDE|PAS|STD|TR|TS"
_HEAD = re.compile(
    rf"(?:(?P<early>{_STAGES}) )?"
    rf"(?P<publisher>(?:{_PUBLISHERS})(?:[/ ](?:{_PUBLISHERS})(?![A-Z]))*)"
    rf"(?P<words>(?:[/ ]?(?:{_STAGES}|{_TYPES})(?![A-Z]))*)(?:[/ ]|-(?=[0-9]))?"
    r"(?P<letter>[A-Z]{0,3})[ .]?(?=[0-9])"
)
_NUMBER = re.compile(
    r"(?P<serial>[0-9]{1,6}[A-Z]{0,2}(?:\.[0-9]{1,4})*)"
    r"(?P<part>(?:-(?:[A-Z]{1,2}[0-9]{0,4}|[0-9]{1,5}[A-Z]?[0-9]?)(?:\.[0-9]{1,3})?(?![0-9A-Z]))*)"
    r"(?: ?:(?P<year>(?:19|20)[0-9]{2})(?:-[0-9]{2})?(?![0-9])"
    r"| ?\((?:[0-9]{1,2}/)?(?P<bracketed>(?:19|20)[0-9]{2})\))?"
)
_TRAILING_YEAR = re.compile(r"-((?:19|20)[0-9]{2}|[0-9]{2})([A-Z]?[0-9]?)$")
_SUPPLEMENT = re.compile(
    rf"/(?P<stage>(?:(?:{_STAGES}) )?)"
    r"(?P<word>AMENDMENT|AMD|CORRIGENDUM|COR|ADD|EXT|FDAM|DAMD|DAM|DCOR|SUPPL)"
    r" ?\.?(?P<serial>[0-9]{1,2})(?:[:-](?P<year>(?:19|20)[0-9]{2}))?(?![0-9])"
)
_CONSOLIDATED = re.compile(r"\+A(?:MD)? ?([0-9]{1,2})(?::((?:19|20)[0-9]{2}))?(?![0-9])")
_IGNORED = re.compile(r" ?\((?:E|F|EN|EN/FR|R?(?:19|20)[0-9]{2})\)| CSV$|[ .,;]+$")
_DIRECTIVES = re.compile(r"(?:ISO|IEC|/)+ DIR\b")
_START = re.compile(rf"(?:(?:{_STAGES}) )?(?:(?:ISO|IEC)(?:{_TYPES})?|{_PUBLISHERS})(?![A-Z])|ASTM[A-G][0-9]")

_WORDS = {"AMENDMENT": "Amd", "AMD": "Amd", "CORRIGENDUM": "Cor", "COR": "Cor", "ADD": "Add", "EXT": "Ext"}
_WORDS |= {"FDAM": "FDAM", "DAMD": "DAM", "DAM": "DAM", "DCOR": "DCor", "SUPPL": "Suppl"}


def is_foreign(text: str) -> bool:
    """Whether a folded text begins like a foreign number."""
    return bool(_START.match(text))


def parse_foreign(text: str) -> tuple[StandardNumber, str]:
    """The number a folded text begins with, and what follows it. Raises `NotAStandardNumber`."""
    if _DIRECTIVES.match(text):
        raise NotAStandardNumber("directive", "这是 ISO/IEC 导则（工作规则），不是标准")
    head = _HEAD.match(text)
    number = head and _NUMBER.match(text, head.end())
    if not head or not number:
        raise NotAStandardNumber("malformed", f"“{text}”缺少顺序号，国外标准编号应写成 ISO 9001:2015 的形式")
    publisher = _publisher(head["publisher"])
    colon = any(name in prefixes.COLON_YEARS for name in re.split("[/ ]", publisher))
    part, printed, revision = _split_year(number, colon)
    year = _full_year(printed)
    international = publisher.startswith(prefixes.INTERNATIONAL)
    stage, mark = _stage_and_mark(head["early"] or "", head["words"])
    serial = _serial(head["letter"], number["serial"], publisher, stage)
    rest = text[number.end() :]
    while added := _CONSOLIDATED.match(rest):
        revision += f"+A{added[1]}" + (f":{added[2]}" if added[2] else "")
        rest = rest[added.end() :]
    supplements, stage, rest = _read_supplements(rest, stage)
    while ignored := _IGNORED.match(rest):
        rest = rest[ignored.end() :]
    found = StandardNumber(
        prefix=publisher,
        level="international" if international else "other",
        nature="voluntary",
        head=_head_text(publisher, mark),
        mark=mark,
        serial=serial,
        part=part,
        year=year,
        year_printed=printed,
        amendment="/".join(supplements),
        revision=revision,
        stage=stage,
        colon=colon,
        part_mark="-",
    )
    return found, rest


def _publisher(printed: str) -> str:
    """`ISO IEC` is ISO/IEC; a body that adopts puts its name before with a blank: `BS EN ISO`."""
    names = re.split("[/ ]", printed)
    return (" " if names[0] in prefixes.ADOPTERS else "/").join(names)


def _split_year(number: "re.Match[str]", colon: bool) -> tuple[str, str, str]:
    """Part path, printed year, edition letter. A last group 19xx or 20xx without a colon is the year."""
    part = number["part"]
    if year := number["year"] or number["bracketed"]:
        return part[1:], year, ""
    last = _TRAILING_YEAR.search(part)
    if not last or (colon and (len(last[1]) == 2 or last[2])):
        return part[1:], "", ""
    return part[1 : last.start()], last[1], last[2]


def _full_year(printed: str) -> int | None:
    """ASTM prints two digits: `-72` is 1972, `-12` is 2012."""
    if len(printed) == 2:
        printed = ("20" if printed < "50" else "19") + printed
    return int(printed) if printed else None


def _serial(letter: str, digits: str, publisher: str, stage: str) -> str:
    """A dotted ISO number is a misprint, unless it counts the rounds of a draft (`IEC/CD 63465.2`)."""
    numeric = publisher.split("/")[0] in {"ISO", "IEC"}
    if numeric and letter:
        suggestion = "" if "." in digits else f"{publisher} {digits}"
        raise NotAStandardNumber("malformed", f"{publisher} 标准的顺序号是数字，不以字母“{letter}”开头", suggestion)
    if numeric and "." in digits and not stage:
        suggestion = f"{publisher} {digits.replace('.', '-')}"
        raise NotAStandardNumber("part_separator", f"{publisher} 标准的部分号用连字符，不用点", suggestion)
    return f"{letter}.{digits}" if publisher.startswith("ITU") else letter + digits


def _stage_and_mark(early: str, words: str) -> tuple[str, str]:
    found = [word for word in [early, *re.split("[/ ]", words)] if word and word != "STD"]
    stage = next((word for word in found if word in _STAGES.split("|")), "")
    return stage, " ".join(word if word != "GUIDE" else "Guide" for word in found)


def _head_text(publisher: str, mark: str) -> str:
    """`ISO/TS`, but `IEC TS` and `ISO/IEC TS`; a Guide after a blank."""
    if not mark:
        return publisher
    return f"{publisher}{'/' if publisher == 'ISO' and mark != 'Guide' else ' '}{mark}"


def _read_supplements(rest: str, stage: str) -> tuple[list[str], str, str]:
    supplements = []
    while match := _SUPPLEMENT.match(rest):
        word = _WORDS[match["word"]]
        stage = match["stage"].strip() or (word if word in {"DAM", "FDAM"} else stage)
        year = f":{match['year']}" if match["year"] else ""
        supplements.append(f"{match['stage']}{word} {int(match['serial'])}{year}")
        rest = rest[match.end() :]
    return supplements, stage, rest
