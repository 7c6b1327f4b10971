"""Ends known to the month or year only; what facets count as numbers of words."""

import django.db.models.deletion
from django.db import migrations, models

WORDS = [
    "INSERT INTO catalog_facetword (word) SELECT main_word FROM catalog_standard"
    " UNION SELECT more_word FROM catalog_standard",
    "UPDATE catalog_standard SET"
    " facet_main_id = (SELECT id FROM catalog_facetword WHERE word = main_word),"
    " facet_more_id = (SELECT id FROM catalog_facetword WHERE word = more_word)",
]


def word(**options):
    return models.ForeignKey(
        to="catalog.facetword",
        on_delete=django.db.models.deletion.PROTECT,
        db_constraint=False,
        db_index=False,
        editable=False,
        related_name="+",
        **options,
    )


# Whole groups of numbers moved on under another prefix; that staff have entered otherwise stands.
MOVED = {"GA": "XF", "AQ": "KA"}


def link_prefixes(apps, schema_editor):
    Prefix = apps.get_model("catalog", "Prefix")
    for old, new in MOVED.items():
        for successor in Prefix.objects.filter(code=new):
            Prefix.objects.filter(code=old, successor=None).update(successor=successor)


def let_words_wait(apps, schema_editor):
    """Words may wait until many are sorted in at once; `catalog.search` and the settings say how many."""
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("ALTER INDEX catalog_search_tokens SET (fastupdate = on)")


class Migration(migrations.Migration):
    dependencies = [
        ("catalog", "0003_reference"),
        ("directory", "0002_divisions"),
    ]

    operations = [
        migrations.RunPython(let_words_wait, migrations.RunPython.noop),
        migrations.RunPython(link_prefixes, migrations.RunPython.noop),
        migrations.RemoveConstraint(
            model_name="standard",
            name="a_standard_is_withdrawn_after_it_was_published",
        ),
        migrations.RemoveIndex(
            model_name="standard",
            name="standard_counted",
        ),
        migrations.AddField(
            model_name="standard",
            name="replaced_precision",
            field=models.CharField(
                choices=[("day", "day"), ("month", "month"), ("year", "year")],
                default="day",
                editable=False,
                max_length=5,
            ),
        ),
        migrations.AddField(
            model_name="standard",
            name="withdrawn_precision",
            field=models.CharField(
                choices=[("day", "day"), ("month", "month"), ("year", "year")],
                default="day",
                max_length=5,
                verbose_name="known to the",
            ),
        ),
        migrations.CreateModel(
            name="FacetWord",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("word", models.CharField(max_length=200, unique=True)),
            ],
        ),
        migrations.RenameField("standard", "facet_main", "main_word"),
        migrations.RenameField("standard", "facet_more", "more_word"),
        migrations.AddField("standard", "facet_main", word(null=True)),
        migrations.AddField("standard", "facet_more", word(null=True)),
        migrations.RunSQL(WORDS),
        migrations.RemoveField("standard", "main_word"),
        migrations.RemoveField("standard", "more_word"),
        migrations.AlterField("standard", "facet_main", word()),
        migrations.AlterField("standard", "facet_more", word()),
        migrations.AddIndex(
            model_name="standard",
            index=models.Index(
                fields=[
                    "level",
                    "facet_main",
                    "facet_more",
                    "voided_at",
                    "published_on",
                    "implemented_on",
                    "implemented_precision",
                    "replaced_on",
                    "replaced_precision",
                    "withdrawn_on",
                    "withdrawn_precision",
                    "withdrawal_claimed_on",
                    "suspended_on",
                    "resumed_on",
                    "nature",
                    "kind",
                    "year",
                    "prefix",
                    "department",
                    "region",
                    "id",
                ],
                name="standard_counted",
            ),
        ),
        migrations.AddConstraint(
            model_name="standard",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("published_on__isnull", True),
                    ("withdrawn_on__isnull", True),
                    ("withdrawn_on__gte", models.F("published_on")),
                    models.Q(("withdrawn_precision", "day"), _negated=True),
                    _connector="OR",
                ),
                name="a_standard_is_withdrawn_after_it_was_published",
                violation_error_message="A standard cannot be withdrawn before it was published.",
            ),
        ),
    ]
