"""What a printed role says about who drafted a standard: 负责起草单位, 参加起草单位, 归口 … Pure: text in, class out.

Roles are kept as printed; the class is what rules and figures ask.
"""

import re

LEAD, DRAFTER, PARTICIPANT, PROPOSER, KEEPER, OTHER = (
    "lead_drafter",
    "drafter",
    "participant",
    "proposer",
    "keeper",
    "other",
)
# Those who wrote it; a body that only proposed a standard or keeps it took no part in the writing.
DRAFTING = frozenset({LEAD, DRAFTER, PARTICIPANT})

# Asked in this order: 主要起草单位 names all drafters alike and leads nobody, 参与负责起草 takes part.
_CLASSES = (
    (KEEPER, re.compile("归口|歸口|执行")),
    (PROPOSER, re.compile("提出|提案|提议|发起|proposer|proposed", re.IGNORECASE)),
    (PARTICIPANT, re.compile("参加|参与|参编|参研|协作|协办|协助|配合|副主编|particip", re.IGNORECASE)),
    (LEAD, re.compile("负责|牵头|主导|主编|主笔|主要负责|第一起草|主起草|lead|convenor|editor", re.IGNORECASE)),
    (DRAFTER, re.compile("起草|编制|编写|编著|制定|制订|修订|研制|drafter|drafting|drafted", re.IGNORECASE)),
)
_PEOPLE = re.compile("人$|人员$|专家$|审查人")


def role_class(printed: str) -> str:
    """The class of a printed role; words that name no known role are `other`, no word is a drafter."""
    text = "".join(printed.split())
    if not text:
        return DRAFTER
    return next((name for name, words in _CLASSES if words.search(text)), OTHER)


def names_people(printed: str) -> bool:
    """Whether a label introduces persons (主要起草人), not organizations."""
    return bool(_PEOPLE.search("".join(printed.split()).rstrip(":：")))
