"""What the catalogue's templates need beyond Django's own tags."""

import re
from html import escape
from urllib.parse import quote_plus, urlencode

from django import template
from django.contrib.humanize.templatetags.humanize import intcomma
from django.utils.html import conditional_escape, format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from records import remarks
from records.word_tokens import fold

from ..facets import FacetValue
from ..levels import Kind, Level, Nature, Status
from ..models import QualityFlag
from ..states import CLAIM, DAYS
from ..telling import field_label
from ..tokens import Query

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
def hidden_parameters(context, *but: str) -> SafeString:
    """The present view as hidden fields of a form, without some parameters and without where one is in it."""
    parameters = context["view"].data
    dropped = {"page", "cursor", "csrfmiddlewaretoken", *but}
    pairs = [
        (name, value) for name in parameters for value in parameters.getlist(name) if name not in dropped and value
    ]
    return format_html_join("", '<input type="hidden" name="{}" value="{}">', pairs)


SHOWN_AT_ONCE = 12
SEVERAL = frozenset({"level", "nature", "kind", "status"})


@register.simple_tag(takes_context=True)
def facet_links(context, name: str, values: list) -> dict[str, SafeString]:
    """A facet's values as list items: `first` the most frequent and the chosen ones, `more` the rest.

    Each leads to the address with the value chosen, or given up where it is chosen already. Written here and not
    as a loop in the template, because a broad view has a thousand values.
    """
    parameters = context["request"].GET
    chosen = parameters.getlist(name)
    dropped = {"page", "cursor", name}
    others = [(other, one) for other in parameters for one in parameters.getlist(other) if other not in dropped and one]
    address = escape("?" + urlencode(others) + ("&" if others else ""))
    items = [_facet_link(address, name, one, chosen) for one in values]
    kept = [
        item for item, one in zip(items[SHOWN_AT_ONCE:], values[SHOWN_AT_ONCE:], strict=True) if one.value in chosen
    ]
    first, more = "".join(items[:SHOWN_AT_ONCE] + kept), "".join(items[SHOWN_AT_ONCE:])
    return {"first": mark_safe(first), "more": mark_safe(more)}  # noqa: S308  every part is escaped


def _facet_link(address: str, name: str, one: FacetValue, chosen: list[str]) -> str:
    is_chosen = one.value in chosen
    if name in SEVERAL and chosen:
        values = [value for value in chosen if value != one.value] if is_chosen else [*chosen, one.value]
        link = address + escape(urlencode([(name, value) for value in values]))
    else:
        link = address if is_chosen else f"{address}{name}={_quoted(one.value)}"
    mark = ' class="chosen" aria-current="true"' if is_chosen else ""
    count = one.count if one.count < 1000 else intcomma(one.count)
    return f'<li><a href="{link}"{mark}>{escape(one.label)} <span class="count">{count}</span></a></li>'


def _quoted(value: str) -> str:
    """A value for an address; most are letters and digits, which need no looking at one by one."""
    return value if value.isascii() and value.isalnum() else quote_plus(value)


@register.filter
def say(remark: dict) -> str:
    """A staged remark as a sentence in the reader's language."""
    return remarks.say(remark)


register.filter(field_label)


@register.filter
def shown(value) -> str:
    """A JSON value for people: lists joined, nothing as 待核."""
    if isinstance(value, dict):
        return "；".join(
            f"{field_label(name)} {word(one) if name == 'dates' else shown(one)}" for name, one in value.items()
        )
    if isinstance(value, list):
        return "、".join(shown(one) for one in value if one not in ("", None))
    return str(known(value))


@register.filter
def flag_label(kind: str) -> str:
    """What kind of thing does not add up."""
    return str(QualityFlag.Kind(kind).label) if kind in QualityFlag.Kind.values else kind


@register.filter
def main_facts(state: dict) -> list[tuple[str, str]]:
    """What a new record would say first: days, the source's own word for the status, what it replaces."""
    facts = [(field_label(name), state[name]) for name in DAYS if state.get(name)]
    words = [word for name, one in state.items() if name.startswith(CLAIM) for word in one["values"].get("status", [])]
    replaced = [fact[4] for fact in state.get("relations", []) if fact[1] == "replaces"]
    for name, found in (("status", words), ("replaces", replaced)):
        if found:
            facts.append((field_label(name), "、".join(dict.fromkeys(found))))
    return facts
