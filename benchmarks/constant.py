"""How many queries each list asks of the database as it is (run by `Engine.measure` with one row and with fifty)."""

from .engines import hand_over, start_django

start_django()

from django.test import Client  # noqa: E402
from django.urls import NoReverseMatch, reverse  # noqa: E402

from directory.grants import give_role  # noqa: E402
from directory.models import Region, Role, User  # noqa: E402
from records.trail import Actor  # noqa: E402

from .timing import database_clock  # noqa: E402

PAGE = {"page_size": "50"}
LISTS: tuple[tuple[str, dict[str, str]], ...] = (
    ("home", {}),
    ("standards", PAGE),
    ("api:standard-list", PAGE),
    ("api:standard-list", {"cursor": ""}),
    ("api:standard-list", {"format": "csv"}),
    ("api:standard-list", {"format": "xlsx"}),
    ("api:standard-list", {"format": "jsonl"}),
    ("api:standard-facets", {}),
    ("api:classification-list", {}),
    ("api:region-list", {}),
    ("imports", {}),
    ("flags", {}),
    ("admin:catalog_standard_changelist", {}),
    ("admin:catalog_standardrelation_changelist", {}),
    ("admin:catalog_qualityflag_changelist", {}),
    ("admin:catalog_classification_changelist", {}),
    ("admin:directory_organization_changelist", {}),
)


def measure() -> dict[str, int]:
    """Queries by address, for a member of staff; addresses that do not exist (yet) are left out."""
    staff, new = User.objects.get_or_create(username="bench")
    if new:
        province = Region.objects.valid().get(code="320000")
        give_role(staff, Role.CATALOGUER, by=Actor(channel="command"), region=province)
    client = Client(SERVER_NAME="127.0.0.1")
    client.force_login(staff)
    counts = {}
    for name, parameters in LISTS:
        try:
            address = reverse(name)
        except NoReverseMatch:
            continue
        shown = "&".join(f"{key}={value}" for key, value in parameters.items())
        for _turn in range(2):  # what is asked for the first time only does not count
            with database_clock() as clock:
                response = client.get(address, parameters)
                b"".join(response) if response.streaming else response.content
        counts[address + (f"?{shown}" if shown else "")] = clock.queries
    return counts


if __name__ == "__main__":
    hand_over(measure())
