"""What a source's row makes of a standard that may be known already."""

from datetime import date

import pytest

from catalog.merging import Finding, merge
from catalog.numbers import parse
from catalog.reading import Reading
from catalog.replacements import Mention

D1, D2, D3 = date(2025, 1, 1), date(2025, 6, 1), date(2026, 1, 1)
NUMBER = "GB/T 24421.2-2009"
DATES = {"published_on": "2009-09-30", "implemented_on": "2009-11-01"}


def row(number=NUMBER, mentions=(), as_of=None, damaged=(), words=None, **values):
    return Reading(
        number=parse(number),
        values={"title": "服务业组织标准化工作指南", **DATES, **values},
        words=words or {},
        mentions=list(mentions),
        as_of=as_of,
        damaged=list(damaged),
    )


def after(*rows, before=None):
    """The state after rows of (source, day, reading), and what the last one found."""
    state, findings = before, []
    for source, day, reading in rows:
        state, findings = merge(state, reading, source, day)
    return state, findings


def says(status, **values):
    return row(words={"status": status}, **values)


def kinds(findings):
    return sorted((one.kind, one.subject) for one in findings)


# --- facts ----------------------------------------------------------------------------------------------------


def test_the_first_row_is_taken_over_with_its_claim():
    state, findings = merge(None, says("现行"), "甲", D1)

    assert state == {
        "title": "服务业组织标准化工作指南",
        **DATES,
        "claim 甲": {
            "as_of": "2025-01-01",
            "values": {
                "implemented_on": ["2009-11-01"],
                "published_on": ["2009-09-30"],
                "status": ["现行"],
                "title": ["服务业组织标准化工作指南"],
            },
        },
    }
    assert findings == []


@pytest.mark.parametrize("later", ["甲", "乙"])
def test_a_blank_never_erases(later):
    whole = row(title_en="Guidelines", filing_number="J1-2009", scope="本部分规定了", ics=["03.080.01"], ccs=["A12"])
    bare = Reading(number=parse(NUMBER), values={"title": "服务业组织标准化工作指南"})

    state, findings = after(("甲", D1, whole), (later, D2, bare))

    kept = ("title_en", "filing_number", "scope", "ics", "ccs", "published_on", "implemented_on")
    assert {name: state[name] for name in kept} == {name: whole.values[name] for name in kept}
    assert findings == []


def test_the_same_sources_later_word_supersedes_its_earlier_one():
    state, findings = after(("甲", D1, row(title="旧题")), ("甲", D2, row(title="新题")))

    assert (state["title"], findings) == ("新题", [])


def test_an_older_snapshot_of_a_source_says_nothing_any_more():
    newer, _ = after(("甲", D2, row(title="新题")))

    state, findings = merge(newer, row(title="旧题", title_en="Old"), "甲", D1)

    assert (state, findings) == (newer, [])


def test_a_rows_own_day_comes_before_the_files():
    state, _ = after(("甲", D1, row(title="新题", as_of=D3)), ("甲", D2, row(title="旧题")))

    assert (state["title"], state["claim 甲"]["as_of"]) == ("新题", "2026-01-01")


def test_another_source_that_says_otherwise_is_a_finding_and_the_first_word_stands():
    state, findings = after(("甲", D1, row()), ("乙", D2, row(implemented_on="2010-01-01")))

    assert state["implemented_on"] == "2009-11-01"
    assert findings == [
        Finding(
            "sources_disagree",
            "implemented_on",
            {"recorded": "2009-11-01", "source": "乙", "says": "2010-01-01"},
        )
    ]


def test_what_a_person_corrected_stands_against_the_sources_later_word():
    state, _ = after(("甲", D1, row(title="错题")))

    state, findings = merge({**state, "title": "正题"}, row(title="又错题"), "甲", D2)

    assert (state["title"], kinds(findings)) == ("正题", [("sources_disagree", "title")])


def test_a_source_fills_what_the_first_one_left_blank():
    state, findings = after(("甲", D1, row()), ("乙", D1, row(title_en="Guidelines")))

    assert (state["title_en"], findings) == ("Guidelines", [])


@pytest.mark.parametrize(
    "other", ["服务业组织 标准化工作指南", "《服务业组织标准化工作指南》", "服务业组织标准化工作指南 第2部分"]
)
def test_blanks_marks_and_a_longer_form_of_a_title_are_no_disagreement(other):
    _state, findings = after(("甲", D1, row()), ("乙", D1, row(title=other)))

    assert findings == []


# --- dates known to the month or year -----------------------------------------------------------------------------


@pytest.mark.parametrize("later", ["甲", "乙"])
@pytest.mark.parametrize("day", ["2024-05-01", "2024-05-20"])
def test_a_day_within_a_month_that_was_known_says_more(later, day):
    month = row(implemented_on="2024-05-01", implemented_precision="month")

    state, findings = after(("甲", D1, month), (later, D2, row(implemented_on=day)))

    assert (state["implemented_on"], "implemented_precision" in state, findings) == (day, False, [])


@pytest.mark.parametrize("later", ["甲", "乙"])
def test_a_month_that_holds_the_day_known_changes_nothing(later):
    month = row(implemented_on="2024-05-01", implemented_precision="month")

    state, findings = after(("甲", D1, row(implemented_on="2024-05-20")), (later, D2, month))

    assert (state["implemented_on"], "implemented_precision" in state, findings) == ("2024-05-20", False, [])


def test_a_month_within_a_year_says_more_and_another_month_disagrees():
    year = row(published_on="2024-01-01", published_precision="year", implemented_on="2025-01-01")
    month = row(published_on="2024-05-01", published_precision="month", implemented_on="2025-01-01")
    other = row(published_on="2023-05-01", published_precision="month", implemented_on="2025-01-01")

    state, findings = after(("甲", D1, year), ("乙", D1, month))
    _state, disagreeing = after(("甲", D1, year), ("乙", D1, other))

    assert (state["published_on"], state["published_precision"], findings) == ("2024-05-01", "month", [])
    assert kinds(disagreeing) == [("sources_disagree", "published_on")]


# --- codes and relations ---------------------------------------------------------------------------------------------


def test_codes_of_several_sources_add_up():
    state, _ = after(("甲", D1, row(ics=["03.080.01"], ccs=["A12"])), ("乙", D1, row(ics=["01.120"], ccs=["A12"])))

    assert (state["ics"], state["ccs"]) == (["01.120", "03.080.01"], ["A12"])


def test_a_damaged_code_is_a_finding():
    _state, findings = after(("甲", D1, row(damaged=["110"])))

    assert findings == [Finding("code_damaged", "110", {"printed": "110"})]


def test_relations_are_named_from_either_end():
    old, new = parse("GB/T 24421.2-2009"), parse("GB/T 24421.2-2023")
    fact = [new.key, "replaces", old.key, str(new), str(old), "", ""]

    from_new, _ = merge(None, row(str(new), [Mention("replaces", old)]), "甲", D1)
    from_old, _ = merge(None, row(str(old), [Mention("replaced_by", new)]), "甲", D1)

    assert (from_new["relations"], from_old["relations"]) == ([fact], [fact])


def test_replacement_in_part_is_a_relation_of_its_own():
    state, _ = after(("甲", D1, row(mentions=[Mention("replaces", parse("GB/T 14833-2011"), True)])))

    assert [fact[1:3] for fact in state["relations"]] == [["partly_replaces", "gb/t 14833-2011"]]


@pytest.mark.parametrize(
    ("number", "kind", "target", "degree"),
    [
        ("GB/T 1-2020/XG1-2022", "amends", "gb/t 1-2020", ""),
        ("ISO 9001:2015/Cor 1:2016", "corrects", "iso 9001:2015", ""),
        ("GB/T 1-2020E", "translates", "gb/t 1-2020", ""),
        ("GB/T 19001-2016/ISO 9001:2015", "adopts", "iso 9001:2015", "IDT"),
    ],
)
def test_what_the_number_itself_says_is_a_relation(number, kind, target, degree):
    state, _ = after(("甲", D1, row(number, published_on="2022-01-01", implemented_on="2022-02-01")))

    assert [(fact[1], fact[2], fact[5]) for fact in state["relations"]] == [(kind, target, degree)]


def test_relations_are_never_lost_to_a_row_that_does_not_name_them():
    mention = Mention("replaces", parse("GB/T 1-2000"))

    state, _ = after(("甲", D1, row(mentions=[mention])), ("甲", D2, row()), ("乙", D2, row(mentions=[mention])))

    assert [fact[2] for fact in state["relations"]] == ["gb/t 1-2000"]


# --- claims -------------------------------------------------------------------------------------------------------


def test_rows_of_one_source_and_day_add_up_and_say_so_only_once():
    twice = [("甲", D1, says("现行")), ("甲", D1, says("废止"))]

    once, _ = after(*twice)
    again, _ = after(*twice, before=once)

    assert once["claim 甲"]["values"]["status"] == ["现行", "废止"]
    assert again == once


def test_the_same_words_on_a_later_day_change_nothing():
    first, _ = after(("甲", D1, says("现行")))

    assert after(("甲", D2, says("现行")), before=first)[0] == first


def test_other_words_on_a_later_day_take_the_place_of_the_earlier_ones():
    state, _ = after(("甲", D1, says("即将实施")), ("甲", D2, says("现行")))

    assert (state["claim 甲"]["as_of"], state["claim 甲"]["values"]["status"]) == ("2025-06-01", ["现行"])


def test_each_source_has_a_claim_of_its_own():
    state, _ = after(("甲", D1, says("现行")), ("乙", D2, says("现行")))

    assert sorted(name for name in state if name.startswith("claim ")) == ["claim 乙", "claim 甲"]


# --- 废止 without a day --------------------------------------------------------------------------------------------


def test_a_source_that_says_void_dates_the_claim():
    state, _ = after(("甲", D2, says("废止")))

    assert state["withdrawal_claimed_on"] == "2025-06-01"


def test_the_earliest_source_that_says_void_counts_in_either_order():
    orders = [
        [("甲", D1, says("废止")), ("乙", D2, says("作废"))],
        [("乙", D2, says("作废")), ("甲", D1, says("废止"))],
    ]

    assert [after(*order)[0]["withdrawal_claimed_on"] for order in orders] == ["2025-01-01", "2025-01-01"]


def test_a_source_that_still_says_void_keeps_its_first_day():
    state, _ = after(("甲", D1, says("废止")), ("甲", D3, says("已废止")))

    assert state["withdrawal_claimed_on"] == "2025-01-01"


def test_a_claim_goes_when_no_source_says_so_any_more():
    state, _ = after(("甲", D1, says("废止")), ("甲", D2, says("现行")))

    assert "withdrawal_claimed_on" not in state


def test_a_claim_taken_back_leaves_the_other_sources_day():
    state, _ = after(("甲", D1, says("废止")), ("乙", D2, says("废止")), ("甲", D3, says("现行")))

    assert state["withdrawal_claimed_on"] == "2025-06-01"


# --- what does not add up ---------------------------------------------------------------------------------------


def test_sources_that_contradict_each_other_on_the_status():
    _state, findings = after(("甲", D1, says("废止")), ("乙", D1, says("现行")))

    assert findings == [Finding("sources_disagree", "status", {"says": {"甲": ["废止"], "乙": ["现行"]}})]


def test_an_earlier_word_that_it_is_valid_has_been_overtaken_by_a_withdrawal():
    _state, findings = after(("甲", D1, says("现行")), ("乙", D2, says("废止")))

    assert findings == []


def test_a_later_word_that_it_is_valid_contradicts_a_withdrawal():
    _state, findings = after(("甲", D1, says("废止")), ("乙", D2, says("现行")))

    assert kinds(findings) == [("sources_disagree", "status")]


@pytest.mark.parametrize(
    ("words", "dates", "status"),
    [
        ("现行", {"published_on": "2024-01-01", "implemented_on": "2025-02-01"}, "upcoming"),
        ("现行", {"published_on": "2025-02-01", "implemented_on": "2025-03-01"}, "planned"),
        ("现行", {"withdrawn_on": "2024-01-01"}, "withdrawn"),
        ("即将实施", {}, "in_force"),
        ("即将实施", {"withdrawn_on": "2024-01-01"}, "withdrawn"),
        ("废止", {"published_on": "2024-01-01", "implemented_on": "2025-02-01"}, "upcoming"),
        ("废止", {"published_on": "2025-02-01", "implemented_on": "2025-03-01"}, "planned"),
        ("废止", {"withdrawn_on": "2025-02-01"}, "in_force"),
    ],
)
def test_words_against_the_dates(words, dates, status):
    _state, findings = after(("甲", D1, says(words, **dates)))

    assert [one for one in findings if one.kind == "status_against_dates"] == [
        Finding("status_against_dates", "甲", {"says": [words], "dates": status, "as_of": "2025-01-01"})
    ]


@pytest.mark.parametrize(
    ("words", "dates"),
    [
        ("现行", {}),
        ("废止", {}),
        ("即将实施", {"published_on": "2024-01-01", "implemented_on": "2025-02-01"}),
        ("现行", {"implemented_on": "2025-01-01", "implemented_precision": "year"}),
        ("废止", {"withdrawn_on": "2024-02-01"}),
        ("修订中", {}),
    ],
)
def test_words_that_the_dates_bear_out(words, dates):
    assert after(("甲", D1, says(words, **dates)))[1] == []


def test_the_sources_own_day_decides_what_its_words_are_held_against():
    upcoming = {"published_on": "2024-12-01", "implemented_on": "2025-03-01"}

    on_its_day = after(("甲", D1, says("即将实施", **upcoming)))[1]
    later = after(("甲", D2, says("即将实施", **upcoming)))[1]

    assert (kinds(on_its_day), kinds(later)) == ([], [("status_against_dates", "甲")])


def test_a_missing_day_of_implementation_is_a_finding_but_not_of_a_plan():
    bare = {"title": "某"}
    missing = Reading(number=parse(NUMBER), values=bare)
    plan = Reading(number=parse(NUMBER), values=bare, words={"status": "在研"})

    assert kinds(merge(None, missing, "甲", D1)[1]) == [("date_missing", "implemented_on")]
    assert kinds(merge(None, plan, "甲", D1)[1]) == []


@pytest.mark.parametrize(
    ("dates", "found"),
    [
        ({"published_on": "2010-01-01", "implemented_on": "2009-11-01"}, True),
        ({"implemented_on": "2008-12-31", "published_on": "2008-01-01"}, True),  # before its own year
        ({"published_on": "2009-11-20", "implemented_on": "2009-11-01", "implemented_precision": "month"}, False),
        ({"published_on": "2009-11-20", "implemented_on": "2009-10-01", "implemented_precision": "month"}, True),
        ({"published_on": "2009-11-01", "implemented_on": "2009-11-01"}, False),
    ],
)
def test_dates_out_of_order(dates, found):
    findings = after(("甲", D1, row(**dates)))[1]

    assert kinds(findings) == ([("date_order", "implemented_on")] if found else [])


def test_a_later_scope_of_the_same_source_supersedes_its_earlier_one():
    state, findings = after(("甲", D1, row(scope="适用于窗口服务。")), ("甲", D2, row(scope="适用于各类服务。")))

    assert (state["scope"], [one for one in findings if one.subject == "scope"]) == ("适用于各类服务。", [])
