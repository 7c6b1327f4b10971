"""What the pages of contributions need: words of roles and rules, the address behind a figure."""

from urllib.parse import urlencode

from django import template
from django.urls import reverse
from django.utils.translation import gettext

from ..lead_words import rule_label
from ..levels import DraftingRole

register = template.Library()
ROLES = {str(value): label for value, label in DraftingRole.choices}


@register.filter
def drafting_role(value: str) -> str:
    return str(ROLES.get(value, value))


@register.filter
def message(text: str) -> str:
    """A message given as its English template."""
    return gettext(text)


@register.filter
def rule_name(name: str) -> str:
    return rule_label(name)


@register.simple_tag(takes_context=True)
def figure_address(context, **changes) -> str:
    """The list of the standards that a figure counted: the page's own view, as figures count, with some of it changed."""
    parameters = context["request"].GET
    asked = {"counted": "1", **changes}
    dropped = {"page", "format", *asked}
    pairs = [(name, one) for name in parameters for one in parameters.getlist(name) if name not in dropped and one]
    pairs += [(name, value) for name, value in asked.items() if value not in (None, "")]
    return f"{reverse('contributions')}?{urlencode(pairs)}"
