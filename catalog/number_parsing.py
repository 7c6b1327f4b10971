"""Reading one number: the Chinese grammar of rules C1, `[prefix][division][/T|/Z] serial[.part]-year[/XGn]`.

Every pattern is anchored and bounded and the input ends at 100 characters, so that a hostile text costs no
more than another. Misread letters and digits are only ever suggestions.
"""

import re
from dataclasses import replace

from . import prefixes
from .number_foreign import is_foreign, parse_foreign
from .number_heads import OWN_SHAPES, Head, Known, read_head
from .number_tail import read_tail, read_year
from .number_text import fold_width, foreign_letter
from .standard_number import NotAStandardNumber, StandardNumber

MAX_LENGTH = 100

_PLAIN = re.compile(r"([A-Z]{2,4})(?:/([TZ]))? ([0-9]{1,6}[A-Z]?)((?:\.[0-9]{1,5})*)-((?:19[5-9]|20[0-9])[0-9])")
_SEPARATED = re.compile(r" ?([-./:~()\[\]]) ?")
_DASHES = re.compile(r"-{2,}")
_DASH_WORD = re.compile(r"(?<=[0-9])一(?=[0-9])")
_LEADING = re.compile(r"(?:(?:部分)?(?:代替|替代)|被|依据|参见|见|标准号|标准编号|编号)[: ]*")
_OPENING = " 《“”\"'「『(,、;:。"
_CLOSING = " 》“”\"'」』,、;:。."
_DOCUMENT = re.compile(
    r".{0,40}?(?:[(\[][12][0-9]{3}[)\]] ?(?:第 ?)?[0-9]{1,5} ?号|令? ?(?:第 ?)[0-9]{1,5} ?号(?!修改单|勘误))"
)
_PLAN = re.compile(r"[0-9]{8}-(?:[TQZ]|Q)-[0-9]{3}$")
_ISBN = re.compile(r"(?:ISBN ?)?97[89][- ]?[0-9][0-9 -]{8,14}$")
_FILING = re.compile(r"(?:J ?)?[0-9]{4,6}-(?:19|20)[0-9]{2}$")
_COMMITTEE = re.compile(r"(?:SAC/)?TC ?[0-9]{1,4}(?:/SC ?[0-9]{1,3})?$")
_NUMBER = re.compile(
    r"(?P<serial>(?:[A-Z]:)?(?P<letters>[A-Z]{0,3})[0-9]{1,12}(?P<suffix>[A-HJKMNP-Z]{0,2})(?![A-Z])(?P<slash>/[0-9]{1,2}(?=-|$))?)"
    r"(?P<hyphens>(?:-[0-9X]{1,6}(?![0-9X]))*)"
    r"(?P<part>(?:\.[0-9]{1,6}[A-Z]?(?![A-Z]))*)"
    r"(?:[-:](?P<year>[0-9X]{1,6})(?![0-9]))?"
)
_ANOTHER = re.compile(r"[/、,;和及与 ]*(?:GB|DB|T/|Q/|[A-Z]{2,4}(?:/[TZ])?) ?[0-9A-Z]")
_LETTERS = re.compile(r"(?:DB[0-9]*|[A-Z]{1,9})(?![A-Z])")
_SUSPECT = str.maketrans({"O": "0", "I": "1", "L": "1", "|": "1"})
_SUSPECT_RUN = re.compile(r"([0-9OIL|.:-]*)(.*)", re.DOTALL)
_YEAR = re.compile(r"(?:19[5-9]|20[0-9])[0-9]|1949|(?:49|[5-9][0-9])|[0-9]*X[0-9X]*")


def parse(text: str, known: Known = None) -> StandardNumber:
    """Read a text that is one number and nothing else; raises `NotAStandardNumber` with the reason.

    `known` adds prefixes to the defaults, as a mapping to levels or as a set of industry prefixes. A title in
    《》 after the number is dropped, a clause goes into `locator`.
    """
    if len(text) > MAX_LENGTH:
        raise NotAStandardNumber("too_long", f"文字超过 {MAX_LENGTH} 个字符，不是一个标准编号")
    folded = fold_width(text)
    if plain := _PLAIN.fullmatch(folded):
        prefix, mark, serial, part, year = plain.groups("")
        if prefix in _PLAIN_LEVELS:
            return StandardNumber(
                prefix,
                _PLAIN_LEVELS[prefix],
                prefixes.NATURE_OF_MARK[mark],
                f"{prefix}/{mark}" if mark else prefix,
                serial,
                part[1:],
                int(year),
                year,
                mark,
            )
    return _parse_folded(_trim(folded), known)


_PLAIN_LEVELS = {
    prefix: level
    for prefix, level in prefixes.LEVELS.items()
    if prefix not in prefixes.VOLUNTARY | prefixes.LETTER_SERIALS
}


def _trim(text: str) -> str:
    """One number without its wrapping, blanks around separators and leading 代替."""
    text = text.strip(_OPENING).rstrip(_CLOSING)
    text = _DASHES.sub("-", _SEPARATED.sub(r"\1", text))
    if leading := _LEADING.match(text):
        text = text[leading.end() :].strip(_OPENING)
    if text.count(")") == text.count("(") + 1:
        text = text.rstrip(")")
    return _DASH_WORD.sub("-", text)


def _parse_folded(text: str, known: Known) -> StandardNumber:
    _refuse_strangers(text)
    if is_foreign(text):
        found, rest = parse_foreign(text)
        return _with_locator(found, rest) if rest else found
    head = read_head(text, known)
    if head is None:
        raise _headless(text, known)
    try:
        return _read_number(head)
    except NotAStandardNumber as refusal:
        raise _misread(refusal, head) from None


def _headless(text: str, known: Known) -> NotAStandardNumber:
    letters = _LETTERS.match(text)
    if not letters:
        return NotAStandardNumber("no_prefix", f"“{text}”不以标准代号和顺序号开头，例如 GB/T 1.1-2020")
    name = prefixes.PRINTED.get(letters[0], letters[0])
    if name in OWN_SHAPES or name.startswith("DB") or prefixes.level_of(name, known):
        return NotAStandardNumber("malformed", f"“{text}”缺少顺序号或写法有误，例如 GB/T 1.1-2020")
    return NotAStandardNumber("unknown_prefix", f"“{letters[0]}”不是已知的标准代号")


def _refuse_strangers(text: str) -> None:
    """What people take for numbers: other scripts, documents, plans, books, filings, committees."""
    if not text:
        raise NotAStandardNumber("empty", "没有填写标准编号")
    if strange := foreign_letter(text):
        name, reading = strange
        meant = _suggest(reading) if reading != text else ""
        raise NotAStandardNumber("look_alike", f"含有{name}，请改用普通的拉丁字母和数字", meant)
    for code, pattern, reason in _STRANGERS:
        if pattern.match(text):
            raise NotAStandardNumber(code, reason)


_STRANGERS = (
    ("document", _DOCUMENT, "这是公文的文号，不是标准编号"),
    ("plan", _PLAN, "这是标准制修订计划号，不是标准编号"),
    ("book", _ISBN, "这是书号（ISBN），不是标准编号"),
    ("filing", _FILING, "这是备案号，不是标准编号；请填写标准代号和顺序号"),
    ("committee", _COMMITTEE, "这是标准化技术委员会的编号，不是标准编号"),
)


def _suggest(text: str) -> str:
    try:
        return str(parse(text))
    except NotAStandardNumber as refusal:
        return refusal.suggestion


def _misread(refusal: NotAStandardNumber, head: Head) -> NotAStandardNumber:
    """`JGJ l8` was meant as JGJ 18: O, I and l among digits are named, never silently repaired."""
    letters, tail = _SUSPECT_RUN.match(head.rest).groups()  # type: ignore[union-attr]
    repaired = letters.translate(_SUSPECT) + tail
    if repaired == head.rest:
        return refusal
    try:
        meant = str(_read_number(head._replace(rest=repaired)))
    except NotAStandardNumber:
        return refusal
    reason = f"“{head.rest}”的数字中混有字母，字母 O、I、l 常被误作数字 0、1；是否应为 {meant}"
    return NotAStandardNumber("misread_digit", reason, meant)


def _read_number(head: Head) -> StandardNumber:
    match = _NUMBER.match(head.rest)
    slashed = match and match["slash"] and head.prefix != "JTG"
    if not match or slashed or (match["letters"] and not head.letters):
        raise NotAStandardNumber("malformed", f"“{head.text}”之后应是数字顺序号，而不是“{head.rest}”")
    serial, printed = _split_hyphens(match, head)
    engineering = head.prefix in prefixes.ENGINEERING or (
        head.prefix == "GB" and re.match("5[0-9]{4}$", serial) is not None
    )
    family = f"{head.text} {serial}{match['part']}"
    year = read_year(printed, family)
    tail, rest = read_tail(head.rest[match.end() :], engineering)
    number = StandardNumber(
        prefix=head.prefix,
        level=head.level,
        nature=head.nature,
        head=head.text,
        serial=serial,
        part=match["part"][1:],
        year=year,
        year_printed=printed,
        mark=head.mark,
        region=head.region,
        body=head.body,
        amendment=tail.amendment,
        revision=tail.revision,
        language=tail.language,
        note=tail.note,
        locator=tail.locator,
        dual=tail.dual,
    )
    if rest or (tail.language and not year and not tail.amendment):
        raise _leftover(rest or tail.language, replace(number, language=""))
    return number


def _split_hyphens(match: "re.Match[str]", head: Head) -> tuple[str, str]:
    """Serial and printed year. The last group of `15-38-2019` is the year, the first two are the serial."""
    least, most = head.hyphens
    groups = match["hyphens"].split("-")[1:]
    printed = match["year"] or ""
    if not printed and not match["part"] and len(groups) > least:
        printed = groups.pop()
        undated = groups or head.prefix in prefixes.HYPHEN_SERIALS
        if undated and len(groups) < most and not _YEAR.fullmatch(printed):
            groups, printed = [*groups, printed], ""
    if len(groups) > most:
        dotted = ".".join([match["serial"], *groups]) + match["part"]
        meant = f"{head.text} {dotted}" + (f"-{printed}" if _YEAR.fullmatch(printed) and printed.isdigit() else "")
        raise NotAStandardNumber("part_separator", "部分号应以点与顺序号分开，不用连字符", "" if least else meant)
    if len(groups) < least:
        raise NotAStandardNumber("malformed", f"“{head.text}”的顺序号由两组数字组成，例如 15-38")
    return "-".join([match["serial"], *groups]), printed


def _with_locator(number: StandardNumber, rest: str) -> StandardNumber:
    tail, left = read_tail(rest)
    if left or tail.amendment or tail.revision or tail.dual:
        raise _leftover(left or rest, number)
    return replace(number, locator=tail.locator, note=tail.note)


def _leftover(rest: str, number: StandardNumber) -> NotAStandardNumber:
    if rest.startswith("~"):
        return NotAStandardNumber("range", "这是一段编号范围，请把其中每个编号分开填写")
    if _ANOTHER.match(rest):
        return NotAStandardNumber("several", "这里有多个标准编号，请分开填写")
    return NotAStandardNumber("extra_text", f"编号之后有多余的文字“{rest}”", str(number))
