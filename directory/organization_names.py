"""When two printed names are the same name, and when they merely look alike. Pure: text in, text out.

Equal are names that differ in what printers and keyboards vary: width, blanks, the shape of brackets, marks at the
end. Similar are those that a person has to look at: brackets left out, another or no form of company at the end.
"""

import re
import unicodedata

OPENING, CLOSING = "([{<〔【〖〈《「『﹝", ")]}>〕】〗〉》」』﹞"
BRACKETS = str.maketrans(OPENING + CLOSING, "(" * len(OPENING) + ")" * len(CLOSING))
QUOTES = re.compile("[\"'“”‘’`]")
# Dots between the parts of a name, in all their shapes.
DOTS = str.maketrans("・•‧∙⋅", "·" * 5)
TRAILING = re.compile(r"[\s。．.,，、;；:：*#·…_\-—]+$")
EMPTY_BRACKETS = re.compile(r"\(\)")
# The form of a company says what it is, not who it is; whoever copies a name leaves it out or writes another.
COMPANY = re.compile(
    r"(?:集团)?(?:股份有限公司|有限责任公司|有限公司|股份公司|总公司|公司|集团)$"
    r"|(?:company|co\.?)?,?(?:limited|ltd)\.?$|,?(?:inc|incorporated|corporation|corp|gmbh)\.?$"
)
MARKS = re.compile(r"[()·,.、\-—_/&]")
SHORTEST = 2  # characters of a name that are left when the form of company is taken away


def name_key(name: str) -> str:
    """The form in which printed names are compared: what is equal by it is the same name."""
    text = unicodedata.normalize("NFKC", name).casefold().translate(BRACKETS).translate(DOTS)
    text = "".join(QUOTES.sub("", text).split())
    text = EMPTY_BRACKETS.sub("", TRAILING.sub("", text))
    return text or "".join(name.split())


def similar_key(name: str) -> str:
    """A looser form: names that share it may be variants of one name, which a person has to say.

    有限公司, 有限责任公司 and 股份有限公司 share it, and so do （江苏） and 江苏.
    """
    text = MARKS.sub("", name_key(name))
    stem = COMPANY.sub("", text)
    return stem if len(stem) >= SHORTEST else text or name_key(name)


def is_same_name(one: str, other: str) -> bool:
    return name_key(one) == name_key(other)


def is_similar_name(one: str, other: str) -> bool:
    """Whether two names are not the same, but may be variants of one."""
    return not is_same_name(one, other) and similar_key(one) == similar_key(other)
