"""The web process seals the trail by itself, every so often."""

import logging
from threading import Event, Thread

from django.core.checks import Tags, run_checks
from django.core.exceptions import ImproperlyConfigured
from django.db import connection

from .seals import seal_trail

logger = logging.getLogger(__name__)


def start_sealing(every: float, stop: Event | None = None) -> Thread | None:
    """Seal every so many seconds until told to stop; 0 leaves it to `seal_trail`. Refuses a server without its key."""
    if errors := [one for one in run_checks(tags=[Tags.security]) if (one.id or "").startswith("records.")]:
        raise ImproperlyConfigured("; ".join(one.msg for one in errors))
    if every <= 0:
        return None
    thread = Thread(target=_run, args=(every, stop or Event()), name="sealing of the trail", daemon=True)
    thread.start()
    return thread


def _run(every: float, stop: Event) -> None:
    while not stop.wait(every):
        seal_quietly()


def seal_quietly() -> None:
    """Seal; what goes wrong is written to the log, and tried again the next time."""
    try:
        seal_trail()
    except Exception:
        logger.exception("The trail could not be sealed.")
    finally:
        connection.close()
