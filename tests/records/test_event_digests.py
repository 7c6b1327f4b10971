"""The digest of an event: over every column, the same on both databases."""

import hashlib
from datetime import UTC, datetime

import pytest

from records.event_digests import NAMES, canonical, event_digests
from records.models import Event
from tests.guards import lifted
from tests.records.trail import make_events, unguarded

pytestmark = pytest.mark.django_db

WHOLE = {
    "at": datetime(2026, 11, 22, 4, 5, 6, tzinfo=UTC),
    "reason": "更正“题”\n二",
    "changes": {"b": [None, 1.5], "a": [{"z": 1, "y": ["é", True]}, ""]},
}
CANONICAL = (
    '{"action":"updated","actor_name":"wang","at":"2026-11-22 04:05:06.000000","changes":{"a":[{"y":["é",true],"z":1},""],'
    '"b":[null,1.5]},"channel":"web","object_id":5,"object_label":"第5号","object_type":"a.b","reason":"更正“题”\\n二"}'
)


def digest(pk):
    return dict(event_digests(pk, pk, "sha256")).get(pk)


def test_it_is_over_canonical_json_whatever_the_database():
    make_events(5, **WHOLE)

    assert digest(5) == hashlib.sha256(CANONICAL.encode()).digest()[:16]


def test_the_fraction_of_a_second_counts():
    make_events(5, **WHOLE | {"at": WHOLE["at"].replace(microsecond=120)})

    expected = CANONICAL.replace("06.000000", "06.000120")
    assert digest(5) == hashlib.sha256(expected.encode()).digest()[:16]


@pytest.mark.parametrize("name", [name for name in NAMES if name not in ("actor_id", "batch_id")])
def test_it_is_over_every_column(name):
    make_events(5, **WHOLE)
    before = digest(5)
    other = {"at": datetime(2026, 1, 1, tzinfo=UTC), "changes": {}, "object_id": 6}.get(name, "x")

    with lifted():
        unguarded(Event).filter(pk=5).update(**{name: other})

    assert digest(5) != before


def test_a_column_that_is_added_later_and_left_blank_changes_nothing():
    blank = dict.fromkeys(NAMES, "") | {"at": "2026-11-22 04:05:06", "changes": "{}"}
    none = dict.fromkeys(NAMES) | {"at": "2026-11-22 04:05:06.000000", "changes": "{}"}

    assert canonical(list(blank.values())) == canonical(list(none.values()))


def test_what_is_no_json_has_a_digest_too():
    broken = dict.fromkeys(NAMES) | {"at": 5, "changes": "{"}

    assert isinstance(canonical(list(broken.values())), bytes)


@pytest.mark.parametrize("limit", [0, 1, 2, 3, None])
def test_pages_follow_one_another(monkeypatch, limit):
    monkeypatch.setattr("records.event_digests.PAGE", 2)
    make_events(1, 2, 3, 5, 8)

    found = [pk for pk, _digest in event_digests(2, 8, "sha256", limit)]

    assert found == [2, 3, 5, 8][:limit]
