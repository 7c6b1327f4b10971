"""Which encoding a text file is in, found by decoding all of it once in constant memory."""

import codecs
from pathlib import Path

from tabular.errors import FileRefused

_BLOCK = 1 << 18
_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
# A file with so many good multi-byte characters before its first bad byte is damaged UTF-8, not GB 18030.
_ENOUGH = 10


def find_encoding(path: Path, encoding: str | None = None) -> tuple[str, int]:
    """The encoding of a text file (utf-8-sig, utf-8, utf-16 or gb18030) and its number of line ends.

    A caller's own `encoding` is only checked. Raises FileRefused `undecodable`, `wrong_encoding` or
    `nul_byte` with the line (from 1) and the byte offset (from 0).
    """
    with path.open("rb") as file:
        head = file.read(4)
    if encoding is None:
        encoding = next((name for bom, name in _BOMS if head.startswith(bom)), None)
    if encoding is not None:
        failure, _, lines = _decode_all(path, encoding)
        if failure is not None:
            raise _refusal(path, failure, "wrong_encoding", encoding)
        return encoding, lines
    failure, good, lines = _decode_all(path, "utf-8")
    if failure is None:
        return "utf-8", lines
    if good < _ENOUGH:
        gb_failure, _, lines = _decode_all(path, "gb18030")
        if gb_failure is None:
            return "gb18030", lines
        failure = max(failure, gb_failure)
    raise _refusal(path, failure, "undecodable", "")


def _decode_all(path: Path, encoding: str) -> tuple[int | None, int, int]:
    """Offset of the first bad byte (None: all good), multi-byte characters before it, line ends."""
    decoder = codecs.getincrementaldecoder(encoding)()
    offset = good = lines = 0
    with path.open("rb") as file:
        while True:
            block = file.read(_BLOCK)
            pending = len(decoder.getstate()[0])
            try:
                text = decoder.decode(block, final=not block)
            except UnicodeDecodeError as error:
                before = error.object[: error.start].decode(encoding, "ignore")
                good += sum(1 for character in before if character > "\x7f")
                return offset - pending + error.start, good, lines
            if "\0" in text:
                raise _nul_refusal(path, encoding)
            good += len(text) - len(text.encode("ascii", "ignore"))
            lines += max(text.count("\n"), text.count("\r"))
            if not block:
                return None, good, lines
            offset += len(block)


def _refusal(path: Path, offset: int, code: str, encoding: str) -> FileRefused:
    line = _line_at(path, offset)
    params = {"encoding": encoding} if code == "wrong_encoding" else {}
    return FileRefused(code, where=str(line), line=line, offset=offset, **params)


def _nul_refusal(path: Path, encoding: str) -> FileRefused:
    offset = 0
    with path.open("rb") as file:
        while block := file.read(_BLOCK):
            if (found := block.find(b"\0")) >= 0 and encoding != "utf-16":
                offset += found
                break
            offset += len(block)
    line = _line_at(path, offset)
    return FileRefused("nul_byte", where=str(line), line=line, offset=offset)


def _line_at(path: Path, offset: int) -> int:
    line, left = 1, offset
    with path.open("rb") as file:
        while left > 0 and (block := file.read(min(_BLOCK, left))):
            line += block.count(b"\n")
            left -= len(block)
    return line
