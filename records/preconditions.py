"""What the API answers where a write does not fit the record as it stands."""

from typing import Any

from django.utils.translation import gettext as _
from rest_framework import status
from rest_framework.exceptions import APIException

from .models import Event


class Conflict(APIException):
    status_code = status.HTTP_409_CONFLICT
    default_code = "exists"

    def __init__(self, detail: str, url: str) -> None:
        super().__init__(detail)
        self.members = {"url": url}


class Stale(APIException):
    """Says what to read before trying again: the present ETag, and who changed the record when."""

    status_code = status.HTTP_412_PRECONDITION_FAILED
    default_code = "stale"

    def __init__(self, record: Any, tag: str) -> None:
        text = _("%(number)s is at version %(version)s by now.")
        super().__init__(text % {"number": record, "version": record.version})
        last = Event.objects.about(record).first()
        self.headers = {"ETag": tag}
        self.members = {
            "etag": tag,
            "version": record.version,
            "changed_by": (last.actor_name or last.channel) if last else "",
            "changed_at": last.at if last else None,
        }


class VersionMissing(APIException):
    status_code = status.HTTP_428_PRECONDITION_REQUIRED
    default_code = "version_missing"
