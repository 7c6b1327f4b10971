"""Pages by which a secretariat seat is handed over or ended."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied, ValidationError
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from records.conflicts import NO_VERSION
from records.once import once
from records.trail import actor_of
from records.versions import FIELD, Stale, opened_with, read_opened

from ..committee_forms import EndForm, TransferForm
from ..models import Organization, SecretariatSeat
from ..secretariats import end_secretariat, transfer_secretariat


def _seat(request, pk: int) -> SecretariatSeat:
    """A seat that the account keeps; one of another division is seen by everybody and changed by nobody else."""
    visible = SecretariatSeat.objects.visible_to(request.user).select_related("committee", "organization")
    seat = get_object_or_404(visible, pk=pk)
    if not SecretariatSeat.objects.editable_by(request.user).filter(pk=pk).exists():
        raise PermissionDenied
    return seat


@login_required
@once
def seat_transfer(request, pk):
    """Hand a seat over to another organization from a day on."""

    def hand_over(seat, told):
        organization = Organization.objects.get(pk=told.pop("organization"))
        transfer_secretariat(seat, organization, by=actor_of(request), **told)

    return _act(request, pk, TransferForm, hand_over, _("The seat was handed over."))


@login_required
@once
def seat_end(request, pk):
    """End a seat on a day."""
    return _act(
        request,
        pk,
        EndForm,
        lambda seat, told: end_secretariat(seat, by=actor_of(request), **told),
        _("The seat was ended."),
    )


def _act(request, pk, form_class, verb, done):
    seat = _seat(request, pk)
    form, status = form_class(request.POST or None), 200
    if request.method == "POST":
        status, opened = 400, read_opened(request.POST.get(FIELD, ""), seat)
        if form.is_valid() and opened is None:
            form.add_error(None, NO_VERSION)
        elif form.is_valid() and opened:
            try:
                verb(seat, form.cleaned_data | {"version": opened.version})
            except ValidationError as refusal:
                _say(form, refusal)
            except Stale as conflict:
                status = 409
                form.add_error(None, str(conflict))
            else:
                messages.success(request, done)
                return redirect("committee", seat.committee.slug)
    context = {"seat": seat, "form": form, "opened": opened_with(seat, {})}
    return render(request, "directory/seat_form.html", context, status=status)


def _say(form, refusal: ValidationError) -> None:
    """At the field where the verb knows one of the form's; else above all of them."""
    names = {"starts_on": "from_on", "ends_on": "on"}
    for name, errors in refusal.message_dict.items() if hasattr(refusal, "error_dict") else [("", refusal.messages)]:
        field = names.get(name, name)
        form.add_error(field if field in form.fields else None, errors)
