"""The Chinese catalogue of messages is complete and current."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import polib
import pytest

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / "standards_hub" / "locale" / "zh_Hans" / "LC_MESSAGES"
APPS = ("standards_hub", "reports", "pilots", "catalog", "directory", "records", "tabular")
PLACES = re.compile(r"%\(\w+\)[sd]|%[sd]|\{\w*\}")


@pytest.fixture(scope="module")
def catalogue() -> polib.POFile:
    return polib.pofile(str(FOLDER / "django.po"))


def test_every_message_is_translated(catalogue):
    assert [entry.msgid for entry in catalogue if not entry.translated() and not entry.obsolete] == []


def test_no_translation_is_a_guess(catalogue):
    assert [entry.msgid for entry in catalogue.fuzzy_entries()] == []


def test_no_message_stands_twice_or_is_out_of_use(catalogue):
    keys = [(entry.msgctxt, entry.msgid) for entry in catalogue]

    assert sorted({key for key in keys if keys.count(key) > 1}, key=str) == []
    assert [entry.msgid for entry in catalogue.obsolete_entries()] == []


def test_placeholders_are_kept(catalogue):
    wrong = []
    for entry in catalogue:
        originals = {frozenset(PLACES.findall(text)) for text in (entry.msgid, entry.msgid_plural) if text}
        for text in [entry.msgstr, *entry.msgstr_plural.values()]:
            if text and frozenset(PLACES.findall(text)) not in originals:
                wrong.append(entry.msgid)

    assert wrong == []


def test_the_compiled_catalogue_is_that_of_the_source(catalogue):
    compiled = polib.mofile(str(FOLDER / "django.mo"))

    def content(entries) -> dict:
        return {(one.msgctxt, one.msgid): one.msgstr or one.msgstr_plural for one in entries}

    assert content(compiled) == content(catalogue)


@pytest.mark.skipif(not shutil.which("xgettext"), reason="gettext is not installed")
def test_the_sources_hold_no_message_that_the_catalogue_lacks(catalogue, tmp_path):
    for app in APPS:
        if (ROOT / app).is_dir():
            shutil.copytree(ROOT / app, tmp_path / app, ignore=shutil.ignore_patterns("__pycache__", "*.mo"))
    shutil.copy(ROOT / "manage.py", tmp_path)
    options = ["--locale", "zh_Hans", "--no-wrap", "--no-location", "--no-obsolete"]

    subprocess.run(
        [sys.executable, "manage.py", "makemessages", *options], cwd=tmp_path, check=True, capture_output=True
    )

    collected = polib.pofile(str(tmp_path / FOLDER.relative_to(ROOT) / "django.po"))
    now = {(entry.msgctxt, entry.msgid) for entry in collected}
    kept = {(entry.msgctxt, entry.msgid) for entry in catalogue}
    assert sorted(now - kept, key=str) == []
    assert sorted(kept - now, key=str) == []
