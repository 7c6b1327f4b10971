"""What an enterprise types to register, and what its division types to answer."""

from django import forms
from django.contrib.auth.password_validation import password_validators_help_texts, validate_password
from django.contrib.auth.validators import UnicodeUsernameValidator
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.utils.translation import gettext_lazy as _

from tabular.text import clean_text

from .credit_codes import tidy_code
from .models import Region, Registration, User, check_credit_code
from .registrations import Facts

PHONE = RegexValidator(r"^\+?[\d][\d \-()]{5,24}$", _("A phone number: digits, blanks and hyphens."))


class FactsForm(forms.Form):
    """What an enterprise says of itself; its division was chosen before."""

    credit_code = forms.CharField(
        label=_("Unified social credit code"), max_length=40, help_text=_("18 characters, as on the business licence.")
    )
    name = forms.CharField(label=_("Name of the enterprise"), max_length=200)
    contact = forms.CharField(
        label=_("Contact person"), max_length=50, widget=forms.TextInput({"autocomplete": "name"})
    )
    phone = forms.CharField(
        label=_("Phone"), max_length=30, validators=[PHONE], widget=forms.TextInput({"autocomplete": "tel"})
    )
    email = forms.EmailField(label=_("E-mail"), widget=forms.EmailInput({"autocomplete": "email"}))

    def clean_credit_code(self):
        code = tidy_code(self.cleaned_data["credit_code"])
        check_credit_code(code)
        return code

    def clean_name(self):
        return clean_text(self.cleaned_data["name"])

    def clean_contact(self):
        return clean_text(self.cleaned_data["contact"])

    def facts(self, region: Region) -> Facts:
        said = {name: self.cleaned_data[name] for name in ("credit_code", "name", "contact", "phone", "email")}
        return Facts(region=region, **said)


class RegisterForm(FactsForm):
    """The same with the account to open. Whether its name is taken is not told here."""

    username = forms.CharField(
        label=_("Account name"),
        max_length=150,
        validators=[UnicodeUsernameValidator()],
        help_text=_("Choose one; letters, digits and @ . + - _"),
        widget=forms.TextInput({"autocomplete": "username"}),
    )
    password1 = forms.CharField(
        label=_("Password"), strip=False, widget=forms.PasswordInput({"autocomplete": "new-password"})
    )
    password2 = forms.CharField(
        label=_("Password once more"), strip=False, widget=forms.PasswordInput({"autocomplete": "new-password"})
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["password1"].help_text = " ".join(filter(None, password_validators_help_texts()))

    def clean_username(self):
        return User.normalize_username(self.cleaned_data["username"])

    def clean(self):
        values = super().clean()
        first, second = values.get("password1"), values.get("password2")
        if first and second and first != second:
            self.add_error("password2", _("The two passwords are not the same."))
        elif first:
            names = {name: values.get(name, "") for name in ("username", "email")}
            try:
                validate_password(first, User(full_name=values.get("contact", ""), **names))
            except ValidationError as refusal:
                self.add_error("password1", refusal)
        return values


class ConfirmForm(forms.Form):
    """From when to when the account acts for the enterprise."""

    starts_on = forms.DateField(
        label=_("From (day)"),
        required=False,
        widget=forms.DateInput({"type": "date"}, "%Y-%m-%d"),
        help_text=_("Empty: from today."),
    )
    ends_on = forms.DateField(
        label=_("To and including"),
        required=False,
        widget=forms.DateInput({"type": "date"}, "%Y-%m-%d"),
        help_text=_("Empty: until it is taken back."),
    )


class RefuseForm(forms.Form):
    reason = forms.CharField(label=_("Why it is refused (the applicant reads this)"), max_length=500)


class RegistrationFilterForm(forms.Form):
    """Which registrations a list shows; what means nothing is passed over."""

    state = forms.ChoiceField(label=_("State"), required=False, choices=[("", _("All")), *Registration.State.choices])
    q = forms.CharField(label=_("Name or credit code"), required=False, max_length=100)
