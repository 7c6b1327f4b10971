"""Sealing: what a seal covers, what it is chained to, what of it stands in the second place."""

import json
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from records import seals, second_place
from records.models import Event, Seal
from records.seals import TrailBroken, seal_trail
from records.verifying import verify_trail
from tests.guards import lifted
from tests.records.trail import make_events, sealed, unguarded

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def copy(settings, tmp_path):
    settings.TRAIL_COPY = str(tmp_path / "elsewhere" / "seals.jsonl")
    return Path(settings.TRAIL_COPY)


def covered(seal):
    gaps = [(low, high) for low, high, _since in Seal.objects.get(pk=seal.pk).gaps]
    return (seal.first_id, seal.last_id, seal.count, [tuple(one) for one in seal.late], gaps)


def numbers_in(copy):
    return [json.loads(line)["number"] for line in copy.read_text().splitlines()]


def no_space(lines):
    raise OSError("no space")


def test_each_seal_covers_what_came_since_the_last_and_is_chained_to_it():
    first, second = sealed(1, 2, 3), sealed(4, 5)

    assert (covered(first), covered(second)) == ((1, 3, 3, [], []), (4, 5, 2, [], []))
    assert (first.previous, second.previous) == ("", first.mac)
    assert (first.number, second.number, len(second.digests)) == (1, 2, 2 * 24)


def test_nothing_new_is_no_seal():
    sealed(1)

    assert seal_trail() == []
    assert Seal.objects.count() == 1


def test_an_empty_trail_is_not_sealed(copy):
    assert seal_trail() == []
    assert (Seal.objects.count(), copy.exists()) == (0, False)


def test_many_events_are_sealed_in_parts(monkeypatch):
    monkeypatch.setattr(seals, "LIMIT", 2)
    make_events(1, 2, 3, 4, 5)

    made = seal_trail()

    assert [covered(seal)[:3] for seal in made] == [(1, 2, 2), (3, 4, 2), (5, 5, 1)]
    assert verify_trail().events == 5


def test_ids_that_are_not_there_are_gaps_and_are_sealed_as_late_when_they_come():
    first = sealed(1, 4, 7)
    make_events(2, 6, 8)
    second = seal_trail()[0]

    assert covered(first) == (1, 7, 3, [], [(2, 3), (5, 6)])
    assert covered(second) == (8, 8, 3, [(2, 2), (6, 6)], [(3, 3), (5, 5)])
    assert verify_trail().events == 6


def test_late_events_alone_make_a_seal_too():
    sealed(1, 3)
    make_events(2)

    assert covered(seal_trail()[0]) == (4, 3, 1, [(2, 2)], [])
    assert verify_trail().events == 3


def test_more_late_events_than_a_seal_holds_are_sealed_by_the_next(monkeypatch):
    sealed(1, 9)
    make_events(*range(2, 8))
    monkeypatch.setattr(seals, "LIMIT", 4)

    made = seal_trail()

    assert [covered(seal) for seal in made] == [
        (10, 9, 4, [(2, 5)], [(6, 8)]),
        (10, 9, 2, [(6, 7)], [(8, 8)]),
    ]
    assert verify_trail().events == 8


def test_a_gap_keeps_the_moment_of_its_seal_and_is_given_up_after_a_day(monkeypatch):
    since = sealed(1, 3).gaps
    second = sealed(4)
    later = timezone.now() + timedelta(days=1, minutes=1)
    monkeypatch.setattr(seals.timezone, "now", lambda: later)
    third = sealed(5)

    assert [list(gap) for gap in second.gaps] == [list(gap) for gap in since]
    assert third.gaps == []


def test_a_seal_of_the_other_algorithm_stands_in_the_same_chain(settings):
    sealed(1)
    settings.TRAIL_ALGORITHM = "sm3"
    other = sealed(2)

    assert (other.algorithm, len(other.mac)) == ("sm3", 64)
    assert verify_trail().events == 2


def test_without_the_key_there_is_another_code(settings):
    header = seals.header_of(sealed(1))
    settings.TRAIL_KEY = "another key, just as long as a key is to be"

    assert seals.mac_of(header) != Seal.objects.get().mac


# --- the second place -----------------------------------------------------------------------------------------


def test_every_seal_stands_in_the_second_place_which_others_cannot_read(copy):
    first, second = sealed(1), sealed(2)

    assert [json.loads(line)["mac"] for line in copy.read_text().splitlines()] == [first.mac, second.mac]
    assert oct(copy.stat().st_mode)[-3:] == "600"


def test_a_crash_between_the_two_places_is_made_good_by_the_next_call(copy, monkeypatch):
    sealed(1)
    make_events(2)
    with monkeypatch.context() as crash:
        crash.setattr(second_place, "append", no_space)
        with pytest.raises(OSError, match="no space"):
            seal_trail()
    after_crash = (numbers_in(copy), verify_trail().lagging)

    seal_trail()

    assert after_crash == ([1], 1)
    assert (numbers_in(copy), verify_trail().lagging, Seal.objects.count()) == ([1, 2], 0, 2)


def test_while_the_second_place_cannot_be_written_nothing_more_is_sealed(monkeypatch):
    make_events(1)
    monkeypatch.setattr(second_place, "append", no_space)

    for _time in range(3):
        with pytest.raises(OSError):
            seal_trail()

    assert Seal.objects.count() == 1


def test_a_line_that_a_crash_tore_is_passed_over(copy):
    sealed(1)
    with copy.open("ab") as stream:
        stream.write(b'{"number": 2, "at"')
    sealed(2)

    done = verify_trail()

    assert (done.seals, done.torn, done.lagging) == (2, 1, 0)


def test_a_long_second_place_is_read_from_its_end(copy, monkeypatch):
    for number in range(1, 6):
        sealed(number)
    monkeypatch.setattr(second_place, "BLOCK", 10)

    assert second_place.last_line(seals.is_authentic)["number"] == 5


def test_a_new_second_place_gets_every_seal(copy):
    sealed(1)
    sealed(2)
    copy.unlink()

    seal_trail()

    assert numbers_in(copy) == [1, 2]


def test_where_the_second_place_has_more_than_the_database_nothing_is_sealed_over_it():
    sealed(1)
    sealed(2)
    with lifted():
        unguarded(Seal).filter(number=2).delete()
    make_events(3)

    with pytest.raises(TrailBroken, match="holds seal 2, the database ends with seal 1"):
        seal_trail()

    assert Seal.objects.count() == 1


# --- two at once ------------------------------------------------------------------------------------------------


def between_reading_and_writing(monkeypatch, work):
    """Do something after a sealer has read the trail and before it writes its seal."""
    store = seals._store

    def late(seal):
        monkeypatch.setattr(seals, "_store", store)
        work()
        return store(seal)

    monkeypatch.setattr(seals, "_store", late)


def test_of_two_sealers_one_does_it_and_the_other_finds_nothing_to_do(monkeypatch):
    make_events(1, 2)
    others = []
    between_reading_and_writing(monkeypatch, lambda: others.extend(seal_trail()))

    made = seal_trail()

    assert (made, [seal.number for seal in others]) == ([], [1])
    assert (Seal.objects.count(), verify_trail().events) == (1, 2)


def test_without_asking_again_the_second_would_run_into_the_first(monkeypatch):
    """The control: both made the same number out of the same trail."""
    make_events(1, 2)
    prepared = []
    with monkeypatch.context() as only:
        only.setattr(seals, "_store", lambda seal: prepared.append(seal))
        seal_trail()
        seal_trail()
    prepared[0].save()

    with pytest.raises(IntegrityError), transaction.atomic():
        prepared[1].save()


def test_events_that_come_while_a_seal_is_made_are_the_next_ones(monkeypatch):
    make_events(1, 2)
    between_reading_and_writing(monkeypatch, lambda: make_events(3))

    first, second = seal_trail(), seal_trail()

    assert (covered(first[0])[:3], covered(second[0])[:3]) == ((1, 2, 2), (3, 3, 1))
    assert Event.objects.count() == verify_trail().events == 3
