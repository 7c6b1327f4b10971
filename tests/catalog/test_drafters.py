"""Cutting printed lists of drafting units: names in order, roles, and what cannot be cut with certainty."""

import random

import pytest

from catalog.drafters import LONGEST_TEXT, read_drafters
from catalog.drafting_roles import names_people, role_class


def names(text: str) -> list[str]:
    return [drafter.name for drafter in read_drafters(text).drafters]


def pairs(text: str) -> list[tuple[str, str]]:
    return [(drafter.role, drafter.name) for drafter in read_drafters(text).drafters]


def unread(text: str) -> list[tuple[str, str]]:
    return [(piece.text, piece.why) for piece in read_drafters(text).unread]


@pytest.mark.parametrize("separator", ["、", "，", ",", ";", "；", "\n", "\r\n", "、 ", " ；", "/", "\t", "、\n"])
def test_names_between_separators(separator):
    assert names(separator.join(["甲公司", "乙研究院", "丙中心"])) == ["甲公司", "乙研究院", "丙中心"]


def test_the_role_before_the_names_is_kept_as_printed():
    text = "本标准主要起草单位：甲公司、乙研究院。"

    assert pairs(text) == [("主要起草单位", "甲公司"), ("主要起草单位", "乙研究院")]


def test_several_roles_follow_each_other():
    text = "负责起草单位：甲公司。参加起草单位：乙院、丙所。"

    assert pairs(text) == [("负责起草单位", "甲公司"), ("参加起草单位", "乙院"), ("参加起草单位", "丙所")]


def test_sentences_carry_the_role_at_their_end():
    text = "本标准由甲公司、乙院负责起草，丙所参加起草。本标准由丁委员会归口。"

    assert pairs(text) == [
        ("负责起草", "甲公司"),
        ("负责起草", "乙院"),
        ("参加起草", "丙所"),
        ("归口", "丁委员会"),
    ]


def test_persons_are_no_organizations():
    read = read_drafters("本文件起草单位：甲、乙。本文件主要起草人：张三、李四。")

    assert [drafter.name for drafter in read.drafters] == ["甲", "乙"]
    assert [piece.text for piece in read.pieces if piece.kind == "people"] == ["张三、李四"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("中国某某（集团）有限公司、某某(江苏)有限公司", ["中国某某（集团）有限公司", "某某(江苏)有限公司"]),
        ("某某公司（甲、乙分公司）、丙", ["某某公司（甲、乙分公司）", "丙"]),
        ("全国某标准化技术委员会（SAC/TC 264）、丁", ["全国某标准化技术委员会（SAC/TC 264）", "丁"]),
        ("北京市住房和城乡建设委员会、工业和信息化部电子第五研究所", ["北京市住房和城乡建设委员会", "工业和信息化部电子第五研究所"]),
        ("3M中国有限公司、360科技", ["3M中国有限公司", "360科技"]),
    ],
)  # fmt: skip
def test_what_belongs_to_a_name_is_not_cut(text, expected):
    assert names(text) == expected


@pytest.mark.parametrize(
    "text",
    ["1. 甲公司\n2. 乙公司\n3. 丙公司", "1、甲公司 2、乙公司 3、丙公司", "（1）甲公司；（2）乙公司；（3）丙公司", "①甲公司②乙公司\n③丙公司"],
)  # fmt: skip
def test_numbers_of_a_list_are_no_part_of_the_names(text):
    assert names(text) == ["甲公司", "乙公司", "丙公司"]


@pytest.mark.parametrize("end", ["等", "等。", "等12家单位", " 等", "等十余家企业。"])
def test_a_list_that_names_only_some_says_so(end):
    read = read_drafters(f"甲公司、乙院{end}")

    assert [drafter.name for drafter in read.drafters] == ["甲公司", "乙院"]
    assert read.is_incomplete


def test_a_whole_list_is_not_called_incomplete():
    assert not read_drafters("甲公司、高等教育出版社").is_incomplete


def test_english_names_with_a_form_of_company():
    text = "Alpha Technology (Shenzhen) Co., Ltd., Beta Corp., Gamma GmbH, Delta Inc."

    assert names(text) == ["Alpha Technology (Shenzhen) Co., Ltd.", "Beta Corp.", "Gamma GmbH", "Delta Inc."]


def test_a_comma_between_english_names_is_not_guessed():
    assert unread("University of Somewhere, Elsewhere, ABC") == [("University of Somewhere, Elsewhere, ABC", "comma")]
    assert names("University of Somewhere, Elsewhere；ABC") == ["University of Somewhere, Elsewhere", "ABC"]
    assert names("Alpha Institute,甲公司") == ["Alpha Institute", "甲公司"]


@pytest.mark.parametrize(
    "text", ["甲研究院和乙中心", "甲公司 乙公司", "甲大学及乙学会", "甲公司以及乙公司", "甲科学院 计算技术研究所"]
)
def test_two_bodies_without_a_mark_between_them_are_not_guessed(text):
    assert unread(text) == [(text, "bodies")]


def test_what_is_certain_beside_it_is_still_read():
    assert names("甲公司、乙研究院和丙学会、丁所") == ["甲公司", "丁所"]
    assert unread("甲公司、乙研究院和丙学会、丁所") == [("乙研究院和丙学会", "bodies")]


def test_a_bracket_that_never_closes_is_reported():
    assert unread("甲（未闭合公司、乙公司") == [("甲（未闭合公司、乙公司", "bracket")]
    assert unread("甲公司）、乙公司") == [("甲公司）", "bracket")]


def test_a_role_without_a_mark_is_reported():
    assert unread("主要起草单位甲公司、乙公司") == [("主要起草单位甲公司", "role")]
    assert unread("甲公司、乙院负责起草") == [("乙院负责起草", "role")]


def test_texts_and_names_without_end_are_reported():
    assert [why for _text, why in unread("长" * (LONGEST_TEXT + 1))] == ["long"]
    assert [why for _text, why in unread("长" * 201)] == ["long"]


@pytest.mark.parametrize("text", ["", " ", "。", "、、；", "——", "（）"])
def test_nothing_holds_no_name(text):
    assert (names(text), unread(text)) == ([], [])


ALPHABET = list("甲乙公司研究院中心大学和与及等由起草单位人主要负责参加归口标准本：:、，,;；/。.()（）【】“”\n\t 　123①A") + [
    "Co., Ltd.", "Inc.", "有限公司", "本标准主要起草单位：", "参加起草单位：", "起草人：", "等12家单位", "本标准由",
]  # fmt: skip


def test_no_name_is_invented_and_no_word_lost():
    dice = random.Random(20261122)
    for _turn in range(5000):
        text = "".join(dice.choice(ALPHABET) for _at in range(dice.randint(0, 40)))

        read = read_drafters(text)

        assert "".join(piece.text for piece in read.pieces) == text
        assert all(piece.text == piece.text.strip() for piece in read.pieces if piece.kind in ("name", "unread"))
        left = "".join(piece.text for piece in read.pieces if piece.kind == "separator")
        # Only marks, blanks and a list's own numbers are dropped.
        assert not any(char.isalpha() for char in left), (text, read.pieces)


def test_no_name_of_a_plain_list_is_changed():
    dice = random.Random(4)
    stems = ["江苏某某", "中国（海南）", "南通", "Alpha 技术", "3M"]
    for _turn in range(500):
        wanted = [f"{dice.choice(stems)}{dice.choice('甲乙丙丁')}有限公司" for _at in range(dice.randint(1, 9))]

        assert names(dice.choice(["、", "，", "；", ";", "\n"]).join(wanted)) == wanted


@pytest.mark.parametrize(
    ("printed", "expected"),
    [
        ("", "drafter"), ("起草单位", "drafter"), ("主要起草单位", "drafter"), ("负责起草单位", "lead_drafter"),
        ("牵头起草", "lead_drafter"), ("主编单位", "lead_drafter"), ("参加起草单位", "participant"), ("参编单位", "participant"),
        ("提出单位", "proposer"), ("技术归口单位", "keeper"), ("提出并归口", "keeper"), ("验证单位", "other"),
    ],
)  # fmt: skip
def test_the_class_of_a_printed_role(printed, expected):
    assert role_class(printed) == expected


def test_labels_of_people():
    assert [names_people(label) for label in ("主要起草人", "起草人员：", "起草单位")] == [True, True, False]
