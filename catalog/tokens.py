"""What is written into the search index and what a visitor's words ask of it. Pure.

Chinese, Japanese and Korean runs become bigrams plus the run's last character, so that words of one
character or more are found without a dictionary: 标准化 → 标准 准化 化, and the one-character word 准 is
the prefix 准*. Latin and digit runs stay whole. A standard's number is one token (`number_fold`) and
its serial without the prefix another, so that any spelling and any beginning of it is a prefix.
"""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from pypinyin.constants import PINYIN_DICT

from .numbers import find_numbers

MAX_LENGTH = 200
MAX_WORDS = 20
LONGEST = 200  # characters of a token; PostgreSQL keeps 2,046 bytes and says nothing about the rest

CJK = "\u2e80-\u2fdf\u3005-\u3007\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af\uf900-\ufaff\U00020000-\U0003ffff"
RUNS = re.compile(f"([{CJK}]+)|([^\\W_{CJK}]+)")
QUOTED = re.compile(r'["“”]([^"“”]+)["“”]')
SERIAL = re.compile(r"(\d[0-9A-Za-z]*)((?:\.\d[0-9A-Za-z]*)*)(?:[-—–:](\d{1,4}))?")
LETTERED_SERIAL = re.compile(r"([A-Za-z]\d[0-9A-Za-z]*)((?:\.\d[0-9A-Za-z]*)*)[-—–:](\d{4})")
PREFIX_ONLY = re.compile(r"[A-Za-z]{1,6}(?:/[A-Za-z]{1,6})+")


class QueryTooLong(ValueError):
    """More than a person types: over 200 characters or 20 words."""


def fold(text: str) -> str:
    """The form in which words are compared: NFKC, case folded."""
    return text.lower() if text.isascii() else unicodedata.normalize("NFKC", text).casefold()


def index_tokens(text: str) -> set[str]:
    """The tokens of one text, folded."""
    tokens: set[str] = set()
    for wide, word in RUNS.findall(fold(text)):
        if word:
            tokens.add(word[:LONGEST])
        else:
            tokens.update(map(str.__add__, wide, wide[1:]))
            tokens.add(wide[-1])
    return tokens


@lru_cache(maxsize=30_000)
def _initial(character: str) -> str:
    reading = PINYIN_DICT.get(ord(character), "")
    plain = unicodedata.normalize("NFD", reading[:1])[:1]
    return plain if plain.isascii() else ""


def pinyin_initials(text: str) -> set[str]:
    """The initials of each Chinese run: 质量管理体系 要求 → zlgltx, yq. A character's first reading counts."""
    runs = ("".join(map(_initial, wide)) for wide, _ in RUNS.findall(text) if len(wide) > 1)
    return {run for run in runs if len(run) > 1}


@dataclass(frozen=True, slots=True)
class Term:
    """One token a hit must have; `prefix` asks for any token that begins so."""

    token: str
    prefix: bool = False


@dataclass(frozen=True, slots=True)
class Query:
    """What a visitor's words ask: every term, and every phrase word for word.

    `number` is the fold of a standard's number among the words (with or without prefix and year), or "".
    `words` are the folded words by which hits in titles are ranked.
    """

    terms: tuple[Term, ...]
    words: tuple[str, ...] = ()
    phrases: tuple[str, ...] = ()
    number: str = ""

    def __bool__(self) -> bool:
        return bool(self.terms or self.phrases)


def parse_query(text: str) -> Query:
    """Read a visitor's words. Raises `QueryTooLong`; anything else is a query, if only an empty one."""
    if len(text) > MAX_LENGTH:
        raise QueryTooLong
    quoted = [phrase.strip() for phrase in QUOTED.findall(text)]
    phrases = tuple(fold(phrase) for phrase in quoted if phrase and not _is_number(phrase))
    # A quoted number is asked for as if it were not quoted: it has one spelling only.
    unquoted = QUOTED.sub(lambda match: match[1] if _is_number(match[1]) else " ", text)
    rest, numbers = _take_numbers(" ".join(unquoted.split()))
    words = rest.split()
    if len(words) + len(phrases) + len(numbers) > MAX_WORDS:
        raise QueryTooLong
    terms = [Term(number, prefix=True) for number in numbers]
    for word in words:
        terms += _word_terms(word)
    for phrase in phrases:
        terms += _text_terms(phrase)
    if not terms:
        phrases += tuple(fold(word) for word in words)  # marks alone are asked for as they stand
    serials = [number for number in map(_serial_fold, words) if number]
    return Query(
        terms=tuple(dict.fromkeys(terms)),
        words=tuple(fold(word) for word in words if not _serial_fold(word)),
        phrases=phrases,
        number=(numbers + serials + [""])[0],
    )


def _is_number(phrase: str) -> bool:
    rest, numbers = _take_numbers(phrase)
    return bool(numbers) and not rest.strip()


def _take_numbers(text: str) -> tuple[str, list[str]]:
    """The standard numbers in a text, folded, and the text without them."""
    folds: list[str] = []
    rest, end = [], 0
    for found in find_numbers(text):
        folds.append(found.number.number_fold)
        rest.append(text[end : found.start])
        end = max(end, found.end)
    return " ".join([*rest, text[end:]]), list(dict.fromkeys(folds))


def _serial_fold(word: str) -> str:
    """`24421.2-2023` → `24421x2y2023`, `D60-2015` → `d60y2015`; "" for a word that is not a serial."""
    plain = unicodedata.normalize("NFKC", word)
    match = SERIAL.fullmatch(plain) or LETTERED_SERIAL.fullmatch(plain)
    if not match:
        return ""
    serial, part, year = match.groups()
    return (serial + part.replace(".", "x") + (f"y{year}" if year else "")).lower()


def _word_terms(word: str) -> Iterable[Term]:
    if serial := _serial_fold(word):
        return [Term(serial, prefix=True)]
    if PREFIX_ONLY.fullmatch(word):
        return [Term(fold(word).replace("/", ""), prefix=True)]
    return _text_terms(fold(word))


def _text_terms(text: str) -> Iterable[Term]:
    for wide, word in RUNS.findall(text):
        if word:
            yield Term(word[:LONGEST], prefix=len(word) > 1)
        elif len(wide) == 1:
            yield Term(wide, prefix=True)
        else:
            yield from (Term(a + b) for a, b in pairwise(wide))
