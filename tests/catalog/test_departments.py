"""Which department a source's words mean: cut-off names, joint names, unknown ones."""

import pytest

from catalog.departments import Department, DepartmentReader, provincial_bureaus

KNOWN = provincial_bureaus(["湖北省", "黑龙江省", "天津市", "内蒙古自治区"])


@pytest.fixture
def reader():
    return DepartmentReader(KNOWN)


@pytest.mark.parametrize(
    "words", ["国家市场监督管理总局", "湖北省质量技术监督局", "国家体育总局", "海关总署", "中国人民银行"]
)
def test_a_whole_name_is_taken_as_it_stands(reader, words):
    assert reader.read(words) == Department(words)


@pytest.mark.parametrize(
    ("words", "name"),
    [
        ("国家质量监督检验检疫.", "国家质量监督检验检疫总局"),
        ("黑龙江省市场监督管理.", "黑龙江省市场监督管理局"),
        ("内蒙古自治区市场监督.", "内蒙古自治区市场监督管理局"),
        ("国家卫生和计划生育委…", "国家卫生和计划生育委员会"),
        ("国家技术监督", "国家技术监督局"),
    ],
)
def test_a_cut_off_name_is_completed_where_one_known_name_begins_so(reader, words, name):
    assert reader.read(words) == Department(name, completed=True)


@pytest.mark.parametrize("words", ["国家市场监督管理总局.", "国家卫生健康委员会 ."])
def test_a_mark_behind_a_whole_name_is_not_a_cut(reader, words):
    assert reader.read(words).unclear is False
    assert reader.read(words).completed is False


@pytest.mark.parametrize(
    "words",
    [
        "国家食品药品监督管.",  # 总局 or 局
        "国家环境保护.",
        "国家.",
        "General Ad.",
        "11876-1989",
        "油菜机械化轻简生产技.",
        "冶金工业郎",
    ],
)
def test_what_could_be_several_or_none_is_unclear(reader, words):
    assert reader.read(words) == Department(unclear=True)


@pytest.mark.parametrize("separator", ["、", "，", ",", ";", "；", "/", "|", " ", "\u3000"])
def test_of_joint_issuers_the_first_is_the_competent_one(reader, separator):
    assert reader.read(f"国家市场监督管理总局{separator}国家标准化管理委.") == Department("国家市场监督管理总局")


def test_a_cut_off_first_name_of_joint_issuers_is_completed(reader):
    assert reader.read("国家质量监督检验检疫. 国家标准化管理委员会").name == "国家质量监督检验检疫总局"


@pytest.mark.parametrize(
    ("words", "name"),
    [("信息产业部（电子）", "信息产业部"), ("工业和信息化部（通信.", "工业和信息化部"), ("教育部(语言)", "教育部")],
)
def test_the_branch_within_a_department_is_left_out(reader, words, name):
    assert reader.read(words).name == name


@pytest.mark.parametrize(("words", "unclear"), [("", False), ("  ", False), ("、", True), ("（）", True)])
def test_blank_words_say_nothing_and_marks_alone_are_unclear(reader, words, unclear):
    assert reader.read(words) == Department(unclear=unclear)


def test_whole_names_seen_complete_cut_off_ones_later(reader):
    before = reader.read("中国船舶工业集团公.")
    reader.read("中国船舶工业集团公司")

    after = DepartmentReader(reader.known).read("中国船舶工业集团公.")

    assert (before, after) == (Department(unclear=True), Department("中国船舶工业集团公司", completed=True))


def test_each_province_has_had_two_bureaus():
    assert provincial_bureaus(["江苏省"]) == {"江苏省市场监督管理局", "江苏省质量技术监督局"}
