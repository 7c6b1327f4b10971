"""The back-office's view of what was done: batches and the trail are read, never edited."""

import json

from django import forms
from django.contrib import admin
from django.contrib.admin.helpers import ActionForm
from django.forms.models import model_to_dict
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from .masking import masked, masked_text
from .models import Event, ImportBatch, ImportProfile
from .trail import actor_of, differences, record


class ReasonForm(ActionForm):
    reason = forms.CharField(label=_("Reason"), required=False, max_length=200)


class TrailedAdmin(admin.ModelAdmin):
    """A model edited in the back-office: every save leaves an event, nothing is deleted."""

    untrailed: tuple[str, ...] = ()
    show_full_result_count = False

    def has_delete_permission(self, request, obj=None):
        return False

    def save_model(self, request, obj, form, change):
        before = self._state(self.model._default_manager.get(pk=obj.pk)) if change else {}
        super().save_model(request, obj, form, change)
        changes = differences(before, self._state(obj))
        action = Event.Action.UPDATED if change else Event.Action.CREATED
        record(obj, action, changes, by=actor_of(request))

    def _state(self, obj) -> dict:
        many = {field.name for field in obj._meta.many_to_many}
        return {
            name: value for name, value in model_to_dict(obj).items() if name not in many and name not in self.untrailed
        }


class ReadOnlyAdmin(admin.ModelAdmin):
    """A model that is looked at here and written elsewhere."""

    show_full_result_count = False

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False


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
