"""Changes of the catalogue's records in words: claims, relations, codes and care, which are no plain values."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from directory.committee_numbers import committee_named
from records.history import Line, shown

from .models import Care, StandardRelation
from .models.standard import PRECISIONS
from .reading import FIELDS
from .states import CLAIM

FIELD_LABELS = {field.name: field.label for field in FIELDS} | {
    "ics": "ICS",
    "ccs": "CCS",
    "relations": gettext_lazy("relations"),
    "care": gettext_lazy("looked after by"),
    "department": gettext_lazy("competent department"),
    "replaced_on": gettext_lazy("replaced on"),
    "withdrawal_claimed_on": gettext_lazy("said to be withdrawn, first on"),
    "suspended_on": gettext_lazy("suspended from"),
    "resumed_on": gettext_lazy("resumed on"),
    "status_document": gettext_lazy("document"),
    "withdrawn_precision": gettext_lazy("withdrawn: known to the"),
    "replaced_precision": gettext_lazy("replaced: known to the"),
    "published_precision": gettext_lazy("published: known to the"),
    "implemented_precision": gettext_lazy("implemented: known to the"),
    "voided_at": gettext_lazy("voided"),
    "void_reason": gettext_lazy("why voided"),
    "resolution": gettext_lazy("how it was settled"),
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


def field_label(name: str) -> str:
    """The label of a state's entry or of a flag's detail."""
    if name.startswith(CLAIM):
        return _("claim of %(source)s") % {"source": name[len(CLAIM) :]}
    return str(FIELD_LABELS.get(name, name))


def tell_standard(name: str, before: Any, after: Any) -> list[Line] | None:
    """One entry of a state in words; None where its label and its values say it."""
    if name.startswith(CLAIM):
        return _tell_claim(field_label(name), before or {}, after or {})
    if name == "relations":
        return _tell_relations(before or [], after or [])
    if name in ("ics", "ccs"):
        return _tell_codes(field_label(name), before or [], after or [])
    if name == "care":
        return _tell_codes(
            field_label(name), *([_said_care(*entry) for entry in entries or []] for entries in (before, after))
        )
    if name.endswith("_precision"):
        words = {value: str(label) for value, label in PRECISIONS}
        return [Line(field_label(name), *(words.get(value, "") for value in (before or "day", after or "day")))]
    return [Line(field_label(name), shown(before), shown(after))]


def _tell_relations(before: Sequence[Sequence[str]], after: Sequence[Sequence[str]]) -> list[Line]:
    kinds = {str(value): label for value, label in StandardRelation.Kind.choices}
    told = []
    for facts, others, words in ((after, before, _("%(ends)s added")), (before, after, _("%(ends)s taken back"))):
        known = {tuple(fact) for fact in others}
        for fact in facts:
            if tuple(fact) not in known:
                degree = f" ({fact[5]})" if fact[5] else ""
                ends = f"{fact[3]} {kinds.get(fact[1], fact[1])} {fact[4]}{degree}"
                told.append(Line(_("relation"), said=words % {"ends": ends}))
    return told


def _tell_codes(label: str, before: Sequence[str], after: Sequence[str]) -> list[Line]:
    said = [
        words % {"codes": "、".join(codes)}
        for words, codes in (
            (_("%(codes)s added"), [code for code in after if code not in before]),
            (_("%(codes)s taken back"), [code for code in before if code not in after]),
        )
        if codes
    ]
    return [Line(label, said="；".join(said))]


def _said_care(key: str, role: str) -> str:
    """A committee as its key says it, which outlives a change of its name, and what it does."""
    number = committee_named(key.replace("iec+iso", "iso/iec"))
    return f"{number or key.removeprefix('name:')} {Care.Role(role).label}"


def _tell_claim(label: str, before: Mapping[str, Any], after: Mapping[str, Any]) -> list[Line]:
    """The words that changed; the source's own day stands with them."""
    told = []
    if before.get("as_of") != after.get("as_of"):
        told.append(Line(f"{label} · {field_label('as_of')}", shown(before.get("as_of")), shown(after.get("as_of"))))
    old, new = before.get("values", {}), after.get("values", {})
    for name in {**old, **new}:
        # Of a scope the claim keeps only what tells it apart.
        if old.get(name) != new.get(name) and name != "scope":
            told.append(Line(f"{label} · {field_label(name)}", shown(old.get(name)), shown(new.get(name))))
    return told or [Line(label, said=_("changed"))]
