"""What scope costs a list: the flags of a cataloguer's reach against all flags, by count and first page (run by `Engine.measure`)."""

import random
import sys
from typing import Any

from .engines import hand_over, start_django

start_django()

from django.db.models import QuerySet  # noqa: E402
from django.utils import timezone  # noqa: E402

from catalog.models import QualityFlag, Standard  # noqa: E402
from directory.batches import batches_visible_to  # noqa: E402
from directory.models import Grant, Region, Role, User  # noqa: E402
from records.bulk import gather_statistics, insert_values  # noqa: E402
from records.models import Event, ImportBatch  # noqa: E402

from .timing import best, database_clock, percentile  # noqa: E402

TURNS, PAGE, FLAGS, BATCHES = 15, 50, 20_000, 5_000
PLACES = ("320000", "320600", "320682")


def fill(rows: int) -> None:
    """Flags on some of the catalogue's standards, and batches of divisions of the whole country."""
    dice, now = random.Random(5), timezone.now()
    standards = list(Standard.objects.values_list("pk", flat=True)[: min(rows, FLAGS)])
    if not QualityFlag.objects.filter(subject="measured").exists():
        names = ("standard_id", "kind", "subject", "opened_at")
        insert_values(QualityFlag, names, [(pk, "reported", "measured", now) for pk in standards])
    if not ImportBatch.objects.filter(source="measured").exists():
        paths = list(Region.objects.values_list("path", flat=True))
        names = ("kind", "state", "file_name", "file_hash", "source", "as_of", "previewed_at", "division")
        insert_values(ImportBatch, names, [
            ("standards", "applied", f"{n}.csv", f"{n:064}", "measured", now.date(), now, dice.choice(paths))
            for n in range(BATCHES)
        ])  # fmt: skip
    gather_statistics([QualityFlag, ImportBatch, Event])


def officer(code: str) -> User:
    user, is_new = User.objects.get_or_create(username=f"bench-{code}")
    if is_new:
        region = Region.objects.valid().get(code=code)
        Grant.objects.create(user=user, role=Role.CATALOGUER, region=region, granted_at=timezone.now())
    return User.objects.get(pk=user.pk)


def measure(rows: int) -> list[dict[str, Any]]:
    """For each list and place: seconds of the database with the filter and without, and how many rows each has."""
    fill(rows)
    lines = []
    for code in PLACES:
        user = officer(code)
        user.current_grants  # noqa: B018  read once for a request, not by the list
        lists: dict[str, tuple[QuerySet, QuerySet]] = {
            "data-quality flags": (_flags(QualityFlag.objects.visible_to(user)), _flags(QualityFlag.objects.all())),
            "import batches": (batches_visible_to(user).order_by("-pk"), ImportBatch.objects.order_by("-pk")),
            "standards": (_standards(Standard.objects.visible_to(user)), _standards(Standard.objects.all())),
        }
        lines += [{"list": name, "place": code} | _compare(*both) for name, both in lists.items()]
    return lines


def _flags(flags: QuerySet) -> QuerySet:
    return flags.filter(settled_at__isnull=True).select_related("standard").order_by("-opened_at", "-id")


def _standards(standards: QuerySet) -> QuerySet:
    return standards.order_by("sort_key", "id")


def _compare(scoped: QuerySet, whole: QuerySet) -> dict[str, Any]:
    taken: dict[str, list[float]] = {"scoped": [], "whole": []}
    for _turn in range(TURNS):
        for name, rows in (("scoped", scoped), ("whole", whole)):
            with database_clock() as clock:
                list(rows.all()[:PAGE])
            taken[name].append(clock.seconds)
    return {name: best(values) for name, values in taken.items()} | {
        "scoped_p95": percentile(taken["scoped"], 0.95), "rows": scoped.count(), "all": whole.count(),
    }  # fmt: skip


if __name__ == "__main__":
    hand_over(measure(int(sys.argv[1])))
