"""The published limits of what may be read (ASVS 5.0: 5.2.1, 5.2.3)."""

from dataclasses import dataclass

MB = 1024 * 1024


@dataclass(frozen=True)
class Limits:
    """What one file may cost. Sizes in bytes, times in seconds; blank rows and the header are not counted."""

    file_bytes: int = 20 * MB
    unpacked_bytes: int = 200 * MB  # the parts of a workbook together
    ratio: int = 100  # unpacked : packed; judged above RATIO_MATTERS_FROM only
    entries: int = 200  # parts of a workbook
    rows: int = 100_000
    columns: int = 100
    cell_chars: int = 5_000
    seconds: int = 60  # CPU time of the child, and the longest wait for it
    memory_bytes: int = 232 * MB  # address space of the child; its RSS and a small parent stay under 256 MB

    @property
    def line_chars(self) -> int:
        """The longest line or record of a text file: every cell full, quoted and separated."""
        return self.columns * (self.cell_chars + 3)


# Below this unpacked size a high ratio harms nobody: blank formatted rows pack very well.
RATIO_MATTERS_FROM = 4 * MB

UPLOAD_LIMITS = Limits()

# Upload limits bind uploads, not commands: whoever runs a command owns the machine.
COMMAND_LIMITS = Limits(
    file_bytes=1024 * MB,
    unpacked_bytes=8 * 1024 * MB,
    ratio=1_000,
    entries=5_000,
    rows=2_000_000,
    columns=500,
    cell_chars=100_000,
    seconds=3_600,
    memory_bytes=12 * 1024 * MB,
)


def megabytes(size: int) -> float:
    """A size for people: 20971521 → 20.1, never rounded down to the limit it broke."""
    return -(-size * 10 // MB) / 10
