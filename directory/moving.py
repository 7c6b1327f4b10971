"""A division comes to stand under another one: the paths of all below it, and every copy of a path, go along."""

from collections.abc import Iterable
from typing import Any

from django.db import models, transaction
from django.db.models import F, Value
from django.db.models.functions import Concat, Substr
from django.utils.translation import gettext as _

from records.models import Event, ImportBatch
from records.trail import Actor, Change, record_many

from .models import Region

# Columns that hold a copy of a path and decide who sees a row. The trail's own copy is what it was on its day.
COPIES: list[tuple[type[models.Model], str]] = [(ImportBatch, "division")]


class MoveRefused(Exception):
    """A division was not moved; the text says why."""


def path_under(parent: Region | None, code: str) -> str:
    return f"{parent.path if parent else '/'}{code}/"


def check_move(region: Region, parent: Region | None) -> None:
    """Raise `MoveRefused` where a division cannot stand there."""
    order = list(Region.Level.values)
    if parent is None and region.level != Region.Level.PROVINCE:
        raise MoveRefused(_("Only a province stands under no division."))
    if parent is None:
        return
    if parent.path.startswith(region.path):
        raise MoveRefused(_("A division cannot stand under itself."))
    if order.index(parent.level) >= order.index(region.level):
        raise MoveRefused(_("A division stands under one of a higher level."))


@transaction.atomic
def move_division(region: Region, parent: Region | None, *, by: Actor, reason: str = "") -> int:
    """Put a division under another one; how many divisions' paths changed. Raises `MoveRefused`.

    Where another division of the same code, of other years, stays behind, what is below that one stays too.
    """
    region = Region.objects.select_for_update().get(pk=region.pk)
    check_move(region, parent)
    if region.parent_id == (parent.pk if parent else None):
        return 0
    before, after = region.path, path_under(parent, region.code)
    entries = [_moved(region, before, after, {"parent": [region.parent_id, parent.pk if parent else None]})]
    below = _below(region)
    entries += [_moved(one, one.path, after + one.path.removeprefix(before)) for one in below]
    Region.objects.filter(pk=region.pk).update(parent=parent, path=after)
    _rewrite(Region.objects.filter(pk__in=[one.pk for one in below]), "path", before, after)
    entries += copies_moved([(before, after)])
    record_many(entries, by=by, reason=reason)
    return 1 + len(below)


def _below(region: Region) -> list[Region]:
    """All below a division by the links themselves, not by the path, which namesakes of other years share."""
    found: list[Region] = []
    level = list(Region.objects.filter(parent=region).order_by("pk"))
    while level:
        found += level
        level = list(Region.objects.filter(parent__in=level).order_by("pk"))
    return found


def _moved(region: Region, before: str, after: str, others: dict[str, list[Any]] | None = None) -> Change:
    changes = {"path": [before, after], **(others or {})}
    return Change(Event.Action.UPDATED, Region._meta.label_lower, region.pk, str(region), changes)


def copies_moved(moves: Iterable[tuple[str, str]]) -> list[Change]:
    """Rewrite every copy of a path that has moved, each as (before, after); the events of it, for the caller to record."""
    topmost = sorted(moves, key=lambda move: len(move[0]))
    return [entry for before, after in topmost for entry in _copied(before, after)]


def _copied(before: str, after: str) -> list[Change]:
    entries = []
    for model, column in COPIES:
        rows = model._default_manager.filter(**{f"{column}__under": before})
        for row in rows:
            was = getattr(row, column)
            changes = {column: [was, after + was.removeprefix(before)]}
            entries.append(Change(Event.Action.UPDATED, model._meta.label_lower, row.pk, str(row), changes))
        _rewrite(rows, column, before, after)
    return entries


def _rewrite(rows: models.QuerySet, column: str, before: str, after: str) -> None:
    rows.update(**{column: Concat(Value(after), Substr(F(column), len(before) + 1))})
