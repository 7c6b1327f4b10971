"""The divisions of GB/T 2260 with their years, from python-stdnum's table and our corrections."""

from django.db import migrations

from directory.divisions import divisions, parent_of, successions


def load(apps, schema_editor):
    Region = apps.get_model("directory", "Region")
    by_code = {}
    for division in divisions():
        by_code.setdefault(division.code, []).append(division)
    saved = {}
    for level in ("province", "prefecture", "county"):
        rows = []
        for division in (one for many in by_code.values() for one in many if one.level == level):
            parent = parent_of(division, by_code)
            above = saved[parent.code, parent.valid_from] if parent else None
            rows.append(
                Region(
                    code=division.code,
                    name=division.name,
                    level=level,
                    parent=above,
                    path=f"{above.path if above else '/'}{division.code}/",
                    valid_from=division.valid_from,
                    valid_to=division.valid_to,
                )
            )
        for row in Region.objects.bulk_create(rows, batch_size=1000):
            saved[row.code, row.valid_from] = row
    link = Region.successors.through
    link.objects.bulk_create(
        [
            link(
                from_region=saved[one.old_code, one.old_from],
                to_region=saved[one.new_code, one.new_from],
            )
            for one in successions()
        ],
        batch_size=1000,
    )


class Migration(migrations.Migration):
    dependencies = [("directory", "0001_initial")]
    operations = [migrations.RunPython(load, migrations.RunPython.noop, elidable=False)]
