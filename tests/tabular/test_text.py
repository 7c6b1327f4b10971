"""How cells are tidied, and what no text may hold."""

from datetime import date

import pytest

from tabular.errors import MESSAGES, FileRefused
from tabular.text import clean_text, has_forbidden_characters, show_forbidden_characters


@pytest.mark.parametrize(
    ("value", "clean"),
    [
        ("  GB/T\u30001-2020\u3000", "GB/T 1-2020"),
        ("a \t\r\n  b", "a b"),
        ("\ufeffGB\u200b 1\u2060", "GB 1"),
        ("e\u0301", "é"),
        ("👩\u200d🔬", "👩\u200d🔬"),
        ("𠮷𬭛㛃𪚥", "𠮷𬭛㛃𪚥"),
        ("＝１", "＝１"),
        ("a\x0bb\x1cc", "a\x0bb\x1cc"),
        ("a\u202eb", "a\u202eb"),
        (None, ""),
        (2020, "2020"),
        (2020.0, "2020"),
        (35.24, "35.24"),
        (True, "TRUE"),
        (False, "FALSE"),
        (date(2024, 1, 5), "2024-01-05"),
    ],
)
def test_clean_text(value, clean):
    assert clean_text(value) == clean


@pytest.mark.parametrize("text", ["\x00", "a\x0bb", "\x1c", "\x7f", "\x85", "\u202e", "\u2066", "\ud800", "\uffff"])
def test_forbidden(text):
    assert has_forbidden_characters(text)


@pytest.mark.parametrize("text", ["", "标准\n第二行\t格", "👩\u200d🔬", "𪚥", "a\u3000b", "\ue000"])
def test_allowed(text):
    assert not has_forbidden_characters(text)


def test_forbidden_characters_are_shown():
    assert show_forbidden_characters("a\u202eb\x0b") == "a⟨U+202E⟩b⟨U+000B⟩"


def test_an_error_formats_its_own_template():
    error = FileRefused("file_too_large", size=21.5, limit=20)

    assert (error.code, error.message) == ("file_too_large", MESSAGES["file_too_large"])
    assert str(error) == "File is 21.5 MB; at most 20 MB"
