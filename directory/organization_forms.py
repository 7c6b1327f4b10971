"""Forms of an organization's own pages: renaming, contact, merging, splitting, telling apart."""

import re
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from records.form_fields import DayField, TidyField

from .access import placed_below
from .contacts import Contact
from .duplicates import Reason
from .models import Organization, Region, full_code
from .resolving import resolve_names
from .splitting import NewOrganization

CODE = RegexValidator(r"^\d\d(\d\d(\d\d)?)?\Z", gettext_lazy("“%(value)s” is not a code of this kind."), flags=re.ASCII)


class Versioned(forms.Form):
    """A form that knows which version of the organization its reader saw."""

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=1)


class RenameForm(Versioned):
    name = TidyField(label=gettext_lazy("New legal name"), max_length=200)
    on = DayField(label=gettext_lazy("From which day on"))
    document = TidyField(label=gettext_lazy("Under which document"), max_length=200, required=False)
    reason = TidyField(label=gettext_lazy("Why"), max_length=200, required=False)


class ContactForm(Versioned):
    contact_person = TidyField(label=gettext_lazy("contact person"), max_length=50, required=False)
    contact_phone = TidyField(label=gettext_lazy("contact phone"), max_length=50, required=False)

    @property
    def contact(self) -> Contact:
        return Contact(self.cleaned_data["contact_person"], self.cleaned_data["contact_phone"])


class OtherField(TidyField):
    """Another organization, by one of its names, its credit code or its number on record (#12)."""

    def clean(self, value):
        text = super().clean(value)
        return self._found(text) if text else None

    def _found(self, text: str) -> Organization:
        number = text.removeprefix("#")
        if number.isascii() and number.isdigit() and len(number) < 18 and number != text:
            if found := Organization.objects.standing().filter(pk=int(number)).first():
                return found
            raise ValidationError(_("There is no organization %(number)s."), params={"number": text})
        meant = resolve_names([text])[text]
        if meant.organization is not None:
            return Organization.objects.get(pk=meant.organization)
        if meant.is_unknown:
            raise ValidationError(_("No organization on record is called “%(name)s”."), params={"name": text})
        candidates = "；".join(f"#{one.pk} {one.text}" for one in meant.candidates[:5])
        raise ValidationError(
            _("This may be one of several; write its number: %(candidates)s"), params={"candidates": candidates}
        )


class MergeForm(Versioned):
    """What is merged into what, since when and why."""

    into = OtherField(
        label=gettext_lazy("Into which organization"),
        help_text=gettext_lazy("One of its names, its credit code, or its number (#12)."),
        max_length=200,
    )
    on = DayField(
        label=gettext_lazy("Day on which the two became one"),
        help_text=gettext_lazy("Leave blank where it is one body that was recorded twice."),
        required=False,
    )
    reason = TidyField(label=gettext_lazy("Why"), max_length=200)
    document = TidyField(label=gettext_lazy("Under which document"), max_length=200, required=False)
    into_version = forms.IntegerField(widget=forms.HiddenInput, min_value=0, required=False)


class SplitForm(Versioned):
    """What is taken out of an organization, and to which other one it belongs."""

    into = OtherField(
        label=gettext_lazy("To an organization on record"),
        help_text=gettext_lazy(
            "One of its names, its credit code, or its number (#12). Leave blank to make a new one."
        ),
        max_length=200,
        required=False,
    )
    new_name = TidyField(label=gettext_lazy("Or to a new one of this name"), max_length=200, required=False)
    new_kind = forms.ChoiceField(
        label=gettext_lazy("Kind of the new one"), choices=Organization.Kind.choices, initial=Organization.Kind.OTHER
    )
    reason = TidyField(label=gettext_lazy("Why"), max_length=200)
    document = TidyField(label=gettext_lazy("Under which document"), max_length=200, required=False)
    into_version = forms.IntegerField(widget=forms.HiddenInput, min_value=0, required=False)

    def clean(self) -> dict[str, Any]:
        told = super().clean() or {}
        if not self.errors and bool(told["into"]) == bool(told["new_name"]):
            raise ValidationError(_("Name either an organization on record or a new one."))
        return told

    @property
    def new(self) -> NewOrganization | None:
        told = self.cleaned_data
        return NewOrganization(told["new_name"], told["new_kind"]) if told["new_name"] else None


class ReasonForm(forms.Form):
    reason = TidyField(label=gettext_lazy("Why"), max_length=200)


class DuplicatesForm(forms.Form):
    """Which pairs that may be one body are looked at."""

    reason = forms.TypedChoiceField(
        label=gettext_lazy("Why"),
        choices=[("", "—"), *Reason.choices],
        coerce=lambda value: Reason(int(value)),
        empty_value=None,
        required=False,
    )
    kind = forms.ChoiceField(
        label=gettext_lazy("kind"), choices=[("", "—"), *Organization.Kind.choices], required=False
    )
    region = forms.CharField(
        label=gettext_lazy("Division code, with all below it"), max_length=6, required=False, validators=[CODE]
    )
    page = forms.IntegerField(widget=forms.HiddenInput, min_value=1, max_value=10_000, required=False)

    def clean_page(self) -> int:
        return self.cleaned_data["page"] or 1

    def narrowed(self, organizations: Any) -> Any:
        asked = self.cleaned_data
        if asked["kind"]:
            organizations = organizations.filter(kind=asked["kind"])
        if asked["region"]:
            paths = Region.objects.filter(code=full_code(asked["region"])).values_list("path", flat=True)
            organizations = organizations.filter(placed_below(paths, "region"))
        return organizations


class ApartForm(forms.Form):
    one, other = forms.IntegerField(), forms.IntegerField()
    reason = TidyField(max_length=200)


def chosen_rows(values: list[str]) -> dict[str, set[int]]:
    """Ticked rows (`catalog.standard:12`) by table. Raises `ValidationError` for what no page sends."""
    chosen: dict[str, set[int]] = {}
    for value in values:
        table, _colon, number = value.partition(":")
        if not (number.isascii() and number.isdigit() and len(number) < 18):
            raise ValidationError(_("“%(value)s” is no row."), params={"value": value})
        chosen.setdefault(table, set()).add(int(number))
    return chosen
