"""A standard's list of drafters on one page: each row by itself, a printed list to be cut, and what is said of all of it."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from directory.models import Organization
from directory.resolving import Resolution, resolve_names

from .contributing import BLANK, LAST_RANK, State
from .contribution_reading import UNREAD
from .drafters import LONGEST_NAME, read_drafters
from .drafting_roles import DRAFTING, role_class
from .forms import TidyField
from .models import Contribution

NEW_ROWS = 3
BY_NUMBER = re.compile(r"#(\d{1,9})\s*\Z")


class RowForm(forms.Form):
    """One contribution. The organization is written by its name, its credit code or its number here (#12)."""

    pk = forms.IntegerField(required=False, widget=forms.HiddenInput)
    version = forms.IntegerField(required=False, widget=forms.HiddenInput)
    rank = forms.IntegerField(label=_("Rank"), required=False, min_value=1, max_value=LAST_RANK)
    printed_name = TidyField(label=_("Printed name"), required=False, max_length=LONGEST_NAME)
    printed_role = TidyField(label=_("Printed role"), required=False, max_length=60)
    organization = TidyField(label=_("Organization"), required=False, max_length=220)
    evidence = TidyField(label=_("Document of the evidence"), required=False, max_length=200)
    recognition = TidyField(label=_("Document of the recognition"), required=False, max_length=200)
    void = forms.BooleanField(label=_("Void"), required=False)

    def __init__(self, *args: Any, contribution: Contribution | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.contribution = contribution
        for name in ("rank", "printed_name", "printed_role", "organization", "evidence", "recognition"):
            self.fields[name].widget.attrs["aria-label"] = self.fields[name].label

    @property
    def is_empty(self) -> bool:
        """A new row that nobody wrote into."""
        told = self.cleaned_data
        return self.contribution is None and not any(
            told.get(name) for name in ("rank", "printed_name", "organization")
        )

    def clean(self):
        told = super().clean()
        if not self.errors and not self.is_empty and not told.get("void") and not told.get("printed_name"):
            self.add_error("printed_name", gettext("Write the name as it was printed, or void the row."))
        return told


class ListForm(forms.Form):
    """What is said of the whole list, and a printed list to be added."""

    printed_list = forms.CharField(
        label=_("Add a printed list"),
        required=False,
        max_length=20_000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_(
            "As the foreword prints it: 本标准主要起草单位：甲公司、乙研究院。 It is cut into names and added behind the others."
        ),
    )
    reason = TidyField(label=_("Why"), required=False, max_length=200)
    document = TidyField(label=_("Under which document"), required=False, max_length=200)
    verified = forms.BooleanField(
        label=_("I have compared this list with the printed standard"),
        required=False,
        help_text=_("All rows that you keep count as verified by you."),
    )

    def clean_printed_list(self):
        read = read_drafters(self.cleaned_data["printed_list"])
        if read.unread:
            texts = [gettext(UNREAD[piece.why]).format(text=piece.text[:80]) for piece in read.unread]
            raise forms.ValidationError(texts)
        return read.drafters


def initial_of(contribution: Contribution) -> dict[str, Any]:
    organization = contribution.organization
    return {
        "pk": contribution.pk,
        "version": contribution.version,
        "rank": contribution.rank,
        "printed_name": contribution.printed_name,
        "printed_role": contribution.printed_role,
        "organization": f"{organization.name} #{organization.pk}" if organization else "",
        "evidence": contribution.document,
        "recognition": contribution.recognition_document,
    }


def row_forms(
    contributions: Sequence[Contribution], data: Mapping[str, Any] | None = None, new: int = NEW_ROWS
) -> list[RowForm]:
    """A form for each contribution that stands, and some for new ones."""
    forms_of_rows = [
        RowForm(data, prefix=f"row-{one.pk}", initial=initial_of(one), contribution=one) for one in contributions
    ]
    return forms_of_rows + [RowForm(data, prefix=f"new-{at}") for at in range(new)]


def states_of(rows: Sequence[RowForm], printed: Sequence[Any], on: Any) -> list[tuple[RowForm | None, State]]:
    """What the rows that are kept, and the names of a printed list, come to say; errors stand at the rows."""
    kept = [row for row in rows if not row.is_empty and not row.cleaned_data["void"]]
    wanted = {_asked(row) for row in kept} | {one.name for one in printed}
    meant = resolve_names({text for text in wanted if text}, on=on)
    states: list[tuple[RowForm | None, State]] = [(row, _state(row, meant)) for row in kept]
    last = max((state["rank"] for _row, state in states if state["rank"]), default=0)
    for one in printed:
        role = role_class(one.role)
        last += role in DRAFTING
        found = meant[one.name].organization
        said = {"printed_name": one.name, "printed_role": one.role[:60], "role": role, "organization_id": found}
        states.append((None, BLANK | said | {"rank": last if role in DRAFTING else None}))
    return states


def _asked(row: RowForm) -> str:
    """The name to be resolved: what was written as the organization, or for a new row the printed name."""
    text = row.cleaned_data["organization"]
    if BY_NUMBER.search(text):
        return ""
    return text or (row.cleaned_data["printed_name"] if row.contribution is None else "")


def _state(row: RowForm, meant: Mapping[str, Resolution]) -> State:
    told = row.cleaned_data
    before = {name: getattr(row.contribution, name) for name in BLANK} if row.contribution else BLANK
    role = told["printed_role"]
    state = before | {
        "rank": told["rank"],
        "printed_name": told["printed_name"],
        "printed_role": role,
        "document": told["evidence"],
        "recognised": bool(told["recognition"]),
        "recognition_document": told["recognition"],
        "organization_id": _organization(row, meant),
    }
    if role != before["printed_role"]:
        state["role"] = role_class(role)
    return state


def _organization(row: RowForm, meant: Mapping[str, Resolution]) -> int | None:
    text = row.cleaned_data["organization"]
    if number := BY_NUMBER.search(text):
        found = Organization.objects.standing().filter(pk=int(number[1])).first()
        if found is None:
            row.add_error("organization", gettext("There is no organization #%(number)s.") % {"number": number[1]})
        return found.pk if found else None
    asked = _asked(row)
    if not asked:
        return None
    resolution = meant[asked]
    if resolution.organization is None and text:
        row.add_error("organization", _several(text, resolution))
    return resolution.organization


def _several(text: str, resolution: Resolution) -> str:
    if not resolution.candidates:
        return gettext("No organization is called %(name)s; leave it blank, and it waits for a person.") % {
            "name": text
        }
    candidates = "、".join(f"{one.text} #{one.pk}" for one in resolution.candidates[:8])
    return gettext("%(name)s may mean: %(candidates)s. Write the one meant.") % {"name": text, "candidates": candidates}
