"""Past the triggers that keep the trail append-only: to empty tables between tests, and to tamper."""

import importlib
from contextlib import contextmanager

from django.db import connection


class Editor:
    """What the migration's functions need of a schema editor; the real one cannot be used inside a transaction."""

    connection = connection

    def execute(self, sql, params=None):
        with connection.cursor() as cursor:
            cursor.execute(sql, params)


@contextmanager
def lifted():
    """Inside, events and seals can be changed by whoever may change the tables themselves."""
    migration = importlib.import_module("records.migrations.0004_append_only")
    editor = Editor()
    if connection.vendor == "postgresql":
        # Checks that wait for the end of the transaction stand in the way of changing the table.
        editor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    migration.release(None, editor)
    yield
    if connection.vendor == "postgresql":
        editor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    migration.guard(None, editor)
