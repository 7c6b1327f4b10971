"""Proving the trail: whatever is changed in what was sealed is found, and the first bad event or seal is named."""

import json
import os
import random
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import transaction
from django.utils import timezone

from records import seals
from records.models import Event, Seal
from records.seals import seal_trail
from records.verifying import Tampered, verify_trail
from tests.guards import lifted
from tests.records.trail import execute, make_events, sealed, unguarded

pytestmark = pytest.mark.django_db

TAMPERINGS = int(os.environ.get("PROVE_TAMPERINGS", "80"))


@pytest.fixture(autouse=True)
def copy(settings, tmp_path):
    settings.TRAIL_COPY = str(tmp_path / "seals.jsonl")
    return Path(settings.TRAIL_COPY)


@pytest.fixture
def trail(monkeypatch):
    """Five seals over the ids 1 to 25 but 7 and 13, whose gaps have been given up; 26 came late; 30 is not sealed."""
    monkeypatch.setattr(seals, "GAP_LIFE", timedelta(0))
    for start in (1, 6, 11, 16):
        sealed(*(number for number in range(start, start + 5) if number not in (7, 13)))
    monkeypatch.undo()
    monkeypatch.setattr(seals, "GAP_LIFE", timedelta(days=1))
    sealed(21, 22, 23, 24, 25, 27)
    make_events(26)
    seal_trail()
    make_events(30)


def events(**which):
    return unguarded(Event).filter(**which)


def stored_seals(**which):
    return unguarded(Seal).filter(**which)


def swap_events(one, other):
    execute("UPDATE records_event SET id = 9999 WHERE id = %s", one)
    execute("UPDATE records_event SET id = %s WHERE id = %s", one, other)
    execute("UPDATE records_event SET id = %s WHERE id = 9999", other)


def swap_seals(one, other):
    execute("UPDATE records_seal SET number = 9999 WHERE number = %s", one)
    execute("UPDATE records_seal SET number = %s WHERE number = %s", one, other)
    execute("UPDATE records_seal SET number = %s WHERE number = 9999", other)


def without_tail(*, with_seal):
    events(pk__gte=21).delete()
    if with_seal:
        stored_seals(number__gte=5).delete()


def forge_seal():
    forged = Seal.objects.get(number=6)
    forged.number, forged.first_id, forged.last_id, forged.previous = 7, 28, 30, forged.mac
    forged._state.adding = True
    forged.save()


TAMPERS = {
    "event 3 was edited": lambda: events(pk=3).update(reason="anders"),
    "event 4 was edited": lambda: events(pk=4).update(at=timezone.now() - timedelta(days=3)),
    "event 5 was edited": lambda: events(pk=5).update(changes={"title": ["甲5", "丙"]}),
    "event 26 was edited": lambda: events(pk=26).update(actor_name="li"),
    "event 9 was removed": lambda: events(pk=9).delete(),
    "event 1 was removed": lambda: events(pk__in=[1, 3, 12]).delete(),
    "event 25 was removed": lambda: events(pk=25).delete(),
    "event 21 was removed": lambda: without_tail(with_seal=False),
    "event 10 was removed": lambda: execute("UPDATE records_event SET id = 40 WHERE id = 10"),
    "event 7 was inserted": lambda: make_events(7),
    "event 13 was inserted": lambda: make_events(13),
    "event -4 was inserted": lambda: make_events(-4),
    "event 8 was reordered (it is event 9)": lambda: swap_events(8, 9),
    "event 2 was reordered (it is event 22)": lambda: swap_events(2, 22),
    "seal 2 was edited": lambda: stored_seals(number=2).update(last_id=9),
    "seal 3 was edited": lambda: stored_seals(number=3).update(at=timezone.now() + timedelta(days=1)),
    "seal 4 was edited (its digests)": lambda: stored_seals(number=4).update(digests=b"0" * 120),
    "seal 5 was edited": lambda: stored_seals(number=5).update(gaps=[]),
    "seal 6 was edited": lambda: stored_seals(number=6).update(late=[[26, 27]]),
    "seal 7 was edited": forge_seal,
    "seal 1 was missing": lambda: stored_seals(number=1).delete(),
    "seal 4 was missing": lambda: stored_seals(number=4).delete(),
    "seal 2 was swapped (it is seal 4)": lambda: swap_seals(2, 4),
    "seal 6 was missing (the second place has it)": lambda: stored_seals(number=6).delete(),
    "seal 5 was missing (the second place has it)": lambda: without_tail(with_seal=True),
    "seal 1 was missing (the second place has it)": lambda: stored_seals().delete(),
}


def found():
    with pytest.raises(Tampered) as tampered:
        verify_trail()
    return str(tampered.value.fault)


def test_a_trail_that_nobody_touched_stands(trail):
    done = verify_trail()

    assert (done.seals, done.events, done.unsealed, done.lagging, done.torn) == (6, 25, 1, 0, 0)


@pytest.mark.parametrize("fault", TAMPERS)
def test_what_was_tampered_with_is_named(trail, fault):
    with lifted():
        TAMPERS[fault]()

    assert found() == fault


def test_an_event_that_came_late_and_is_not_sealed_yet_is_no_alarm(trail):
    sealed(31, 33)
    make_events(32)

    assert (verify_trail().unsealed, verify_trail().events) == (1, 28)


def test_an_event_in_a_gap_that_was_given_up_is_an_alarm_even_if_it_stood_there_unsealed(trail, monkeypatch):
    sealed(31, 33)
    monkeypatch.setattr(seals, "_come_late", lambda latest, now: ([], []))
    make_events(32)
    sealed(34)

    assert found() == "event 32 was inserted"


def test_a_seal_under_another_key_is_none(trail, settings):
    settings.TRAIL_KEY = "another key, just as long as a key is to be"

    assert found() == "seal 1 was edited"


def test_a_line_of_the_second_place_that_was_edited_is_named(trail, copy):
    lines = copy.read_text().splitlines()
    lines[2] = json.dumps(json.loads(lines[2]) | {"count": 1})
    copy.write_text("\n".join(lines) + "\n")

    assert found() == "line 3 was edited (in the second place)"


def test_a_line_taken_out_of_the_second_place_is_named(trail, copy):
    lines = copy.read_text().splitlines()
    copy.write_text("\n".join(lines[:2] + lines[3:]) + "\n")

    assert found() == "seal 3 was removed (from the second place)"


def test_a_database_put_back_to_an_earlier_day_and_gone_on_from_there_is_told_from_the_second_place(trail, copy):
    kept = copy.read_text()
    with lifted():
        without_tail(with_seal=True)
        events(pk=30).delete()
    copy.write_text("".join(line + "\n" for line in kept.splitlines()[:4]))
    sealed(21)
    copy.write_text(kept)

    assert found() == "seal 5 was edited (the second place has another)"


def test_the_command_exits_with_1_and_names_the_first_bad_event(trail, capsys):
    call_command("verify_trail")
    before = capsys.readouterr().out
    with lifted():
        events(pk=3).update(reason="anders")

    with pytest.raises(CommandError, match=r"^The trail was tampered with: event 3 was edited\.$") as refused:
        call_command("verify_trail")

    assert before == "25 events stand as 6 seals say; 1 are not sealed yet.\n"
    assert refused.value.returncode == 1


# --- many, at random --------------------------------------------------------------------------------------------


def edit_event(dice):
    pk = dice.choice(list(Event.objects.filter(pk__lt=30).values_list("pk", flat=True)))
    name, value = dice.choice(
        [("reason", "r"), ("actor_name", "x"), ("object_id", 77777), ("object_label", "z"), ("action", "voided"),
         ("document", "d"), ("role", "city"), ("division", "/1/"), ("channel", "api"), ("request_id", "q"),
         ("address", "::1"), ("object_type", "c.d"), ("changes", {"a": [dice.random(), 1]}),
         ("at", timezone.now() - timedelta(seconds=dice.randint(100, 10**7)))]
    )  # fmt: skip
    events(pk=pk).update(**{name: value})
    return f"event {pk}: {name}"


def remove_event(dice):
    pk = dice.choice(list(Event.objects.filter(pk__lt=30).values_list("pk", flat=True)))
    events(pk=pk).delete()
    return f"event {pk} removed"


def remove_tail(dice):
    seal = Seal.objects.get(number=dice.randint(1, 6))
    events(pk__gte=min(seal.first_id, 26)).delete()
    with_seal = dice.random() < 0.7
    if with_seal:
        stored_seals(number__gte=seal.number).delete()
    return f"tail from seal {seal.number} removed, with its seals: {with_seal}"


def insert_event(dice):
    pk = dice.choice([7, 13, 0, -1, -dice.randint(2, 10**6)])
    make_events(pk)
    return f"event {pk} inserted"


def reorder_events(dice):
    one, other = dice.sample(list(Event.objects.filter(pk__lt=30).values_list("pk", flat=True)), 2)
    swap_events(one, other)
    return f"events {one} and {other} swapped"


def tamper_with_a_seal(dice):
    number, other = dice.sample(range(1, 7), 2)
    how = dice.choice(["swap", "remove", "mac", "count", "first_id", "previous", "algorithm"])
    if how == "swap":
        swap_seals(number, other)
    elif how == "remove":
        stored_seals(number=number).delete()
    else:
        value = {"count": 99, "first_id": -99, "algorithm": "sm3"}.get(how, "0" * 64)
        stored_seals(number=number).update(**{how: value})
    return f"seal {number}: {how}"


def test_every_one_of_many_random_tamperings_is_found(trail):
    kinds = [edit_event, remove_event, remove_tail, insert_event, reorder_events, tamper_with_a_seal]
    seed = random.randrange(10**9)
    dice, missed = random.Random(seed), []

    with lifted():
        for _time in range(TAMPERINGS):
            with transaction.atomic():
                what = dice.choice(kinds)(dice)
                try:
                    verify_trail()
                    missed.append(what)
                except Tampered:
                    pass
                transaction.set_rollback(True)

    assert missed == [], f"seed {seed}"
    assert verify_trail().events == 25
