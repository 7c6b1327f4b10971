"""Pages of committees: the list, one committee, terms that end soon."""

from urllib.parse import urlencode

from django.http import Http404
from django.shortcuts import render
from django.utils import timezone
from rest_framework.exceptions import ValidationError

from records.exporting import FORMATS, export_page
from records.history import history, seen_by, tell_choices
from records.models import Event
from records.paging import page_of

from ..committee_filters import CommitteeFilterSet, TermFilterSet
from ..committee_forms import DayForm
from ..committee_pages import ancestors, below_count, columns, mirrors_of, rows_of, seat_lines, term_blocks, tree
from ..committee_registers import COMMITTEES, may_keep_committees
from ..models import Committee, CommitteeTerm
from ..models.committees import is_provincial
from ..term_warnings import longest_lead, terms_ending, terms_over, warned

HISTORY = 20  # events on a committee's page
OVER = 50  # terms that have ended, at most


def committee_list(request):
    """Committees, filtered; the whole view as a file with `format`."""
    visible = Committee.objects.visible_to(request.user).order_by(*COMMITTEES.order)
    view = CommitteeFilterSet(request.GET, queryset=visible, request=request)
    context = {"view": view, "may_establish": is_provincial(request.user), "today": timezone.localdate()}
    if faults := view.faults():
        context["faults"] = [f"{name}: {text}" for name, texts in faults.items() for text in texts]
        return render(request, "directory/committee_list.html", context, status=400)
    on = context["on"] = view.day
    context["filtered"] = any(request.GET.get(name) for name in view.filters if name != "q")
    if (form := request.GET.get("format")) in FORMATS:
        title = f"{COMMITTEES.title}_{on:%Y%m%d}"
        rows, count = rows_of(view.qs, on), view.qs.order_by().count()
        return export_page(request, Committee, columns(), rows, form=form, title=title, count=count)
    try:
        part = page_of(view.qs, request.GET, request.path)
    except ValidationError as refusal:
        context["faults"] = [str(text) for text in refusal.detail.values()]
        return render(request, "directory/committee_list.html", context, status=400)
    return render(request, "directory/committee_list.html", context | {"page": part, "rows": rows_of(part.rows, on)})


def committee_detail(request, slug):
    """One committee on a day: who holds it, who sits on it, where it stands, what stands in it."""
    related = Committee.objects.visible_to(request.user).select_related("parent__parent__parent", "region", "keeper")
    committee = related.filter(slug=slug).first()
    if committee is None:
        raise Http404
    form = DayForm(request.GET)
    on = (form.cleaned_data["on"] if form.is_valid() else None) or timezone.localdate()
    below = tree(committee, on)
    mirrored, mirrors = mirrors_of(committee)
    editable = Committee.objects.editable_by(request.user).filter(pk=committee.pk).exists()
    events = seen_by(Event.objects.about(committee), request.user, in_scope=editable)
    labels = {name: COMMITTEES.field(name).verbose_name for name in COMMITTEES.written}
    context = {
        "committee": committee,
        "number": committee.parsed,
        "on": on,
        "today": timezone.localdate(),
        "wrong_day": not form.is_valid(),
        "status": committee.status_on(on),
        "above": ancestors(committee),
        "below": below,
        "below_count": below_count(below),
        "seats": seat_lines(committee, on),
        "terms": term_blocks(committee, on),
        "assessments": committee.assessments.standing().select_related("grade__scale").order_by("-year"),
        "mirrored": mirrored,
        "mirrors": mirrors,
        "editable": editable,
        "entries": history(events[:HISTORY], labels, tell_choices(Committee)),
    }
    status = 400 if context["wrong_day"] else 200
    return render(request, "directory/committee_detail.html", context, status=status)


def term_list(request):
    """Terms that end within the longest lead (or `ending` months), and those that have ended without another."""
    visible = CommitteeTerm.objects.visible_to(request.user)
    view = TermFilterSet(request.GET, queryset=visible, request=request)
    on = timezone.localdate()
    context = {"view": view, "on": on, "may_keep": may_keep_committees(request.user)}
    if faults := view.faults():
        context["faults"] = [f"{name}: {text}" for name, texts in faults.items() for text in texts]
        return render(request, "directory/term_list.html", context, status=400)
    asked = view.form.cleaned_data.get("ending")
    soon = view.qs if asked else terms_ending(on, longest_lead(), view.qs)
    try:
        part = page_of(soon, request.GET, request.path)
    except ValidationError as refusal:
        context["faults"] = [str(text) for text in refusal.detail.values()]
        return render(request, "directory/term_list.html", context, status=400)
    months = int(asked) if asked else longest_lead()
    over = CommitteeTerm.objects.none() if asked else terms_over(on, view.qs)
    context |= {
        "page": part,
        "months": months,
        "warned": warned(part.rows, on),
        "ended": warned(over[:OVER], on),
        "ended_count": over.order_by().count(),
        "export": _export_query(request, ("ending", months)),
        "export_ended": _export_query(request, ("over", "true")),
        "formats": [("xlsx", "Excel"), ("csv", "CSV"), ("jsonl", "JSON")],
    }
    return render(request, "directory/term_list.html", context)


def _export_query(request, asked: tuple[str, object]) -> str:
    """The same view of the register of terms, which shows all of it and gives it as a file."""
    pairs = [(name, value) for name in request.GET for value in request.GET.getlist(name) if value]
    kept = [(name, value) for name, value in pairs if name not in ("page", "page_size", "ending", "over", "format")]
    return urlencode([*kept, asked])
