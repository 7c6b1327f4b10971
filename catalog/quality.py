"""Data-quality flags: opened by rules and by visitors, listed and settled by staff."""

import json
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from records.bulk import insert
from records.models import Event
from records.trail import Actor, record

from .merging import Finding
from .models import QualityFlag, SourceClaim, Standard
from .words import verdict_of

# These follow from the record as it stands, so they settle themselves when they no longer do.
FOLLOWING = ("status_against_dates", "date_order", "date_missing")
REPLACED = "replaced_on"
FOLLOWING_SUBJECTS = (("sources_disagree", "status"),)


def review(findings: Mapping[int, Sequence[Finding]]) -> None:
    """Bring the flags of some standards (by id) in line with what was found about each."""
    if not findings:
        return
    open_flags, settled = _flags(findings.keys())
    _open_missing(findings, open_flags, settled)
    _settle_gone(findings, open_flags)


def _flags(ids: Collection[int]) -> tuple[dict[tuple, QualityFlag], set[tuple]]:
    open_flags, settled = {}, set()
    for flag in QualityFlag.objects.filter(standard__among=list(ids)):
        if flag.settled_at is None:
            open_flags[flag.standard_id, flag.kind, flag.subject] = flag
        elif flag.settled_by_id:
            settled.add((flag.standard_id, flag.kind, flag.subject, _written(flag.detail)))
    return open_flags, settled


def _written(detail: Mapping) -> str:
    """An observation for comparing: PostgreSQL gives the names of a JSON value back in an order of its own."""
    return json.dumps(detail, sort_keys=True)


def _open_missing(findings: Mapping, open_flags: Mapping, settled: set[tuple]) -> None:
    """A flag somebody settled is not opened again for the very same observation."""
    now = timezone.now()
    rows = {
        (pk, found.kind, found.subject): QualityFlag(
            standard_id=pk, kind=found.kind, subject=found.subject[:120], detail=found.detail, opened_at=now
        )
        for pk, founds in findings.items()
        for found in founds
        if (pk, found.kind, found.subject) not in open_flags
        and (pk, found.kind, found.subject, _written(found.detail)) not in settled
    }
    insert(rows.values())


def _settle_gone(findings: Mapping[int, Sequence[Finding]], open_flags: Mapping[tuple, QualityFlag]) -> None:
    found = {(pk, one.kind, one.subject) for pk, founds in findings.items() for one in founds}
    gone = [flag for ends, flag in open_flags.items() if _follows(flag) and ends not in found]
    _settle_by_itself(gone)


def _follows(flag: QualityFlag) -> bool:
    if flag.subject == REPLACED:
        return False  # see `review_replaced`
    return flag.kind in FOLLOWING or (flag.kind, flag.subject) in FOLLOWING_SUBJECTS


def _settle_by_itself(flags: Iterable[QualityFlag]) -> None:
    QualityFlag.objects.filter(pk__in=[flag.pk for flag in flags]).update(
        settled_at=timezone.now(), resolution=_("No longer so.")
    )


def review_families(family_ids: Collection[int]) -> None:
    """Flag the older editions where several of one family are in force today."""
    in_force = Standard.objects.counted().in_force().filter(family__among=family_ids, voided_at__isnull=True)
    editions: dict[int, list[tuple[int, str]]] = defaultdict(list)
    for family_id, pk, number in in_force.order_by("year", "key").values_list("family_id", "pk", "number"):
        editions[family_id].append((pk, number))
    flags = QualityFlag.objects.filter(
        kind="several_in_force", standard__family__among=family_ids, settled_at__isnull=True
    )
    wanted = {pk: family[-1][1] for family in editions.values() for pk, _number in family[:-1]}
    open_now = {flag.standard_id: flag for flag in flags}
    _settle_by_itself([flag for pk, flag in open_now.items() if pk not in wanted])
    findings = {
        pk: [Finding("several_in_force", "", {"newer": number})] for pk, number in wanted.items() if pk not in open_now
    }
    _open, settled = _flags(findings.keys())
    _open_missing(findings, {}, settled)


def review_replaced(ids: Collection[int]) -> None:
    """Flag those of some standards that a source calls valid on a day when another had replaced them."""
    said: dict[int, list[Any]] = defaultdict(list)
    replaced = Q(standard__replaced_precision="day", as_of__gte=F("standard__replaced_on"))
    claims = SourceClaim.objects.filter(replaced, standard__among=ids).order_by("source")
    # Not `values__status`: Django's way to a part of a JSON value leaves a traceback behind that holds the whole batch.
    for pk, values, as_of in claims.values_list("standard_id", "values", "as_of"):
        if wrong := [one for one in values.get("status", []) if verdict_of(one) in ("in_force", "upcoming")]:
            said[pk].append((wrong, as_of))
    flags = QualityFlag.objects.filter(subject=REPLACED, standard__among=ids, settled_at=None)
    _settle_by_itself([flag for flag in flags if flag.standard_id not in said])
    findings = {pk: [_called_valid(words)] for pk, words in said.items()}
    open_flags, settled = _flags(findings.keys())
    _open_missing(findings, open_flags, settled)


def _called_valid(said: Sequence[tuple[list[str], date]]) -> Finding:
    words = [word for words, _as_of in said for word in words]
    detail = {"says": words, "dates": "replaced", "as_of": max(as_of for _words, as_of in said).isoformat()}
    return Finding("status_against_dates", REPLACED, detail)


def settle_voided(ids: Collection[int]) -> None:
    """Nobody has to look at what is no longer in the catalogue."""
    _settle_by_itself(QualityFlag.objects.filter(standard_id__in=ids, settled_at=None))


@transaction.atomic
def settle_flag(flag: QualityFlag, *, by: Actor, resolution: str) -> None:
    """Record how a flag was settled. A flag is settled once; a second try raises `AlreadySettled`."""
    moved = QualityFlag.objects.filter(pk=flag.pk, settled_at__isnull=True).update(
        settled_at=timezone.now(), settled_by=by.user, resolution=resolution
    )
    if not moved:
        raise AlreadySettled
    record(flag, Event.Action.SETTLED, {"resolution": ["", resolution]}, by=by)


class AlreadySettled(Exception):
    """Somebody settled this flag first."""


@transaction.atomic
def report_error(standard: Standard, *, text: str, contact: str, by: Actor) -> QualityFlag:
    """A visitor says that something about a standard is wrong; it becomes a flag for staff."""
    now = timezone.now()
    flag = QualityFlag.objects.create(
        standard=standard,
        kind=QualityFlag.Kind.REPORTED,
        subject=now.strftime("%Y%m%d%H%M%S%f"),
        detail={"text": text, "contact": contact},
        opened_at=now,
    )
    record(flag, Event.Action.CREATED, {"text": ["", text]}, by=by)
    return flag
