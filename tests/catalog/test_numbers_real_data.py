"""The numbers of five real catalogues and the citations of real guidance texts, read where they are."""

import csv
import json
import os
import re
from collections import Counter
from pathlib import Path

import pytest

from catalog.numbers import NotAStandardNumber, find_numbers, parse

ROOT = Path(__file__).resolve().parents[2]
DATA = Path(os.environ.get("STANDARDS_HUB_DATA") or ROOT.parent / "shared" / "data")

pytestmark = pytest.mark.skipif(not (DATA / "standards").is_dir(), reason=f"no real data at {DATA}")


def _csv(name: str, column: str) -> list[str]:
    with (DATA / "standards" / name).open(encoding="utf-8-sig", newline="") as file:
        return [row[column] for row in csv.DictReader(file)]


def _json(name: str, column: str, root: str = "") -> list[str]:
    rows = json.loads((DATA / "standards" / name).read_text(encoding="utf-8"))
    return [row[column] for row in (rows[root] if root else rows)]


def _iso() -> list[str]:
    lines = (DATA / "standards" / "iso.jsonl").read_text(encoding="utf-8").splitlines()
    return [json.loads(line)["docid"] for line in lines]


def _refused(texts: list[str]) -> Counter[str]:
    codes: Counter[str] = Counter()
    for text in texts:
        try:
            number = parse(text)
        except NotAStandardNumber as refusal:
            codes[refusal.code] += 1
        else:
            assert str(parse(str(number))) == str(number), text
    return codes


def test_csres() -> None:
    texts = _csv("csres.csv", "std_num")

    assert _refused(texts) == {"range": 8, "book": 4, "incomplete_year": 1, "several": 1}


def test_openstd_cells_that_were_split_lack_their_serial() -> None:
    texts = _json("openstd_raw.json", "标准编号")

    refused = _refused([text for text in texts if not re.fullmatch(r"(T/[A-Z0-9]+|DB[0-9]+/T?)", text)])

    assert refused == {"unknown_prefix": 1}


def test_openstd_blocks() -> None:
    text = (DATA / "standards" / "openstd_blocks.txt").read_text(encoding="utf-8")

    assert _refused(re.findall("标准编号 ：(.*)", text)) == {}


@pytest.mark.parametrize(
    ("name", "refused"),
    [("sports_2026-03-17.json", {"range": 1}), ("sports_2026-04-01.json", {}), ("sports_2026-05-29.json", {})],
)
def test_sports(name: str, refused: dict[str, int]) -> None:
    assert _refused(_json(name, "code", "standards")) == refused


def test_medical_devices_and_architecture() -> None:
    texts = _json("medical_devices.json", "number") + _csv("architecture.csv", "编号")

    assert _refused(texts) == {}


def test_iso_refuses_only_the_directives() -> None:
    assert _refused(_iso()) == {"directive": 19}


def test_no_two_canonical_forms_share_a_key_or_slug() -> None:
    forms = set()
    for text in _csv("csres.csv", "std_num") + _json("openstd_raw.json", "标准编号") + _iso():
        try:
            forms.add(str(parse(text)))
        except NotAStandardNumber:
            continue

    numbers = [parse(form) for form in forms]

    assert len({number.key for number in numbers}) == len(forms)
    assert len({number.slug for number in numbers}) == len(forms)


def test_odd_numbers_all_have_an_answer() -> None:
    lines = (DATA / "numbers" / "odd_numbers.tsv").read_text(encoding="utf-8").splitlines()[1:]

    assert _refused(lines) == {"document": 2, "range": 2, "several": 1, "misread_digit": 1}


def test_citations_in_real_prose() -> None:
    """Everything that looks like a number of the four most cited bodies is inside some citation."""
    likely = re.compile(r"(?<![A-Za-z0-9])(?:GB|YY|ISO|IEC)(?: ?/[TZS])? ?[0-9]{3,}(?:\.[0-9]+)?(?:[-—－][0-9]{4})?")
    missed = []
    total = 0
    for path in sorted((DATA / "citing").glob("*.md")):
        text = path.read_text(encoding="utf-8")
        citations = list(find_numbers(text))
        total += len(citations)
        inside = {at for citation in citations for at in range(citation.start, citation.end)}
        missed += [match[0] for match in likely.finditer(text) if match.start() not in inside]

    assert missed == []
    assert total > 2300
