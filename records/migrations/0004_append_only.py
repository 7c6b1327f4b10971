"""What was written stays as it is, whoever asks: the database itself refuses to change or empty the trail and its seals.

On SQLite a rebuilt table comes back without its triggers: a later migration that alters one of these tables there ends with
`guard` again. Tests lift the triggers to empty the tables between them.
"""

from django.db import migrations

TABLES = ("records_event", "records_seal")
SQLITE = {
    "is_never_changed": "BEFORE UPDATE ON {table} BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END",
    "is_never_deleted": "BEFORE DELETE ON {table} BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END",
    # INSERT OR REPLACE asks the trigger above too, as the settings turn on recursive triggers. A trigger before each
    # insert would double the time of an import.
}
REFUSE = """
CREATE OR REPLACE FUNCTION records_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END $$
"""
POSTGRESQL = {
    "is_never_changed": "BEFORE UPDATE OR DELETE ON {table} FOR EACH ROW EXECUTE FUNCTION records_refuse_change()",
    "is_never_emptied": "BEFORE TRUNCATE ON {table} FOR EACH STATEMENT EXECUTE FUNCTION records_refuse_change()",
}


def guard(apps, schema_editor):
    """Set the triggers anew."""
    release(apps, schema_editor)
    postgresql = schema_editor.connection.vendor == "postgresql"
    if postgresql:
        schema_editor.execute(REFUSE, None)
    for table in TABLES:
        for name, what in (POSTGRESQL if postgresql else SQLITE).items():
            schema_editor.execute(f"CREATE TRIGGER {table}_{name} " + what.format(table=table))


def release(apps, schema_editor):
    """Take the triggers away."""
    postgresql = schema_editor.connection.vendor == "postgresql"
    for table in TABLES:
        for name in POSTGRESQL if postgresql else SQLITE:
            place = f" ON {table}" if postgresql else ""
            schema_editor.execute(f"DROP TRIGGER IF EXISTS {table}_{name}{place}")


class Migration(migrations.Migration):
    dependencies = [("records", "0003_acting_and_seals")]
    operations = [migrations.RunPython(guard, release)]
