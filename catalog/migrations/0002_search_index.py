"""The search index: FTS5 on SQLite, a tsvector with GIN on PostgreSQL. `catalog.search` is its only user."""

from django.db import migrations

CREATE = {
    "sqlite": [
        # No positions and no sizes: hits are ranked by our own rule, the same on both databases.
        # Every letter and digit is a token character, those that Unicode added later too (Cn).
        "CREATE VIRTUAL TABLE catalog_search USING fts5(tokens, detail=none, columnsize=0, prefix='1',"
        " tokenize=\"unicode61 remove_diacritics 0 categories 'L* N* M* Co Cn'\")",
    ],
    "postgresql": [
        "CREATE TABLE catalog_search (standard_id bigint PRIMARY KEY, tokens tsvector NOT NULL)",
        "CREATE INDEX catalog_search_tokens ON catalog_search USING gin (tokens) WITH (fastupdate = off)",
    ],
}


def create(apps, schema_editor):
    for statement in CREATE[schema_editor.connection.vendor]:
        schema_editor.execute(statement)


def drop(apps, schema_editor):
    schema_editor.execute("DROP TABLE catalog_search")


class Migration(migrations.Migration):
    dependencies = [("catalog", "0001_initial")]
    operations = [migrations.RunPython(create, drop)]
