"""The list of standards: results with facets, as hits or as a table, and what is taken away of it."""

from datetime import date

from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe
from rest_framework.exceptions import ValidationError

from directory.models import SavedSearch
from directory.models.searches import LONGEST_QUERY
from records.exporting import FORMATS, MANY, asks_for_password, refusal
from records.paging import page_of
from records.trail import actor_of

from ..chains import chains_of
from ..columns import AT_FIRST, COLUMNS, cell
from ..exports import export_response, note_taken
from ..facets import Facets, facet_counts, total
from ..filters import SHOWING, StandardFilter
from ..loosening import looser_views
from ..models import Standard
from ..payload import payload
from ..saving import StandardsList, errors_of, suggested_name, tidied

FORMAT_WORDS = {
    "xlsx": "Excel (xlsx)",
    "csv": gettext_lazy("CSV, with one column more: the data's day"),
    "jsonl": gettext_lazy("JSON lines, with the days of status and data"),
}


def standard_list(request):
    """Results with facets. The address holds the whole view."""
    view = StandardFilter(request.GET, Standard.objects.visible_to(request.user), request=request)
    context = {"view": view, "on": view.on_day, "query_text": request.GET.get("q", "")}
    if errors := errors_of(view):
        return _refused(request, context, errors)
    facets = facet_counts(view.qs, view.on_day, todays_divisions=view.under_todays_divisions)
    try:
        part = page_of(view.qs, request.GET, request.path, total(facets))
    except ValidationError as refusal:
        return _refused(request, context, [str(text) for text in refusal.detail.values()])
    rows = payload(part.rows, view.on_day, with_id=True)
    if part.count == 1 and view.query.number and not {"on", "view", "search"} & set(request.GET):
        return redirect("standard", rows[0]["slug"])
    context |= {
        "page": part,
        "rows": _with_successors(rows, view.on_day),
        "facets": _titled(facets) if part.count else [],
        "given": set(request.GET) - SHOWING - {"q", "page", "page_size"},
        "looser": [] if part.count else looser_views(view),
        "left_out": view.examples_left_out(),
        "today": timezone.localdate(),
        **_table(view, rows),
        **_saved(request, view),
    }
    return render(request, "catalog/standard_list.html", context)


def _refused(request, context: dict, errors: list[str]):
    return render(request, "catalog/standard_list.html", context | {"errors": errors}, status=400)


def _with_successors(rows: list[dict], on: date) -> list[dict]:
    """Each superseded hit with what is in force in its place, however many replacements away."""
    superseded = [row["id"] for row in rows if row["replaced_by"] and row["status"] in ("replaced", "withdrawn")]
    chains = chains_of(superseded, on)
    for row in rows:
        row["chain"] = chain = chains.get(row["id"])
        row["at_once"] = chain is not None and [one.number for one in chain.current] == row["replaced_by"]
    return rows


def _titled(facets: Facets) -> list[tuple[str, str, list]]:
    """Facets in the order of the page, each with its heading."""
    order = ("status", "level", "nature", "kind", "year", "ics", "ccs", "prefix", "region", "department")
    return [(name, StandardFilter.base_filters[name].label, facets[name]) for name in order]


def _table(view: StandardFilter, rows: list[dict]) -> dict:
    """The heads and cells of the table, where that is how the view is shown."""
    if not view.is_table:
        return {}
    keys = view.chosen_columns or AT_FIRST
    for row in rows:
        row["cells"] = [(key, cell(row, key)) for key in keys]
    return {"heads": [_head(view, key) for key in keys], "choice": choice_of_columns(keys)}


def _head(view: StandardFilter, key: str) -> dict:
    """A column's head: how it is sorted now, and by what a click would sort it."""
    column = COLUMNS[key]
    now = view.data.get("ordering") or ("relevance" if view.query else "number")
    words = {column.ordering: "ascending", f"-{column.ordering}": "descending"}
    turned = f"-{column.ordering}" if now == column.ordering else column.ordering
    return {"label": column.label, "sorted": column.ordering and words.get(now, ""), "ordering": turned}


def choice_of_columns(keys) -> list[tuple[str, str, bool]]:
    """Every column to choose from: name, label, whether it is chosen; the chosen ones first, in their order."""
    ordered = [*keys, *(key for key in COLUMNS if key not in keys)]
    return [(key, COLUMNS[key].label, key in keys) for key in ordered]


def _saved(request, view: StandardFilter) -> dict:
    """The saved search that was opened, whether the view has left it, and what could be saved."""
    query = tidied(view.data)
    found = {"query": query, "may_be_saved": len(query) <= LONGEST_QUERY, "suggested": suggested_name(view)}
    if asked := view.form.cleaned_data.get("search"):
        searches = SavedSearch.objects.visible_to(request.user).filter(list=StandardsList.key)
        if search := searches.select_related("user").filter(pk=asked).first():
            found |= {"saved": search, "changed": search.query != query, "own": search.user_id == request.user.pk}
    return found


@require_safe
def standard_export(request):
    """What an export of this view will hold: rows, columns, form, told before anything is saved."""
    view = StandardFilter(request.GET, Standard.objects.visible_to(request.user), request=request)
    if errors := errors_of(view):
        return _refused(request, {"view": view, "on": view.on_day, "query_text": request.GET.get("q", "")}, errors)
    return render(request, "catalog/standard_export.html", _export_context(request, view))


def _export_context(request, view: StandardFilter) -> dict:
    keys = view.chosen_columns or (AT_FIRST if view.is_table else tuple(COLUMNS))
    form = view.data.get("format", "")
    count = view.qs.order_by().count()
    return {
        "view": view,
        "on": view.on_day,
        "today": timezone.localdate(),
        "count": count,
        "keys": keys,
        "choice": choice_of_columns(keys),
        "formats": [(name, FORMAT_WORDS[name], name == (form or "xlsx")) for name in FORMAT_WORDS],
        "ticked": bool(view.form.cleaned_data.get("id")),
        "many": MANY,
        "asks": asks_for_password(request, count),
    }


@require_POST
def standard_export_file(request):
    """The file. Staff confirm a large one with their password; people without an account are throttled."""
    data = request.POST.copy()
    data.pop("csrfmiddlewaretoken", None)
    view = StandardFilter(data, Standard.objects.visible_to(request.user), request=request)
    form, errors = data.get("format", ""), errors_of(view)
    if not errors and not view.chosen_columns:
        errors = [_("Tick at least one column.")]
    if not errors and form not in FORMATS:
        errors = [_("Choose xlsx, csv or jsonl.")]
    if errors:
        context = {"view": view, "on": view.on_day, "query_text": data.get("q", "")}
        return _refused(request, context, errors)
    count, keys = view.qs.order_by().count(), view.chosen_columns
    if answer := refusal(request, count, f"{reverse('standard_export')}?{data.urlencode()}"):
        return answer
    note_taken(by=actor_of(request), query=data.urlencode(), rows=count, keys=keys, form=form)
    base = request.build_absolute_uri(reverse("api:standard-list"))
    return export_response(view.qs, view.on_day, form, base, keys=keys, narrowed=view.is_narrowed)
