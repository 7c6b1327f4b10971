"""What a typed or imported cell says, by the field of the model that it is for.

Form, API and import read alike: a choice by its value or its word in any of the product's languages, a day in any
spelling and to the precision it is known, another record by what people call it.
"""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any, NamedTuple

from django.conf import settings
from django.db import models
from django.utils import translation
from django.utils.translation import gettext_noop

from tabular.dates import BLANKS, parse_date
from tabular.errors import NotADate
from tabular.text import clean_text, has_forbidden_characters

UNKNOWN_CHOICE = gettext_noop("“{value}” is none of: {choices}")
NOT_A_NUMBER = gettext_noop("“{value}” is not a whole number from 0 on")
NOT_AN_AMOUNT = gettext_noop("“{value}” is not a number")
NOT_YES_OR_NO = gettext_noop("“{value}” is neither yes nor no")
TOO_LONG = gettext_noop("The text has {length} characters; {limit} are the most")
FORBIDDEN = gettext_noop("Control characters are not allowed in the text.")
NO_SUCH = gettext_noop("There is no “{value}” on record")
SEVERAL = gettext_noop("“{value}” may be any of: {candidates}")
ONLY_A_DAY = gettext_noop("“{value}” is not a full day")

YES = frozenset(["是", "有", "y", "yes", "true", "1", "√", "✓", "对"])
NO = frozenset(["否", "无", "n", "no", "false", "0", "×", "非"])


class Unreadable(Exception):
    """A cell that does not say what its field needs; a template to translate and its parameters."""

    def __init__(self, message: str, **params: Any) -> None:
        super().__init__(message.format(**params))
        self.message = message
        self.params = params


class Named(NamedTuple):
    """A record as people choose it among others."""

    pk: int
    text: str


@dataclass(frozen=True)
class Reference:
    """How people name a record of another table.

    `find` takes texts and gives for each the records it may mean: none, one or several; `shown` gives the text by which a
    record is found again. Both ask a constant number of queries however many there are.
    """

    find: Callable[[Collection[str]], Mapping[str, list[Named]]]
    shown: Callable[[Collection[int]], Mapping[int, str]]


def is_blank(raw: Any) -> bool:
    return raw is None or (isinstance(raw, str) and not raw.strip())


def read_cell(field: models.Field, raw: Any, also: Mapping[str, str]) -> dict[str, Any]:
    """What a cell says: values by field name, as JSON keeps them. `also` gives further words for a choice.

    A day brings its precision where the model keeps one. Raises `Unreadable`.
    """
    if field.choices:
        return {field.name: _choice(field, clean_text(raw), also)}
    for kind, read in READERS:
        if isinstance(field, kind):
            return read(field, raw)
    raise TypeError(f"No cell is read for {field}")


def blank_of(field: models.Field) -> dict[str, Any]:
    """What stands where nothing is said."""
    text = isinstance(field, models.CharField | models.TextField) and not field.null
    empty = field.get_default() if field.has_default() else "" if text else None
    return {field.name: empty} | ({precision_of(field): "day"} if has_precision(field) else {})


def precision_of(field: models.Field) -> str:
    return f"{field.name.removesuffix('_on')}_precision"


def has_precision(field: models.Field) -> bool:
    return isinstance(field, models.DateField) and any(
        other.name == precision_of(field) for other in field.model._meta.concrete_fields
    )


def _choice(field: models.Field, text: str, also: Mapping[str, str]) -> Any:
    words = choice_words(field) | dict(also)
    if (value := words.get(text.casefold())) is None:
        shown = "、".join(str(label) for _value, label in field.flatchoices)
        raise Unreadable(UNKNOWN_CHOICE, value=text, choices=shown)
    return value


def choice_words(field: models.Field) -> dict[str, Any]:
    """The words for each choice, in every language of the product, in small letters."""
    words: dict[str, Any] = {}
    for language, _name in settings.LANGUAGES:
        with translation.override(language):
            words |= {str(label).casefold(): value for value, label in field.flatchoices}
    return words | {str(value).casefold(): value for value, _label in field.flatchoices}


def _day(field: models.Field, raw: Any) -> dict[str, Any]:
    try:
        day = parse_date(raw)
    except NotADate as error:
        raise Unreadable(error.message, **error.params) from error
    if day is None:
        return blank_of(field)
    if has_precision(field):
        return {field.name: day.start.isoformat(), precision_of(field): day.precision}
    if day.precision != "day":
        raise Unreadable(ONLY_A_DAY, value=clean_text(raw))
    return {field.name: day.start.isoformat()}


def _whole(field: models.Field, raw: Any) -> dict[str, Any]:
    text = clean_text(raw).removesuffix("年") if not isinstance(raw, bool) else ""
    if text.casefold() in BLANKS:
        return blank_of(field)
    if not (text.isascii() and text.isdigit() and len(text) <= 9):
        raise Unreadable(NOT_A_NUMBER, value=clean_text(raw))
    return {field.name: int(text)}


def _amount(field: models.Field, raw: Any) -> dict[str, Any]:
    text = clean_text(raw).replace(",", "")
    try:
        value = Decimal(text)
    except InvalidOperation as error:
        raise Unreadable(NOT_AN_AMOUNT, value=text) from error
    if not value.is_finite() or abs(value) >= 10**15:
        raise Unreadable(NOT_AN_AMOUNT, value=text)
    return {field.name: str(value)}


def _yes_or_no(field: models.Field, raw: Any) -> dict[str, Any]:
    text = clean_text(raw).casefold()
    if text in YES or text in NO:
        return {field.name: text in YES}
    raise Unreadable(NOT_YES_OR_NO, value=clean_text(raw))


def _text(field: models.Field, raw: Any) -> dict[str, Any]:
    text = clean_text(raw)
    if has_forbidden_characters(text):
        raise Unreadable(FORBIDDEN)
    limit = field.max_length
    if limit is not None and len(text) > limit:
        raise Unreadable(TOO_LONG, length=len(text), limit=limit)
    return {field.name: text}


READERS: tuple[tuple[type[models.Field], Callable[[Any, Any], dict[str, Any]]], ...] = (
    (models.DateField, _day),
    (models.IntegerField, _whole),
    (models.DecimalField, _amount),
    (models.BooleanField, _yes_or_no),
    (models.CharField, _text),
    (models.TextField, _text),
)
