"""What a source's row makes of a standard that may be known already. Pure.

Facts: a blank never erases; the same source's later day supersedes its earlier word; a first word stands
until a person settles it when another source says otherwise, and the difference becomes a finding.
Words (status, department …) are kept as that source's claim, and within one day of one source they add up, so
that the same file again changes nothing.
"""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from tabular.dates import KNOWN

from . import lifecycle
from .numbers import StandardNumber
from .reading import Reading
from .replacements import Mention
from .states import CLAIM, DAYS, State, claim_name, tidy
from .words import verdict_of

# A source's word and what the dates make of its own day, where both cannot be true. 废止 before a known last day
# is one too; without a day of its own 废止 agrees with whatever has begun.
WRONG = {
    ("in_force", "planned"),
    ("in_force", "upcoming"),
    ("in_force", "withdrawn"),
    ("upcoming", "in_force"),
    ("upcoming", "withdrawn"),
    ("void", "planned"),
    ("void", "upcoming"),
    ("suspended", "in_force"),
    ("planned", "in_force"),
}
FACTS = ("title", "title_en", "scope", "filing_number", "published_on", "implemented_on", "withdrawn_on")
PRECISION_OF = {f"{name}_on": f"{name}_precision" for name in ("published", "implemented", "withdrawn")}


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that does not add up: the kind of quality flag, its subject, what was seen."""

    kind: str
    subject: str = ""
    detail: dict[str, Any] = field(default_factory=dict)


def merge(before: State | None, reading: Reading, source: str, as_of: date) -> tuple[State, list[Finding]]:
    """The state after a row of a source, and what does not add up in it."""
    after: State = dict(before or {})
    findings: list[Finding] = []
    as_of = reading.as_of or as_of
    prior = after.get(claim_name(source))
    if prior and date.fromisoformat(prior["as_of"]) > as_of:
        return after, findings
    for name in FACTS:
        _merge_fact(name, after, reading, prior, as_of, source, findings)
    _merge_codes(after, reading)
    _merge_relations(after, reading)
    _merge_care(after, reading)
    after[claim_name(source)] = _merge_claim(prior, reading, as_of)
    _merge_withdrawal(after, prior, after[claim_name(source)])
    findings += judge(after, reading.number.year if reading.number else None)
    findings += [Finding("code_damaged", text[:120], {"printed": text}) for text in reading.damaged]
    return tidy(after), findings


def _merge_fact(
    name: str, after: State, reading: Reading, prior: Any, as_of: date, source: str, findings: list[Finding]
) -> None:
    new, now = reading.values.get(name), after.get(name)
    if not new:
        return
    precision = PRECISION_OF.get(name, "")
    fine, known = reading.values.get(precision, "day"), after.get(precision, "day")
    if (now and (new, fine) == (now, known)) or (precision and _lies_in(now, known, new, fine)):
        return
    moved_on = prior and prior["as_of"] < as_of.isoformat() and _claimed(name, now) in prior["values"].get(name, [])
    if not now or moved_on or (precision and _lies_in(new, fine, now, known)):
        after[name] = new
        if precision:
            after[precision] = fine
    elif not _same_words(str(now), str(new)):
        findings.append(Finding("sources_disagree", name, {"recorded": now, "source": source, "says": new}))


def _lies_in(day: str | None, precision: lifecycle.Precision, period: str | None, known: lifecycle.Precision) -> bool:
    """Whether a day or month is the finer word for a month or year: the two agree, and the finer one says more."""
    if not day or not period or KNOWN[precision] <= KNOWN[known]:
        return False
    return day[: KNOWN[known]] == period[: KNOWN[known]]


def _same_words(one: str, other: str) -> bool:
    """Whether two texts differ in blanks and punctuation only, or one is the beginning of the other."""
    plain = ["".join(c for c in text.casefold() if c.isalnum()) for text in (one, other)]
    return plain[0].startswith(plain[1]) or plain[1].startswith(plain[0])


def _merge_codes(after: State, reading: Reading) -> None:
    for name in ("ics", "ccs"):
        if codes := reading.values.get(name):
            after[name] = sorted({*after.get(name, []), *codes})


def _merge_relations(after: State, reading: Reading) -> None:
    assert reading.number is not None
    known = {tuple(fact[:3]): fact for fact in after.get("relations", [])}
    for fact in stated_relations(reading):
        known.setdefault(tuple(fact[:3]), fact)
    if known:
        after["relations"] = sorted(known.values())


def _merge_care(after: State, reading: Reading) -> None:
    if care := reading.values.get("care"):
        after["care"] = _joined(after.get("care", []), care)


def _joined(*lists: Sequence[list[str]]) -> list[list[str]]:
    return sorted(map(list, {tuple(one) for many in lists for one in many}))


def with_relations_of(before: State, after: State) -> State:
    """A state with the relations and the care that were stored since it was planned: a row only ever adds to them."""
    known = {tuple(fact[:3]): fact for state in (after, before) for fact in state.get("relations", [])}
    after = {**after, "relations": sorted(known.values())} if known else after
    care = _joined(before.get("care", []), after.get("care", []))
    return {**after, "care": care} if care else after


def undone(state: State, changes: Mapping[str, list[Any]]) -> State:
    """A state without some changes of the trail. Of relations and care only those go that the changes added."""
    after = {**state, **{name: before for name, (before, _now) in changes.items()}}
    for name in {"relations", "care"} & changes.keys():
        before, now = ({tuple(fact) for fact in facts or []} for facts in changes[name])
        facts = {tuple(fact) for fact in state.get(name, [])} - (now - before) | (before - now)
        after[name] = sorted(map(list, facts))
    return tidy(after)


def stated_relations(reading: Reading) -> list[list[str]]:
    """The relations a row states, by its prose and by its number (an amendment amends its base …)."""
    number = reading.number
    assert number is not None
    facts = []
    for mention in reading.mentions:
        kind = "partly_replaces" if mention.partly else "replaces"
        ends = (number, mention.number) if mention.direction == "replaces" else (mention.number, number)
        facts.append([ends[0].key, kind, ends[1].key, str(ends[0]), str(ends[1]), "", ""])
    by_kind = {"amendment": "amends", "corrigendum": "corrects", "translation": "translates"}
    if number.base and number.kind in by_kind:
        facts.append([number.key, by_kind[number.kind], number.base.key, str(number), str(number.base), "", ""])
    if number.dual and number.dual.year:
        facts.append([number.key, "adopts", number.dual.key, str(number), str(number.dual), "IDT", ""])
    # Some sources name a standard as its own predecessor.
    return [fact for fact in facts if fact[0] != fact[2]]


def with_replaced(
    facts: Sequence[list[str]], number: StandardNumber, replaced: Iterable[StandardNumber]
) -> list[list[str]]:
    """The relations of a standard with what it replaces in full exchanged, and with those its number states."""
    reading = Reading(number=number, mentions=[Mention("replaces", one) for one in dict.fromkeys(replaced)])
    wanted = {tuple(fact[:3]): fact for fact in stated_relations(reading)}
    kept = [fact for fact in facts if fact[:2] != [number.key, "replaces"] or tuple(fact[:3]) in wanted]
    missing = wanted.keys() - {tuple(fact[:3]) for fact in kept}
    return sorted([*kept, *(wanted[ends] for ends in missing)])


def _merge_claim(prior: Any, reading: Reading, as_of: date) -> dict[str, Any]:
    """The source's claim: its words replace those of an earlier day and join those of the same day."""
    said = {name: [text] for name, text in reading.words.items()}
    said |= {name: [_claimed(name, value)] for name in FACTS if (value := reading.values.get(name))}
    if prior and prior["as_of"] == as_of.isoformat():
        for name, words in prior["values"].items():
            said[name] = [*words, *(word for word in said.get(name, []) if word not in words)]
    elif prior and said == prior["values"]:
        return prior
    return {"as_of": as_of.isoformat(), "values": dict(sorted(said.items()))}


def _claimed(name: str, value: Any) -> Any:
    """A fact as the claim keeps it: in full, but of a scope, which runs to pages, only what tells it apart."""
    return hashlib.sha256(value.encode()).hexdigest()[:12] if name == "scope" and value else value


def _merge_withdrawal(after: State, prior: Any, claim: dict[str, Any]) -> None:
    """The earliest own day of a source that says 废止; none where no source says so any more.

    The day of a source that has taken its word back no longer counts; then the others' latest words do.
    """
    days = [claim["as_of"] for claim in _claims(after) if "void" in _verdicts(claim)]
    taken_back = prior and "void" in _verdicts(prior) and "void" not in _verdicts(claim)
    now = None if taken_back else after.get("withdrawal_claimed_on")
    after["withdrawal_claimed_on"] = min([*days, *([now] if now else [])]) if days else None


def _claims(state: State) -> list[dict[str, Any]]:
    return [value for name, value in state.items() if name.startswith(CLAIM)]


def _verdicts(claim: dict[str, Any]) -> set[str]:
    return {verdict for words in claim["values"].get("status", []) if (verdict := verdict_of(words))}


Said = tuple[str, dict[str, Any], set[str]]  # a source, its claim, what its words come to


def judge(state: State, year: int | None) -> list[Finding]:
    """What does not add up in a state by itself: contradicting claims, dates out of order or missing."""
    findings = []
    said = [(name[len(CLAIM) :], claim, _verdicts(claim)) for name, claim in state.items() if name.startswith(CLAIM)]
    if _disagree_on_status(said):
        words = {source: claim["values"].get("status", []) for source, claim, _verdict in said}
        findings.append(Finding("sources_disagree", "status", {"says": words}))
    findings += [
        Finding("status_against_dates", one[0], detail) for one in said if (detail := _contradiction(state, one, year))
    ]
    implemented, published = _known(state, "implemented_on"), _known(state, "published_on")
    if not implemented and not any("planned" in verdicts for _source, _claim, verdicts in said):
        findings.append(Finding("date_missing", "implemented_on"))
    shared = min(len(implemented), len(published))
    too_early = implemented[:shared] < published[:shared]
    if implemented and (too_early or (year and int(implemented[:4]) < year)):
        findings.append(
            Finding("date_order", "implemented_on", {"implemented": implemented, "published": published or None})
        )
    return findings


def _disagree_on_status(said: Sequence[Said]) -> bool:
    """Whether a source says 废止 and another, no earlier, that it is valid; an earlier 现行 has been overtaken."""
    void = [claim["as_of"] for _source, claim, verdicts in said if "void" in verdicts]
    valid = [claim["as_of"] for _source, claim, verdicts in said if verdicts & {"in_force", "upcoming"}]
    return bool(void and valid) and max(valid) >= min(void)


def _known(state: State, name: str) -> str:
    """As much of a date as is known: `2024-05-20`, `2024-05`, `2024`, or ""."""
    return (state.get(name) or "")[: KNOWN[state.get(PRECISION_OF[name], "day")]]


def _contradiction(state: State, said: Said, year: int | None) -> dict[str, Any]:
    """What a claim says against what the dates say on the claim's own day; {} where they agree."""
    _source, claim, verdicts = said
    if not verdicts:
        return {}
    on = date.fromisoformat(claim["as_of"])
    days: dict[str, Any] = {name: date.fromisoformat(day) for name in DAYS if (day := state.get(name))}
    days.pop("withdrawal_claimed_on", None)
    precisions: dict[str, Any] = {
        name: state.get(name, "day") for name in ("implemented_precision", "withdrawn_precision")
    }
    status = lifecycle.status_on(lifecycle.LifeDays(**days, **precisions, year=year), on)
    wrong = WRONG | ({("void", "in_force")} if "withdrawn_on" in days else set())
    clashes = [verdict for verdict in sorted(verdicts) if (verdict, status) in wrong]
    return {"says": claim["values"]["status"], "dates": status, "as_of": claim["as_of"]} if clashes else {}
