"""What hangs on an organization, so that it cannot be voided: records would count and lead to a page that is gone."""

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from django.db.models import Count

from .models import Grant, Organization, OrganizationName
from .transferring import relations


def what_hangs_on(organizations: Sequence[Organization]) -> dict[int, str]:
    """For each that something standing points to: how many rows of which tables. Its own names go with it."""
    ids = [one.pk for one in organizations]
    found: dict[int, list[str]] = defaultdict(list)
    pointing: list[tuple[Any, Any]] = [*relations(), (Grant, Grant._meta.get_field("organization"))]
    for model, key in pointing:
        if model is OrganizationName:
            continue
        rows = model._base_manager.filter(**{f"{key.name}__among": ids})
        for ended in {"voided_at", "revoked_at"} & {one.name for one in model._meta.concrete_fields}:
            rows = rows.filter(**{f"{ended}__isnull": True})
        for pk, count in rows.order_by().values_list(key.attname).annotate(count=Count("pk")):
            found[pk].append(f"{model._meta.verbose_name_plural} {count}")
    return {pk: "、".join(tables) for pk, tables in found.items()}
