"""Who leads, by each named rule, over the same ledger; and the same rules in SQL."""

import random

import pytest

from catalog.contributing import Entry, write_contributions
from catalog.leading import RULES, Line, takes_part
from catalog.levels import DRAFTING, DraftingRole, Level
from catalog.models import Contribution
from records.trail import SYSTEM
from tests.factories import make_standard

LEDGER = [
    Line(1, "drafter"),
    Line(2, "drafter"),
    Line(3, "lead_drafter"),
    Line(4, "participant", recognised=True),
    Line(None, "drafter"),
    Line(None, "keeper"),
]


def led(rule: str, lines: list[Line], level: str = "national") -> set[int]:
    """The places in the list of those that lead."""
    return {at for at, leads in enumerate(RULES[rule].leads(lines, level)) if leads}


def test_the_same_ledger_gives_each_rule_its_own_leaders():
    assert led("first", LEDGER) == {0}
    assert led("first_two", LEDGER) == {0, 1}
    assert led("printed", LEDGER) == {2}
    assert led("recognized", LEDGER) == {2}
    assert led("recognized", LEDGER, "international") == {3}


def test_where_nobody_is_printed_as_responsible_the_first_two_lead():
    lines = [Line(2, "participant"), Line(1, "drafter"), Line(3, "drafter")]

    assert led("printed", lines) == {0, 1}


def test_several_printed_as_responsible_all_lead():
    lines = [Line(1, "lead_drafter"), Line(2, "lead_drafter"), Line(3, "participant")]

    assert led("printed", lines) == {0, 1}
    assert led("first", lines) == {0}


def test_an_unknown_rank_and_a_keeper_lead_by_no_place():
    lines = [Line(None, "drafter"), Line(1, "keeper"), Line(2, "proposer")]

    assert [led(rule, lines) for rule in RULES] == [set(), set(), set(), set()]


def test_an_international_standard_that_nobody_recognised_has_no_recognised_leader():
    assert led("recognized", [Line(1, "lead_drafter")], "international") == set()


def test_who_takes_part():
    assert [takes_part(line) for line in LEDGER] == [True, True, True, True, True, False]
    assert takes_part(Line(None, "proposer", recognised=True))


def test_every_rule_says_what_it_is_in_both_languages():
    for rule in RULES.values():
        texts = (rule.label, rule.label_zh, rule.definition, rule.definition_zh, rule.source, rule.source_zh)

        assert all(texts)
        assert rule.key == f"{rule.name}/1"


def test_the_classes_of_roles_are_those_that_are_stored():
    assert {line.role for line in LEDGER} <= set(DraftingRole.values)
    assert [role for role in DraftingRole.values if takes_part(Line(1, role))] == list(DRAFTING)


def random_ledger(dice: random.Random, level: str) -> list[Line]:
    count = dice.randint(1, 6)
    ranks = dice.sample(range(1, 8), count)
    lines = []
    for rank in ranks:
        role = dice.choice(DraftingRole.values)
        known = dice.random() < 0.8
        lines.append(Line(rank if known else None, role, level == Level.INTERNATIONAL and dice.random() < 0.3))
    return lines


@pytest.mark.django_db
def test_the_rules_in_sql_say_what_the_pure_rules_say():
    dice = random.Random(20261122)
    expected: dict[str, set[int]] = {rule: set() for rule in RULES}
    part = set()
    for serial in range(60):
        level = dice.choice(["national", "international"])
        number = f"GB/T {9000 + serial}-2020" if level == "national" else f"ISO {9000 + serial}:2020"
        standard, lines = make_standard(number), random_ledger(dice, level)
        states = [
            {
                "printed_name": f"单位{at}", "rank": line.rank, "role": line.role, "recognised": line.recognised,
                "recognition_document": "文件" if line.recognised else "",
            }
            for at, line in enumerate(lines)
        ]  # fmt: skip
        rows = write_contributions([Entry(standard.pk, state) for state in states], by=SYSTEM)
        part |= {row.pk for row, line in zip(rows, lines, strict=True) if takes_part(line)}
        for name, rule in RULES.items():
            expected[name] |= {row.pk for row, leads in zip(rows, rule.leads(lines, level), strict=True) if leads}

    for name in RULES:
        assert set(Contribution.objects.leading(name).values_list("pk", flat=True)) == expected[name], name
    assert set(Contribution.objects.taking_part().values_list("pk", flat=True)) == part
    assert len({frozenset(pks) for pks in expected.values()}) == len(RULES)
