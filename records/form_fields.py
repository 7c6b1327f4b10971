"""Form fields for what people type: days in any spelling, text without what no record may hold."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from tabular.dates import parse_date
from tabular.errors import NotADate
from tabular.text import clean_text, has_forbidden_characters


class DayField(forms.Field):
    """A day in any of the forms people write (2024-1-5, 2024年1月5日, 20240105)."""

    def to_python(self, value):
        if value in self.empty_values:
            return None
        try:
            day = parse_date(value)
        except NotADate as error:
            raise ValidationError(_("“%(value)s” is not a day."), params={"value": value}) from error
        if day is None or day.precision != "day":
            raise ValidationError(_("“%(value)s” is not a day."), params={"value": value})
        return day.start


class TidyField(forms.CharField):
    """Text tidied as records keep it; control characters are refused."""

    def to_python(self, value):
        text = clean_text(super().to_python(value))
        if has_forbidden_characters(text):
            raise ValidationError(_("Control characters are not allowed in the text."))
        return text
