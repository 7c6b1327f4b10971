"""Accounts, divisions and organizations in the back-office."""

from django.contrib import admin, messages
from django.contrib.auth.admin import UserAdmin
from django.utils.translation import gettext_lazy as _

from records.admin import ReadOnlyAdmin, TrailedAdmin
from records.models import Event
from records.trail import Change, actor_of, record_many

from .models import ApiToken, Organization, Region, User


@admin.register(User)
class HubUserAdmin(TrailedAdmin, UserAdmin):
    untrailed = ("password", "last_login")
    list_display = ("username", "full_name", "is_staff", "is_active", "is_example")
    fieldsets = (
        (None, {"fields": ("username", "password", "full_name", "email")}),
        (_("Rights"), {"fields": ("is_active", "is_staff", "is_superuser", "groups", "user_permissions")}),
    )


@admin.register(Region)
class RegionAdmin(TrailedAdmin):
    list_display = ("code", "name", "level", "parent", "valid_from", "valid_to")
    list_filter = ("level",)
    search_fields = ("code__startswith", "name")
    list_select_related = ("parent",)
    autocomplete_fields = ("parent", "successors")


@admin.register(Organization)
class OrganizationAdmin(TrailedAdmin):
    list_display = ("name", "kind", "region", "is_example")
    list_filter = ("kind", "is_example")
    search_fields = ("name", "name_en")
    list_select_related = ("region",)
    autocomplete_fields = ("region",)


@admin.register(ApiToken)
class ApiTokenAdmin(ReadOnlyAdmin):
    """Tokens are made here for an account and shown once; deleting one revokes it."""

    list_display = ("user", "name", "created", "expiry")
    fields = ("user", "name")
    autocomplete_fields = ("user",)

    def has_add_permission(self, request):
        return request.user.is_superuser

    def has_delete_permission(self, request, obj=None):
        return request.user.is_superuser

    def save_model(self, request, obj, form, change):
        made, token = ApiToken.objects.create(form.cleaned_data["user"], name=form.cleaned_data["name"])
        obj.pk = made.pk
        messages.warning(request, _("The token, shown this once: %(token)s") % {"token": token})
        entry = Change(Event.Action.CREATED, "directory.apitoken", made.user_id, str(made), {"name": ["", made.name]})
        record_many([entry], by=actor_of(request))
