"""What the database itself refuses of committees, terms, members, seats and rules, whoever writes."""

from datetime import date

import pytest
from django.db import IntegrityError, transaction

from directory.models import (
    Committee,
    CommitteeAssessment,
    CommitteeMember,
    CommitteeMirror,
    CommitteeTerm,
    CompositionRule,
    Grade,
    GradeScale,
    Region,
    SecretariatSeat,
    TermRule,
)
from tests.factories import make_committee, make_organization

pytestmark = pytest.mark.django_db
DAY = date(2020, 1, 1)


def refused(model, **fields) -> str:
    """The message of the database, which names the constraint (SQLite: the columns of a unique one)."""
    with pytest.raises(IntegrityError) as error, transaction.atomic():
        model.objects.create(**fields)
    return str(error.value)


def check(message: str, name: str, *columns: str) -> None:
    assert name in message or (columns and all(f".{column}" in message for column in columns)), message


@pytest.fixture
def committee():
    return make_committee()


def facts(**given):
    return {"key": "k", "slug": "s", "name": "名", "kind": "tc", "level": "national", **given}


@pytest.mark.parametrize(
    ("given", "name", "columns"),
    [
        ({"key": "sac/tc 901"}, "a_committee_stands_once", ("key",)),
        ({"slug": "sac-tc-901"}, "a_committee_has_an_address_of_its_own", ("slug",)),
        ({"name": ""}, "a_committee_has_a_name", ()),
        ({"level": "municipal"}, "a_local_committee_names_its_division", ()),
        (
            {"established_on": DAY, "dissolved_on": date(2019, 1, 1)},
            "a_committee_is_dissolved_after_it_was_established",
            (),
        ),
        (
            {"approved_on": DAY, "established_on": date(2019, 1, 1)},
            "a_committee_is_established_after_it_was_approved",
            (),
        ),
    ],
)
def test_a_committee(committee, given, name, columns):
    check(refused(Committee, **facts(**given)), name, *columns)


def test_a_national_committee_has_no_division(committee):
    region = Region.objects.valid().get(code="320000")

    check(refused(Committee, **facts(region=region)), "a_local_committee_names_its_division")


def test_a_committee_does_not_stand_in_itself(committee):
    with pytest.raises(IntegrityError, match="a_committee_does_not_stand_in_itself"), transaction.atomic():
        Committee.objects.filter(pk=committee.pk).update(parent=committee)


def test_a_mirroring(committee):
    other = make_committee("ISO/TC 901")
    CommitteeMirror.objects.create(committee=committee, mirrors=other)

    again = refused(CommitteeMirror, committee=committee, mirrors=other)

    check(again, "a_mirroring_stands_once", "committee_id", "mirrors_id")
    itself = refused(CommitteeMirror, committee=committee, mirrors=committee)
    check(itself, "a_committee_does_not_mirror_itself")


def test_a_term(committee):
    CommitteeTerm.objects.create(committee=committee, number=1, starts_on=DAY)

    check(refused(CommitteeTerm, committee=committee, starts_on=DAY), "a_term_begins_once", "committee_id", "starts_on")
    again = refused(CommitteeTerm, committee=committee, number=1, starts_on=date(2021, 1, 1))
    check(again, "a_term_number_stands_once", "committee_id", "number")
    backwards = refused(CommitteeTerm, committee=committee, starts_on=date(2022, 1, 1), ends_on=date(2021, 1, 1))
    check(backwards, "a_term_ends_after_it_began")
    endless = refused(CommitteeTerm, committee=committee, starts_on=date(2023, 1, 1), years=21)
    check(endless, "a_term_lasts_some_years")


def test_a_member(committee):
    term = CommitteeTerm.objects.create(committee=committee, starts_on=DAY)
    CommitteeMember.objects.create(term=term, person="张某", unit="甲")

    again = refused(CommitteeMember, term=term, person="张某", unit="甲")

    check(again, "a_member_stands_once_in_a_term", "term_id", "person", "unit")
    backwards = refused(CommitteeMember, term=term, person="李某", starts_on=DAY, ends_on=date(2019, 1, 1))
    check(backwards, "a_membership_ends_after_it_began")


def test_a_seat(committee):
    organization = make_organization("甲研究院")
    given = {"committee": committee, "organization": organization}
    SecretariatSeat.objects.create(**given, share="joint", starts_on=DAY, holds_from=DAY)

    again = refused(SecretariatSeat, **given, share="joint", starts_on=DAY, holds_from=DAY)

    check(again, "a_seat_begins_once", "committee_id", "organization_id", "holds_from")
    check(refused(SecretariatSeat, **given, share="joint"), "a_seat_has_a_beginning_or_was_seen")
    backwards = refused(SecretariatSeat, **given, share="joint", starts_on=DAY, ends_on=date(2019, 1, 1))
    check(backwards, "a_seat_ends_after_it_began")


def test_an_assessment(committee):
    scale = GradeScale.objects.create(authority="某机关", level="national", source="示例")
    grade = Grade.objects.create(scale=scale, name="优", rank=1)
    CommitteeAssessment.objects.create(committee=committee, year=2020, grade=grade)

    again = refused(CommitteeAssessment, committee=committee, year=2020, grade=grade)

    check(again, "a_committee_is_assessed_once_a_year", "committee_id", "year")
    check(refused(CommitteeAssessment, committee=committee, year=20, grade=grade), "an_assessment_has_a_year")
    same_name = refused(Grade, scale=scale, name="优", rank=2)
    check(same_name, "a_name_stands_once_in_its_scale", "scale_id", "name")
    check(refused(Grade, scale=scale, name="良", rank=1), "a_rank_stands_once_in_its_scale", "scale_id", "rank")


def test_the_rules(committee):
    region = Region.objects.valid().get(code="320000")
    local = {"level": "provincial", "region": region, "source": "示例"}
    everywhere = {"level": "municipal", "source": "示例"}
    for model, more in ((CompositionRule, {"kind": "tc"}), (GradeScale, {"authority": "某机关"})):
        model.objects.create(**local, **more, **({"year": 2020} if model is GradeScale else {}))
        model.objects.create(**everywhere, **more)
    TermRule.objects.create(**local)

    check(refused(CompositionRule, kind="tc", **local), "a_composition_rule_stands_once", "level", "kind", "region_id")
    alone = refused(CompositionRule, kind="tc", **everywhere)
    check(alone, "a_composition_rule_stands_once_without_region", "level", "kind")
    share = refused(CompositionRule, kind="sc", most_of_interest=101, **local)
    check(share, "a_share_is_a_percentage")
    check(refused(TermRule, **local), "a_term_rule_stands_once", "level", "region_id")
    check(refused(TermRule, **everywhere), "a_term_rule_stands_once_without_region", "level")
    scale = refused(GradeScale, authority="某机关", year=2020, **local)
    check(scale, "a_grade_scale_stands_once", "authority", "level", "year")
    undated = refused(GradeScale, authority="某机关", **everywhere)
    check(undated, "a_grade_scale_stands_once_without_year", "authority", "level")
