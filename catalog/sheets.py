"""A view's standards as rows of a table: words instead of codes, lists joined, days as days.

What differs from row to row is read in three narrow queries a chunk; what many rows share (codes, divisions,
departments, words) is read once. Memory stays constant.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from directory.models import Organization, Region
from tabular.dates import KNOWN

from . import lifecycle
from .columns import BETWEEN
from .levels import Kind, Level, Nature, Status
from .models import Classification, Standard
from .payload import Ends, relation_ends, told

CHUNK = 2000
COLUMNS = (
    "pk", "number", "title", "title_en", "level", "nature", "kind", "status", "published_on", "published_precision",
    "implemented_on", "implemented_precision", "replaced_on", "replaced_precision",
    "withdrawn_on", "withdrawn_precision", "region_id", "department_id", "is_example",
)  # fmt: skip
NOTHING = Ends()


def id_chunks(standards: QuerySet) -> Iterator[list[int]]:
    """The ids of a view in its own order, piece by piece."""
    part: list[int] = []
    for pk in standards.values_list("pk", flat=True).iterator(chunk_size=CHUNK):
        part.append(pk)
        if len(part) == CHUNK:
            yield part
            part = []
    if part:
        yield part


def table_rows(standards: QuerySet, on: date, **constant: Any) -> Iterator[dict[str, Any]]:
    """Rows by the keys of `catalog.columns`; `constant` stands in every row.

    The words are looked up now, in the reader's language; the rows are streamed when the request is over.
    """
    return _rows(standards, on, _Shared(), constant)


def _rows(standards: QuerySet, on: date, shared: "_Shared", constant: dict[str, Any]) -> Iterator[dict[str, Any]]:
    is_past = on < timezone.localdate()
    for ids in id_chunks(standards):
        found = Standard.objects.filter(pk__among=set(ids)).with_status(on).values_list(*COLUMNS)
        rows = {row[0]: row for row in found}
        codes = shared.codes_of(ids)
        shared.learn_departments(rows.values())
        older, newer = relation_ends(ids, on)
        for pk in ids:
            if pk in rows:
                ends = older.get(pk, NOTHING), newer.get(pk, NOTHING)
                yield shared.row(rows[pk], codes.get(pk, ()), *ends, on, is_past=is_past) | constant


class _Shared:
    """What many rows show, by what each row stores."""

    def __init__(self) -> None:
        self._levels, self._natures, self._kinds, self._statuses = (
            {str(value): str(label) for value, label in words.choices} for words in (Level, Nature, Kind, Status)
        )
        self._regions: dict[int | None, str] = dict(Region.objects.values_list("pk", "code"))
        self._departments: dict[int | None, str] = {}
        self._classes = {
            pk: (scheme, code) for pk, scheme, code in Classification.objects.values_list("pk", "scheme", "code")
        }
        self._example, self._inferred, self._partly = _("Example"), _("Replacement inferred"), _("Partly replaced")

    def learn_departments(self, rows: Iterable[tuple]) -> None:
        """The names of the departments that rows bear, as far as they were not met before."""
        place = COLUMNS.index("department_id")
        if missing := {row[place] for row in rows} - {None} - self._departments.keys():
            self._departments |= dict(Organization.objects.filter(pk__among=list(missing)).values_list("pk", "name"))

    def codes_of(self, ids: list[int]) -> dict[int, list[tuple[str, str]]]:
        """(scheme, code) of each standard, in order."""
        links = Standard.classifications.through.objects.filter(standard__among=set(ids)).order_by()
        codes: dict[int, list[tuple[str, str]]] = defaultdict(list)
        for pk, code in links.values_list("standard_id", "classification_id"):
            codes[pk].append(self._classes[code])
        for pairs in codes.values():
            pairs.sort()
        return codes

    def row(self, values: tuple, codes: Any, older: Ends, newer: Ends, on: date, *, is_past: bool) -> dict[str, Any]:
        (
            _pk, number, title, title_en, level, nature, kind, status, published, published_precision,
            implemented, implemented_precision, replaced, replaced_precision,
            withdrawn, withdrawn_precision, region, department, is_example,
        ) = values  # fmt: skip
        ends = told(
            newer, (replaced, replaced_precision), (withdrawn, withdrawn_precision), status, on, is_past=is_past
        )
        return {
            "number": number,
            "title": title,
            "title_en": title_en,
            "level": self._levels[level],
            "nature": self._natures[nature],
            "kind": self._kinds[kind],
            "status": self._statuses[status],
            "published_on": _known(published, published_precision),
            "implemented_on": _known(implemented, implemented_precision),
            "ends_on": _known(*ends),
            "replaced_by": BETWEEN.join(newer.numbers),
            "replaces": BETWEEN.join(older.numbers),
            "ics": BETWEEN.join([code for scheme, code in codes if scheme == "ics"]),
            "ccs": BETWEEN.join([code for scheme, code in codes if scheme == "ccs"]),
            "region": self._regions.get(region),
            "department": self._departments.get(department),
            "remark": self._remark(is_example, newer, status) if is_example or newer.inferred or newer.partly else "",
        }

    def _remark(self, is_example: bool, newer: Ends, status: str) -> str:
        partly = newer.partly and status == Status.IN_FORCE
        words = ((is_example, self._example), (newer.inferred, self._inferred), (partly, self._partly))
        return BETWEEN.join(word for applies, word in words if applies)


def _known(day: date | None, precision: lifecycle.Precision) -> date | str | None:
    """A day; one known to its month or year only as text, as far as it is known."""
    return day if day is None or precision == "day" else day.isoformat()[: KNOWN[precision]]
