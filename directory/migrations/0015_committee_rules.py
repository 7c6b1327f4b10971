"""Main seats never overlap (PostgreSQL holds them to it), and the rules a new database starts with."""

from django.core.management.base import CommandError
from django.db import Error, migrations, transaction

from directory.committee_defaults import COMPOSITION, SCALES, TERMS

NAME = "main_seats_do_not_overlap"
EXCLUDE = f"""
ALTER TABLE directory_secretariatseat ADD CONSTRAINT {NAME}
EXCLUDE USING gist (committee_id WITH =, daterange(holds_from, holds_to, '[]') WITH &&)
WHERE (share = 'main' AND voided_at IS NULL AND (holds_to IS NULL OR holds_to >= holds_from))
"""
MISSING = (
    "The extension btree_gist is missing and could not be created: {reason}. Let the database's administrator install"
    " PostgreSQL's contrib package and run CREATE EXTENSION btree_gist in this database, then migrate again."
)


def guard_seats(apps, schema_editor):
    """SQLite lets one writer in at a time: there the verb's own check is enough."""
    if schema_editor.connection.vendor != "postgresql":
        return
    create_extension(schema_editor.connection)
    schema_editor.execute(EXCLUDE)


def create_extension(connection):
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_extension WHERE extname = 'btree_gist'")
        if cursor.fetchone():
            return
        try:
            with transaction.atomic(using=connection.alias):
                cursor.execute("CREATE EXTENSION btree_gist")
        except Error as error:
            raise CommandError(MISSING.format(reason=str(error).strip())) from error


def release_seats(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(f"ALTER TABLE directory_secretariatseat DROP CONSTRAINT {NAME}")


def load(apps, schema_editor):
    Region = apps.get_model("directory", "Region")
    today = {region.code: region for region in Region.objects.filter(valid_to=None)}
    load_rules(apps, today)
    load_scales(apps, today)


def load_rules(apps, today):
    CompositionRule = apps.get_model("directory", "CompositionRule")
    TermRule = apps.get_model("directory", "TermRule")
    for level, kind, limits, source, evidence in COMPOSITION:
        CompositionRule.objects.create(level=level, kind=kind, source=source, evidence=evidence, **limits)
    for level, code, years, renewal, leads, source, evidence in TERMS:
        TermRule.objects.create(
            level=level,
            region=today[code] if code else None,
            years=years,
            renewal_months=renewal,
            lead_months=leads,
            source=source,
            evidence=evidence,
        )


def load_scales(apps, today):
    GradeScale, Grade = apps.get_model("directory", "GradeScale"), apps.get_model("directory", "Grade")
    for authority, level, code, year, grades, source in SCALES:
        place = today[code] if code else None
        scale = GradeScale.objects.create(
            authority=authority, level=level, region=place, year=year, source=source, evidence="verified"
        )
        for rank, (name, months, consequence) in enumerate(grades, start=1):
            Grade.objects.create(
                scale=scale, name=name, rank=rank, rectification_months=months, consequence=consequence
            )


class Migration(migrations.Migration):
    dependencies = [("directory", "0014_committees")]
    operations = [
        migrations.RunPython(guard_seats, release_seats),
        migrations.RunPython(load, migrations.RunPython.noop, elidable=False),
    ]
