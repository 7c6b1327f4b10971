"""An organization's page and what its keepers do there: renaming, contact."""

from functools import wraps

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from rest_framework.exceptions import ValidationError as Unpageable

from records.exporting import FORMATS, export_page
from records.history import history_page, seen_by, tell_choices
from records.models import Event
from records.once import once
from records.paging import page_of
from records.register_rows import columns, export_rows
from records.trail import actor_of

from ..access import grants_of, is_within
from ..contacts import contact_of, keep_contact
from ..models import Organization, OrganizationName, Role
from ..naming import OrganizationRefused, OrganizationStale, rename_organization
from ..organization_forms import ContactForm, RenameForm
from ..organization_registers import ORGANIZATIONS, OrganizationFilter
from ..profiles import sections_of


def staff_required(view):
    """Signed in and staff of some division; others are told to sign in, or refused."""

    @login_required
    @wraps(view)
    def guarded(request, *args, **kwargs):
        if not grants_of(request.user, Role.STAFF):
            raise PermissionDenied
        return view(request, *args, **kwargs)

    return guarded


def organization_list(request):
    """Bodies by any part of any of their names; the whole view as a file with `format`."""
    order = ORGANIZATIONS.order
    view = OrganizationFilter(
        request.GET, queryset=Organization.objects.visible_to(request.user).order_by(*order), request=request
    )
    context = {"view": view, "may_enter": ORGANIZATIONS.may_enter(request.user), "query_text": request.GET.get("q", "")}
    if faults := view.told_faults():
        context["faults"] = faults
        return render(request, "directory/organization_list.html", context, status=400)
    if (form := request.GET.get("format")) in FORMATS:
        title = f"{ORGANIZATIONS.title}_{timezone.localdate():%Y%m%d}"
        rows, count = export_rows(ORGANIZATIONS, view.qs), view.qs.order_by().count()
        return export_page(request, Organization, columns(ORGANIZATIONS), rows, form=form, title=title, count=count)
    try:
        part = page_of(view.qs, request.GET, request.path)
    except Unpageable as refusal:
        context["faults"] = [str(text) for text in refusal.detail.values()]
        return render(request, "directory/organization_list.html", context, status=400)
    context |= {"page": part, "rows": part.rows.select_related("region", "industry").prefetch_related("names")}
    return render(request, "directory/organization_list.html", context)


def organization(request, pk):
    """The 标准化档案: facts, then the sections that have something to show. A merged body leads to the other."""
    known = Organization.objects.known_to(request.user).select_related("region", "industry", "merged_into")
    one = get_object_or_404(known.prefetch_related("names"), pk=pk)
    if one.merged_into:
        messages.info(request, _("%(name)s was merged into %(other)s.") % {"name": one, "other": one.merged_into})
        return redirect(one.merged_into)
    is_keeper = Organization.objects.editable_by(request.user).filter(pk=pk).exists()
    context = {
        "organization": one,
        "sections": sections_of(one, timezone.localdate()),
        "contact": contact_of(one, request.user, is_keeper=is_keeper),
        "is_keeper": is_keeper,
        "may_merge": is_keeper and Organization.objects.mergeable_by(request.user).filter(pk=pk).exists(),
        "history": _history(request, one),
    }
    return render(request, "directory/organization.html", context)


def _history(request, organization: Organization):
    """A page of what was done to it, as far as the account may see it; None where it may see nothing."""
    in_scope = is_within(request.user, organization.region)
    events = seen_by(Event.objects.about(organization), request.user, in_scope=in_scope)
    page = history_page(events, request.GET.get("page"), _labels(), tell_choices(Organization))
    return page if page.object_list else None


def _labels() -> dict:
    """What people call the fields that an organization's events name."""
    fields = (*OrganizationName._meta.concrete_fields, *Organization._meta.concrete_fields)
    names = {name: field.verbose_name for field in fields for name in (field.name, field.attname)}
    acts = {"merged": _("merged into it"), "moved to": _("moved to"), "moved from": _("moved from")}
    return names | acts | {"voided": _("voided")}


def kept(request, pk, *, merging: bool = False) -> Organization:
    """An organization that stands, for those who may change it; one that can be read only is refused."""
    one = get_object_or_404(Organization.objects.visible_to(request.user).select_related("region"), pk=pk)
    mine = (
        Organization.objects.mergeable_by(request.user) if merging else Organization.objects.editable_by(request.user)
    )
    if not mine.filter(pk=pk).exists():
        raise PermissionDenied
    return one


def as_read(organization: Organization, form) -> Organization:
    """The organization at the version that the form's reader saw."""
    organization.version = form.cleaned_data["version"]
    return organization


def refused(form, refusal: OrganizationRefused) -> int:
    """Tell at the form why nothing was done; the status of the answer."""
    form.add_error(None, str(refusal))
    return 409 if isinstance(refusal, OrganizationStale) else 400


@staff_required
@once
def organization_rename(request, pk):
    one = kept(request, pk)
    form, status = RenameForm(request.POST or None, initial={"version": one.version}), 200
    if request.method == "POST":
        status = 400
        if form.is_valid():
            told = dict(form.cleaned_data)
            try:
                name, read = told.pop("name"), as_read(one, form)
                rename_organization(
                    read, name, by=actor_of(request), **{key: told[key] for key in ("on", "document", "reason")}
                )
            except OrganizationRefused as refusal:
                status = refused(form, refusal)
            else:
                messages.success(request, _("The new name is on record."))
                return redirect("organization", pk)
    return _form_page(request, one, form, _("Rename"), status)


@staff_required
@once
def organization_contact(request, pk):
    one = kept(request, pk)
    held = {"version": one.version, "contact_person": one.contact_person, "contact_phone": one.contact_phone}
    form, status = ContactForm(request.POST or None, initial=held), 200
    if request.method == "POST":
        status = 400
        if form.is_valid():
            try:
                keep_contact(as_read(one, form), form.contact, by=actor_of(request))
            except OrganizationRefused as refusal:
                status = refused(form, refusal)
            else:
                messages.success(request, _("The contact is on record."))
                return redirect("organization", pk)
    return _form_page(request, one, form, _("Contact"), status)


def _form_page(request, organization: Organization, form, title: str, status: int):
    context = {"organization": organization, "form": form, "title": title}
    if status == 409:  # the next try is about what stands now
        form.data = form.data.copy()
        form.data["version"] = str(Organization.objects.values_list("version", flat=True).get(pk=organization.pk))
    return render(request, "directory/organization_form.html", context, status=status)
