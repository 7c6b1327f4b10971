"""Real catalogues (see the README of the shared data): every row is accounted for, and nothing is made up."""

import csv
import json
import re
from collections import Counter
from datetime import date

import pytest
from django.utils import timezone

from catalog.models import QualityFlag, SourceClaim, Standard, StandardRelation
from catalog.numbers import NotAStandardNumber, parse
from catalog.reading import JOINED_CELLS
from catalog.words import verdict_of
from records.importing import apply_batch, preview_file, revert_batch
from records.models import Event, ImportRow
from records.remarks import say
from records.source_facts import import_facts
from records.trail import SYSTEM
from tabular.limits import COMMAND_LIMITS

pytestmark = pytest.mark.django_db

SMALL = [
    "sports_2026-03-17.json",
    "sports_2026-04-01.json",
    "sports_2026-05-29.json",
    "architecture.csv",
    "detail_pages/jbt_13368_2018.json",
    "detail_pages/samr_gbAdvancedSearchPage_2rows.json",
]
ROWS = {
    "csres.csv": 12219,
    "openstd_raw.json": 1660,
    "openstd_blocks.txt": 955,
    "sports_2026-03-17.json": 44,
    "sports_2026-04-01.json": 429,
    "sports_2026-05-29.json": 404,
    "medical_devices.json": 2141,
    "architecture.csv": 31,
    "iso.jsonl": 5000,
    "detail_pages/jbt_13368_2018.json": 5,
    "detail_pages/samr_gbAdvancedSearchPage_2rows.json": 2,
}


def key_of(text):
    """The key of a dated number, or None."""
    try:
        number = parse(text)
    except NotAStandardNumber:
        return None
    return number.key if number.year else None


@pytest.fixture
def bring_in(shared_data):
    def bring_in(name):
        path = shared_data / "standards" / name
        form = "blocks" if path.suffix == ".txt" else None
        batch = preview_file(
            path, kind="standards", facts=import_facts(path), by=SYSTEM, limits=COMMAND_LIMITS, form=form
        )
        return apply_batch(batch, by=SYSTEM)

    return bring_in


def check_batch(batch, name):
    """What holds of every batch, whatever is in the file."""
    rows = list(batch.rows.all())
    outcomes = Counter(row.outcome for row in rows)
    assert batch.read == len(rows) == ROWS[name]
    assert {n: c for n, c in batch.counts.items() if n != "read"} == {n: outcomes[n] for n in ImportRow.Outcome.values}
    assert [row.number for row in rows if row.outcome == "rejected" and not row.problems] == []
    assert [one for row in rows for one in row.problems if not (one["cell"] and say(one))] == []
    assert [row.number for row in rows if row.outcome in ("created", "updated") and not row.label] == []
    events = Event.objects.filter(batch=batch, object_type="catalog.standard")
    assert events.filter(action="created").count() == batch.created


def check_catalogue():
    """What holds of the catalogue, whatever was imported."""
    standards = list(Standard.objects.with_status())
    assert [s.number for s in standards if s.number != str(parse(s.number)) or s.key != s.number.lower()] == []
    assert [s.number for s in standards if not (s.title or s.title_en) or s.year is None] == []
    assert [s.number for s in standards if s.status != s.status_on()] == []
    check_relations()
    # Without exception, a word that cannot be true of the dates is flagged and the dates stand.
    flagged = set(QualityFlag.objects.filter(kind="date_missing", settled_at=None).values_list("standard", flat=True))
    missing = {s.pk for s in standards if s.implemented_on is None}
    assert flagged <= missing


def check_relations():
    relations = list(StandardRelation.objects.filter(voided_at=None).select_related("source", "target"))
    ends = Standard.objects.values_list("key", flat=True)
    here = set(ends)
    dangling = [r for r in relations if (r.source is None) == (r.source_key in here)]
    dangling += [r for r in relations if (r.target is None) == (r.target_key in here)]
    assert dangling == []
    successors = [r for r in relations if r.kind == "replaces" and not r.inferred and r.target_key in here]
    replaced = {}
    for r in successors:
        if r.source and r.source.kind == "standard" and r.source.implemented_on:
            day = r.source.implemented_on
            replaced[r.target_key] = min(day, replaced.get(r.target_key, day))
    assert dict(Standard.objects.exclude(replaced_on=None).values_list("key", "replaced_on")) == replaced
    inferred = [r for r in relations if r.inferred]
    assert [r for r in inferred if r.source.family_id != r.target.family_id or r.source.year <= r.target.year] == []
    assert [r for r in inferred if r.target.replaced_on or not r.target.withdrawal_claimed_on] == []


@pytest.mark.parametrize("name", SMALL)
def test_a_file_reconciles_and_again_changes_nothing(bring_in, name):
    bring_in_twice(bring_in, name)


def bring_in_twice(bring_in, name):
    """Import a file, hold the result against what holds of every file, and import it again to no effect."""
    first = bring_in(name)
    check_batch(first, name)
    check_catalogue()
    events = Event.objects.exclude(object_type="records.importbatch")
    kept = (events.count(), QualityFlag.objects.count())

    again = bring_in(name)

    assert (again.read, again.created, again.updated, again.rejected) == (ROWS[name], 0, 0, first.rejected)
    assert (events.all().count(), QualityFlag.objects.count()) == kept
    return first


def test_snapshots_in_order_end_where_the_last_one_stands(bring_in, shared_data):
    for day in ("2026-03-17", "2026-04-01", "2026-05-29"):
        bring_in(f"sports_{day}.json")
    check_catalogue()

    rows = json.loads((shared_data / "standards" / "sports_2026-05-29.json").read_text())["standards"]
    last = {}
    for row in rows:
        last.setdefault(parse(row["code"]).key, row)
    claims = {c.standard.key: c for c in SourceClaim.objects.filter(source="sports").select_related("standard")}
    stands = {key: claims[key].values.get("status", [""])[0] for key in last}
    assert stands == {key: row["status"] for key, row in last.items()}
    assert {c.source for c in SourceClaim.objects.all()} == {"sports"}


def test_snapshots_in_the_wrong_order_end_where_the_last_one_stands_too(bring_in):
    for day in ("2026-05-29", "2026-03-17"):
        bring_in(f"sports_{day}.json")

    told = dict(Standard.objects.filter(claims__as_of=date(2026, 5, 29)).values_list("key", "title"))
    again = bring_in("sports_2026-05-29.json")

    assert (again.created, again.updated) == (0, 0)
    assert dict(Standard.objects.filter(key__in=told).values_list("key", "title")) == told


@pytest.mark.slow
def test_what_comes_out_of_a_large_catalogue_is_what_stands_in_it(bring_in, shared_data):
    with (shared_data / "standards" / "csres.csv").open(encoding="utf-8-sig") as stream:
        rows = list(csv.DictReader(stream))

    batch = bring_in_twice(bring_in, "csres.csv")

    # Whatever is no number was rejected, everything else is there once.
    read = {}
    for row in rows:
        if key := key_of(row["std_num"]):
            read.setdefault(key, []).append(row)
    keys = set(Standard.objects.values_list("key", flat=True))
    assert keys <= set(read)
    assert len(rows) == batch.created + batch.updated + batch.unchanged + batch.rejected
    assert batch.created == len(keys) >= 0.99 * len(rows)

    # 废止 without a day is withdrawn on the source's own day, whatever else it says; nothing else is.
    own_day = date(2026, 3, 3)
    said_void = {key for key, those in read.items() if any(verdict_of(r["status"]) == "void" for r in those)} & keys
    withdrawn = Standard.objects.with_status(own_day).filter(status="withdrawn")
    assert set(withdrawn.values_list("key", flat=True)) == said_void
    before = Standard.objects.with_status(date(2026, 3, 1)).filter(key__in=said_void)
    assert set(before.values_list("status", flat=True)) <= {"unknown", "upcoming", "planned"}

    # Foreign-language editions have records of their own and are not counted.
    foreign = [s.number for s in Standard.objects.filter(kind="translation")]
    assert all(re.search(r"\d(E|R|FR|JP|G)$", number) for number in foreign)
    assert len(foreign) >= 390
    assert Standard.objects.counted().count() == len(keys) - Standard.objects.exclude(kind="standard").count()
    links = StandardRelation.objects.filter(kind="translates", voided_at=None)
    assert links.count() == len(foreign)

    # 即将实施 of what is in force by now is flagged for that reason and for no other.
    flags = QualityFlag.objects.filter(kind="status_against_dates").select_related("standard")
    assert {flag.standard.status_on(flag.standard.claims.get().as_of) for flag in flags} <= {
        "in_force",
        "upcoming",
        "planned",
        "withdrawn",
    }
    assert all(set(flag.detail["says"]) & {"即将实施", "现行", "作废", "废止"} for flag in flags)

    # Every date that is missing or out of order is flagged, and none besides.
    missing = Standard.objects.filter(implemented_on=None)
    open_flags = QualityFlag.objects.filter(settled_at=None)
    assert set(open_flags.filter(kind="date_missing").values_list("standard", flat=True)) == set(
        missing.values_list("pk", flat=True)
    )
    early = {s.pk for s in Standard.objects.exclude(implemented_on=None) if s.implemented_on.year < s.year}
    assert set(open_flags.filter(kind="date_order").values_list("standard", flat=True)) == early

    # A department that cannot be completed is left open and flagged.
    flagged = set(open_flags.filter(kind="department_unclear").values_list("standard__key", flat=True))
    silent = {key for key in keys if not any(row["department"].strip() for row in read[key])}
    assert set(Standard.objects.filter(department=None).values_list("key", flat=True)) == flagged | silent
    assert list(Standard.objects.filter(department__name__endswith=".")) == []
    assert len(flagged) < 0.05 * len(keys)

    # Of several editions in force the older ones are flagged.
    rivals = Counter(Standard.objects.counted().in_force().values_list("family", flat=True))
    assert open_flags.filter(kind="several_in_force").count() == sum(n - 1 for n in rivals.values())


@pytest.mark.slow
def test_prose_and_damaged_cells_of_the_official_list(bring_in, shared_data):
    rows = json.loads((shared_data / "standards" / "openstd_raw.json").read_text())

    batch = bring_in_twice(bring_in, "openstd_raw.json")

    # Numbers split over two cells are joined, each with a note.
    split = [row for row in rows if not key_of(row["标准编号"])]
    joined = [row for row in batch.rows.all() if any(one["message"] == JOINED_CELLS for one in row.notes)]
    assert len(split) == len(joined) + batch.rejected
    assert len(joined) > 150
    # A cell that names a replacement brings one; one that only cites brings none.
    stated = StandardRelation.objects.filter(inferred=False, kind__in=["replaces", "partly_replaces"])
    names = [row["替代情况"] for row in rows if re.match(r"(代替|替代|被)", row["替代情况"])]
    assert stated.count() >= len(names) * 0.95
    cited = {"jjf 1094-2002", "jjg 646-2006", "gb/t 14250-2008", "jjf 1030-2010"}
    assert list(stated.filter(target_key__in=cited)) == []
    # Codes are well formed, or flagged as they were printed.
    codes = set(Standard.classifications.through.objects.values_list("classification__scheme", "classification__code"))
    assert [c for s, c in codes if s == "ics" and not re.fullmatch(r"\d\d(\.\d{3}(\.\d\d)?)?", c)] == []
    assert [c for s, c in codes if s == "ccs" and not re.fullmatch(r"[A-HJ-NP-Z]\d\d(/\d\d)?", c)] == []
    damaged = set(QualityFlag.objects.filter(kind="code_damaged").values_list("subject", flat=True))
    assert {"110", "11.40.55", "11.40.040"} <= damaged
    assert damaged & {"29.02", "7.06", "3.180.01", "01.12003.220"} == set()
    # As the file has no day of its own, it stands as of today.
    assert batch.as_of == timezone.localdate()


@pytest.mark.slow
def test_the_same_catalogue_in_two_forms_says_the_same_of_each_standard(bring_in):
    bring_in("openstd_raw.json")
    before = dict(Standard.objects.values_list("key", "title"))

    batch = bring_in_twice(bring_in, "openstd_blocks.txt")

    assert batch.created <= 0.01 * batch.read
    assert {key: title for key, title in Standard.objects.values_list("key", "title") if key in before} == before


@pytest.mark.slow
def test_iso_relations_and_stages_become_ends_of_standards(bring_in, shared_data):
    lines = (shared_data / "standards" / "iso.jsonl").read_text().splitlines()
    rows = [json.loads(line) for line in lines if line]

    bring_in_twice(bring_in, "iso.jsonl")

    assert set(Standard.objects.values_list("level", flat=True)) == {"international"}
    void = {key for row in rows if row["stage"] == "95" and (key := key_of(row["docid"]))}
    standards = Standard.objects.filter(key__in=void)
    ended = Standard.objects.with_status().filter(key__in=void, status__in=["withdrawn", "replaced"])
    # All that ISO calls withdrawn has ended, except what a later edition is still to end.
    assert standards.count() - ended.count() <= 0.005 * standards.count()
    # Drafts and undated numbers aside, each obsoleted deliverable is replaced, and none besides.
    ends = {
        (key_of(row["docid"]), key_of(other)) for row in rows for kind, other in row["relations"] if kind == "obsoletes"
    }
    stated = StandardRelation.objects.filter(kind="replaces", inferred=False)
    assert set(stated.values_list("source_key", "target_key")) == {
        (new, old) for new, old in ends if new and old and new != old
    }


@pytest.mark.slow
def test_a_large_batch_can_be_taken_back(bring_in):
    bring_in("sports_2026-05-29.json")
    before = dict(Standard.objects.visible_to(None).values_list("number", "title"))
    batch = bring_in_twice(bring_in, "medical_devices.json")

    refused = revert_batch(batch, by=SYSTEM)

    assert refused == {}
    assert dict(Standard.objects.visible_to(None).values_list("number", "title")) == before
