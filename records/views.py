"""Pages of every kind of simple record: its list, one record, its form."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST
from rest_framework.exceptions import ValidationError as Unpageable

from .exporting import FORMATS, table_response
from .history import history
from .models import Event
from .once import once
from .paging import page_of
from .register_forms import RegisterForm, VoidForm
from .register_rows import columns, export_rows, facts, page_rows, shown_columns, with_references
from .registering import ChangedMeanwhile, amend, enter, void
from .registers import REGISTERS, Register, natural
from .trail import actor_of

HISTORY = 20  # events on a record's page


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
    if faults := view.faults():
        context["faults"] = [f"{name}: {text}" for name, texts in faults.items() for text in texts]
        return render(request, "records/register_list.html", context, status=400)
    if (form := request.GET.get("format")) in FORMATS:
        title = f"{register.title}_{timezone.localdate():%Y%m%d}"
        return table_response(columns(register), export_rows(register, view.qs), form=form, title=title)
    try:
        part = page_of(view.qs, request.GET, request.path)
    except Unpageable as refusal:
        context["faults"] = [str(text) for text in refusal.detail.values()]
        return render(request, "records/register_list.html", context, status=400)
    context |= {"page": part, "columns": shown_columns(register), "rows": page_rows(register, part.rows)}
    return render(request, "records/register_list.html", context)


def register_detail(request, kind, pk):
    """One record: what is written of it, and for those who may change it what was done with it."""
    register = _register(kind)
    record = get_object_or_404(with_references(register, register.model.objects.visible_to(request.user)), pk=pk)
    editable = register.model.objects.editable_by(request.user).filter(pk=pk).exists()
    labels = {name: register.field(name).verbose_name for name in register.written}
    context = {
        "register": register,
        "record": record,
        "facts": facts(register, record),
        "editable": editable,
        "void_form": VoidForm(initial={"version": record.version}),
        "entries": history(Event.objects.about(record)[:HISTORY], labels) if editable else [],
    }
    return render(request, "records/register_detail.html", context)


@login_required
@once
def register_add(request, kind):
    """Enter a record by hand."""
    register = _register(kind)
    if not register.may_enter(request.user):
        raise PermissionDenied
    form = RegisterForm(register, request.POST or None)
    if request.method == "POST" and form.is_valid():
        record = _carry_out(
            form,
            lambda told: enter(
                register, told["values"], by=actor_of(request), reason=told["reason"], document=told["document"]
            ),
        )
        if record is not None:
            messages.success(request, _("The record was entered."))
            return redirect("register_record", kind, record.pk)
    status = 400 if request.method == "POST" else 200
    return render(request, "records/register_form.html", {"register": register, "form": form}, status=status)


@login_required
@once
def register_edit(request, kind, pk):
    """Amend a record; whoever was slower sees what stands now beside what he typed."""
    register = _register(kind)
    record = _editable(request, register, pk)
    form = RegisterForm(register, request.POST or None, record=record)
    conflict = None
    if request.method == "POST" and form.is_valid():
        told = form.cleaned_data
        try:
            changed = _carry_out(
                form,
                lambda told: amend(
                    register,
                    record,
                    told["values"],
                    version=told["version"] or 0,
                    by=actor_of(request),
                    reason=told["reason"],
                    document=told["document"],
                ),
            )
            if changed is not None:
                messages.success(request, _("The record was changed."))
                return redirect("register_record", kind, pk)
        except ChangedMeanwhile:
            conflict = _conflict(register, record, told["values"])
            form.data = form.data.copy()
            form.data["version"] = str(record.version)
    context = {"register": register, "form": form, "record": record, "conflict": conflict}
    status = 409 if conflict else 400 if request.method == "POST" else 200
    return render(request, "records/register_form.html", context, status=status)


@login_required
@require_POST
@once
def register_void(request, kind, pk):
    """Take a record out of what stands, with the reason."""
    register = _register(kind)
    record = _editable(request, register, pk)
    form = VoidForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Say why the record is voided."))
        return redirect("register_record", kind, pk)
    record.version = form.cleaned_data["version"]
    try:
        void(register, [record], by=actor_of(request), reason=form.cleaned_data["reason"])
    except (ChangedMeanwhile, ValidationError) as refusal:
        messages.error(request, "；".join(getattr(refusal, "messages", [str(refusal)])))
        return redirect("register_record", kind, pk)
    messages.success(request, _("The record was voided."))
    return redirect("register_list", kind)


def _editable(request, register: Register, pk: int):
    record = get_object_or_404(with_references(register, register.model.objects.visible_to(request.user)), pk=pk)
    if not register.model.objects.editable_by(request.user).filter(pk=pk).exists():
        raise PermissionDenied
    return record


def _carry_out(form: RegisterForm, verb):
    """What the verb made, or None where it refused: the form then says why."""
    try:
        return verb(form.cleaned_data)
    except ValidationError as refusal:
        form.refuse(refusal)
    except PermissionDenied as refusal:
        form.add_error(None, str(refusal))
    return None


def _conflict(register: Register, record, values) -> dict:
    """Who was faster, and each field that stands otherwise than what was typed."""
    now, mine = natural(register, [register.state_of(record), register.state_of(record) | values])
    last = Event.objects.about(record).first()
    labels = {item.name: register.field(item.name).verbose_name for item in register.items}
    return {
        "last": last,
        "lines": [(labels[name], now[name], mine[name]) for name in labels if now[name] != mine[name]],
    }
