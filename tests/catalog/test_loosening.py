"""What to give up when nothing is found, and what that would bring."""

import pytest
from django.http import QueryDict

from catalog.filters import StandardFilter
from catalog.loosening import looser_views
from catalog.models import Standard
from tests.factories import make_standard

pytestmark = pytest.mark.django_db


def looser(query: str) -> list[tuple[str, int, str]]:
    view = StandardFilter(QueryDict(query), Standard.objects.visible_to(None))
    assert not view.qs.exists()
    return [(one.label, one.count, QueryDict(one.address[1:]).urlencode(safe="茶咖啡")) for one in looser_views(view)]


@pytest.fixture(autouse=True)
def corpus(db):
    make_standard("GB/T 1-2020", "绿茶", implemented_on="2020-01-01")
    make_standard("GB/T 2-2020", "红茶", implemented_on="2020-01-01")
    make_standard("HJ 3-2020", "咖啡", implemented_on="2020-01-01")


def test_each_filter_and_each_word_is_tried_and_the_most_comes_first():
    found = looser("q=茶 咖啡&nature=recommended&on=2024-01-01")

    assert [(label, count) for label, count, _address in found] == [("去掉词语“咖啡”", 2)]


def test_a_filter_given_up_keeps_the_rest():
    assert looser("q=咖啡&level=national&on=2024-01-01&ordering=number") == [
        ("去掉筛选“层级”", 1, "q=%E5%92%96%E5%95%A1&on=2024-01-01&ordering=number")
    ]


def test_the_page_is_not_kept():
    assert "page" not in looser("q=咖啡&level=national&page=1&page_size=5")[0][2]


def test_nothing_is_offered_that_finds_nothing():
    assert looser("q=可可&level=municipal") == []


def test_one_word_alone_is_not_given_up():
    assert looser("q=可可") == []


def test_filters_alone_are_tried():
    assert [(label, count) for label, count, _ in looser("level=national&nature=mandatory")] == [
        ("去掉筛选“性质”", 2),
        ("去掉筛选“层级”", 1),
    ]


def test_a_number_under_the_wrong_prefix_is_offered_under_any():
    make_standard("GB/T 19001-2016")

    found = looser_views(StandardFilter(QueryDict("q=GB 19001-2015"), Standard.objects.all()))

    assert (1, "?q=19001") in [(one.count, one.address) for one in found]
