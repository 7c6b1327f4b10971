"""The pages of docs/ name what is there."""

import re
from pathlib import Path

import pytest
from django.utils import translation

from catalog.levels import Status

ROOT = Path(__file__).resolve().parent.parent
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
LINK = re.compile(r"\]\((?!https?:|#|mailto:)([^)#\s]+)")
VARIABLE = re.compile(r"env(?:\.\w+)?\(\s*\"([A-Z_]+)\"")
TARGET = re.compile(r"`make ([a-z-]+)`")


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_lead_to_files(page):
    missing = [link for link in LINK.findall(page.read_text()) if not (page.parent / link).exists()]

    assert missing == []


def test_every_variable_is_documented():
    read = set(VARIABLE.findall((ROOT / "standards_hub" / "settings.py").read_text()))
    text = (ROOT / "docs" / "deployment.md").read_text()

    assert {name for name in read if f"`{name}`" not in text} == set()


def test_every_make_target_that_is_named_exists():
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.M))

    named = {target for page in PAGES for target in TARGET.findall(page.read_text())}

    assert named - targets == set()


def test_every_management_command_that_is_named_exists():
    commands = {path.stem for path in ROOT.glob("*/management/commands/*.py")}
    known = commands | {
        "migrate", "check", "createsuperuser", "collectstatic", "createcachetable", "clearsessions", "makemessages", "compilemessages",
        "makemigrations", "runserver", "shell", "spectacular", "changepassword", "dumpdata", "loaddata",
    }  # fmt: skip

    named = {name for page in PAGES for name in re.findall(r"manage\.py ([a-z_]+)", page.read_text())}

    assert named - known == set()


def test_every_file_that_is_named_exists():
    missing = {}
    for page in PAGES:
        names = re.findall(
            r"`((?:catalog|directory|records|tabular|standards_hub|tests|docs)/[\w/.-]+\.\w+)`", page.read_text()
        )
        if gone := [name for name in names if not (ROOT / name).exists()]:
            missing[page.name] = gone

    assert missing == {}


def test_the_glossary_has_every_status():
    text = (ROOT / "docs" / "domain.md").read_text()

    with translation.override("zh-hans"):
        assert [str(status.label) for status in Status if str(status.label) not in text] == []
