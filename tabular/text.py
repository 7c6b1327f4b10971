"""How text from files is tidied, and which characters no text may hold."""

import re
import unicodedata
from datetime import date

# Written out, because `\s` and str.split() also swallow the control characters U+001C to U+001F.
_SPACES = " \\t\\n\\r\\u00a0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000"
_RUN = re.compile(f"[{_SPACES}]+")
# Zero-width space, word joiner, BOM, direction marks. The joiners U+200C and U+200D stay: emoji need them.
# What of these is not yet as it should be; most cells hold none of it.
_UNTIDY = re.compile(f"[{_SPACES.replace(' ', '', 1)}\\u200b\\u200e\\u200f\\u2060\\ufeff]|  |^ | $")
_INVISIBLE = re.compile("[\\u200b\\u200e\\u200f\\u2060\\ufeff]+")
# C0 and C1 controls but TAB, LF, CR; bidi embeddings, overrides and isolates; surrogates; non-characters.
_FORBIDDEN = re.compile(
    "[\\x00-\\x08\\x0b\\x0c\\x0e-\\x1f\\x7f-\\x9f\\u202a-\\u202e\\u2066-\\u2069\\ud800-\\udfff\\ufdd0-\\ufdef\\ufffe\\uffff]"
)


def clean_text(value: object) -> str:
    """Any cell as tidy text: NFC, stripped, runs of white space (full-width too) as one blank.

    Zero-width characters and BOMs go; control and bidi characters stay, to be refused by whoever
    asks `has_forbidden_characters`. None is "", 2020.0 is "2020", a date is ISO 8601.
    """
    text = value if isinstance(value, str) else _as_text(value)
    if _UNTIDY.search(text):
        text = _INVISIBLE.sub("", text)
        text = _RUN.sub(" ", text).strip(" ")
    return text if text.isascii() else unicodedata.normalize("NFC", text)


def has_forbidden_characters(text: str) -> bool:
    """Whether control characters, bidi overrides, lone surrogates or non-characters stand in a text."""
    return _FORBIDDEN.search(text) is not None


def show_forbidden_characters(text: str) -> str:
    """The text with each forbidden character written out as ⟨U+202E⟩."""
    return _FORBIDDEN.sub(lambda match: f"⟨U+{ord(match[0]):04X}⟩", text)


def _as_text(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return value.isoformat() if isinstance(value, date) else str(value)
