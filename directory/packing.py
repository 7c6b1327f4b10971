"""Sets of record numbers in few bytes: sorted, each as its distance from the one before. Pure."""

import json
import zlib
from collections.abc import Collection


def packed(numbers: Collection[int]) -> bytes:
    ordered = sorted(numbers)
    steps = [after - before for before, after in zip([0, *ordered], ordered, strict=False)]
    return zlib.compress(json.dumps(steps, separators=(",", ":")).encode())


def unpacked(content: bytes | memoryview | None) -> frozenset[int]:
    """The numbers again; None is the empty set."""
    if content is None:
        return frozenset()
    numbers, last = [], 0
    for step in json.loads(zlib.decompress(content)):
        last += step
        numbers.append(last)
    return frozenset(numbers)
