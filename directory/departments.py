"""Government departments by their names: each name stands for one, today's first, then those that were given up."""

from collections import defaultdict
from collections.abc import Collection, Iterable

from .models import Organization, OrganizationName
from .naming import settle_names

DEPARTMENT = Organization.Kind.DEPARTMENT


def departments_named(names: Collection[str]) -> dict[str, int]:
    """The department that each name means: one that is called so, one that was merged, or the only one that was called so."""
    wanted = set(names)
    departments = Organization.objects.filter(kind=DEPARTMENT, voided_at__isnull=True)
    found = (
        dict(departments.standing().filter(name__among=wanted).order_by().values_list("name", "pk")) if wanted else {}
    )
    if rest := wanted - found.keys():
        found |= _named_before(rest)
    return found


def _named_before(names: Collection[str]) -> dict[str, int]:
    borne: dict[str, set[int]] = defaultdict(set)
    merged = Organization.objects.filter(kind=DEPARTMENT, voided_at__isnull=True, merged_into__isnull=False)
    for name, into in merged.filter(name__among=names).values_list("name", "merged_into"):
        borne[name].add(into or 0)
    kinds = (OrganizationName.Kind.LEGAL, OrganizationName.Kind.FORMER)
    standing = Organization.objects.standing().filter(kind=DEPARTMENT)
    former = OrganizationName.objects.standing().filter(name__among=names, kind__in=kinds, organization__in=standing)
    for name, pk in former.values_list("name", "organization"):
        borne[name].add(pk)
    return {name: next(iter(pks)) for name, pks in borne.items() if len(pks) == 1}


def known_departments() -> set[str]:
    """Every name under which a department is on record."""
    departments = Organization.objects.filter(kind=DEPARTMENT, voided_at__isnull=True)
    former = OrganizationName.objects.standing().filter(organization__in=departments)
    kinds = (OrganizationName.Kind.LEGAL, OrganizationName.Kind.FORMER)
    return {*departments.values_list("name", flat=True), *former.filter(kind__in=kinds).values_list("name", flat=True)}


def add_departments(names: Iterable[str]) -> dict[str, tuple[int, bool]]:
    """Departments that were not on record, by name: their keys, and whether they are new (another may come first)."""
    made = {
        name: Organization.objects.get_or_create(name=name, kind=DEPARTMENT, voided_at=None, merged_into=None)
        for name in sorted(names)
    }
    if new := [department for department, is_new in made.values() if is_new]:
        settle_names(new)
    return {name: (department.pk, is_new) for name, (department, is_new) in made.items()}
