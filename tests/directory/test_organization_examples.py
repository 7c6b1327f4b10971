"""The example organizations: marked, repeatable, removable."""

import pytest

from directory.duplicates import Reason, named, proposals
from directory.models import Organization, OrganizationMerge
from directory.organization_examples import (
    BODY,
    ENTERPRISE,
    example_body,
    load_example_organizations,
    remove_example_organizations,
)
from directory.resolving import resolve_names
from records.trail import SYSTEM

pytestmark = pytest.mark.django_db


def test_the_examples_show_a_renaming_a_merge_and_two_that_wait():
    assert load_example_organizations(by=SYSTEM) == 9

    found, count = proposals(Organization.objects.all())
    assert set(Organization.objects.values_list("is_example", flat=True)) == {True}
    assert ([reason for *_two, reason in named(found)], count) == ([Reason.SIMILAR], 1)
    meant = resolve_names(["示例市标准计量研究所", "示例市质量技术监督局"])
    names = {text: Organization.objects.get(pk=one.organization).name for text, one in meant.items()}
    assert names == {"示例市标准计量研究所": "示例市标准化研究院", "示例市质量技术监督局": "示例市市场监督管理局"}
    assert OrganizationMerge.objects.get().target.name == "示例市市场监督管理局"


def test_loading_again_changes_nothing_and_removing_leaves_what_the_accounts_act_for():
    load_example_organizations(by=SYSTEM)
    acted_for = {name: example_body(name) for name in (ENTERPRISE, BODY)}

    assert load_example_organizations(by=SYSTEM) == 0
    assert remove_example_organizations(by=SYSTEM) == 7
    assert list(Organization.objects.standing().values_list("name", flat=True)) == [ENTERPRISE, BODY]
    assert load_example_organizations(by=SYSTEM) == 9
    assert {name: example_body(name) for name in acted_for} == acted_for
    assert Organization.objects.standing().count() == 8
