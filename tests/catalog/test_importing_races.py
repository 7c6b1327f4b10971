"""At once on PostgreSQL: of several that apply, edit or revert the same, one wins and nothing is half done."""

import os
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import IntegrityError, connection

from catalog.editions import VersionConflict, save_edition
from catalog.models import Standard
from records.importing import ImportRefused, apply_batch, revert_batch
from records.models import Event, ImportBatch
from records.trail import SYSTEM
from tests.factories import import_csv, make_standard
from tests.reference import load_reference

pytestmark = [
    pytest.mark.postgresql,
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(
        not os.environ.get("DATABASE_URL", "").startswith("postgres"),
        reason="SQLite lets one writer in at a time; races are proven on PostgreSQL",
    ),
]

THREADS = 4
HEADER = "code,title,实施日期,替代情况\n"


@pytest.fixture(autouse=True)
def reference(transactional_db):
    load_reference()


def at_once(*works):
    """Run each work in a thread with a connection of its own, all from the same moment; what each came to."""
    start = Barrier(len(works))

    def run(work):
        try:
            connection.ensure_connection()
            start.wait(timeout=20)
            work()
        except (ImportRefused, VersionConflict, IntegrityError) as refusal:
            return type(refusal).__name__
        else:
            return "done"
        finally:
            connection.close()

    with ThreadPoolExecutor(len(works)) as pool:
        return sorted(pool.map(run, works))


def file_of(count, start=1):
    return HEADER + "".join(f"GB/T {n}-2020,题,2020-01-01,代替GB/T {n}-2000\n" for n in range(start, start + count))


@pytest.mark.parametrize("time", range(3))
def test_a_batch_applied_by_several_at_once_is_applied_once(tmp_path, time):
    batch = import_csv(tmp_path, file_of(50), apply=False)

    outcomes = at_once(*[lambda: apply_batch(ImportBatch.objects.get(pk=batch.pk), by=SYSTEM)] * THREADS)

    assert outcomes == ["ImportRefused"] * (THREADS - 1) + ["done"]
    assert (Standard.objects.count(), Event.objects.filter(object_type="catalog.standard").count()) == (50, 50)


def test_without_the_conditional_move_several_would_win(tmp_path):
    """The control: asking first and writing then lets every one of them in."""
    batch = import_csv(tmp_path, HEADER + "GB/T 1-2020,题,,\n", apply=False)
    asked = Barrier(THREADS)

    def naive():
        mine = ImportBatch.objects.get(pk=batch.pk)
        if mine.state != ImportBatch.State.PREVIEWED:
            raise ImportRefused
        asked.wait(timeout=20)
        mine.state = ImportBatch.State.APPLIED
        mine.save()

    assert at_once(*[naive] * THREADS) == ["done"] * THREADS


def test_two_batches_that_bring_the_same_number_do_not_both_bring_it(tmp_path):
    batches = [import_csv(tmp_path, file_of(30, start), name=f"{start}.csv", apply=False) for start in (1, 20)]

    outcomes = at_once(*[lambda b=b: apply_batch(ImportBatch.objects.get(pk=b.pk), by=SYSTEM) for b in batches])

    assert outcomes == ["ImportRefused", "done"]
    assert Standard.objects.count() == 30
    assert sorted(ImportBatch.objects.values_list("state", flat=True)) == ["applied", "previewed"]


def test_two_batches_that_change_the_same_standard_do_not_both_change_it(tmp_path):
    make_standard("GB/T 1-2020")
    batches = [
        import_csv(tmp_path, f"code,title,title_en\nGB/T 1-2020,测试用标准,{n}\n", name=f"{n}.csv", apply=False)
        for n in ("One", "Two")
    ]

    outcomes = at_once(*[lambda b=b: apply_batch(ImportBatch.objects.get(pk=b.pk), by=SYSTEM) for b in batches])

    assert outcomes == ["ImportRefused", "done"]
    assert Standard.objects.get().version == 2


def test_batches_of_different_standards_with_the_same_new_department_both_come_in_or_say_why(tmp_path):
    batches = [
        import_csv(tmp_path, f"code,title,department\nGB/T {n}-2020,题,某新局\n", name=f"{n}.csv", apply=False)
        for n in range(1, THREADS + 1)
    ]

    outcomes = at_once(*[lambda b=b: apply_batch(ImportBatch.objects.get(pk=b.pk), by=SYSTEM) for b in batches])

    assert set(outcomes) <= {"done", "ImportRefused"}
    assert Standard.objects.count() == outcomes.count("done")
    assert outcomes.count("done") >= 1


def test_several_edits_from_one_reading_let_one_through():
    standard = make_standard("GB/T 1-2020")
    readings = [Standard.objects.get(pk=standard.pk) for _n in range(THREADS)]

    outcomes = at_once(
        *[lambda s=s, n=n: save_edition(s, {"title": f"题{n}"}, by=SYSTEM) for n, s in enumerate(readings)]
    )

    assert outcomes == ["VersionConflict"] * (THREADS - 1) + ["done"]
    assert Standard.objects.get().version == 2
    assert Event.objects.filter(object_type="catalog.standard", action="updated").count() == 1


def test_a_batch_reverted_by_several_at_once_is_reverted_once(tmp_path):
    batch = import_csv(tmp_path, file_of(20))

    outcomes = at_once(*[lambda: revert_batch(ImportBatch.objects.get(pk=batch.pk), by=SYSTEM)] * THREADS)

    assert outcomes == ["ImportRefused"] * (THREADS - 1) + ["done"]
    assert Event.objects.filter(action="voided").count() == 20


@pytest.mark.parametrize("time", range(3))
def test_old_and_new_edition_brought_at_once_find_each_other(tmp_path, time):
    make_standard("GB/T 1-1990")
    new = import_csv(tmp_path, HEADER + "GB/T 1-2020,题,2020-01-01,代替GB/T 1-2000\n", name="a.csv", apply=False)
    old = import_csv(tmp_path, HEADER + "GB/T 1-2000,题,2000-01-01,\n", name="b.csv", apply=False)

    outcomes = at_once(*[lambda b=b: apply_batch(ImportBatch.objects.get(pk=b.pk), by=SYSTEM) for b in (new, old)])

    relation = Standard.objects.get(number="GB/T 1-2020").relations.get()
    assert outcomes == ["done", "done"]
    assert relation.target == Standard.objects.get(number="GB/T 1-2000")
    assert str(relation.target.replaced_on) == "2020-01-01"
