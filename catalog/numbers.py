"""The numbers of standards: the one door to reading, writing and finding them. Pure.

The grammar stands in `number_parsing` (Chinese) and `number_foreign`, the value in `standard_number`, the
tables of prefixes in `prefixes`, the search of running text in `citations`.
"""

from .citations import Citation, find_numbers
from .number_parsing import parse
from .standard_number import NotAStandardNumber, StandardNumber

__all__ = ["Citation", "NotAStandardNumber", "StandardNumber", "find_numbers", "parse"]
