"""How a standard is written where people cite it. Pure."""

import re

YEAR = re.compile(r"-(\d{4})(?![\d-])")


def printed(number: str, level: str) -> str:
    """The number as covers print it: a dash before each year for Chinese standards (GB/T 1.1-2020, 5.1)."""
    return number if level == "international" else YEAR.sub("—\\1", number)


def reference(number: str, title: str, level: str) -> str:
    """The entry of a list of references (GB/T 7714-2015, 8.3.2): 题名: 标准号[S]."""
    return f"{title}: {printed(number, level)}[S]."
