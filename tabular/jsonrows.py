"""JSON lists of objects and JSON lines as rows. Runs in the child process: 20 MB can become 700."""

import json
import math
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, NoReturn, cast

from tabular.errors import FileRefused
from tabular.limits import Limits
from tabular.rows import Cell, Oversized, RawRow

Record = dict[str, Any]
_LARGEST = 1 << 63  # the databases' integers have 64 bits


def read_json(path: Path, *, kind: str, encoding: str, limits: Limits) -> Iterator[Record | RawRow]:
    """First the table's `columns` and `meta`, then its rows: numbered by entry from 1, JSON lines by line.

    Columns are the union of the keys in order of first appearance. Objects are flattened one level
    (`dates.published`), lists of strings joined by 、, anything deeper is compact JSON. `meta` holds
    the scalar members beside the list. Raises FileRefused `json_*` or `too_many_columns`.
    """
    if kind == "json":
        document, key = load_document(path, encoding)
        records = document if key is None else document[key]
        columns = _columns(enumerate(records, 1), limits)
        yield {"columns": columns, "meta": _scalars(document) if key else {}}
        yield from _rows(enumerate(records, 1), columns, limits)
    else:
        columns = _columns(load_lines(path, encoding, limits), limits)
        yield {"columns": columns, "meta": {}}
        yield from _rows(load_lines(path, encoding, limits), columns, limits)


def load_document(path: Path, encoding: str) -> tuple[Any, str | None]:
    """The whole document and the name of the member that is the list; None where the document is the list."""
    document = parse(path.read_text(encoding=encoding), line=1)
    key = _only_list(document) if isinstance(document, dict) else None
    records = document if key is None else document[key]
    if not isinstance(records, list):
        raise FileRefused("json_shape")
    for number, record in enumerate(records, 1):
        if not isinstance(record, dict):
            raise FileRefused("json_not_object", where=str(number), row=number)
    return document, key


def load_lines(path: Path, encoding: str, limits: Limits) -> Iterator[tuple[int, Record]]:
    """Each line's object with the number of the line."""
    longest = limits.line_chars
    with path.open(encoding=encoding) as file:
        number = 0
        while line := file.readline(longest + 1):
            number += 1
            if len(line) > longest:
                raise FileRefused("line_too_long", where=str(number), line=number, limit=longest)
            if not line.strip():
                continue
            record = parse(line.strip(), line=number)
            if not isinstance(record, dict):
                raise FileRefused("json_not_object", where=str(number), row=number)
            yield number, record


def parse(text: str, *, line: int) -> Any:
    """JSON as the standard has it (RFC 8259): no NaN, no repeated names, no number beyond 64 bits."""
    try:
        return json.loads(
            text, object_pairs_hook=_object, parse_int=_integer, parse_float=_real, parse_constant=_constant
        )
    except json.JSONDecodeError as error:
        line += error.lineno - 1
        raise FileRefused("json_syntax", where=str(line), line=line) from error
    except RecursionError as error:
        raise FileRefused("json_too_deep") from error


def flatten(record: Record) -> Record:
    """One level of objects as dotted names; every value a cell."""
    flat: Record = {}
    for name, value in record.items():
        if isinstance(value, dict):
            for inner, item in value.items():
                _add(flat, f"{name}.{inner}", item)
        else:
            _add(flat, name, value)
    return flat


def _add(flat: Record, name: str, value: Any) -> None:
    key, count = name, 1
    while key in flat:
        count += 1
        key = f"{name}#{count}"
    flat[key] = _cell(value)


def _cell(value: Any) -> Cell:
    if isinstance(value, list):
        if all(isinstance(item, str) for item in value):
            return "、".join(value) or None
        return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    if isinstance(value, dict):
        return json.dumps(value, ensure_ascii=False, separators=(",", ":")) if value else None
    return None if value == "" else cast("Cell", value)


def _columns(numbered: Iterable[tuple[int, Record]], limits: Limits) -> list[str]:
    columns: dict[str, None] = {}
    for count, (number, record) in enumerate(numbered, 1):
        columns |= dict.fromkeys(flatten(record))
        if len(columns) > limits.columns:
            raise FileRefused(
                "too_many_columns", where=str(number), row=number, count=len(columns), limit=limits.columns
            )
        if count > limits.rows:
            raise FileRefused("too_many_rows", limit=limits.rows)
    return list(columns)


def _rows(numbered: Iterable[tuple[int, Record]], columns: list[str], limits: Limits) -> Iterator[RawRow]:
    longest = limits.cell_chars
    for number, record in numbered:
        flat = flatten(record)
        cells = [flat.get(name) for name in columns]
        yield (
            number,
            [Oversized(len(cell)) if isinstance(cell, str) and len(cell) > longest else cell for cell in cells],
        )


def _only_list(document: Record) -> str:
    lists = {
        name: value
        for name, value in document.items()
        if isinstance(value, list) and all(isinstance(item, dict) for item in value)
    }
    names = [name for name, value in lists.items() if value] or list(lists)
    if len(names) != 1:
        raise FileRefused("json_shape")
    return names[0]


def _scalars(document: Record) -> Record:
    return {name: value for name, value in document.items() if not isinstance(value, dict | list)}


def _object(pairs: list[tuple[str, Any]]) -> Record:
    record = dict(pairs)
    if len(record) != len(pairs):
        name = next(name for index, (name, _) in enumerate(pairs) if name in dict(pairs[:index]))
        raise FileRefused("json_duplicate_key", name=name[:40])
    return record


def _integer(digits: str) -> int:
    if len(digits) > 20 or not -_LARGEST <= int(digits) < _LARGEST:
        raise FileRefused("json_number", value=digits[:20] + "…")
    return int(digits)


def _real(digits: str) -> float:
    number = float(digits)
    if math.isinf(number):
        raise FileRefused("json_number", value=digits[:20])
    return number


def _constant(name: str) -> NoReturn:
    raise FileRefused("json_number", value=name)
