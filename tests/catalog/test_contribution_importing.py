"""Importing contributions: previews, what is new, changed, unchanged and handed back; versions; trail."""

import pytest

from catalog.contributing import Entry, state_of, verify_contributions, write_contributions
from catalog.models import Contribution, Standard
from directory.models import Role
from records.importing import ImportRefused, apply_batch, preview_file
from records.models import Event, ImportBatch, ImportRow
from records.trail import SYSTEM, Actor
from tests.catalog.ledger import enter
from tests.factories import appoint, make_name, make_organization, make_standard, make_user

pytestmark = pytest.mark.django_db
LIST, SINGLE = "标准编号,起草单位\n", "标准编号,单位名称,排名,角色\n"


@pytest.fixture
def standard():
    return make_standard("GB/T 1-2020", published_on="2020-01-01")


@pytest.fixture
def bring(tmp_path):
    def bring_in(text: str, *, apply: bool = True, by: Actor = SYSTEM, source: str = "名录") -> ImportBatch:
        from records.source_facts import import_facts

        path = tmp_path / "list.csv"
        path.write_text(text, encoding="utf-8")
        batch = preview_file(path, kind="contributions", facts=import_facts(path, source=source), by=by)
        return apply_batch(batch, by=by) if apply else batch

    return bring_in


def outcomes(batch: ImportBatch) -> list[str]:
    return list(batch.rows.order_by("number").values_list("outcome", flat=True))


def said(batch: ImportBatch, number: int = 2) -> tuple[list, list]:
    """What is said of a row of the file: why it was refused, and remarks."""
    row = batch.rows.get(number=number)
    return [one["message"] for one in row.problems], [one["message"] for one in row.notes]


def standing(standard: Standard) -> list[tuple]:
    rows = Contribution.objects.filter(standard=standard, voided_at=None).order_by("rank", "pk")
    return list(rows.values_list("rank", "printed_name", "printed_role", "organization__name"))


def test_a_list_becomes_several_contributions_and_one_row_read(standard, bring):
    make_organization("甲公司")

    batch = bring(LIST + "GB/T 1-2020,负责起草单位：甲公司。参加起草单位：乙院、丙所。\n")

    assert batch.counts == {"read": 1, "created": 1, "updated": 0, "unchanged": 0, "rejected": 0}
    assert standing(standard) == [
        (1, "甲公司", "负责起草单位", "甲公司"),
        (2, "乙院", "参加起草单位", None),
        (3, "丙所", "参加起草单位", None),
    ]
    assert Event.objects.filter(batch=batch, object_type="catalog.contribution").count() == 3
    assert Contribution.objects.get(rank=1).source == "名录"


def test_names_without_an_organization_are_remarked_on(standard, bring):
    make_organization("同名公司", "320100")
    make_organization("同名公司", "320500")

    batch = bring(LIST + "GB/T 1-2020,同名公司、无名公司\n", apply=False)

    assert said(batch) == (
        [],
        [
            "{name} may mean {count} organizations; it waits for a person",
            "{name} is no organization on record; it waits for a person",
        ],
    )


def test_a_former_name_means_the_organization(standard, bring):
    organization = make_organization("新名公司")
    make_name(organization, "旧名公司")

    bring(SINGLE + "GB/T 1-2020,旧名公司,1,\n")

    assert standing(standard) == [(1, "旧名公司", "", "新名公司")]


def test_rows_of_one_contribution_build_one_list(standard, bring):
    batch = bring(SINGLE + "GB/T 1-2020,甲,1,负责起草\nGB/T 1—2020,乙,第2,参加起草\nGB/T 1-2020,丙,,归口单位\n")

    assert outcomes(batch) == ["created", "created", "created"]
    assert standing(standard) in (
        [(1, "甲", "负责起草", None), (2, "乙", "参加起草", None), (None, "丙", "归口单位", None)],
        [(None, "丙", "归口单位", None), (1, "甲", "负责起草", None), (2, "乙", "参加起草", None)],
    )
    assert list(batch.rows.values_list("label", flat=True)) == [f"GB/T 1-2020 · {name}" for name in "甲乙丙"]


def test_the_same_file_again_changes_nothing(standard, bring):
    text = LIST + "GB/T 1-2020,甲公司、乙院\n"
    bring(text)

    batch = bring(text)

    assert batch.counts == {"read": 1, "created": 0, "updated": 0, "unchanged": 1, "rejected": 0}
    assert Event.objects.filter(batch=batch, object_type="catalog.contribution").count() == 0


def test_a_later_list_of_the_same_source_may_move_ranks(standard, bring):
    bring(LIST + "GB/T 1-2020,甲、乙\n")

    batch = bring(LIST + "GB/T 1-2020,甲、丙、乙\n")

    assert outcomes(batch) == ["updated"]
    assert batch.rows.get().changes == {"丙": [None, "2 · drafter"], "乙": ["2 · drafter", "3 · drafter"]}
    assert [row[:2] for row in standing(standard)] == [(1, "甲"), (2, "丙"), (3, "乙")]


def test_another_source_does_not_change_what_is_on_record(standard, bring):
    bring(LIST + "GB/T 1-2020,甲、乙\n", source="一")

    batch = bring(LIST + "GB/T 1-2020,乙、甲\n", source="二")

    assert outcomes(batch) == ["rejected"]
    assert said(batch)[0] == ["{name}: on record is {recorded} ({source}), the file says {said}; settle it by hand"] * 2
    assert [row[:2] for row in standing(standard)] == [(1, "甲"), (2, "乙")]


def test_another_source_may_fill_in_what_nobody_said(standard, bring):
    bring(SINGLE + "GB/T 1-2020,甲,,\n", source="一")

    batch = bring(SINGLE + "GB/T 1-2020,甲,3,负责起草\n", source="二")

    assert outcomes(batch) == ["updated"]
    assert standing(standard) == [(3, "甲", "负责起草", None)]
    assert Contribution.objects.get().source == "一"


def test_a_file_does_not_change_what_a_person_verified(standard, bring):
    bring(LIST + "GB/T 1-2020,甲、乙\n")
    verify_contributions([Contribution.objects.get(rank=2)], by=Actor(user=make_user()))

    batch = bring(SINGLE + "GB/T 1-2020,乙,3,\n")

    assert said(batch)[0] == ["{name} was verified as {recorded}; a file does not change that (it says {said})"]


def test_what_a_person_said_of_a_name_stays(standard, bring):
    bring(LIST + "GB/T 1-2020,甲厂\n")
    row = Contribution.objects.get()
    organization = make_organization("甲实业公司")
    write_contributions([Entry(standard.pk, state_of(row) | {"organization_id": organization.pk}, row)], by=SYSTEM)
    make_organization("甲厂")

    batch = bring(LIST + "GB/T 1-2020,甲厂\n")

    assert outcomes(batch) == ["unchanged"]
    assert standing(standard) == [(1, "甲厂", "", "甲实业公司")]


def test_a_name_that_is_known_by_now_is_resolved_by_the_next_file(standard, bring):
    bring(LIST + "GB/T 1-2020,甲厂\n", source="一")
    make_organization("甲厂")

    bring(LIST + "GB/T 1-2020,甲厂\n", source="二")

    assert standing(standard) == [(1, "甲厂", "", "甲厂")]


@pytest.mark.parametrize(
    ("rows", "problem"),
    [
        ("GB/T 2-2020,甲,1,\n", "{number} is not in the catalogue; import the standard first"),
        ("GB/T 1,甲,1,\n", "{number} has no year; contributions are those of one edition"),
        ("GB/T 1-2020,,1,\n", "The row names no drafting unit"),
        ("GB/T 1-2020,甲,首,\n", "{text} is not a place in a list (1, 2, 3 …)"),
        ("GB/T 1-2020,甲、乙,1,\n", "{text} holds several names; give each a row of its own, or use the column of drafting units"),
        ("GB/T 1-2020,甲,9,\n", "{name} cannot have rank {rank}: on record that is the rank of {other}"),
    ],
)  # fmt: skip
def test_what_is_handed_back(standard, bring, rows, problem):
    enter(standard, *[None] * 8, "先到者")

    batch = bring(SINGLE + rows)

    assert outcomes(batch) == ["rejected"]
    assert said(batch)[0] == [problem]
    assert len(standing(standard)) == 1


def test_within_one_file_rows_do_not_contradict_each_other(standard, bring):
    batch = bring(SINGLE + "GB/T 1-2020,甲,1,\nGB/T 1-2020,乙,1,\nGB/T 1-2020,甲,2,\nGB/T 1-2020,甲,1,\n")

    assert outcomes(batch) == ["created", "rejected", "rejected", "unchanged"]
    assert said(batch, 3)[0] == ["{name} cannot have rank {rank}: on record that is the rank of {other}"]
    assert said(batch, 4)[0] == ["Row {row} says something else of {name}"]
    assert said(batch, 5)[1][0] == "Row {row} says the same of {name}"
    assert [row[:2] for row in standing(standard)] == [(1, "甲")]


def test_a_list_is_taken_whole_or_not_at_all(standard, bring):
    batch = bring(LIST + "GB/T 1-2020,甲、乙研究院和丙学会\n")

    assert outcomes(batch) == ["rejected"]
    assert standing(standard) == []


def test_names_on_record_that_a_list_leaves_out_are_named_and_stay(standard, bring):
    enter(standard, "甲", "乙", "丙")

    batch = bring(LIST + "GB/T 1-2020,甲\n")

    assert outcomes(batch) == ["unchanged"]
    assert "On record, but not in this list: {names}" in said(batch)[1]
    assert batch.rows.get().notes[-1]["params"] == {"names": "乙、丙"}
    assert len(standing(standard)) == 3


def test_only_the_lead_of_an_international_standard_is_recognised(standard, bring):
    iso = make_standard("ISO 4:2023", published_on="2023-01-01")
    header = "标准编号,单位名称,排名,认定文件\n"

    batch = bring(header + "GB/T 1-2020,甲,1,认定1号\nISO 4:2023,甲,2,认定1号\n")

    assert outcomes(batch) == ["rejected", "created"]
    row = Contribution.objects.get(standard=iso)
    assert (row.recognised, row.recognition_document) == (True, "认定1号")


def test_what_changed_since_the_preview_stops_the_batch(standard, bring):
    bring(LIST + "GB/T 1-2020,甲、乙\n")
    batch = bring(LIST + "GB/T 1-2020,甲、丙、乙\n", apply=False)
    row = Contribution.objects.get(rank=2)
    write_contributions([Entry(standard.pk, state_of(row) | {"evidence": "看过"}, row)], by=SYSTEM)

    with pytest.raises(ImportRefused):
        apply_batch(batch, by=SYSTEM)

    assert [row[:2] for row in standing(standard)] == [(1, "甲"), (2, "乙")]


def test_a_rank_that_was_taken_since_the_preview_stops_the_batch(standard, bring):
    batch = bring(LIST + "GB/T 1-2020,甲\n", apply=False)
    enter(standard, "乙")

    with pytest.raises(ImportRefused):
        apply_batch(batch, by=SYSTEM)


def test_an_organization_that_went_since_the_preview_stops_the_batch(standard, bring):
    organization = make_organization("甲公司")
    batch = bring(LIST + "GB/T 1-2020,甲公司\n", apply=False)
    type(organization).objects.filter(pk=organization.pk).update(voided_at="2026-01-01T00:00Z")

    with pytest.raises(ImportRefused):
        apply_batch(batch, by=SYSTEM)


def cataloguer(name: str, code: str) -> Actor:
    user = make_user(name)
    appoint(user, Role.CATALOGUER, code)
    return Actor(user=type(user).objects.get(pk=user.pk), channel="web")


def test_a_cataloguer_enters_no_list_of_another_divisions_standard(bring):
    make_standard("DB3205/T 1-2020")
    make_standard("DB3206/T 1-2020")

    batch = bring(LIST + "DB3205/T 1-2020,甲\nDB3206/T 1-2020,甲\n", by=cataloguer("c", "320600"), apply=False)

    assert outcomes(batch) == ["rejected", "created"]
    assert said(batch)[0] == ["{number} is a local standard of another division"]


def test_a_cataloguer_changes_no_contribution_of_another_divisions_organization(standard, bring):
    make_organization("苏州甲公司", "320500")
    make_organization("南通乙公司", "320600")
    bring(LIST + "GB/T 1-2020,苏州甲公司、南通乙公司\n")

    by = cataloguer("c", "320600")
    batch = bring(SINGLE + "GB/T 1-2020,苏州甲公司,5,\nGB/T 1-2020,南通乙公司,6,\n", by=by)

    assert outcomes(batch) == ["rejected", "updated"]
    assert said(batch)[0] == ["{name} belongs to an organization that another division keeps"]


def test_examples_are_marked(standard, bring):
    batch = bring(LIST + "GB/T 1-2020,甲\n", apply=False)
    batch.is_example = True
    batch.save()

    apply_batch(batch, by=SYSTEM)

    assert Contribution.objects.get().is_example


def test_a_file_in_many_pieces_knows_the_rows_before(standard, bring, monkeypatch):
    monkeypatch.setattr("records.importing.CHUNK", 2)
    rows = "".join(f"GB/T 1-2020,单位{at},{at},\n" for at in range(1, 6))

    batch = bring(SINGLE + rows + "GB/T 1-2020,单位1,9,\nGB/T 1-2020,他,3,\n")

    assert outcomes(batch) == ["created"] * 5 + ["rejected"] * 2
    assert [row[0] for row in standing(standard)] == [1, 2, 3, 4, 5]


def test_every_row_is_counted_once(standard, bring):
    batch = bring(LIST + "GB/T 1-2020,甲、乙\nGB/T 1-2020,甲、乙\n坏,坏\n")

    assert batch.counts == {"read": 3, "created": 1, "updated": 0, "unchanged": 1, "rejected": 1}
    assert ImportRow.objects.filter(batch=batch).count() == 3
