"""What the catalogue's templates need beyond Django's own tags."""

import re
from urllib.parse import urlencode

from django import template
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from records import remarks

from ..levels import Kind, Level, Nature, Status
from ..reading import FIELDS
from ..states import CLAIM
from ..tokens import Query, fold

register = template.Library()

LABELS = {str(one): one.label for words in (Level, Nature, Kind, Status) for one in words}


@register.filter
def word(value: str) -> str:
    """The word for a level, nature, kind or status."""
    return LABELS.get(value, value)


@register.filter
def known(value):
    """A value, or 待核 where nothing is known."""
    return value if value not in (None, "") else _("to be verified")


@register.filter
def marked(text: str, query: Query | None) -> SafeString:
    """A text with the words searched for marked in it."""
    words = [one for one in (*query.words, *query.phrases) if one] if query else []
    folded = fold(text)
    if not words or len(folded) != len(text):
        return conditional_escape(text)
    pattern = re.compile("|".join(re.escape(one) for one in sorted(words, key=len, reverse=True)))
    parts, end = [], 0
    for match in pattern.finditer(folded):
        parts.append(conditional_escape(text[end : match.start()]))
        parts.append(format_html("<mark>{}</mark>", text[match.start() : match.end()]))
        end = match.end()
    return mark_safe("".join([*parts, conditional_escape(text[end:])]))  # noqa: S308  every part is escaped


@register.simple_tag(takes_context=True)
def view_address(context, **changes) -> str:
    """The present view's address with some parameters set, or dropped where the value is empty."""
    parameters = context["request"].GET
    dropped = {"page", "cursor", *changes}
    pairs = [
        (name, value) for name in parameters for value in parameters.getlist(name) if name not in dropped and value
    ]
    pairs += [(name, value) for name, value in changes.items() if value not in (None, "")]
    return "?" + urlencode(pairs)


@register.simple_tag(takes_context=True)
def facet_address(context, name: str, value: str) -> str:
    """The address with a facet's value chosen, or given up where it is chosen already."""
    parameters = context["request"].GET
    chosen = parameters.getlist(name)
    values = [one for one in chosen if one != value] if value in chosen else [*chosen, value]
    if name not in ("level", "nature", "kind", "status"):
        values = values[-1:] if value not in chosen else []
    dropped = {"page", "cursor", name}
    pairs = [(other, one) for other in parameters for one in parameters.getlist(other) if other not in dropped and one]
    return "?" + urlencode([*pairs, *((name, one) for one in values)])


@register.simple_tag(takes_context=True)
def chosen(context, name: str, value: str) -> bool:
    return value in context["request"].GET.getlist(name)


@register.filter
def say(remark: dict) -> str:
    """A staged remark as a sentence in the reader's language."""
    return remarks.say(remark)


@register.filter
def field_label(name: str) -> str:
    """The label of a state's entry or of a flag's detail."""
    if name.startswith(CLAIM):
        return _("claim of %(source)s") % {"source": name[len(CLAIM) :]}
    return str(FIELD_LABELS.get(name, name))


@register.filter
def shown(value) -> str:
    """A JSON value for people: lists joined, nothing as 待核."""
    if isinstance(value, dict):
        return "；".join(f"{field_label(name)} {shown(one)}" for name, one in value.items())
    if isinstance(value, list):
        return "、".join(shown(one) for one in value if one not in ("", None))
    return str(known(value))


FIELD_LABELS = {field.name: field.label for field in FIELDS} | {
    "ics": "ICS",
    "ccs": "CCS",
    "relations": gettext_lazy("relations"),
    "department": gettext_lazy("competent department"),
    "replaced_on": gettext_lazy("replaced on"),
    "withdrawal_claimed_on": gettext_lazy("said to be withdrawn, first on"),
    "suspended_on": gettext_lazy("suspended from"),
    "resumed_on": gettext_lazy("resumed on"),
    "status_document": gettext_lazy("document"),
    "published_precision": gettext_lazy("published: known to the"),
    "implemented_precision": gettext_lazy("implemented: known to the"),
    "voided_at": gettext_lazy("voided"),
    "recorded": gettext_lazy("on record"),
    "says": gettext_lazy("says"),
    "source": gettext_lazy("source"),
    "dates": gettext_lazy("by the dates"),
    "as_of": gettext_lazy("as of"),
    "values": gettext_lazy("words"),
    "printed": gettext_lazy("printed"),
    "newer": gettext_lazy("newer edition"),
    "text": gettext_lazy("report"),
    "contact": gettext_lazy("contact"),
    "published": gettext_lazy("published"),
    "implemented": gettext_lazy("implemented"),
}
