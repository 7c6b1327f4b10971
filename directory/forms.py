"""Forms of an account's own pages."""

from typing import Any

from django import forms
from django.contrib.auth import authenticate
from django.contrib.auth.forms import (
    AdminPasswordChangeForm,
    AuthenticationForm,
    PasswordChangeForm,
    PasswordResetForm,
    SetPasswordForm,
)
from django.contrib.auth.password_validation import password_validators_help_texts
from django.core.exceptions import ValidationError
from django.utils.text import format_lazy
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from records.addresses import client_address

from .lists import MOST_HITS
from .models.searches import LONGEST_QUERY
from .signin import seconds_to_wait, slot_of, take_slot
from .tokens import LONGEST_DAYS


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


class PasswordAlone:
    """Writes the password and nothing else: the account may be changed in the meantime."""

    def set_password_and_save(self, user, *args, commit=True, **kwargs):
        user = super().set_password_and_save(user, *args, commit=False, **kwargs)  # type: ignore[misc]
        if commit:
            user.save(update_fields=["password"])
        return user


class GivenPasswordForm(PasswordAlone, AdminPasswordChangeForm):
    """A password that the system administrator sets for an account."""


class NewPasswordForm(PasswordAlone, SetPasswordForm):
    """A new password, typed twice, with the policy as one sentence after the other."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["new_password1"].help_text = " ".join(filter(None, password_validators_help_texts()))


class OwnPasswordForm(NewPasswordForm, PasswordChangeForm):
    """The old password goes through the same door as at sign-in."""

    def __init__(self, *args, request=None, **kwargs):
        super().__init__(*args, **kwargs)
        self.request = request

    def clean_old_password(self):
        typed = self.cleaned_data["old_password"]
        if authenticate(self.request, username=self.user.username, password=typed) != self.user:
            otherwise = self.error_messages["password_incorrect"]
            raise refusal(self.request, name=self.user.username, otherwise=otherwise)
        return typed


class ConfirmForm(forms.Form):
    """The password once more, through the same door."""

    password = forms.CharField(
        label=_("Password"), strip=False, widget=forms.PasswordInput({"autocomplete": "current-password"})
    )

    def __init__(self, *args, request=None, **kwargs):
        super().__init__(*args, **kwargs)
        self.request = request

    def clean_password(self):
        typed, user = self.cleaned_data["password"], self.request.user
        if authenticate(self.request, username=user.username, password=typed) != user:
            raise refusal(self.request, name=user.username, otherwise=gettext("This is not your password."))
        return typed


class CodeForm(forms.Form):
    """A code of the authenticator; where one signs in, a recovery code may stand in for it."""

    code = forms.CharField(
        label=_("One-time code"),
        max_length=40,
        widget=forms.TextInput({"autocomplete": "one-time-code", "autocapitalize": "none", "spellcheck": "false"}),
    )


class TokenForm(forms.Form):
    """What a new API token is for, and how long it is valid."""

    name = forms.CharField(label=_("What for"), max_length=100, help_text=_("The program that will use it."))
    days = forms.IntegerField(
        label=_("Valid for how many days"), min_value=1, max_value=LONGEST_DAYS, initial=LONGEST_DAYS
    )


class SaveSearchForm(forms.Form):
    """A view and the name under which it is kept."""

    name = forms.CharField(label=_("Name of the search"), max_length=100)
    list = forms.CharField(max_length=30, widget=forms.HiddenInput)
    query = forms.CharField(max_length=LONGEST_QUERY, required=False, widget=forms.HiddenInput)


class SearchForm(forms.Form):
    """What its owner says of a saved search; what his account cannot do is not offered."""

    name = forms.CharField(label=_("Name of the search"), max_length=100)
    shared = forms.BooleanField(label=_("Share with my division and those below it"), required=False)
    subscribed = forms.BooleanField(
        label=_("Tell me about new hits"),
        required=False,
        help_text=format_lazy(_("On the desk and here; for searches with at most {most} hits."), most=MOST_HITS),
    )
    by_mail = forms.BooleanField(label=_("By e-mail too"), required=False)
    version = forms.IntegerField(min_value=1, max_value=10**9, widget=forms.HiddenInput)

    def __init__(self, *args, may_share: bool, has_mail: bool, **kwargs):
        super().__init__(*args, **kwargs)
        for name, offered in (("shared", may_share), ("by_mail", has_mail)):
            if not offered:
                del self.fields[name]


class ResetForm(PasswordResetForm):
    """Asks for the mail that lets one set a new password; so many an hour, whether anybody has the address or not."""

    def save(self, *, request, **kwargs):
        if take_slot(slot_of(f"mail to {self.cleaned_data['email']}", client_address(request))):
            super().save(request=request, **kwargs)
