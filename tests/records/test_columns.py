"""Which column of a file is what."""

import pytest

from catalog.reading import FIELDS
from records.columns import Field, fold_header, shape_of
from records.mapping import guess_mapping


@pytest.mark.parametrize(
    ("column", "folded"),
    [
        ("标准编号", "标准编号"),
        (" 标准 编号* ", "标准编号"),
        ("标准编号：", "标准编号"),
        ("ＩＣＳ", "ics"),
        ("实施日期（年-月-日）", "实施日期"),
        ("实施日期(必填)", "实施日期"),
        ("STD_CODE", "std_code"),
        ("", ""),
    ],
)
def test_a_header_without_what_people_vary(column, folded):
    assert fold_header(column) == folded


def test_the_words_a_field_goes_by_are_folded_or_they_would_never_fit():
    assert [word for item in FIELDS for word in item.words if fold_header(word) != word] == []


def test_the_likeliest_word_is_taken_where_several_columns_fit():
    field = Field("title", "title", ("标准名称", "名称"))

    assert [field.rank(column) for column in ("名称", "标准名称*", "别名")] == [1, 0, None]
    assert guess_mapping([field], ["名称", "标准名称"]) == {"title": "标准名称"}


def test_a_column_serves_one_field():
    fields = [Field("a", "a", ("x",)), Field("b", "b", ("x", "y"))]

    assert guess_mapping(fields, ["x", "y"]) == {"a": "x", "b": "y"}
    assert guess_mapping(fields, ["x"]) == {"a": "x"}


def test_the_shape_of_a_file_is_its_headers_whatever_their_order_and_marks():
    same = [["编号", "名称"], ["名称", "编号"], ["编号*", "名称："]]
    other = [["编号"], ["编号", "名称", "备注"], ["编号", "标题"]]

    assert len({shape_of(columns) for columns in same}) == 1
    assert len({shape_of(columns) for columns in [same[0], *other]}) == 4
