"""Records that a division keeps: who may enter and change them follows from where they belong."""

from collections.abc import Callable, Sequence
from typing import Any

from django.db.models import Model, Q

from records.paths import is_province
from records.registered import RegisteredQuerySet
from records.registers import State

from .access import grants_of, paths_of, placed_below
from .models.roles import Role


class PlacedQuerySet(RegisteredQuerySet):
    """Records kept by the division that `place` leads to (`region`, `organization__region`) and those above it.

    What has no place is kept by the provinces.
    """

    place = "region"
    roles: tuple[str, ...] = (Role.STAFF, Role.CATALOGUER)

    def editable_by(self, user):
        paths = paths_of(user, *self.roles)
        inside = placed_below(paths, self.place)
        if keeps_unplaced(paths):
            inside |= Q(**{f"{self.place}__isnull": True})
        return self.standing().filter(inside)


def keeps_unplaced(paths: Sequence[str]) -> bool:
    return any(is_province(path) for path in paths)


def may_keep(*roles: str) -> Callable[[Any], bool]:
    """Whether an account holds one of some roles for a division."""
    return lambda user: bool(grants_of(user, *roles))


def barred_outside(model: type[Model]) -> Callable[[Sequence[State], Any], set[int]]:
    """For a register: which new states lie outside the divisions of an account, as `PlacedQuerySet` has it."""

    def barred(states: Sequence[State], user: Any) -> set[int]:
        kept = model._default_manager.all()
        paths, unplaced = paths_of(user, *kept.roles), keeps_unplaced(paths_of(user, *kept.roles))
        name, _stroke, rest = kept.place.partition("__")
        related = model._meta.get_field(name).related_model
        keys = {state[name] for state in states if state.get(name) is not None}
        column = f"{rest}__path" if rest else "path"
        path_of = dict(related._default_manager.filter(pk__among=keys).values_list("pk", column))

        def outside(state: State) -> bool:
            path = path_of.get(state.get(name))
            return not unplaced if path is None else not path.startswith(tuple(paths))

        return {at for at, state in enumerate(states) if outside(state)}

    return barred
