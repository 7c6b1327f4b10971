"""What facets count of a standard, in two words, and the table that gives each word a number.

Few words serve many standards: those that agree in level, nature, kind, year and prefix share one, those that agree in
division, department and fields another. A standard carries the numbers of its two words; a word never changes, so
that what has been read of the table once stands.
"""

from collections.abc import Collection, Iterable, Mapping
from typing import Any, NamedTuple

import numpy as np
from django.db import connection

from records.bulk import insert

from .models import FacetWord, Standard

BETWEEN = "|"


class Main(NamedTuple):
    """What comes from the number; a few thousand different ones, however many standards."""

    level: str
    nature: str
    kind: str
    year: str
    prefix: str


class More(NamedTuple):
    """Who issues it and what it is about; `ics` and `ccs` are first levels joined by commas."""

    region: str
    department: str
    ics: str
    ccs: str


def take_words(standards: Collection[Standard]) -> None:
    """Give standards the numbers of their words; words that are new enter the table."""
    if not standards:
        return
    words = [(_main(standard), _more(standard)) for standard in standards]
    numbers = _numbers({word for both in words for word in both})
    for standard, (main, more) in zip(standards, words, strict=True):
        standard.facet_main_id, standard.facet_more_id = numbers[main], numbers[more]


def _main(standard: Any) -> str:
    return _joined((standard.level, standard.nature, standard.kind, standard.year, standard.prefix))


def _more(standard: Any) -> str:
    return _joined((standard.region_id, standard.department_id, standard.ics_fields, standard.ccs_fields))


def _joined(values: Iterable[Any]) -> str:
    return BETWEEN.join("" if value is None else str(value) for value in values)


def _numbers(words: Collection[str]) -> Mapping[str, int]:
    found = dict(FacetWord.objects.filter(word__among=words).values_list("word", "pk"))
    missing = [FacetWord(word=word) for word in words if word not in found]
    insert(missing)
    return found | {one.word: one.pk for one in missing}


class Column(NamedTuple):
    """One part of the words: its different values, and for each word's number the place of its value among them."""

    values: list[str]
    places: np.ndarray


class Table:
    """The words read so far, taken apart by their parts; a word's number is its index."""

    def __init__(self, words: Iterable[tuple[int, str]] = ()) -> None:
        self._words = dict(words)
        self.size = max(self._words, default=0) + 1
        self.columns = {name: self._column(kind, at) for kind in (Main, More) for at, name in enumerate(kind._fields)}

    def _column(self, kind: type[Main] | type[More], at: int) -> Column:
        parts, places = {"": 0}, np.zeros(self.size, dtype=np.int64)
        for number, word in self._words.items():
            values = word.split(BETWEEN)
            if len(values) == len(kind._fields):
                places[number] = parts.setdefault(values[at], len(parts))
        return Column(list(parts), places)

    def with_all_to(self, largest: int) -> "Table":
        """A table that knows every word up to a number."""
        if largest < self.size:
            return self
        new = FacetWord.objects.filter(pk__gte=self.size).order_by("pk").values_list("pk", "word")
        return Table([*self._words.items(), *new])

    def count(self, name: str, occurrences: np.ndarray) -> dict[str, int]:
        """How often each value of a part occurs, by how often each word's number does."""
        values, places = self.columns[name]
        counts = np.bincount(places[: len(occurrences)], weights=occurrences, minlength=len(values))
        return {values[place]: int(counts[place]) for place in counts.nonzero()[0]}


_known = Table()


def table_to(largest: int) -> Table:
    """The table with every word up to a number; what was read outside a transaction is kept for the next time."""
    global _known
    if connection.in_atomic_block:
        return Table().with_all_to(largest)
    _known = _known.with_all_to(largest)
    return _known
