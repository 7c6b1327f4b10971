"""Every way reading can fail: a stable code, an English template to translate, and its parameters."""

from collections.abc import Mapping


def gettext_noop(text: str) -> str:
    """Marks a template for the message catalogue; whoever shows it translates it."""
    return text


MESSAGES: dict[str, str] = {
    # the file
    "file_too_large": gettext_noop("File is {size} MB; at most {limit} MB"),
    "empty_file": gettext_noop("The file is empty"),
    "damaged_file": gettext_noop("The file is damaged and cannot be opened"),
    "format_mismatch": gettext_noop("The file is named {expected}, but its content is {found}"),
    "unsupported_format": gettext_noop("Files of type {found} cannot be read; save it as xlsx or csv"),
    "password_protected": gettext_noop("The file is protected by a password; remove it and try again"),
    "unknown_sheet": gettext_noop("The workbook has no sheet {sheet}"),
    "too_much_memory": (
        "Reading the file needs more than {limit} MB of memory; often a stray cell stands far outside it"
    ),
    "too_slow": gettext_noop("Reading the file takes longer than {limit} seconds"),
    # the workbook as an archive
    "archive_entries": gettext_noop("The workbook consists of {count} parts; at most {limit}"),
    "archive_unpacked": gettext_noop("Unpacked, the workbook is larger than {limit} MB"),
    "archive_ratio": gettext_noop("The workbook unpacks to more than {limit} times its size"),
    "archive_dtd": gettext_noop("The workbook defines XML entities, which is not allowed"),
    # text
    "undecodable": gettext_noop("Line {line}: the byte at position {offset} is neither UTF-8 nor GB 18030"),
    "wrong_encoding": gettext_noop("Line {line}: the byte at position {offset} is not {encoding}"),
    "nul_byte": gettext_noop("Line {line}: the byte at position {offset} is NUL; this is not a text file"),
    "line_too_long": gettext_noop("Line {line}: longer than {limit} characters"),
    "unterminated_quote": gettext_noop("Line {line}: a quotation mark is opened and never closed"),
    "not_a_block": gettext_noop("Line {line}: neither a name with a colon nor the continuation of one"),
    # JSON
    "json_syntax": gettext_noop("Line {line}: not valid JSON"),
    "json_shape": gettext_noop("The JSON must be a list of objects, or an object that holds exactly one such list"),
    "json_not_object": gettext_noop("Entry {row} of the JSON is not an object"),
    "json_too_deep": gettext_noop("The JSON is nested too deeply"),
    "json_number": gettext_noop("The number {value} in the JSON is too large"),
    "json_duplicate_key": gettext_noop("The name {name} stands twice in one JSON object"),
    # the table
    "no_header": gettext_noop("No header row was found"),
    "too_many_rows": gettext_noop("The table has more than {limit} rows"),
    "too_many_columns": gettext_noop("Row {row} has {count} columns; at most {limit}"),
    # one row
    "cell_too_long": gettext_noop("Cell {cell} holds {count} characters; at most {limit}"),
    "extra_cells": gettext_noop("Row {row} has {count} cells, the header has {limit}"),
    # one date
    "not_a_date": gettext_noop("{value} is not a date"),
    "impossible_day": gettext_noop("{value} is a day that does not exist"),
    "year_out_of_range": gettext_noop("The year of {value} lies outside {first} to {last}"),
    "ambiguous_month": gettext_noop("{value} can be January or October; write it as text"),
    # the file handed back
    "cannot_annotate": gettext_noop("The rejected rows cannot be marked in this file"),
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
