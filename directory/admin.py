"""Accounts, divisions and organizations in the back-office."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.models import Group
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from records.admin import ImportBatchAdmin, ReadOnlyAdmin, ReasonForm, RegisterAdmin, TrailedAdmin, not_done
from records.history import seen_by
from records.models import Event, ImportBatch
from records.trail import Change, actor_of, record_many

from . import (
    committee_admin,  # noqa: F401  registers committees and what belongs to them
    search,
)
from .access import grants_of, is_within, may_audit
from .batches import batches_visible_to
from .forms import GivenPasswordForm
from .grants import GrantRefused, give_role, take_back_role
from .models import (
    ApiToken,
    Grant,
    Industry,
    Organization,
    OrganizationMerge,
    OrganizationName,
    PolicyDocument,
    Region,
    Role,
    User,
)
from .moving import MoveRefused, check_move, move_division, path_under
from .second_factors import reset_factor
from .sessions import end_everything
from .signin import unlock
from .telling import tell_account

admin.site.unregister(Group)  # rights come from grants alone
admin.site.unregister(ImportBatch)


@admin.register(ImportBatch)
class ScopedImportBatchAdmin(ImportBatchAdmin):
    def get_queryset(self, request):
        return super().get_queryset(request) & batches_visible_to(request.user)


@admin.register(User)
class AccountAdmin(TrailedAdmin, UserAdmin):
    change_password_form = GivenPasswordForm
    untrailed = ("password", "last_login", "date_joined", "password_is_temporary")
    list_display = ("username", "full_name", "is_active", "is_example")
    list_filter = ("is_active", "is_example")
    filter_horizontal = ()
    action_form = ReasonForm
    actions = ("unlock", "reset_second_factor")
    search_fields = ("username__startswith", "full_name")
    fieldsets = ((None, {"fields": ("username", "password", "full_name", "email", "is_active")}),)

    def tell(self, name, before, after):
        return tell_account(name, before, after)

    def get_object(self, request, object_id, from_field=None):
        """An account in the hands of its editor: `directory.passwords` writes down who set a password."""
        user = super().get_object(request, object_id, from_field)
        if user is not None:
            user.changed_by = actor_of(request)
        return user

    def save_model(self, request, obj, form, change):
        # The first password is known to whoever made the account.
        obj.password_is_temporary |= not change
        with transaction.atomic():
            super().save_model(request, obj, form, change)
            if change and not obj.is_active:
                end_everything(obj, by=actor_of(request), reason=str(_("The account was closed.")))

    def has_unlock_permission(self, request):
        return bool(grants_of(request.user, Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN))

    @admin.action(
        permissions=["unlock"], description=_("Unlock the chosen accounts after wrong passwords (with a reason)")
    )
    def unlock(self, request, queryset):
        self._carry_out(request, queryset, unlock, _("%(count)s accounts were unlocked."))

    @admin.action(
        permissions=["change"], description=_("Reset two-step sign-in of the chosen accounts (with a reason)")
    )
    def reset_second_factor(self, request, queryset):
        self._carry_out(request, queryset, reset_factor, _("Two-step sign-in of %(count)s accounts was reset."))

    def _carry_out(self, request, queryset, verb, told):
        reason = request.POST.get("reason", "").strip()
        if not reason:
            self.message_user(request, _("Say why."), messages.ERROR)
            return
        with transaction.atomic():
            done = [user for user in queryset if verb(user, by=actor_of(request), reason=reason)]
        self.message_user(request, told % {"count": len(done)})


class GrantForm(forms.ModelForm):
    """A role for an account; whether the giver may give it is asked of the verb."""

    giver: Any = None

    class Meta:
        model = Grant
        fields = ("user", "role", "region", "organization", "starts_on", "ends_on", "keeps_accounts", "note")

    def clean(self):
        values = super().clean()
        if not self.errors:
            try:
                with transaction.atomic():
                    self.made = give_role(values.pop("user"), values.pop("role"), by=self.giver, **values)
            except GrantRefused as refusal:
                raise ValidationError(str(refusal)) from refusal
        return values

    def _post_clean(self):
        """The verb has validated and saved the grant already."""


@admin.register(Grant)
class GrantAdmin(ReadOnlyAdmin):
    """Roles are given here and taken back with a reason; a grant is never edited."""

    form = GrantForm
    action_form = ReasonForm
    actions = ("take_back",)
    list_display = ("user", "role", "region", "organization", "starts_on", "ends_on", "revoked_at", "granted_by")
    list_filter = ("role", ("revoked_at", admin.EmptyFieldListFilter))
    search_fields = ("user__username__startswith", "user__full_name")
    autocomplete_fields = ("user", "region", "organization")
    list_select_related = ("user", "region", "organization", "granted_by")

    def history_of(self, request, obj):
        """A grant's events stand with its account."""
        events = Event.objects.about(obj.user).filter(changes__has_key=f"grant {obj.pk}")
        return seen_by(events, request.user, in_scope=True)

    def tell(self, name, before, after):
        return tell_account(name, before, after)

    def has_add_permission(self, request):
        return request.user.has_perm("directory.add_grant")

    def get_form(self, request, obj=None, change=False, **kwargs):
        form = super().get_form(request, obj, change=change, **kwargs)
        form.giver = actor_of(request)
        return form

    def save_form(self, request, form, change):
        return form.made

    def save_model(self, request, obj, form, change):
        """Written by the verb."""

    def save_related(self, request, form, formsets, change):
        """Written by the verb."""

    def has_take_back_permission(self, request):
        return request.user.has_perm("directory.change_grant")

    @admin.action(permissions=["take_back"], description=_("Take the chosen roles back (with a reason)"))
    def take_back(self, request, queryset):
        reason = request.POST.get("reason", "").strip()
        if not reason:
            return not_done(self, request, _("Say why the role is taken back."))
        try:
            with transaction.atomic():
                taken = [take_back_role(grant, by=actor_of(request), reason=reason) for grant in queryset]
        except GrantRefused as refusal:
            return not_done(self, request, str(refusal))
        self.message_user(request, _("%(count)s roles were taken back.") % {"count": len(taken)})
        return None


class RegionForm(forms.ModelForm):
    """A division may be put under another one; code and path follow from the table and the tree."""

    def clean(self):
        values = super().clean()
        if "parent" in values:
            try:
                check_move(self.instance, values["parent"])
            except MoveRefused as refusal:
                self.add_error("parent", str(refusal))
        return values


@admin.register(Region)
class RegionAdmin(TrailedAdmin):
    form = RegionForm
    readonly_fields = ("code", "level", "path")
    list_display = ("code", "name", "level", "parent", "valid_from", "valid_to")
    list_filter = ("level",)
    search_fields = ("code__startswith", "name")
    list_select_related = ("parent",)
    autocomplete_fields = ("parent", "successors")

    def is_in_scope(self, request, obj):
        return is_within(request.user, obj)

    def save_model(self, request, obj, form, change):
        """The paths of all below go along with it."""
        with transaction.atomic():
            if "parent" in form.changed_data:
                move_division(Region.objects.get(pk=obj.pk), obj.parent, by=actor_of(request))
                obj.path = path_under(obj.parent, obj.code)
            super().save_model(request, obj, form, change)


@admin.register(Organization)
class OrganizationAdmin(RegisterAdmin):
    list_display = ("name", "kind", "region", "credit_code", "is_example")
    list_filter = ("kind", "is_example")
    search_fields = ("name",)

    def is_in_scope(self, request, obj):
        return is_within(request.user, obj.region)

    def get_search_results(self, request, queryset, search_term):
        """The product's own search: any part of any of its names."""
        return (search.matching(queryset, search_term) if search_term else queryset), False


@admin.register(OrganizationName)
class OrganizationNameAdmin(RegisterAdmin):
    list_display = ("name", "kind", "organization", "valid_from", "valid_to")
    list_filter = ("kind",)
    search_fields = ("name__startswith",)

    def is_in_scope(self, request, obj):
        return is_within(request.user, obj.organization.region)


@admin.register(OrganizationMerge)
class OrganizationMergeAdmin(ReadOnlyAdmin):
    """Merging, splitting and undoing have their own pages."""

    list_display = ("kind", "source", "target", "on", "reason", "at", "by", "undone_at")
    list_filter = ("kind", ("undone_at", admin.EmptyFieldListFilter))
    list_select_related = ("source", "target", "by")
    exclude = ("moved",)

    def get_queryset(self, request):
        """Those whose two ends the account reaches, as on their own page; the auditor reads all."""
        moves = super().get_queryset(request)
        if may_audit(request.user):
            return moves
        reached = Organization.objects.within_merging_reach(request.user).values("pk")
        return moves.filter(source__in=reached, target__in=reached)


@admin.register(Industry)
class IndustryAdmin(ReadOnlyAdmin):
    """GB/T 4754-2017: `load_industries` brings in the full table."""

    list_display = ("code", "name", "name_en", "parent")
    search_fields = ("code__startswith", "name")
    list_select_related = ("parent",)


@admin.register(ApiToken)
class ApiTokenAdmin(ReadOnlyAdmin):
    """Tokens are made here for an account and shown once; deleting one revokes it."""

    def history_of(self, request, obj):
        """The trail numbers objects, so a token's events stand under its account."""
        events = Event.objects.filter(object_type="directory.apitoken", object_id=obj.user_id)
        return seen_by(events, request.user, in_scope=True)

    def tell(self, name, before, after):
        return tell_account(name, before, after)

    list_display = ("user", "name", "created", "expiry")
    fields = ("user", "name")
    autocomplete_fields = ("user",)

    def has_add_permission(self, request):
        return request.user.has_perm("directory.add_apitoken")

    def has_delete_permission(self, request, obj=None):
        return request.user.has_perm("directory.delete_apitoken")

    def delete_model(self, request, obj):
        entry = Change(Event.Action.VOIDED, "directory.apitoken", obj.user_id, str(obj), {"revoked": [False, True]})
        with transaction.atomic():
            record_many([entry], by=actor_of(request))
            super().delete_model(request, obj)

    def delete_queryset(self, request, queryset):
        for token in queryset:
            self.delete_model(request, token)

    def save_model(self, request, obj, form, change):
        made, token = ApiToken.objects.create(form.cleaned_data["user"], name=form.cleaned_data["name"])
        obj.pk = made.pk
        messages.warning(request, _("The token, shown this once: %(token)s") % {"token": token})
        entry = Change(Event.Action.CREATED, "directory.apitoken", made.user_id, str(made), {"name": ["", made.name]})
        record_many([entry], by=actor_of(request))


@admin.register(PolicyDocument)
class PolicyDocumentAdmin(RegisterAdmin):
    list_display = ("title", "number", "kind", "region", "issued_on", "effective_on", "ends_on")
    list_filter = ("kind",)
    search_fields = ("title", "number")
