"""What facets count of a standard, in two words: written with the record, taken apart by `catalog.facets`. Pure."""

from typing import Any, NamedTuple

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


def facet_words(standard: Any) -> tuple[str, str]:
    """The two words of a standard; what is unknown is empty."""
    main = (standard.level, standard.nature, standard.kind, standard.year, standard.prefix)
    more = (standard.region_id, standard.department_id, standard.ics_fields, standard.ccs_fields)
    return _joined(main), _joined(more)


def _joined(values: tuple[Any, ...]) -> str:
    return BETWEEN.join("" if value is None else str(value) for value in values)


def read(word: str, kind: type[Main] | type[More]) -> Main | More:
    """One of the two words, taken apart."""
    return kind(*word.split(BETWEEN))
