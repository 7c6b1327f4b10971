"""Words that somebody who knows the place would guess first: divisions, bodies, what they work on."""

import re
from functools import lru_cache

from django.db.models import Count, Max, QuerySet
from pypinyin import lazy_pinyin

from .models import Organization, Region

WORK = (
    "标准化", "标准通", "标准", "市场监督管理局", "市场监管局", "市场监管", "监督管理", "质量监督", "质监", "行政", "管理员", "编目员", "密码", "政务",
    "standardshub", "standards", "standard", "samr", "scjg", "scjgj", "password", "passwd", "mima", "admin", "administrator", "cataloguer",
)  # fmt: skip
ENDING = re.compile(r"(?:特别行政区|自治[区州县旗]|[省市区县盟旗]|地区)$")
# Of a word that shorter ones would be found in by chance.
SHORTEST, SHORTEST_LATIN = 2, 4
# What has to be left of a password's letters without its guessable words.
ENOUGH = 4


def spellings(word: str) -> set[str]:
    """A word as it may be typed: in characters, without its ending, in pinyin."""
    word = word.casefold()
    written = {word, ENDING.sub("", word)}
    written |= {"".join(lazy_pinyin(one)) for one in written if not one.isascii()}
    return {one for one in written if len(one) >= (SHORTEST_LATIN if one.isascii() else SHORTEST)}


def local_words() -> re.Pattern[str]:
    """Matches any local word; longest first, so that a short one leaves no rest of a long one."""
    regions = Region.objects.aggregate(Count("id"), Max("id"))
    bodies = _departments().aggregate(Count("id"), Max("id"))
    return _local_words(*regions.values(), *bodies.values())


def _departments() -> QuerySet:
    """Of a hundred thousand bodies it is the departments whose names come to mind; of all, the words would take minutes."""
    return Organization.objects.filter(kind=Organization.Kind.DEPARTMENT)


@lru_cache(maxsize=1)
def _local_words(*_stand: int | None) -> re.Pattern[str]:
    """Built anew when divisions or bodies have come or gone."""
    names = {
        *WORK,
        *Region.objects.values_list("name", flat=True),
        *_departments().values_list("name", flat=True),
    }
    words = {spelling for name in names for spelling in spellings(name)}
    return re.compile("|".join(re.escape(word) for word in sorted(words, key=len, reverse=True)))


def is_guessable(password: str, words: re.Pattern[str]) -> bool:
    """Whether little but local words, digits and signs makes up a password."""
    rest, hits = words.subn("", password.casefold())
    return bool(hits) and sum(letter.isalpha() for letter in rest) < ENOUGH
