"""The index of organizations' names: FTS5 on SQLite, a tsvector with GIN on PostgreSQL. `directory.search` is its only user."""

from django.db import migrations

from directory.search import INDEX


def create(apps, schema_editor):
    for statement in INDEX.create[schema_editor.connection.vendor]:
        schema_editor.execute(statement)


def drop(apps, schema_editor):
    schema_editor.execute(f"DROP TABLE {INDEX.table}")


class Migration(migrations.Migration):
    dependencies = [("directory", "0011_organizations")]
    operations = [migrations.RunPython(create, drop)]
