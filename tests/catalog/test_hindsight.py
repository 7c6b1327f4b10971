"""Of a past day only what was known then is told: no successor that was published later, no withdrawal to come."""

from datetime import date, timedelta

import pytest
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from catalog.columns import columns
from catalog.lifecycle import NO_END, end_as_told, was_known
from catalog.models import Standard
from catalog.payload import payload
from catalog.sheets import table_rows
from tests.factories import make_standard

pytestmark = pytest.mark.django_db
DAY = date(2015, 6, 15)
FIRST, SECOND = "GB/T 1-2010", "GB/T 1-2016"


@pytest.fixture
def pair(db):
    """An edition whose successor was published on the day and came into force half a year later."""
    make_standard(FIRST, implemented_on="2010-01-01")
    make_standard(SECOND, published_on=DAY.isoformat(), implemented_on="2016-01-01", replaces=[FIRST])


def row(number: str, on: date) -> dict:
    return payload(Standard.objects.filter(number=number), on)[0]


def told(number: str, on: date) -> tuple:
    found = row(number, on)
    return found["status"], found["replaced_by"], found.get("ends_on"), found.get("days_left")


def test_a_successor_is_told_of_from_the_day_of_its_publication(pair):
    days = [date(2015, 6, 14), DAY, date(2016, 1, 1), timezone.localdate()]

    assert [told(FIRST, day) for day in days] == [
        ("in_force", [], None, None),
        ("in_force", [SECOND], "2016-01-01", 200),
        ("replaced", [SECOND], "2016-01-01", None),
        ("replaced", [SECOND], "2016-01-01", None),
    ]


def test_a_successor_without_a_day_of_publication_is_told_of_once_it_has_begun():
    make_standard(FIRST, implemented_on="2010-01-01")
    make_standard(SECOND, implemented_on="2016-01-01", replaces=[FIRST])

    assert told(FIRST, date(2015, 12, 31)) == ("in_force", [], None, None)
    assert told(FIRST, date(2016, 1, 1)) == ("replaced", [SECOND], "2016-01-01", None)


def test_a_withdrawal_is_not_told_of_before_it_came():
    make_standard(FIRST, implemented_on="2010-01-01", withdrawn_on="2016-01-01")

    assert told(FIRST, date(2015, 12, 31)) == ("in_force", [], None, None)
    assert told(FIRST, date(2016, 1, 1)) == ("withdrawn", [], "2016-01-01", None)


def test_what_ends_from_today_on_is_told_of():
    today = timezone.localdate()
    make_standard(FIRST, implemented_on="2010-01-01", withdrawn_on=(today + timedelta(days=9)).isoformat())

    assert told(FIRST, today)[3] == 9


def test_a_successor_that_is_not_in_the_catalogue_is_told_of_when_the_end_has_come():
    make_standard(SECOND, implemented_on="2011-01-01", withdrawn_on="2016-01-01")
    other = make_standard("GB/T 9-2016", replaces=[SECOND])
    Standard.objects.filter(pk=other.pk).update(published_on=None, implemented_on=None)

    assert told(SECOND, date(2015, 1, 1))[1] == []
    assert told(SECOND, date(2016, 1, 1))[1] == ["GB/T 9-2016"]


@pytest.mark.parametrize(("on", "says"), [("2015-06-14", False), ("2015-06-15", True)])
def test_the_pages_announce_it_from_that_day(client, pair, on, says):
    slug = Standard.objects.get(number=FIRST).slug

    detail, listed = (client.get(path, {"on": on}) for path in (f"/standards/{slug}/", "/standards/"))

    assert [one.source_number for one in detail.context["backward"]] == ([SECOND] if says else [])
    assert ("notice warn" in detail.content.decode()) is says
    assert ["将被代替" in page.content.decode() for page in (listed, detail)] == [says, says]


@pytest.mark.parametrize("on", [date(2015, 6, 14), DAY, date(2016, 1, 1), date(2099, 1, 1)])
def test_an_export_tells_what_the_page_tells(pair, on):
    rows = {one["number"]: one for one in payload(Standard.objects.all(), on)}

    table = {one["number"]: one for one in table_rows(Standard.objects.all(), on)}

    assert {n: (str(t["ends_on"] or ""), t["replaced_by"]) for n, t in table.items()} == {
        n: (r.get("ends_on", ""), "、".join(r["replaced_by"])) for n, r in rows.items()
    }
    assert len(columns()) == 17


def test_was_known():
    assert was_known((DAY, "day"), None, DAY)
    assert not was_known((DAY, "day"), date(2010, 1, 1), DAY - timedelta(days=1))
    assert not was_known((DAY.replace(day=1), "month"), None, DAY)
    assert was_known((DAY.replace(day=1), "month"), None, date(2015, 7, 1))
    assert was_known(NO_END, DAY, DAY)
    assert not was_known(NO_END, None, DAY)


def test_end_as_told():
    later = (DAY + timedelta(days=1), "day")

    assert end_as_told(later, NO_END, DAY, announced=True) == later
    assert end_as_told(later, NO_END, DAY, announced=False) == NO_END
    assert end_as_told(NO_END, later, DAY, announced=True) == NO_END
    assert end_as_told(NO_END, (DAY, "day"), DAY, announced=False) == (DAY, "day")


ROOMS = 12
NEAR = st.one_of(st.none(), st.sampled_from([DAY + timedelta(days=n) for n in (-400, -30, -1, 0, 1, 20, 60)]))
PRECISIONS = st.sampled_from(["day", "month"])


@st.composite
def successions(draw):
    published, precision = draw(NEAR), draw(PRECISIONS)
    return {
        "published_on": published.replace(day=1) if published and precision == "month" else published,
        "published_precision": precision,
        "implemented_on": draw(NEAR),
    }, draw(NEAR)


@pytest.fixture
def pairs(db):
    found = []
    for n in range(1, ROOMS + 1):
        old = make_standard(f"GB/T {n}-2000", implemented_on="2000-01-01")
        found.append((old.pk, make_standard(f"GB/T {n}-2010", replaces=[f"GB/T {n}-2000"]).pk))
    return found


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(examples=st.lists(successions(), min_size=ROOMS, max_size=ROOMS), on=st.sampled_from([DAY, date(2015, 7, 1)]))
def test_sql_and_python_agree_on_what_ends_soon(pairs, examples, on):
    for (old, new), (days, withdrawn) in zip(pairs, examples, strict=True):
        Standard.objects.filter(pk=new).update(**days)
        Standard.objects.filter(pk=old).update(replaced_on=days["implemented_on"], withdrawn_on=withdrawn)
    olds = Standard.objects.filter(pk__in=[old for old, _new in pairs])

    soon = set(olds.soon_void(on, 30).values_list("number", flat=True))

    rows = payload(olds, on)
    assert soon == {one["number"] for one in rows if one.get("days_left", 99) <= 30}
