"""The rows of a register's list, as page, export and API show them."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from django.db import models
from django.db.models import QuerySet
from django.urls import reverse

from tabular.dates import PartialDate
from tabular.writing import Column

from .cells import has_precision, precision_of
from .registers import Listed, Register


@dataclass(frozen=True)
class Shown:
    """A column with all it takes to fill it: the paths it reads and what makes a cell of their values."""

    listed: Listed
    label: str
    kind: str
    paths: tuple[str, ...]
    cell: Callable[..., Any]


@dataclass(frozen=True)
class Cell:
    """A value of a row, what sort of value, and where it leads, if anywhere."""

    value: Any
    kind: str
    address: str = ""


def shown_columns(register: Register) -> list[Shown]:
    return [_shown(register, listed) for listed in register.listed]


def columns(register: Register) -> list[Column]:
    """The columns of an export, in the reader's language."""
    return [
        Column(one.listed.path, one.label, kind=one.kind, width=one.listed.width) for one in shown_columns(register)
    ]


def _shown(register: Register, listed: Listed) -> Shown:
    first, last = _ends(register.model, listed.path)
    label = str(listed.label or first.verbose_name)
    prefix = listed.path[: -len(last.name)]
    if isinstance(last, models.DateField):
        paths = (listed.path, prefix + precision_of(last)) if has_precision(last) else (listed.path,)
        return Shown(listed, label, "date", paths, _as_known)
    if last.choices:
        words = {value: str(word) for value, word in last.flatchoices}
        return Shown(listed, label, "text", (listed.path,), lambda value: words.get(value, value))
    if isinstance(last, models.IntegerField | models.DecimalField):
        return Shown(listed, label, "number", (listed.path,), lambda value: value)
    return Shown(listed, label, "text", (listed.path,), lambda value: value)


def _ends(model: Any, path: str) -> tuple[Any, Any]:
    """The first and the last field of a path."""
    first = last = None
    for name in path.split("__"):
        last = model._meta.get_field(name)
        first = first or last
        model = last.related_model
    return first, last


def _as_known(day: Any, precision: Any = "day") -> Any:
    return day if day is None or precision == "day" else PartialDate(day, precision)


def values_of(register: Register, queryset: QuerySet) -> Iterator[tuple[Any, dict[str, Any]]]:
    """For each record its key, and the values of its paths by name; columns outside the list's follow by name."""
    shown = shown_columns(register)
    paths = dict.fromkeys(
        path for one in shown for path in (*one.paths, *([one.listed.link_path] if one.listed.link_path else []))
    )
    names = ["pk", "is_example", "version", *paths]
    for row in queryset.values_list(*names).iterator(chunk_size=2000):
        yield row[0], dict(zip(names, row, strict=True))


def export_rows(register: Register, queryset: QuerySet) -> Iterator[dict[str, Any]]:
    """Rows by the key of each column."""
    shown = shown_columns(register)
    for _pk, values in values_of(register, queryset):
        yield {one.listed.path: one.cell(*(values[path] for path in one.paths)) for one in shown}


def page_rows(register: Register, queryset: QuerySet) -> list[tuple[dict[str, Any], list[Cell]]]:
    """Rows with their links, for a page."""
    shown = shown_columns(register)
    return [(values, [_cell(one, values) for one in shown]) for _pk, values in values_of(register, queryset)]


def _cell(one: Shown, values: dict[str, Any]) -> Cell:
    value = one.cell(*(values[path] for path in one.paths))
    key = values.get(one.listed.link_path) if one.listed.link_path else None
    return Cell(value, one.kind, reverse(one.listed.link, args=[key]) if one.listed.link and key is not None else "")


def facts(register: Register, record: Any, *, private: bool = False) -> list[tuple[str, Any]]:
    """What is written of one record, label by label, choices and days in words; what is private where asked for."""
    named = _names(register, record)
    items = [item for item in register.items if private or not item.private]
    return [(str(register.field(item.name).verbose_name), named(item.name)) for item in items]


def _names(register: Register, record: Any) -> Callable[[str], Any]:
    def value(name: str) -> Any:
        one = register.field(name)
        if one.choices:
            return getattr(record, f"get_{name}_display")()
        if has_precision(one):
            return _as_known(getattr(record, name), getattr(record, precision_of(one)))
        return getattr(record, name)

    return value


def with_references(register: Register, queryset: QuerySet) -> QuerySet:
    """Records with the records they point to, in one query."""
    return queryset.select_related(*register.references) if register.references else queryset
