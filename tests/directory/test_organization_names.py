"""What is one name printed in several ways, and what merely looks alike."""

import pytest

from directory.organization_names import is_same_name, is_similar_name, name_key, similar_key


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("某某（江苏）有限公司", "某某(江苏)有限公司"),
        ("某某【江苏】有限公司", "某某〔江苏〕有限公司"),
        ("南通市 市场监督管理局", "南通市市场监督管理局"),
        ("某某　研究院", "某某研究院"),
        ("某某研究院。", "某某研究院"),
        ("某某研究院、", "某某研究院；"),
        ("ＡＢＣ Ltd", "abc ltd"),
        ("“某某”检测中心", "某某检测中心"),
        ("某某•江苏学院", "某某·江苏学院"),
        ("某某公司（）", "某某公司"),
    ],
)
def test_names_that_differ_in_print_only_are_one(one, other):
    assert is_same_name(one, other)
    assert not is_similar_name(one, other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("某某有限公司", "某某有限责任公司"),
        ("某某有限公司", "某某股份有限公司"),
        ("某某集团有限公司", "某某有限公司"),
        ("某某（江苏）有限公司", "某某江苏有限公司"),
        ("ABC Co., Ltd.", "ABC Company Limited"),
    ],
)
def test_variants_are_two_names_that_look_alike(one, other):
    assert not is_same_name(one, other)
    assert is_similar_name(one, other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("南通市市场监督管理局", "泰州市市场监督管理局"),
        ("某某研究院", "某某研究所"),
        ("某某（江苏）有限公司", "某某（浙江）有限公司"),
        ("公司", "有限公司"),
    ],
)
def test_other_bodies_are_neither(one, other):
    assert not is_same_name(one, other)
    assert not is_similar_name(one, other)


@pytest.mark.parametrize("name", ["。。", "（）", "-", "公司", "集团公司"])
def test_no_name_is_reduced_to_nothing(name):
    assert name_key(name) != ""
    assert similar_key(name) != ""


def test_what_is_equal_is_always_similar_by_key():
    names = ["某某（江苏）有限公司。", "某某(江苏)有限公司", "Ａ·Ｂ Ltd", "A·B ltd."]

    assert [similar_key(one) == similar_key(other) for one in names for other in names if is_same_name(one, other)] == [
        True
    ] * 8
