"""Which division keeps a committee's record: it follows from where the main secretariat sits."""

from collections.abc import Collection, Iterable

from .models import Committee, Region, SecretariatSeat
from .transferring import MOVED


def take_committees(ids: Iterable[int]) -> None:
    """Wait for whoever writes seats of these committees at this moment."""
    list(Committee.objects.select_for_update(no_key=True).filter(pk__in=sorted(set(ids))).order_by("pk"))


def settle_keepers(seats: Iterable[SecretariatSeat]) -> None:
    """A committee is kept where its latest main seat stands, at least by a city; until it has one, by its own division."""
    refresh_keepers({seat.committee_id for seat in seats})


def refresh_keepers_of_seats(ids: Collection[int]) -> None:
    """A merge or a split gave some seats to another body."""
    refresh_keepers(SecretariatSeat.objects.filter(pk__among=list(ids)).values_list("committee", flat=True))


def refresh_keepers_beside(organizations: Collection[int]) -> None:
    """Some bodies may have come to another division, and with them the committees whose secretariat they hold."""
    seats = SecretariatSeat.objects.standing().filter(organization__among=list(organizations))
    if committees := set(seats.values_list("committee", flat=True)):
        refresh_keepers(committees)


def refresh_keepers(ids: Iterable[int]) -> None:
    wanted = set(ids)
    seats = SecretariatSeat.objects.standing().filter(committee__among=wanted, share=SecretariatSeat.Share.MAIN)
    seats = seats.select_related("organization__region__parent").order_by("holds_from", "pk")
    places = {seat.committee_id: seat.organization.region for seat in seats if seat.organization.region}
    for committee in Committee.objects.filter(pk__among=wanted).select_related("region"):
        keeper = keeper_of(places.get(committee.pk) or committee.region)
        if committee.keeper_id != (keeper.pk if keeper else None):
            Committee.objects.filter(pk=committee.pk).update(keeper=keeper)


def keeper_of(place: Region | None) -> Region | None:
    """Of a county the division above it (rows 24 to 26: city or province)."""
    if place is not None and place.level == Region.Level.COUNTY and place.parent is not None:
        return place.parent
    return place


MOVED[SecretariatSeat._meta.label_lower] = refresh_keepers_of_seats
