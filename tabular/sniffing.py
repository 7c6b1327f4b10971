"""What a file is, by its content; its name only has to agree."""

import mmap
import re
from pathlib import Path, PurePath

from tabular.delimited import guess_delimiter
from tabular.encodings import find_encoding
from tabular.errors import FileRefused
from tabular.limits import Limits, megabytes

_HEAD = 1 << 16
_SIGNATURES = (
    (b"PK\x03\x04", "xlsx"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "xls"),
    (b"%PDF", "pdf"),
    (b"Rar!", "rar"),
    (b"7z\xbc\xaf", "7z"),
    (b"\x1f\x8b", "gzip"),
    (b"\x89PNG", "png"),
    (b"\xff\xd8\xff", "jpeg"),
    (b"{\\rtf", "rtf"),
)
_MARKUP = re.compile(r"\s*<(?:!doctype|!--|\?xml|html|head|body|table|meta|style|div|[a-z]+:[a-z]+)", re.IGNORECASE)
_JSON_LIST = re.compile(r"\s*\[\s*[\[{\]]")
_JSON_OBJECT = re.compile(r"\s*\{\s*[\"}]")
_JSON_LINES = re.compile(r"\s*\{[^\n]*\}\s*\n\s*\{")
_BLOCK_LINE = re.compile(r"[^：:,\t]{1,20}?\s*[：:]")

# The names a format may carry; a name that is in none of them says nothing.
NAMES: dict[str, frozenset[str]] = {
    "csv": frozenset(["csv", "txt"]),
    "tsv": frozenset(["tsv", "tab", "csv", "txt"]),
    "xlsx": frozenset(["xlsx", "xlsm"]),
    "xls": frozenset(["xls", "et"]),
    "json": frozenset(["json", "txt"]),
    "jsonl": frozenset(["jsonl", "ndjson", "json", "txt"]),
    "blocks": frozenset(["txt"]),
}
TEXT_FORMATS = frozenset(["csv", "tsv", "json", "jsonl", "blocks"])


def check_size(path: Path, limits: Limits) -> None:
    """Refuse a file that is empty or larger than the limit."""
    size = path.stat().st_size
    if size == 0:
        raise FileRefused("empty_file")
    if size > limits.file_bytes:
        raise FileRefused("file_too_large", size=megabytes(size), limit=megabytes(limits.file_bytes))


def find_format(path: Path, *, name: str, kind: str | None, encoding: str | None) -> tuple[str, str | None, int]:
    """The format of a file, its encoding (None for workbooks) and its number of line ends.

    Raises FileRefused `format_mismatch` when the content is not what `kind`, or else the ending of
    `name`, says.
    """
    with path.open("rb") as file:
        head = file.read(_HEAD)
    ending = PurePath(name).suffix.lstrip(".").lower()
    found = next((kind for signature, kind in _SIGNATURES if head.startswith(signature)), None)
    lines = 0
    if found == "xls":
        _refuse_encrypted(path)
    if found is None:
        _refuse_binary(head, kind or ending)
        encoding, lines = find_encoding(path, encoding)
        found = _text_format(head.decode(encoding, "ignore"), ending, kind)
    if found not in NAMES and not _contradicts(found, ending, kind):
        raise FileRefused("unsupported_format", found=found)
    if _contradicts(found, ending, kind):
        raise FileRefused("format_mismatch", expected=kind or ending, found=found)
    return found, encoding if found in TEXT_FORMATS else None, lines


def _refuse_encrypted(path: Path) -> None:
    """Office wraps an encrypted xlsx in the container that xls uses ([MS-OFFCRYPTO] 2.3.4)."""
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as content:
        if content.find("EncryptedPackage".encode("utf-16-le")) >= 0:
            raise FileRefused("password_protected")


def _refuse_binary(head: bytes, expected: str) -> None:
    """A workbook's name on bytes that are neither a workbook nor text."""
    if expected in NAMES["xlsx"] | NAMES["xls"] and b"\0" in head:
        raise FileRefused("damaged_file")


def _text_format(head: str, ending: str, kind: str | None) -> str:
    if not head.strip("\ufeff \t\r\n\u3000"):
        raise FileRefused("empty_file")
    if _MARKUP.match(head):
        return "html"
    if _JSON_LINES.match(head):
        return "jsonl"
    if _JSON_LIST.match(head):
        return "json"
    if _JSON_OBJECT.match(head):
        return "jsonl" if ending in ("jsonl", "ndjson") or kind == "jsonl" else "json"
    if kind == "blocks" or (kind is None and ending in ("txt", "") and _looks_like_blocks(head)):
        return "blocks"
    if ending in ("tsv", "tab") or kind == "tsv" or guess_delimiter(head) == "\t":
        return "tsv"
    return "csv"


def _looks_like_blocks(head: str) -> bool:
    lines = [line for line in head.splitlines()[:20] if line.strip()]
    named = [_BLOCK_LINE.match(line) is not None for line in lines]
    # Long values go on in lines of their own.
    return len(lines) >= 2 and named[0] and sum(named) > len(named) / 2


def _contradicts(found: str, ending: str, kind: str | None) -> bool:
    if kind is not None:
        return found != kind and not (found == "tsv" and kind == "csv")
    named = any(ending in endings for endings in NAMES.values())
    return named and ending not in NAMES.get(found, ())
