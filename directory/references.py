"""How people name divisions, organizations and industries in forms, requests and files."""

from collections import Counter, defaultdict
from collections.abc import Collection, Mapping

from django.db.models import Q
from django.utils import timezone

from records.cells import Named, Reference

from .models import Industry, Organization, Region, full_code
from .resolving import resolve_names

LONGEST_NUMBER = 18  # digits of a key that fits into eight bytes


def _find_regions(texts: Collection[str]) -> Mapping[str, list[Named]]:
    """By code in any of its years (the last of them), or by name among today's divisions."""
    codes: dict[str, set[str]] = defaultdict(set)
    for text in texts:
        codes[full_code(text)].add(text)
    year = timezone.localdate().year
    found: dict[str, list[Region]] = defaultdict(list)
    rows = Region.objects.filter(Q(code__in=list(codes)) | Q(name__in=list(texts)))
    for region in sorted(rows, key=lambda one: one.valid_from or 0, reverse=True):
        for text in codes.get(region.code, ()):
            found[text] = found[text] or [region]
        if region.name in texts and (region.valid_to is None or region.valid_to > year):
            found[region.name].append(region)
    return {text: [Named(one.pk, str(one)) for one in regions] for text, regions in found.items()}


def _shown_regions(keys: Collection[int]) -> Mapping[int, str]:
    return dict(Region.objects.filter(pk__among=keys).values_list("pk", "code"))


def _find_organizations(texts: Collection[str]) -> Mapping[str, list[Named]]:
    """By any name, by credit code, or by number on record (`#12`, whatever follows); what looks alike is no find."""
    numbers = {text: number for text in texts if (number := _numbered(text))}
    standing = Organization.objects.standing().filter(pk__among=list(numbers.values()))
    names = dict(standing.values_list("pk", "name")) if numbers else {}
    found = {text: [Named(pk, names[pk])] for text, pk in numbers.items() if pk in names}
    for text, meant in resolve_names(set(texts) - numbers.keys()).items():
        if meant.organization is not None:
            found[text] = [Named(meant.organization, text)]
        elif not meant.is_unknown:
            found[text] = [Named(one.pk, f"#{one.pk} {one.text}") for one in meant.candidates]
            found[text] = found[text] if len(found[text]) > 1 else []
    return found


def _numbered(text: str) -> int | None:
    """The number in `#12 name`; none that no database could hold as a key."""
    head = text[1:].partition(" ")[0] if text[:1] == "#" else ""
    return int(head) if head.isdecimal() and len(head) <= LONGEST_NUMBER else None


def _shown_organizations(keys: Collection[int]) -> Mapping[int, str]:
    """By name; by number and name where another body has that name, too."""
    names = dict(Organization.objects.filter(pk__among=keys).values_list("pk", "name"))
    rows = Organization.objects.standing().filter(name__among=list(set(names.values())))
    borne = Counter(rows.order_by().values_list("name", flat=True))
    return {pk: name if borne[name] == 1 else f"#{pk} {name}" for pk, name in names.items()}


def _find_industries(texts: Collection[str]) -> Mapping[str, list[Named]]:
    """By code, alone or with the name behind it; or by name: of those of one name the widest."""
    codes: dict[str, set[str]] = defaultdict(set)
    for text in texts:
        codes[text.partition(" ")[0].upper()].add(text)
    found: dict[str, list[Named]] = defaultdict(list)
    rows = Industry.objects.filter(Q(code__in=list(codes)) | Q(name__in=list(texts)))
    for one in sorted(rows, key=lambda each: len(each.code)):
        for text in (*codes.get(one.code, ()), *({one.name} & set(texts))):
            found[text] = found[text] or [Named(one.pk, str(one))]
    return found


def _shown_industries(keys: Collection[int]) -> Mapping[int, str]:
    return dict(Industry.objects.filter(pk__among=keys).values_list("pk", "code"))


REGION = Reference(_find_regions, _shown_regions)
ORGANIZATION = Reference(_find_organizations, _shown_organizations)
INDUSTRY = Reference(_find_industries, _shown_industries)
