"""The description of the API is complete, and the page to try it needs no other host."""

import re

import pytest
import yaml
from django.core.management import call_command

from records.registers import REGISTERS

pytestmark = pytest.mark.django_db


def test_the_schema_is_valid_and_without_warnings(tmp_path, capsys):
    call_command("spectacular", "--validate", "--fail-on-warn", "--file", str(tmp_path / "schema.yaml"))

    assert capsys.readouterr().err == ""


def test_the_schema_is_served_and_names_every_operation(client):
    response = client.get("/api/v1/schema/")
    schema = yaml.safe_load(response.content)

    operations = {(path, method) for path, methods in schema["paths"].items() for method in methods}
    registers = {(f"/api/v1/{kind}/", method) for kind in REGISTERS for method in ("get", "post")}
    registers |= {(f"/api/v1/{kind}/{{id}}/", method) for kind in REGISTERS for method in ("get", "patch", "delete")}
    assert schema["openapi"].startswith("3.")
    assert operations - registers == {
        ("/api/v1/contributions/", "get"),
        ("/api/v1/contributions/", "post"),
        ("/api/v1/contributions/counts/", "get"),
        ("/api/v1/contributions/{id}/", "get"),
        ("/api/v1/contributions/{id}/", "patch"),
        ("/api/v1/contributions/{id}/", "delete"),
        ("/api/v1/standards/", "get"),
        ("/api/v1/standards/", "post"),
        ("/api/v1/standards/facets/", "get"),
        ("/api/v1/standards/{slug}/", "get"),
        ("/api/v1/standards/{slug}/", "patch"),
        ("/api/v1/standards/{slug}/", "delete"),
        ("/api/v1/families/{slug}/", "get"),
        ("/api/v1/classifications/", "get"),
        ("/api/v1/regions/", "get"),
        ("/api/v1/trail/", "get"),
    }


def test_the_schema_names_every_parameter_of_the_contract(client):
    schema = yaml.safe_load(client.get("/api/v1/schema/").content)

    listed = {one["name"] for one in schema["paths"]["/api/v1/standards/"]["get"]["parameters"]}

    assert listed == {
        "q",
        "level",
        "nature",
        "kind",
        "status",
        "on",
        "year",
        "ics",
        "ccs",
        "region",
        "divisions",
        "department",
        "prefix",
        "id",
        "examples",
        "ordering",
        "columns",
        "page",
        "page_size",
        "cursor",
        "format",
    }


def test_the_page_to_try_it_loads_nothing_from_another_host(client):
    page = client.get("/api/docs/")
    script = client.get("/api/docs/?script=")
    sources = re.findall(r'(?:src|href)="([^"]+)"', page.content.decode())

    assert (page.status_code, script.status_code) == (200, 200)
    assert [source for source in sources if source.startswith(("http:", "https:", "//"))] == []
    assert [source for source in sources if client.get(source).status_code != 200] == []
    assert re.findall(r"https?://[^\s\"']+", script.content.decode()) == []
