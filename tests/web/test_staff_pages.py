"""What those who keep the catalogue meet on its pages."""

import gc
import io

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from catalog.models import QualityFlag, Standard
from records.models import ImportBatch
from tests.factories import import_csv, make_standard

pytestmark = pytest.mark.django_db


@pytest.fixture
def staff(client, cataloguer):
    client.force_login(cataloguer)
    return client


def upload(client, text, name="list.csv", **fields):
    file = SimpleUploadedFile(name, text.encode(), content_type="text/csv")
    return client.post(reverse("imports"), {"file": file, "source": "省局", "as_of": "2024-05-01", **fields})


def test_a_file_without_a_recognised_heading_is_asked_about_and_then_previewed(staff):
    asked = upload(staff, "甲,乙,标准编号\n茶叶,x,GB/T 1-2020\n")
    form = {field.name: field.value() for field in asked.context["kept"]["form"]}

    done = staff.post(reverse("import_columns"), {**form, "number": "标准编号", "title": "甲"}, follow=True)

    batch = ImportBatch.objects.get()
    assert (batch.source, str(batch.as_of), batch.mapping) == (
        "省局",
        "2024-05-01",
        {"number": "标准编号", "title": "甲"},
    )
    assert "GB/T 1-2020" in done.content.decode()


def test_the_columns_named_once_are_known_the_next_time(staff):
    form = {
        field.name: field.value() for field in upload(staff, "甲,标准编号\n茶,GB/T 1-2020\n").context["kept"]["form"]
    }
    staff.post(reverse("import_columns"), {**form, "number": "标准编号", "title": "甲"})

    again = upload(staff, "甲,标准编号\n醋,GB/T 2-2020\n")

    assert again.status_code == 302


@pytest.mark.parametrize("kept", ["", "../../db.sqlite3", "0" * 64 + ".csv", "/etc/passwd"])
def test_only_a_kept_upload_is_read(staff, kept):
    answer = staff.post(reverse("import_columns"), {"kept": kept, "name": "x.csv", "number": "a", "title": "b"})

    assert (answer.status_code, answer["Location"]) == (302, reverse("imports"))
    assert not ImportBatch.objects.exists()


def test_the_template_is_recognised_when_it_comes_back(staff):
    content = b"".join(staff.get(reverse("import_template")).streaming_content)
    headings = [cell.value for cell in openpyxl.load_workbook(io.BytesIO(content)).worksheets[0][1]]

    file = SimpleUploadedFile("template.xlsx", content)
    staff.post(reverse("imports"), {"file": file, "source": "", "as_of": ""})

    batch = ImportBatch.objects.get()
    assert (batch.read, batch.created, batch.rejected) == (1, 1, 0)
    assert set(batch.mapping.values()) == set(headings) > {"标准编号", "标准名称", "实施日期"}


def test_the_preview_tells_days_and_contradictions_of_new_rows(staff, tmp_path):
    rows = "GB/T 1-2020,茶叶,2020-05-01,现行\nGB/T 1-2020,茶叶,2020-05-01,废止\n"
    batch = import_csv(tmp_path, "标准编号,标准名称,实施日期,状态\n" + rows, apply=False)

    page = staff.get(reverse("import", args=[batch.pk]), {"outcome": "flagged"})

    assert page.context["flagged"] == 1
    text = page.content.decode()
    assert "2020-05-01" in text
    assert str(QualityFlag.Kind.SOURCES_DISAGREE.label) in text


def test_a_settled_flag_leads_back_to_the_view_it_was_settled_in(staff):
    standard = make_standard("GB/T 1-2020", implemented_on=None)
    flag = QualityFlag.objects.filter(standard=standard).first()

    answer = staff.post(
        reverse("flag_settle", args=[flag.pk]) + f"?kind={flag.kind}&page=2", {"resolution": "looked up"}
    )

    assert answer["Location"] == reverse("flags") + f"?kind={flag.kind}&page=2"


def test_an_address_that_only_takes_forms_explains_itself(staff, tmp_path):
    batch = import_csv(tmp_path, "标准编号,标准名称\nGB/T 1-2020,茶\n")

    page = staff.get(reverse("import_apply", args=[batch.pk]))

    assert (page.status_code, page["Allow"], "<h1>" in page.content.decode()) == (405, "POST", True)


def test_the_api_has_a_front_page(client):
    answer = client.get("/api/v1/").json()

    assert answer["standards"] == "http://testserver/api/v1/standards/"
    assert [client.get(address).status_code for address in answer.values()] == [200] * len(answer)


def test_voided_standards_are_listed_only_when_asked_for(staff, cataloguer):
    make_standard("GB/T 1-2020")
    gone = make_standard("GB/T 2-2020")
    page = staff.post(
        "/admin/catalog/standard/",
        {"action": "void", "_selected_action": [gone.pk], "reason": "double", "index": 0},
        follow=True,
    )

    def listed(**query):
        found = staff.get("/admin/catalog/standard/", query).context["cl"].queryset
        return {standard.number for standard in found}

    assert len(list(page.context["messages"])) == 1
    assert (listed(), listed(voided="yes")) == ({"GB/T 1-2020"}, {"GB/T 2-2020"})
    assert listed(voided="all") == {"GB/T 1-2020", "GB/T 2-2020"}


def test_an_old_day_of_a_family_is_answered_as_of_that_day(client):
    make_standard("GB/T 1-2000", implemented_on="2000-06-01")
    make_standard("GB/T 1-2020", implemented_on="2020-06-01", replaces=["GB/T 1-2000"])

    def current(**query):
        return [row["number"] for row in client.get("/families/gb-t-1/", query).context["current"]]

    assert (current(), current(on="2010-01-01"), current(on="1990-01-01")) == (["GB/T 1-2020"], ["GB/T 1-2000"], [])
    assert client.get("/families/gb-t-1/", {"on": "soon"}).status_code == 400


def test_an_import_leaves_no_cycles_behind(tmp_path):
    """Collected only now and then while an import runs, they would grow with the file."""
    lines = "".join(f"GB/T {n}-2020,茶{n},2020-01-01,GB/T {n}-2000,某局,现行\n" for n in range(1, 200))
    batch = import_csv(tmp_path, "标准编号,标准名称,实施日期,代替标准,主管部门,状态\n" + lines, apply=False)
    rows = [batch]
    gc.collect()
    gc.disable()
    try:
        import_csv(tmp_path, "标准编号,标准名称,实施日期,代替标准,主管部门,状态\n" + lines)
        left = gc.collect()
    finally:
        gc.enable()

    assert rows
    assert left < 2000
    assert Standard.objects.count() == 199


def test_one_address_cannot_flood_staff_with_reports(client):
    address = reverse("standard_report", args=[make_standard("GB/T 1-2020", implemented_on="2020-01-01").slug])

    statuses = [client.post(address, {"text": f"有误{n}"}).status_code for n in range(22)]
    elsewhere = client.post(address, {"text": "有误"}, REMOTE_ADDR="10.9.9.9").status_code

    assert (statuses, elsewhere) == ([302] * 20 + [400] * 2, 302)
    assert QualityFlag.objects.filter(kind="reported").count() == 21
