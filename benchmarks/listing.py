"""The list API against a bare view: the same JSON by one cursor, behind the same middleware (run by `Engine.measure`)."""

import json
import sys
import time
from datetime import date
from typing import Any

from .engines import hand_over, start_django

start_django()

from django.db import connection  # noqa: E402
from django.http import HttpResponse  # noqa: E402
from django.test import Client, override_settings  # noqa: E402
from django.urls import include, path  # noqa: E402
from django.utils import timezone  # noqa: E402

from . import asked as by_hand  # noqa: E402
from .timing import percentile  # noqa: E402

BASE = "http://127.0.0.1/api/v1/standards/"


def bare(request) -> HttpResponse:
    """What the list API answers for a department, with nothing between the cursor and the JSON."""
    size, on = int(request.GET["page_size"]), timezone.localdate()
    name, collect = request.GET["department"], "json_agg" if connection.vendor == "postgresql" else "json_group_array"
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM catalog_standard WHERE voided_at IS NULL"
            " AND department_id = (SELECT id FROM directory_organization WHERE name = %s)",
            [name],
        )
        count = cursor.fetchone()[0]
        cursor.execute(
            "SELECT max(as_of) FROM records_importbatch WHERE kind = 'standards' AND state = 'applied'",
        )
        as_of = cursor.fetchone()[0]
        cursor.execute(_rows(on, collect), [name, size])
        columns = [column[0] for column in cursor.description]
        results = [_shown(dict(zip(columns, row, strict=True)), on) for row in cursor.fetchall()]
    body = {
        "count": count,
        "next": f"{BASE}?department={name}&page_size={size}&page=2",
        "previous": None,
        "on": on,
        "as_of": as_of,
        "results": results,
    }
    return HttpResponse(json.dumps(body, ensure_ascii=False, default=str), content_type="application/json")


def _rows(on: date, collect: str) -> str:
    codes = (
        f"(SELECT {collect}(code) FROM (SELECT c.code FROM catalog_standard_classifications l CROSS JOIN"
        " catalog_classification c WHERE l.standard_id = s.id AND c.id = l.classification_id AND c.scheme = '{0}'"
        " ORDER BY c.code) t) AS {0}"
    )
    return f"""
        SELECT s.number, s.title, s.title_en, s.level, s.nature, s.kind, {by_hand.status(on)} AS status,
            s.published_on, s.published_precision, s.implemented_on, s.implemented_precision, s.withdrawn_on,
            s.withdrawn_precision, s.replaced_on, s.replaced_precision, s.is_example, s.slug, g.code AS region, o.name AS department,
            {codes.format("ics")}, {codes.format("ccs")},
            (SELECT {collect}(number) FROM (SELECT r.target_number AS number FROM catalog_standardrelation r
                WHERE r.source_id = s.id AND NOT r.inferred AND r.kind = 'replaces' AND r.voided_at IS NULL
                ORDER BY 1) t) AS replaces,
            (SELECT {collect}(number) FROM (SELECT r.source_number AS number FROM catalog_standardrelation r
                WHERE r.target_id = s.id AND r.kind = 'replaces' AND r.voided_at IS NULL ORDER BY 1) t) AS replaced_by,
            (SELECT max(CASE WHEN r.inferred THEN 1 ELSE 0 END) FROM catalog_standardrelation r
                WHERE r.target_id = s.id AND r.kind = 'replaces' AND r.voided_at IS NULL) AS inferred
        FROM catalog_standard s LEFT JOIN directory_region g ON g.id = s.region_id
            LEFT JOIN directory_organization o ON o.id = s.department_id
        WHERE s.voided_at IS NULL AND o.name = %s ORDER BY s.sort_key, s.id LIMIT %s"""


def _shown(row: dict[str, Any], on: date) -> dict[str, Any]:
    for name in ("ics", "ccs", "replaces", "replaced_by"):
        row[name] = json.loads(row[name]) if isinstance(row[name], str) else row[name] or []
    ends = [str(day) for name in ("replaced_on", "withdrawn_on") if (day := row[name])]
    for name in (
        "replaced_on",
        "published_precision",
        "implemented_precision",
        "withdrawn_precision",
        "replaced_precision",
    ):
        del row[name]
    row["url"] = f"{BASE}{row['slug']}/"
    if ends:
        row["ends_on"] = min(ends)
        if row["status"] == "in_force":
            row["days_left"] = (date.fromisoformat(row["ends_on"]) - on).days
    if not row.pop("inferred"):
        return row
    return row | {"inferred": True}


urlpatterns = [path("bare/", bare), path("", include("standards_hub.urls"))]


def measure(turns: int) -> list[dict[str, Any]]:
    """For 20 and 100 rows: seconds of the API and of the bare view, p50 and p95, and whether the rows agree."""
    lines = []
    with override_settings(ROOT_URLCONF=__name__):
        client = Client(SERVER_NAME="127.0.0.1")
        for size in (20, 100):
            parameters = {"department": "江苏省市场监督管理局", "page_size": size}
            addresses = {"api": "/api/v1/standards/", "bare": "/bare/"}
            taken: dict[str, list[float]] = {"api": [], "bare": []}
            bodies = {}
            for _turn in range(turns):
                for name, address in addresses.items():
                    start = time.perf_counter()
                    response = client.get(address, parameters)
                    taken[name].append(time.perf_counter() - start)
                    bodies[name] = response.json()
            line: dict[str, Any] = {"rows": size, "agrees": _plain(bodies["api"]) == _plain(bodies["bare"])}
            for name, values in taken.items():
                line |= {f"{name}_p50": percentile(values, 0.5), f"{name}_p95": percentile(values, 0.95)}
            lines.append(line)
    return lines


def _plain(body: dict[str, Any]) -> tuple:
    return body["count"], [sorted((k, str(v)) for k, v in row.items()) for row in body["results"]]


if __name__ == "__main__":
    hand_over(measure(int(sys.argv[1]) if len(sys.argv) > 1 else 100))
