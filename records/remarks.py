"""Saying in the reader's language what was kept as a template with parameters."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext

from tabular.errors import MESSAGES, TableError


def say(remark: Mapping[str, Any] | Exception) -> str:
    """The sentence of a staged remark, or of an error of `tabular`; other errors speak for themselves."""
    if isinstance(remark, TableError):
        return gettext(remark.message).format(**remark.params)
    if isinstance(remark, Exception):
        return str(remark)
    params = {
        name: gettext(value) if isinstance(value, str) and value else value for name, value in remark["params"].items()
    }
    return gettext(remark["message"]).format(**params)


TEMPLATES = tuple(MESSAGES.values())
