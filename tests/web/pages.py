"""What the tests of pages share: a catalogue with every state in it, and every page's address."""

import re
from html.parser import HTMLParser

from tests.factories import make_standard

VOID = {"meta", "link", "input", "br", "img", "hr"}


class Page(HTMLParser):
    """A page as a reader meets it: language, headings, visible words, attributes people read."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.lang = ""
        self.headings: list[str] = []
        self.words: list[str] = []
        self.tags: list[tuple[str, dict]] = []
        self._open: list[str] = []
        self._foreign = 0
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        values = dict(attrs)
        self.tags.append((tag, values))
        if tag == "html":
            self.lang = values.get("lang", "")
        if tag == "h1":
            self.headings.append("")
        if tag not in VOID:
            self._open.append(tag + (" foreign" if values.get("lang") == "en" and tag != "html" else ""))
        if tag == "input" and values.get("type") == "hidden":
            return
        self.words += [values[name] for name in ("placeholder", "aria-label", "title", "alt") if values.get(name)]

    def handle_endtag(self, tag):
        while self._open and self._open.pop().split(" ")[0] != tag:
            pass

    def handle_data(self, data):
        if any(tag.startswith(("script", "style")) or tag.endswith("foreign") for tag in self._open):
            return
        if data.strip():
            self.words.append(data.strip())
        if "h1" in self._open:
            self.headings[-1] += data.strip()

    @property
    def text(self) -> str:
        return re.sub(r"\s+", " ", " ".join(self.words))


def make_every_state() -> dict[str, str]:
    """Standards in every state; their slugs by what they show."""
    far, near = "2099-01-01", "2026-12-01"
    standards = {
        "replaced twice": make_standard("GB/T 1-2000", "茶", implemented_on="2000-01-01"),
        "replaced": make_standard("GB/T 1-2010", "茶", implemented_on="2010-01-01", replaces=["GB/T 1-2000"]),
        "in force": make_standard(
            "GB/T 1-2020",
            "茶叶",
            title_en="Tea",
            scope="范围",
            published_on="2019-01-01",
            implemented_on="2020-01-01",
            replaces=["GB/T 1-2010"],
            ics=["67.140.10"],
            ccs=["X55"],
            department="农业农村部",
            filing_number="J 1-2020",
        ),
        "linked": make_standard("GB 1-2012", "茶", implemented_on="2012-01-01", withdrawn_on="2015-01-01"),
        "soon void": make_standard("GB 2-2010", "水", implemented_on="2010-01-01"),
        "upcoming": make_standard(
            "GB 2-2026", "水", published_on="2020-01-01", implemented_on=far, replaces=["GB 2-2010"]
        ),
        "withdrawn, inferred": make_standard(
            "GB/T 3-2000", "米", implemented_on="2000-01-01", withdrawal_claimed_on="2015-01-01"
        ),
        "successor": make_standard("GB/T 3-2014", "米", implemented_on="2014-01-01"),
        "unknown": make_standard("HJ 4-2018", "气", published_on="2018-04-01", published_precision="month"),
        "planned": make_standard("HJ 5-2030", "气", published_on=far),
        "suspended": make_standard(
            "HJ 6-2020", "气", implemented_on="2020-01-01", suspended_on="2021-01-01", status_document="公告第1号"
        ),
        "partly replaced": make_standard("YY/T 7-2010", "械", implemented_on="2010-01-01"),
        "partly replacing": make_standard(
            "YY/T 8-2020", "械", implemented_on="2020-01-01", partly_replaces=["YY/T 7-2010"]
        ),
        "amendment": make_standard("GB/T 1-2020/XG1-2021", "茶叶 第1号修改单", implemented_on="2021-01-01"),
        "translation": make_standard("GB/T 1-2020E", "", title_en="Tea", implemented_on="2020-01-01"),
        "local": make_standard("DB3206/T 9-2021", "家", implemented_on="2021-01-01"),
        "group": make_standard("T/CECS 10-2021", "建", implemented_on="2021-01-01"),
        "international": make_standard("ISO 11:2021", "", title_en="Steel", published_on="2021-05-01"),
        "metrology": make_standard("JJG 12-2013", "秤", implemented_on=near),
    }
    return {name: standard.slug for name, standard in standards.items()}


PUBLIC = [
    "/",
    "/standards/",
    "/standards/?q=茶",
    "/standards/?q=无此物",
    "/standards/?q=茶 无此物&level=national",
    "/standards/?status=replaced&ordering=-implemented_on",
    "/standards/?on=2005-01-01",
    "/standards/?page_size=5&page=2",
    "/standards/?level=x",
    "/standards/?colour=red",
    "/standards/?view=table&columns=number,title,status",
    "/standards/?view=table&q=茶",
    "/standards/?columns=colour",
    "/standards/export/?q=茶&view=table",
    "/families/gb-t-1/",
    "/families/gb-t-3/",
    "/organizations/",
    "/organizations/?q=农业",
    "/organizations/?q=无此物",
    "/organizations/?kind=x",
    "/classifications/ics/",
    "/classifications/ccs/",
    "/classifications/ics/67/",
    "/classifications/ics/67.140.10/",
    "/classifications/ccs/X/",
    "/committees/",
    "/committees/?q=tc901&level=national",
    "/committees/?colour=red",
    "/committees/terms/",
    "/registers/committee-members/",
    "/contributions/",
    "/contributions/?level=x",
    "/contributions/counts/",
    "/registers/policies/",
    "/registers/policies/?kind=plan",
    "/login/",
    "/reset/",
    "/reset/sent/",
    "/register/",
    "/register/?under=320600",
    "/register/?q=如皋",
    "/register/?q=无此地",
    "/register/?region=320682",
    "/register/sent/",
    "/nothing/",
]
STAFF = [
    "/registers/committees/add/",
    "/registers/secretariat-seats/add/",
    "/organizations/duplicates/",
    "/contributions/unresolved/",
    "/standards/gb-t-1-2020/contributions/",
    "/registers/policies/add/",
    "/imports/",
    "/flags/",
    "/desk/",
    "/account/",
    "/account/password/",
    "/account/confirm/",
]
STAFF = ["/imports/", "/flags/", "/desk/", "/account/", "/account/searches/", "/account/password/", "/account/confirm/"]
STAFF = ["/imports/", "/flags/", "/desk/", "/account/", "/account/password/", "/account/confirm/", "/trail/"]
