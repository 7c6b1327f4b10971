"""A small ledger for tests of contributions: organizations in divisions, standards of several levels."""

from catalog.contributing import Entry, write_contributions
from catalog.models import Contribution, Standard
from directory.models import Organization, Region
from records.trail import SYSTEM
from tests.factories import make_standard


def place(name: str, code: str, year: int | None = None) -> Organization:
    """An organization of a division: of the one that has the code now, or had it in a year."""
    regions = Region.objects.with_code(code)
    region = regions.filter(valid_from=year).get() if year else regions[0]
    return Organization.objects.create(name=name, region=region)


def enter(standard: Standard, *names, **more) -> list[Contribution]:
    """Contributions by rank: organizations, printed names, or (either, state); None leaves a rank out."""
    entries = []
    for rank, one in enumerate(names, start=1):
        if one is None:
            continue
        who, state = one if isinstance(one, tuple) else (one, {})
        own = {"printed_name": who if isinstance(who, str) else who.name, "rank": rank}
        if isinstance(who, Organization):
            own["organization_id"] = who.pk
        entries.append(Entry(standard.pk, own | state, **more))
    return write_contributions(entries, by=SYSTEM)


def make_ledger() -> dict[str, Organization]:
    """Organizations of 南通 and 苏州 and what they drafted; asked on 2026-06-30 throughout.

    GB/T 1: A (南通) and B (海门, 南通) together, led by both. GB/T 2: C (苏州) leads, A is third. DB32/T 3: A alone, second.
    ISO 4: A first, not recognised; ISO 5: B recognised, third. T/SLBZ 6: an example. GB/T 1's amendment, E's edition.
    """
    a, b, c = place("甲公司", "320602", 1991), place("乙研究院", "320684", 1994), place("丙大学", "320500")
    enter(make_standard("GB/T 1-2020", published_on="2020-01-01"), a, b, "丁")
    enter(make_standard("GB/T 2-2024", published_on="2024-02-01"), c, None, a)
    enter(make_standard("DB32/T 3-2025", published_on="2025-03-01"), None, a)
    enter(make_standard("ISO 4:2023", published_on="2023-01-01"), a, "某外国机构")
    recognised = {"recognised": True, "recognition_document": "认定〔2025〕1号"}
    enter(make_standard("ISO 5:2025", published_on="2025-01-01"), None, None, (b, recognised), c)
    enter(make_standard("GB/T 1-2020/XG1-2021", published_on="2021-01-01"), a)
    enter(make_standard("GB/T 7-2027", published_on="2027-01-01"), a)
    return {"a": a, "b": b, "c": c}
