"""Organizations and their names as registers: entered, amended, voided, imported and taken back, on page, API and file alike."""

import json
from datetime import date

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone
from knox.models import get_token_model

from catalog.models import Standard
from directory.merging import merge_organizations
from directory.models import Grant, Organization, OrganizationName, Role
from directory.organization_registers import NAMES, ORGANIZATIONS
from directory.search import matching
from records.importing import revert_batch
from records.models import Event
from records.registering import amend, enter, void
from records.registers import read_rows
from records.remarks import say
from records.trail import SYSTEM, Actor
from records.versions import Stale
from tests.factories import appoint, import_records, make_name, make_organization, make_standard, make_user

pytestmark = pytest.mark.django_db
CODE = "91320600MA00000290"
TABLE = "单位名称,单位类型,统一社会信用代码,所在地区\n"


def read(register, **cells):
    reading = read_rows(register, [cells], clearing=True)[0]
    assert [say_(note) for note in reading.problems] == []
    return reading.values


def say_(note) -> str:
    return note.message.format(**note.params)


def entered(**cells) -> Organization:
    return enter(
        ORGANIZATIONS,
        read(ORGANIZATIONS, **{"name": "某某公司", "kind": "企业", "region": "320682", **cells}),
        by=SYSTEM,
    )


def keeper(code: str) -> Actor:
    user = make_user(f"keeper-{code}")
    appoint(user, Role.STAFF, code)
    return Actor(user=user, channel="web")


def outcomes(batch) -> list[tuple[int, str, list[str]]]:
    rows = batch.rows.order_by("number")
    return [(row.number, row.outcome, [say(one) for one in row.problems]) for row in rows]


def test_entering_gives_a_body_its_legal_name_its_index_entry_and_an_event():
    body = entered(credit_code="91320600ma00000290", industry="C", established_on="2001.5")

    assert (body.credit_code, body.industry.code, str(body.known_established)) == (CODE, "C", "2001-05")
    assert list(body.names.values_list("name", "kind", "valid_to")) == [("某某公司", "legal", None)]
    assert list(matching(Organization.objects.all(), "公某")) == []
    assert list(matching(Organization.objects.all(), "某某公")) == [body]
    assert Event.objects.about(body).get().action == "created"


def test_a_wrong_credit_code_is_refused_with_the_character():
    with pytest.raises(ValidationError) as refusal:
        entered(credit_code="91350100M000100Y4A")

    assert list(refusal.value.message_dict) == ["credit_code"]
    assert "18" in refusal.value.message_dict["credit_code"][0]
    assert Organization.objects.count() == 0


@pytest.mark.parametrize(
    ("code", "before", "allowed"),
    [("320682", CODE, False), ("320682", "", True), ("320600", CODE, True), ("320000", CODE, True)],
)
def test_a_credit_code_that_stands_is_changed_by_cities_and_provinces(code, before, allowed):
    body, by = entered(credit_code=before), keeper(code)
    values = {"credit_code": "91350100M000100Y43"}

    if allowed:
        assert amend(ORGANIZATIONS, body, values, version=1, by=by).credit_code == "91350100M000100Y43"
    else:
        with pytest.raises(PermissionDenied):
            amend(ORGANIZATIONS, body, values, version=1, by=by)
        assert Organization.objects.get(pk=body.pk).credit_code == before
        assert amend(ORGANIZATIONS, body, {"address": "某路"}, version=1, by=by).address == "某路"


@pytest.mark.parametrize(("code", "allowed"), [("110101", False), ("110000", True)])
def test_a_district_of_a_city_that_is_a_province_changes_no_credit_code(code, allowed):
    body, by = entered(region="110101", credit_code=CODE), keeper(code)
    values = {"credit_code": "91350100M000100Y43"}

    if allowed:
        assert amend(ORGANIZATIONS, body, values, version=1, by=by).credit_code == "91350100M000100Y43"
    else:
        with pytest.raises(PermissionDenied):
            amend(ORGANIZATIONS, body, values, version=1, by=by)


def test_amending_a_misspelt_name_corrects_the_legal_one_and_the_index():
    body = entered(name="某某公词")

    amend(ORGANIZATIONS, body, {"name": "某某公司"}, version=1, by=SYSTEM)

    assert list(OrganizationName.objects.values_list("name", flat=True)) == ["某某公司"]
    assert [one.name for one in matching(Organization.objects.all(), "公司")] == ["某某公司"]


def test_a_voided_body_is_found_no_more():
    body = entered()

    void(ORGANIZATIONS, [body], by=SYSTEM, reason="误录")

    assert list(matching(Organization.objects.all(), "公司")) == []
    assert OrganizationName.objects.count() == 1


def test_a_body_is_not_voided_while_something_hangs_on_it(english):
    body = entered()
    standard = make_standard("GB/T 1-2020")
    Standard.objects.update(department=body)
    appoint(make_user("applicant"), Role.ENTERPRISE, organization=body)

    with pytest.raises(ValidationError, match="something hangs on it: standards 1、grants 1"):
        void(ORGANIZATIONS, [body], by=SYSTEM, reason="误录")

    assert list(Organization.objects.standing().filter(pk=body.pk)) == [body]
    Grant.objects.update(revoked_at=timezone.now())
    Standard.objects.filter(pk=standard.pk).update(voided_at=timezone.now())
    void(ORGANIZATIONS, [body], by=SYSTEM, reason="误录")
    assert not Organization.objects.standing().filter(pk=body.pk).exists()


def test_reverting_leaves_a_body_on_which_something_hangs_by_now(tmp_path):
    batch = import_records(tmp_path, "organizations", TABLE + "新公司,企业,,320600\n又一公司,企业,,320600\n")
    used = Organization.objects.get(name="新公司")
    make_standard("GB/T 1-2020")
    Standard.objects.update(department=used)

    refused = revert_batch(batch, by=SYSTEM)

    assert refused == {used.pk: "other records hang on it"}
    assert list(Organization.objects.standing().filter(kind="enterprise")) == [used]
    assert list(batch.rows.values_list("number", "revert_refused")) == [(2, "other records hang on it"), (3, "")]


def test_a_merged_body_is_amended_no_more():
    body, other = entered(), make_organization("乙")
    read_before = Organization.objects.get(pk=body.pk)
    merge_organizations(body, other, by=SYSTEM, reason="同一机构")

    with pytest.raises(Stale):
        amend(ORGANIZATIONS, read_before, {"address": "某路"}, version=1, by=SYSTEM)

    assert Organization.objects.get(pk=body.pk).address == ""


def test_a_file_is_counted_row_by_row(tmp_path):
    entered(credit_code=CODE)
    known = entered(name="另一公司", credit_code="91350100M000100Y43")
    text = TABLE + (
        f"某某公司,企业,{CODE},320682\n"  # says nothing new
        "换了写法的公司,企业,91350100M000100Y43,\n"  # the code means the body on record
        "新公司,企业,,南通市\n"
        "坏代码公司,企业,91350100M000100Y4A,320600\n"
        "坏类型公司,外星,,320600\n"
        "新公司,企业,,320600\n"  # twice
        ",企业,,320600\n"
        f"第三种写法,企业,{CODE},320682\n"  # of the same code as the first
    )

    batch = import_records(tmp_path, "organizations", text)

    assert [(number, outcome) for number, outcome, _why in outcomes(batch)] == [
        (2, "unchanged"), (3, "updated"), (4, "created"), (5, "rejected"), (6, "rejected"), (7, "unchanged"), (8, "rejected"),
        (9, "rejected"),
    ]  # fmt: skip
    assert batch.counts == {"read": 8, "created": 1, "updated": 1, "unchanged": 2, "rejected": 4}
    assert set(Organization.objects.values_list("name", flat=True)) == {"某某公司", "换了写法的公司", "新公司"}
    assert list(known.names.values_list("name", flat=True)) == ["换了写法的公司"]


def test_a_name_of_two_bodies_without_a_division_is_left_to_a_person(tmp_path):
    for place in ("320682", "321200"):
        make_organization("中心小学", place, kind="school")

    batch = import_records(tmp_path, "organizations", TABLE + "中心小学,学校,,\n中心小学,学校,,320600\n")

    assert [outcome for _number, outcome, _why in outcomes(batch)] == ["rejected", "created"]


def test_a_row_of_another_code_is_another_body_though_the_name_is_the_same(tmp_path):
    known, second = entered(name="甲公司", credit_code=CODE), "91350100M000100Y43"
    text = TABLE + f"甲公司,企业,{CODE},320682\n甲公司,企业,{second},320682\n"

    batch = import_records(tmp_path, "organizations", text)

    assert [outcome for _number, outcome, _why in outcomes(batch)] == ["unchanged", "created"]
    assert list(Organization.objects.order_by("pk").values_list("name", "credit_code")) == [
        ("甲公司", CODE),
        ("甲公司", second),
    ]
    assert Organization.objects.get(credit_code=CODE) == known


@pytest.mark.parametrize("codes", [(CODE, ""), ("", CODE)])
def test_a_row_without_a_code_beside_one_with_it_is_left_to_a_person(tmp_path, codes):
    text = TABLE + "".join(f"甲公司,企业,{code},320682\n" for code in codes)

    batch = import_records(tmp_path, "organizations", text)

    assert [outcome for _number, outcome, _why in outcomes(batch)] == ["created", "rejected"]


def test_reverting_voids_what_the_file_made_and_gives_back_what_it_changed(tmp_path):
    known = entered(credit_code=CODE)
    batch = import_records(tmp_path, "organizations", TABLE + f"某某集团,企业,{CODE},320682\n新公司,企业,,320600\n")
    assert Organization.objects.get(pk=known.pk).name == "某某集团"

    assert revert_batch(batch, by=SYSTEM) == {}

    assert list(Organization.objects.standing().values_list("name", flat=True)) == ["某某公司"]
    assert [one.name for one in matching(Organization.objects.all(), "公司")] == ["某某公司"]


def test_reverting_leaves_a_body_into_which_another_was_merged_since(tmp_path):
    batch = import_records(tmp_path, "organizations", TABLE + "新公司,企业,,320600\n")
    made = Organization.objects.get(name="新公司")
    merge_organizations(make_organization("旧公司"), made, by=SYSTEM, reason="企业合并", on=date(2020, 1, 1))

    refused = revert_batch(batch, by=SYSTEM)

    assert refused == {made.pk: "changed since the import"}
    assert list(Organization.objects.standing()) == [made]


def test_rows_of_other_divisions_are_rejected(tmp_path):
    batch = import_records(
        tmp_path, "organizations", TABLE + "甲,企业,,321200\n乙,企业,,320682\n丙,企业,,\n", by=keeper("320600")
    )

    assert [outcome for _number, outcome, _why in outcomes(batch)] == ["rejected", "created", "rejected"]


def test_former_names_come_from_a_file_and_lead_to_their_body(tmp_path):
    body = make_organization("示例研究院", credit_code=CODE)
    text = f"单位,曾用名,类型,起,止\n{CODE},示例研究所,曾用,1999-01-01,2012-03-01\n无此单位,旧称,曾用,,\n示例研究院,示例所,简称,,\n"

    batch = import_records(tmp_path, "organization-names", text)

    assert [outcome for _number, outcome, _why in outcomes(batch)] == ["created", "rejected", "created"]
    assert body.name_on(date(2010, 1, 1)) == "示例研究所"
    assert list(matching(Organization.objects.all(), "示例所")) == [body]


@pytest.mark.parametrize(
    "cells",
    [
        {"kind": "法定", "name": "又一法定名称"},
        {"kind": "法定", "name": "旧称", "valid_to": "2020-01-01"},
        {"kind": "曾用", "name": "旧称", "valid_from": "2020-01-02", "valid_to": "2020-01-01"},
    ],
)
def test_legal_names_neither_overlap_nor_change_but_by_a_renaming(cells):
    body = make_organization("某某公司")

    with pytest.raises(ValidationError):
        enter(NAMES, read(NAMES, organization=f"#{body.pk}", **cells), by=SYSTEM)

    assert OrganizationName.objects.count() == 1


def test_an_earlier_legal_name_fits_before_one_whose_beginning_is_known():
    body = make_organization("某某公司")
    legal = body.names.get()
    amend(NAMES, legal, {"valid_from": "2020-01-01"}, version=1, by=SYSTEM)

    enter(NAMES, read(NAMES, organization="某某公司", kind="法定", name="旧称", valid_to="2020-01-01"), by=SYSTEM)

    assert (body.name_on(date(2019, 12, 31)), body.name_on(date(2020, 1, 1))) == ("旧称", "某某公司")


@pytest.mark.parametrize("number", ["9" * 20, "9" * 5000], ids=["beyond a key", "beyond reading"])
def test_a_number_that_no_record_can_have_names_no_body(client, number):
    make_organization("某某公司")

    problems = read_rows(NAMES, [{"organization": f"#{number}", "name": "旧称", "kind": "曾用"}])[0].problems
    listed = client.get("/api/v1/organization-names/", {"organization": number})

    assert [problem.field for problem in problems] == ["organization"]
    assert (listed.status_code, {one["field"] for one in listed.json()["errors"]}) == (400, {"organization"})


def test_the_api_gives_public_fields_and_takes_what_staff_write(client):
    by = keeper("320600")
    body = make_organization("某某公司", contact_phone="13812345678")
    make_name(body, "旧称")
    token = get_token_model().objects.create(by.user)[1]
    headers = {"Authorization": f"Token {token}"}

    listed = client.get("/api/v1/organizations/", {"q": "旧称"}).json()
    made = client.post("/api/v1/organizations/", json.dumps({"name": "新公司", "kind": "enterprise", "region": "3206"}), "application/json", headers=headers)  # fmt: skip
    foreign = client.post("/api/v1/organizations/", json.dumps({"name": "外地公司", "kind": "enterprise", "region": "3212"}), "application/json", headers=headers)  # fmt: skip

    assert (listed["count"], listed["results"][0]["name"]) == (1, "某某公司")
    assert set(listed["results"][0]) & {"contact_person", "contact_phone"} == set()
    assert (made.status_code, foreign.status_code) == (201, 403)
    assert client.get("/api/v1/organizations/", {"colour": "red"}).status_code == 400
