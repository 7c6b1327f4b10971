"""Rights of the application's own PostgreSQL role: `secure_trail --role NAME [--execute]`."""

from django.core.management.base import BaseCommand, CommandError
from django.db import connection, transaction

from records.models import Event, Seal


class Command(BaseCommand):
    help = (
        "Print (or execute) the GRANT and REVOKE statements that let a role use the database but not change its trail."
    )

    def add_arguments(self, parser):
        parser.add_argument("--role", required=True, help="the role that the web process signs in as")
        parser.add_argument("--execute", action="store_true", help="carry them out instead of printing them")

    def handle(self, *args, **options):
        if connection.vendor != "postgresql":
            raise CommandError("Roles are PostgreSQL's; on SQLite the triggers stand alone.")
        self._check_role(options["role"])
        statements = statements_for(options["role"])
        if options["execute"]:
            with transaction.atomic(), connection.cursor() as cursor:
                for statement in statements:
                    cursor.execute(statement)
        self.stdout.write("\n".join(f"{statement};" for statement in statements))

    def _check_role(self, role: str) -> None:
        """An owner or a superuser passes by every grant."""
        tables = [Event._meta.db_table, Seal._meta.db_table]
        with connection.cursor() as cursor:
            cursor.execute("SELECT rolsuper FROM pg_roles WHERE rolname = %s", [role])
            row = cursor.fetchone()
            if row is None:
                raise CommandError(f"There is no role {role}.")
            cursor.execute(
                "SELECT 1 FROM pg_tables WHERE tablename = ANY(%s) AND schemaname = current_schema()"
                " AND pg_has_role(%s, tableowner, 'member')",
                [tables, role],
            )
            if row[0] or cursor.fetchone():
                raise CommandError(
                    f"The role {role} owns the trail or is a superuser; choose one that migrates nothing."
                )


def statements_for(role: str) -> list[str]:
    """What to run as the owner of the tables, after each `migrate`."""
    name, quote = connection.ops.quote_name(role), connection.ops.quote_name
    kept = ", ".join(quote(model._meta.db_table) for model in (Event, Seal))
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_schema()")
        schema = quote(cursor.fetchone()[0])
    return [
        f"GRANT USAGE ON SCHEMA {schema} TO {name}",
        f"GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA {schema} TO {name}",
        f"GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA {schema} TO {name}",
        f"REVOKE ALL ON {kept} FROM {name}",
        f"REVOKE ALL ON {kept} FROM PUBLIC",
        f"GRANT SELECT, INSERT ON {kept} TO {name}",
    ]
