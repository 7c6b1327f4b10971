"""ICS fields, CCS classes and number prefixes, from the files written for the product."""

import csv
from pathlib import Path

from django.db import migrations

REFERENCE = Path(__file__).resolve().parent.parent / "reference"


def rows(name):
    with (REFERENCE / name).open(encoding="utf-8", newline="") as stream:
        yield from csv.DictReader(stream)


def year(text):
    return int(text) if text else None


def load(apps, schema_editor):
    Classification = apps.get_model("catalog", "Classification")
    Prefix = apps.get_model("catalog", "Prefix")
    for scheme in ("ics", "ccs"):
        Classification.objects.bulk_create(
            Classification(scheme=scheme, code=row["code"], name=row["name_zh"], name_en=row["name_en"])
            for row in rows(f"{scheme}.csv")
        )
    prefixes = {
        row["prefix"]: Prefix(
            code=row["prefix"],
            level=row["level"],
            name=row["name_zh"],
            name_en=row["name_en"],
            department=row["department_zh"],
            department_en=row["department_en"],
            valid_from=year(row["valid_from"]),
            valid_to=year(row["valid_to"]),
            note=row["note"],
        )
        for row in rows("prefixes.csv")
    }
    Prefix.objects.bulk_create(prefixes.values())
    for row in rows("prefixes.csv"):
        if row["successor"]:
            Prefix.objects.filter(code=row["prefix"]).update(successor=prefixes[row["successor"]].pk)


class Migration(migrations.Migration):
    dependencies = [("catalog", "0002_search_index")]
    operations = [migrations.RunPython(load, migrations.RunPython.noop)]
