"""Figures of the ledger: distinct standards by level, role and rule, for a division and per organization."""

from datetime import date

import pytest
from django.contrib.auth.models import AnonymousUser

from catalog.contribution_counts import Count, level_counts, organization_counts, years_before
from catalog.contribution_filters import ContributionFilter
from catalog.leading import RULES
from catalog.models import Contribution, Standard
from directory.models import Region
from tests.catalog.ledger import enter, make_ledger, place
from tests.factories import make_standard

pytestmark = pytest.mark.django_db
DAY = "2026-06-30"


def view(**asked) -> ContributionFilter:
    data = {"counted": "1", "on": DAY, **asked}
    found = ContributionFilter(data, Contribution.objects.visible_to(AnonymousUser()))
    assert found.is_valid(), found.errors
    return found


def counts(rule: str = "printed", **asked) -> dict[str, tuple[int, int]]:
    found = level_counts(view(**asked).qs, rule)
    return {str(level): (count.lead, count.participate) for level, count in found.items()}


def test_the_same_ledger_gives_each_rule_its_own_figures():
    make_ledger()
    recognised = Contribution.objects.get(recognised=True)
    assert recognised.rank == 3

    assert {rule: counts(rule, region="3206") for rule in RULES} == {
        "first": {"national": (1, 1), "provincial": (0, 1), "international": (1, 1)},
        "first_two": {"national": (1, 1), "provincial": (1, 0), "international": (1, 1)},
        "printed": {"national": (1, 1), "provincial": (1, 0), "international": (1, 1)},
        "recognized": {"national": (1, 1), "provincial": (1, 0), "international": (1, 1)},
    }
    assert listed(rule="first", region="3206", role="lead", level=["international"]) == {"ISO 4:2023"}
    assert listed(rule="recognized", region="3206", role="lead", level=["international"]) == {"ISO 5:2025"}


def test_printed_as_responsible_differs_from_the_first_two():
    ledger = make_ledger()
    enter(
        make_standard("GB/T 8-2022", published_on="2022-01-01"),
        ledger["c"], None, (ledger["b"], {"role": "lead_drafter", "printed_role": "负责起草单位"}),
    )  # fmt: skip

    assert counts("printed", region="3206", level=["national"]) == {"national": (2, 1)}
    assert counts("first_two", region="3206", level=["national"]) == {"national": (1, 2)}
    assert counts("first", region="3205", level=["national"]) == {"national": (2, 0)}
    assert counts("printed", region="3205", level=["national"]) == {"national": (1, 1)}


def listed(**asked) -> set[str]:
    return set(view(**asked).standards().values_list("number", flat=True))


def test_a_division_counts_distinct_standards_and_organizations_count_each_for_themselves():
    ledger = make_ledger()

    national = view(region="3206", level=["national"]).qs
    rows, total = organization_counts(national, "printed")

    assert level_counts(national, "printed") == {"national": Count(1, 1)}
    assert rows == [(ledger["a"].pk, Count(1, 1)), (ledger["b"].pk, Count(1, 0))]
    assert total == 2
    assert sum((count for _pk, count in rows), Count()) == Count(2, 1)  # more than the division's: GB/T 1 twice


def test_an_organization_that_does_not_lead_takes_part_though_its_neighbour_leads():
    a, b = place("甲公司", "320602", 1991), place("乙研究院", "320600")
    enter(make_standard("GB/T 1-2020", published_on="2020-01-01"), a, None, b)

    assert counts("first", region="3206") == {"national": (1, 0)}
    assert counts("first", organization=str(b.pk)) == {"national": (0, 1)}
    assert listed(rule="first", region="3206", role="participate") == set()


@pytest.mark.parametrize("rule", list(RULES))
@pytest.mark.parametrize("region", ["32", "3206", "320614", "3205"])
def test_every_figure_lists_exactly_its_standards(rule, region):
    make_ledger()

    for level, (lead, participate) in counts(rule, region=region).items():
        for role, figure in (("lead", lead), ("participate", participate)):
            assert len(listed(rule=rule, region=region, level=[level], role=role)) == figure


def test_a_body_lies_where_its_division_went():
    make_ledger()

    assert counts(region="320614") == {"national": (1, 0), "international": (0, 1)}  # 海门区, once 海门市
    assert counts(region="320613") == {"national": (1, 1), "provincial": (1, 0), "international": (1, 0)}  # 崇川区
    assert counts(region="320684", on="2019-06-30") == {}
    assert counts(region="320684", on="2020-06-30") == {"national": (1, 0)}


def test_what_figures_leave_out():
    ledger = make_ledger()
    translation = make_standard("GB/T 2-2024E", "", title_en="Tea", published_on="2024-03-01")
    enter(translation, ledger["a"])
    (voided,) = enter(make_standard("GB/T 9-2020", published_on="2020-01-01"), ledger["a"])
    Contribution.objects.filter(pk=voided.pk).update(voided_at="2026-01-01T00:00Z", leads_as_printed=False)
    gone = make_standard("GB/T 10-2020", published_on="2020-01-01")
    enter(gone, ledger["a"])
    Standard.objects.filter(pk=gone.pk).update(voided_at="2026-01-01T00:00Z")
    enter(make_standard("GB/T 11-2020", published_on="2020-01-01"), (ledger["a"], {"rank": None, "role": "keeper"}))
    enter(make_standard("GB/T 12-2020", published_on="2020-01-01"), ledger["a"], is_example=True)

    assert counts(organization=str(ledger["a"].pk), level=["national"]) == {"national": (1, 1)}
    assert counts(organization=str(ledger["a"].pk), level=["national"], on="2027-06-30") == {"national": (2, 1)}


def test_examples_do_not_count_in_a_selection_without_real_records_either():
    alone = place("示例单位", "320600")
    enter(make_standard("T/SLBZ 6-2024", published_on="2024-01-01"), alone, is_example=True)
    before = counts(region="3206")
    elsewhere = place("实有单位", "330100")
    enter(make_standard("GB/T 1-2020", published_on="2020-01-01"), elsewhere)

    assert (len(before), counts(region="3206"), counts(region="3301")) == (1, {}, {"national": (1, 0)})


def test_examples_count_as_long_as_there_is_nothing_else():
    a = place("甲公司", "320600")
    enter(make_standard("T/SLBZ 1-2020", published_on="2020-01-01"), a, is_example=True)

    assert counts(region="3206") == {"group": (1, 0)}


@pytest.mark.parametrize(
    ("state", "days"),
    [
        ({"published_on": "2024-05-01", "published_precision": "month"}, {"2024-05-31": 0, "2024-06-01": 1}),
        ({"published_on": "2024-01-01", "published_precision": "year"}, {"2024-12-31": 0, "2025-01-01": 1}),
        ({"implemented_on": "2024-05-10"}, {"2024-05-09": 0, "2024-05-10": 1}),
        ({}, {"2024-12-31": 0, "2025-01-01": 1}),
    ],
)
def test_a_standard_counts_from_the_day_on_which_it_was_certainly_published(state, days):
    enter(make_standard("GB/T 1-2024", **state), place("甲公司", "320600"))

    for day, expected in days.items():
        found = counts(region="3206", on=day)
        assert sum(map(sum, found.values())) == expected, day


def test_a_period_ends_with_its_day_and_begins_after_that_day_some_years_before():
    a = place("甲公司", "320600")
    for serial, day in enumerate(["2023-06-30", "2023-07-01", "2026-06-30", "2026-07-01"], start=1):
        enter(make_standard(f"GB/T {serial}-{day[:4]}", published_on=day), a)
    enter(make_standard("GB/T 8-2023", published_on="2023-06-01", published_precision="month"), a)
    enter(make_standard("GB/T 9-2023"), a)
    enter(make_standard("GB/T 10-2024"), a)

    assert listed(years="3") == {"GB/T 2-2023", "GB/T 3-2026", "GB/T 10-2024"}
    assert counts(years="3") == {"national": (3, 0)}


def test_years_before_the_day_that_not_every_year_has():
    assert years_before(date(2024, 2, 29), 3) == date(2021, 2, 28)
    assert years_before(date(2024, 2, 29), 4) == date(2020, 2, 29)
    assert years_before(date(2026, 6, 30), 3) == date(2023, 6, 30)


def test_one_statement_an_answer(django_assert_num_queries):
    make_ledger()
    part = view(region="3206").qs

    with django_assert_num_queries(1):
        level_counts(part, "recognized")
    with django_assert_num_queries(1):
        organization_counts(part, "first")


def test_a_code_that_no_division_has_counts_nothing():
    make_ledger()

    assert counts(region="99") == {}
    assert organization_counts(view(region="99").qs, "first") == ([], 0)


def test_pages_of_the_table_of_organizations():
    standard = make_standard("GB/T 1-2020", published_on="2020-01-01")
    organizations = [place(f"公司{at}", "320600") for at in range(5)]
    enter(standard, *organizations)

    first, total = organization_counts(view().qs, "first", limit=2)
    rest, _total = organization_counts(view().qs, "first", limit=9, offset=2)

    assert total == 5
    assert [pk for pk, _count in [*first, *rest]] == [one.pk for one in organizations]
    assert [count.lead for _pk, count in [*first, *rest]] == [1, 0, 0, 0, 0]


def test_the_divisions_that_the_tests_speak_of_are_there():
    assert Region.objects.filter(code="320684", valid_to=2020, successors__code="320614").count() == 1
