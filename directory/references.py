"""How people name divisions and organizations in forms, requests and files."""

from collections import defaultdict
from collections.abc import Collection, Mapping

from django.db.models import Q
from django.utils import timezone

from records.cells import Named, Reference

from .models import Organization, Region, full_code


def _find_regions(texts: Collection[str]) -> Mapping[str, list[Named]]:
    """By code in any of its years (the last of them), or by name among today's divisions."""
    codes = {full_code(text): text for text in texts}
    year = timezone.localdate().year
    found: dict[str, list[Region]] = defaultdict(list)
    rows = Region.objects.filter(Q(code__in=list(codes)) | Q(name__in=list(texts)))
    for region in sorted(rows, key=lambda one: one.valid_from or 0, reverse=True):
        if (text := codes.get(region.code)) is not None:
            found[text] = found[text] or [region]
        elif region.valid_to is None or region.valid_to > year:
            found[region.name].append(region)
    return {text: [Named(one.pk, str(one)) for one in regions] for text, regions in found.items()}


def _shown_regions(keys: Collection[int]) -> Mapping[int, str]:
    return dict(Region.objects.filter(pk__among=keys).values_list("pk", "code"))


def _find_organizations(texts: Collection[str]) -> Mapping[str, list[Named]]:
    found: dict[str, list[Named]] = defaultdict(list)
    for pk, name in Organization.objects.filter(name__among=texts).values_list("pk", "name"):
        found[name].append(Named(pk, name))
    return found


def _shown_organizations(keys: Collection[int]) -> Mapping[int, str]:
    return dict(Organization.objects.filter(pk__among=keys).values_list("pk", "name"))


REGION = Reference(_find_regions, _shown_regions)
ORGANIZATION = Reference(_find_organizations, _shown_organizations)
