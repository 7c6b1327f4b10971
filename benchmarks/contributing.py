"""Contributions at size: their import, a province's figures under each lead rule, an organization's list (run by `Engine.measure`).

Organizations and most contributions are written in bulk, the same each time; the measured import goes through the product's
own preview and apply and fills the standards that were left without.
"""

import csv
import random
import re
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from .engines import hand_over, start_django

start_django()

from django.contrib.auth.models import AnonymousUser  # noqa: E402
from django.db import connection, transaction  # noqa: E402
from django.test import Client  # noqa: E402
from django.utils import timezone  # noqa: E402

from catalog.contribution_counts import level_counts  # noqa: E402
from catalog.contribution_filters import ContributionFilter  # noqa: E402
from catalog.leading import RULES, Line  # noqa: E402
from catalog.models import Contribution, Standard  # noqa: E402
from directory.models import Organization, OrganizationName, Region  # noqa: E402
from directory.organization_names import name_key, similar_key  # noqa: E402
from records.bulk import gather_statistics, insert_values  # noqa: E402
from records.importing import apply_batch, preview_file  # noqa: E402
from records.source_facts import import_facts  # noqa: E402
from records.trail import SYSTEM  # noqa: E402
from tabular.limits import COMMAND_LIMITS  # noqa: E402

from .sql_contributions import figures_by_hand, list_by_hand  # noqa: E402
from .timing import best, database_clock  # noqa: E402

SEED = 20261122
PROVINCE = "320000"
IMPORTED = 100_000  # contributions of the measured import, at most
A_ROW = 5  # names in each of its lists
PIECE = 10_000
TURNS = 5
# What the page says: how many standards, how many contributions, which standards.
STANDARDS = re.compile(r'id="count"[^>]*>\s*([\d,]+)')
LISTED = re.compile(r'<p class="day">\s*([\d,]+)')
NUMBER = re.compile(r'<th scope="row"><a class="number" href="[^"]+">([^<]+)</a>')
ENDINGS = ("科技有限公司", "研究院", "大学", "检测中心", "股份有限公司", "协会", "（集团）有限公司")


def fill_organizations(count: int) -> list[int]:
    """Organizations with their names, over all divisions of today."""
    dice = random.Random(SEED)
    regions = list(Region.objects.valid().order_by("pk").values_list("pk", flat=True))
    have = Organization.objects.filter(name__startswith="测量").count()
    names = [f"测量{at:06d}{dice.choice(ENDINGS)}" for at in range(count)]
    for start in range(have, count, PIECE):
        part = names[start : start + PIECE]
        rows = [(name, "enterprise", dice.choice(regions)) for name in part]
        insert_values(Organization, ("name", "kind", "region_id"), rows)
        made = Organization.objects.filter(name__in=part).values_list("pk", "name")
        keys = [(pk, name, "legal", name_key(name), similar_key(name)) for pk, name in made]
        insert_values(OrganizationName, ("organization_id", "name", "kind", "key", "similar_key"), keys)
    mine = Organization.objects.filter(name__startswith="测量").order_by("pk")
    return list(mine.values_list("pk", flat=True))


COLUMNS = (
    "standard_id", "organization_id", "printed_name", "name_key", "rank", "printed_role", "role", "leads_as_printed",
    "recognised", "recognition_document", "source",
)  # fmt: skip


def contributions(standards: list[tuple[int, str]], organizations: list[int], total: int) -> Iterator[tuple[Any, ...]]:
    """Lists over standards: as many names each as come to the total; one in fifty names means nobody yet."""
    dice = random.Random(SEED)
    mean = total / max(1, len(standards))
    for pk, level in standards:
        count = max(1, round(dice.gauss(mean, mean / 3)))
        led = dice.random() < 0.2
        roles = ["lead_drafter" if led and rank == 1 else "drafter" for rank in range(1, count + 1)]
        marks = [level == "international" and rank == 1 and dice.random() < 0.3 for rank in range(1, count + 1)]
        lines = [Line(at + 1, role, mark) for at, (role, mark) in enumerate(zip(roles, marks, strict=True))]
        leads = RULES["printed"].leads(lines, level)
        for line, lead in zip(lines, leads, strict=True):
            one = dice.choice(organizations) if dice.random() < 0.98 else None
            name = f"测量单位{one or dice.randrange(5000)}"
            words = "负责起草单位" if line.role == "lead_drafter" else ""
            recognition = "认定文件" if line.recognised else ""
            yield pk, one, name, name, line.rank, words, line.role, lead, line.recognised, recognition, "生成"


def fill_contributions(organizations: list[int], total: int) -> None:
    standing = Standard.objects.filter(voided_at__isnull=True, contributions__isnull=True).order_by("pk")
    rows: list[tuple[Any, ...]] = []
    for row in contributions(list(standing.values_list("pk", "level")), organizations, total):
        rows.append(row)
        if len(rows) == PIECE:
            insert_values(Contribution, COLUMNS, rows)
            rows = []
    insert_values(Contribution, COLUMNS, rows)


def measure_import(organizations: list[int]) -> dict[str, Any]:
    """Seconds of preview and apply for lists of the standards that come first, and contributions a second."""
    dice = random.Random(SEED)
    names = list(Organization.objects.filter(pk__in=organizations[:20_000]).values_list("name", flat=True))
    free = Standard.objects.filter(voided_at__isnull=True, contributions__isnull=True).order_by("pk")
    numbers = list(free.values_list("number", flat=True)[: min(IMPORTED // A_ROW, max(1, free.count() // 4))])
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "contributions.csv"
        with path.open("w", encoding="utf-8", newline="") as stream:
            writer = csv.writer(stream)
            writer.writerow(("标准编号", "起草单位"))
            writer.writerows((number, "、".join(dice.sample(names, A_ROW))) for number in numbers)
        begin = time.perf_counter()
        facts = import_facts(path, source="生成")
        batch = preview_file(path, kind="contributions", facts=facts, by=SYSTEM, limits=COMMAND_LIMITS)
        previewed = time.perf_counter()
        apply_batch(batch, by=SYSTEM)
        end = time.perf_counter()
    made = Contribution.objects.filter(source="生成", standard__number__in=numbers[:5]).count()
    if batch.created != len(numbers) or made != A_ROW * min(5, len(numbers)):
        raise RuntimeError(f"the import made {batch.counts}")
    count = A_ROW * len(numbers)
    seconds = {"preview": previewed - begin, "apply": end - previewed}
    return {"contributions": count, "rate": count / (end - begin), **seconds}


def timed(ask: Any) -> tuple[float, Any]:
    """The least seconds in the database of some turns, and the answer."""
    seconds, answer = [], None
    for _turn in range(TURNS):
        with database_clock() as clock:
            answer = ask()
        seconds.append(clock.seconds)
    return best(seconds), answer


def measure_figures(rule: str) -> dict[str, Any]:
    """A province's figures by level under a rule, as product and by hand."""
    on = timezone.localdate()

    def product() -> dict[str, tuple[int, int]]:
        asked = {"region": PROVINCE, "counted": "1", "on": on.isoformat(), "rule": rule}
        view = ContributionFilter(asked, Contribution.objects.visible_to(AnonymousUser()))
        return {str(level): (one.lead, one.participate) for level, one in level_counts(view.qs, rule).items()}

    def by_hand() -> dict[str, tuple[int, int]]:
        with connection.cursor() as cursor:
            cursor.execute(*figures_by_hand(rule, PROVINCE, on))
            return {level: (int(lead), int(rest)) for level, lead, rest in cursor.fetchall()}

    ours, answer = timed(product)
    theirs, expected = timed(by_hand)
    return {"what": rule, "product": ours, "by_hand": theirs, "agrees": answer == expected, "figures": len(answer)}


def measure_list(organization: int) -> dict[str, Any]:
    """The page of an organization's contributions, as product and by hand."""
    client = Client(SERVER_NAME="127.0.0.1")
    address = f"/contributions/?organization={organization}"

    def product() -> tuple[int, int, list[str]]:
        page = client.get(address).content.decode()
        standards, listed = (int(found[1].replace(",", "")) for found in (STANDARDS.search(page), LISTED.search(page)))
        return standards, listed, NUMBER.findall(page)

    def by_hand() -> tuple[int, int, list[str]]:
        with connection.cursor() as cursor:
            cursor.execute(*list_by_hand(organization))
            rows = cursor.fetchall()
        return rows[0][1], rows[0][2], list(dict.fromkeys(row[0] for row in rows))

    ours, answer = timed(product)
    begin = time.perf_counter()
    with database_clock() as clock:
        client.get(address)
    rest = time.perf_counter() - begin - clock.seconds
    theirs, expected = timed(by_hand)
    agrees = answer == expected
    return {"what": "an organization's list", "product": ours, "by_hand": theirs, "rest": rest, "agrees": agrees}


def measure(total: int, organizations: int) -> dict[str, Any]:
    with transaction.atomic():
        ids = fill_organizations(organizations)
    imported = measure_import(ids) if Contribution.objects.count() == 0 else {}
    have = Contribution.objects.count()
    if total > have:
        with transaction.atomic():
            fill_contributions(ids, total - have)
    gather_statistics([Organization, OrganizationName, Contribution, Standard])
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("VACUUM ANALYZE catalog_contribution")
    lines = [measure_figures(rule) for rule in RULES]
    lines.append(measure_list(ids[len(ids) // 2]))
    standards, contributed = Standard.objects.count(), Contribution.objects.count()
    return {
        "standards": standards,
        "contributions": contributed,
        "organizations": len(ids),
        "import": imported,
        "asked": lines,
    }


if __name__ == "__main__":
    hand_over(measure(int(sys.argv[1]), int(sys.argv[2])))
