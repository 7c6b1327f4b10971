"""The pattern of a citation in running text. Pure.

Every quantifier is bounded, so that a position costs at most a fixed number of steps whatever the text. The
pattern is generous: `citations` lets `parse` decide.
"""

import re
from functools import lru_cache

from . import prefixes

_GAP = r" {0,3}(?:\r?\n {0,3})?"
SERIAL = (
    r"[0-9]{1,12}(?:[A-HJKMNP-Z](?![A-Z0-9]))?(?:-[0-9]{1,5}(?=-(?:19|20)[0-9]{2})){0,3}"
    r"(?:\.[0-9]{1,6}[A-D]?){0,4}(?![0-9])"
)
_SOFT = r" ?(?:\r?\n)? ?"
_YEAR = (
    rf"(?:{_SOFT}(?:-|一){{1,2}}{_SOFT}(?:(?:19|20)[0-9]{{2}}|X{{2,4}}|(?:19|20)XX)"
    r"|:(?:19|20)[0-9]{2}|[-一][0-9]{2,4})(?![0-9X])"
)
_LANGUAGE = rf"(?:{'|'.join(sorted(prefixes.LANGUAGES, key=len, reverse=True))})(?![A-Z0-9])"
_NOTE = (
    r"(?: ?\((?:19|20)[0-9]{2} ?年? ?(?:局部)?(?:修订版?|版)\)|\((?:19|20)[0-9]{2}\)"
    rf"| ?\((?:{'|'.join(prefixes.LANGUAGE_NAMES)})版\))"
)
_AMENDMENT = r"(?: ?/? ?XG ?[0-9]{1,2}(?:-[0-9]{4}(?![0-9]))?| ?《?第 ?[0-9]{1,2} ?号修改单》?)"
_LOCAL = (
    r"DB ?[0-9]{2,8}(?:\(J\))? ?[/_-] ?[TZ]?|DB ?[0-9]{2}T?(?= [0-9])|DBS ?[0-9]{2} ?/"
    r"|DBJ(?: ?[0-9]{2})? ?/? ?(?:TJ|T|J)?-?|DGJ(?: ?[0-9]{2} ?/)? ?(?:TJ|J)?|DG ?/ ?TJ"
)
_GROUP = (
    r"T ?/ ?(?=[0-9]{0,9}[A-Z])[A-Z0-9]{2,16}(?:-[A-Z]{1,4})?(?: ?G:[A-Z]?)?"
    r"|Q ?/ ?[0-9A-Z]{2,16}(?: [A-Z]{1,8})?(?: [0-9]{1,3}(?= [0-9])){0,2}"
)
_METROLOGY = r"JJ[FG] ?(?:[(\[][^()\[\]\n]{1,12}[)\]])?"
_LETTERED = r"JTG(?: ?/ ?T)?(?: ?[A-Z]{1,2})?|TSG(?: ?[A-Z]{1,2})?"
_PUBLISHERS = "|".join((*prefixes.INTERNATIONAL, *prefixes.FOREIGN))
_WORDS = "FDIS|DIS|CDV|CD|AWI|PWI|PRF|NP|WD|GUIDE|PAS|STD|TR|TS"
_FOREIGN = (
    rf"(?:{_PUBLISHERS})(?:[/ ](?:{_PUBLISHERS})(?![A-Z])){{0,3}}(?:[/ ]?(?:{_WORDS})(?![A-Z])){{0,2}}[/ ]?"
    r"(?:[A-Z]{1,3}[ .]?)?[0-9]{1,6}[A-Z]{0,2}(?:\.[0-9]{1,4}){0,3}"
    r"(?:-(?:[A-Z]{1,2}[0-9]{1,4}|[0-9]{1,5}[A-Z]?)(?![0-9A-Z])){0,5}(?:\.[0-9](?![0-9]))?"
    r"(?: ?:(?:19|20)[0-9]{2}(?![0-9])| ?\((?:[0-9]{1,2}/)?(?:19|20)[0-9]{2}\))?"
    r"(?:/(?:(?:CD|AWI|WD|DIS|PRF) )?(?:AMD|COR|ADD|EXT|DAM|FDAM) ?[0-9]{1,2}"
    r"(?::(?:19|20)[0-9]{2})?(?![0-9])){0,2}"
    r"(?:\+A(?:MD)? ?[0-9]{1,2}(?::(?:19|20)[0-9]{2})?(?![0-9])){0,3}"
)
_URL = r"(?:HTTPS?|FTP)://[!-~]+|WWW\.[!-~]+|\.(?:CN|COM|ORG|NET)/[!-~]+|[A-Z0-9]@[!-~]+"


@lru_cache(maxsize=8)
def citation_pattern(extra: frozenset[str]) -> "re.Pattern[str]":
    """The pattern for the default prefixes and some more."""
    names = sorted({name.upper() for name in (*prefixes.LEVELS, *extra)}, key=lambda name: (-len(name), name))
    printed = "|".join(re.escape(name).replace("/", " ?/ ?") for name in names)
    ordinary = rf"(?:{printed})(?: ?[/_-]{_SOFT}[TZ](?![A-Z])| ?[TZ](?= ?[0-9]))?"
    head = rf"{_GROUP}|{_LOCAL}|{_METROLOGY}|{_LETTERED}|{ordinary}|建标"
    return re.compile(
        rf"(?P<url>{_URL})|(?:(?<![A-Z0-9_=%&#@\\])|(?<=EQV)|(?<=IDT)|(?<=NEQ)|(?<=MOD))"
        rf"(?:(?P<foreign>{_FOREIGN})(?![A-Z])"
        rf"|(?P<one>(?P<head>{head}){_GAP}(?P<serial>{SERIAL})(?P<year>{_YEAR})?(?:{_LANGUAGE})?)"
        rf"(?: ?(?:~|至|-{{2}}) ?(?:(?P=head){_GAP})?\.?(?P<to>{SERIAL})(?P<to_year>{_YEAR})?)?"
        rf"(?:(?<=[0-9A-Z])(?:{_NOTE})?(?:{_AMENDMENT})?(?: ?/ ?{_FOREIGN})?)(?![A-Z]))"
    )
