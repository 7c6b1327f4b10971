"""The form of a kind of record: what is typed is read as a file's cells are."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _

from .conflicts import VersionForm
from .form_fields import TidyField
from .registers import Item, Register, natural, read_rows
from .remarks import say
from .versions import Opened


class RegisterForm(forms.Form):
    """One record: every item of its register, and why and under which document it is written.

    `given` is what a link to an empty form says of the new record, by the names of items.
    """

    def __init__(
        self, register: Register, data: Any = None, *, record: Any = None, given: Mapping[str, str] | None = None
    ) -> None:
        names = {item.name for item in register.items}
        told = {name: value for name, value in (given or {}).items() if name in names}
        super().__init__(data, initial=_initial(register, record) | told)
        self.register = register
        for item in register.items:
            self.fields[item.name] = _field(register, item)
        self.fields["reason"] = TidyField(label=_("Why"), max_length=200, required=False)
        self.fields["document"] = TidyField(label=_("Under which document"), max_length=200, required=False)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        cells = {item.name: cleaned.get(item.name) for item in self.register.items if item.name not in self.errors}
        reading = read_rows(self.register, [cells], clearing=True)[0]
        for note in reading.problems:
            self.add_error(note.field, say(note))
        cleaned["values"] = reading.values
        return cleaned

    def refuse(self, refusal: ValidationError) -> None:
        """Tell what the verb had against it, at the field where it knows one."""
        if not hasattr(refusal, "error_dict"):
            self.add_error(None, refusal)
            return
        for name, errors in refusal.error_dict.items():
            self.add_error(name if name in self.fields else None, errors)


class AmendForm(VersionForm, RegisterForm):
    """A record that is changed: not without the version it was opened with."""

    def __init__(self, register: Register, data: Any = None, *, record: Any, opened: Opened | None = None) -> None:
        super().__init__(register, data, record=record)
        self.is_versioned = opened is not None


class VoidForm(forms.Form):
    """Why a record is taken out of what stands."""

    reason = TidyField(label=_("Why it is voided"), max_length=200)


def _initial(register: Register, record: Any) -> dict[str, Any]:
    return {} if record is None else natural(register, [register.state_of(record)])[0]


def _field(register: Register, item: Item) -> forms.Field:
    field = register.field(item.name)
    common = {"label": field.verbose_name, "required": item.required, "help_text": item.help or field.help_text}
    if field.choices:
        blank = [] if item.required else [("", "—")]
        return forms.ChoiceField(choices=[*blank, *field.flatchoices], **common)
    if isinstance(field, models.BooleanField):
        return forms.BooleanField(**common | {"required": False})
    if isinstance(field, models.TextField) and not isinstance(field, models.CharField):
        return forms.CharField(widget=forms.Textarea(attrs={"rows": 3}), **common)
    return forms.CharField(**common)
