"""Text files of `name ：value` lines, one record per block, blocks separated by blank lines."""

import re
from collections.abc import Iterator
from pathlib import Path

from tabular.errors import FileRefused
from tabular.limits import Limits
from tabular.text import clean_text

_PAIR = re.compile(r"([^：:]{1,40}?)\s*[：:](.*)", re.DOTALL)


def read_blocks(path: Path, *, encoding: str, limits: Limits) -> Iterator[tuple[int, dict[str, str]]]:
    """Each block as name → text, with the number of its first line.

    A line without a colon continues the one before; a name that stands twice gets `#2`. Raises
    FileRefused `line_too_long` (a line or a block) or `not_a_block`.
    """
    first, block, size = 0, dict[str, list[str]](), 0
    for number, line in _lines(path, encoding, limits):
        if not line.strip():
            if block:
                yield first, _joined(block)
            block, size = {}, 0
            continue
        size += len(line)
        if size > limits.line_chars:
            raise FileRefused("line_too_long", where=str(number), line=number, limit=limits.line_chars)
        first = first if block else number
        _add_line(block, line, number)
    if block:
        yield first, _joined(block)


def _add_line(block: dict[str, list[str]], line: str, number: int) -> None:
    if match := _PAIR.fullmatch(line):
        name = base = clean_text(match[1])
        count = 1
        while name in block:
            count += 1
            name = f"{base}#{count}"
        block[name] = [match[2].strip()]
    elif block:
        block[next(reversed(block))].append(line.strip())
    else:
        raise FileRefused("not_a_block", where=str(number), line=number)


def _joined(block: dict[str, list[str]]) -> dict[str, str]:
    return {name: "\n".join(lines).strip() for name, lines in block.items()}


def _lines(path: Path, encoding: str, limits: Limits) -> Iterator[tuple[int, str]]:
    number = 0
    with path.open(encoding=encoding) as file:
        while line := file.readline(limits.line_chars + 1):
            number += 1
            if len(line) > limits.line_chars:
                raise FileRefused("line_too_long", where=str(number), line=number, limit=limits.line_chars)
            yield number, line.rstrip("\n")
