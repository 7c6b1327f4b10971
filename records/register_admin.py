"""The back-office of a kind of simple record: the same form and verbs as its pages."""

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.shortcuts import redirect

from .registers import Register, register_of


class RegisterAdmin(admin.ModelAdmin):
    """Lists and finds the records; entering, changing and voiding lead to the record's own pages.

    One form, one conflict page, one trail: the back-office would only repeat them.
    """

    show_full_result_count = False
    list_per_page = 50

    @property
    def register(self) -> Register:
        return register_of(self.model)

    def get_queryset(self, request):
        return self.model._default_manager.visible_to(request.user)

    def get_list_select_related(self, request):
        return tuple(self.register.references) or False

    def has_delete_permission(self, request, obj=None):
        return False

    def has_add_permission(self, request):
        return self.register.may_enter(request.user)

    def has_change_permission(self, request, obj=None):
        return False

    def add_view(self, request, form_url="", extra_context=None):
        if not self.has_add_permission(request):
            raise PermissionDenied
        return redirect("register_add", self.register.kind)

    def change_view(self, request, object_id, form_url="", extra_context=None):
        if not self.has_view_permission(request):
            raise PermissionDenied
        return redirect("register_record", self.register.kind, object_id)
