"""Pages of every kind of simple record: its list, one record, its form."""

from collections.abc import Callable

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST
from rest_framework.exceptions import ValidationError as Unpageable

from .conflicts import NO_VERSION, Told, form_values, late_save, merged
from .exporting import FORMATS, export_page
from .history import history_page, seen_by, tell_choices
from .models import Event
from .once import once
from .paging import page_of
from .register_forms import AmendForm, RegisterForm, VoidForm
from .register_rows import columns, export_rows, facts, page_rows, shown_columns, with_references
from .registering import amend, enter, void
from .registers import REGISTERS, Register
from .trail import actor_of
from .versions import FIELD, Stale, opened_with, read_opened


def _register(kind: str) -> Register:
    if kind not in REGISTERS:
        raise Http404
    return REGISTERS[kind]


def register_list(request, kind):
    """The records of a kind, filtered; the whole view as a file with `format`."""
    register = _register(kind)
    visible = register.model.objects.visible_to(request.user).order_by(*register.order)
    view = register.filterset(request.GET, queryset=visible, request=request)
    context = {"register": register, "view": view, "may_enter": register.may_enter(request.user)}
    if faults := view.told_faults():
        context["faults"] = faults
        return render(request, "records/register_list.html", context, status=400)
    if (form := request.GET.get("format")) in FORMATS:
        title = f"{register.title}_{timezone.localdate():%Y%m%d}"
        rows, count = export_rows(register, view.qs), view.qs.order_by().count()
        return export_page(request, register.model, columns(register), rows, form=form, title=title, count=count)
    try:
        part = page_of(view.qs, request.GET, request.path)
    except Unpageable as refusal:
        context["faults"] = [str(text) for text in refusal.detail.values()]
        return render(request, "records/register_list.html", context, status=400)
    context |= {"page": part, "columns": shown_columns(register), "rows": page_rows(register, part.rows)}
    return render(request, "records/register_list.html", context)


def register_detail(request, kind, pk):
    """One record: what is written of it, and what was done with it, as far as the account may see that."""
    register = _register(kind)
    record = get_object_or_404(with_references(register, register.model.objects.visible_to(request.user)), pk=pk)
    editable = register.model.objects.editable_by(request.user).filter(pk=pk).exists()
    seen = seen_by(Event.objects.about(record), request.user, in_scope=editable)
    context = {
        "register": register,
        "record": record,
        "facts": facts(register, record, private=editable),
        "editable": editable,
        "void_form": VoidForm(),
        "opened": opened_with(record, {}),
        "history": history_page(seen, request.GET.get("page"), *_told(register)),
    }
    return render(request, "records/register_detail.html", context)


def _told(register: Register) -> Told:
    return {name: register.field(name).verbose_name for name in register.written}, tell_choices(register.model)


@login_required
@once
def register_add(request, kind):
    """Enter a record by hand."""
    register = _register(kind)
    if not register.may_enter(request.user):
        raise PermissionDenied
    form = RegisterForm(register, request.POST or None, given=request.GET)
    if request.method == "POST" and form.is_valid():
        record = _carry_out(form, enter, register, by=actor_of(request))
        if record is not None:
            messages.success(request, _("The record was entered."))
            return redirect("register_record", kind, record.pk)
    return _form_page(request, register, form)


@login_required
@once
def register_edit(request, kind, pk):
    """Amend a record; whoever was slower sees what stands now beside what he typed."""
    register = _register(kind)
    record = _editable(request, register, pk)
    blank = AmendForm(register, record=record)
    if request.method != "POST":
        return _form_page(request, register, blank, record, opened_with(record, form_values(blank)))
    text = request.POST.get(FIELD, "")
    opened = read_opened(text, record)
    form = AmendForm(
        register, merged(request.POST, opened.values) if opened else request.POST, record=record, opened=opened
    )
    if opened and opened.version != record.version:
        return late_save(request, record, blank, opened, _told(register))
    if form.is_valid() and opened:
        try:
            if _carry_out(form, amend, register, record, version=opened.version, by=actor_of(request)) is not None:
                messages.success(request, _("The record was changed."))
                return redirect("register_record", kind, pk)
        except Stale:
            record.refresh_from_db()
            return late_save(request, record, AmendForm(register, record=record), opened, _told(register))
    # A form without its version gets one, so that it can be sent again; a refused one keeps its own.
    return _form_page(request, register, form, record, text if opened else opened_with(record, form_values(blank)))


def _form_page(request, register: Register, form: RegisterForm, record=None, opened: str = ""):
    context = {"register": register, "form": form, "record": record, "opened": opened}
    return render(request, "records/register_form.html", context, status=400 if request.method == "POST" else 200)


@login_required
@require_POST
@once
def register_void(request, kind, pk):
    """Take a record out of what stands, with the reason."""
    register = _register(kind)
    record = _editable(request, register, pk)
    form, opened = VoidForm(request.POST), read_opened(request.POST.get(FIELD, ""), record)
    if not form.is_valid() or opened is None:
        missing = _("Say why the record is voided.") if opened else NO_VERSION
        messages.error(request, missing)
        return redirect("register_record", kind, pk)
    record.version = opened.version
    try:
        void(register, [record], by=actor_of(request), reason=form.cleaned_data["reason"])
    except (Stale, ValidationError) as refusal:
        messages.error(request, "；".join(getattr(refusal, "messages", [str(refusal)])))
        return redirect("register_record", kind, pk)
    messages.success(request, _("The record was voided."))
    return redirect("register_list", kind)


def _editable(request, register: Register, pk: int):
    record = get_object_or_404(with_references(register, register.model.objects.visible_to(request.user)), pk=pk)
    if not register.model.objects.editable_by(request.user).filter(pk=pk).exists():
        raise PermissionDenied
    return record


def _carry_out(form: RegisterForm, verb: Callable, *args, **kwargs):
    """What the verb made of the form, or None where it refused: the form then says why."""
    told = form.cleaned_data
    try:
        return verb(*args, told["values"], reason=told["reason"], document=told["document"], **kwargs)
    except ValidationError as refusal:
        form.refuse(refusal)
    except PermissionDenied as refusal:
        form.add_error(None, str(refusal))
    return None
