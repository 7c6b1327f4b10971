"""Error pages in the product's own words; under /api/ the same as problem details."""

from django.shortcuts import render
from django.utils.translation import gettext as _

from directory.denied import note_denied

from .problems import problem_response
from .requests import request_id


def _page(request, status: int, code: str, heading: str, advice: str):
    if request.path.startswith("/api/"):
        return problem_response(status, code, heading)
    context = {"status": status, "heading": heading, "advice": advice, "request_id": request_id.get()}
    return render(request, "error.html", context, status=status)


def bad_request(request, exception=None):
    return _page(request, 400, "invalid", _("The request cannot be understood"), _("Go back and try again."))


def forbidden(request, exception=None):
    note_denied(request)
    return _page(
        request,
        403,
        "forbidden",
        _("You may not do this"),
        _("Sign in with an account that may, or ask your division."),
    )


def csrf_failed(request, reason=""):
    return _page(
        request,
        403,
        "csrf",
        _("This page had been open too long"),
        _("Go back, load the page again and send the form once more."),
    )


def not_found(request, exception=None):
    return _page(
        request,
        404,
        "not_found",
        _("There is no such page"),
        _("Check the address, or search for what you are looking for."),
    )


def explain_refused_method(get_response):
    """Middleware: 405 says what happened, where the view only says no."""

    def respond(request):
        response = get_response(request)
        if response.status_code == 405 and not response.streaming and not response.content:
            advice = _("Go back to the page and use its own buttons.")
            page = _page(request, 405, "method_not_allowed", _("This address cannot be opened in this way"), advice)
            page["Allow"] = response["Allow"]
            return page
        return response

    return respond


def server_error(request):
    """Needs no database and no context: whatever broke may be just these."""
    if request.path.startswith("/api/"):
        return problem_response(500, "error", _("Nothing was saved halfway. Try again in a moment."))
    return render(None, "500.html", {"request_id": request_id.get()}, status=500)
