"""The columns of a list of standards: one definition for the page's table, its choice of columns, and every export."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tabular.writing import Column

from .levels import Kind, Level, Nature, Status

BETWEEN = "、"
WORDS: Mapping[str, type] = {"level": Level, "nature": Nature, "kind": Kind, "status": Status}


class ListColumn(NamedTuple):
    """`ordering` is the name by which the list is sorted by this column, where it can be."""

    key: str
    label: Any
    width: float = 12
    kind: Any = "text"
    ordering: str = ""


COLUMNS: Mapping[str, ListColumn] = {
    column.key: column
    for column in (
        ListColumn("number", gettext_lazy("Number"), 26, ordering="number"),
        ListColumn("title", gettext_lazy("Title"), 50),
        ListColumn("title_en", gettext_lazy("English title"), 40),
        ListColumn("level", gettext_lazy("Level"), 10),
        ListColumn("nature", gettext_lazy("Nature"), 10),
        ListColumn("kind", gettext_lazy("Kind")),
        ListColumn("status", gettext_lazy("Status")),
        ListColumn("published_on", gettext_lazy("Published"), kind="date", ordering="published_on"),
        ListColumn("implemented_on", gettext_lazy("Implemented"), kind="date", ordering="implemented_on"),
        ListColumn("ends_on", gettext_lazy("Void from"), kind="date"),
        ListColumn("replaced_by", gettext_lazy("Replaced by"), 30),
        ListColumn("replaces", gettext_lazy("Replaces"), 30),
        ListColumn("ics", "ICS", 16),
        ListColumn("ccs", "CCS", 10),
        ListColumn("region", gettext_lazy("Division code")),
        ListColumn("department", gettext_lazy("Competent department"), 28),
        ListColumn("remark", gettext_lazy("Remark"), 16),
    )
}
# What the table shows until somebody chooses.
AT_FIRST = ("number", "title", "level", "status", "implemented_on", "ends_on", "department")


def columns(keys: Sequence[str] = ()) -> list[Column]:
    """Columns as files have them, in the order of `keys`; all of them without any."""
    chosen = [COLUMNS[key] for key in keys or COLUMNS]
    return [Column(one.key, str(one.label), one.kind, one.width) for one in chosen]


def cell(row: Mapping[str, Any], key: str) -> str:
    """What a column shows of a payload row: the text that an export has, days in ISO form."""
    if key == "remark":
        return remark(row)
    value = row.get(key)
    if key in WORDS:
        return str(WORDS[key](value).label)
    return BETWEEN.join(value) if isinstance(value, list) else value or ""


def remark(row: Mapping[str, Any]) -> str:
    """What is special about a row: an example, an inferred replacement, a partial one."""
    words = (
        ("is_example", _("Example")),
        ("inferred", _("Replacement inferred")),
        ("partly_replaced", _("Partly replaced")),
    )
    return BETWEEN.join(word for name, word in words if row.get(name))
