"""Events as people read them: who, when, what; each change as field, before and after."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils import formats, timezone
from django.utils.translation import gettext as _

from .masking import masked, masked_text
from .models import Event

Labels = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Line:
    """One field that changed; `before` and `after` are text, empty where there was nothing."""

    label: str
    before: str
    after: str

    def __str__(self) -> str:
        names = {"label": self.label, "before": self.before or _("empty"), "after": self.after or _("empty")}
        return _("%(label)s: %(before)s → %(after)s") % names


@dataclass(frozen=True, slots=True)
class Entry:
    """One event: a sentence, the fields that changed, and what it was done under."""

    event: Event
    who: str
    sentence: str
    lines: list[Line]
    reason: str = ""


def history(events: Iterable[Event], labels: Labels) -> list[Entry]:
    """Events in words, in the order given; `labels` maps a field's name to what people call it.

    Personal numbers are masked: what is on record today is shown by the record's own page to those who may see it.
    """
    return [_entry(event, labels) for event in events]


def _entry(event: Event, labels: Labels) -> Entry:
    who = event.actor_name or event.get_channel_display()
    lines = [_line(name, pair, labels) for name, pair in event.changes.items()]
    told = {"at": _moment(event.at), "who": who, "action": event.get_action_display(), "object": event.object_label}
    return Entry(event, who, _("%(at)s, %(who)s: %(action)s %(object)s") % told, lines, masked_text(event.reason))


def _moment(at: datetime) -> str:
    return formats.date_format(timezone.localtime(at), "Y-m-d H:i")


def _line(name: str, pair: Any, labels: Labels) -> Line:
    before, after = pair if isinstance(pair, list) and len(pair) == 2 else (None, pair)
    return Line(str(labels.get(name, name)), shown(masked(before, name)), shown(masked(after, name)))


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
