"""Which standards an account may keep: a local one belongs to its issuing division and those above, all others to every cataloguer."""

from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext, gettext_noop

from directory.access import grants_of, paths_of
from directory.models import Region, Role

from .levels import LOCAL
from .models import Standard
from .numbers import StandardNumber

NOT_YOURS = gettext_noop("{number} is a local standard of another division")


def not_yours(*numbers: object) -> str:
    """Says which standards belong to another division."""
    return gettext(NOT_YOURS).format(number="、".join(map(str, numbers)))


def out_of_reach(numbers: Iterable[StandardNumber], user: Any) -> set[str]:
    """The keys of those numbers whose standard the account may not keep. `None` is the server's own command line.

    The same rule for standards on record is `Standard.objects.editable_by`. A code that no division has is nobody's.
    """
    if user is None:
        return set()
    numbers = list(numbers)
    if not grants_of(user, Role.CATALOGUER):
        return {number.key for number in numbers}
    paths = tuple(paths_of(user, Role.CATALOGUER))
    codes = {number.region for number in numbers if number.level in LOCAL}
    known = Region.objects.filter(code__in=codes).values_list("code", "path") if codes else ()
    reached = {code for code, path in known if path.startswith(paths)}
    return {number.key for number in numbers if number.level in LOCAL and number.region in codes - reached}


def is_in_scope(user: Any, standard: Standard) -> bool:
    """Whether a standard lies within the divisions an account works for; what is not local is everybody's."""
    if standard.level not in LOCAL:
        return True
    paths = tuple(paths_of(user, Role.STAFF, Role.CATALOGUER))
    return standard.region is not None and standard.region.path.startswith(paths)
