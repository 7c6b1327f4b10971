"""Lead rules in the reader's language."""

from django.utils.translation import get_language

from .leading import RULES


def rule_label(name: str) -> str:
    rule = RULES[name]
    return rule.label if get_language() == "en" else rule.label_zh


def rule_definition(name: str) -> dict[str, str]:
    """Name, version, definition and source of a rule."""
    rule = RULES[name]
    english = get_language() == "en"
    return {
        "name": rule.name,
        "version": str(rule.version),
        "label": rule_label(name),
        "definition": rule.definition if english else rule.definition_zh,
        "source": rule.source if english else rule.source_zh,
    }
