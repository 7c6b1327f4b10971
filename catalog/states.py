"""A standard and all that hangs on it as one flat dictionary: the unit of planning, of writing, of the trail.

A state maps names to JSON values. Beside the standard's own fields it holds `department` (a name), `ics`
and `ccs` (lists of codes), `relations` (sorted lists `[source_key, kind, target_key, source_number,
target_number, degree, locality]` that name the standard at either end) and one entry `claim <source>` per
source, `{"as_of": day, "values": {field: [words]}}`; `care` is that of `catalog.caring`. Values that say nothing are left out, so that two states are
equal exactly when nothing differs.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from directory.models import Organization
from records.bulk import insert
from records.trail import plain

from .caring import care_of
from .models import Classification, SourceClaim, Standard, StandardRelation

State = dict[str, Any]

TEXTS = ("title", "title_en", "scope", "filing_number", "status_document")
DAYS = ("published_on", "implemented_on", "withdrawn_on", "withdrawal_claimed_on", "suspended_on", "resumed_on")
PRECISIONS = ("published_precision", "implemented_precision", "withdrawn_precision")
OWN = (*TEXTS, *DAYS, *PRECISIONS)
CLAIM = "claim "


def claim_name(source: str) -> str:
    return CLAIM + source


def states_of(standards: Iterable[Standard]) -> dict[int, State]:
    """The states of some standards by their ids, in a constant number of queries."""
    rows = list(standards)
    ids = [standard.pk for standard in rows]
    departments = _names({standard.department_id for standard in rows})
    states = {standard.pk: _own(standard, departments) for standard in rows}
    for standard_id, scheme, code in _codes(ids):
        states[standard_id].setdefault(scheme, []).append(code)
    for claim in SourceClaim.objects.filter(standard__among=ids).order_by("source"):
        states[claim.standard_id][claim_name(claim.source)] = {
            "as_of": claim.as_of.isoformat(),
            "values": claim.values,
        }
    for standard_id, fact in _relations({standard.key: standard.pk for standard in rows}):
        states[standard_id].setdefault("relations", []).append(fact)
    for standard_id, entry in care_of(ids):
        states[standard_id].setdefault("care", []).append(entry)
    for state in states.values():
        for name in ("ics", "ccs", "relations", "care"):
            if name in state:
                state[name].sort()
    return states


def _own(standard: Standard, departments: Mapping[int | None, str]) -> State:
    state = {name: plain(value) for name in OWN if (value := getattr(standard, name))}
    for name in PRECISIONS:
        if state.get(name) == "day":
            del state[name]
    if standard.department_id:
        state["department"] = departments[standard.department_id]
    return state


def _names(ids: set[int | None]) -> dict[int | None, str]:
    return dict(Organization.objects.filter(pk__in=[pk for pk in ids if pk is not None]).values_list("pk", "name"))


def _codes(ids: list[int]) -> Iterable[tuple[int, str, str]]:
    links = Standard.classifications.through.objects.filter(standard__among=ids)
    return links.values_list("standard_id", "classification__scheme", "classification__code")


def _relations(ids: dict[str, int]) -> Iterable[tuple[int, list[str]]]:
    stated = StandardRelation.objects.filter(inferred=False, voided_at__isnull=True)
    for name in ("source_key", "target_key"):
        for relation in stated.filter(**{f"{name}__among": list(ids)}):
            yield ids[getattr(relation, name)], relation_fact(relation)


def relation_fact(relation: StandardRelation) -> list[str]:
    """A relation as states write it."""
    return [
        relation.source_key,
        relation.kind,
        relation.target_key,
        relation.source_number,
        relation.target_number,
        relation.degree,
        relation.locality,
    ]


def own_values(state: Mapping[str, Any]) -> dict[str, Any]:
    """The standard's own fields as the model takes them: days as dates, texts as "" where nothing is said."""
    values: dict[str, Any] = {name: state.get(name) or "" for name in TEXTS}
    values |= {name: date.fromisoformat(day) if (day := state.get(name)) else None for name in DAYS}
    return values | {name: state.get(name) or "day" for name in PRECISIONS}


def tidy(state: State) -> State:
    """A state without the values that say nothing."""
    return {
        name: value
        for name, value in state.items()
        if value not in (None, "", [], {}) and not (name in PRECISIONS and value == "day")
    }


def first_levels(codes: Iterable[str], length: int) -> str:
    """`01.040.03`, `13.100` → `01,13`: the column by which fields are counted."""
    return ",".join(sorted({code[:length] for code in codes}))


def classification_rows(
    pairs: Iterable[tuple[str, str]],
) -> tuple[dict[tuple[str, str], int], list[Classification]]:
    """The ids of (scheme, code), and the nameless rows that were added for codes that no loaded table has."""
    wanted = set(pairs)
    by_scheme: dict[str, list[str]] = defaultdict(list)
    for scheme, code in wanted:
        by_scheme[scheme].append(code)
    found: dict[tuple[str, str], int] = {}
    for scheme, codes in by_scheme.items():
        rows = Classification.objects.filter(scheme=scheme, code__in=codes)
        found |= {(scheme, code): pk for code, pk in rows.values_list("code", "pk")}
    added, rows_added = _add_nameless(wanted - found.keys())
    return found | added, rows_added


def _add_nameless(
    pairs: Iterable[tuple[str, str]],
) -> tuple[dict[tuple[str, str], int], list[Classification]]:
    """Rows without a name for codes, each below its parent, which is added too where it is missing."""
    added: list[Classification] = []
    missing = set(pairs)
    missing |= {(scheme, above) for scheme, code in missing for above in _above(scheme, code)}
    known = {
        (row.scheme, row.code): row
        for row in Classification.objects.filter(code__in={code for _scheme, code in missing})
    }
    for depth in sorted({len(code) for _scheme, code in missing}):
        new = [
            Classification(scheme=scheme, code=code, parent=known.get((scheme, (_above(scheme, code) or [""])[-1])))
            for scheme, code in sorted(missing - known.keys())
            if len(code) == depth
        ]
        insert(new)
        added += new
        known |= {(row.scheme, row.code): row for row in new}
    return {pair: known[pair].pk for pair in pairs}, added


def _above(scheme: str, code: str) -> list[str]:
    """The codes above one, the first level first: `01.040.03` stands below `01` and `01.040`."""
    if scheme == "ccs":
        return [code[:1]] if len(code) > 1 else []
    parts = code.split(".")
    return [".".join(parts[:depth]) for depth in range(1, len(parts))]
