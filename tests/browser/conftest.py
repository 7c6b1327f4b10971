import os
from pathlib import Path

import pytest

from catalog.examples import load_example_care, load_example_standards
from directory.committee_examples import load_example_committees
from records.trail import SYSTEM
from tests.reference import load_reference

# Playwright runs an event loop in the test's thread; Django must still reach the database there.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")

CHROMIUM = Path("/usr/bin/chromium")
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args):
    if not CHROMIUM.exists():
        pytest.skip("Chromium is not installed (Debian: apt-get install chromium fonts-noto-cjk)")
    return browser_type_launch_args | {"executable_path": str(CHROMIUM), "args": FLAGS}


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args):
    return browser_context_args | {"locale": "zh-CN", "viewport": {"width": 1280, "height": 900}}


@pytest.fixture
def hub(live_server, page):
    """A page of the running product; fails on script errors, CSP violations and foreign hosts."""
    faults: list[str] = []
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on(
        "console",
        lambda message: (
            faults.append(message.text) if message.type == "error" and "Failed to load" not in message.text else None
        ),
    )
    page.on(
        "request", lambda request: faults.append(request.url) if not request.url.startswith(live_server.url) else None
    )
    page.hub_url = live_server.url
    yield page
    assert faults == []


@pytest.fixture
def reference(transactional_db):
    load_reference()


@pytest.fixture
def examples(reference):
    load_example_standards(by=SYSTEM)
    load_example_committees(by=SYSTEM)
    load_example_care(by=SYSTEM)
