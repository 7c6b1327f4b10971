"""The catalogue in the back-office. Every save goes through the same verbs as page, API and import."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from directory.access import is_within
from records.admin import (
    HistoryAdmin,
    ReadOnlyAdmin,
    ReasonForm,
    RegisterAdmin,
    TrailedAdmin,
    VersionedAdmin,
    not_done,
)
from records.form_fields import TidyField
from records.history import seen_by
from records.models import Event
from records.trail import actor_of, plain

from . import search
from .editions import LABEL, VersionConflict, save_edition, void_editions
from .importing import prefix_levels
from .keeping import is_in_scope, not_yours, out_of_reach
from .models import Care, Classification, Contribution, Prefix, QualityFlag, Standard, StandardRelation
from .models.standard import overseen
from .numbers import NotAStandardNumber, parse
from .relating import relate, take_back_relations
from .telling import tell_standard
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


@admin.register(Standard)
class StandardAdmin(VersionedAdmin):
    form = StandardForm
    action_form = ReasonForm
    actions = ("void",)
    list_display = ("number", "title", "level", "status_now", "implemented_on", "replaced_on", "is_example")
    list_filter = (VoidedFilter, "level", "nature", "kind", "is_example")
    search_fields = ("number",)
    autocomplete_fields = ("department", "classifications")
    list_per_page = 50

    def get_queryset(self, request):
        """What was voided is shown to those who kept it."""
        return super().get_queryset(request).filter(Q(voided_at__isnull=True) | overseen(request.user))

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

    def is_in_scope(self, request, obj):
        return is_in_scope(request.user, obj)

    def tell(self, name, before, after):
        return tell_standard(name, before, after)

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
            standard.version = request.opened.version
        else:
            number = form.parsed
        obj.pk = save_edition(standard, values, by=actor_of(request), number=number).pk

    def save_related(self, request, form, formsets, change):
        """Classifications were written with the standard."""

    @admin.action(permissions=["change"], description=_("Void the chosen records (with a reason)"))
    def void(self, request, queryset):
        reason = request.POST.get("reason", "").strip()
        if not reason:
            return not_done(self, request, _("Say why the record is voided."))
        standards = list(queryset.filter(voided_at__isnull=True))
        mine = _editable(request.user, standards)
        if foreign := [str(standard) for standard in standards if standard.pk not in mine]:
            return not_done(self, request, not_yours(*foreign))
        try:
            void_editions(standards, by=actor_of(request), reason=reason)
        except VersionConflict as conflict:
            return not_done(self, request, _("Changed in the meantime: %(numbers)s") % {"numbers": conflict})
        self.message_user(request, _("%(count)s records were voided.") % {"count": len(standards)})
        return None


def _editable(user: Any, standards: Iterable[Standard | None]) -> set[int]:
    """The ids of those standards that an account keeps."""
    ids = [one.pk for one in standards if one]
    return set(Standard.objects.editable_by(user).filter(pk__in=ids).values_list("pk", flat=True))


def _values(form: StandardForm) -> dict:
    """What the form says by the names of `catalog.states`."""
    cleaned = form.cleaned_data
    own = {name: plain(cleaned[name]) for name in StandardForm.Meta.fields if name not in ("number", "classifications")}
    own["department"] = cleaned["department"].name if cleaned["department"] else ""
    for scheme in ("ics", "ccs"):
        own[scheme] = sorted(one.code for one in cleaned["classifications"] if one.scheme == scheme)
    return own


# Kinds that end the other standard.
ENDING = (StandardRelation.Kind.REPLACES, StandardRelation.Kind.PARTLY_REPLACES)


class RelationForm(forms.ModelForm):
    """A relation between two standards of the catalogue: whoever states it keeps the one, and the other where it ends by it."""

    user: Any = None

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
        changed = [source, target] if values.get("kind") in ENDING else [source]
        mine = _editable(self.user, changed)
        if foreign := [str(one) for one in changed if one and one.pk not in mine]:
            raise ValidationError(not_yours(*foreign))
        if source and target and self._stored(source, values.get("kind"), target):
            raise ValidationError(_("This relation is on record already."))
        return values

    def _stored(self, source, kind, target) -> bool:
        found = StandardRelation.objects.filter(source_key=source.key, kind=kind, target_key=target.key)
        return found.filter(voided_at__isnull=True, inferred=False).exists()


@admin.register(StandardRelation)
class StandardRelationAdmin(HistoryAdmin):
    """Relations are added and taken back with a reason, not changed."""

    form = RelationForm
    action_form = ReasonForm
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

    def get_queryset(self, request):
        """What was voided is shown to those who keep the standard it began at."""
        return super().get_queryset(request).filter(Q(voided_at__isnull=True) | overseen(request.user, "source__"))

    def has_change_permission(self, request, obj=None):
        return obj is None and super().has_change_permission(request, obj)

    def has_delete_permission(self, request, obj=None):
        return False

    def get_form(self, request, obj=None, change=False, **kwargs):
        form = super().get_form(request, obj, change=change, **kwargs)
        form.user = request.user
        return form

    def save_model(self, request, obj, form, change):
        words = {"degree": obj.degree, "locality": obj.locality}
        obj.pk = relate(obj.source, obj.kind, obj.target, by=actor_of(request), **words).pk

    def history_of(self, request, obj):
        """What the trail says of the standards it joins, where it names this relation."""
        ids = [pk for pk in (obj.source_id, obj.target_id) if pk]
        events = Event.objects.filter(object_type=LABEL, object_id__in=ids, changes__has_key="relations")
        return seen_by(events, request.user, in_scope=all(is_in_scope(request.user, one) for one in _ends(obj)))

    def tell(self, name, before, after):
        return tell_standard(name, before, after) if name == "relations" else []

    @admin.action(permissions=["add"], description=_("Void the chosen relations (with a reason)"))
    def void(self, request, queryset):
        reason = request.POST.get("reason", "").strip()
        if not reason:
            return not_done(self, request, _("Say why the relation is taken back."))
        chosen = list(queryset.select_related("source", "target"))
        changed = [one for relation in chosen for one in _ends(relation)[: 2 if relation.kind in ENDING else 1]]
        mine = _editable(request.user, changed)
        if foreign := sorted({str(one) for one in changed if one.pk not in mine}):
            return not_done(self, request, not_yours(*foreign))
        count = take_back_relations(chosen, by=actor_of(request), reason=reason)
        self.message_user(request, _("%(count)s relations were taken back.") % {"count": count})
        return None


def _ends(relation: StandardRelation) -> list[Standard]:
    """The standards of the catalogue that a relation joins, its source first."""
    return [one for one in (relation.source, relation.target) if one]


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

    def get_queryset(self, request):
        return super().get_queryset(request).visible_to(request.user)

    def tell(self, name, before, after):
        return tell_standard(name, before, after)


@admin.register(Care)
class CareAdmin(RegisterAdmin):
    list_display = ("standard", "committee", "role")
    list_filter = ("role",)
    search_fields = ("standard__number", "committee__number")

    def is_in_scope(self, request, obj):
        return is_in_scope(request.user, obj.standard)


@admin.register(Contribution)
class ContributionAdmin(ReadOnlyAdmin):
    """Looked at here; a list is changed as a whole, on its standard's page."""

    list_display = ("standard", "rank", "printed_name", "printed_role", "organization", "verified_at", "is_example")
    list_filter = (VoidedFilter, "role", "recognised", "is_example")
    list_select_related = ("standard", "organization")
    search_fields = ("standard__number", "printed_name")
    list_per_page = 50

    def get_queryset(self, request):
        """What was voided, or is of a voided standard, is shown to those who kept the standard."""
        stands = Q(voided_at__isnull=True, standard__voided_at__isnull=True)
        return super().get_queryset(request).filter(stands | overseen(request.user, "standard__"))

    def is_in_scope(self, request, obj):
        """Its history is that of the organization's division, and without one of the standard's."""
        if obj.organization is None:
            return is_in_scope(request.user, obj.standard)
        return is_within(request.user, obj.organization.region)
