"""Which tokens a text leaves in the index, and which a visitor's words ask for."""

import pytest

from catalog.tokens import Query, QueryTooLong, parse_query
from records.word_tokens import Term, fold, index_tokens, pinyin_initials


@pytest.mark.parametrize(
    ("text", "tokens"),
    [
        ("标准化", {"标准", "准化", "化"}),
        ("醋", {"醋"}),
        ("", set()),
        ("食品 接触", {"食品", "品", "接触", "触"}),
        ("ISO/IEC 27001:2022", {"iso", "iec", "27001", "2022"}),
        ("ＧＢ／Ｔ １.１", {"gb", "t", "1"}),
        ("5G通信x2", {"5g", "通信", "信", "x2"}),
        ("𠮷野家", {"𠮷野", "野家", "家"}),
        ("𬭛𪚥㛃", {"𬭛𪚥", "𪚥㛃", "㛃"}),
        ("Straße ÉCLAIR", {"strasse", "éclair"}),
        ("a_b", {"a", "b"}),
        ("100%—'\"*\\", {"100"}),
    ],
)
def test_index_tokens(text, tokens):
    assert index_tokens(text) == tokens


@pytest.mark.parametrize(
    ("text", "initials"),
    [
        ("质量管理体系 要求", {"zlgltx", "yq"}),
        ("醋", set()),
        ("GB 茶叶", {"cy"}),
        ("𠮷𠮷", set()),
    ],
)
def test_pinyin_initials(text, initials):
    assert pinyin_initials(text) == initials


@pytest.mark.parametrize(
    ("text", "query"),
    [
        ("", Query(())),
        ("   ", Query(())),
        ("醋", Query((Term("醋", True),), ("醋",))),
        ("质量", Query((Term("质量"),), ("质量",))),
        ("质量管理", Query((Term("质量"), Term("量管"), Term("管理")), ("质量管理",))),
        ("食品 接触", Query((Term("食品"), Term("接触")), ("食品", "接触"))),
        ('"质量管理"', Query((Term("质量"), Term("量管"), Term("管理")), phrases=("质量管理",))),
        ("“质量”", Query((Term("质量"),), phrases=("质量",))),
        ("Quality", Query((Term("quality", True),), ("quality",))),
        ("gbt19001", Query((Term("gbt19001", True),), number="gbt19001")),
        ("GB／T19001—2016", Query((Term("gbt19001y2016", True),), number="gbt19001y2016")),
        ("19001", Query((Term("19001", True),), number="19001")),
        ("24421.2-2023", Query((Term("24421x2y2023", True),), number="24421x2y2023")),
        ("D60-2015", Query((Term("d60y2015", True),), number="d60y2015")),
        ("45001:2018", Query((Term("45001y2018", True),), number="45001y2018")),
        ("GB/T", Query((Term("gbt", True),), ("gb/t",))),
        ("GB/T 1.1 标准", Query((Term("gbt1x1", True), Term("标准")), ("标准",), number="gbt1x1")),
        ("a a", Query((Term("a"),), ("a", "a"))),
        ("50%", Query((Term("50", True),), ("50%",))),
        ("%", Query((), ("%",), phrases=("%",))),
    ],
)
def test_parse_query(text, query):
    assert parse_query(text) == query


@pytest.mark.parametrize("text", ["", "  \t", "\u3000"])
def test_nothing_asked_is_no_query(text):
    assert not parse_query(text)


@pytest.mark.parametrize("text", ["%", "_", "***", "'", '"', "\\", "--", "（）"])
def test_marks_alone_are_a_query(text):
    assert parse_query(text)


@pytest.mark.parametrize("text", ["x" * 201, " ".join("abcdefghijklmnopqrstu"), '"a" ' * 21])
def test_more_than_a_person_types_is_refused(text):
    with pytest.raises(QueryTooLong):
        parse_query(text)


@pytest.mark.parametrize("text", ["x" * 200, " ".join("abcdefghijklmnopqrst")])
def test_as_much_as_a_person_types_is_taken(text):
    assert parse_query(text)


def test_fold_makes_spellings_equal():
    assert fold("ＡＢＣ ﬁ ㎏ Straße") == "abc fi kg strasse"


@pytest.mark.parametrize("text", ["质量管理体系要求", "醋", "GB/T 19001-2016 Quality", "食品x接触", "𠮷野"])
def test_every_piece_of_a_text_is_found_by_its_tokens(text):
    tokens = index_tokens(text)

    pieces = [text[start:end] for start in range(len(text)) for end in range(start + 1, len(text) + 1)]
    chinese = [piece for piece in pieces if all(ord(character) > 0x2E80 for character in piece)]
    missed = [
        piece
        for piece in chinese
        for term in parse_query(piece).terms
        if not any(token == term.token or (term.prefix and token.startswith(term.token)) for token in tokens)
    ]

    assert missed == []


def test_a_long_word_is_found_by_its_beginning():
    beginning = "ﷴ" * 200

    assert parse_query(beginning).terms == (Term(fold(beginning)[:200], True),)
    assert index_tokens("ﷴ" * 500) == {fold(beginning)[:200]}
