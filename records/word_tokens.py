"""What text is found by: the tokens of a word index, and what a word asks of it. Pure.

Chinese, Japanese and Korean runs become bigrams plus the run's last character, so that words of one
character or more are found without a dictionary: 标准化 → 标准 准化 化, and the one-character word 准 is
the prefix 准*. Latin and digit runs stay whole. `records.word_index` keeps the tokens.
"""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from pypinyin.constants import PINYIN_DICT

LONGEST = 200  # characters of a token; PostgreSQL keeps 2,046 bytes and says nothing about the rest

CJK = "\u2e80-\u2fdf\u3005-\u3007\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af\uf900-\ufaff\U00020000-\U0003ffff"
RUNS = re.compile(f"([{CJK}]+)|([^\\W_{CJK}]+)")


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


def text_terms(text: str) -> Iterable[Term]:
    """The terms that folded text asks for: all of them must be there."""
    for wide, word in RUNS.findall(text):
        if word:
            yield Term(word[:LONGEST], prefix=len(word) > 1)
        elif len(wide) == 1:
            yield Term(wide, prefix=True)
        else:
            yield from (Term(a + b) for a, b in pairwise(wide))
