"""Which column of a file is what: the header words a field goes by."""

import hashlib
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Field:
    """One thing a row can say. `words` are the headers it goes by, the likeliest first, folded."""

    name: str
    label: Any
    words: tuple[str, ...]

    def rank(self, column: str) -> int | None:
        """How well a header fits, 0 best; None where it does not."""
        header = fold_header(column)
        return self.words.index(header) if header in self.words else None


def fold_header(column: str) -> str:
    """A header without what people vary: width, case, blanks, brackets' content, marks at its end."""
    text = unicodedata.normalize("NFKC", column).casefold().split("(")[0]
    return "".join(text.split()).strip("*:·")


def shape_of(columns: Sequence[str]) -> str:
    """What files with the same headers share, whatever their order: a SHA-256 in hexadecimal."""
    words = sorted(fold_header(column) for column in columns)
    return hashlib.sha256("\n".join(words).encode()).hexdigest()
