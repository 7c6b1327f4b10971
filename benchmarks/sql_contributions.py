"""The best SQL we can write for the answers about contributions, on the product's own tables."""

from datetime import date
from typing import Any

from django.db import connection

PART = "(c.role IN ('lead_drafter', 'drafter', 'participant') OR c.recognised)"
DRAFTING = "c.role IN ('lead_drafter', 'drafter', 'participant')"
LEADS = {
    "first": f"{DRAFTING} AND c.rank = 1",
    "first_two": f"{DRAFTING} AND c.rank <= 2",
    "printed": "c.leads_as_printed",
    "recognized": "c.leads_as_printed",
}
Asked = tuple[str, list[Any]]


def figures_by_hand(rule: str, province: str, on: date) -> Asked:
    """Distinct standards of a province by level, led and not: first each standard once, then the standards themselves."""
    led = "CASE WHEN s.level = 'international' THEN m.recognised ELSE m.led END" if rule == "recognized" else "m.led"
    one, end = "1" if connection.vendor == "sqlite" else "TRUE", on.isoformat()
    year, month = on.replace(month=1, day=1).isoformat(), on.replace(day=1).isoformat()
    sql = f"""
        WITH mine AS {"MATERIALIZED" if connection.vendor == "postgresql" else ""} (
            SELECT c.standard_id, MAX(CASE WHEN {LEADS[rule]} THEN 1 ELSE 0 END) AS led,
                MAX(CASE WHEN c.recognised THEN 1 ELSE 0 END) AS recognised
            FROM directory_region g CROSS JOIN directory_organization o CROSS JOIN catalog_contribution c
            WHERE g.path LIKE %s AND o.region_id = g.id AND c.organization_id = o.id
                AND c.voided_at IS NULL AND NOT c.is_example AND {PART}
            GROUP BY c.standard_id)
        SELECT s.level, SUM({led}), COUNT(*) - SUM({led})
        FROM mine m CROSS JOIN catalog_standard s
        WHERE s.id = m.standard_id AND s.voided_at IS NULL AND s.kind = 'standard' AND s.is_example <> {one} AND (
            s.published_on < %s OR (s.published_on <= %s AND s.published_precision = 'day')
            OR (s.published_on < %s AND s.published_precision = 'month')
            OR (s.published_on IS NULL AND (s.implemented_on < %s
                OR (s.implemented_on <= %s AND s.implemented_precision = 'day')
                OR (s.implemented_on < %s AND s.implemented_precision = 'month')))
            OR (s.published_on IS NULL AND s.implemented_on IS NULL AND s.year < %s))
        GROUP BY s.level"""
    return sql, [f"/{province}/%", year, end, month, year, end, month, on.year]


def list_by_hand(organization: int) -> Asked:
    """The first twenty standards of an organization by number, with its lines in them and both counts."""
    sql = """
        WITH mine AS (
            SELECT c.id, c.standard_id, s.sort_key, s.number, s.slug, s.title, s.level, s.published_on
            FROM catalog_contribution c JOIN catalog_standard s ON s.id = c.standard_id
            WHERE c.organization_id = %s AND c.voided_at IS NULL AND s.voided_at IS NULL),
        shown AS (SELECT DISTINCT standard_id, sort_key FROM mine ORDER BY sort_key, standard_id LIMIT 20)
        SELECT m.number, (SELECT COUNT(DISTINCT standard_id) FROM mine), (SELECT COUNT(*) FROM mine), m.slug, m.title,
            m.level, m.published_on, c.rank, c.printed_name, c.printed_role, c.role, c.leads_as_printed
        FROM shown w JOIN mine m ON m.standard_id = w.standard_id JOIN catalog_contribution c ON c.id = m.id
        ORDER BY w.sort_key, w.standard_id, c.rank"""
    return sql, [organization]
