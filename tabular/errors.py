"""Every way reading can fail: a stable code, an English template to translate, and its parameters."""

from collections.abc import Mapping

# The whole list, so that the Django side can mark each template for translation.
MESSAGES: dict[str, str] = {
    # the file
    "file_too_large": "File is {size} MB; at most {limit} MB",
    "empty_file": "The file is empty",
    "damaged_file": "The file is damaged and cannot be opened",
    "format_mismatch": "The file is named {expected}, but its content is {found}",
    "unsupported_format": "Files of type {found} cannot be read; save it as xlsx or csv",
    "password_protected": "The file is protected by a password; remove it and try again",
    "unknown_sheet": "The workbook has no sheet {sheet}",
    "too_much_memory": (
        "Reading the file needs more than {limit} MB of memory; often a stray cell stands far outside it"
    ),
    "too_slow": "Reading the file takes longer than {limit} seconds",
    # the workbook as an archive
    "archive_entries": "The workbook consists of {count} parts; at most {limit}",
    "archive_unpacked": "Unpacked, the workbook is larger than {limit} MB",
    "archive_ratio": "The workbook unpacks to more than {limit} times its size",
    "archive_dtd": "The workbook defines XML entities, which is not allowed",
    # text
    "undecodable": "Line {line}: the byte at position {offset} is neither UTF-8 nor GB 18030",
    "wrong_encoding": "Line {line}: the byte at position {offset} is not {encoding}",
    "nul_byte": "Line {line}: the byte at position {offset} is NUL; this is not a text file",
    "line_too_long": "Line {line}: longer than {limit} characters",
    "unterminated_quote": "Line {line}: a quotation mark is opened and never closed",
    "not_a_block": "Line {line}: neither a name with a colon nor the continuation of one",
    # JSON
    "json_syntax": "Line {line}: not valid JSON",
    "json_shape": "The JSON must be a list of objects, or an object that holds exactly one such list",
    "json_not_object": "Entry {row} of the JSON is not an object",
    "json_too_deep": "The JSON is nested too deeply",
    "json_number": "The number {value} in the JSON is too large",
    "json_duplicate_key": "The name {name} stands twice in one JSON object",
    # the table
    "no_header": "No header row was found",
    "too_many_rows": "The table has more than {limit} rows",
    "too_many_columns": "Row {row} has {count} columns; at most {limit}",
    # one row
    "cell_too_long": "Cell {cell} holds {count} characters; at most {limit}",
    "extra_cells": "Row {row} has {count} cells, the header has {limit}",
    # one date
    "not_a_date": "{value} is not a date",
    "impossible_day": "{value} is a day that does not exist",
    "year_out_of_range": "The year of {value} lies outside {first} to {last}",
    "ambiguous_month": "{value} can be January or October; write it as text",
    # the file handed back
    "cannot_annotate": "The rejected rows cannot be marked in this file",
}


class TableError(Exception):
    """Something in the input is wrong.

    `code` is stable, `message` is the English template (the msgid), `params` fills it,
    `where` is a cell address (`C17`) or a line or row number as text, "" for the whole file.
    """

    def __init__(self, code: str, *, where: str = "", **params: object) -> None:
        super().__init__(code, where, params)
        self.code = code
        self.message = MESSAGES[code]
        self.params: Mapping[str, object] = params
        self.where = where

    def __str__(self) -> str:
        return self.message.format(**self.params)


class FileRefused(TableError):
    """The whole file cannot be read, or may not be."""


class RowRefused(TableError):
    """One row cannot be taken over; the rest of the file can."""


class NotADate(TableError):
    """A value that should be a date is none."""
