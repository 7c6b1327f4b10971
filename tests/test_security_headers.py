"""What every answer carries, who may send what, and that nothing is asked of another host."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client
from django.urls import URLPattern, get_resolver

from tests.factories import PASSWORD, make_standard, make_user

pytestmark = pytest.mark.django_db
ROOT = Path(__file__).resolve().parent.parent
CSP = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; font-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'; object-src 'none'"
)


def policy(text: str) -> dict[str, set[str]]:
    parts = [part.split() for part in text.split(";") if part.strip()]
    return {name: set(values) for name, *values in parts}


def answers(client) -> dict[str, object]:
    """An answer of every kind, by what it is."""
    client.raise_request_exception = False
    make_standard("GB/T 1-2020")
    strict = Client(enforce_csrf_checks=True)
    return {
        "page": client.get("/"),
        "redirect": client.get("/standards/?q=GB/T 1-2020"),
        "bad request": client.get("/standards/?level=x"),
        "absent": client.get("/nothing/"),
        "refused form": strict.post("/language/", {}),
        "unknown host": client.get("/", headers={"Host": "evil.example"}),
        "login": client.get("/login/"),
        "admin": client.get("/admin/login/"),
        "list": client.get("/api/v1/standards/"),
        "problem": client.get("/api/v1/standards/?level=x"),
        "absent in the API": client.get("/api/v1/nothing/"),
        "refused": client.post("/api/v1/standards/", {}, content_type="application/json"),
        "csv": client.get("/api/v1/standards/?format=csv"),
        "xlsx": client.get("/api/v1/standards/?format=xlsx"),
        "schema": client.get("/api/v1/schema/"),
        "health": client.get("/healthz"),
        "ready": client.get("/readyz"),
        "style": client.get("/static/hub/hub.css"),
        "script": client.get("/static/hub/hub.js"),
        "absent static": client.get("/static/hub/nothing.css"),
    }


def test_every_answer_carries_the_policy(client):
    found = {
        name: policy(answer.headers.get("Content-Security-Policy", "")) for name, answer in answers(client).items()
    }

    assert {name: one for name, one in found.items() if one != policy(CSP)} == {}


def test_a_failure_carries_the_policy_too(client, monkeypatch):
    client.raise_request_exception = False
    monkeypatch.setattr("catalog.views.lists.payload", lambda *args, **kwargs: 1 / 0)

    answer = client.get("/standards/")

    assert (answer.status_code, policy(answer.headers.get("Content-Security-Policy", ""))) == (500, policy(CSP))


def test_every_answer_carries_the_other_headers(client):
    wanted = {"X-Content-Type-Options": "nosniff", "Referrer-Policy": "same-origin", "X-Frame-Options": "DENY"}

    found = answers(client)

    lacking = {
        name: [header for header, value in wanted.items() if answer.headers.get(header) != value]
        for name, answer in found.items()
    }
    assert {name: headers for name, headers in lacking.items() if headers} == {}


def test_only_the_explorer_may_style_elements(client):
    relaxed = policy(client.get("/api/docs/").headers["Content-Security-Policy"])

    strict = policy(CSP)
    assert {name: values - strict[name] for name, values in relaxed.items() if values != strict[name]} == {
        "style-src": {"'unsafe-inline'"}
    }


def test_cookies_are_not_for_scripts(client):
    make_user("clerk")

    client.post("/login/", {"username": "clerk", "password": PASSWORD})
    client.post("/language/", {"language": "en"})

    flags = {name: (bool(one["httponly"]), one["samesite"]) for name, one in client.cookies.items()}
    assert flags["sessionid"] == flags[settings.LANGUAGE_COOKIE_NAME] == (True, "Lax")
    assert {samesite for _httponly, samesite in flags.values()} == {"Lax"}


def every_address(patterns, prefix: str = "") -> list[str]:
    """Each page's address with something in the place of its parameters; the API has tokens instead of forms."""
    found = []
    for one in patterns:
        route = prefix + str(one.pattern)
        if isinstance(one, URLPattern):
            found.append(route)
        elif not route.startswith("api/"):
            found += every_address(one.url_patterns, route)
    filled = [re.sub(r"<int:\w+>|<path:\w+>", "1", route) for route in found]
    filled = [re.sub(r"<\w+:\w+>|<\w+>", "x", route) for route in filled]
    filled = [re.sub(r"\(\?P<scheme>[^)]*\)", "ics", route) for route in filled]
    return sorted(
        {"/" + re.sub(r"\(\?P<\w+>[^)]*\)|[\^$\\]", lambda m: "01" if m[0].startswith("(") else "", r) for r in filled}
    )


def test_no_page_takes_a_post_without_its_token():
    """Only the API does, which knows no sessions."""
    client = Client(enforce_csrf_checks=True)
    client.force_login(make_user("root", every_role=True))
    addresses = [one for one in every_address(get_resolver().url_patterns) if not one.startswith("/api/")]

    statuses = {address: client.post(address, {}).status_code for address in addresses}

    assert {address: status for address, status in statuses.items() if status not in (403, 404)} == {}
    assert list(statuses.values()).count(403) > 40


def test_the_deployment_check_is_clean(tmp_path):
    environment = {
        "PATH": os.environ["PATH"],
        "STANDARDS_HUB_PRODUCTION": "1",
        "SECRET_KEY": "q8F2-vV6kR0xWm3_Zt7LcB1yNpD5sHg9JaUeQoTiMfXrKlSwEbCh",
        "TRAIL_KEY": "w3Rj-yH9mE1uTz6_Pb4XkD8sLfV2nQcG7aKiOoUxJdYpWrMeZtBh",
        "ALLOWED_HOSTS": "standards.example.gov.cn",
        "STANDARDS_HUB_VAR": str(tmp_path),
    }

    done = subprocess.run(
        [sys.executable, "manage.py", "check", "--deploy", "--fail-level", "WARNING"],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )

    assert (done.returncode, "no issues" in done.stdout) == (0, True), done.stderr


def test_production_does_not_start_without_its_own_key(tmp_path):
    environment = {"PATH": os.environ["PATH"], "STANDARDS_HUB_PRODUCTION": "1", "STANDARDS_HUB_VAR": str(tmp_path)}

    done = subprocess.run(
        [sys.executable, "manage.py", "check"], cwd=ROOT, env=environment, capture_output=True, text=True, check=False
    )

    assert (done.returncode, "SECRET_KEY" in done.stderr) == (1, True)


SHIPPED = sorted(
    path
    for pattern in ("*/templates/**/*.html", "*/static/**/*")
    for path in ROOT.glob(pattern)
    if path.suffix in (".html", ".css", ".js", ".svg")
)


def test_nothing_we_ship_asks_another_host():
    hosts = re.compile(r"(?:https?:)?//[\w.-]+\.\w+")
    names = {"http://www.w3.org"}  # the name of a vocabulary, not an address to fetch

    found = {str(path.relative_to(ROOT)): set(hosts.findall(path.read_text())) - names for path in SHIPPED}

    assert {path: links for path, links in found.items() if links} == {}
    assert len(SHIPPED) > 20


def test_no_template_has_inline_script_or_style():
    inline = re.compile(r"<script(?![^>]*\bsrc=)|<style|\sstyle=|\son\w+=|javascript:", re.I)

    found = {
        str(path.relative_to(ROOT)): inline.findall(path.read_text()) for path in SHIPPED if path.suffix == ".html"
    }

    assert {path: marks for path, marks in found.items() if marks} == {}


def test_no_template_trusts_a_text():
    trusting = re.compile(r"\|\s*safe\b|autoescape\s+off|\|\s*safeseq")

    found = {
        str(path.relative_to(ROOT)): trusting.findall(path.read_text()) for path in SHIPPED if path.suffix == ".html"
    }

    assert {path: marks for path, marks in found.items() if marks} == {}


@pytest.mark.parametrize(
    "path", ["/.git/config", "/.env", "/static/../manage.py", "/static/%2e%2e/manage.py", "/media/", "/static/"]
)
def test_nothing_else_is_served(client, path):
    assert client.get(path).status_code == 404
