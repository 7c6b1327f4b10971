"""The accounts of a division, for those who keep them: one-time passwords, handing over open work."""

from functools import wraps

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Q
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from records.confirming import confirmed
from records.once import once
from records.trail import actor_of

from ..access import may_keep_accounts
from ..handover import CLOSE_ACCOUNT, END_ROLES, HandoverRefused, hand_over, open_work
from ..models import User
from ..passwords import give_one_time_password

ROWS = 50


class HandOverForm(forms.Form):
    """To whom, why, and what becomes of the account."""

    colleague = forms.CharField(
        label=gettext_lazy("Account that takes it over"),
        required=False,
        max_length=150,
        help_text=gettext_lazy("Of the same division or one above it."),
    )
    reason = forms.CharField(label=gettext_lazy("Reason"), max_length=200)
    end = forms.ChoiceField(
        label=gettext_lazy("And then"),
        required=False,
        choices=[
            ("", gettext_lazy("leave the account as it is")),
            (CLOSE_ACCOUNT, gettext_lazy("close the account")),
            (END_ROLES, gettext_lazy("take its roles back (security administrators)")),
        ],
    )

    def clean_colleague(self):
        typed = self.cleaned_data["colleague"].strip()
        found = User.objects.filter(username=typed, is_active=True).first() if typed else None
        if typed and found is None:
            raise forms.ValidationError(_("There is no open account of this name."))
        return found


def keeper_required(view):
    """The password entered a short while ago, and accounts to keep."""

    @confirmed
    @wraps(view)
    def guarded(request, *args, **kwargs):
        if not may_keep_accounts(request.user):
            raise PermissionDenied
        return view(request, *args, **kwargs)

    return guarded


@keeper_required
def account_list(request):
    """The accounts one keeps, found by their beginning or a part of the person's name."""
    typed = request.GET.get("q", "").replace("\x00", "").strip()[:100]
    rows = User.objects.kept_by(request.user).order_by("username")
    if typed:
        rows = rows.filter(Q(username__startswith=typed) | Q(full_name__contains=typed))
    page = Paginator(rows.prefetch_related("grants__region", "grants__organization"), ROWS)
    return render(
        request, "directory/account_list.html", {"page": page.get_page(request.GET.get("page")), "typed": typed}
    )


@never_cache
@keeper_required
@require_POST
@once
def password_give(request, pk):
    """A one-time password; the page that answers is the only one that shows it."""
    user = get_object_or_404(User.objects.kept_by(request.user), pk=pk)
    password = give_one_time_password(user, by=actor_of(request))
    return render(request, "directory/password_given.html", {"account": user, "password": password})


@keeper_required
@once
def account_hand_over(request, pk):
    """What is open, and the form that puts it into a colleague's hands."""
    user = get_object_or_404(User.objects.kept_by(request.user), pk=pk)
    form = HandOverForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            count = hand_over(user, form.cleaned_data.pop("colleague"), by=actor_of(request), **form.cleaned_data)
        except HandoverRefused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("Handed over: %(count)s.") % {"count": count})
            return redirect("accounts")
    work = [(kind.label, rows) for kind, rows in open_work(user).items()]
    context = {"account": user, "form": form, "work": work}
    return render(request, "directory/hand_over.html", context, status=400 if form.errors else 200)
