"""How many committees have their secretariat in a division, on any day, by level and kind."""

from collections import Counter
from datetime import date
from typing import Any

from django.db.models import QuerySet

from .models import Committee, Region, SecretariatSeat
from .succession import regions_within


def seats_on(on: date, region: Region | None = None) -> QuerySet[SecretariatSeat]:
    """Seats that certainly hold on a day, of organizations whose division of that day lies in a subtree.

    A committee counts while it is not known to be dissolved.
    """
    seats = SecretariatSeat.objects.holding(on).filter(committee__in=standing_committees(on))
    if region is None:
        return seats
    return seats.filter(organization__region__in=sorted(regions_within(region.code, on)))


def seated_in(on: date, region: Region | None = None) -> Any:
    """Committees with a main or joint seat there, each once."""
    return Committee.objects.standing().filter(pk__in=seats_on(on, region).values("committee"))


def seat_counts(on: date, region: Region | None = None) -> Counter[tuple[str, str]]:
    """How many committees by (level, kind): “9个国家、省级专业标准化技术委员会、工作组秘书处落户” adds up some of them."""
    rows = seated_in(on, region).for_figures().order_by()
    return Counter(rows.values_list("level", "kind"))


def standing_committees(on: date) -> Any:
    """Committees that are not dissolved on a day; what is unknown about their days does not take them out."""
    return Committee.objects.standing().with_status(on).exclude(status="dissolved").values("pk")
