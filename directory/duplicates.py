"""Organizations that may be one body recorded twice, each pair with the reason; and those that a person found to be two.

Pairs come from joins on indexed keys (`organization_names`), never from comparing everything with everything. Short names
are left out: every county has its 市监局.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db import IntegrityError, connection, models, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from records.models import Event
from records.trail import Actor, record

from .models import DifferentOrganizations, Organization
from .models.organizations import OrganizationQuerySet
from .naming import OrganizationRefused


class Reason(models.IntegerChoices):
    """Why two organizations are proposed as one, the strongest first."""

    BODY_CODE = 0, gettext_lazy("same body in the credit code")
    NAME = 1, gettext_lazy("same name")
    SIMILAR = 2, gettext_lazy("names that differ in brackets or the form of company")


@dataclass(frozen=True, slots=True)
class Proposal:
    """Two organizations that may be one; `first` was recorded first."""

    first: int
    second: int
    reason: Reason


# Characters 9 to 17 of a credit code are the body's own; the others change with who registers it.
PAIRS = """
SELECT pairs.first_id, pairs.second_id, MIN(pairs.reason) AS reason, COUNT(*) OVER () AS whole FROM (
    SELECT one.organization_id AS first_id, two.organization_id AS second_id,
           CASE WHEN one.key = two.key THEN 1 ELSE 2 END AS reason
    FROM directory_organizationname one
    JOIN directory_organizationname two
      ON two.similar_key = one.similar_key AND two.organization_id > one.organization_id
    WHERE one.kind <> 'short' AND two.kind <> 'short' AND one.voided_at IS NULL AND two.voided_at IS NULL
    UNION ALL
    SELECT one.id, two.id, 0
    FROM directory_organization one
    JOIN directory_organization two ON SUBSTR(two.credit_code, 9, 9) = SUBSTR(one.credit_code, 9, 9) AND two.id > one.id
    WHERE NOT (one.credit_code = '') AND NOT (two.credit_code = '')
) pairs
WHERE pairs.first_id IN ({among}) AND pairs.second_id IN ({among})
  AND NOT EXISTS (
    SELECT 1 FROM directory_differentorganizations apart
    WHERE apart.first_id = pairs.first_id AND apart.second_id = pairs.second_id
  )
GROUP BY pairs.first_id, pairs.second_id {having}
ORDER BY reason, pairs.first_id, pairs.second_id
LIMIT %s OFFSET %s
"""


def proposals(
    among: OrganizationQuerySet, *, reason: Reason | None = None, limit: int = 50, offset: int = 0
) -> tuple[list[Proposal], int]:
    """Pairs of standing organizations of a queryset, the likeliest first, and how many there are."""
    inner, params = among.standing().order_by().values("pk").query.sql_with_params()
    having = "" if reason is None else "HAVING MIN(pairs.reason) = %s"
    sql = PAIRS.format(among=inner, having=having)
    chosen = [] if reason is None else [int(reason)]
    with connection.cursor() as cursor:
        cursor.execute(sql, [*params, *params, *chosen, limit, offset])
        rows = cursor.fetchall()
    found = [Proposal(first, second, Reason(why)) for first, second, why, _whole in rows]
    return found, rows[0][3] if rows else 0


def named(found: Iterable[Proposal]) -> list[tuple[Organization, Organization, Reason]]:
    """Proposals with their organizations, in one query."""
    found = list(found)
    keys = {pk for one in found for pk in (one.first, one.second)}
    held: dict[int, Any] = Organization.objects.select_related("region").prefetch_related("names").in_bulk(list(keys))
    return [(held[one.first], held[one.second], one.reason) for one in found]


@transaction.atomic
def tell_apart(one: Organization, other: Organization, *, by: Actor, reason: str) -> DifferentOrganizations:
    """Put on record that two organizations are two. Raises `OrganizationRefused`."""
    first, second = sorted((one, other), key=lambda each: each.pk)
    if first.pk == second.pk:
        raise OrganizationRefused(_("This is one organization."))
    _refuse_reach(by, first, second)
    apart = DifferentOrganizations(first=first, second=second, reason=reason[:200], at=timezone.now(), by=by.user)
    try:
        with transaction.atomic():
            apart.save()
    except IntegrityError as error:
        raise OrganizationRefused(_("Somebody has told these two apart already.")) from error
    record(
        apart, Event.Action.CREATED, {"first": [None, str(first)], "second": [None, str(second)]}, by=by, reason=reason
    )
    return apart


def _refuse_reach(by: Actor, *organizations: Organization) -> None:
    if by.user is None:
        return
    keys = [one.pk for one in organizations]
    mine = set(Organization.objects.editable_by(by.user).filter(pk__in=keys).values_list("pk", flat=True))
    if foreign := [str(one) for one in organizations if one.pk not in mine]:
        raise OrganizationRefused(_("%(names)s: not within your division's reach.") % {"names": "、".join(foreign)})
