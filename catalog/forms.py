"""Forms of the catalogue's pages."""

from django import forms
from django.utils.translation import gettext_lazy as _

from records.form_fields import DayField, TidyField


class ReportForm(forms.Form):
    """What a visitor thinks is wrong about a standard."""

    text = TidyField(label=_("What is wrong?"), max_length=1000, widget=forms.Textarea(attrs={"rows": 3}))
    contact = TidyField(
        label=_("How can we reach you?"),
        help_text=_("Optional; only staff see it."),
        max_length=100,
        required=False,
    )


# What the page of imports takes; other kinds come in by `import_records`.
KINDS = [("standards", _("standards")), ("contributions", _("contributions"))]


class UploadForm(forms.Form):
    """A file to be previewed."""

    kind = forms.ChoiceField(label=_("What it holds"), choices=KINDS, initial="standards", required=False)
    file = forms.FileField(
        label=_("File"), help_text=_("csv, xlsx, xls, json or jsonl; at most 20 MB and 100,000 rows.")
    )
    source = TidyField(
        label=_("Source"),
        max_length=100,
        required=False,
        help_text=_("Whose list it is; left blank, the file's name says it."),
    )
    as_of = DayField(
        label=_("The source's own day"),
        required=False,
        help_text=_("The day as of which its data stand; left blank, the day in the file's name, or today."),
    )


class KeptForm(forms.Form):
    """An upload that waits under its hash, with what was said about it."""

    kind = forms.ChoiceField(choices=KINDS, required=False)
    kept = forms.RegexField(r"^[0-9a-f]{64}(\.[0-9a-z]{1,5})?$")
    name = TidyField(max_length=255)
    source = TidyField(max_length=100, required=False)
    as_of = DayField(required=False)


class SettleForm(forms.Form):
    """How a quality flag was settled."""

    resolution = TidyField(label=_("How was it settled?"), max_length=1000, widget=forms.Textarea(attrs={"rows": 2}))
