"""Events as people read them: who, when, what; each change as field, before and after."""

import json
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import Model, QuerySet
from django.utils import formats, timezone
from django.utils.translation import gettext as _

from .masking import masked, masked_text
from .models import Event

Labels = Mapping[str, Any]
Office = tuple[str, str]  # a role and a division's path, as events keep them
PAGE = 20


@dataclass(frozen=True, slots=True)
class Line:
    """One field that changed; `before` and `after` are text, empty where there was nothing. `said` says it otherwise."""

    label: str
    before: str = ""
    after: str = ""
    said: str = ""

    def __str__(self) -> str:
        if self.said:
            return _("%(label)s: %(what)s") % {"label": self.label, "what": self.said}
        names = {"label": self.label, "before": self.before or _("empty"), "after": self.after or _("empty")}
        return _("%(label)s: %(before)s → %(after)s") % names


Tell = Callable[[str, Any, Any], list[Line] | None]


@dataclass(frozen=True, slots=True)
class Entry:
    """One event: a sentence, the fields that changed, and what it was done under."""

    event: Event
    who: str
    office: str
    sentence: str
    lines: list[Line]
    reason: str = ""


def _unnamed(offices: Collection[Office]) -> dict[Office, str]:
    return {office: " ".join(filter(None, office)) for office in offices}


_naming: list[Callable[[Collection[Office]], Mapping[Office, str]]] = [_unnamed]


def name_offices_by(naming: Callable[[Collection[Office]], Mapping[Office, str]]) -> None:
    """Let an app above say what roles and divisions are called; it is asked once for a page."""
    _naming[:] = [naming]


def history(
    events: Iterable[Event], labels: Labels | Callable[[Event], Labels], tell: Tell | None = None
) -> list[Entry]:
    """Events in words, in the order given.

    `labels` maps a field's name to what people call it, for all events or for each; `tell` has the first word where before and after are no
    plain values, and answers None where it has nothing to say. Personal numbers are masked: what is on record today is
    shown by the record's own page to those who may see it.
    """
    events = list(events)
    offices = _naming[0]({(event.role, event.division) for event in events})
    return [_entry(event, labels(event) if callable(labels) else labels, tell, offices) for event in events]


def history_page(events: QuerySet[Event], number: Any, labels: Labels, tell: Tell | None = None) -> Page:
    """One page of a history, the latest first."""
    page = Paginator(events, PAGE).get_page(number)
    page.object_list = history(page.object_list, labels, tell)  # type: ignore[assignment]
    return page


def labels_of(model: type[Model]) -> dict[str, Any]:
    """What a model calls its own fields."""
    return {field.name: field.verbose_name for field in [*model._meta.concrete_fields, *model._meta.many_to_many]}


def tell_choices(model: type[Model]) -> Tell:
    """Values of a choice by what people call them."""
    fields = {field.name: field for field in model._meta.concrete_fields if field.choices}

    def tell(name: str, before: Any, after: Any) -> list[Line] | None:
        if name not in fields:
            return None
        words = {str(value): str(label) for value, label in fields[name].flatchoices}
        told = [words.get(str(value), shown(value)) for value in (before, after)]
        return [Line(str(fields[name].verbose_name), *told)]

    return tell


def seen_by(events: QuerySet[Event], user: Any, *, in_scope: bool) -> QuerySet[Event]:
    """What an account may see of an object's history: all of it, that of its scope, or its own actions."""
    if user.has_perm("records.view_event") or (in_scope and user.has_perm("records.view_history")):
        return events
    return events.filter(actor=user) if user.is_authenticated else events.none()


def _entry(event: Event, labels: Labels, tell: Tell | None, offices: Mapping[Office, str]) -> Entry:
    who = event.actor_name or event.get_channel_display()
    lines = [line for name, pair in event.changes.items() for line in _lines(name, pair, labels, tell)]
    told = {"at": _moment(event.at), "who": who, "action": event.get_action_display(), "object": event.object_label}
    office = offices[event.role, event.division]
    return Entry(
        event, who, office, _("%(at)s, %(who)s: %(action)s %(object)s") % told, lines, masked_text(event.reason)
    )


def _moment(at: datetime) -> str:
    return formats.date_format(timezone.localtime(at), "Y-m-d H:i")


def _lines(name: str, pair: Any, labels: Labels, tell: Tell | None) -> list[Line]:
    before, after = pair if isinstance(pair, list) and len(pair) == 2 else (None, pair)
    before, after = masked(before, name), masked(after, name)
    told = tell(name, before, after) if tell else None
    return [Line(str(labels.get(name, name)), shown(before), shown(after))] if told is None else told


def shown(value: Any) -> str:
    """A JSON value as text for people; nothing for what is empty."""
    if value is None or value in ("", [], {}):
        return ""
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, list):
        return "、".join(shown(one) for one in value)
    if isinstance(value, dict):
        return json.dumps(value, ensure_ascii=False)
    return _instant(value) if isinstance(value, str) and "T" in value else str(value)


def _instant(text: str) -> str:
    """An instant in the reader's time; other text as it is (days stay in ISO form)."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return text
    return _moment(moment) if timezone.is_aware(moment) else text
