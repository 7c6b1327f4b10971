"""The application's own role on PostgreSQL: it writes the trail, and neither changes nor empties it."""

import os

import pytest
from django.core.management import CommandError, call_command
from django.db import ProgrammingError, connection, transaction

from records.models import Event
from tests.guards import lifted
from tests.records.trail import execute, make_events

pytestmark = pytest.mark.django_db

on_postgresql = pytest.mark.skipif(
    not os.environ.get("DATABASE_URL", "").startswith("postgres"), reason="roles are PostgreSQL's"
)


@pytest.fixture
def role():
    execute("CREATE ROLE hub_web NOLOGIN")  # gone with the test's transaction
    return "hub_web"


@on_postgresql
@pytest.mark.postgresql
@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE records_event SET reason = ''",
        "DELETE FROM records_event",
        "TRUNCATE records_event",
        "ALTER TABLE records_event DISABLE TRIGGER ALL",
        "UPDATE records_seal SET mac = ''",
        "DELETE FROM records_seal",
    ],
)
def test_the_role_may_not_change_the_trail_even_without_the_triggers(role, sql):
    make_events(1)
    call_command("secure_trail", "--role", role, "--execute", verbosity=0)

    with lifted():
        execute(f"SET LOCAL ROLE {role}")
        with pytest.raises(ProgrammingError, match=r"permission denied|must be owner"), transaction.atomic():
            execute(sql)
        execute("RESET ROLE")

    assert Event.objects.count() == 1


@on_postgresql
@pytest.mark.postgresql
def test_the_role_may_do_everything_else(role):
    call_command("secure_trail", "--role", role, "--execute", verbosity=0)

    execute(f"SET LOCAL ROLE {role}")
    make_events(1)
    execute("UPDATE records_importbatch SET state = state")
    execute("SELECT nextval(pg_get_serial_sequence('records_event', 'id'))")
    execute("RESET ROLE")

    assert Event.objects.count() == 1


@on_postgresql
@pytest.mark.postgresql
def test_without_execute_it_prints_the_statements_and_changes_nothing(role, capsys):
    call_command("secure_trail", "--role", role)

    lines = capsys.readouterr().out.splitlines()
    assert lines[3] == 'REVOKE ALL ON "records_event", "records_seal" FROM "hub_web";'
    execute(f"SET LOCAL ROLE {role}")
    with pytest.raises(ProgrammingError), transaction.atomic():
        execute("SELECT 1 FROM records_event")


@on_postgresql
@pytest.mark.postgresql
@pytest.mark.parametrize("name", ["nobody_of_that_name", "current"])
def test_a_role_that_is_not_there_or_owns_the_trail_is_refused(name):
    if name == "current":
        name = connection.settings_dict["USER"]

    with pytest.raises(CommandError):
        call_command("secure_trail", "--role", name)


@pytest.mark.skipif(os.environ.get("DATABASE_URL", "").startswith("postgres"), reason="SQLite has no roles")
def test_on_sqlite_it_says_that_there_are_no_roles():
    with pytest.raises(CommandError, match="on SQLite the triggers stand alone"):
        call_command("secure_trail", "--role", "hub")
