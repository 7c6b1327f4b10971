"""On PostgreSQL: a seal waits for no writer and no writer for a seal; what commits late is sealed late."""

import os
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from threading import Barrier

import pytest
from django.db import connection, transaction
from django.db.utils import OperationalError

from records import seals
from records.models import Event, Seal
from records.seals import seal_trail
from records.trail import SYSTEM, Change, record_many
from records.verifying import verify_trail

pytestmark = [
    pytest.mark.postgresql,
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(
        not os.environ.get("DATABASE_URL", "").startswith("postgres"),
        reason="SQLite lets one writer in at a time; what goes on beside it is proven on PostgreSQL",
    ),
]

INSERT = (
    "INSERT INTO records_event (at, actor_name, role, division, channel, address, request_id, action, object_type,"
    " object_id, object_label, changes, reason, document)"
    " VALUES (now(), 'wang', '', '', 'web', '', '', 'updated', 'a.b', 1, 'x', '{}', '', '') RETURNING id"
)


@pytest.fixture(autouse=True)
def copy(settings, tmp_path):
    settings.TRAIL_COPY = str(tmp_path / "seals.jsonl")


@pytest.fixture
def writer():
    """A second connection, whose transaction is its own; it waits for a lock for a moment only."""
    other = connection.copy()
    with other.cursor() as cursor:
        cursor.execute("SET lock_timeout = '300ms'")
    other.set_autocommit(False)
    yield other
    other.rollback()
    other.close()


def write(connected):
    with connected.cursor() as cursor:
        cursor.execute(INSERT)
        return cursor.fetchone()[0]


def record_some(count=1):
    with transaction.atomic():
        record_many([Change("updated", "a.b", n, "x", {"n": [0, n + 1]}) for n in range(count)], by=SYSTEM)


def gaps_of(seal):
    return [(low, high) for low, high, _since in Seal.objects.get(pk=seal.pk).gaps]


def test_what_was_rolled_back_is_a_gap_and_no_alarm(writer):
    record_some()
    gone = write(writer)
    writer.rollback()
    record_some()

    seal = seal_trail()[0]

    assert gaps_of(seal)[-1] == (gone, gone)
    assert verify_trail().events == 2


def test_what_commits_after_its_range_was_sealed_is_sealed_late_and_no_alarm(writer):
    late = write(writer)
    record_some()
    first = seal_trail()[0]
    before = verify_trail()

    writer.commit()
    between = verify_trail()
    second = seal_trail()[0]
    after = verify_trail()

    assert gaps_of(first)[-1][1] == late  # the ids before it were those of other tests
    assert [tuple(one) for one in second.late] == [(late, late)]
    assert [(done.events, done.unsealed) for done in (before, between, after)] == [(1, 0), (1, 1), (2, 0)]


@contextmanager
def sealing():
    """The moment in which a seal is written and not yet committed, with whatever it locks."""
    with transaction.atomic():
        assert seals._seal_some().number == 1
        yield


def test_a_writer_does_not_wait_for_a_seal(writer):
    record_some()

    with sealing():
        written = write(writer)
        writer.commit()

    assert Event.objects.filter(pk=written).count() == 1


def test_with_a_lock_on_the_table_the_writer_would_wait(writer):
    """The control: sealing as if nobody else might write meanwhile."""
    record_some()

    with sealing():
        with connection.cursor() as cursor:
            cursor.execute("LOCK TABLE records_event IN SHARE ROW EXCLUSIVE MODE")
        with pytest.raises(OperationalError, match="lock timeout"):
            write(writer)


def test_a_seal_does_not_wait_for_a_writer(writer):
    write(writer)
    record_some()
    with connection.cursor() as cursor:
        cursor.execute("SET lock_timeout = '300ms'")

    assert len(seal_trail()) == 1
    assert Event.objects.count() == 1


def in_threads(count, work):
    start = Barrier(count)

    def run(number):
        try:
            connection.ensure_connection()
            start.wait(timeout=20)
            return work(number)
        finally:
            connection.close()

    with ThreadPoolExecutor(count) as pool:
        return list(pool.map(run, range(count)))


def test_while_one_seals_another_finds_nothing_to_do():
    record_some(3)

    with sealing():
        made = in_threads(1, lambda _number: len(seal_trail()))

    assert made == [0]
    assert verify_trail().events == 3


def test_many_writers_and_sealers_at_once_leave_every_event_sealed_once(monkeypatch):
    monkeypatch.setattr(seals, "LIMIT", 7)

    def work(number):
        for _time in range(15):
            if number % 2:
                seal_trail()
            else:
                record_some(3)

    in_threads(6, work)
    while seal_trail():
        pass

    done = verify_trail()
    assert (done.events, done.unsealed, done.lagging) == (3 * 15 * 3, 0, 0)
    assert sum(Seal.objects.values_list("count", flat=True)) == Event.objects.count()
