"""How often people without an account take lists away: exports are throttled, never capped."""

from typing import Any

from rest_framework.throttling import AnonRateThrottle

FORMATS = ("csv", "xlsx", "jsonl")


class ExportThrottle(AnonRateThrottle):
    """An address's exports, counted together whether they come from the page or from the API."""

    scope = "export"

    def allow_request(self, request: Any, view: Any) -> bool:
        is_export = view is None or request.query_params.get("format") in FORMATS
        return not is_export or super().allow_request(request, view)


def seconds_to_wait(request: Any) -> int:
    """How long a page's visitor has to wait for his next export; 0 where he need not. Counts this one."""
    throttle = ExportThrottle()
    return 0 if throttle.allow_request(request, None) else int(throttle.wait() or 0) + 1
