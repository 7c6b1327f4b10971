"""Every page is Chinese, has one heading, and shows no programmer's words; the English one is English."""

import re

import pytest

from catalog.models import Standard
from catalog.quality import report_error
from records.trail import SYSTEM
from tests.factories import import_csv
from tests.web.pages import PUBLIC, STAFF, Page, make_every_state

pytestmark = pytest.mark.django_db
# Codes, proper names and units that stand in Latin letters in Chinese text too.
ALLOWED = re.compile(
    r"\b(?:ICS|CCS|API|GB|GBZ|T|Z|HJ|YY|DB\d*|CECS|ISO|IEC|JJG|XG\d+|E|J|X\d*|Excel|CSV|JSON|English|Tea|Steel|S|csv|xlsx|xls|json|jsonl"
    r"|MB|SLBZ|gbt19001|a|b|c|ABC|CCS|Enter|Esc|PDF)\b"
)
REQUEST_ID = re.compile(r"\b[0-9a-f]{12}\b")
FORBIDDEN = re.compile(
    r"\b(?:None|True|False|null|undefined|in_force|upcoming|replaced|withdrawn|suspended|unknown|planned|recommended|mandatory|national|\w+_\w+)\b"
)


@pytest.fixture
def site(tmp_path):
    """A catalogue of every state, with flags and batches; all addresses."""
    slugs = make_every_state()
    standard = Standard.objects.get(slug=slugs["in force"])
    report_error(standard, text="标题写错了", contact="", by=SYSTEM)
    rows = "标准编号,标准名称,实施日期,状态\nGB/T 1-2020,茶叶改,2020-01-01,作废\nGB/T 77-2020,新,2020-01-01,现行\n不是编号,坏,2020-01-01,现行\n"
    preview = import_csv(tmp_path, rows, name="目录.csv", apply=False)
    applied = import_csv(tmp_path, rows + "GB/T 78-2020,又一个,2021-13-01,现行\n", name="目录乙.csv")
    details = [f"/standards/{slug}/" for slug in slugs.values()]
    batches = [f"/imports/{batch.pk}/" for batch in (preview, applied)]
    return [*PUBLIC, *details, f"/standards/{slugs['in force']}/report/", *STAFF, *batches]


def pages(client, addresses: list[str]) -> dict[str, Page]:
    answers = {address: client.get(address, follow=True) for address in addresses}
    assert {address: answer.status_code for address, answer in answers.items() if answer.status_code >= 500} == {}
    return {address: Page(answer.content.decode()) for address, answer in answers.items()}


def test_every_page_has_its_language_and_one_heading(client, cataloguer, site):
    client.force_login(cataloguer)

    found = pages(client, site)

    assert {address: page.lang for address, page in found.items()} == dict.fromkeys(found, "zh-CN")
    assert {
        address: page.headings for address, page in found.items() if len(list(filter(None, page.headings))) != 1
    } == {}


def test_no_programmers_words_stand_on_any_page(client, cataloguer, site):
    client.force_login(cataloguer)

    found = pages(client, site)

    hits = {address: FORBIDDEN.findall(page.text) for address, page in found.items()}
    assert {address: words for address, words in hits.items() if words} == {}


def test_chinese_pages_hold_no_english_words(client, cataloguer, site):
    client.force_login(cataloguer)

    found = pages(client, site)

    hits = {
        address: sorted(
            set(re.findall(r"[A-Za-z]{2,}", ALLOWED.sub(" ", REQUEST_ID.sub(" ", page.text))))
            - {"cataloguer", "red", "colour", "level"}
        )
        for address, page in found.items()
    }
    assert {address: words for address, words in hits.items() if words} == {}


def test_english_pages_speak_english(client, cataloguer, site):
    client.force_login(cataloguer)
    client.post("/language/", {"language": "en", "next": "/"})

    found = pages(
        client, ["/", "/standards/?q=无此物", "/classifications/ics/", "/login/", "/imports/", "/flags/", "/nothing/"]
    )

    assert {page.lang for page in found.values()} == {"en"}
    assert {address: re.findall(r"[\u4e00-\u9fff]+", page.headings[0]) for address, page in found.items()} == {
        address: [] for address in found
    }


def test_every_control_has_a_name(client, cataloguer, site):
    client.force_login(cataloguer)
    unnamed = {}
    for address, page in pages(client, site).items():
        labels = {values.get("for") for tag, values in page.tags if tag == "label"}
        fields = [
            values
            for tag, values in page.tags
            if tag in ("input", "select", "textarea") and values.get("type") not in ("hidden", "submit")
        ]
        unnamed[address] = [v for v in fields if v.get("id") not in labels and not v.get("aria-label")]

    assert {address: fields for address, fields in unnamed.items() if fields} == {}


def test_links_lead_somewhere(client, site):
    links = {
        values["href"]
        for page in pages(
            client, [address for address in site if not address.startswith(("/imports", "/flags"))]
        ).values()
        for tag, values in page.tags
        if tag == "a" and values.get("href", "").startswith(("/", "?"))
    }

    inside = {link for link in links if link.startswith(("/standards/", "/families/", "/classifications/"))}
    broken = {link: client.get(link).status_code for link in inside}

    assert {link: status for link, status in broken.items() if status not in (200, 302)} == {}
    assert len(inside) > 60
