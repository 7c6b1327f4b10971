"""What an organization's page shows of its contributions: standards by level and role, and the newest of them."""

from datetime import date
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.db.models import F
from django.utils.translation import gettext_lazy as _

from directory.models import Organization
from directory.profiles import Section, add_section

from .contribution_counts import Count, counted_on, level_counts
from .contribution_payload import contribution_rows
from .leading import DEFAULT
from .models import Contribution

NEWEST = 10


def of_organization(organization: Organization, on: date) -> dict[str, Any] | None:
    """Its figures by the usual rule, and its newest contributions; None without any."""
    rows = Contribution.objects.visible_to(AnonymousUser()).filter(organization=organization)
    newest = rows.order_by(F("standard__published_on").desc(nulls_last=True), "-standard_id", "rank")[:NEWEST]
    if not (shown := contribution_rows(newest)):
        return None
    counts = level_counts(counted_on(rows, on), DEFAULT)
    return {
        "rule": DEFAULT,
        "on": on,
        "counts": [(str(level), level.label, count) for level, count in counts.items()],
        "total": sum(counts.values(), Count()),
        "newest": shown,
    }


add_section(Section("contributions", _("Standards"), "catalog/profile_contributions.html", of_organization))
