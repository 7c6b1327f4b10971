"""The auditor's questions of the trail have their indexes; SQLite rebuilds the table for one of them."""

from importlib import import_module

from django.conf import settings
from django.db import migrations, models

guarding = import_module("records.migrations.0004_append_only")


class Migration(migrations.Migration):
    dependencies = [
        ("records", "0006_form_tokens"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AlterField(
            model_name="event",
            name="action",
            field=models.CharField(
                choices=[
                    ("created", "created"),
                    ("updated", "updated"),
                    ("voided", "voided"),
                    ("settled", "settled"),
                    ("applied", "applied"),
                    ("reverted", "reverted"),
                    ("discarded", "discarded"),
                    ("granted", "granted"),
                    ("revoked", "revoked"),
                    ("registered", "registered"),
                    ("signed_in", "signed in"),
                    ("refused", "refused"),
                    ("exported", "exported"),
                    ("verified", "verified"),
                ],
                max_length=10,
                verbose_name="action",
            ),
        ),
        migrations.AlterField(
            model_name="event",
            name="at",
            field=models.DateTimeField(verbose_name="at"),
        ),
        migrations.AddIndex(
            model_name="event",
            index=models.Index(fields=["at", "id"], name="event_by_time"),
        ),
        migrations.AddIndex(
            model_name="event",
            index=models.Index(
                condition=models.Q(
                    models.Q(("action", "created"), _negated=True), models.Q(("action", "updated"), _negated=True)
                ),
                fields=["action", "at"],
                name="event_of_rare_action",
            ),
        ),
        migrations.AddIndex(
            model_name="event",
            index=models.Index(
                condition=models.Q(("document__gt", "")), fields=["document"], name="event_under_document"
            ),
        ),
        migrations.AddIndex(
            model_name="event",
            index=models.Index(
                condition=models.Q(("request_id__gt", "")), fields=["request_id"], name="event_of_request"
            ),
        ),
        migrations.AddIndex(
            model_name="event",
            index=models.Index(
                condition=models.Q(("address__gt", "")), fields=["address", "at"], name="event_from_address"
            ),
        ),
        migrations.RunPython(guarding.guard, guarding.guard),
    ]
