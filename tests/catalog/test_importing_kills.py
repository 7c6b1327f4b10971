"""Killed at any moment (SIGKILL), an import has left the whole batch or nothing of it."""

import os
import random
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg
import pytest

ROOT = Path(__file__).resolve().parents[2]
ROWS = 1500
ROUNDS = int(os.environ.get("PROVE_ROUNDS", "6"))

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("kills")]

# The same work with every piece committed by itself: what the one transaction protects from.
PIECEMEAL = """
import sys
from pathlib import Path
import django
django.setup()
from records.source_facts import import_facts
from records import importing
from records.trail import SYSTEM
path = Path(sys.argv[1])
batch = importing.preview_file(path, kind="standards", facts=import_facts(path), by=SYSTEM)
importing.CHUNK = 50
for rows in importing._staged_chunks(batch):
    importing.IMPORTERS["standards"].write(rows, batch, SYSTEM)
"""


class SqliteBase:
    def __init__(self, folder):
        self.folder, self.count = folder, 0
        self.template = folder / "template.sqlite3"
        self.url = f"sqlite:///{self.template}"
        self.file = self.template

    def fresh(self):
        self.count += 1
        self.file = self.folder / f"{self.count}.sqlite3"
        shutil.copy(self.template, self.file)
        self.url = f"sqlite:///{self.file}"

    def ask(self, sql):
        with sqlite3.connect(self.file, timeout=30) as connection:
            return connection.execute(sql).fetchall()

    def settle(self):
        """A killed process holds nothing on SQLite."""


class PostgresBase:
    def __init__(self, server):
        self.server = server
        self.name = f"kills_{os.getpid()}"
        parts = urlsplit(server)
        self.url = urlunsplit(parts._replace(path=f"/{self.name}"))
        self._server(f"DROP DATABASE IF EXISTS {self.name}")
        self._server(f"CREATE DATABASE {self.name}")

    def _server(self, sql):
        with psycopg.connect(self.server.replace("postgres://", "postgresql://"), autocommit=True) as connection:
            connection.execute(sql)

    def fresh(self):
        with psycopg.connect(self.url.replace("postgres://", "postgresql://"), autocommit=True) as connection:
            connection.execute("ALTER TABLE records_event DISABLE TRIGGER USER")
            connection.execute("TRUNCATE catalog_standard, catalog_family, records_importbatch CASCADE")
            connection.execute("ALTER TABLE records_event ENABLE TRIGGER USER")

    def ask(self, sql):
        with psycopg.connect(self.url.replace("postgres://", "postgresql://")) as connection:
            return connection.execute(sql).fetchall()

    def settle(self):
        """The server notices a dead client when it next writes to it; until then its work is not rolled back."""
        others = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid != pg_backend_pid()"
        deadline = time.monotonic() + 30
        while self.ask(others) != [(0,)] and time.monotonic() < deadline:
            time.sleep(0.05)

    def drop(self):
        self._server(f"DROP DATABASE {self.name} WITH (FORCE)")


@pytest.fixture(scope="module")
def base(tmp_path_factory):
    """A migrated database of its own, on the engine under test."""
    folder = tmp_path_factory.mktemp("kills")
    url = os.environ.get("DATABASE_URL", "")
    base = PostgresBase(url) if url.startswith("postgres") else SqliteBase(folder)
    subprocess.run([sys.executable, "manage.py", "migrate", "-v0"], cwd=ROOT, env=environment(base), check=True)
    yield base
    if isinstance(base, PostgresBase):
        base.drop()


@pytest.fixture(scope="module")
def catalogue(tmp_path_factory):
    path = tmp_path_factory.mktemp("file") / "list.csv"
    lines = [f"GB/T {n}-2020,第{n}号标准,2020-01-01,代替GB/T {n}-2000,国家体育总局" for n in range(1, ROWS + 1)]
    path.write_text("\n".join(["code,title,实施日期,替代情况,department", *lines]))
    return path


def environment(base):
    return os.environ | {
        "DATABASE_URL": base.url,
        "DJANGO_SETTINGS_MODULE": "standards_hub.settings",
        "PYTHONPATH": str(ROOT),
    }


def start(base, *command):
    return subprocess.Popen(
        [sys.executable, *map(str, command)],
        cwd=ROOT,
        env=environment(base),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
    )


def kill(process):
    process.send_signal(signal.SIGKILL)
    process.wait()
    process.stderr.close()


def wait_for(condition, process):
    while not condition():
        assert process.poll() is None, process.stderr.read().decode()
        time.sleep(0.01)


TABLES = ("catalog_standard", "catalog_standardrelation", "catalog_sourceclaim", "records_event", "catalog_family")


def stored(base):
    return {table: base.ask(f"SELECT count(*) FROM {table}")[0][0] for table in TABLES}


def whole(stored):
    return [stored[table] for table in TABLES[:3]] == [ROWS] * 3 and stored["records_event"] >= ROWS


def states(base):
    return [state for (state,) in base.ask("SELECT state FROM records_importbatch")]


def test_a_killed_import_leaves_the_whole_batch_or_nothing(base, catalogue):
    base.fresh()
    process = start(base, "manage.py", "import_standards", catalogue)
    wait_for(lambda: "previewed" in states(base), process)
    began = time.monotonic()
    assert process.wait() == 0
    process.stderr.close()
    takes = time.monotonic() - began
    assert whole(stored(base))

    dice, found = random.Random(), []
    for n in range(ROUNDS):
        base.fresh()
        process = start(base, "manage.py", "import_standards", catalogue)
        wait_for(lambda: "previewed" in states(base), process)
        # One kill in each part of the time that writing takes.
        time.sleep(takes * (n + dice.random()) / ROUNDS)
        kill(process)
        base.settle()
        found.append((states(base), stored(base)))

    for state, counts in found:
        assert state in (["previewed"], ["applied"])
        assert whole(counts) if state == ["applied"] else set(counts.values()) == {0}, (state, counts)
    assert ["previewed"] in [state for state, _counts in found]


def test_a_preview_that_was_killed_leaves_no_standard(base, catalogue):
    base.fresh()
    process = start(base, "manage.py", "import_standards", catalogue)
    wait_for(lambda: states(base), process)
    kill(process)
    base.settle()

    assert (set(stored(base).values()), states(base)) in [({0}, ["previewing"]), ({0}, ["previewed"])]


def test_the_import_goes_through_after_a_kill(base, catalogue):
    base.fresh()
    process = start(base, "manage.py", "import_standards", catalogue)
    wait_for(lambda: "previewed" in states(base), process)
    kill(process)
    base.settle()

    again = start(base, "manage.py", "import_standards", catalogue)

    assert (again.wait(), whole(stored(base))) == (0, True)
    again.stderr.close()


def test_committed_piece_by_piece_a_kill_would_leave_a_part(base, catalogue):
    """The control: the same kill does harm where the transaction is missing."""
    base.fresh()
    process = start(base, "-c", PIECEMEAL, catalogue)
    wait_for(lambda: stored(base)["catalog_standard"], process)
    kill(process)
    base.settle()

    assert 0 < stored(base)["catalog_standard"] < ROWS
