"""The three versions of a form: what counts as changed, by whom, and what is sent on."""

import pytest
from django import forms
from django.http import QueryDict

from records.conflicts import compare, form_values, merged
from records.versions import Stale, opened_with, read_opened, take_version
from tests.factories import make_user


class Form(forms.Form):
    title = forms.CharField(required=False)
    day = forms.DateField(required=False)
    is_open = forms.BooleanField(required=False)
    kind = forms.ChoiceField(choices=[("a", "甲"), ("b", "乙")], required=False)
    several = forms.MultipleChoiceField(choices=[("1", "一"), ("2", "二")], required=False)
    fixed = forms.CharField(disabled=True, required=False)


def sent(**values) -> QueryDict:
    data = QueryDict(mutable=True)
    for name, value in values.items():
        data.setlist(name, value if isinstance(value, list) else [value])
    return data


WAS = {"title": ["一"], "day": ["2020-01-01"], "is_open": [], "kind": ["a"], "several": ["1"]}


def test_what_a_browser_would_send_back_untouched():
    form = Form(initial={"title": "一", "is_open": True, "kind": "a", "several": ["1", "2"], "fixed": "x"})

    assert form_values(form) == {"title": ["一"], "day": [""], "is_open": ["on"], "kind": ["a"], "several": ["1", "2"]}


@pytest.mark.parametrize(
    ("now", "typed", "changed"),
    [
        ({}, {}, {}),
        ({}, {"title": "二"}, {"title": "mine"}),
        ({"title": ["二"]}, {}, {"title": "theirs"}),
        ({"title": ["二"]}, {"title": "三"}, {"title": "both"}),
        ({"title": ["二"]}, {"title": "二"}, {}),
        ({}, {"day": "2020-1-1"}, {}),
        ({}, {"day": "昨天"}, {"day": "mine"}),
        ({}, {"title": " 一\r\n"}, {}),
        ({"is_open": ["on"]}, {}, {"is_open": "theirs"}),
        (
            {},
            {"is_open": "on", "kind": "b", "several": ["1", "2"]},
            {"is_open": "mine", "kind": "mine", "several": "mine"},
        ),
    ],
)
def test_who_changed_what(now, typed, changed):
    rows = compare(Form(), was=WAS, now=WAS | now, sent=sent(**{**WAS, **typed}))

    assert {row.name: row.changed_by for row in rows if row.changed_by} == changed


def test_values_are_told_in_words_and_sent_on_as_they_were_typed():
    rows = compare(Form(), was=WAS, now=WAS, sent=sent(**{**WAS, "kind": "b", "is_open": "on", "day": "昨天"}))

    told = {row.name: (row.was, row.now, row.mine, row.sent) for row in rows if row.changed_by}
    assert told == {
        "kind": ("甲", "甲", "乙", ["b"]),
        "is_open": ("否", "否", "是", ["on"]),
        "day": ("2020-01-01", "2020-01-01", "昨天", ["昨天"]),
    }


def test_what_stands_is_taken_where_it_was_chosen():
    data = sent(
        title="三", several=["2"], kind="b", **{"take-title": "theirs", "take-several": "theirs", "take-kind": "mine"}
    )

    result = merged(data, WAS)

    assert {name: result.getlist(name) for name in ("title", "several", "kind")} == {
        "title": ["一"],
        "several": ["1"],
        "kind": ["b"],
    }


@pytest.mark.django_db
def test_a_version_is_signed_for_one_record():
    one, other = make_user("one"), make_user("other")
    text = opened_with(one, {"full_name": ["李"]})

    assert read_opened(text, one).values == {"full_name": ["李"]}
    assert [read_opened(wrong, one) for wrong in ("", text[:-1], "1", opened_with(other, {}))] == [None] * 4
    assert read_opened(text, other) is None


@pytest.mark.django_db
def test_a_version_is_taken_once():
    user = make_user("li")

    take_version(user, 1)

    with pytest.raises(Stale):
        take_version(user, 1)
    user.refresh_from_db()
    assert user.version == 2
