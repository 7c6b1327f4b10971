"""Reference data again, for tests that begin with emptied tables (transactional ones)."""

import importlib

from django.apps import apps
from django.db import connection

from catalog.models import Classification

LOADERS = (
    "directory.migrations.0002_divisions",
    "directory.migrations.0013_names_and_sections",
    "directory.migrations.0015_committee_rules",
    "catalog.migrations.0003_reference",
)


def empty_search_index() -> None:
    """The indexes are no model's tables, so that emptying the others leaves them as they were."""
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM catalog_search")
        cursor.execute("DELETE FROM directory_organization_search")


def load_reference() -> None:
    """Run the data migrations' own loaders once more, where their rows are gone."""
    if Classification.objects.exists():
        return
    for module in LOADERS:
        importlib.import_module(module).load(apps, None)
