"""Personal numbers in what the trail holds, made unreadable for whoever does not need them (个人信息保护法, article 6).

Mobile numbers keep their first three and last four digits, identity numbers their first six and last four; what stands
under a name of a telephone's field keeps its last four. The trail itself stays as it was written.
"""

import re
from typing import Any

MOBILE = re.compile(r"(?<![0-9])(1[3-9][0-9])[0-9]{4}([0-9]{4})(?![0-9])")
# GB 11643: six digits of division, the day of birth, three of sequence, a check character.
IDENTITY = re.compile(
    r"(?<![0-9A-Za-z])([1-9][0-9]{5})(?:19|20)[0-9]{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01])([0-9]{3}[0-9Xx])(?![0-9A-Za-z])"
)
TELEPHONE = re.compile(r"phone|mobile|\bfax|\btel\b|电话|手机|联系方式", re.IGNORECASE)
DIGIT = re.compile(r"[0-9](?=(?:[^0-9]*[0-9]){4})")


def masked(value: Any, name: str = "") -> Any:
    """A JSON value with the personal numbers in it masked; `name` is the field it stands under."""
    if isinstance(value, dict):
        return {key: masked(one, key) for key, one in value.items()}
    if isinstance(value, list):
        return [masked(one, name) for one in value]
    if isinstance(value, int) and not isinstance(value, bool) and len(str(value)) >= 11:
        text = masked_text(str(value))
        return value if text == str(value) else text
    if not isinstance(value, str):
        return value
    return DIGIT.sub("*", value) if TELEPHONE.search(name) else masked_text(value)


def masked_text(text: str) -> str:
    """A text with the mobile and identity numbers in it masked."""
    return IDENTITY.sub(r"\1********\2", MOBILE.sub(r"\1****\2", text))
