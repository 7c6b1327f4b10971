import os
from pathlib import Path

import pytest
from django.test import TransactionTestCase
from django.utils import translation
from knox.models import get_token_model
from pytest_django.plugin import blocking_manager_key

from tests.factories import make_user
from tests.guards import lifted

ROOT = Path(__file__).resolve().parent.parent


def pytest_configure(config):
    """Nothing seals by itself while tests run, nor into the developer's own second place."""
    from django.conf import settings

    settings.SEAL_EVERY = 0
    settings.TRAIL_COPY = os.devnull


def is_transactional(item) -> bool:
    """Whether a test commits, and so leaves emptied tables behind."""
    marker = item.get_closest_marker("django_db")
    return bool(marker and marker.kwargs.get("transaction")) or "transactional_db" in item.fixturenames


@pytest.hookimpl(wrapper=True)
def pytest_runtest_teardown(item, nextitem):
    """Reference data comes with the migrations; put it back before a test that counts on it."""
    result = yield
    if is_transactional(item) and nextitem is not None:
        from tests.reference import empty_search_index, load_reference

        with item.config.stash[blocking_manager_key].unblock():
            empty_search_index()
            if not is_transactional(nextitem):
                load_reference()
    return result


@pytest.fixture(scope="session", autouse=True)
def emptying_past_the_guards():
    """Between transactional tests every table is emptied, those that are append-only too."""
    empty = TransactionTestCase._fixture_teardown

    def emptied(case):
        with lifted():
            empty(case)

    TransactionTestCase._fixture_teardown = emptied
    yield
    TransactionTestCase._fixture_teardown = empty


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The folder of real input; tests that read it skip where it is not."""
    folder = Path(os.environ.get("STANDARDS_HUB_DATA", ROOT.parent / "shared" / "data"))
    if not folder.is_dir():
        pytest.skip(f"no real input at {folder}")
    return folder


@pytest.fixture
def clerk(db):
    """An account without any right."""
    return make_user("clerk")


@pytest.fixture
def cataloguer(db):
    """An account that keeps the catalogue."""
    return make_user("cataloguer", cataloguer=True)


@pytest.fixture
def token(cataloguer) -> str:
    """A cataloguer's API token."""
    return get_token_model().objects.create(cataloguer)[1]


@pytest.fixture(autouse=True)
def fresh_cache():
    """Throttles count anew in each test."""
    from django.core.cache import cache

    cache.clear()


@pytest.fixture
def english():
    """What is said in words, outside of requests, is said in English."""
    with translation.override("en"):
        yield
