"""The sections of GB/T 4754-2017; the legal name and the index entry of every organization on record."""

from django.db import migrations

from directory.industries import sections
from directory.organization_names import name_key, similar_key
from directory.search import INDEX, tokens_of


def load(apps, schema_editor):
    Industry = apps.get_model("directory", "Industry")
    Industry.objects.bulk_create([Industry(path=f"/{row['code']}/", **row) for row in sections()])


def name(apps, schema_editor):
    Organization = apps.get_model("directory", "Organization")
    Name = apps.get_model("directory", "OrganizationName")
    said = list(Organization.objects.values_list("pk", "name", "name_en"))
    examples = set(Organization.objects.filter(is_example=True).values_list("pk", flat=True))
    Name.objects.bulk_create(
        [
            Name(
                organization_id=pk,
                name=text,
                kind="legal",
                is_example=pk in examples,
                key=name_key(text)[:200],
                similar_key=similar_key(text)[:200],
            )
            for pk, text, _english in said
        ],
        batch_size=1000,
    )
    INDEX.write([pk for pk, *_texts in said], ((pk, sorted(tokens_of(texts))) for pk, *texts in said))


class Migration(migrations.Migration):
    dependencies = [("directory", "0012_organization_search")]
    operations = [
        migrations.RunPython(load, migrations.RunPython.noop),
        migrations.RunPython(name, migrations.RunPython.noop),
    ]
