import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

import directory.models.organizations


class Migration(migrations.Migration):
    dependencies = [
        ("directory", "0009_credit_codes"),
    ]

    operations = [
        migrations.CreateModel(
            name="Registration",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "credit_code",
                    models.CharField(
                        db_index=True,
                        max_length=18,
                        validators=[directory.models.organizations.check_credit_code],
                        verbose_name="credit code",
                    ),
                ),
                ("name", models.CharField(max_length=200, verbose_name="name of the enterprise")),
                ("contact", models.CharField(max_length=50, verbose_name="contact person")),
                ("phone", models.CharField(max_length=30, verbose_name="phone")),
                ("email", models.EmailField(max_length=254, verbose_name="e-mail")),
                (
                    "sent_at",
                    models.DateTimeField(default=django.utils.timezone.now, editable=False, verbose_name="sent at"),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[("waiting", "waiting"), ("confirmed", "confirmed"), ("refused", "refused")],
                        default="waiting",
                        max_length=10,
                        verbose_name="state",
                    ),
                ),
                ("decided_at", models.DateTimeField(blank=True, null=True, verbose_name="decided at")),
                ("reason", models.CharField(blank=True, max_length=500, verbose_name="reason")),
                ("is_example", models.BooleanField(default=False, verbose_name="example")),
            ],
            options={
                "verbose_name": "registration",
                "verbose_name_plural": "registrations",
                "ordering": ["-sent_at", "-pk"],
            },
        ),
        migrations.AddField(
            model_name="grant",
            name="keeps_accounts",
            field=models.BooleanField(
                default=False,
                help_text="Gives one-time passwords and hands over open work, within the division.",
                verbose_name="keeps the accounts of the division",
            ),
        ),
        migrations.AddField(
            model_name="user",
            name="password_is_temporary",
            field=models.BooleanField(default=False, editable=False, verbose_name="password set by somebody else"),
        ),
        migrations.AddConstraint(
            model_name="grant",
            constraint=models.CheckConstraint(
                condition=models.Q(("keeps_accounts", False), ("role", "staff"), _connector="OR"),
                name="only_staff_keep_accounts",
                violation_error_message="Only staff of a division keep its accounts.",
            ),
        ),
        migrations.AddField(
            model_name="registration",
            name="decided_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="decided by",
            ),
        ),
        migrations.AddField(
            model_name="registration",
            name="handler",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="in the hands of",
            ),
        ),
        migrations.AddField(
            model_name="registration",
            name="organization",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="registrations",
                to="directory.organization",
                verbose_name="organization",
            ),
        ),
        migrations.AddField(
            model_name="registration",
            name="region",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="registrations",
                to="directory.region",
                verbose_name="division",
            ),
        ),
        migrations.AddField(
            model_name="registration",
            name="user",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="registrations",
                to=settings.AUTH_USER_MODEL,
                verbose_name="account",
            ),
        ),
        migrations.AddConstraint(
            model_name="registration",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state", "waiting")), fields=("user",), name="one_registration_of_an_account_waits"
            ),
        ),
        migrations.AddConstraint(
            model_name="registration",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("decided_at__isnull", True), ("state", "waiting")),
                    models.Q(models.Q(("state", "waiting"), _negated=True), ("decided_at__isnull", False)),
                    _connector="OR",
                ),
                name="a_registration_is_decided_on_a_day",
            ),
        ),
        migrations.AddConstraint(
            model_name="registration",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("organization__isnull", False), ("state", "confirmed")),
                    models.Q(models.Q(("state", "confirmed"), _negated=True), ("organization__isnull", True)),
                    _connector="OR",
                ),
                name="a_confirmed_registration_has_its_organization",
            ),
        ),
        migrations.AddConstraint(
            model_name="registration",
            constraint=models.CheckConstraint(
                condition=models.Q(("reason", ""), ("state", "refused"), _negated=True), name="a_refusal_says_why"
            ),
        ),
    ]
