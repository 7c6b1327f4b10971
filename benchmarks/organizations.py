"""Organizations: finding them and listing them against hand-written SQL for the same rows (run by `Engine.measure`)."""

import random
import sys
from typing import Any

from .engines import hand_over, start_django

start_django()

from django.contrib.auth.models import AnonymousUser  # noqa: E402
from django.db import connection  # noqa: E402
from django.http import QueryDict  # noqa: E402

from directory.duplicates import proposals  # noqa: E402
from directory.models import Organization, OrganizationName, Region  # noqa: E402
from directory.organization_registers import ORGANIZATIONS, OrganizationFilter  # noqa: E402
from directory.resolving import resolve_names  # noqa: E402
from directory.search import INDEX, index  # noqa: E402
from records.bulk import gather_statistics, insert  # noqa: E402
from records.word_tokens import fold, text_terms  # noqa: E402

from .timing import best, database_clock, percentile  # noqa: E402

CHUNK, TURNS, PAGE, ASKED = 5000, 5, 20, 40
PLACES = [
    "江苏",
    "浙江",
    "南通",
    "泰州",
    "黄冈",
    "温州",
    "合肥",
    "青岛",
    "沈阳",
    "厦门",
    "海安",
    "如皋",
    "兴化",
    "启东",
]
CORES = [
    "智能",
    "绿色",
    "海洋",
    "纺织",
    "机械",
    "电子",
    "化工",
    "食品",
    "建材",
    "船舶",
    "医药",
    "光电",
    "低碳",
    "精密",
    "远洋",
    "新材",
    "农业",
    "仓储",
]
ENDINGS = ["装备有限公司", "科技股份有限公司", "研究院", "检测中心", "行业协会", "集团有限公司", "学院", "标准化研究所"]
KINDS = ["enterprise", "enterprise", "institute", "institution", "association", "enterprise", "school", "institute"]
Case = tuple[dict[str, str], str, list[Any]]  # what the page is asked, the same by hand, its values


def fill(count: int) -> None:
    """Bodies in every division, every fifth with a former name; every five-hundredth stands twice in another spelling."""
    dice = random.Random(5)
    places = list(Region.objects.valid().order_by("pk").values_list("pk", flat=True))
    for start in range(Organization.objects.count(), count, CHUNK):
        made = [_body(dice, number, places) for number in range(start, min(start + CHUNK, count))]
        insert(made)
        insert(name for one in made for name in _names(dice, one))
        index([one.pk for one in made])
    gather_statistics([Organization, OrganizationName])
    with connection.cursor() as cursor:
        cursor.execute(f"ANALYZE {INDEX.table}" if connection.vendor == "postgresql" else "ANALYZE")


def _body(dice: random.Random, number: int, places: list[int]) -> Organization:
    at = number % len(ENDINGS)
    twin = number % 500 == 499
    stem = f"{PLACES[number % len(PLACES)]}{dice.choice(CORES)}{dice.choice(CORES)}第{number - twin * len(ENDINGS)}"
    name = f"{stem}（{PLACES[at]}）{ENDINGS[at]}" if twin else f"{stem}{ENDINGS[at]}"
    return Organization(name=name, kind=KINDS[at], region_id=places[dice.randrange(len(places))])


def _names(dice: random.Random, body: Organization) -> list[OrganizationName]:
    names = [OrganizationName(organization=body, name=body.name, kind="legal")]
    if dice.random() < 0.2:
        names.append(OrganizationName(organization=body, name=f"原{dice.choice(CORES)}{body.name}", kind="former"))
    for one in names:
        one.fill()
    return names


def measure(count: int) -> dict[str, Any]:
    fill(count)
    return {
        "organizations": count,
        "pages": {name: _compare(cases) for name, cases in _questions().items()},
        "duplicates": _timed(lambda: proposals(Organization.objects.all())),
        "resolving": _timed(_resolve),
    }


def _timed(call: Any) -> float:
    taken = []
    for _turn in range(TURNS):
        with database_clock() as clock:
            call()
        taken.append(clock.seconds)
    return best(taken)


def _resolve() -> None:
    names = Organization.objects.order_by("pk").values_list("name", flat=True)[:5000]
    resolve_names([*names, *(f"无此单位{number}" for number in range(5000))])


def _questions() -> dict[str, list[Case]]:
    dice = random.Random(9)
    codes = list(Region.objects.valid().filter(level="prefecture").order_by("pk").values_list("code", "path"))
    words = [dice.choice(CORES) for _number in range(ASKED // 2)]
    pairs = [f"{dice.choice(CORES)} {dice.choice(PLACES)}" for _number in range(ASKED // 2)]
    return {
        "two characters of a name": [_search(word) for word in words],
        "two words of a name": [_search(pair) for pair in pairs],
        "a kind in a prefecture": [_place(dice.choice(KINDS), *dice.choice(codes)) for _number in range(ASKED)],
        "the whole list": [({}, "TRUE", [])],
    }


def _search(words: str) -> Case:
    terms = [term.token for term in text_terms(fold(words))]
    if connection.vendor == "postgresql":
        where = f"o.id IN (SELECT organization_id FROM {INDEX.table} WHERE tokens @@ %s::tsquery)"
        return {"q": words}, where, [" & ".join(f"'{term}'" for term in terms)]
    where = f"o.id IN (SELECT rowid FROM {INDEX.table} WHERE {INDEX.table} MATCH %s)"
    return {"q": words}, where, [" AND ".join(f'"{term}"' for term in terms)]


def _place(kind: str, code: str, path: str) -> Case:
    where = "o.kind = %s AND o.region_id IN (SELECT id FROM directory_region WHERE path LIKE %s)"
    return {"kind": kind, "region": code}, where, [kind, path + "%"]


STANDING = "o.voided_at IS NULL AND o.merged_into_id IS NULL"
RANKED = """CASE WHEN o.name = %s THEN 0 WHEN o.name LIKE %s ESCAPE '!' THEN 1 WHEN o.name LIKE %s ESCAPE '!' THEN 2
ELSE 3 END, """


def _compare(cases: list[Case]) -> dict[str, Any]:
    """p50 and p95 of what each page took at best, count and rows, in the database alone; the two take turns."""
    times: dict[str, list[float]] = {"product": [], "by_hand": []}
    agrees = 0
    for asked, where, values in cases:
        taken: dict[str, list[float]] = {"product": [], "by_hand": []}
        for _turn in range(TURNS):
            with database_clock() as clock:
                ours = _product(asked)
            taken["product"].append(clock.seconds)
            with database_clock() as clock:
                theirs = _by_hand(asked, where, values)
            taken["by_hand"].append(clock.seconds)
        agrees += ours == theirs
        for name, seconds in taken.items():
            times[name].append(best(seconds))
    spread = {name: [percentile(seconds, share) for share in (0.5, 0.95)] for name, seconds in times.items()}
    return {"cases": len(cases), "agrees": agrees} | spread


def _product(asked: dict[str, str]) -> tuple[int, list[int]]:
    data = QueryDict(mutable=True)
    data.update(asked)
    standing = Organization.objects.visible_to(AnonymousUser()).order_by(*ORGANIZATIONS.order)
    found = OrganizationFilter(data, queryset=standing).qs
    return found.order_by().count(), [row[0] for row in found.values_list("pk", "name", "kind", "region__name")[:PAGE]]


def _by_hand(asked: dict[str, str], where: str, values: list[Any]) -> tuple[int, list[int]]:
    words = asked.get("q", "")
    order = RANKED if words else ""
    ranks = [words, words + "%", f"%{words}%"] if words else []
    tables = "directory_organization o LEFT JOIN directory_region r ON r.id = o.region_id"
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT COUNT(*) FROM directory_organization o WHERE {STANDING} AND {where}", values)
        count = cursor.fetchone()[0]
        cursor.execute(
            f"SELECT o.id, o.name, o.kind, r.name FROM {tables} WHERE {STANDING} AND {where}"
            f" ORDER BY {order}o.name, o.id LIMIT {PAGE}",
            [*values, *ranks],
        )
        return count, [row[0] for row in cursor.fetchall()]


if __name__ == "__main__":
    hand_over(measure(int(sys.argv[1])))
