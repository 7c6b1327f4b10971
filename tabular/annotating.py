"""Gives users their own file back with only the rejected rows, and why each was rejected."""

import csv
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from tabular.blocks import read_blocks
from tabular.child import Child
from tabular.delimited import guard, read_delimited
from tabular.errors import FileRefused
from tabular.limits import MB, UPLOAD_LIMITS, Limits
from tabular.reading import TableReader, read_table
from tabular.text import clean_text, show_forbidden_characters

# The column that is added. Importers leave it out, so that a corrected file can be imported as it is.
REASON_COLUMN = "错误原因"

# What the file handed back is called, by the format read.
SUFFIXES = {
    "csv": ".csv",
    "tsv": ".tsv",
    "xlsx": ".xlsx",
    "xls": ".xlsx",
    "json": ".json",
    "jsonl": ".jsonl",
    "blocks": ".txt",
}

# openpyxl keeps a workbook's formatting and needs 7 kB for each rejected row of 15 cells, in the child.
_MARKING_MEMORY = 768 * MB
_MARKING_SECONDS = 120
# With more rejected rows than these the formatting is given up at once.
_FORMATTED_ROWS = 20_000

Rejects = Mapping[int, Sequence[tuple[int | None, str]]]


def annotate_rejects(
    source_path: str | Path,
    rejects: Rejects,
    out_path: str | Path,
    *,
    header: str = REASON_COLUMN,
    limits: Limits = UPLOAD_LIMITS,
    **how: Any,
) -> str:
    """Write the rejected rows of a file, and all rows down to its header, with a last column `header`.

    `rejects` maps `Row.number` to (column index or None, reason) pairs; `how` is what `read_table` was
    given (`kind`, `encoding`, `name`, `sheet`, `known_names`). xlsx keeps its formatting, with the
    rejected cells coloured (formulas become their values, links text); xls becomes xlsx; csv and blocks
    become UTF-8 with BOM; JSON stays what it is. A column `header` that is there already is replaced.
    Returns the suffix for `out_path`'s name. Raises FileRefused as `read_table` does.
    """
    source, out = Path(source_path), Path(out_path)
    with read_table(source, limits=limits, **how) as reader:
        reasons = {number: _sentence(found, reader.columns) for number, found in rejects.items()}
    if reader.format in ("csv", "tsv"):
        _write_delimited(reader, reasons, out, header)
    elif reader.format == "blocks":
        _write_blocks(reader, reasons, out, header)
    else:
        _mark_in_child(reader, rejects, reasons, out, header)
    return SUFFIXES[reader.format]


def _sentence(found: Sequence[tuple[int | None, str]], columns: Sequence[str]) -> str:
    """All reasons of a row in one line, each after the name of its column."""
    parts = (
        f"{columns[index]}：{reason}" if index is not None and index < len(columns) and columns[index] else reason
        for index, reason in found
    )
    return show_forbidden_characters(clean_text("；".join(dict.fromkeys(parts))))


def _write_delimited(reader: TableReader, reasons: Mapping[int, str], out: Path, header: str) -> None:
    width = len(reader.columns)
    old = reader.columns.index(header) if header in reader.columns else None
    last = reader.header_row or 0
    with out.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file, delimiter=reader.delimiter or ",")
        for number, cells in _delimited_rows(reader):
            if number > last and number not in reasons:
                continue
            texts = ["" if cell is None else guard(str(cell)) for cell in cells]
            texts += [""] * (width - len(texts))
            if old is not None:
                del texts[old]
            reason = header if number == last else reasons.get(number, "")
            writer.writerow([*texts, guard(reason)])


def _delimited_rows(reader: TableReader) -> Iterator[Any]:
    return read_delimited(
        reader.path, encoding=str(reader.encoding), delimiter=reader.delimiter or ",", limits=reader.limits
    )


def _write_blocks(reader: TableReader, reasons: Mapping[int, str], out: Path, header: str) -> None:
    with out.open("w", encoding="utf-8-sig", newline="\r\n") as file:
        for number, block in read_blocks(reader.path, encoding=str(reader.encoding), limits=reader.limits):
            if number in reasons:
                block[header] = reasons[number]
                file.writelines(f"{name} ：{value}\n" for name, value in block.items())
                file.write("\n")


def _mark_in_child(reader: TableReader, rejects: Rejects, reasons: Mapping[int, str], out: Path, header: str) -> None:
    options: dict[str, Any] = {
        "kind": reader.format,
        "rejects": [[number, [index for index, _ in rejects[number]], reasons[number]] for number in sorted(reasons)],
        "out": str(out.absolute()),
        "header": header,
    }
    if reader.format in ("json", "jsonl"):
        _run("mark_json", reader, options | {"encoding": reader.encoding})
        return
    columns = reader.columns
    options |= {
        "sheet": reader.sheet,
        "header_row": reader.header_row,
        "reason_column": columns.index(header) if header in columns else len(columns),
        "values_only": reader.format == "xls" or len(reasons) > _FORMATTED_ROWS,
    }
    try:
        _run("mark_workbook", reader, options)
    except FileRefused:
        if options["values_only"]:
            raise
        # Too large or too odd for openpyxl: the values alone are better than nothing.
        _run("mark_workbook", reader, options | {"values_only": True})


def _run(do: str, reader: TableReader, options: dict[str, Any]) -> None:
    limits = replace(
        reader.limits,
        memory_bytes=max(reader.limits.memory_bytes, _MARKING_MEMORY),
        seconds=max(reader.limits.seconds, _MARKING_SECONDS),
    )
    child = Child(do, reader.path, limits=limits, options=options, may_write=reader.limits.unpacked_bytes)
    try:
        for _ in child.answers():
            pass
    finally:
        child.close()
