"""What the catalogue adds to a committee's page, and committees to a standard's."""

from collections import Counter

from django import template
from django.db.models import Case, Value, When
from django.utils.html import format_html
from django.utils.translation import gettext as _

from tabular.dates import PartialDate

from ..levels import Status
from ..models import Care, Standard

register = template.Library()
SHORT = 20  # standards on a committee's page


@register.inclusion_tag("catalog/standards_in_care.html")
def standards_in_care(committee, on):
    """The standards a committee looks after, in force first, and how many there are by status on a day."""
    cared = Care.objects.visible_to(None).filter(committee=committee).values("standard")
    standards = Standard.objects.filter(pk__in=cared).with_status(on)
    counts = Counter(standards.counted().order_by().values_list("status", flat=True))
    order = [str(Status.IN_FORCE), *(str(one) for one in Status if one != Status.IN_FORCE)]
    first = Case(When(status=str(Status.IN_FORCE), then=Value(0)), default=Value(1))
    shown = standards.order_by(first, "sort_key")[:SHORT]
    return {
        "counts": [(status, str(Status(status).label), counts[status]) for status in order if counts[status]],
        "total": sum(counts.values()),
        "standards": [(one, one.status, str(Status(one.status).label)) for one in shown],
        "committee": committee,
    }


@register.simple_tag
def carers(standard):
    """The committees that look after a standard, each with its role."""
    cares = Care.objects.visible_to(None).filter(standard=standard).select_related("committee")
    return [(one.committee, one.get_role_display()) for one in cares.order_by("role", "committee__sort_key")]


@register.simple_tag
def committee_day(committee, name):
    """One of a committee's days as far as it is known, or 待核."""
    day = getattr(committee, f"{name}_on")
    if day is None:
        return _("to be verified")
    return format_html("<time>{}</time>", PartialDate(day, getattr(committee, f"{name}_precision")))
