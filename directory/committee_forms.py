"""Forms of the committees' pages: a day to look at, a seat to end, to hand over, to give."""

from django import forms
from django.utils.translation import gettext_lazy as _

from records.form_fields import DayField, TidyField

from .references import ORGANIZATION


class DayForm(forms.Form):
    """The day for which a page is asked."""

    on = DayField(label=_("On the day"), required=False)


class TransferForm(forms.Form):
    """To whom a seat goes, and from which day on."""

    organization = TidyField(label=_("Organization"), max_length=200, help_text=_("Its name as on record."))
    from_on = DayField(label=_("First day"))
    document = TidyField(label=_("Under which document"), max_length=200, required=False)
    reason = TidyField(label=_("Why"), max_length=200, required=False)

    def clean_organization(self):
        text = self.cleaned_data["organization"]
        found = ORGANIZATION.find({text}).get(text, [])
        if len(found) != 1:
            raise forms.ValidationError(
                _("There is no “%(name)s” on record.")
                if not found
                else _("Several organizations are called “%(name)s”."),
                params={"name": text},
            )
        return found[0].pk


class EndForm(forms.Form):
    """The last day of a seat."""

    on = DayField(label=_("Last day"))
    document = TidyField(label=_("Under which document"), max_length=200, required=False)
    reason = TidyField(label=_("Why"), max_length=200, required=False)
