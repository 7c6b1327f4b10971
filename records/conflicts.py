"""A form that was saved too late: as it was opened, as the record stands now, what was typed, field by field.

Values are compared as the form reads them, so that `2020-1-1` and `2020-01-01` do not differ, and are kept as the
browser sent them, so that nothing typed is lost.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Model, QuerySet
from django.http import QueryDict
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from .history import Labels, Tell, history
from .models import Event
from .versions import Opened, Values, opened_with

TAKE = "take-"
NO_VERSION = gettext_lazy(
    "The form did not say which version of the record it changes. Look through it and save again."
)
MINE, THEIRS, BOTH = "mine", "theirs", "both"
CHANGES_SHOWN = 20
Told = tuple[Labels, Tell | None]  # what a record's history is told with


class VersionForm:
    """Put before a form of a record: without the version it was opened with, nothing is saved."""

    is_versioned = False

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():  # type: ignore[attr-defined]
            field.show_hidden_initial = False  # what stands is read from the record, not from what was sent

    def clean(self) -> Any:
        values = super().clean()  # type: ignore[misc]
        if not self.is_versioned:
            raise ValidationError(NO_VERSION)
        return values


@dataclass(frozen=True, slots=True)
class Row:
    """One field in its three versions, in words; `changed_by` is empty where nothing has to be chosen."""

    name: str
    label: str
    was: str
    now: str
    mine: str
    sent: Sequence[str]
    changed_by: str

    @property
    def take(self) -> str:
        return TAKE + self.name


def form_values(form: forms.BaseForm) -> dict[str, list[str]]:
    """What a browser would send back of an unbound form, untouched."""
    return {bound.html_name: _sent_by(bound) for bound in _fields(form)}


def compare(form: forms.BaseForm, *, was: Values, now: Values, sent: QueryDict) -> list[Row]:
    """Every field of a form in its three versions."""
    return [_row(bound, was, now, sent) for bound in _fields(form)]


def late_save(request: Any, record: Model, form: forms.BaseForm, opened: Opened, told: Told, **more: Any) -> Any:
    """The page of a save that came too late, to be merged field by field; `form` is unbound, of the record as it stands."""
    now = form_values(form)
    events = Event.objects.about(record).filter(pk__gt=opened.event)
    context = {
        "object": record,
        "rows": compare(form, was=opened.values, now=now, sent=request.POST),
        "opened": opened_with(record, now),
        "since": history(events[:CHANGES_SHOWN], *told),
        **more,
    }
    return render(request, "records/conflict.html", context, status=409)


def merged(sent: QueryDict, now: Values) -> QueryDict:
    """What was sent, with the values of those fields in which the record as it stands was chosen."""
    chosen = [name for name in now if sent.get(TAKE + name) == THEIRS]
    if not chosen:
        return sent
    data = sent.copy()
    for name in chosen:
        data.setlist(name, list(now[name]))
    return data


def _fields(form: forms.BaseForm) -> Iterable[forms.BoundField]:
    return (bound for bound in form if not bound.field.disabled)


def _sent_by(bound: forms.BoundField) -> list[str]:
    value, widget = bound.value(), bound.field.widget
    if isinstance(widget, forms.CheckboxInput):
        return ["on"] if value else []
    if isinstance(value, list | tuple | QuerySet):
        return [str(one) for one in value]
    if value in (None, ""):
        return [""]
    text = widget.format_value(value)
    return [str(one) for one in text] if isinstance(text, list) else [str(text)]


def _row(bound: forms.BoundField, was: Values, now: Values, sent: QueryDict) -> Row:
    name = bound.html_name
    versions = [was.get(name, [""]), now.get(name, [""]), sent.getlist(name)]
    before, standing, typed = (_read(bound, values) for values in versions)
    changed_by = ""
    if standing != typed:
        changed_by = THEIRS if typed == before else MINE if standing == before else BOTH
    words = [_words(bound.field, value) for value in (before, standing, typed)]
    return Row(name, str(bound.label), *words, sent=versions[2], changed_by=changed_by)


def _read(bound: forms.BoundField, values: Sequence[str]) -> Any:
    """A value as the form reads it; what it cannot read stays text."""
    data = QueryDict(mutable=True)
    data.setlist(bound.html_name, list(values))
    raw = bound.field.widget.value_from_datadict(data, {}, bound.html_name)
    try:
        value = bound.field.clean(raw)
    except ValidationError:
        value = raw
    if isinstance(value, str):
        return value.replace("\r\n", "\n").strip()
    return sorted(value, key=str) if isinstance(value, QuerySet) else value


def _words(field: forms.Field, value: Any) -> str:
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if value in (None, "", []):
        return ""
    if isinstance(value, list):
        return "、".join(map(str, value))
    if isinstance(field, forms.ChoiceField) and not isinstance(value, Model):
        return str({str(key): label for key, label in field.choices}.get(str(value), value))
    return str(value) if isinstance(value, Model) else str(field.prepare_value(value))
