"""Errors of the API as `application/problem+json` (RFC 9457), in Chinese, each with a stable code."""

from http import HTTPStatus

from django.core.exceptions import PermissionDenied as DjangoPermissionDenied
from django.http import Http404, JsonResponse
from django.utils.translation import gettext as _
from rest_framework.exceptions import NotFound, ParseError, PermissionDenied, ValidationError
from rest_framework.response import Response
from rest_framework.views import exception_handler

from directory.denied import note_denied
from records.models import Event

from .requests import request_id


def titles() -> dict[int, str]:
    return {
        400: _("The request cannot be understood"),
        401: _("Sign in first"),
        403: _("You may not do this"),
        404: _("There is no such record"),
        405: _("This method is not offered here"),
        406: _("This format is not offered here"),
        409: _("The record is in another state"),
        412: _("Somebody changed the record in the meantime"),
        413: _("The request is too large"),
        415: _("This kind of content cannot be read"),
        428: _("Say with If-Match which version you changed"),
        429: _("Too many requests; wait a moment"),
        500: _("Something went wrong on our side"),
    }


def problem(status: int, code: str, detail: str = "", **more) -> dict:
    """The body of an error answer."""
    return {
        "type": f"urn:standards-hub:problem:{code}",
        "title": titles().get(status, HTTPStatus(status).phrase),
        "status": status,
        "code": code,
        "detail": detail,
        "request_id": request_id.get(),
        **more,
    }


def handle(exc, context):
    """DRF's exception handler: every error has the same shape."""
    if isinstance(exc, Http404):
        exc = NotFound()  # Django's own words are English and name the model
    elif isinstance(exc, DjangoPermissionDenied):
        exc = PermissionDenied()
    response = exception_handler(exc, context)
    if response is None:
        return None
    if response.status_code == 403:
        note_denied(context["request"], Event.Channel.API)
    if isinstance(exc, ValidationError):
        body = problem(
            400, "invalid", _("Some values are not valid; see errors."), errors=_errors(exc.get_full_details())
        )
    else:
        # What the parser says of a broken body is English.
        detail = titles()[400] if isinstance(exc, ParseError) else str(getattr(exc, "detail", ""))
        members = getattr(exc, "members", {})
        body = problem(response.status_code, getattr(exc, "default_code", "error"), detail, **members)
    answer = Response(
        body,
        status=response.status_code,
        headers=_kept(response) | getattr(exc, "headers", {}),
        content_type="application/problem+json",
    )
    return answer


def _kept(response) -> dict[str, str]:
    return {name: response[name] for name in ("Allow", "WWW-Authenticate", "Retry-After") if response.has_header(name)}


def _errors(details, field: str = "") -> list[dict[str, str]]:
    """Flat list of {field, code, message} from DRF's nested details."""
    if isinstance(details, dict) and "message" in details and "code" in details:
        return [{"field": field, "code": str(details["code"]), "message": str(details["message"])}]
    if isinstance(details, dict):
        pairs = [(f"{field}.{name}".strip("."), value) for name, value in details.items()]
    else:
        pairs = [(field, value) for value in details]
    return [error for name, value in pairs for error in _errors(value, name)]


def problem_response(status: int, code: str, detail: str = "") -> JsonResponse:
    """An error answer outside DRF's views (unknown addresses under /api/)."""
    return JsonResponse(
        problem(status, code, detail),
        status=status,
        content_type="application/problem+json",
        json_dumps_params={"ensure_ascii": False},
    )
