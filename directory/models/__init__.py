"""Who and where: accounts, divisions, organizations, committees."""

from .accounts import ApiToken, User
from .committee_rules import CommitteeAssessment, CompositionRule, Evidence, Grade, GradeScale, TermRule
from .committee_terms import CommitteeMember, CommitteeTerm
from .committees import Committee, CommitteeKind, CommitteeLevel, CommitteeMirror, CommitteeStatus
from .grants import Grant
from .industries import Industry
from .merges import DifferentOrganizations, OrganizationMerge
from .names import OrganizationName
from .organizations import Organization, check_credit_code
from .policies import PolicyDocument
from .regions import Region, RegionQuerySet, full_code
from .registrations import Registration
from .roles import Role
from .searches import SavedSearch
from .second_factor import RecoveryCode, SecondFactor
from .secretariats import SecretariatSeat
from .signing import EarlierPassword, SignInTries, UserSession, idle_limit

__all__ = [
    "ApiToken",
    "Committee",
    "CommitteeAssessment",
    "CommitteeKind",
    "CommitteeLevel",
    "CommitteeMember",
    "CommitteeMirror",
    "CommitteeStatus",
    "CommitteeTerm",
    "CompositionRule",
    "DifferentOrganizations",
    "EarlierPassword",
    "Evidence",
    "Grade",
    "GradeScale",
    "Grant",
    "Industry",
    "Organization",
    "OrganizationMerge",
    "OrganizationName",
    "PolicyDocument",
    "RecoveryCode",
    "Region",
    "RegionQuerySet",
    "Registration",
    "Role",
    "SavedSearch",
    "SecondFactor",
    "SecretariatSeat",
    "SignInTries",
    "TermRule",
    "User",
    "UserSession",
    "check_credit_code",
    "full_code",
    "idle_limit",
]
