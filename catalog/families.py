"""The family of a number, and the families under which the same standard stood or stands."""

from django.db.models import Q, QuerySet

from .models import Family, Prefix, StandardRelation


def linked_families(family: Family) -> QuerySet[Family]:
    """Families with an edition in the catalogue that carry the same standard under another number or nature.

    The same number with another nature (GB → GB/T), the same number under the prefix that followed or preceded (GA →
    XF, by the table of prefixes), and renumbered editions (JB/T 4730 → NB/T 47013). Rules C3: this is no replacement.
    """
    renumbered = StandardRelation.objects.filter(kind=StandardRelation.Kind.RENUMBERED_FROM, voided_at=None)
    newer = renumbered.filter(target__family=family).values("source__family")
    older = renumbered.filter(source__family=family).values("target__family")
    same = Q(base_key__in=[family.base_key, *_moved(family.base_key)])
    linked = Family.objects.filter(same | Q(pk__in=newer) | Q(pk__in=older)).exclude(pk=family.pk)
    return linked.filter(editions__voided_at=None, editions__isnull=False).distinct().order_by("key")


def _moved(base_key: str) -> list[str]:
    """The same number under the prefixes before and after."""
    prefix, _blank, rest = base_key.partition(" ")
    neighbours = Prefix.objects.filter(Q(successor__code__iexact=prefix) | Q(predecessors__code__iexact=prefix))
    return [f"{code.lower()} {rest}" for code in neighbours.values_list("code", flat=True)]
