"""The web process seals by itself; a fault is logged and tried again; a server without its key does not start."""

import logging
import subprocess
import sys
import time
from pathlib import Path
from threading import Event as Signal

import pytest
from django.core.checks import run_checks
from django.core.exceptions import ImproperlyConfigured

from records import sealing_thread
from records.models import Seal
from records.sealing_thread import seal_quietly, start_sealing
from tests.records.trail import make_events
from tests.test_settings import ROOT, settings_under


@pytest.fixture(autouse=True)
def copy(settings, tmp_path):
    settings.TRAIL_COPY = str(tmp_path / "seals.jsonl")
    return Path(settings.TRAIL_COPY)


@pytest.mark.django_db(transaction=True)
def test_it_seals_every_so_often_until_told_to_stop(copy):
    make_events(1)
    stop = Signal()

    thread = start_sealing(0.05, stop)
    deadline = time.monotonic() + 20
    while not copy.exists() and time.monotonic() < deadline:
        time.sleep(0.05)
    stop.set()
    thread.join(20)

    assert (thread.daemon, thread.is_alive(), Seal.objects.count()) == (True, False, 1)


def test_nought_leaves_it_to_the_command():
    assert start_sealing(0) is None


def test_the_tests_own_server_does_not_seal(settings):
    assert settings.SEAL_EVERY == 0


@pytest.mark.django_db(transaction=True)
def test_a_fault_is_logged_and_does_not_end_the_thread(monkeypatch, caplog):
    def broken():
        raise OSError("no space")

    monkeypatch.setattr(sealing_thread, "seal_trail", broken)

    with caplog.at_level(logging.ERROR):
        seal_quietly()

    assert [record.getMessage() for record in caplog.records] == ["The trail could not be sealed."]


@pytest.mark.parametrize(
    ("change", "found"),
    [
        ({}, []),
        ({"TRAIL_KEY": ""}, ["records.E001"]),
        ({"TRAIL_KEY": "short"}, ["records.E002"]),
        ({"TRAIL_KEY": "k" * 40, "SECRET_KEY": "k" * 40}, ["records.E003"]),
        ({"TRAIL_ALGORITHM": "rot13"}, ["records.E004"]),
    ],
)
def test_what_a_server_needs_is_checked_before_it_starts(settings, change, found):
    for name, value in change.items():
        setattr(settings, name, value)

    assert [one.id for one in run_checks() if one.id.startswith("records.")] == found
    if found:
        with pytest.raises(ImproperlyConfigured):
            start_sealing(0)


def test_a_production_server_without_the_key_of_its_seals_does_not_start(tmp_path):
    def start(**more):
        environment = {
            "STANDARDS_HUB_PRODUCTION": "1",
            "SECRET_KEY": "x" * 60,
            "ALLOWED_HOSTS": "a.example",
            "STANDARDS_HUB_VAR": str(tmp_path),
            "DATABASE_URL": "sqlite://:memory:",
            "SEAL_EVERY": "0",
        }
        command = [sys.executable, "-c", "import standards_hub.wsgi"]
        done = subprocess.run(command, cwd=ROOT, env=environment | more, capture_output=True, text=True, check=False)
        return done.returncode, done.stderr.strip()

    code, said = start()
    with_key, _said = start(TRAIL_KEY="k" * 60)

    assert (code, said.splitlines()[-1].partition(": ")[2]) == (
        1,
        "TRAIL_KEY is not set: a production server must bring its own.",
    )
    assert with_key == 0


def test_the_embedded_edition_makes_its_key_once_and_keeps_it_from_others(tmp_path):
    first, second = (settings_under(tmp_path, ["TRAIL_KEY", "SECRET_KEY", "TRAIL_COPY"]) for _time in range(2))

    assert first["TRAIL_KEY"] == second["TRAIL_KEY"] == (tmp_path / "trail_key").read_text()
    assert first["TRAIL_KEY"] != first["SECRET_KEY"]
    assert oct((tmp_path / "trail_key").stat().st_mode)[-3:] == "600"
    assert first["TRAIL_COPY"] == str(tmp_path / "trail-seals.jsonl")
