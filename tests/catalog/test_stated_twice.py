"""A relation that two sources state stays when the batch that stored it is reverted; one that only that batch stated goes."""

import pytest

from catalog.editions import void_editions
from catalog.models import Standard, StandardRelation
from records.importing import revert_batch
from records.trail import SYSTEM
from tests.factories import import_csv, make_standard

pytestmark = pytest.mark.django_db
HEAD = "标准编号,标准名称,替代情况,被替代标准\n"


def standing() -> set[tuple[str, str, str]]:
    rows = StandardRelation.objects.filter(voided_at=None, inferred=False)
    return set(rows.values_list("source_number", "kind", "target_number"))


def brought(folder, name: str, text: str):
    return import_csv(folder, HEAD + text, name=f"{name}.csv", source=name)


def test_what_another_source_says_of_the_standard_at_the_other_end_stays(tmp_path):
    make_standard("GB/T 1-2020", "茶")
    make_standard("GB/T 1-2010", "茶")
    first = brought(tmp_path, "甲", "GB/T 1-2020,茶,GB/T 1-2010,\n")
    brought(tmp_path, "乙", "GB/T 1-2010,茶,,GB/T 1-2020\n")

    revert_batch(first, by=SYSTEM)

    assert standing() == {("GB/T 1-2020", "replaces", "GB/T 1-2010")}


def test_it_stays_with_a_dangling_end_where_the_batch_had_made_the_standard(tmp_path):
    make_standard("GB/T 1-2010", "茶")
    first = brought(tmp_path, "甲", "GB/T 1-2020,茶,GB/T 1-2010,\n")
    brought(tmp_path, "乙", "GB/T 1-2010,茶,,GB/T 1-2020\n")

    revert_batch(first, by=SYSTEM)

    assert standing() == {("GB/T 1-2020", "replaces", "GB/T 1-2010")}
    assert StandardRelation.objects.get(voided_at=None).source is None
    assert Standard.objects.get(voided_at=None).replaced_on is None


def test_what_only_the_reverted_batch_said_goes(tmp_path):
    make_standard("GB/T 1-2020", "茶")
    make_standard("GB/T 1-2010", "茶")
    first = brought(tmp_path, "甲", "GB/T 1-2020,茶,GB/T 1-2010,\n")
    brought(tmp_path, "乙", "GB/T 1-2010,茶,,无\n")

    revert_batch(first, by=SYSTEM)

    assert standing() == set()


def test_what_a_voided_standard_alone_said_goes_with_it(tmp_path):
    make_standard("GB/T 1-2010", "茶")
    brought(tmp_path, "甲", "GB/T 1-2020,茶,GB/T 1-2010,\n")

    void_editions([Standard.objects.get(number="GB/T 1-2020")], by=SYSTEM, reason="误录")

    assert standing() == set()
