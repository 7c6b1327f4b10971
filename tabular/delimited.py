"""csv and tsv, read in the same process in constant memory."""

import csv
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from tabular.errors import FileRefused
from tabular.limits import Limits
from tabular.rows import RawRow

_DELIMITERS = ",\t;|"
# What a spreadsheet program would take for a formula (OWASP, CSV Injection; full-width forms too).
_GUARDED = re.compile("'*[=+\\-@\\t\\r\\n＝＋－＠]")
_MAY_BE_GUARDED = frozenset("'=+-@\t\r\n＝＋－＠")


def guard(text: str) -> str:
    """Make a csv cell harmless for spreadsheet programs: `=1+1` → `'=1+1`, `'=` → `''=`."""
    return "'" + text if text[:1] in _MAY_BE_GUARDED and _GUARDED.match(text) else text


def unguard(text: str) -> str:
    """Undo `guard`, exactly: one apostrophe goes where it stands before what it guards."""
    return text[1:] if text[:1] == "'" and _GUARDED.match(text) else text


def guess_delimiter(head: str) -> str:
    """The character that splits the first lines into most columns, most evenly."""
    lines = [line for line in head.splitlines()[:21] if line.strip()]
    if len(lines) > 1 and not head.endswith(("\n", "\r")):
        lines.pop()
    best, best_score = ",", 0.0
    for delimiter in _DELIMITERS:
        try:
            widths = Counter(len(record) for record in csv.reader(lines, delimiter=delimiter))
        except csv.Error:
            continue
        width, count = widths.most_common(1)[0] if widths else (1, 0)
        score = count / len(lines) * min(width, 20) if width > 1 else 0.0
        if score > best_score:
            best, best_score = delimiter, score
    return best


class _Lines:
    """The lines of a file for csv.reader, none longer than the limit, nor any record."""

    def __init__(self, path: Path, encoding: str, limits: Limits) -> None:
        self._file = path.open(encoding=encoding, newline="")
        self._limit = limits.line_chars
        self._record = 0
        self.first = self.last = 0
        self.ended = False

    def start_record(self) -> None:
        self.first, self._record = self.last + 1, 0

    def __iter__(self) -> "_Lines":
        return self

    def __next__(self) -> str:
        line = self._file.readline(self._limit + 1)
        self._record += len(line)
        if self._record > self._limit:
            # A quote left open swallows line after line; one long line is just that.
            code = "line_too_long" if self.first > self.last else "unterminated_quote"
            raise FileRefused(code, where=str(self.first), line=self.first, limit=self._limit)
        if not line:
            self.ended = True
            raise StopIteration
        self.last += 1
        return line

    def close(self) -> None:
        self._file.close()


def read_delimited(path: Path, *, encoding: str, delimiter: str, limits: Limits) -> Iterator[RawRow]:
    """Each record that is not blank, with the number of its first line; "" is None, guards are taken off.

    Raises FileRefused `unterminated_quote` or `line_too_long` with the line.
    """
    lines = _Lines(path, encoding, limits)
    try:
        records = csv.reader(lines, delimiter=delimiter)
        while True:
            lines.start_record()
            try:
                record = next(records, None)
            except csv.Error as error:  # one cell beyond csv.field_size_limit()
                raise _unterminated(lines.first) from error
            if record is None:
                return
            if lines.ended:
                raise _unterminated(lines.first)
            if any(record):
                yield lines.first, [unguard(text) if text else None for text in record]
    finally:
        lines.close()


def _unterminated(line: int) -> FileRefused:
    return FileRefused("unterminated_quote", where=str(line), line=line)
