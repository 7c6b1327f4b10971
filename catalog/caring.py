"""Committees that look after standards: read from what a source prints, kept with the standard's state.

A state's `care` is a sorted list of `[committee key, role]`. A committee is named only by its number or its exact name;
whatever else stands in the column is left alone, and a name that several committees bear is none.
"""

import json
import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_noop

from directory.committee_numbers import committee_named
from directory.models import Committee
from records.bulk import insert_values

from .models import Care

IN_CHARGE, EXECUTES = str(Care.Role.IN_CHARGE), str(Care.Role.EXECUTES)
NOT_ON_RECORD = gettext_noop("Committee {text} is not on record")
NO_LONGER = gettext_noop("the source names another")
# ISO's open data: `TC 61 Burning behaviour` is that subcommittee of ISO/TC 61, `IEC 1 …` one of ISO/IEC JTC 1.
OPEN_DATA = re.compile(r"(TC|PC|IEC) ?(\d{1,4}) +(\S.*)")
SEPARATORS = re.compile(r"[、，,;；\n]+")


@dataclass(frozen=True)
class CareReader:
    """What a cell may name: committees by the key of their number, and by names that only one of them bears."""

    keys: frozenset[str] = frozenset()
    names: Mapping[str, str] = field(default_factory=dict)
    below: Mapping[str, Mapping[str, str]] = field(default_factory=dict)

    def read(self, text: str) -> tuple[list[str], list[str]]:
        """The keys of the committees that a cell names, and the parts that bear a number which is not on record."""
        found, unknown = [], []
        for part in _parts(text):
            key, numbered = self._committee(part)
            if key:
                found.append(key)
            elif numbered:
                unknown.append(part)
        return list(dict.fromkeys(found)), unknown

    def _committee(self, text: str) -> tuple[str, bool]:
        """The key of a committee, or ""; and whether a number was printed."""
        if key := self.names.get(text):
            return key, True
        if (number := committee_named(text)) is not None:
            return (number.key if number.key in self.keys else ""), True
        if match := OPEN_DATA.fullmatch(text):
            body = f"ISO/{match[1]} {match[2]}" if match[1] != "IEC" else f"ISO/IEC JTC {match[2]}"
            parent = committee_named(body)
            return (self.below.get(parent.key, {}).get(match[3], "") if parent else ""), True
        return "", False


def _parts(text: str) -> list[str]:
    """The committees of one cell: a list as JSON writes it, or names with marks between them."""
    text = text.strip()
    if text.startswith("["):
        try:
            items = json.loads(text)
        except ValueError:
            return []
        return [one.strip() for one in items if isinstance(one, str) and one.strip()] if isinstance(items, list) else []
    whole = [text] if text else []
    return [*whole, *(part.strip() for part in SEPARATORS.split(text) if part.strip() and part.strip() != text)]


def care_reader() -> CareReader:
    """All committees on record, read once for many rows."""
    rows = list(Committee.objects.standing().values_list("key", "parent_key", "name", "name_en"))
    bearers: dict[str, set[str]] = defaultdict(set)
    below: dict[str, dict[str, str]] = defaultdict(dict)
    for key, parent_key, name, name_en in rows:
        for word in {name, name_en} - {""}:
            bearers[word].add(key)
        if name_en:
            below[key].setdefault(name_en, key)
            below[parent_key].setdefault(name_en, key)
    names = {word: next(iter(keys)) for word, keys in bearers.items() if len(keys) == 1}
    return CareReader(frozenset(key for key, *_rest in rows), names, below)


def care_of(ids: Sequence[int]) -> Iterable[tuple[int, list[str]]]:
    """For each care of some standards the standard's id and its entry in the state."""
    rows = Care.objects.standing().filter(standard__among=ids).values_list("standard_id", "committee__key", "role")
    return ((pk, [key, role]) for pk, key, role in rows)


def write_care(changes: Iterable[tuple[int, Any, Any]]) -> None:
    """Bring the table in line with states: triples of a standard's id, its care before and after."""
    added: list[tuple[int, str, str]] = []
    gone: list[tuple[int, str, str]] = []
    for pk, before, after in changes:
        old, new = ({(pk, key, role) for key, role in facts or ()} for facts in (before, after))
        added += new - old
        gone += old - new
    if not added and not gone:
        return
    keys = {key for _pk, key, _role in (*added, *gone)}
    committees = dict(Committee.objects.standing().filter(key__among=keys).values_list("key", "pk"))
    rows = [(pk, committees[key], role) for pk, key, role in sorted(added) if key in committees]
    insert_values(Care, ("standard_id", "committee_id", "role"), rows)
    for pk, key, role in gone:
        ended = {"voided_at": timezone.now(), "void_reason": NO_LONGER}
        Care.objects.standing().filter(standard=pk, committee__key=key, role=role).update(**ended)
