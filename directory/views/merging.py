"""Pages on which organizations are merged, split and told apart: always shown first, always undone alike."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from records.once import not_taken, once
from records.trail import actor_of

from ..duplicates import named, proposals, tell_apart
from ..merging import merge_organizations, preview_merge, undo_merge
from ..models import Organization, OrganizationMerge
from ..naming import OrganizationRefused
from ..organization_forms import ApartForm, DuplicatesForm, MergeForm, ReasonForm, SplitForm, chosen_rows
from ..splitting import choices_of, preview_split, split_organization, undo_split
from .organizations import as_read, kept, refused, staff_required

PAIRS = 50


@staff_required
@once
def organization_merge(request, pk):
    """Choose the other, see what would move, then do it."""
    one = kept(request, pk, merging=True)
    given = request.POST or ({**request.GET.dict(), "version": one.version} if "into" in request.GET else None)
    form = MergeForm(given, initial={"version": one.version})
    if given is None or not form.is_valid():
        return _merge_page(request, one, form, None, 400 if request.method == "POST" else 200)
    told, by = form.cleaned_data, actor_of(request)
    try:
        if request.POST.get("step") == "merge":
            other = told["into"]
            other.version = told["into_version"] or 0
            merge = merge_organizations(
                as_read(one, form), other, by=by, **{name: told[name] for name in ("on", "reason", "document")}
            )
            messages.success(request, _("The two are one now."))
            return redirect("organization_move", merge.pk)
        return _merge_page(request, one, form, preview_merge(one, told["into"], by=by, on=told["on"]))
    except OrganizationRefused as refusal:
        return _merge_page(request, one, form, None, refused(form, refusal))


def _merge_page(request, one, form, preview, status: int = 200):
    context = {"organization": one, "form": form, "preview": preview}
    _renew(form, one, preview)
    return render(request, "directory/organization_merge.html", context, status=status)


def _renew(form, one, preview) -> None:
    """What is sent next is about what is shown now."""
    if form.is_bound:
        form.data = form.data.copy() if hasattr(form.data, "copy") else dict(form.data)
        form.data["version"] = str(Organization.objects.values_list("version", flat=True).get(pk=one.pk))
        form.data["into_version"] = str(preview.versions[1]) if preview else ""


@staff_required
@once
def organization_split(request, pk):
    """Choose names and records and the body they belong to, see what would move, then do it."""
    one = kept(request, pk, merging=True)
    form = SplitForm(request.POST or None, initial={"version": one.version})
    ticked = request.POST.getlist("row")
    if request.method != "POST" or not form.is_valid():
        return _split_page(request, one, form, ticked, None, 400 if request.method == "POST" else 200)
    told, by = form.cleaned_data, actor_of(request)
    try:
        chosen = chosen_rows(ticked)
        if request.POST.get("step") == "split":
            if other := told["into"]:
                other.version = told["into_version"] or 0
            why = {name: told[name] for name in ("reason", "document")}
            split = split_organization(as_read(one, form), other, chosen=chosen, by=by, new=form.new, **why)
            messages.success(request, _("The records were moved."))
            return redirect("organization_move", split.pk)
        preview = preview_split(one, told["into"], chosen=chosen, by=by, new=form.new)
        return _split_page(request, one, form, ticked, preview)
    except ValidationError as refusal:
        form.add_error(None, refusal)
        return _split_page(request, one, form, [], None, 400)
    except OrganizationRefused as refusal:
        return _split_page(request, one, form, ticked, None, refused(form, refusal))


def _split_page(request, one, form, ticked, preview, status: int = 200):
    _renew(form, one, preview)
    context = {
        "organization": one,
        "form": form,
        "ticked": set(ticked),
        "preview": preview,
        "choices": choices_of(one),
    }
    return render(request, "directory/organization_split.html", context, status=status)


@staff_required
def organization_move(request, pk):
    """What a merge or split moved, and the way back."""
    return _move_page(request, _move(request, pk), ReasonForm())


def _move(request, pk) -> OrganizationMerge:
    """A merge or split whose two ends lie within the account's reach."""
    move = get_object_or_404(OrganizationMerge.objects.select_related("source", "target", "by", "undone_by"), pk=pk)
    ends = {move.source_id, move.target_id}
    if Organization.objects.within_merging_reach(request.user).filter(pk__in=ends).count() < len(ends):
        raise PermissionDenied
    return move


def _move_page(request, move, form, left=(), status: int = 200):
    return render(
        request, "directory/organization_move.html", {"move": move, "form": form, "left": left}, status=status
    )


@staff_required
@require_POST
@once
def organization_move_undo(request, pk):
    move, form = _move(request, pk), ReasonForm(request.POST)
    if not form.is_valid():
        return _move_page(request, move, form, status=400)
    undo = undo_merge if move.kind == OrganizationMerge.Kind.MERGE else undo_split
    try:
        left = undo(move, by=actor_of(request), reason=form.cleaned_data["reason"])
    except OrganizationRefused as refusal:
        return _move_page(request, move, form, status=refused(form, refusal))
    for row in left:
        messages.warning(request, f"{row.label}: {row.why}")
    messages.success(request, _("It was undone; %(count)s records were left where they are.") % {"count": len(left)})
    return redirect("organization_move", move.pk)


@staff_required
def organization_duplicates(request):
    """Pairs within the account's reach that may be one body."""
    form = DuplicatesForm(request.GET)
    if not form.is_valid():
        return render(request, "directory/organization_duplicates.html", {"form": form}, status=400)
    asked = form.cleaned_data
    among = form.narrowed(Organization.objects.editable_by(request.user))
    offset = (asked["page"] - 1) * PAIRS
    found, count = proposals(among, reason=asked["reason"], limit=PAIRS, offset=offset)
    page = Paginator(range(count or offset), PAIRS).get_page(asked["page"])
    return render(
        request,
        "directory/organization_duplicates.html",
        {"form": form, "pairs": named(found), "count": count, "page": page},
    )


@staff_required
@require_POST
@once
def organization_apart(request):
    """Put on record that two are two."""
    form = ApartForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Say why the two are two."))
        return not_taken(redirect("organization_duplicates"))
    told = form.cleaned_data
    visible = Organization.objects.visible_to(request.user)
    one, other = (get_object_or_404(visible, pk=told[name]) for name in ("one", "other"))
    try:
        tell_apart(one, other, by=actor_of(request), reason=told["reason"])
    except OrganizationRefused as refusal:
        messages.error(request, str(refusal))
        return not_taken(redirect("organization_duplicates"))
    messages.success(request, _("They are not proposed again."))
    return redirect("organization_duplicates")
