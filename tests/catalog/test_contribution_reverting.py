"""Taking a batch of contributions back: exactly what it did, except what was touched since."""

import pytest

from catalog.contributing import Entry, state_of, verify_contributions, write_contributions
from catalog.models import Contribution
from directory.models import Role
from records.importing import apply_batch, preview_file, revert_batch
from records.models import Event
from records.source_facts import import_facts
from records.trail import SYSTEM, Actor
from tests.catalog.ledger import enter
from tests.factories import appoint, make_organization, make_standard, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def standard():
    return make_standard("GB/T 1-2020")


@pytest.fixture
def bring(tmp_path):
    def bring_in(text: str, by: Actor = SYSTEM):
        path = tmp_path / "list.csv"
        path.write_text(text, encoding="utf-8")
        facts = import_facts(path, source="名录")
        return apply_batch(preview_file(path, kind="contributions", facts=facts, by=by), by=by)

    return bring_in


def facts() -> list[dict]:
    names = ("printed_name", "rank", "printed_role", "role", "leads_as_printed", "source", "organization_id")
    return list(Contribution.objects.filter(voided_at=None).order_by("rank").values(*names))


def test_what_a_batch_made_is_voided_with_its_reason(standard, bring):
    batch = bring("标准编号,起草单位\nGB/T 1-2020,甲、乙\n")

    assert revert_batch(batch, by=SYSTEM) == {}

    assert facts() == []
    assert set(Contribution.objects.values_list("void_reason", flat=True)) == {f"撤销导入批次 {batch.pk}"}
    assert Event.objects.filter(object_type="catalog.contribution", action="voided").count() == 2


def test_what_a_batch_changed_is_as_it_was(standard, bring):
    bring("标准编号,起草单位\nGB/T 1-2020,甲、乙\n")
    before = facts()
    batch = bring("标准编号,起草单位\nGB/T 1-2020,乙、丙、甲\n")
    assert facts() != before

    assert revert_batch(batch, by=SYSTEM) == {}

    assert facts() == before


def test_what_was_touched_since_stays(standard, bring):
    batch = bring("标准编号,起草单位\nGB/T 1-2020,甲、乙、丙\n")
    first, second, _third = Contribution.objects.order_by("rank")
    organization = make_organization("甲公司")
    write_contributions([Entry(standard.pk, state_of(first) | {"organization_id": organization.pk}, first)], by=SYSTEM)
    verify_contributions([second], by=Actor(user=make_user()))

    refused = revert_batch(batch, by=SYSTEM)

    assert refused == {first.pk: "changed since the import", second.pk: "changed since the import"}
    assert [row["printed_name"] for row in facts()] == ["甲", "乙"]
    assert batch.rows.get().revert_refused == "changed since the import"


def test_what_was_changed_and_changed_back_is_not_touched(standard, bring):
    batch = bring("标准编号,起草单位\nGB/T 1-2020,甲\n")
    for evidence in ("看过", ""):
        row = Contribution.objects.get()
        write_contributions([Entry(standard.pk, state_of(row) | {"evidence": evidence}, row)], by=SYSTEM)

    assert revert_batch(batch, by=SYSTEM) == {}
    assert facts() == []


def test_a_rank_that_somebody_else_has_by_now_is_not_given_back(standard, bring):
    bring("标准编号,单位名称,排名\nGB/T 1-2020,甲,1\n")
    batch = bring("标准编号,单位名称,排名\nGB/T 1-2020,甲,2\n")
    enter(standard, "乙")

    (row,) = Contribution.objects.filter(printed_name="甲")
    assert revert_batch(batch, by=SYSTEM) == {row.pk: "its former rank belongs to another name by now"}
    assert [(one["printed_name"], one["rank"]) for one in facts()] == [("乙", 1), ("甲", 2)]


def test_lists_of_another_divisions_standards_are_left_alone(bring):
    make_standard("DB3205/T 1-2020")
    make_standard("DB3206/T 1-2020")
    batch = bring("标准编号,起草单位\nDB3205/T 1-2020,甲\nDB3206/T 1-2020,乙\n")
    user = make_user("c")
    appoint(user, Role.CATALOGUER, "320600")
    by = Actor(user=type(user).objects.get(pk=user.pk))

    foreign = Contribution.objects.get(printed_name="甲")
    assert revert_batch(batch, by=by) == {foreign.pk: "a local standard of another division"}
    assert [row["printed_name"] for row in facts()] == ["甲"]
