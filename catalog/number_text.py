"""Characters of a number: one width, one dash, one slash; letters of other scripts named. Pure.

A table and not NFKC, because NFKC reads the footnote mark of `GB/T 1.1-2020①` as a digit and moves offsets;
here every character stays one character.
"""

import unicodedata

_DASHES = "－–—―‐‑‒−﹣﹘⁃─━ー﹉"
_SLASHES = "∕╱⁄／⧸"
_BLANKS = "\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f\u3000"
_TILDES = "～〜∼∽˜"
INVISIBLE = "\u200b\u200c\u200d\u2060\ufeff\u00ad\u200e\u200f"

FOLDED: dict[int, str] = {
    **{code: chr(code - 0xFEE0) for code in range(0xFF01, 0xFF5F)},
    **{code: unicodedata.normalize("NFKC", chr(code)) for code in range(0x1D400, 0x1D800)},
    **dict.fromkeys(map(ord, _DASHES), "-"),
    **dict.fromkeys(map(ord, _SLASHES), "/"),
    **dict.fromkeys(map(ord, _BLANKS), " "),
    **dict.fromkeys(map(ord, _TILDES), "~"),
    **dict.fromkeys(map(ord, "【〔［"), "["),
    **dict.fromkeys(map(ord, "】〕］"), "]"),
    ord("∶"): ":",
    ord("︰"): ":",
    ord("·"): ".",
    ord("×"): "X",
}
_FOLDED_CLEAN: dict[int, str | None] = {**FOLDED, **dict.fromkeys(map(ord, INVISIBLE))}

_LOOK_ALIKES = {
    "АВЕКМНОРСТУХЅІЈԚԜЗ": "ABEKMHOPCTYXSIJQW3",
    "авекмнорстухѕіјԛԝ": "ABEKMHOPCTYXSIJQW",
    "ΑΒΕΖΗΙΚΜΝΟΡΤΥΧ": "ABEZHIKMNOPTYX",
    "αβικνορτυχ": "ABIKVOPTYX",
}
LOOK_ALIKES: dict[str, str] = {
    strange: latin for row, reading in _LOOK_ALIKES.items() for strange, latin in zip(row, reading, strict=True)
}
_SCRIPTS = {
    "CYRILLIC": "西里尔",
    "GREEK": "希腊",
    "ARMENIAN": "亚美尼亚",
    "CHEROKEE": "切罗基",
    "LATIN": "拉丁扩展",
}


def fold_width(text: str) -> str:
    """Half-width characters, `-` for every dash, `/` for every slash, nothing invisible; upper case."""
    if not text.isascii():
        text = text.translate(_FOLDED_CLEAN)
    return " ".join(text.upper().split())


def foreign_letter(text: str) -> tuple[str, str] | None:
    """The first letter or digit of another script: its name, and the Latin reading of the whole text."""
    for character in text:
        if character.isascii() or not character.isalnum() or _is_han(character):
            continue
        if character.isdigit() or character.isnumeric():
            if unicodedata.decimal(character, None) is None or unicodedata.normalize("NFKC", character).isascii():
                continue
            return f"其他文字的数字“{character}”", ""
        script = unicodedata.name(character, "").partition(" ")[0]
        return f"{_SCRIPTS.get(script, '其他文字的')}字母“{character}”", latin_reading(text)
    return None


def latin_reading(text: str) -> str:
    """The text with each look-alike replaced by the Latin letter it imitates."""
    return "".join(LOOK_ALIKES.get(character, character) for character in text)


def _is_han(character: str) -> bool:
    return "\u3400" <= character <= "\u9fff" or "\U00020000" <= character <= "\U0003ffff" or character == "〇"
