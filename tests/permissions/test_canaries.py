"""What exists only in another division's voided, flagged or staged record appears in no answer to an account (A4).

Each canary is a word of one record. The accounts are placed beside, below, above and outside the division it belongs to.
"""

import re

import pytest
from django.test import Client
from django.urls import reverse
from knox.models import get_token_model

from catalog.care_register import CARE
from catalog.editions import void_editions
from catalog.models import QualityFlag, Standard, StandardRelation
from catalog.quality import report_error
from directory.committee_registers import COMMITTEES
from directory.models import Committee, CommitteeMember, CommitteeTerm, Role, User
from directory.term_registers import MEMBERS, TERMS
from records.models import ImportBatch
from records.registering import amend, void
from records.registers import REGISTERS
from records.trail import SYSTEM, Actor
from tests.factories import appoint, import_csv, make_committee_world, make_record, make_standard, make_user

pytestmark = pytest.mark.django_db
# A local standard of Nantong (3206); who looks after it is Nantong and Jiangsu, and the auditor.
NUMBER, OWNER = "DB3206/T 77-2020", "320600"
VOIDED, FLAGGED, STAGED, RELATED = "鸤鸠废止", "鸤鸠存疑", "鸤鸠待导", "DB3206/T 991-2020"
CANARIES = [VOIDED, FLAGGED, STAGED, RELATED]
PLACES = {
    "own city": "320600", "province above": "320000", "county below": "320682", "county of another city": "320102",
    "another city": "320100", "another province": "330000", "another province's city": "330100",
}  # fmt: skip
LOOKS_AFTER = {"own city", "province above"}
ROLES = [Role.STAFF, Role.CATALOGUER]


@pytest.fixture
def canaries(tmp_path):
    owner = make_user("owner")
    appoint(owner, Role.CATALOGUER, OWNER)
    owner = User.objects.get(pk=owner.pk)
    by = Actor(user=owner, channel="web", role="cataloguer", division=owner.acting.division)
    void_editions([make_standard(NUMBER, VOIDED, by=by)], by=by, reason="twice")
    report_error(make_standard("DB3206/T 78-2020", "家", by=by), text=FLAGGED, contact="", by=SYSTEM)
    import_csv(
        tmp_path,
        f"标准编号,标准名称\nDB3206/T 79-2020,{STAGED}\n坏,{STAGED}\n",
        name=f"{STAGED}.csv",
        by=by,
        apply=False,
    )
    relation = make_standard("DB3206/T 80-2020", "房", by=by, replaces=[RELATED])
    StandardRelation.objects.filter(source=relation).update(voided_at=relation.created_at)
    Standard.objects.filter(pk=relation.pk).update(replaced_on=None)


def account(role, code=""):
    user = make_user("asking")
    if role:
        appoint(user, role, code)
    client = Client()
    client.force_login(User.objects.get(pk=user.pk))
    return client


def addresses() -> list[str]:
    """Every list, record, file and side door through which one of them might show."""
    batch, flag = ImportBatch.objects.order_by("-pk").first(), QualityFlag.objects.filter(kind="reported").get()
    voided = Standard.objects.get(number=NUMBER)
    words = "".join(f"&q={word}" for word in [VOIDED])
    found = ["/desk/", "/", "/imports/", "/flags/", "/flags/?kind=reported", "/standards/", f"/standards/?{words[1:]}"]
    found += [f"/standards/{voided.slug}/", f"/families/{voided.family.slug}/", flag.standard.get_absolute_url()]
    found += [reverse(name, args=[batch.pk]) for name in ("import", "import_rejects")]
    found += [f"/api/v1/standards/?q={VOIDED}", "/api/v1/standards/?format=csv", "/api/v1/standards/?format=jsonl"]
    found += [
        f"/api/v1/standards/{voided.slug}/",
        f"/api/v1/standards/{flag.standard.slug}/",
        "/api/v1/standards/facets/",
    ]
    for model in (
        "catalog_standard",
        "catalog_standardrelation",
        "catalog_qualityflag",
        "records_importbatch",
        "records_event",
    ):
        found += [reverse(f"admin:{model}_changelist") + query for query in ("", "?voided=all", "?voided=yes")]
    found += [
        reverse("admin:catalog_standard_change", args=[voided.pk]),
        reverse("admin:catalog_qualityflag_change", args=[flag.pk]),
    ]
    found += [reverse("admin:records_importbatch_change", args=[batch.pk])]
    complete = "?app_label=catalog&model_name=standardrelation&field_name=source&term="
    found += [reverse("admin:autocomplete") + complete + word for word in (VOIDED, "DB3206")]
    return found


def seen(client) -> set[str]:
    """The canaries in all answers; what a request itself named does not count where it is only repeated in a search box."""
    shown = set()
    for address in addresses():
        answer = client.get(address)
        body = answer.getvalue() if answer.streaming else answer.content
        text = re.sub(r'value="[^"]*"|<title>[^<]*</title>', "", body.decode("utf-8", "replace"))
        asked = {word for word in CANARIES if word in address}
        shown |= {word for word in CANARIES if word in text and word not in asked}
    return shown


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("place", sorted(set(PLACES) - LOOKS_AFTER))
def test_other_divisions_see_none(canaries, role, place):
    assert seen(account(role, PLACES[place])) == set()


@pytest.mark.parametrize("role", [None, Role.EXPERT, Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN])
def test_accounts_without_a_place_see_none(canaries, role):
    assert seen(account(role)) == set()


def test_visitors_see_none(canaries):
    assert seen(Client()) == set()


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("place", sorted(LOOKS_AFTER))
def test_those_who_look_after_it_see_all(canaries, role, place):
    assert seen(account(role, PLACES[place])) == set(CANARIES)


def test_the_auditor_sees_all(canaries):
    assert seen(account(Role.AUDITOR)) == set(CANARIES)


# --- a member's phone ----------------------------------------------------------------------------------------------

PHONE, PART, PERSON = "13899990000", "99990000", "张某"
KEEPERS = {(Role.STAFF, place) for place in LOOKS_AFTER}
ASKING = [(role, place) for role in ROLES for place in PLACES] + [(Role.AUDITOR, ""), (Role.EXPERT, ""), (None, "")]


def committee_addresses() -> list[str]:
    """Every page, file and side door of a committee with one member."""
    found = ["/desk/", "/trail/", "/api/v1/trail/", f"/committees/?q={PART}"]
    found += [one.get_absolute_url() for one in Committee.objects.all()]
    for register in REGISTERS.values():
        model, name = register.model, f"admin:{register.model._meta.app_label}_{register.model._meta.model_name}"
        found += [f"/registers/{register.kind}/{query}" for query in ("", "?format=csv", "?format=jsonl", f"?q={PART}")]
        found += [f"/api/v1/{register.kind}/", f"/api/v1/{register.kind}/?q={PART}"]
        found += [reverse(f"{name}_changelist"), reverse(f"{name}_changelist") + f"?q={PART}"]
        for pk in model._default_manager.values_list("pk", flat=True)[:3]:
            found += [f"/registers/{register.kind}/{pk}/{page}" for page in ("", "edit/")]
            found += [f"/api/v1/{register.kind}/{pk}/", reverse(f"{name}_history", args=[pk])]
    return found


@pytest.mark.parametrize(("role", "place"), ASKING)
def test_a_members_phone_is_for_the_staff_who_keep_the_committee(role, place):
    make_committee_world(OWNER)
    CommitteeMember.objects.update(phone=PHONE)
    member = CommitteeMember.objects.get()
    amend(MEMBERS, member, {"phone": "13899990001"}, version=1, by=SYSTEM)
    amend(MEMBERS, CommitteeMember.objects.get(), {"phone": PHONE}, version=2, by=SYSTEM)
    client = account(role, PLACES.get(place, ""))
    token = get_token_model().objects.create(User.objects.get(username="asking"))[1]

    shown = set()
    for address in committee_addresses():
        headers = {"Authorization": f"Token {token}"} if address.startswith("/api/") else {}
        answer = client.get(address, follow=True, headers=headers)
        text = (answer.getvalue() if answer.streaming else answer.content).decode("utf-8", "replace")
        # Nobody finds a member by his phone either.
        if PHONE in text or (PART in address and PERSON in text):
            shown.add(address)

    page = f"/registers/committee-members/{member.pk}/"
    records = {page, f"{page}edit/", "/api/v1/committee-members/", f"/api/v1/committee-members/{member.pk}/"}
    assert shown == (records if (role, place) in KEEPERS else set())


# --- what hangs on a voided record ------------------------------------------------------------------------------------

HANGING = ["committee-mirrors", "secretariat-seats", "committee-terms", "committee-members", "committee-assessments"]


def shown_in_registers(client, made: dict[str, int]) -> set[str]:
    """The kinds of which the one record is listed, opened or given away."""
    shown = set()
    for kind, pk in made.items():
        model = REGISTERS[kind].model
        listed = [client.get(f"/api/v1/{kind}/").json()["count"], client.get(f"/registers/{kind}/?format=jsonl")]
        listed[1] = bool(listed[1].getvalue().strip())
        opened = [client.get(f"{start}/{kind}/{pk}/").status_code for start in ("/registers", "/api/v1")]
        if listed != [0, False] or opened != [404, 404] or model._default_manager.visible_to(None).exists():
            shown.add(kind)
    return shown


@pytest.mark.parametrize("voided", ["SAC/TC 901", NUMBER])
@pytest.mark.parametrize("role", [None, Role.STAFF, Role.AUDITOR])
def test_what_hangs_on_a_voided_committee_or_standard_is_shown_to_nobody(role, voided):
    world = make_committee_world(OWNER)
    standard = make_standard(NUMBER, "家")
    made = {kind: world[kind] for kind in HANGING}
    made["standard-care"] = make_record(CARE, standard=NUMBER, committee="SAC/TC 901", role="归口").pk
    client = account(role, OWNER if role == Role.STAFF else "")
    before = shown_in_registers(client, made)

    if voided == NUMBER:
        void_editions([standard], by=SYSTEM, reason="twice")
    else:
        void(COMMITTEES, [Committee.objects.get(number=voided)], by=SYSTEM, reason="twice")

    left = shown_in_registers(client, made)
    assert (before, left) == (set(made), set(HANGING) if voided == NUMBER else set())


def test_a_mirroring_goes_out_of_sight_with_either_end_and_a_member_with_the_term():
    world = make_committee_world(OWNER)
    term = CommitteeTerm.objects.get()

    void(COMMITTEES, [Committee.objects.get(pk=world["other"])], by=SYSTEM, reason="twice")
    void(TERMS, [term], by=SYSTEM, reason="twice")

    made = {kind: world[kind] for kind in HANGING}
    assert shown_in_registers(Client(), made) == {"secretariat-seats", "committee-assessments"}


# --- writes: bulk actions and imports ---------------------------------------------------------------------------


@pytest.mark.parametrize("place", sorted(set(PLACES) - LOOKS_AFTER))
def test_a_bulk_action_changes_nothing_of_another_division(place):
    standard = make_standard(NUMBER, "家")
    client = account(Role.CATALOGUER, PLACES[place])

    client.post(reverse("admin:catalog_standard_changelist"),
                {"action": "void", "reason": "x", "_selected_action": [standard.pk]})  # fmt: skip

    standard.refresh_from_db()
    assert (standard.voided_at, standard.version) == (None, 1)


@pytest.mark.parametrize("place", sorted(set(PLACES) - LOOKS_AFTER))
def test_an_import_changes_no_row_of_another_division_and_does_not_tell_of_it(tmp_path, place):
    make_standard(NUMBER, VOIDED)
    user = make_user("asking")
    appoint(user, Role.CATALOGUER, PLACES[place])
    user = User.objects.get(pk=user.pk)

    batch = import_csv(tmp_path, f"标准编号,标准名称\n{NUMBER},新名\n", by=Actor(user=user, channel="web"))

    assert (batch.rejected, Standard.objects.get(number=NUMBER).title) == (1, VOIDED)
    row = batch.rows.get()
    assert VOIDED not in f"{row.values}{row.changes}{row.problems}{row.notes}"
