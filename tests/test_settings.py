"""What the settings make of the environment."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
ASK = """
import json, os
os.environ["DJANGO_SETTINGS_MODULE"] = "standards_hub.settings"
from django.conf import settings
names = json.loads(os.environ["NAMES"])
print(json.dumps({name: getattr(settings, name, None) for name in names}, default=str))
"""


def settings_under(folder: Path, names: list[str], **environment: str) -> dict:
    done = subprocess.run(
        [sys.executable, "-c", ASK],
        cwd=ROOT,
        env={"PATH": os.environ["PATH"], "STANDARDS_HUB_VAR": str(folder), "NAMES": json.dumps(names), **environment},
        capture_output=True,
        text=True,
        check=True,
    )
    return json.loads(done.stdout)


def test_without_any_variable_it_is_the_embedded_edition(tmp_path):
    names = ["DEBUG", "ALLOWED_HOSTS", "DATABASES", "SESSION_COOKIE_SECURE", "LANGUAGE_CODE", "TIME_ZONE", "SECRET_KEY"]

    first, second = settings_under(tmp_path, names), settings_under(tmp_path, names)

    database = first["DATABASES"]["default"]
    assert (first["DEBUG"], first["ALLOWED_HOSTS"]) == (False, ["127.0.0.1", "localhost", "[::1]"])
    assert (database["ENGINE"], database["NAME"]) == (
        "django.db.backends.sqlite3",
        str(tmp_path / "standards_hub.sqlite3"),
    )
    assert (first["LANGUAGE_CODE"], first["TIME_ZONE"], first["SESSION_COOKIE_SECURE"]) == (
        "zh-hans",
        "Asia/Shanghai",
        False,
    )
    assert first["SECRET_KEY"] == second["SECRET_KEY"] == (tmp_path / "secret_key").read_text()
    assert oct((tmp_path / "secret_key").stat().st_mode)[-3:] == "600"


def test_sqlite_keeps_what_it_acknowledged_and_waits_for_other_writers(tmp_path):
    options = settings_under(tmp_path, ["DATABASES"])["DATABASES"]["default"]["OPTIONS"]

    assert (options["transaction_mode"], options["timeout"]) == ("IMMEDIATE", 60)
    assert "journal_mode=WAL" in options["init_command"]
    assert "synchronous=FULL" in options["init_command"]


def test_an_address_moves_the_data_to_postgresql_and_nothing_else(tmp_path):
    names = ["DATABASES", "INSTALLED_APPS", "MIDDLEWARE", "REST_FRAMEWORK", "STORAGES"]

    plain = settings_under(tmp_path, names)
    moved = settings_under(tmp_path, names, DATABASE_URL="postgres://hub:secret@db.example:5433/standards")

    database = moved.pop("DATABASES")["default"]
    plain.pop("DATABASES")
    assert (database["ENGINE"], database["HOST"], database["PORT"], database["NAME"]) == (
        "django.db.backends.postgresql",
        "db.example",
        5433,
        "standards",
    )
    assert moved == plain


def test_production_is_strict(tmp_path):
    names = [
        "DEBUG", "ALLOWED_HOSTS", "SECURE_SSL_REDIRECT", "SECURE_HSTS_SECONDS", "SECURE_HSTS_INCLUDE_SUBDOMAINS",
        "SESSION_COOKIE_SECURE", "CSRF_COOKIE_SECURE", "LANGUAGE_COOKIE_SECURE", "SESSION_COOKIE_NAME",
    ]  # fmt: skip

    found = settings_under(
        tmp_path, names, STANDARDS_HUB_PRODUCTION="1", SECRET_KEY="x" * 60, ALLOWED_HOSTS="a.example,b.example"
    )

    assert found == {
        "DEBUG": False,
        "ALLOWED_HOSTS": ["a.example", "b.example"],
        "SECURE_SSL_REDIRECT": True,
        "SECURE_HSTS_SECONDS": 31_536_000,
        "SECURE_HSTS_INCLUDE_SUBDOMAINS": True,
        "SESSION_COOKIE_SECURE": True,
        "CSRF_COOKIE_SECURE": True,
        "LANGUAGE_COOKIE_SECURE": True,
        "SESSION_COOKIE_NAME": "__Host-session",
    }


@pytest.mark.parametrize(
    ("variable", "value", "read"),
    [
        ("THROTTLE_ANON", "7/min", ("DEFAULT_THROTTLE_RATES", "anon", "7/min")),
        ("THROTTLE_EXPORT", "3/hour", ("DEFAULT_THROTTLE_RATES", "export", "3/hour")),
    ],
)
def test_limits_come_from_the_environment(tmp_path, variable, value, read):
    found = settings_under(tmp_path, ["REST_FRAMEWORK"], **{variable: value})["REST_FRAMEWORK"]

    assert found[read[0]][read[1]] == read[2]


def test_no_forwarded_address_is_believed_until_a_proxy_is_named(tmp_path):
    names = ["TRUSTED_PROXIES"]

    assert settings_under(tmp_path, names) == {"TRUSTED_PROXIES": []}
    assert settings_under(tmp_path, names, TRUSTED_PROXIES="10.1.0.0/16, 127.0.0.1") == {
        "TRUSTED_PROXIES": ["10.1.0.0/16", "127.0.0.1/32"]
    }
