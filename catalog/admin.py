"""The catalogue in the back-office. Every save goes through the same verbs as page, API and import."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.shortcuts import redirect
from django.utils.translation import gettext_lazy as _

from directory.admin import OrganizationAdmin
from directory.models import Organization
from records.admin import ReadOnlyAdmin, ReasonForm, TrailedAdmin
from records.trail import actor_of, plain

from . import search
from .editions import VersionConflict, Write, save_edition, void_editions, write_editions
from .forms import TidyField
from .importing import prefix_levels
from .keeping import not_yours, out_of_reach
from .models import Classification, Prefix, QualityFlag, Standard, StandardRelation
from .numbers import NotAStandardNumber, parse
from .states import states_of
from .tokens import QueryTooLong, parse_query


class VoidedFilter(admin.SimpleListFilter):
    """What stands, unless voided records are asked for."""

    title = _("voided")
    parameter_name = "voided"

    def lookups(self, request, model_admin):
        return [("yes", _("Voided")), ("all", _("All"))]

    def choices(self, changelist):
        first, *others = super().choices(changelist)
        return [{**first, "display": _("Standing")}, *others]

    def queryset(self, request, queryset):
        if self.value() == "all":
            return queryset
        return queryset.filter(voided_at__isnull=self.value() != "yes")


class StandardForm(forms.ModelForm):
    """A standard by hand: the number is given once and read by the same parser as everywhere."""

    user: Any = None  # who edits
    number = forms.CharField(label=_("number"), max_length=100)
    title = TidyField(label=_("title"), max_length=500, required=False)
    version_read = forms.IntegerField(widget=forms.HiddenInput, required=False)

    class Meta:
        model = Standard
        fields = (
            "number",
            "title",
            "title_en",
            "scope",
            "department",
            "filing_number",
            "classifications",
            "published_on",
            "published_precision",
            "implemented_on",
            "implemented_precision",
            "withdrawn_on",
            "withdrawn_precision",
            "suspended_on",
            "resumed_on",
            "status_document",
        )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["version_read"].initial = self.instance.version
        if self.instance.pk:
            self.fields["number"].disabled = True

    def clean_number(self):
        text = self.cleaned_data["number"]
        if self.instance.pk:
            return text
        try:
            self.parsed = parse(text, prefix_levels())
        except NotAStandardNumber as refusal:
            raise ValidationError(refusal.reason) from refusal
        if self.parsed.year is None:
            raise ValidationError(_("The number needs its year."))
        if out_of_reach([self.parsed], self.user):
            raise ValidationError(not_yours(self.parsed))
        if Standard.objects.filter(key=self.parsed.key, voided_at__isnull=True).exists():
            raise ValidationError(_("This edition is in the catalogue already."))
        return str(self.parsed)

    def clean(self):
        values = super().clean()
        read = values.get("version_read")
        if self.instance.pk:
            now = Standard.objects.values_list("version", flat=True).get(pk=self.instance.pk)
            if now != read:
                raise ValidationError(
                    _("Somebody changed the record in the meantime. Open it again in another tab and compare.")
                )
        return values


@admin.register(Standard)
class StandardAdmin(admin.ModelAdmin):
    form = StandardForm
    action_form = ReasonForm
    actions = ("void",)
    list_display = ("number", "title", "level", "status_now", "implemented_on", "replaced_on", "is_example")
    list_filter = (VoidedFilter, "level", "nature", "kind", "is_example")
    search_fields = ("number",)
    autocomplete_fields = ("department", "classifications")
    show_full_result_count = False
    list_per_page = 50

    @admin.display(description=_("status"))
    def status_now(self, standard):
        return standard.status_on().label

    def has_change_permission(self, request, obj=None):
        """A voided record is looked at, not edited."""
        return super().has_change_permission(request, obj) and (
            obj is None or Standard.objects.editable_by(request.user).filter(pk=obj.pk).exists()
        )

    def get_form(self, request, obj=None, change=False, **kwargs):
        form = super().get_form(request, obj, change=change, **kwargs)
        form.user = request.user
        return form

    def has_delete_permission(self, request, obj=None):
        return False

    def get_search_results(self, request, queryset, search_term):
        """The product's own search: any spelling of a number, Chinese words, pinyin initials."""
        if not search_term:
            return queryset, False
        try:
            return search.matching(queryset, parse_query(search_term)), False
        except QueryTooLong:
            messages.error(request, _("Search for at most 20 words or 200 characters."))
            return queryset.none(), False

    def save_model(self, request, obj, form, change):
        values = _values(form)
        number, standard = None, None
        if change:
            standard = Standard.objects.get(pk=obj.pk)
            standard.version = form.cleaned_data["version_read"]
        else:
            number = form.parsed
        obj.pk = save_edition(standard, values, by=actor_of(request), number=number).pk

    def changeform_view(self, request, object_id=None, form_url="", extra_context=None):
        """Of two saves of one version the later is told, and finds the record as it is now."""
        try:
            return super().changeform_view(request, object_id, form_url, extra_context)
        except VersionConflict:
            self.message_user(
                request,
                _("Somebody changed the record in the meantime. Open it again in another tab and compare."),
                messages.ERROR,
            )
            return redirect(request.path)

    def save_related(self, request, form, formsets, change):
        """Classifications were written with the standard."""

    @admin.action(permissions=["change"], description=_("Void the chosen records (with a reason)"))
    def void(self, request, queryset):
        reason = request.POST.get("reason", "").strip()
        if not reason:
            self.message_user(request, _("Say why the record is voided."), messages.ERROR)
            return
        try:
            standards = list(queryset.filter(voided_at__isnull=True))
            mine = set(
                Standard.objects.editable_by(request.user)
                .filter(pk__in=[one.pk for one in standards])
                .values_list("pk", flat=True)
            )
            if foreign := [str(standard) for standard in standards if standard.pk not in mine]:
                self.message_user(request, not_yours(*foreign), messages.ERROR)
                return
            void_editions(standards, by=actor_of(request), reason=reason)
            self.message_user(request, _("%(count)s records were voided.") % {"count": len(standards)})
        except VersionConflict as conflict:
            self.message_user(request, str(conflict), messages.ERROR)


def _values(form: StandardForm) -> dict:
    """What the form says by the names of `catalog.states`."""
    cleaned = form.cleaned_data
    own = {name: plain(cleaned[name]) for name in StandardForm.Meta.fields if name not in ("number", "classifications")}
    own["department"] = cleaned["department"].name if cleaned["department"] else ""
    for scheme in ("ics", "ccs"):
        own[scheme] = sorted(one.code for one in cleaned["classifications"] if one.scheme == scheme)
    return own


class RelationForm(forms.ModelForm):
    """A relation between two standards of the catalogue."""

    class Meta:
        model = StandardRelation
        fields = ("source", "kind", "target", "degree", "locality")

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for name in ("source", "target"):
            if name in self.fields:
                self.fields[name].required = True

    def clean(self):
        values = super().clean()
        source, target = values.get("source"), values.get("target")
        if source and target and source == target:
            raise ValidationError(_("A standard cannot be related to itself."))
        if values.get("degree") and values.get("kind") != StandardRelation.Kind.ADOPTS:
            raise ValidationError({"degree": _("Only an adoption has a degree.")})
        if source and target and self._stored(source, values.get("kind"), target):
            raise ValidationError(_("This relation is on record already."))
        return values

    def _stored(self, source, kind, target) -> bool:
        found = StandardRelation.objects.filter(source_key=source.key, kind=kind, target_key=target.key)
        return found.filter(voided_at__isnull=True, inferred=False).exists()


@admin.register(StandardRelation)
class StandardRelationAdmin(admin.ModelAdmin):
    """Relations are added and voided, not changed: the trail then says what was believed when."""

    form = RelationForm
    actions = ("void",)
    list_display = ("source_number", "kind", "target_number", "degree", "inferred", "voided_at")
    list_filter = (
        "kind",
        "inferred",
        VoidedFilter,
        ("target", admin.EmptyFieldListFilter),
    )
    search_fields = ("source_number__startswith", "target_number__startswith")
    autocomplete_fields = ("source", "target")
    show_full_result_count = False

    def has_change_permission(self, request, obj=None):
        return obj is None and super().has_change_permission(request, obj)

    def has_delete_permission(self, request, obj=None):
        return False

    def save_model(self, request, obj, form, change):
        fact = [
            obj.source.key,
            obj.kind,
            obj.target.key,
            obj.source.number,
            obj.target.number,
            obj.degree,
            obj.locality,
        ]
        _relate(obj.source, lambda facts: sorted([*facts, fact]), request)
        stored = StandardRelation.objects.filter(source_key=fact[0], kind=fact[1], target_key=fact[2])
        obj.pk = stored.values_list("pk", flat=True).get(voided_at__isnull=True)

    @admin.action(permissions=["add"], description=_("Void the chosen relations"))
    def void(self, request, queryset):
        for one in queryset.filter(voided_at__isnull=True, inferred=False).select_related("source", "target"):
            ends = (one.source_key, one.kind, one.target_key)
            standard = one.source or one.target
            if standard:
                _relate(standard, lambda facts, ends=ends: [fact for fact in facts if tuple(fact[:3]) != ends], request)


def _relate(standard: Standard, change, request) -> None:
    """Write a standard with its relations changed."""
    before = states_of([standard])[standard.pk]
    facts = change(before.get("relations", []))
    after = {name: value for name, value in before.items() if name != "relations"} | (
        {"relations": facts} if facts else {}
    )
    write_editions([Write(after, standard=standard, before=before)], by=actor_of(request))


class IndexedOrganizationAdmin(OrganizationAdmin):
    """A department's name is part of what its standards are found by."""

    def save_model(self, request, obj, form, change):
        super().save_model(request, obj, form, change)
        if "name" in form.changed_data:
            search.index(Standard.objects.filter(department=obj, voided_at__isnull=True))


admin.site.unregister(Organization)
admin.site.register(Organization, IndexedOrganizationAdmin)


@admin.register(Prefix)
class PrefixAdmin(TrailedAdmin):
    list_display = ("code", "name", "level", "department", "valid_from", "valid_to", "successor")
    list_filter = ("level",)
    search_fields = ("code", "name", "department")
    list_select_related = ("successor",)
    autocomplete_fields = ("successor",)


@admin.register(Classification)
class ClassificationAdmin(TrailedAdmin):
    list_display = ("code", "scheme", "name", "name_en", "parent")
    list_filter = ("scheme",)
    search_fields = ("code__startswith", "name", "name_en")
    list_select_related = ("parent",)
    autocomplete_fields = ("parent",)

    def get_readonly_fields(self, request, obj=None):
        """A code that standards bear is given once."""
        return ("scheme", "code") if obj else ()


@admin.register(QualityFlag)
class QualityFlagAdmin(ReadOnlyAdmin):
    """Flags are settled on their own page, with the reason."""

    list_display = ("standard", "kind", "subject", "opened_at", "settled_at", "settled_by")
    list_filter = ("kind", ("settled_at", admin.EmptyFieldListFilter))
    search_fields = ("standard__number__startswith",)
    list_select_related = ("standard", "settled_by")
