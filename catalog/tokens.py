"""What a visitor's words ask of the catalogue's index. Pure.

Words are tokens of `records.word_tokens`. A standard's number is one token (`number_fold`) and its serial without the
prefix another, so that any spelling and any beginning of it is a prefix.
"""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

from records.word_tokens import Term, fold, text_terms

from .numbers import find_numbers

MAX_LENGTH = 200
MAX_WORDS = 20

QUOTED = re.compile(r'["“”]([^"“”]+)["“”]')
SERIAL = re.compile(r"(\d[0-9A-Za-z]*)((?:\.\d[0-9A-Za-z]*)*)(?:[-—–:](\d{1,4}))?")
LETTERED_SERIAL = re.compile(r"([A-Za-z]\d[0-9A-Za-z]*)((?:\.\d[0-9A-Za-z]*)*)[-—–:](\d{4})")
PREFIX_ONLY = re.compile(r"[A-Za-z]{1,6}(?:/[A-Za-z]{1,6})+")


class QueryTooLong(ValueError):
    """More than a person types: over 200 characters or 20 words."""


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
        terms += text_terms(phrase)
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
    return text_terms(fold(word))
