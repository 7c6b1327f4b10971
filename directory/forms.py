"""Forms of an account's own pages."""

from typing import Any

from django.contrib.auth.forms import AuthenticationForm
from django.core.exceptions import ValidationError
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from records.addresses import client_address

from .signin import seconds_to_wait


def refusal(request: Any, *, name: str, otherwise: str) -> ValidationError:
    """Why a password was not taken: how long to wait where none is looked at, the same for every name."""
    seconds = seconds_to_wait(name, client_address(request))
    if not seconds:
        return ValidationError(otherwise, code="invalid_login")
    minutes = -(-seconds // 60)
    text = ngettext(
        "Too many wrong tries. Try again in %(minutes)s minute.",
        "Too many wrong tries. Try again in %(minutes)s minutes.",
        minutes,
    )
    return ValidationError(text, code="locked", params={"minutes": minutes, "seconds": seconds})


class SignInForm(AuthenticationForm):
    """Name and password; the answer does not tell which of them was wrong."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["username"].label = _("Account")

    def get_invalid_login_error(self):
        otherwise = gettext("Account and password do not match. Both may be case-sensitive.")
        return refusal(self.request, name=self.cleaned_data["username"], otherwise=otherwise)
