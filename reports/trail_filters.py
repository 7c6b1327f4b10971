"""What the auditor asks the trail, by page, API and export alike."""

from datetime import datetime, time, timedelta
from typing import Any

import django_filters as filters
from django import forms
from django.apps import apps
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils import timezone
from django.utils.functional import lazy
from django.utils.translation import gettext_lazy as _

from directory.models import Region, Role, User
from records.models import Event, EventQuerySet
from records.view_filters import ViewFilterSet

OWN = ("records", "directory", "catalog", "pilots", "reports")
LARGEST_ID = 2**63 - 1
EVERYDAY = (Event.Action.CREATED, Event.Action.UPDATED)


def kinds_of_object() -> list[tuple[str, str]]:
    """Every kind of object that the trail may tell of, by what people call it."""
    models = [model for model in apps.get_models() if model._meta.app_label in OWN]
    return sorted(
        ((model._meta.label_lower, str(model._meta.verbose_name)) for model in models), key=lambda one: one[1]
    )


class DivisionField(forms.CharField):
    """A division's code, as the paths it has had."""

    def clean(self, value: Any) -> list[str]:
        code = super().clean(value)
        paths = sorted(set(Region.objects.with_code(code).values_list("path", flat=True))) if code else []
        if code and not paths:
            raise ValidationError(_("There is no division with this code."))
        return paths


class AccountField(forms.CharField):
    """An account's name, or the full name of who holds it."""

    def clean(self, value: Any) -> list[int]:
        name = super().clean(value)
        found = (
            list(User.objects.filter(Q(username=name) | Q(full_name=name)).values_list("pk", flat=True)[:100])
            if name
            else []
        )
        if name and not found:
            raise ValidationError(_("No account has this name."))
        return found


class DivisionFilter(filters.Filter):
    field_class = DivisionField


class AccountFilter(filters.Filter):
    field_class = AccountField


class NumberFilter(filters.Filter):
    field_class = forms.IntegerField

    def __init__(self, **options: Any) -> None:
        super().__init__(**options, min_value=0, max_value=LARGEST_ID)


class TrailFilter(ViewFilterSet):
    """Each part narrows what is found; `qs` comes newest first."""

    q = filters.CharFilter(method="of_label", label=_("Object"), max_length=200)
    anywhere = filters.BooleanFilter(
        method="keep", label=_("anywhere in its name, not only at the beginning"), widget=forms.CheckboxInput
    )
    object_type = filters.ChoiceFilter(
        choices=lazy(kinds_of_object, list), label=_("Kind of object"), empty_label=_("all")
    )
    object_id = NumberFilter(field_name="object_id", label=_("Object's number"))
    actor = AccountFilter(method="by_actor", label=_("Account"), max_length=150)
    role = filters.ChoiceFilter(choices=Role.choices, label=_("Role"), empty_label=_("all"))
    division = DivisionFilter(method="in_division", label=_("Division's code, with all below it"), max_length=6)
    action = filters.ChoiceFilter(
        method="of_action", choices=Event.Action.choices, label=_("Action"), empty_label=_("all")
    )
    channel = filters.ChoiceFilter(choices=Event.Channel.choices, label=_("From where"), empty_label=_("all"))
    address = filters.CharFilter(method="that_says", label=_("Address"), max_length=45)
    request_id = filters.CharFilter(method="that_says", label=_("Request number"), max_length=36)
    document = filters.CharFilter(method="that_says", label=_("Under which document"), max_length=200)
    batch = NumberFilter(field_name="batch_id", label=_("Import batch"))
    from_on = filters.DateFilter(
        method="since", label=_("From day"), widget=forms.DateInput({"type": "date"}, "%Y-%m-%d")
    )
    to_on = filters.DateFilter(method="until", label=_("To day"), widget=forms.DateInput({"type": "date"}, "%Y-%m-%d"))

    beside = frozenset({"cursor", "page_size", "format"})

    class Meta:
        model = Event
        fields: list[str] = []

    @property
    def asked(self) -> dict[str, str]:
        """What narrows the view, as it was typed."""
        return {name: self.data[name] for name in self.filters if self.data.get(name)}

    def keep(self, queryset: EventQuerySet, name: str, value: Any) -> EventQuerySet:
        return queryset

    def of_label(self, queryset: EventQuerySet, name: str, value: str) -> EventQuerySet:
        if self.form.cleaned_data["anywhere"]:
            return queryset.filter(object_label__icontains=value)
        return queryset.labelled(value)

    def by_actor(self, queryset: EventQuerySet, name: str, value: list[int]) -> EventQuerySet:
        return queryset.filter(actor_id=value[0]) if len(value) == 1 else queryset.filter(actor_id__in=value)

    def in_division(self, queryset: EventQuerySet, name: str, value: list[str]) -> EventQuerySet:
        if len(value) == 1:
            return queryset.in_division(value[0])
        found = queryset.none()
        for path in value:
            found |= Event.objects.in_division(path)
        return queryset & found

    def of_action(self, queryset: EventQuerySet, name: str, value: str) -> EventQuerySet:
        return queryset.filter(action=value) if value in EVERYDAY else queryset.rarely(value)

    def that_says(self, queryset: EventQuerySet, name: str, value: str) -> EventQuerySet:
        return queryset.stated(**{name: value})

    def since(self, queryset: EventQuerySet, name: str, value: Any) -> EventQuerySet:
        return queryset.filter(at__gte=midnight(value))

    def until(self, queryset: EventQuerySet, name: str, value: Any) -> EventQuerySet:
        return queryset.filter(at__lt=midnight(value) + timedelta(days=1))


def midnight(day: Any) -> datetime:
    return timezone.make_aware(datetime.combine(day, time()))
