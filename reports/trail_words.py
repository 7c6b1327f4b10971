"""Events for the auditor: in words, with the way to their object and what proves them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.apps import apps
from django.db import models
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext_lazy as _

from catalog.telling import FIELD_LABELS, tell_standard
from directory.models import Region, Role
from records.history import Entry, history
from records.models import Event, ImportBatch, Seal

ROLES = dict(Role.choices)
# What verbs write that is no field of a model.
ACTS = {
    "signed_in": _("signed in from"),
    "signed_out": _("signed out from"),
    "sessions_ended": _("sessions ended"),
    "refused": _("wrong password from"),
    "second_factor": _("two-step sign-in"),
    "recovery_codes": _("recovery codes left"),
    "wrong_tries": _("wrong tries"),
    "tokens": _("API tokens"),
    "denied": _("denied"),
    "further": _("further denials"),
    "format": _("format"),
    "view": _("view"),
    "rejected": _("rejected rows"),
    "events": _("events verified"),
    "unsealed": _("events not sealed yet"),
    "fault": _("found"),
}


@dataclass(frozen=True, slots=True)
class Told:
    """An event in words; `kind` is what its object is called, `url` where the object is (empty where it is not)."""

    entry: Entry
    kind: str
    url: str
    role: str
    division: str


def told(events: list[Event], user: Any) -> list[Told]:
    """Events in words, with links as far as an account may follow them; a query for each kind of object among them."""
    urls = _urls(events, user)
    names = division_names(event.division for event in events)
    entries = history(events, lambda event: labels_of(event.object_type), tell_standard)
    return [
        Told(
            entry,
            kind_of(event.object_type),
            urls.get((event.object_type, event.object_id), ""),
            str(ROLES.get(event.role, event.role)),
            names.get(event.division, event.division),
        )
        for event, entry in zip(events, entries, strict=True)
    ]


def model_of(object_type: str) -> type[models.Model] | None:
    try:
        return apps.get_model(object_type)
    except (LookupError, ValueError):
        return None


def kind_of(object_type: str) -> str:
    model = model_of(object_type)
    return str(model._meta.verbose_name) if model else object_type


def _field_labels(model: type[models.Model]) -> dict[str, Any]:
    return {field.name: field.verbose_name for field in model._meta.get_fields() if isinstance(field, models.Field)}


@cache
def labels_of(object_type: str) -> Mapping[str, Any]:
    """What people call the fields of a kind of object."""
    model = model_of(object_type)
    return {**ACTS, **FIELD_LABELS, **(_field_labels(model) if model else {})}


def division_names(paths: Iterable[str]) -> dict[str, str]:
    """The name of the division at the end of each path, as it is called today."""
    wanted = {path for path in paths if path}
    return (
        dict(Region.objects.filter(path__in=wanted).order_by("valid_from").values_list("path", "name"))
        if wanted
        else {}
    )


def _urls(events: list[Event], user: Any) -> dict[tuple[str, int], str]:
    ids: dict[str, set[int]] = {}
    for event in events:
        ids.setdefault(event.object_type, set()).add(event.object_id)
    found = {}
    for object_type, keys in ids.items():
        model = model_of(object_type)
        if model is not None and isinstance(model._meta.pk, models.BigAutoField):
            for pk, url in _urls_of(model, keys, user).items():
                found[object_type, pk] = url
    return found


def _urls_of(model: type[models.Model], keys: set[int], user: Any) -> dict[int, str]:
    """The page of each object that an account may open; the back-office's where the object has none of its own."""
    everything = model._default_manager.all()
    seen = everything.visible_to(user) if hasattr(everything, "visible_to") else everything
    if hasattr(model, "get_absolute_url"):
        return {one.pk: one.get_absolute_url() for one in seen.filter(pk__in=keys)}
    name = "import" if model is ImportBatch else f"admin:{model._meta.app_label}_{model._meta.model_name}_change"
    may = model is ImportBatch or user.has_perm(f"{model._meta.app_label}.view_{model._meta.model_name}")
    try:
        return (
            {pk: reverse(name, args=[pk]) for pk in seen.filter(pk__in=keys).values_list("pk", flat=True)}
            if may
            else {}
        )
    except NoReverseMatch:
        return {}


@dataclass(frozen=True, slots=True)
class Proof:
    """How far the trail is sealed, and what the last verification found."""

    seal: Seal | None
    verified: Event | None

    @property
    def number(self) -> int:
        return self.verified.object_id if self.verified else 0

    @property
    def fault(self) -> str:
        return str(self.verified.changes.get("fault", [None, ""])[1] or "") if self.verified else ""


def proof() -> Proof:
    return Proof(
        Seal.objects.defer("digests").order_by("-number").first(),
        Event.objects.rarely(Event.Action.VERIFIED).newest_first().first(),
    )
