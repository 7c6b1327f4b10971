"""The figures of contributions as a table to be taken away: the same for the page and the API."""

from typing import Any

from django.utils.translation import gettext as _

from tabular.writing import Column

from .contribution_counts import Count, level_counts, organization_counts, with_organizations
from .contribution_filters import ContributionFilter
from .leading import RULES

EVERY_ORGANIZATION = 10**7


def figures_of(count: Count) -> dict[str, int]:
    return {"lead": count.lead, "participate": count.participate, "total": count.total}


def counts_table(view: ContributionFilter) -> tuple[list[Column], list[dict[str, Any]], str]:
    """The figures by level and those per organization, one under the other, with their columns and the file's title.

    Each row says by which rule and on which day.
    """
    figures = level_counts(view.qs, view.rule_name)
    organizations = with_organizations(organization_counts(view.qs, view.rule_name, EVERY_ORGANIZATION)[0])
    shared = {"rule": RULES[view.rule_name].key, "on": view.on_day.isoformat()}
    every = _("All levels")
    rows = [(str(level.label), "", count) for level, count in figures.items()]
    rows.append((every, "", sum(figures.values(), Count())))
    rows += [(every, one.name, count) for one, count in organizations]
    table = [{"level": level, "organization": name, **figures_of(count), **shared} for level, name, count in rows]
    headings = [
        Column("level", _("Level")),
        Column("organization", _("Organization"), width=40),
        Column("lead", _("Leads"), kind="number"),
        Column("participate", _("Takes part"), kind="number"),
        Column("total", _("Together"), kind="number"),
        Column("rule", _("Lead rule")),
        Column("on", _("On the day")),
    ]
    return headings, table, f"{_('contribution_figures')}_{view.on_day:%Y%m%d}"
