"""Whatever text a record bears, no page turns it into markup."""

import re
from pathlib import Path

import pytest
from django.utils import timezone

from catalog.models import Classification, Prefix, QualityFlag, StandardRelation
from directory.models import Organization
from records.models import Event
from records.trail import SYSTEM, Actor
from tests.factories import import_csv, make_standard, make_user
from tests.web.pages import PUBLIC, STAFF, Page

pytestmark = pytest.mark.django_db
MARK = "xss7"
SCRIPTS = re.compile(rf"<script[^>]*>[^<]*{MARK}", re.I)
PAYLOADS = [
    f"<script>{MARK}()</script>",
    f"<img src=x onerror={MARK}()>",
    f'"><svg onload={MARK}()>',
    f"'><b onmouseover='{MARK}()'>",
    f"</title><script>{MARK}()</script>",
    f"{{{{ {MARK} }}}}{{% load {MARK} %}}",
    f"javascript:{MARK}()",
    f"<a href=javascript:{MARK}()>",
    f"&lt;script&gt;{MARK}()&lt;/script&gt;",
    f"--><script>{MARK}()</script>",
]


def live(html: str) -> list[str]:
    """What a browser would run of a page: event attributes, script addresses, marked scripts and tags."""
    found = []
    for tag, values in Page(html).tags:
        found += [f"{tag} {name}" for name in values if name.startswith("on") or MARK in name]
        found += [
            f"{tag} {value}"
            for name, value in values.items()
            if name in ("href", "src", "action") and (value or "").strip().lower().startswith("javascript:")
        ]
    return found + SCRIPTS.findall(html)


def seed(folder: Path, payload: str) -> list[str]:
    """Put a payload into every text that a page may show; the addresses of single records."""
    user = make_user("evil", cataloguer=True, full_name=payload[:50])
    standard = make_standard(
        "T/ABC 1-2020",
        payload,
        by=Actor(user),
        title_en=payload,
        scope=payload,
        department=payload,
        filing_number=payload[:40],
        status_document=payload,
        suspended_on="2020-01-01",
        implemented_on="2019-01-01",
        ics=["67.140.10"],
        relations=[["t/abc 1-2020", "adopts", "iso 1:2000", "T/ABC 1-2020", payload, "IDT", payload]],
    )
    make_standard("T/ABC 2-2020", payload, title_en=payload, implemented_on="2019-01-01", replaces=["T/ABC 1-2020"])
    QualityFlag.objects.create(
        standard=standard,
        kind="sources_disagree",
        subject=payload,
        detail={"source": payload, "says": [payload], payload: payload},
        opened_at=timezone.now(),
    )
    Classification.objects.filter(code__in=["67", "X"]).update(name=payload, name_en=payload, note=payload)
    Prefix.objects.filter(code="T").update(name=payload)
    Organization.objects.update(name_en=payload)
    cells = ",".join('"' + payload.replace('"', '""') + '"' for _ in range(3))
    rows = f"标准编号,标准名称,状态,主管部门,{payload.replace(chr(34), '').replace(',', '')}\n"
    rows += f"T/ABC 1-2020,{cells},x\nT/ABC 3-2020,{cells},x\n{cells},{cells}\n"
    batch = import_csv(folder, rows, name="a.csv", source=payload[:100], apply=False)
    batch.file_name = payload
    batch.save()
    import_csv(folder, rows, name="b.csv", source=payload[:100])
    return [
        "/standards/t-abc-1-2020/",
        "/standards/t-abc-2-2020/",
        "/standards/t-abc-3-2020/",
        "/families/t-abc-1/",
        f"/imports/{batch.pk}/",
    ]


@pytest.mark.parametrize("payload", PAYLOADS)
def test_no_page_runs_a_stored_text(client, tmp_path, payload):
    addresses = seed(tmp_path, payload)
    client.force_login(make_user("root", every_role=True, full_name=payload[:50]))
    admin = [
        "/admin/", "/admin/catalog/standard/", "/admin/catalog/standardrelation/", "/admin/catalog/qualityflag/",
        "/admin/catalog/prefix/?q=T", "/admin/catalog/classification/?q=67", "/admin/directory/organization/",
        "/admin/directory/user/", "/admin/records/importbatch/", "/admin/records/event/",
        f"/admin/catalog/standard/{StandardRelation.objects.first().source_id}/change/",
    ]  # fmt: skip

    pages = {one: client.get(one) for one in [*PUBLIC, *STAFF, *addresses, *admin]}

    assert {one: page.status_code for one, page in pages.items() if page.status_code not in (200, 400, 404)} == {}
    assert {one: found for one, page in pages.items() if (found := live(page.content.decode()))} == {}
    assert sum(MARK in page.content.decode() for page in pages.values()) > 12
    assert Event.objects.exists()


@pytest.mark.parametrize("payload", PAYLOADS)
def test_no_page_runs_a_text_from_the_address(client, payload):
    make_standard("GB/T 1-2020", "茶叶")
    parameters = [
        "q",
        "on",
        "ics",
        "region",
        "department",
        "prefix",
        "ordering",
        "page",
        "page_size",
        "colour",
        payload,
    ]
    addresses = [("/standards/", name) for name in parameters] + [
        ("/standards/gb-t-1-2020/", "on"),
        ("/standards/gb-t-1-2020/", "reported"),
        ("/login/", "next"),
        ("/nothing/", "x"),
    ]

    pages = {ends: client.get(ends[0], {ends[1]: payload}).content.decode() for ends in addresses}

    assert {ends: found for ends, page in pages.items() if (found := live(page))} == {}


def test_the_words_searched_for_are_marked_and_escaped(client):
    make_standard("GB/T 1-2020", "<b>茶叶</b> & 茶具")

    html = client.get("/standards/?q=茶").content.decode()

    assert "&lt;b&gt;<mark>茶</mark>叶&lt;/b&gt; &amp; <mark>茶</mark>具" in html


def test_the_trail_names_the_system_where_nobody_acts():
    make_standard("GB/T 1-2020", by=SYSTEM)

    assert Event.objects.get().actor_name == ""
