"""Signing in and out."""

from django.conf import settings
from django.contrib.auth.views import LoginView
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from . import signin
from .forms import SignInForm


class SignInView(LoginView):
    """Django's page with our form and our verb; the only page that takes a name and a password."""

    template_name = "login.html"
    authentication_form = SignInForm

    def form_valid(self, form):
        signin.sign_in(self.request, user=form.get_user())
        return redirect(self.get_success_url())

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
