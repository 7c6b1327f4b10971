"""Signing in and out, passwords."""

from urllib.parse import urlencode

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.contrib.auth import views as auth
from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.shortcuts import redirect, render, resolve_url
from django.urls import reverse_lazy
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from records.confirming import safe_next
from records.trail import Actor, actor_of

from .. import signin
from ..forms import NewPasswordForm, OwnPasswordForm, ResetForm, SignInForm
from ..passwords import change_password
from ..second_factors import factor_of, hold
from ..sessions import register_session


class SignInView(auth.LoginView):
    """Django's page with our form and our verb; the only page that takes a name and a password."""

    template_name = "login.html"
    authentication_form = SignInForm

    def form_valid(self, form):
        user = form.get_user()
        if factor_of(user) is None:
            signin.sign_in(self.request, user=user)
            return redirect(self.get_success_url())
        hold(self.request, user)
        return redirect(f"{resolve_url('login_code')}?{urlencode({'next': self.get_success_url()})}")

    def form_invalid(self, form):
        answer = super().form_invalid(form)
        if locked := [error for error in form.non_field_errors().as_data() if error.code == "locked"]:
            answer.status_code = 429
            answer["Retry-After"] = locked[0].params["seconds"]
        return answer


@require_POST
def sign_out(request):
    signin.sign_out(request)
    return redirect(settings.LOGOUT_REDIRECT_URL)


@sensitive_post_parameters()
@never_cache
@login_required
def password_change(request):
    """A new password for oneself: this session goes on under a new key, all others and all tokens end."""
    form = OwnPasswordForm(request.user, request.POST or None, request=request)
    if request.method == "POST" and form.is_valid():
        with transaction.atomic():
            change_password(request.user, form.cleaned_data["new_password1"], by=actor_of(request))
            update_session_auth_hash(request, request.user)
            register_session(request)
        messages.success(request, _("Your password was changed. Your other sessions and your API tokens ended."))
        return redirect(safe_next(request, settings.LOGIN_REDIRECT_URL))
    context = {"form": form, "next": safe_next(request, settings.LOGIN_REDIRECT_URL)}
    return render(request, "directory/password_change.html", context, status=400 if form.errors else 200)


class ResetView(auth.PasswordResetView):
    """Asks for a mail; the answer is the same whether an account has the address or not."""

    template_name = "directory/password_reset.html"
    email_template_name = "directory/password_reset_mail.txt"
    subject_template_name = "directory/password_reset_subject.txt"
    form_class = ResetForm

    def get_context_data(self, **kwargs):
        mails = not settings.EMAIL_BACKEND.endswith("dummy.EmailBackend")
        return super().get_context_data(**kwargs, mails=mails)


class ResetSentView(auth.PasswordResetDoneView):
    template_name = "directory/password_reset_sent.html"


class ResetConfirmView(auth.PasswordResetConfirmView):
    """Sets a new password from the mail's link; one then signs in with it."""

    template_name = "directory/password_reset_confirm.html"
    form_class = NewPasswordForm
    success_url = reverse_lazy("login")

    def form_valid(self, form):
        self.user.changed_by = Actor(self.user, address=actor_of(self.request).address, channel="web")
        messages.success(self.request, _("Your password was changed. Sign in with it."))
        return super().form_valid(form)
