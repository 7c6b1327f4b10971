"""Saying in the reader's language what was kept as a template with parameters."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext

from tabular.errors import MESSAGES, TableError


@dataclass(slots=True)
class Note:
    """A remark about a row: a template to translate, its parameters, and the field it is about."""

    message: str
    params: dict[str, Any] = field(default_factory=dict)
    field: str = ""
    where: str = ""  # the cell's address, where the reader of the file knows it


def say(remark: Mapping[str, Any] | Note | Exception) -> str:
    """The sentence of a staged remark, or of an error of `tabular`; other errors speak for themselves."""
    if isinstance(remark, TableError):
        return gettext(remark.message).format(**remark.params)
    if isinstance(remark, Exception):
        return str(remark)
    message, told = (
        (remark.message, remark.params) if isinstance(remark, Note) else (remark["message"], remark["params"])
    )
    params = {name: gettext(value) if isinstance(value, str) and value else value for name, value in told.items()}
    return gettext(message).format(**params)


TEMPLATES = tuple(MESSAGES.values())
