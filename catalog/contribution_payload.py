"""A contribution as lists show it: the same row for the API, the pages and the export."""

from collections.abc import Iterator
from typing import Any

from django.db.models import F, QuerySet
from django.utils.translation import gettext as _

from tabular.writing import Column

from .lead_words import rule_label
from .leading import RULES, Line
from .levels import DraftingRole, Level
from .models import Contribution

COLUMNS = (
    "id",
    "standard_id",
    "standard__number",
    "standard__slug",
    "standard__title",
    "standard__title_en",
    "standard__level",
    "standard__published_on",
    "standard__published_precision",
    "rank",
    "printed_name",
    "printed_role",
    "role",
    "organization_id",
    "organization__name",
    "organization__region__code",
    "leads_as_printed",
    "recognised",
    "recognition_document",
    "source",
    "document",
    "verified_at",
    "is_example",
    "version",
)
IN_LIST = ("standard_id", F("rank").asc(nulls_last=True), "pk")
CHUNK = 2000


def contribution_rows(contributions: QuerySet[Contribution], base: str = "") -> list[dict[str, Any]]:
    """Rows in the order they come in; `base` is what a standard's address begins with."""
    return [_row(values, base) for values in contributions.values(*COLUMNS)]


def json_rows(contributions: QuerySet[Contribution], base: str = "") -> Iterator[dict[str, Any]]:
    """The same rows in constant memory."""
    for values in contributions.values(*COLUMNS).iterator(chunk_size=CHUNK):
        yield _row(values, base)


def _row(values: dict[str, Any], base: str) -> dict[str, Any]:
    day, known = values["standard__published_on"], {"day": 10, "month": 7, "year": 4}
    return {
        "id": values["id"],
        "standard": values["standard__number"],
        "slug": values["standard__slug"],
        "url": f"{base}{values['standard__slug']}/",
        "title": values["standard__title"] or values["standard__title_en"],
        "level": values["standard__level"],
        "published_on": day.isoformat()[: known[values["standard__published_precision"]]] if day else None,
        "rank": values["rank"],
        "printed_name": values["printed_name"],
        "printed_role": values["printed_role"],
        "role": values["role"],
        "organization": values["organization_id"],
        "organization_name": values["organization__name"],
        "region": values["organization__region__code"],
        "leads_under": leads_under(values),
        "recognition_document": values["recognition_document"],
        "source": values["source"],
        "document": values["document"],
        "verified": values["verified_at"] is not None,
        "is_example": values["is_example"],
        "version": values["version"],
    }


def leads_under(values: dict[str, Any]) -> list[str]:
    """The rules under which a contribution leads. Only `printed` needs the rest of its list; its outcome is on record."""
    line, level = Line(values["rank"], values["role"], values["recognised"]), values["standard__level"]
    kept = {"printed": values["leads_as_printed"], "recognized": values["leads_as_printed"]}
    if level == Level.INTERNATIONAL:
        kept["recognized"] = values["recognised"]
    return [name for name, rule in RULES.items() if kept.get(name, rule.leads([line], level)[0])]


def columns() -> list[Column]:
    return [
        Column("standard", _("Number"), width=26),
        Column("title", _("Title"), width=50),
        Column("level", _("Level"), width=10),
        Column("published_on", _("Published"), width=12),
        Column("rank", _("Rank"), kind="number", width=8),
        Column("printed_name", _("Printed name"), width=40),
        Column("printed_role", _("Printed role"), width=16),
        Column("role", _("Class of the printed role"), width=14),
        Column("organization_name", _("Organization"), width=40),
        Column("region", _("Division code"), width=12),
        Column("leads_under", _("Leads under the rules"), width=40),
        Column("recognition_document", _("Document of the recognition"), width=24),
        Column("source", _("Source"), width=20),
        Column("document", _("Document of the evidence"), width=24),
        Column("verified", _("Verified"), width=8),
        Column("remark", _("Remark"), width=12),
    ]


def table_rows(contributions: QuerySet[Contribution]) -> Iterator[dict[str, Any]]:
    """Rows of a table by the keys of `columns`, in words, in constant memory; the words are looked up now."""
    levels = {str(value): str(label) for value, label in Level.choices}
    roles = {str(value): str(label) for value, label in DraftingRole.choices}
    rules = {name: rule_label(name) for name in RULES}
    return _table_rows(contributions, levels, roles, rules, {True: _("yes"), False: _("no")}, _("Example"))


def _table_rows(
    contributions: QuerySet[Contribution],
    levels: dict[str, str],
    roles: dict[str, str],
    rules: dict[str, str],
    yes: dict[bool, str],
    example: str,
) -> Iterator[dict[str, Any]]:
    for row in json_rows(contributions):
        yield row | {
            "level": levels[row["level"]],
            "role": roles[row["role"]],
            "leads_under": "、".join(rules[name] for name in row["leads_under"]),
            "verified": yes[row["verified"]],
            "remark": example if row["is_example"] else "",
        }
