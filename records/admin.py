"""The back-office's view of what was done: batches and the trail are read, never edited."""

import json
from collections.abc import Mapping
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.helpers import ActionForm
from django.contrib.admin.options import IS_POPUP_VAR
from django.contrib.admin.utils import flatten_fieldsets, unquote
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from .conflicts import VersionForm, form_values, late_save, merged
from .history import Line, history_page, labels_of, seen_by, tell_choices
from .masking import masked, masked_text
from .models import Event, ImportBatch, ImportProfile
from .once import new_token, not_taken
from .registers import Register, register_of
from .trail import actor_of, differences, record
from .versions import FIELD, Stale, opened_with, read_opened, take_version


class TokenForm(ActionForm):
    """The form above a list, which is taken once (`records.once`)."""

    form_token = forms.CharField(label="", widget=forms.HiddenInput, required=False, initial=new_token)


class ReasonForm(TokenForm):
    reason = forms.CharField(label=_("Reason"), required=False, max_length=200)


def not_done(model_admin: admin.ModelAdmin, request: Any, why: str) -> Any:
    """An action's answer that says why nothing was done; the same form may be sent again."""
    model_admin.message_user(request, why, messages.ERROR)
    return not_taken(redirect(request.get_full_path()))


class HistoryAdmin(admin.ModelAdmin):
    """A model whose history is the trail's, in words. Django's own log of the back-office would be a second trail."""

    show_full_result_count = False
    action_form: type[ActionForm] = TokenForm
    history_labels: Mapping[str, Any] = {}

    def log_addition(self, request, obj, message):
        """The verb has written it down."""

    def log_change(self, request, obj, message):
        """The verb has written it down."""

    def log_deletions(self, request, queryset):
        """The verb has written it down."""

    def _get_obj_does_not_exist_redirect(self, request, opts, object_id):
        """What is absent, and what is not for the reader's eyes, is answered alike."""
        raise Http404

    def history_of(self, request, obj) -> Any:
        """The events of an object that the reader may see."""
        return seen_by(Event.objects.about(obj), request.user, in_scope=self.is_in_scope(request, obj))

    def is_in_scope(self, request, obj) -> bool:
        """Whether the object is of a division that the reader works for; what has no division is everybody's."""
        return True

    def tell(self, name: str, before: Any, after: Any) -> list[Line] | None:
        """A change in words of its own; None where label, before and after say it."""
        return tell_choices(self.model)(name, before, after)

    def history_view(self, request, object_id, extra_context=None):
        obj = self.get_object(request, unquote(object_id))
        if obj is None:
            raise Http404
        if not self.has_view_or_change_permission(request, obj):
            raise PermissionDenied
        page = history_page(
            self.history_of(request, obj),
            request.GET.get("page"),
            labels_of(self.model) | self.history_labels,
            self.tell,
        )
        context = {
            **self.admin_site.each_context(request),
            "title": _("History: %(object)s") % {"object": obj},
            "module_name": self.opts.verbose_name_plural,
            "object": obj,
            "opts": self.opts,
            "page": page,
            **(extra_context or {}),
        }
        return TemplateResponse(request, "admin/object_history.html", context)


class VersionedAdmin(HistoryAdmin):
    """A model edited in the back-office: a save says which version it changes, and a late one meets the conflict page."""

    def get_form(self, request, obj=None, change=False, **kwargs):
        form = super().get_form(request, obj, change=change, **kwargs)
        if not change or request.method != "POST":
            return form
        return type(form)(form.__name__, (VersionForm, form), {"is_versioned": request.opened is not None})

    def changeform_view(self, request, object_id=None, form_url="", extra_context=None):
        obj = self.get_object(request, unquote(object_id)) if object_id else None
        if obj is None or not self.has_change_permission(request, obj):
            return super().changeform_view(request, object_id, form_url, extra_context)
        if request.method != "POST":
            extra = {FIELD: opened_with(obj, form_values(self._blank_form(request, obj)))}
            return super().changeform_view(request, object_id, form_url, {**(extra_context or {}), **extra})
        text = request.POST.get(FIELD, "")
        request.opened = opened = read_opened(text, obj)
        if opened is not None:
            request.POST = merged(request.POST, opened.values)
            if opened.version != obj.version:
                return self._conflict(request, object_id)
        try:
            # A form without its version gets one, so that it can be sent again; a refused one keeps its own.
            extra = {FIELD: text if opened else opened_with(obj, form_values(self._blank_form(request, obj)))}
            return super().changeform_view(request, object_id, form_url, {**(extra_context or {}), **extra})
        except Stale:
            return self._conflict(request, object_id)

    def _blank_form(self, request, obj) -> Any:
        fields = flatten_fieldsets(self.get_fieldsets(request, obj))
        return super().get_form(request, obj, change=True, fields=fields)(instance=obj)

    def _conflict(self, request, object_id):
        """What was typed, what stands now and what the form was opened with, to be merged field by field."""
        obj = self.get_object(request, unquote(object_id))
        told = labels_of(self.model) | self.history_labels, self.tell
        more = {"opts": self.opts, "popup": request.POST.get(IS_POPUP_VAR)}
        return late_save(request, obj, self._blank_form(request, obj), request.opened, told, **more)


class TrailedAdmin(VersionedAdmin):
    """A model without a verb of its own: every save leaves an event, nothing is deleted."""

    untrailed: tuple[str, ...] = ()

    def has_delete_permission(self, request, obj=None):
        return False

    def save_model(self, request, obj, form, change):
        form.before = {}
        if not change:
            return super().save_model(request, obj, form, change)
        if not form.changed_data:
            return None
        take_version(obj, request.opened.version)
        form.before = self._state(self.model._default_manager.get(pk=obj.pk))
        columns = {field.name for field in obj._meta.concrete_fields}
        timed = {field.name for field in obj._meta.concrete_fields if getattr(field, "auto_now", False)}
        obj.save(update_fields=(columns & set(form.changed_data)) | timed)
        return None

    def save_related(self, request, form, formsets, change):
        super().save_related(request, form, formsets, change)
        if change and not form.changed_data:
            return
        action = Event.Action.UPDATED if change else Event.Action.CREATED
        record(form.instance, action, differences(form.before, self._state(form.instance)), by=actor_of(request))

    def _state(self, obj) -> dict:
        """The columns that are edited; related objects by what they are called."""
        fields = [*obj._meta.concrete_fields, *obj._meta.many_to_many]
        edited = [one for one in fields if one.editable and not one.primary_key and one.name not in self.untrailed]
        return {one.name: _said(obj, one) for one in edited}


def _said(obj: Any, field: Any) -> Any:
    if field.many_to_many:
        return sorted(map(str, getattr(obj, field.name).all()))
    value = getattr(obj, field.name)
    return str(value) if field.is_relation and value is not None else value


class ReadOnlyAdmin(HistoryAdmin):
    """A model that is looked at here and written elsewhere."""

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False


class RegisterAdmin(HistoryAdmin):
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


@admin.register(ImportBatch)
class ImportBatchAdmin(ReadOnlyAdmin):
    list_display = (
        "id",
        "page",
        "kind",
        "source",
        "as_of",
        "state",
        "read",
        "created",
        "updated",
        "unchanged",
        "rejected",
    )
    list_filter = ("kind", "state", "source")
    search_fields = ("file_name", "source", "file_hash")
    date_hierarchy = "previewed_at"

    @admin.display(description=_("file"), ordering="file_name")
    def page(self, batch):
        return format_html('<a href="{}">{}</a>', reverse("import", args=[batch.pk]), batch.file_name)


@admin.register(Event)
class EventAdmin(ReadOnlyAdmin):
    list_display = ("at", "actor_name", "channel", "action", "object_type", "object_label", "batch")
    list_filter = ("action", "channel", "object_type")
    search_fields = ("object_label__startswith", "actor_name__startswith")
    list_select_related = ("batch",)
    exclude = ("changes", "reason")
    readonly_fields = ("changed", "why")

    @admin.display(description=_("changes"))
    def changed(self, event):
        return json.dumps(masked(event.changes), ensure_ascii=False)

    @admin.display(description=_("reason"))
    def why(self, event):
        return masked_text(event.reason)


@admin.register(ImportProfile)
class ImportProfileAdmin(TrailedAdmin):
    list_display = ("name", "kind", "shape", "updated_at")
    list_filter = ("kind",)
    readonly_fields = ("shape", "kind")
