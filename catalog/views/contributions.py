"""Pages of the ledger of contributions: who drafted what, its figures, names that wait, and a standard's list by hand."""

import re
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST
from rest_framework.exceptions import ValidationError

from directory.models import Organization
from records.exporting import FORMATS, export_page
from records.once import not_taken, once
from records.paging import page_of
from records.registers import REGISTERS
from records.trail import actor_of

from ..contributing import ContributionRefused
from ..contribution_counts import Count, level_counts, organization_counts, with_organizations
from ..contribution_figures import counts_table
from ..contribution_filters import LEAD, PARTICIPATE, ContributionFilter, region_name
from ..contribution_forms import NEW_ROWS, ListForm, RowForm, row_forms, states_of
from ..contribution_lists import may_enter, names_hold_on, save_list
from ..contribution_payload import IN_LIST, contribution_rows, json_rows, table_rows
from ..contribution_payload import columns as file_columns
from ..editions import VersionConflict
from ..lead_words import rule_definition, rule_label
from ..leading import RULES
from ..levels import Level
from ..models import Contribution, Standard
from ..printed_names import may_name, say_who, waiting_keys, with_candidates
from .staff import cataloguer_required

ROWS = 50
TYPED = ("rank", "printed_name", "printed_role", "organization", "evidence", "recognition")


def _view(request, **fixed: str) -> ContributionFilter:
    data = request.GET.copy()
    data.update(fixed)
    return ContributionFilter(data, Contribution.objects.visible_to(request.user), request=request)


def _faults(view: ContributionFilter) -> list[str]:
    unknown = [_("There is no filter called “%(name)s”.") % {"name": name} for name in view.unknown_parameters]
    if view.is_valid():
        return unknown
    return unknown + [
        f"{view.filters[name].label or name}: {text}" for name, texts in view.errors.items() for text in texts
    ]


def contribution_list(request):
    """Standards with those who drafted them, filtered; the whole view as a file with `format`."""
    view = _view(request)
    context = {"view": view, "on": view.on_day, "errors": _faults(view), **_choices(request, view)}
    if context["errors"]:
        return render(request, "catalog/contribution_list.html", context, status=400)
    if (form := request.GET.get("format")) in FORMATS:
        return _file(request, view, form)
    try:
        page = page_of(view.standards(), request.GET, request.path)
    except ValidationError as refusal:
        context["errors"] = [str(text) for text in refusal.detail.values()]
        return render(request, "catalog/contribution_list.html", context, status=400)
    context |= {"page": page, "contributions": view.qs.order_by().count(), "standards": _listed(view, page.rows)}
    return render(request, "catalog/contribution_list.html", context)


def _file(request, view: ContributionFilter, form: str) -> Any:
    """The rows of a view as a file; staff confirm a large one."""
    rows = view.qs.order_by(*view.row_order, *IN_LIST[1:])
    told = (
        json_rows(rows, request.build_absolute_uri(reverse("api:standard-list")))
        if form == "jsonl"
        else table_rows(rows)
    )
    title = f"{_('contributions')}_{view.on_day:%Y%m%d}"
    return export_page(request, Contribution, file_columns(), told, form=form, title=title, count=rows.count())


def _listed(view: ContributionFilter, standards) -> list[tuple[Standard, list[dict[str, Any]]]]:
    """The standards of a page, each with its contributions of the selection."""
    found = list(standards)
    rows = contribution_rows(view.qs.filter(standard__in=[one.pk for one in found]).order_by(*IN_LIST))
    under: dict[str, list[dict[str, Any]]] = {one.slug: [] for one in found}
    for row in rows:
        under[row["slug"]].append(row)
    return [(one, under[one.slug]) for one in found]


def _choices(request, view: ContributionFilter) -> dict[str, Any]:
    """What the form of filters offers, and what is chosen."""
    organization = request.GET.get("organization", "")
    name = ""
    if view.is_valid() and organization:
        name = Organization.objects.filter(pk=organization).values_list("name", flat=True).first() or ""
    return {
        "rules": [(name, rule_label(name)) for name in RULES],
        "rule": view.rule_name,
        "levels": Level.choices,
        "chosen_levels": request.GET.getlist("level"),
        "region_name": region_name(request.GET.get("region", "")) if view.is_valid() else "",
        "organization_name": name,
        "today": timezone.localdate(),
    }


def contribution_counts(request):
    """Standards led and taken part in, by level, and per organization: each figure leads to its standards.

    With `format` all of it as a file.
    """
    view = _view(request, counted="1")
    context = {"view": view, "on": view.on_day, "errors": _faults(view), **_choices(request, view)}
    if context["errors"]:
        return render(request, "catalog/contribution_counts.html", context, status=400)
    if (form := request.GET.get("format")) in FORMATS:
        headings, rows, title = counts_table(view)
        return export_page(request, Contribution, headings, rows, form=form, title=title, count=len(rows))
    number = request.GET.get("page", "1")
    number = int(number) if number.isascii() and number.isdigit() and len(number) < 6 else 1
    counts = level_counts(view.qs, view.rule_name)
    organizations, total = organization_counts(view.qs, view.rule_name, ROWS, ROWS * (max(number, 1) - 1))
    context |= {
        "definition": rule_definition(view.rule_name),
        "counts": [(str(level), level.label, count) for level, count in counts.items()],
        "total": sum(counts.values(), Count()),
        "organizations": with_organizations(organizations),
        "organizations_total": total,
        "pages": Paginator(range(total), ROWS).get_page(number),
        "lead": LEAD,
        "participate": PARTICIPATE,
    }
    return render(request, "catalog/contribution_counts.html", context)


@cataloguer_required
def contribution_unresolved(request):
    """Printed names that wait for a person, those on most standards first, with whom each may mean."""
    mine = Contribution.objects.editable_by(request.user)
    names = waiting_keys(mine)
    if asked := request.GET.get("q", "").strip().replace("\x00", ""):
        names = names.filter(printed_name__contains=asked)
    page = Paginator(names, ROWS).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "waiting": with_candidates(list(page)),
        "asked": asked,
        "may_enter": REGISTERS["organizations"].may_enter(request.user),
    }
    return render(request, "catalog/contribution_unresolved.html", context)


@cataloguer_required
@require_POST
@once
def contribution_say(request):
    """Say which organization a printed name means."""
    number = request.POST.get("organization", "").strip().rpartition("#")[2]
    organization = None
    if number.isascii() and number.isdigit() and len(number) < 10:
        organization = Organization.objects.visible_to(request.user).filter(pk=number).first()
    back = redirect("contribution_unresolved")
    if organization is None:
        messages.error(request, _("There is no such organization; choose one of those proposed, or write its number."))
        return not_taken(back)
    mine = Contribution.objects.editable_by(request.user)
    key = request.POST.get("key", "").replace("\x00", "")
    by, remember = actor_of(request), "once" not in request.POST
    try:
        count = say_who(key, organization, contributions=mine, by=by, remember=remember)
    except (ContributionRefused, VersionConflict) as refusal:
        messages.error(request, str(refusal))
        return not_taken(back)
    words = {"name": organization, "count": count}
    messages.success(request, _("%(count)s contributions are those of %(name)s now.") % words)
    if remember and not may_name(organization, by):
        text = _("The printed name was not added to the names of %(name)s: that is for the staff who keep it.")
        messages.info(request, text % words)
    return back


@login_required
@once
def contribution_edit(request, slug):
    """A standard's list by hand: all rows at once; whoever was slower keeps his words and sees what stands now."""
    standard = get_object_or_404(Standard.objects.visible_to(request.user), slug=slug)
    if not may_enter(request.user, standard):
        raise PermissionDenied
    page = ListPage(request, standard)
    if request.method == "POST" and page.is_valid() and page.save():
        messages.success(request, _("The list of drafting units was saved."))
        return redirect("standard", slug)
    status = page.status if request.method == "POST" else 200
    return render(request, "catalog/contribution_edit.html", page.context, status=status)


class ListPage:
    """The page on which a list is edited: its forms, and what came of sending them."""

    def __init__(self, request: Any, standard: Standard) -> None:
        self.request, self.standard, self.status = request, standard, 400
        self.data: QueryDict | None = request.POST.copy() if request.method == "POST" else None
        self.list_form = ListForm(self.data)
        self.conflict = False
        self._load()

    def _load(self) -> None:
        rows = Contribution.objects.visible_to(self.request.user).filter(standard=self.standard)
        editable = Contribution.objects.editable_by(self.request.user).filter(standard=self.standard)
        mine = set(editable.values_list("pk", flat=True))
        found = list(rows.select_related("organization").order_by(*IN_LIST))
        self.versions = {one.pk: one.version for one in found}
        self.others = [one for one in found if one.pk not in mine]
        self.rows = row_forms([one for one in found if one.pk in mine], self.data, self._new_rows())

    def _new_rows(self) -> int:
        told = [int(at) for name in self.data or () if (at := (re.findall(r"^new-(\d{1,3})-", name) or [""])[0])]
        return max([NEW_ROWS, *(at + 1 for at in told)])

    def is_valid(self) -> bool:
        return all([row.is_valid() for row in self.rows] + [self.list_form.is_valid()])

    def save(self) -> bool:
        told = self.list_form.cleaned_data
        states = states_of(self.rows, told["printed_list"], names_hold_on(self.standard))
        if any(row.errors for row in self.rows):
            return False
        kept = [(_as_read(row) if row else None, state) for row, state in states]
        voided = [_as_read(row) for row in self.rows if row.contribution and row.cleaned_data["void"]]
        said = {name: told[name] for name in ("reason", "document", "verified")}
        if self._lost():
            self._show_conflict()
            return False
        try:
            save_list(self.standard, kept, voided, by=actor_of(self.request), **said)
        except ContributionRefused as refusal:
            self.list_form.add_error(None, str(refusal))
        except VersionConflict:
            self._show_conflict()
        else:
            return True
        return False

    def _lost(self) -> list[str]:
        """Rows that were sent and are not there any more, by what their fields' names begin with."""
        sent = {match[1] for name in self.data or () if (match := re.match(r"(row-\d{1,18})-pk$", name))}
        return sorted(sent - {row.prefix for row in self.rows})

    def _show_conflict(self) -> None:
        """The typed words again, each row with what stands by now; sent once more they are meant against that."""
        assert self.data is not None
        self.status, self.conflict = 409, True
        self._load()
        for row in self.rows:
            if row.contribution:
                self.data[f"{row.prefix}-version"] = str(self.versions[row.contribution.pk])
        for prefix in self._lost():  # voided meanwhile: the words become a new row, unless they were to go anyway
            at = self._new_rows()
            typed = {name: self.data.pop(f"{prefix}-{name}", [""])[-1] for name in ("pk", "void", *TYPED)}
            if not typed["void"]:
                self.data.update({f"new-{at}-{name}": typed[name] for name in TYPED})
        self.list_form = ListForm(self.data)
        self._load()
        self.is_valid()

    @property
    def context(self) -> dict[str, Any]:
        names = {"standard": self.standard, "rows": self.rows, "others": self.others, "form": self.list_form}
        return names | {"conflict": self.conflict, "errors": self.request.method == "POST"}


def _as_read(row: RowForm) -> Contribution | None:
    """The row's contribution with the version that was read."""
    if row.contribution is not None:
        row.contribution.version = row.cleaned_data["version"] or 0
    return row.contribution
