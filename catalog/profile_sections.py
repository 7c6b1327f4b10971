"""What the catalogue adds to an organization's 标准化档案."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Count
from django.utils.translation import gettext_lazy as _

from directory.models import Organization
from directory.profiles import Section, add_section

from .levels import Level
from .models import Standard
from .models.status import in_force_q


@dataclass(frozen=True, slots=True)
class Answered:
    """The standards of one level for which a department answers, and how many of them are in force."""

    level: Level
    count: int
    in_force: int


def answered_for(organization: Organization, on: date) -> list[Answered]:
    """Standards by level whose competent department it is."""
    rows = Standard.objects.visible_to(None).counted().filter(department=organization).order_by()
    counts = {
        level: (count, in_force)
        for level, count, in_force in rows.values("level")
        .annotate(all=Count("pk"), in_force=Count("pk", filter=in_force_q(on)))
        .values_list("level", "all", "in_force")
    }
    return [Answered(level, *counts[level]) for level in Level if level in counts]


add_section(Section("answered", _("Standards it answers for"), "catalog/profile_answered.html", answered_for))
