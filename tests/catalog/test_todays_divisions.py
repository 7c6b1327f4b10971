"""Standards of divisions that are there no longer, counted under those of their day or under today's."""

import pytest

from tests.factories import make_standard

pytestmark = pytest.mark.django_db

THEN, NOW = "DB3712/T 1-2015", "DB3701/T 2-2021"  # 莱芜市 became a part of 济南市 in 2019


@pytest.fixture
def two():
    return [make_standard(THEN, "莱芜黑山羊"), make_standard(NOW, "泉水")]


def numbers(client, **asked) -> list[str]:
    return [one["number"] for one in client.get("/api/v1/standards/", asked).json()["results"]]


def counts(client, **asked) -> dict[str, int]:
    facets = client.get("/api/v1/standards/facets/", asked).json()
    return {one["value"]: one["count"] for one in facets["region"]}


def test_what_a_former_division_issued_counts_for_todays_when_it_is_asked_so(client, two):
    assert numbers(client, region="3701") == [NOW]
    assert sorted(numbers(client, region="3701", divisions="today")) == [NOW, THEN]
    assert numbers(client, region="3712") == [THEN]
    assert sorted(numbers(client, region="3712", divisions="today")) == [NOW, THEN]  # what followed it


def test_the_facets_count_as_the_filter_does(client, two):
    assert counts(client) == {"370000": 2, "370100": 1, "371200": 1}
    assert counts(client, divisions="today") == {"370000": 2, "370100": 2}


def test_the_list_says_which_divisions_count_and_offers_the_others(client, two):
    then = client.get("/standards/", {"region": "370000"}).content.decode()
    now = client.get("/standards/", {"region": "370000", "divisions": "today"}).content.decode()

    assert ("divisions=today" in then, "按当时的行政区划统计" in then) == (True, True)
    assert "按今日的行政区划统计" in now


def test_a_standards_page_names_the_division_of_its_day_and_what_it_is_today(client, two):
    old, new = (client.get(one.get_absolute_url()) for one in two)

    assert (old.context["standard"].region.name, old.context["division_now"].name) == ("莱芜市", "济南市")
    assert "?region=370100&amp;divisions=today" in old.content.decode()
    assert new.context["division_now"] is None


def test_another_way_of_counting_is_refused(client):
    assert client.get("/api/v1/standards/", {"divisions": "tomorrow"}).status_code == 400
