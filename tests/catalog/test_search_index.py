"""The index always holds exactly what a rebuild would put into it."""

import pytest
from django.db import connection
from django.urls import reverse

from catalog.editions import save_edition, void_editions
from catalog.models import Standard
from catalog.search import TABLE, index, matching, tokens_of
from catalog.tokens import parse_query
from records.importing import revert_batch
from records.trail import SYSTEM
from tests.factories import PASSWORD, import_csv, make_standard, make_user
from tests.web.forms import opened_form

pytestmark = pytest.mark.django_db


def stored() -> dict[int, set[str]]:
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(f"SELECT standard_id, tsvector_to_array(tokens) FROM {TABLE}")
            return {pk: set(tokens) for pk, tokens in cursor.fetchall()}
        cursor.execute(f"SELECT rowid, tokens FROM {TABLE}")
        return {pk: set(tokens.split(" ")) for pk, tokens in cursor.fetchall()}


def rebuilt() -> dict[int, set[str]]:
    standards = Standard.objects.filter(voided_at=None).select_related("department")
    return {one.pk: tokens_of(one, one.department.name if one.department else "") for one in standards}


def hits(text: str) -> list[str]:
    return list(matching(Standard.objects.all(), parse_query(text)).order_by("number").values_list("number", flat=True))


def test_creating_indexes_number_titles_department_and_body():
    make_standard("T/CECS 1-2020", "茶叶 𬭛", title_en="Tea", department="农业农村部", replaces=["T/CECS 1-2010"])

    assert stored() == rebuilt()
    assert [hits(text) for text in ("茶叶", "𬭛", "tea", "农业农村部", "cecs", "T/CECS 1", "1-2020")] == [
        ["T/CECS 1-2020"]
    ] * 7


def test_changing_replaces_the_old_words():
    standard = make_standard("GB/T 1-2020", "茶叶", department="农业农村部")

    save_edition(standard, {"title": "咖啡", "department": ""}, by=SYSTEM)

    assert stored() == rebuilt()
    assert (hits("茶叶"), hits("农业农村部"), hits("咖啡")) == ([], [], ["GB/T 1-2020"])


def test_voiding_takes_the_words_out():
    standard = make_standard("GB/T 1-2020", "茶叶")
    make_standard("GB/T 2-2020", "茶叶")

    void_editions([standard], by=SYSTEM, reason="误录")

    assert stored() == rebuilt()
    assert hits("茶叶") == ["GB/T 2-2020"]


def test_entering_a_voided_number_again_indexes_the_new_record():
    void_editions([make_standard("GB/T 1-2020", "茶叶")], by=SYSTEM, reason="误录")

    make_standard("GB/T 1-2020", "咖啡")

    assert stored() == rebuilt()
    assert (hits("茶叶"), hits("咖啡")) == ([], ["GB/T 1-2020"])


def test_importing_and_reverting(tmp_path):
    make_standard("GB/T 1-2020", "茶叶")
    before = stored()

    batch = import_csv(tmp_path, "标准编号,标准名称,主管部门\nGB/T 1-2020,茶叶,农业农村部\nGB/T 2-2020,咖啡,商务部\n")
    applied, expected = stored(), rebuilt()
    revert_batch(batch, by=SYSTEM)

    assert applied == expected
    assert applied != before
    assert stored() == rebuilt() == before


def test_writing_the_index_twice_changes_nothing():
    make_standard("GB/T 1-2020", "茶叶")
    before = stored()

    index(list(Standard.objects.all()))

    assert stored() == before


def test_correcting_a_department_s_name_moves_its_standards(client):
    standard = make_standard("GB/T 1-2020", "茶叶", department="农业部")
    make_user("root", every_role=True)
    client.login(username="root", password=PASSWORD)

    address = reverse("register_edit", args=["organizations", standard.department_id])
    response = client.post(address, opened_form(client, address) | {"name": "农业农村部"})

    assert response.status_code == 302
    assert stored() == rebuilt()


@pytest.mark.parametrize("character", ["ﷴ", "ﷺ", "𐌰", "㍿", "ﬃ", "A", "质"])
def test_the_longest_titles_can_be_written(character):
    title = character * 500

    standard = make_standard("GB/T 1-2020", title)

    assert Standard.objects.get(pk=standard.pk).title == title
    assert stored() == rebuilt()
