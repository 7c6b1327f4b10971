from django.db import migrations, models

import directory.models.organizations


class Migration(migrations.Migration):
    dependencies = [("directory", "0008_versions")]

    operations = [
        migrations.AddField(
            model_name="organization",
            name="credit_code",
            field=models.CharField(
                blank=True,
                max_length=18,
                validators=[directory.models.organizations.check_credit_code],
                verbose_name="credit code",
            ),
        ),
        migrations.AlterField(
            model_name="organization",
            name="kind",
            field=models.CharField(
                choices=[
                    ("department", "government department"),
                    ("enterprise", "enterprise"),
                    ("other", "other body"),
                ],
                default="department",
                max_length=20,
                verbose_name="kind",
            ),
        ),
        migrations.AddConstraint(
            model_name="organization",
            constraint=models.UniqueConstraint(
                condition=models.Q(("credit_code", ""), _negated=True),
                fields=("credit_code",),
                name="a_credit_code_stands_once",
                violation_error_message="Another organization has this credit code.",
            ),
        ),
    ]
