"""Pages reach 10,000 rows; a cursor reaches all of them, each once."""

import base64

import pytest
from django.http import QueryDict

from catalog.models import Standard
from records import paging
from tests.factories import make_standard

pytestmark = pytest.mark.django_db
LIST = "/api/v1/standards/"


@pytest.fixture
def seven(db):
    return [make_standard(f"GB/T {serial}-2020").number for serial in (3, 1, 2, 7, 6, 5, 4)]


def get(client, **parameters):
    response = client.get(LIST, parameters)
    assert response.status_code == 200, response.content.decode()
    return response.json()


def numbers(answer) -> list[str]:
    return [row["number"] for row in answer["results"]]


def test_pages_follow_each_other_and_keep_the_view(client, seven):
    first = get(client, page_size=3, level="national", ordering="number")
    second = client.get(first["next"]).json()
    third = client.get(second["next"]).json()

    assert [numbers(page) for page in (first, second, third)] == [
        ["GB/T 1-2020", "GB/T 2-2020", "GB/T 3-2020"],
        ["GB/T 4-2020", "GB/T 5-2020", "GB/T 6-2020"],
        ["GB/T 7-2020"],
    ]
    assert [page["count"] for page in (first, second, third)] == [7, 7, 7]
    assert (first["previous"], third["next"]) == (None, None)
    assert second["previous"] == f"http://testserver{LIST}?page_size=3&level=national&ordering=number&page=1"


def test_a_page_beyond_the_last_is_refused(client, seven):
    response = client.get(LIST, {"page": 2})

    assert (response.status_code, response.json()["errors"][0]["field"]) == (400, "page")


def test_the_first_page_of_nothing_is_empty(client):
    answer = get(client)

    assert (answer["count"], answer["results"], answer["next"], answer["previous"]) == (0, [], None, None)


def test_pages_end_at_ten_thousand_rows(seven, monkeypatch):
    monkeypatch.setattr(paging, "DEEPEST_ROW", 6)

    def page(number: int):
        return paging.page_of(Standard.objects.order_by("pk"), QueryDict(f"page={number}&page_size=2"), "/x/")

    last = page(3)
    assert (last.next, last.previous, last.pages, last.count) == (None, "/x/?page_size=2&page=2", 4, 7)
    with pytest.raises(paging.ValidationError):
        page(4)


def test_the_limit_is_ten_thousand(client, seven):
    refused = client.get(LIST, {"page": 101, "page_size": 100}).json()

    assert paging.DEEPEST_ROW == 10_000
    assert "10000" in refused["errors"][0]["message"]


def test_places_count_on(seven):
    parts = [
        paging.page_of(Standard.objects.order_by("pk"), QueryDict(f"page={number}&page_size=3"), "/")
        for number in (1, 2, 3)
    ]

    assert [part.first for part in parts] == [1, 4, 7]


def walk(client, **parameters) -> list[str]:
    answer = get(client, cursor="", page_size=2, **parameters)
    seen = numbers(answer)
    while answer["next"]:
        answer = client.get(answer["next"]).json()
        seen += numbers(answer)
    return seen


def test_a_cursor_gives_every_row_once_in_the_order_of_entry(client, seven):
    assert walk(client) == seven


def test_a_cursor_keeps_the_filters(client, seven):
    make_standard("HJ 9-2020")

    assert (walk(client, level="industry"), walk(client, level="national")) == (["HJ 9-2020"], seven)


def test_rows_that_arrive_meanwhile_are_given_too(client, seven):
    answer = get(client, cursor="", page_size=3)
    seen = numbers(answer)
    late = []
    while answer["next"]:
        if len(late) < 3:
            late.append(make_standard(f"GB/T 0{len(late)}-2021").number)
        answer = client.get(answer["next"]).json()
        seen += numbers(answer)

    assert seen == seven + late


def test_a_cursor_is_not_bound_to_ten_thousand_rows(client, seven, monkeypatch):
    monkeypatch.setattr(paging, "DEEPEST_ROW", 2)

    assert walk(client) == seven


def coded(text: str) -> str:
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


@pytest.mark.parametrize(
    "cursor",
    [
        "x",
        "%00",
        "质量",
        "a" * 5000,
        "====",
        coded("after"),
        coded("after x"),
        coded("after -1"),
        coded("after 1 2"),
        coded("before 1"),
        coded("after ²"),
        coded("after 9999999999999999999"),
        coded("after 1 OR 1=1"),
        base64.urlsafe_b64encode(b"\xff\xfe after 1").decode(),
    ],
)
def test_a_cursor_that_was_not_given_out_is_refused(client, cursor):
    response = client.get(LIST, {"cursor": cursor})

    assert (response.status_code, response.json()["errors"][0]["field"]) == (400, "cursor")
