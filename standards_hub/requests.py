"""What every request gets: an id in answer and log, and the visitor's chosen language."""

import json
import logging
import uuid
from contextvars import ContextVar

from django.conf import settings
from django.utils import translation

from records.addresses import client_address

request_id: ContextVar[str] = ContextVar("request_id", default="")


class RequestIdMiddleware:
    """Gives each request an id of our own; error pages show it and log lines carry it."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        request.request_id = uuid.uuid4().hex[:12]  # for the trail
        token = request_id.set(request.request_id)
        try:
            response = self.get_response(request)
            response["X-Request-Id"] = request_id.get()
            return response
        finally:
            request_id.reset(token)


def believe_own_proxies(get_response):
    """Behind proxies of our own the peer is whom they name, so that limits, trail and sign-in go by one address."""

    def respond(request):
        request.META["REMOTE_ADDR"] = client_address(request)
        request.META.pop("HTTP_X_FORWARDED_FOR", None)
        return get_response(request)

    return respond


class ChosenLanguageMiddleware:
    """Chinese, unless the visitor has switched to English; what the browser prefers is not asked."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        chosen = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")
        language = chosen if chosen in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE
        with translation.override(language):
            request.LANGUAGE_CODE = language
            response = self.get_response(request)
            response.headers.setdefault("Content-Language", language)
            return response


class JsonFormatter(logging.Formatter):
    """One line of JSON a record: line breaks in a value never start a new line."""

    def format(self, record):
        entry = {
            "at": self.formatTime(record, "%Y-%m-%dT%H:%M:%S%z"),
            "level": record.levelname,
            "logger": record.name,
            "request": request_id.get(),
            "message": record.getMessage(),
        }
        if record.exc_info:
            entry["traceback"] = self.formatException(record.exc_info)
        return json.dumps(entry, ensure_ascii=False)
