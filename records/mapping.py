"""Which column of a file holds which field: guessed by its heading, corrected once, remembered for files of that shape."""

from collections.abc import Sequence

from django.db import transaction

from .columns import Field, fold_header, shape_of
from .models import Event, ImportProfile
from .trail import Actor, differences, record
from .versions import take_version


def guess_mapping(fields: Sequence[Field], columns: Sequence[str]) -> dict[str, str]:
    """Which column holds which field, from the header words; each column serves one field at most."""
    mapping: dict[str, str] = {}
    for item in fields:
        ranked = [(rank, column) for column in columns if (rank := item.rank(column)) is not None]
        free = [pair for pair in sorted(ranked, key=lambda pair: pair[0]) if pair[1] not in mapping.values()]
        if free:
            mapping[item.name] = free[0][1]
    return mapping


def remembered_mapping(kind: str, columns: Sequence[str]) -> dict[str, str] | None:
    """The mapping staff last settled for a file with these headers."""
    profile = ImportProfile.objects.filter(kind=kind, shape=shape_of(columns)).first()
    if profile is None:
        return None
    headers = {fold_header(column): column for column in columns} | {column: column for column in columns}
    return {name: headers.get(column) or headers[fold_header(column)] for name, column in profile.mapping.items()}


@transaction.atomic
def remember_mapping(kind: str, columns: Sequence[str], mapping: dict[str, str], *, by: Actor) -> None:
    """Keep a corrected mapping for the next file of this shape."""
    key = {"kind": kind, "shape": shape_of(columns)}
    profile, is_new = ImportProfile.objects.select_for_update().get_or_create(**key, defaults={"mapping": mapping})
    changes = differences({"mapping": None if is_new else profile.mapping}, {"mapping": mapping})
    if changes and not is_new:
        take_version(profile, profile.version)
        profile.mapping = mapping
        profile.save(update_fields=["mapping", "updated_at"])
    record(profile, Event.Action.CREATED if is_new else Event.Action.UPDATED, changes, by=by)
