"""Each filter of scope, taken away in turn, is missed by a test: a filter nobody would miss guards nothing.

Run a named test with one filter replaced by one that lets everything through; the test must then fail.
"""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
# What is taken away, as `module:attribute`, by what it is replaced, and the test that must notice.
MUTANTS = [
    ("catalog.models.standard:StandardQuerySet.editable_by", "lambda self, user: self.filter(voided_at__isnull=True)",
     "tests/catalog/test_keeping.py::test_what_a_cataloguer_keeps"),
    ("catalog.models.standard:StandardQuerySet.visible_to", "lambda self, user: self.all()",
     "tests/web/test_pages.py"),
    ("catalog.models.quality:QualityFlagQuerySet.editable_by", "lambda self, user: self.all()",
     "tests/catalog/test_keeping.py::test_flags_of_other_divisions_are_neither_listed_nor_settled"),
    ("records.models:ImportBatchQuerySet.within", "lambda self, paths, user: self.all()",
     "tests/web/test_desk.py::test_another_divisions_batch_cannot_be_applied"),
    ("directory.models.searches:SavedSearchQuerySet.visible_to", "lambda self, user: self.all()",
     "tests/directory/test_searches.py::test_who_reads_a_shared_search"),
    ("directory.models.searches:SavedSearchQuerySet.editable_by", "lambda self, user: self.visible_to(user)",
     "tests/directory/test_searches.py::test_who_reads_a_shared_search"),
    ("catalog.importing:out_of_reach", "lambda numbers, user: set()",
     "tests/catalog/test_keeping.py::test_an_import_rejects_the_rows_of_other_divisions_by_name"),
    ("catalog.importing:_foreign", "lambda ids, by: set()",
     "tests/web/test_desk.py::test_a_revert_leaves_the_standards_of_other_divisions"),
    ("catalog.models.contribution:ContributionQuerySet.editable_by", "lambda self, user: self.all()",
     "tests/web/test_contribution_pages.py::test_who_may_change_which_rows"),
    ("catalog.models.contribution:ContributionQuerySet.visible_to", "lambda self, user: self.all()",
     "tests/web/test_contribution_pages.py::test_what_is_voided_is_not_listed"),
    ("catalog.contribution_lists:keeps_list", "lambda user, standard: True",
     "tests/web/test_contribution_pages.py::test_staff_enter_only_their_own_organizations"),
    ("catalog.contribution_importing:out_of_reach", "lambda numbers, user: set()",
     "tests/catalog/test_contribution_importing.py::test_a_cataloguer_enters_no_list_of_another_divisions_standard"),
    ("catalog.contribution_reverting:_kept", "lambda standards, by: standards",
     "tests/catalog/test_contribution_reverting.py::test_lists_of_another_divisions_standards_are_left_alone"),
    ("catalog.api:out_of_reach", "lambda numbers, user: set()",
     "tests/catalog/test_keeping.py::test_through_the_api_another_divisions_standard_is_not_created"),
    ("catalog.views.staff:may_catalogue", "lambda user: user.is_authenticated",
     "tests/permissions/test_matrix.py::test_each_account_is_answered_as_the_matrix_says[imports POST]"),
    ("catalog.views.staff:may_oversee", "lambda user: user.is_authenticated",
     "tests/permissions/test_matrix.py::test_each_account_is_answered_as_the_matrix_says[imports GET]"),
    ("catalog.views.staff:batches_visible_to", "lambda user: __import__('records.models').models.ImportBatch.objects.all()",
     "tests/permissions/test_canaries.py"),
    ("catalog.models.quality:QualityFlagQuerySet.visible_to", "lambda self, user: self.all()",
     "tests/permissions/test_canaries.py"),
    ("directory.admin:batches_visible_to", "lambda user: __import__('records.models').models.ImportBatch.objects.all()",
     "tests/permissions/test_canaries.py"),
    ("catalog.admin:overseen", "lambda user, prefix='': __import__('django.db.models').db.models.Q()",
     "tests/permissions/test_canaries.py"),
    ("reports.views:may_audit", "lambda user: user.is_authenticated",
     "tests/permissions/test_matrix.py::test_each_account_is_answered_as_the_matrix_says[trail GET]"),
    ("directory.access:may_audit", "lambda user: user.is_authenticated",
     "tests/permissions/test_matrix.py::test_each_account_is_answered_as_the_matrix_says[api:trail-list GET]"),
    ("directory.models.committees:KeptQuerySet.editable_by", "lambda self, user: self.standing()",
     "tests/directory/test_secretariats.py::test_who_keeps_a_committee"),
    ("records.registered:RegisteredQuerySet.visible_to", "lambda self, user: self.standing()",
     "tests/permissions/test_canaries.py::test_what_hangs_on_a_voided_committee_or_standard_is_shown_to_nobody"),
    ("directory.models.committees:keeping_paths", "lambda user: ['/']",
     "tests/directory/test_secretariats.py::test_who_keeps_a_committee"),
    ("directory.models.committees:is_provincial", "lambda user: True",
     "tests/directory/test_committees.py::test_a_citys_staff_keep_their_committee_but_do_not_establish_or_dissolve"),
    ("directory.committee_admin:is_within", "lambda user, region: True",
     "tests/web/test_committee_pages.py::test_the_back_office_tells_a_committees_history_to_the_division_that_keeps_it"),
    ("records.views:facts", "lambda register, record, private=False: __import__('records.register_rows').register_rows.facts(register, record, private=True)",
     "tests/permissions/test_canaries.py::test_a_members_phone_is_for_the_staff_who_keep_the_committee"),
    ("records.register_api:_hide_private", "lambda register, records, cells, user: None",
     "tests/permissions/test_canaries.py::test_a_members_phone_is_for_the_staff_who_keep_the_committee"),
    ("directory.models.committee_rules:RuleQuerySet.editable_by", "lambda self, user: self.standing()",
     "tests/directory/test_committee_terms.py::test_what_belongs_to_a_committee_is_kept_by_its_keeper"),
    ("catalog.models.care:CareQuerySet.editable_by", "lambda self, user: self.standing()",
     "tests/catalog/test_care.py::test_care_is_entered_changed_and_voided_by_whoever_keeps_the_standard"),
    ("directory.access:roles_of", "lambda user: {'system_admin', 'security_admin', 'auditor', 'cataloguer'}",
     "tests/permissions/test_matrix.py::test_each_account_is_answered_as_the_matrix_says[admin:records_event_changelist GET]"),
    ("directory.grants:_refuse_reach", "lambda user, by, region: None",
     "tests/directory/test_grants.py::test_nobody_gives_himself_a_role_or_takes_one_from_himself"),
    ("directory.grants:_refuse_mixture", "lambda user, role: None",
     "tests/directory/test_grants.py::test_administration_audit_and_business_are_kept_apart"),
    ("directory.models.grants:GrantQuerySet.holding", "lambda self, on=None: self.all()",
     "tests/directory/test_grants.py::test_a_role_holds_from_its_first_to_its_last_day"),
    ("catalog.views.public:is_in_scope", "lambda user, standard: True",
     "tests/web/test_object_history.py::test_all_is_seen_by_auditors_ones_scope_by_staff_and_else_ones_own[staff beside]"),
    ("catalog.views.public:seen_by", "lambda events, user, *, in_scope: events",
     "tests/web/test_object_history.py::test_all_is_seen_by_auditors_ones_scope_by_staff_and_else_ones_own[expert]"),
    ("catalog.models.quality:QualityFlagQuerySet.visible_to", "lambda self, user: self.all()",
     "tests/permissions/test_absent_or_foreign.py::test_the_status_and_the_words_are_the_same[admin:catalog_qualityflag_change-get]"),
    ("directory.admin:ScopedImportBatchAdmin.get_queryset", "lambda self, request: self.model.objects.all()",
     "tests/permissions/test_absent_or_foreign.py::test_the_status_and_the_words_are_the_same[admin:records_importbatch_change-get]"),
    ("catalog.admin:_editable", "lambda user, standards: {one.pk for one in standards if one}",
     "tests/permissions/test_foreign_references.py::test_a_relation_of_others_is_not_taken_back"),
    ("records.registering:_refuse_out_of_reach", "lambda register, records, by: None",
     "tests/permissions/test_foreign_references.py::test_an_organization_is_neither_made_nor_moved_into_another_division"),
    ("directory.admin:is_within", "lambda user, region: True",
     "tests/web/test_object_history.py::test_another_division_s_organization_is_read_and_its_history_not_told"),
    ("directory.views.organizations:is_within", "lambda user, region: True",
     "tests/web/test_object_history.py::test_another_division_s_organization_is_read_and_its_history_not_told"),
    ("directory.models.registrations:RegistrationQuerySet.editable_by", "lambda self, user: self.all()",
     "tests/directory/test_registrations.py::test_other_divisions_decide_nothing"),
    ("directory.models.registrations:RegistrationQuerySet.visible_to", "lambda self, user: self.all()",
     "tests/directory/test_registrations.py::test_its_division_and_those_above_see_it_others_do_not"),
    ("directory.registrations:_refuse_elsewhere", "lambda organization, by: None",
     "tests/directory/test_registrations.py::test_an_enterprise_known_elsewhere_is_confirmed_above_both"),
    ("directory.models.accounts:AccountManager.kept_by", "lambda self, user: self.all()",
     "tests/directory/test_one_time_passwords.py::test_of_others_no_password_is_set"),
    ("directory.handover:out_of_reach", "lambda user, colleague: []",
     "tests/directory/test_handover.py::test_who_may_not_take_all_of_it_gets_none"),
    ("directory.views.keeping:may_keep_accounts", "lambda user: True",
     "tests/permissions/test_matrix.py::test_with_the_password_entered_again_only_keepers_come_to_the_accounts"),
    ("directory.placing:PlacedQuerySet.editable_by", "lambda self, user: self.standing()",
     "tests/web/test_organization_pages.py::test_who_opens_the_pages_of_a_body_of_the_city"),
    ("directory.models.organizations:OrganizationQuerySet.within_merging_reach", "lambda self, user: self.all()",
     "tests/directory/test_merging.py::test_either_end_beyond_ones_division_refuses_the_merge_whole"),
    ("directory.merging:refuse_reach", "lambda by, *organizations: None",
     "tests/directory/test_merging.py::test_undoing_asks_for_the_same_reach"),
    ("directory.splitting:refuse_reach", "lambda by, *organizations: None",
     "tests/directory/test_splitting.py::test_only_a_city_or_province_of_the_division_splits"),
    ("directory.duplicates:_refuse_reach", "lambda by, *organizations: None",
     "tests/directory/test_duplicates.py::test_what_cannot_be_told_apart_is_refused"),
    ("directory.views.organizations:contact_of",
     "lambda organization, user, is_keeper: __import__('directory.contacts').contacts.Contact('张三', '13812345678')",
     "tests/web/test_organization_pages.py::test_only_those_who_keep_it_see_whom_to_call"),
]  # fmt: skip
PLUGIN = """
import importlib
import pytest

@pytest.fixture(autouse=True)
def mutant(monkeypatch):
    module, _colon, path = {target!r}.partition(":")
    owner = importlib.import_module(module)
    *outer, name = path.split(".")
    for one in outer:
        owner = getattr(owner, one)
    assert hasattr(owner, name)
    monkeypatch.setattr(owner, name, {replacement})
"""


@pytest.mark.parametrize(("target", "replacement", "test"), MUTANTS, ids=[target for target, *_rest in MUTANTS])
def test_a_scope_filter_that_is_taken_away_is_missed(tmp_path, target, replacement, test):
    (tmp_path / "scope_mutant.py").write_text(PLUGIN.format(target=target, replacement=replacement))
    # Two of these run at once and would share a server's test database; in memory each has its own.
    environment = {**os.environ, "PYTHONPATH": str(tmp_path), "DATABASE_URL": "sqlite://:memory:"}

    run = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-x", "-p", "scope_mutant", "-p", "no:cacheprovider", "-n", "0", test],
        cwd=ROOT, env=environment, capture_output=True, encoding="utf-8",
    )  # fmt: skip

    assert run.returncode == 1, run.stdout[-2000:]
    assert "AssertionError" in run.stdout or "Failed" in run.stdout
