"""Form fields of a view's address: days, years, words, columns, ticked rows."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from .columns import COLUMNS
from .tokens import QueryTooLong, parse_query

MOST_ROWS = 100  # that can be ticked: a page of the largest size, and an address of a length every server takes


class YearsField(forms.Field):
    """A year, or a range of years: 2020, 2020-2024."""

    def to_python(self, value):
        if value in self.empty_values:
            return None
        first, _dash, last = str(value).partition("-")
        if not (_is_year(first) and (not last or (_is_year(last) and first <= last))):
            raise ValidationError(
                _("“%(value)s” is not a year (2020) or a range of years (2020-2024)."), params={"value": value}
            )
        return int(first), int(last or first)


def _is_year(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) == 4


class WordsField(forms.CharField):
    """A visitor's words as a `Query`."""

    def to_python(self, value):
        text = super().to_python(value)
        if "\x00" in text:
            raise ValidationError(_("The search holds a character that cannot be searched for."))
        try:
            return parse_query(text)
        except QueryTooLong as error:
            raise ValidationError(_("Search for at most 20 words or 200 characters.")) from error


class ListField(forms.Field):
    """Values that are repeated in the address, or stand in one, with commas between them."""

    widget = forms.MultipleHiddenInput

    def to_python(self, value):
        texts = value if isinstance(value, list) else [value or ""]
        return list(dict.fromkeys(one for text in texts for one in text.split(",") if one))


class ColumnsField(ListField):
    """Names of columns, in the order in which they are shown; none where nobody chose."""

    def to_python(self, value):
        names = super().to_python(value)
        if unknown := [name for name in names if name not in COLUMNS]:
            raise ValidationError(_("There is no column called “%(name)s”."), params={"name": unknown[0]})
        return names


class RowsField(ListField):
    """The numbers of ticked rows."""

    def to_python(self, value):
        texts = super().to_python(value)
        if wrong := [text for text in texts if not _is_number(text)]:
            raise ValidationError(_("“%(value)s” is not a row's number."), params={"value": wrong[0]})
        if len(texts) > MOST_ROWS:
            raise ValidationError(_("At most %(most)s rows can be ticked."), params={"most": MOST_ROWS})
        return [int(text) for text in texts]


class NumberField(forms.Field):
    """The number of a record, as an address has it."""

    def to_python(self, value):
        if value in self.empty_values:
            return None
        if not _is_number(value):
            raise ValidationError(_("“%(value)s” is not a number."), params={"value": value})
        return int(value)


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) < 19
