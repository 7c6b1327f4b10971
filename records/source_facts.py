"""Where a file comes from, as its name tells."""

import re
from datetime import date
from pathlib import Path

from django.utils import timezone

from .importing import FileFacts

DAY_IN_NAME = re.compile(r"(20\d\d)[-_.]?([01]\d)[-_.]?([0-3]\d)")


def import_facts(path: Path, *, name: str = "", source: str | None = None, as_of: date | None = None) -> FileFacts:
    """Where a file comes from. Its name gives the source, and the source's own day where it bears one.

    Without a day in the name today counts; a row's own day, where the file has such a column, comes first.
    """
    stem = Path(name or path.name).stem
    match = DAY_IN_NAME.search(stem)
    day = _day(match) if match else None
    words = stem[: match.start()] + stem[match.end() :] if match and day else stem
    return FileFacts(
        name=name or path.name,
        source=source or words.strip(" _-.") or stem,
        as_of=as_of or day or timezone.localdate(),
    )


def _day(match: re.Match[str]) -> date | None:
    try:
        return date(int(match[1]), int(match[2]), int(match[3]))
    except ValueError:
        return None
