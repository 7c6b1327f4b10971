"""Days of which only the month or the year may be known, as columns and as questions to them."""

from datetime import date

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

PRECISIONS = [("day", _("day")), ("month", _("month")), ("year", _("year"))]


def day(label):
    """A day, or the first of the month or year that is known of it."""
    return models.DateField(label, null=True, blank=True)


def precision():
    return models.CharField(_("known to the"), max_length=5, choices=PRECISIONS, default="day")


def over(name: str, on: date) -> Q:
    """A date that has certainly come by a day: of a month or year, that it has passed."""
    known = Q(**{f"{name}_on__lte": on, f"{name}_precision": "day"})
    known |= Q(**{f"{name}_on__lt": on.replace(day=1), f"{name}_precision": "month"})
    return known | Q(**{f"{name}_on__lt": on.replace(month=1, day=1), f"{name}_precision": "year"})


def inside(name: str, on: date) -> Q:
    """A date of which only the month or year is known, in which the day lies."""
    month = Q(**{f"{name}_precision": "month", f"{name}_on": on.replace(day=1)})
    return month | Q(**{f"{name}_precision": "year", f"{name}_on": on.replace(month=1, day=1)})


def in_order(first: str, last: str) -> Q:
    """For a constraint: the one day is not before the other, as far as both are known."""
    unknown = Q(**{f"{first}_on__isnull": True}) | Q(**{f"{last}_on__isnull": True})
    return unknown | ~Q(**{f"{last}_precision": "day"}) | Q(**{f"{last}_on__gte": F(f"{first}_on")})
