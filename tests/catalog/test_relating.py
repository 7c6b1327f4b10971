"""Relations by hand: stated and taken back with a reason, each with its event, never half."""

import pytest
from django.core.management import call_command

from catalog.classifying import Node, load_classification
from catalog.models import Classification, StandardRelation
from catalog.relating import relate, take_back_relations
from directory.models import User
from records.mapping import remember_mapping
from records.models import Event, ImportBatch, ImportProfile
from records.trail import SYSTEM, Actor
from tests.factories import make_standard

pytestmark = pytest.mark.django_db


def relations_of(event: Event) -> list:
    return [[fact[:3] for fact in side or []] for side in event.changes["relations"]]


def test_a_relation_is_stated_once_and_leaves_its_event():
    old, new = make_standard("GB/T 1-2010"), make_standard("GB/T 1-2020", implemented_on="2020-01-01")

    stated = [relate(new, "replaces", old, by=SYSTEM) for _time in range(2)]

    old.refresh_from_db()
    assert (stated[0], str(old.replaced_on)) == (stated[1], "2020-01-01")
    event = Event.objects.about(new).get(action="updated")
    assert relations_of(event) == [[], [["gb/t 1-2020", "replaces", "gb/t 1-2010"]]]


def test_it_is_taken_back_with_the_reason():
    old, new = make_standard("GB/T 1-2010"), make_standard("GB/T 1-2020", replaces=["GB/T 1-2010"])

    counts = [take_back_relations(StandardRelation.objects.all(), by=SYSTEM, reason="误录") for _time in range(2)]

    event = Event.objects.about(new).first()
    assert (counts, event.action, event.reason) == ([1, 0], "updated", "误录")
    assert relations_of(event) == [[["gb/t 1-2020", "replaces", "gb/t 1-2010"]], []]
    assert StandardRelation.objects.get().voided_at is not None
    assert not Event.objects.about(old).filter(action="updated").exists()


def test_one_whose_ends_both_dangle_leaves_an_event_of_its_own():
    relation = StandardRelation.objects.create(
        source_key="a", source_number="A", kind="replaces", target_key="b", target_number="B"
    )

    count = take_back_relations([relation], by=SYSTEM, reason="误录")

    event = Event.objects.about(relation).get()
    assert (count, event.action, event.reason) == (1, "voided", "误录")


# --- events that were missing ---------------------------------------------------------------------------------------------


def test_a_loaded_table_leaves_an_event_for_each_node_that_is_new_or_changed():
    nodes = [Node("67", "食品技术", "Food technology", ""), Node("67.140", "茶、咖啡、可可", "", "")]

    for _time in range(2):
        load_classification("ics", nodes, by=Actor(channel="command"))

    rows = {row.code: row for row in Classification.objects.filter(scheme="ics", code__startswith="67")}
    events = Event.objects.filter(object_type="catalog.classification", object_id__in=[r.pk for r in rows.values()])
    assert {(one.object_id, one.channel) for one in events} >= {(rows["67.140"].pk, "command")}
    told = {one.object_id: one.changes for one in events}
    assert told[rows["67.140"].pk] == {"name": ["", "茶、咖啡、可可"], "parent": ["", "67"]}
    assert events.count() == len({one.object_id for one in events})
    assert rows["67"].version == 1 + (rows["67"].pk in told)


def test_a_corrected_mapping_moves_the_profile_on_and_the_same_one_does_not():
    for mapping in ({"number": "编号"}, {"number": "标准编号"}, {"number": "标准编号"}):
        remember_mapping("standards", ["编号", "标准编号"], mapping, by=SYSTEM)

    profile = ImportProfile.objects.get()
    assert (profile.version, profile.mapping) == (2, {"number": "标准编号"})
    assert [event.action for event in Event.objects.about(profile)] == ["updated", "created"]


def test_closing_an_example_account_leaves_its_event_and_moves_it_on(capsys):
    call_command("load_examples")
    call_command("load_examples", remove=True)

    closed = User.objects.filter(is_example=True)
    assert {(user.is_active, user.version) for user in closed} == {(False, 2)}
    changes = [event.changes for event in Event.objects.filter(object_type="directory.user", action="updated")]
    assert changes.count({"is_active": [True, False]}) == closed.count()


def test_a_command_keeps_a_path_that_other_folders_know_too(tmp_path, monkeypatch):
    (tmp_path / "list.csv").write_text("标准编号,标准名称\nGB/T 1-2020,茶\n坏,坏\n", encoding="utf-8")
    monkeypatch.chdir(tmp_path)

    call_command("import_standards", "list.csv")

    assert ImportBatch.objects.get().file_path == str(tmp_path.resolve() / "list.csv")
