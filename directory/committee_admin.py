"""The back-office of committees and of what belongs to them: finds records and leads to their own pages."""

from functools import reduce

from django.contrib import admin

from records.admin import RegisterAdmin

from .access import is_within
from .models import (
    Committee,
    CommitteeAssessment,
    CommitteeMember,
    CommitteeMirror,
    CommitteeTerm,
    CompositionRule,
    Grade,
    GradeScale,
    SecretariatSeat,
    TermRule,
)


class KeptAdmin(RegisterAdmin):
    """What belongs to a committee: its history is told to those who work for the division that keeps the committee."""

    def is_in_scope(self, request, obj):
        keeper = self.model._default_manager.all().keeper
        return is_within(request.user, reduce(getattr, keeper.split("__"), obj))


@admin.register(Committee)
class CommitteeAdmin(KeptAdmin):
    list_display = ("number", "name", "name_en", "level", "kind", "parent", "keeper", "established_on", "dissolved_on")
    list_filter = ("level", "kind", "is_example")
    search_fields = ("number", "name", "name_en")

    def get_list_select_related(self, request):
        return ("parent", "keeper")


@admin.register(CommitteeMirror)
class CommitteeMirrorAdmin(KeptAdmin):
    list_display = ("committee", "mirrors")
    search_fields = ("committee__number", "mirrors__number")


@admin.register(SecretariatSeat)
class SecretariatSeatAdmin(KeptAdmin):
    list_display = ("committee", "organization", "share", "starts_on", "ends_on")
    list_filter = ("share",)
    search_fields = ("committee__number", "organization__name")


@admin.register(CommitteeTerm)
class CommitteeTermAdmin(KeptAdmin):
    list_display = ("committee", "number", "starts_on", "years", "due_on")
    search_fields = ("committee__number", "committee__name")


@admin.register(CommitteeMember)
class CommitteeMemberAdmin(KeptAdmin):
    """Without the phone, which only the keepers of the committee see, on the member's own page."""

    list_display = ("person", "position", "unit", "term")
    list_filter = ("position",)
    search_fields = ("person", "unit", "term__committee__number")

    def get_list_select_related(self, request):
        return ("term__committee",)


@admin.register(CommitteeAssessment)
class CommitteeAssessmentAdmin(KeptAdmin):
    list_display = ("committee", "year", "grade", "document")
    list_filter = ("year",)
    search_fields = ("committee__number", "committee__name")

    def get_list_select_related(self, request):
        return ("committee", "grade__scale")


@admin.register(CompositionRule)
class CompositionRuleAdmin(RegisterAdmin):
    list_display = ("level", "kind", "region", "least_members", "source", "evidence")
    list_filter = ("level", "evidence")


@admin.register(TermRule)
class TermRuleAdmin(RegisterAdmin):
    list_display = ("level", "region", "years", "renewal_months", "lead_months", "source", "evidence")
    list_filter = ("level", "evidence")


@admin.register(GradeScale)
class GradeScaleAdmin(RegisterAdmin):
    list_display = ("authority", "level", "region", "year", "source", "evidence")
    list_filter = ("level", "evidence")


@admin.register(Grade)
class GradeAdmin(RegisterAdmin):
    list_display = ("scale", "rank", "name", "rectification_months", "consequence")
    list_filter = ("scale__authority",)
