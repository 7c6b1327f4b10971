"""Every address × every kind of account × every method, as `matrix.csv` says (`rows` names the matrix's own rows)."""

import csv
import json
import re
import tomllib
from pathlib import Path

import pytest
from django.db import transaction
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, resolve, reverse
from django.utils import timezone
from drf_spectacular.generators import SchemaGenerator
from knox.models import get_token_model

from catalog.care_register import CARE
from catalog.models import Classification, Contribution, Prefix, QualityFlag, Standard
from directory.grants import give_role
from directory.merging import merge_organizations
from directory.models import (
    Grant,
    Organization,
    OrganizationName,
    PolicyDocument,
    Region,
    Registration,
    Role,
    SavedSearch,
    SecretariatSeat,
    User,
)
from records.confirming import CONFIRMED
from records.models import Event
from records.registers import REGISTERS
from records.trail import Actor
from records.versions import opened_with
from tests.catalog.ledger import enter
from tests.factories import (
    appoint,
    import_csv,
    make_committee,
    make_committee_world,
    make_name,
    make_organization,
    make_policy,
    make_record,
    make_registration,
    make_search,
    make_standard,
    make_user,
)

pytestmark = pytest.mark.django_db
HERE = Path(__file__).parent
ROWS = list(csv.DictReader((HERE / "matrix.csv").open(encoding="utf-8")))
EXEMPT = tomllib.loads((HERE / "exempt.toml").read_text())["patterns"]
ACCOUNTS = [name for name in ROWS[0] if name not in ("name", "method", "rows")]
STANDARD = "GB/T 1-2020"


def addresses(resolver: URLResolver, namespace: str = "") -> set[str]:
    """The names of all addresses, with their namespaces; one without a name by its pattern."""
    found: set[str] = set()
    for one in resolver.url_patterns:
        if isinstance(one, URLPattern):
            found.add(namespace + (one.name or str(one.pattern)))
        else:
            found |= addresses(one, namespace + (f"{one.namespace}:" if one.namespace else ""))
    return found


def is_exempt(name: str) -> bool:
    return any(re.fullmatch(pattern, name) for pattern in EXEMPT)


def test_every_address_has_a_row_or_a_reason():
    names = {name for name in addresses(get_resolver()) if "(?P<url>" not in name}
    listed = {row["name"] for row in ROWS}

    assert {name for name in names - listed if not is_exempt(name)} == set()
    assert listed - names == set()


def test_every_operation_of_the_api_has_a_row():
    """The schema's operations and the matrix's rows are the same, but for the root and what no method of the schema names."""
    schema = SchemaGenerator(urlconf=None).get_schema(request=None, public=True)
    operations = {(resolve(re.sub(r"\{\w+\}", "1", path)).view_name, method.upper())
                  for path, methods in schema["paths"].items() for method in methods}  # fmt: skip
    rows = {(row["name"], row["method"]) for row in ROWS if row["name"].startswith("api:")}

    assert operations - rows == set()
    assert {(name, method) for name, method in rows - operations if "200" in refused_or(name, method)} == {
        ("api:root", "GET")
    }


def refused_or(name: str, method: str) -> set[str]:
    """What any account is answered there."""
    return {row[account] for row in ROWS if (row["name"], row["method"]) == (name, method) for account in ACCOUNTS}


def test_no_reason_is_stale():
    names = addresses(get_resolver()) - {row["name"] for row in ROWS}

    assert [pattern for pattern in EXEMPT if not any(re.fullmatch(pattern, name) for name in names)] == []


@pytest.fixture
def world(tmp_path):
    """One of everything, and an account of each kind."""
    make_standard(STANDARD, "茶叶", implemented_on=None, ics=["67.140"])
    (contribution,) = enter(Standard.objects.get(number=STANDARD), "某厂")
    for account in ACCOUNTS:
        if account == "anonymous":
            continue
        user = make_user(account)
        if account in ("staff", "cataloguer"):
            appoint(user, account, "320600")
        elif account in ("enterprise", "secretariat"):
            organization = Organization.objects.filter(name="某公司").first() or make_organization("某公司", "")
            give_role(user, account, by=Actor(channel="command"), organization=organization)
        elif account == "disabled":
            appoint(user, Role.CATALOGUER, "320000")
            User.objects.filter(pk=user.pk).update(is_active=False)
        else:
            appoint(user, account)
    body, other = make_organization("某某研究院"), make_organization("某某研究所")
    name = make_name(body, "某某所", kind="short")
    merge = merge_organizations(make_organization("某旧所"), other, by=Actor(channel="command"), reason="同一机构")
    BODIES["organization_apart", "POST"] = {"one": body.pk, "other": other.pk, "reason": "两个机构"}
    BODIES["api:organization-names-list", "POST"]["organization"] = f"#{body.pk}"
    cataloguer = User.objects.get(username="cataloguer")
    batch = import_csv(
        tmp_path,
        "标准编号,标准名称\nGB/T 9-2020,醋\n坏,坏\n",
        by=Actor(user=cataloguer, channel="web", division=cataloguer.acting.division),
        apply=False,
    )
    policy, committee = make_policy(), make_committee_world()
    care = make_record(CARE, standard=STANDARD, committee="SAC/TC 901")
    seat = committee["secretariat-seats"]
    make_committee("ISO/TC 902", "", name_en="Gadgets")
    search = make_search(cataloguer, "shared", shared=True)
    registration = make_registration("applicant", "320682")
    return {
        "committee": ["sac-tc-901"], "seat_transfer": [seat], "seat_end": [seat],
        "api:standard-care-detail": [care.pk], "admin:catalog_care_change": [care.pk],
        **{f"api:{kind}-detail": [pk] for kind, pk in committee.items()},
        **{f"admin:{REGISTERS[kind].model._meta.label_lower.replace('.', '_')}_change": [committee[kind]]
            for kind in committee if kind in REGISTERS},
        "register_list": ["policies"], "register_add": ["policies"],
        **{name: ["policies", policy.pk] for name in ("register_record", "register_edit", "register_void")},
        "api:policies-detail": [policy.pk], "admin:directory_policydocument_change": [policy.pk],
        "standard": [Standard.objects.get(number=STANDARD).slug], "standard_report": ["gb-t-1-2020"], "family": ["gb-t-1"],
        "classifications": ["ics"], "classification": ["ics", "67"], "flag_settle": [QualityFlag.objects.first().pk],
        "api:standard-detail": ["gb-t-1-2020"], "contribution_edit": ["gb-t-1-2020"],
        "api:contribution-detail": [contribution.pk], "api:family-detail": ["gb-t-1"], "admin:app_list": ["catalog"],
        "session_end": [10**9], "password_reset_confirm": ["MQ", "not-a-token"],
        "admin:catalog_standard_change": [Standard.objects.first().pk],
        "admin:catalog_prefix_change": [Prefix.objects.first().pk],
        "admin:catalog_classification_change": [Classification.objects.first().pk],
        "admin:directory_user_change": [cataloguer.pk], "admin:auth_user_password_change": [cataloguer.pk],
        "admin:directory_region_change": [Region.objects.first().pk],
        **{name: [search.pk] for name in ("search", "search_edit", "search_update", "search_delete", "search_new")},
        "password_give": [cataloguer.pk], "account_hand_over": [cataloguer.pk],
        **{name: [registration.pk] for name in (
            "registration", "registration_confirm", "registration_refuse", "registration_take", "registration_contact"
        )},
        "admin:directory_organization_change": [body.pk], "admin:directory_organizationname_change": [name.pk],
        "api:organizations-detail": [body.pk], "api:organization-names-detail": [name.pk],
        "organization_move": [merge.pk], "organization_move_undo": [merge.pk],
        **{f"organization{act}": [body.pk] for act in ("", "_rename", "_contact", "_merge", "_split")},
        **{name: [batch.pk] for name in (
            "import", "import_remap", "import_apply", "import_discard", "import_revert", "import_rejects"
        )},
    }  # fmt: skip


# Forms that say which version they were opened with.
OPENED = {
    "seat_transfer": SecretariatSeat,
    "seat_end": SecretariatSeat,
    "register_edit": PolicyDocument,
    "register_void": PolicyDocument,
}
BODIES = {
    ("seat_transfer", "POST"): {"organization": "某公司", "from_on": "2024-01-01"},
    ("seat_end", "POST"): {"on": "2024-01-01"},
    ("api:committees-list", "POST"): {"number": "SAC/TC 902", "name": "新委员会"},
    ("api:committees-detail", "PATCH"): {"scope": "饲料"},
    ("api:committee-mirrors-list", "POST"): {"committee": "SAC/TC 901", "mirrors": "ISO/TC 902"},
    ("api:committee-mirrors-detail", "PATCH"): {"mirrors": "ISO/TC 902"},
    ("api:secretariat-seats-list", "POST"): {
        "committee": "SAC/TC 901",
        "organization": "某公司",
        "share": "joint",
        "starts_on": "2024-01-01",
    },
    ("api:secretariat-seats-detail", "PATCH"): {"document": "批复"},
    ("api:committee-terms-list", "POST"): {"committee": "SAC/TC 901", "starts_on": "2025-01-01"},
    ("api:committee-terms-detail", "PATCH"): {"years": "4"},
    ("api:committee-members-list", "POST"): {"term": "SAC/TC 901", "person": "李某", "unit": "某公司"},
    ("api:committee-members-detail", "PATCH"): {"unit": "某公司"},
    ("api:committee-assessments-list", "POST"): {"committee": "SAC/TC 901", "year": "2021", "grade": "一级"},
    ("api:committee-assessments-detail", "PATCH"): {"grade": "二级"},
    ("api:standard-care-list", "POST"): {"standard": STANDARD, "committee": "SAC/TC 901", "role": "executes"},
    ("api:standard-care-detail", "PATCH"): {"role": "executes"},
    ("register_add", "POST"): {"title": "新办法", "kind": "measure", "region": "320600"},
    ("register_edit", "POST"): {"title": "旧办法", "kind": "measure", "region": "320600"},
    ("register_void", "POST"): {"reason": "double"},
    ("api:policies-list", "POST"): {"title": "新办法", "kind": "measure", "region": "320600"},
    ("api:policies-detail", "PATCH"): {"number": "第9号"},
    ("api:standard-list", "POST"): {"number": "GB/T 77-2020", "title": "盐"},
    ("api:standard-detail", "PATCH"): {"title": "红茶"},
    ("api:contribution-list", "POST"): {"standard": "gb-t-1-2020", "printed_name": "乙厂", "rank": 2},
    ("api:contribution-detail", "PATCH"): {"printed_role": "起草单位"},
    ("flag_settle", "POST"): {"resolution": "looked up"},
    ("standard_report", "POST"): {"text": "实施日期有误"},
    ("language", "POST"): {"language": "en"},
    ("standard_export_file", "POST"): {"format": "csv", "columns": "number"},
    ("searches", "POST"): {"list": "standards", "name": "茶", "query": "q=茶"},
    ("search_edit", "POST"): {"name": "绿茶", "version": "2"},
    ("search_update", "POST"): {"query": "q=绿茶", "version": "2"},
    ("registration_refuse", "POST"): {"reason": "执照不符"},
    ("organization_move_undo", "POST"): {"reason": "看错了"},
    ("api:organizations-list", "POST"): {"name": "新机构", "kind": "enterprise", "region": "3206"},
    ("api:organizations-detail", "PATCH"): {"address": "某路1号"},
    ("api:organization-names-list", "POST"): {"name": "新所", "kind": "short"},
    ("api:organization-names-detail", "PATCH"): {"name": "所"},
}


def ask(account: str, name: str, method: str, arguments: list) -> str:
    """What an account is answered: a status, or `login` where it is sent to sign in."""
    client = Client()
    user = User.objects.filter(username=account).first()
    headers = {} if method in ("GET", "POST") else {"If-Match": '"1"'}
    if user and name.startswith("api:"):
        headers["Authorization"] = f"Token {get_token_model().objects.create(user)[1]}"
    elif user:
        client.force_login(user)
    body, path = BODIES.get((name, method), {}), reverse(name, args=arguments)
    if (name, method) in BODIES and name in OPENED:
        body = body | {"opened": opened_with(OPENED[name].objects.get(pk=arguments[-1]), {})}
    if name.startswith("api:"):
        path += "?reason=double" if method == "DELETE" else ""
        answer = client.generic(method, path, json.dumps(body), "application/json", headers=headers)
    else:
        answer = client.get(path) if method == "GET" else client.post(path, body)
    location = answer.headers.get("Location", "")
    return "login" if answer.status_code == 302 and "/login/" in location else str(answer.status_code)


@pytest.mark.parametrize("row", ROWS, ids=[f"{row['name']} {row['method']}" for row in ROWS])
def test_each_account_is_answered_as_the_matrix_says(world, row):
    answers = {}
    for account in ACCOUNTS:
        point = transaction.savepoint()
        answers[account] = ask(account, row["name"], row["method"], world.get(row["name"], []))
        transaction.savepoint_rollback(point)

    assert answers == {account: row[account] for account in ACCOUNTS}


COMPLETED = {"staff": 200, "cataloguer": 200, "auditor": 200, "system_admin": 403, "security_admin": 403}


@pytest.mark.parametrize("account", ACCOUNTS)
def test_the_back_office_completes_only_what_an_account_may_see(world, account):
    client = Client()
    if user := User.objects.filter(username=account).first():
        client.force_login(user)
    field = {"app_label": "catalog", "model_name": "standardrelation", "field_name": "source", "term": STANDARD}

    answer = client.get(reverse("admin:autocomplete"), field)

    assert answer.status_code == COMPLETED.get(account, 302)
    assert (STANDARD in answer.content.decode()) == (answer.status_code == 200)


# What the address itself answers once the password was entered again: who keeps accounts, and which.
KEEPING = {
    "accounts": {"system_admin": 200},
    "password_give": {"system_admin": 200},
    "account_hand_over": {"system_admin": 200},
}


@pytest.mark.parametrize("name", KEEPING)
@pytest.mark.parametrize("account", [one for one in ACCOUNTS if one not in ("anonymous", "disabled")])
def test_with_the_password_entered_again_only_keepers_come_to_the_accounts(world, name, account):
    client = Client()
    client.force_login(User.objects.get(username=account))
    confirmed = client.session
    confirmed[CONFIRMED] = timezone.now().timestamp()
    confirmed.save()
    path = reverse(name, args=world.get(name, []))

    answer = client.post(path) if name == "password_give" else client.get(path)

    assert answer.status_code == KEEPING[name].get(account, 403)


REFUSED = {"401", "403", "404", "login"}
WRITES = [row for row in ROWS if row["method"] != "GET" and row["name"] not in ("login", "logout", "language")]


@pytest.mark.parametrize("row", WRITES, ids=[f"{row['name']} {row['method']}" for row in WRITES])
def test_a_refused_write_changes_nothing(world, row):
    refused = [account for account in ACCOUNTS if row[account] in REFUSED]

    def state():
        return (
            list(Standard.objects.order_by("pk").values()), list(QualityFlag.objects.order_by("pk").values()),
            list(Grant.objects.order_by("pk").values()), list(SavedSearch.objects.order_by("pk").values()),
            list(Registration.objects.order_by("pk").values()),
            list(User.objects.order_by("pk").values("pk", "password", "is_active")),
            list(Contribution.objects.order_by("pk").values()), list(Organization.objects.order_by("pk").values()),
            list(OrganizationName.objects.order_by("pk").values()),
            Event.objects.exclude(action="refused").count(),
        )  # fmt: skip

    before = state()
    for account in refused:
        ask(account, row["name"], row["method"], world.get(row["name"], []))

    assert state() == before
