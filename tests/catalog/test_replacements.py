"""What the prose under 替代情况 and 代替标准 says."""

import pytest

from catalog.replacements import read_replacements


def read(text, default="replaces"):
    return [(one.direction, str(one.number), one.partly) for one in read_replacements(text, default)]


@pytest.mark.parametrize("text", ["", " ", "无", "-", "—", "/", "null", "None"])
def test_words_for_nothing_name_nothing(text):
    assert read(text) == []


@pytest.mark.parametrize("word", ["代替", "替代", "取代", "代替：", ""])
def test_each_word_of_replacement_and_none_under_its_heading(word):
    assert read(f"{word}GB 2763-2014") == [("replaces", "GB 2763-2014", False)]


@pytest.mark.parametrize("separator", ["、", "，", ",", ";", "；", "/", " ", "\n", "和"])
def test_several_numbers_are_each_named(separator):
    assert read(f"代替GB 1-2001{separator}GB 2-2002") == [
        ("replaces", "GB 1-2001", False),
        ("replaces", "GB 2-2002", False),
    ]


def test_a_list_that_leaves_the_prefix_out_is_read_in_full():
    assert read("代替MT/T 560-2008、596-2006") == [
        ("replaces", "MT/T 560-2008", False),
        ("replaces", "MT/T 596-2006", False),
    ]


@pytest.mark.parametrize("word", ["代替", "替代", "取代"])
def test_replaced_by_turns_the_direction(word):
    assert read(f"被GB 2763-2019{word}") == [("replaced_by", "GB 2763-2019", False)]


def test_both_directions_in_one_cell():
    assert read("代替GB 2763-2014被GB 2763-2019代替") == [
        ("replaced_by", "GB 2763-2019", False),
        ("replaces", "GB 2763-2014", False),
    ]


def test_the_heading_gives_the_direction_where_the_cell_gives_none():
    assert read("GB/T 1.1-2020", "replaced_by") == [("replaced_by", "GB/T 1.1-2020", False)]


@pytest.mark.parametrize(
    "text",
    ["部分代替GB/T 14833-2011", "部分替代 GB/T 14833-2011", "GB/T 14833-2011（部分）", "GB/T 14833-2011(部分代替)"],
)
def test_replacement_in_part(text):
    assert read(text) == [("replaces", "GB/T 14833-2011", True)]


def test_replaced_in_part_by_another():
    assert read("被GB 36246-2018部分代替") == [("replaced_by", "GB 36246-2018", True)]


def test_in_part_and_in_full_are_told_apart_in_one_cell():
    assert read("部分代替GB 1-2001，代替GB 2-2002、GB 3-2003（部分）") == [
        ("replaces", "GB 1-2001", True),
        ("replaces", "GB 2-2002", False),
        ("replaces", "GB 3-2003", True),
    ]
    assert read("代替GB 2-2002，部分代替GB 1-2001") == [
        ("replaces", "GB 2-2002", False),
        ("replaces", "GB 1-2001", True),
    ]


@pytest.mark.parametrize(
    "tail",
    [
        "主管部门：北京市市场监督管理局",
        "标准类别：计量检定规程",
        "公告：2020年第3号，同时批准GB/T 7-2020",
        "备注：采用GB/T 7-2020",
        "<br>归口单位：GB/T 7-2020起草组",
    ],
)
def test_what_else_stands_in_the_cell_is_left_alone(tail):
    assert read(f"代替DB11/T 2025-2022{tail}") == [("replaces", "DB11/T 2025-2022", False)]


@pytest.mark.parametrize(
    "text",
    [
        "主管部门：内蒙古自治区市场监督管理局",
        "本规范引用了下列文件:JJF1094-2002测量仪器特性评定 标准类别：计量检定规程",
        "公告:关于废止JJG(浙)75-2004《医用多参数监护仪检定规程》等33个规范的公告",
    ],
)
def test_standards_cited_for_other_reasons_are_not_replaced(text):
    assert read(text) == []


def test_a_citing_text_without_a_word_of_replacement_replaces_nothing():
    # Verbatim from an official list: the normative references stand under 替代情况.
    text = (
        "JJG99砝码检定规程JJF（机械）1015压缩机制冷量测试装置校准规范JJF（机械）1016射线检验阶梯试块校准规范"
        "JJF(浙)1051热变形、维卡软化点温度测定仪校准规范JJF1181衡器计量名词术语及定义GB/T14250-2008衡标准类别：计量检定规程"
    )

    assert read(text) == []


def test_titles_beside_the_numbers_do_no_harm():
    assert read("GB 2760-2011《食品安全国家标准 食品添加剂使用标准》") == [("replaces", "GB 2760-2011", False)]
    assert read("GB/T 1.2-2002 标准化工作导则") == [("replaces", "GB/T 1.2-2002", False)]


def test_an_undated_number_is_no_edition_and_names_none():
    assert read("代替GB/T 1.1") == []


def test_a_number_that_stands_twice_is_named_once():
    assert read("代替GB 1-2001、GB１－2001") == [("replaces", "GB 1-2001", False)]


def test_a_long_cell_is_read_in_linear_time():
    from time import perf_counter

    start = perf_counter()
    read("被" * 20_000 + "代替")
    read("代替" + "被GB 1-2001代替" * 500)

    assert perf_counter() - start < 2


def test_a_cell_that_is_one_odd_number_names_it():
    assert read("ISO 105-C:1982") == [("replaces", "ISO 105-C:1982", False)]
