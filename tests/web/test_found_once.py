"""Faults that were found once and must not come back."""

from datetime import timedelta

import pytest
from django.utils import timezone

from catalog.editions import void_editions
from catalog.examples import load_example_standards, remove_example_standards
from catalog.freshness import data_as_of
from catalog.models import Standard
from directory.models import Role
from records.importing import ImportRefused
from records.models import ImportRow
from records.trail import SYSTEM
from tests.factories import PASSWORD, appoint, import_csv, make_standard, make_user

pytestmark = pytest.mark.django_db


def test_an_account_that_may_only_look_cannot_void(client):
    standard = make_standard("GB/T 1-2020")
    user = make_user("viewer")
    appoint(user, Role.STAFF, "320682")
    client.login(username="viewer", password=PASSWORD)

    client.post(
        "/admin/catalog/standard/",
        {"action": "void", "_selected_action": [standard.pk], "reason": "just so", "index": 0},
    )

    assert Standard.objects.get(pk=standard.pk).voided_at is None


def test_a_real_word_about_an_example_makes_it_real(tmp_path):
    load_example_standards(by=SYSTEM)

    import_csv(tmp_path, "标准编号,标准名称,实施日期\nGB/T 19001-2016,质量管理体系 要求,2017-07-01\n", name="真实.csv")

    assert not Standard.objects.get(number="GB/T 19001-2016").is_example
    assert Standard.objects.get(number="GB/T 19001-2008").is_example


def test_the_examples_day_gives_way_to_a_real_sources(tmp_path):
    load_example_standards(by=SYSTEM)

    batch = import_csv(tmp_path, "标准编号,标准名称\nGB/T 90009-2016,某标准\n", name="real_2025-01-01.csv")

    assert data_as_of() == batch.as_of


def test_examples_can_be_removed_and_loaded_again():
    load_example_standards(by=SYSTEM)
    remove_example_standards(by=SYSTEM)

    assert load_example_standards(by=SYSTEM) is not None


def test_a_day_in_the_future_is_nobodys_own_day(tmp_path):
    tomorrow = timezone.localdate() + timedelta(days=1)

    with pytest.raises(ImportRefused):
        import_csv(tmp_path, "标准编号,标准名称\nGB/T 1-2020,某标准\n", as_of=tomorrow)
    batch = import_csv(tmp_path, f"标准编号,标准名称,更新时间\nGB/T 1-2020,某标准,{tomorrow}\n", apply=False)

    assert batch.counts == {"read": 1, "created": 0, "updated": 0, "unchanged": 0, "rejected": 1}


def test_what_no_column_holds_is_rejected_at_the_preview(tmp_path):
    codes = "、".join(f"01.040.{n:02d}" for n in range(1, 30))
    text = f"标准编号,标准名称,主管部门,ICS\nGB/T 1-2020,某标准,{'部' * 201},\nGB/T 2-2020,某标准,,{codes}\n"

    batch = import_csv(tmp_path, text, apply=False)

    rows = ImportRow.objects.filter(batch=batch).order_by("number")
    assert [[one["cell"] for one in row.problems] for row in rows] == [["C2"], ["D3"]]


@pytest.mark.parametrize("words", ['"GB/T 19001-2016"', '"GB/T 19001"', "“国家标准化管理委员会”", '"质量管理体系"'])
def test_what_is_quoted_is_found(client, words):
    make_standard("GB/T 19001-2016", "质量管理体系 要求", department="国家标准化管理委员会")

    assert client.get("/api/v1/standards/", {"q": words}).json()["count"] == 1


def test_a_character_that_is_none_is_refused(client, token):
    sent = {"number": "GB \ud800 1-2020", "title": "某标准", "\ud800": "x"}

    answer = client.post(
        "/api/v1/standards/", sent, content_type="application/json", headers={"Authorization": f"Token {token}"}
    )

    assert answer.status_code == 400


def test_a_voided_record_is_not_edited(client):
    standard = make_standard("GB/T 1-2020")
    void_editions([standard], by=SYSTEM, reason="wrong")
    make_user("root", every_role=True)
    client.login(username="root", password=PASSWORD)

    answer = client.post(f"/admin/catalog/standard/{standard.pk}/change/", {"title": "other"})

    assert answer.status_code == 403


def test_the_chosen_day_goes_along_to_the_standard(client):
    make_standard("GB/T 1-2000", implemented_on="2001-01-01")
    make_standard("GB/T 1-2020", implemented_on="2021-01-01", replaces=["GB/T 1-2000"])

    results = client.get("/standards/", {"on": "2015-06-01", "q": "GB/T 1"}).content.decode()
    page = client.get("/standards/gb-t-1-2000/", {"on": "2015-06-01"}).content.decode()

    assert 'href="/standards/gb-t-1-2000/?on=2015-06-01"' in results
    assert "2015-06-01 的状态" in page


def test_an_english_export_is_english_to_its_last_cell(client):
    make_standard("GB/T 1-2020", implemented_on="2021-01-01")
    client.cookies["django_language"] = "en"

    answer = client.get("/api/v1/standards/", {"format": "csv"})

    assert "National,Recommended,Standard,In force" in b"".join(answer.streaming_content).decode()


def test_a_page_too_far_is_told_in_one_sentence(client):
    make_standard("GB/T 1-2020")

    page = client.get("/standards/", {"page": "99"}).content.decode()

    assert "<li>一共只有 1 页。</li>" in page
