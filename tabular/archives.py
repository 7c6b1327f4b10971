"""Whether a workbook is safe to unpack (ASVS 5.0: 5.2.3). Runs in the child process."""

import zipfile
from pathlib import Path
from zlib import error as ZlibError

from tabular.errors import FileRefused
from tabular.limits import RATIO_MATTERS_FROM, Limits, megabytes

_BLOCK = 1 << 18
_XML = (".xml", ".rels", ".vml")
# OPC (ISO/IEC 29500-2) forbids document type definitions; entities are what bombs and XXE are made of.
_DTD = tuple(
    word.encode(encoding) for word in ("<!DOCTYPE", "<!ENTITY") for encoding in ("ascii", "utf-16-le", "utf-16-be")
)
_OTHER_PACKAGES = {"word/document.xml": "docx", "ppt/presentation.xml": "pptx", "xl/workbook.bin": "xlsb"}


def check_archive(path: Path, limits: Limits) -> int:
    """Refuse an archive that is no xlsx workbook, is too large, packed too tightly, or holds a DTD.

    Returns the number of row elements in its longest part, blank rows included. Everything is
    unpacked once, block by block, because an archive may lie about its sizes. Raises FileRefused
    `archive_*`, `unsupported_format`, `password_protected` or `damaged_file`.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            entries = archive.infolist()
            _check_shape(entries, limits)
            unpacked = rows = 0
            for entry in entries:
                unpacked, rows_here = _check_entry(archive, entry, unpacked, limits)
                rows = max(rows, rows_here)
    except (
        zipfile.BadZipFile,
        ZlibError,
        EOFError,
        OSError,
        NotImplementedError,
        UnicodeError,
        ValueError,
    ) as error:
        raise FileRefused("damaged_file") from error
    packed = path.stat().st_size
    if unpacked > RATIO_MATTERS_FROM and unpacked > packed * limits.ratio:
        raise FileRefused("archive_ratio", limit=limits.ratio)
    return rows


def _check_shape(entries: list[zipfile.ZipInfo], limits: Limits) -> None:
    if len(entries) > limits.entries:
        raise FileRefused("archive_entries", count=len(entries), limit=limits.entries)
    names = {entry.filename.lstrip("/").lower() for entry in entries}
    for name, found in _OTHER_PACKAGES.items():
        if name in names:
            raise FileRefused("unsupported_format", found=found)
    if not any(name.startswith("xl/workbook") for name in names):
        raise FileRefused("unsupported_format", found="ods" if "content.xml" in names else "zip")
    if any(entry.flag_bits & 1 for entry in entries):
        raise FileRefused("password_protected")
    if sum(entry.file_size for entry in entries) > limits.unpacked_bytes:
        raise _too_large(limits)


def _check_entry(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, unpacked: int, limits: Limits) -> tuple[int, int]:
    is_xml = entry.filename.lower().endswith(_XML)
    tail, rows = b"", 0
    with archive.open(entry) as part:
        while block := part.read(_BLOCK):
            unpacked += len(block)
            if unpacked > limits.unpacked_bytes:
                raise _too_large(limits)
            if is_xml and any(word in tail + block for word in _DTD):
                raise FileRefused("archive_dtd")
            rows += block.count(b"<row ")
            tail = block[-20:]
    return unpacked, rows


def _too_large(limits: Limits) -> FileRefused:
    return FileRefused("archive_unpacked", limit=megabytes(limits.unpacked_bytes))
